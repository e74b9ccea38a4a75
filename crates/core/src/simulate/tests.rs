//! Lives of requests under every built-in flow.

use jiff::tz::TimeZone;

use super::*;
use crate::clock::Mode;
use crate::flow::builtin;
use crate::law::Right;
use crate::request::{Status, TaskState};

const UK: &str = include_str!("../../../../laws/uk-gdpr.toml");

struct Case {
    flow: Flow,
    law: Pack,
}

impl Case {
    fn new(flow: &str) -> Self {
        let flow = Flow::parse("flow.yml", flow).expect("a flow");
        Self { flow, law: Pack::parse(UK).expect("a law") }
    }

    fn builtin(name: &str) -> Self {
        Self::new(builtin().iter().find(|(known, _)| *known == name).expect("a flow").1)
    }

    fn setting(&self, subject: Subject) -> Setting<'_> {
        let terms = Terms {
            entity: "acme".to_owned(),
            activity: "activity".to_owned(),
            right: Right::Access,
            law: "uk-gdpr".to_owned(),
            law_hash: String::new(),
            calendar: None,
            zone: "Europe/London".to_owned(),
            flow: self.flow.name.clone(),
            flow_version: 1,
            language: "en".to_owned(),
            reading: Mode::Strict,
            also: Vec::new(),
            targets: crate::definition::Targets::default(),
        };
        Setting {
            flow: &self.flow,
            law: &self.law,
            calendar: None,
            zone: TimeZone::get("Europe/London").expect("a zone"),
            settings: Settings::default(),
            terms,
            subject,
            received_at: "2027-03-01T09:00:00Z".parse().expect("an instant"),
            days: 200,
        }
    }

    fn live(&self, script: &str) -> Life {
        let mut script = Script::parse("answers.yml", script).expect("answers");
        let setting = self.setting(script.subject());
        let life = live(&setting, &mut script, &Dice::new(1)).expect("a life");
        assert_eq!(violations(&life, &setting), Vec::<String>::new(), "{:#?}", life.happened);
        life
    }
}

#[test]
fn every_built_in_flow_answers_the_person() {
    for (name, _) in builtin() {
        let life = Case::builtin(name).live("{}");
        assert_eq!(life.request.status, Status::Completed, "{name}: {:#?}", life.happened);
        assert!(life.request.is_answered(), "{name}");
        assert!(life.mails.iter().any(|mail| mail.kind == "receipt"), "{name}");
        let told = ["replied", "ready", "nothing_held"];
        assert!(life.mails.iter().any(|mail| told.contains(&mail.kind)), "{name}: {:?}", life.mails);
    }
}

#[test]
fn whatever_people_do_nothing_is_silently_late_stuck_or_closed_with_a_gap() {
    for (name, text) in builtin() {
        let case = Case::new(text);
        let setting = case.setting(Script::default().subject());
        for seed in 0..60 {
            let dice = Dice::new(seed);
            let life = live(&setting, &mut Crowd(&dice), &dice).expect("a life");
            let found = violations(&life, &setting);
            assert!(found.is_empty(), "{name}, seed {seed}: {found:?}\n{:#?}", life.happened);
        }
    }
}

#[test]
fn the_answer_is_in_the_words_of_whoever_wrote_it() {
    let told = "tasks: { work.look: { answers: { told: Your address is corrected } } }";
    let life = Case::builtin("rectification").live(told);
    let message = life.request.messages.last().expect("a message");
    assert_eq!(message.text.reveal(), "Your address is corrected");
    assert!(matches!(message.from, Actor::Staff(_)));
    let of = |key: &str| {
        let run = life.request.tasks.get(&TaskKey::from_text(key)).expect("a run");
        run.ended.map(|(actor, _)| actor)
    };
    assert_eq!(of("work.look"), Some(message.from));
    assert_ne!(of("work.approve"), of("work.look"), "a second person approves");
}

#[test]
fn a_source_that_is_down_makes_the_request_wait_with_the_reason() {
    let life = Case::builtin("access").live("tasks: { collection.collect: { fails: the server is away } }");
    assert!(!life.request.status.is_closed());
    assert!(life.request.needs_attention());
    assert!(life.mails.iter().any(|mail| mail.kind == "staff_task_failed"));
    assert!(life.mails.iter().any(|mail| mail.kind == "staff_due_passed"), "and that it is late is told");
}

#[test]
fn an_opt_out_asks_for_no_proof() {
    let life = Case::builtin("opt-out").live("proves_after: never");
    assert_eq!(life.request.status, Status::Completed);
    assert!(life.mails.iter().all(|mail| mail.kind != "code"));
}

#[test]
fn a_flow_asks_the_person_and_goes_on_with_the_answer() {
    let flow = "
flow: question
title: With a question
stages:
  - key: ask
    title: Question
    tasks:
      - key: which
        title: Ask which years
        operation: ask_subject
        inputs: { question: { value: Which years do you mean? } }
      - key: team
        title: Tell the team
        order: 2
        operation: notify_role
        inputs: { role: { value: steward }, text: { value: The person answered. } }
      - key: note
        title: Thank the person
        order: 2
        operation: send_mail
        inputs: { subject: { value: Thank you }, text: { value: We go on. } }
  - key: answer
    title: Answer
    tasks:
      - key: write
        title: Write the answer
        role: steward
        condition: 'outputs[\"ask.which\"].answer != \"nothing\"'
        shows: { They said: { link: ask.which.answer, mandatory: true } }
        asks: [{ name: told, label: Told, type: long_text, on_complete: true }]
      - key: reply
        title: Send the answer
        order: 2
        operation: reply
        inputs: { text: { value: Here you are. } }
      - { key: close, title: End, order: 3, operation: close }
";
    let case = Case::new(flow);
    let life = case.live("answer: From 2024 on\nanswers_after: 3 days");
    assert_eq!(life.request.status, Status::Completed, "{:#?}", life.happened);
    let answer = life.answers(&TaskKey::from_text("ask.which"));
    assert_eq!(answer.get("answer").map(String::as_str), Some("From 2024 on"));
    let kinds: Vec<&str> = life.mails.iter().map(|mail| mail.kind).collect();
    for kind in ["question", "staff_note", "note", "staff_task_waiting", "replied"] {
        assert!(kinds.contains(&kind), "{kind}: {kinds:?}");
    }
    let skipped = case.live("answer: nothing");
    assert_eq!(skipped.answers(&TaskKey::from_text("answer.write")).len(), 0);
    let silent = case.live("answers_after: never");
    assert!(!silent.request.status.is_closed(), "nobody closes it by itself");
    assert!(silent.mails.iter().any(|mail| mail.kind == "staff_unanswered"));
}

#[test]
fn sample_answers_say_what_is_wrong_with_them() {
    let check = |text: &str, said: &str| {
        let error = Script::parse("answers.yml", text).expect_err("a problem");
        assert!(error.contains(said), "{error}");
    };
    check("tasks: { a.b: { after: soon } }", "neither a span");
    check("surname: X", "surname");
}

#[test]
fn what_staff_decide_lets_a_life_go_on() {
    let key = |life: &Life, state| {
        let run = life.request.tasks.iter().find(|(_, run)| run.state == state);
        run.map(|(key, _)| key.as_str().to_owned())
    };
    let failing = "tasks: { collection.collect: { fails: the server is down } }\n";
    let collect = Case::builtin("access").flow.tasks().find_map(|task| {
        (task.operation() == Some(crate::flow::Operation::Collect)).then(|| task.key.to_string())
    });
    let failing = failing.replace("collection.collect", &collect.expect("a task that collects"));
    let stuck = Case::builtin("access").live(&failing);
    assert!(key(&stuck, TaskState::Failed).is_some() && stuck.request.needs_attention());

    let mended = Case::builtin("access").live(&format!("{failing}decides: go_on\n"));
    assert_eq!(mended.request.status, Status::Completed);
    let left_out = Case::builtin("access").live(&format!("{failing}decides: leave_out\n"));
    assert!(!left_out.request.excuses.is_empty(), "{:#?}", left_out.happened);
    let refused = Case::builtin("access").live(&format!("{failing}decides: refuse\n"));
    assert_eq!(refused.request.status, Status::Refused);
}

#[test]
fn every_try_of_a_task_has_its_stretch_and_every_mail_its_moment() {
    let life = Case::builtin("access").live("{}");
    let stretches = life.stretches();
    assert!(!stretches.is_empty() && stretches.iter().all(|one| one.to.is_some_and(|to| to >= one.from)));
    let begun = life.happened.iter().filter(|it| matches!(it.event, Event::TaskStarted(_))).count();
    assert_eq!(stretches.len(), begun);
    let ready = life.mails.iter().find(|mail| mail.kind == "ready").expect("a mail");
    let then = life.as_of(ready.seq).expect("a request");
    assert!(then.package.is_some_and(|package| package.available_until.is_some()));
    let receipt = life.mails.iter().find(|mail| mail.kind == "receipt").expect("a mail");
    assert!(life.as_of(receipt.seq).is_some_and(|then| then.package.is_none()));
    assert_eq!(life.as_of(u64::MAX).map(|last| last.status), Some(life.request.status));
}
