//! What must not happen to a request, whatever order things come in.

use super::{ACCESS, ANA, Case, data, exclude, no_answers, package, reason};
use crate::access::Builtin;
use crate::flow::TaskKey;
use crate::law::Pack;
use crate::request::{Command, Denied, Failure, MarkScope, Outcome, Status, TaskState, Timer, Verdict};

fn identity() -> TaskKey {
    TaskKey::from_text("opening.identity")
}

fn prove() -> Command {
    Command::Verify { rung: "mail_code".to_owned() }
}

#[test]
fn a_code_that_arrives_after_its_task_failed_still_lets_the_request_go_on() {
    let mut case = Case::new(ACCESS);
    case.finish("opening.acknowledge", Outcome::Acknowledged);
    case.finish("opening.duplicates", Outcome::DuplicatesFound(Vec::new()));
    let failure = Failure { code: "internal".to_owned(), source: None, message: "no mail".to_owned() };
    case.finish("opening.identity", Outcome::Failed(failure));
    case.subject(prove()).expect("proof");
    assert_eq!(case.state("opening.identity"), Some(TaskState::Done));
    assert_eq!(case.state("collection.collect"), Some(TaskState::InProgress));
}

#[test]
fn identity_proven_once_need_not_be_proven_again_when_its_task_is_done_again() {
    let flow = ACCESS.replace("rework collection.collect", "rework opening.identity");
    let mut case = Case::to_review(&flow);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    let reject = Command::Reject { task: data(), answers: no_answers(), reason: reason("again") };
    case.staff(ANA, Builtin::PrivacyOfficer, reject).expect("rejected");
    assert!(case.request.running(&identity()).is_some());
    case.system(prove()).expect("the task is over");
    assert_eq!(case.state("opening.identity"), Some(TaskState::Done));
    assert_eq!(case.state("collection.collect"), Some(TaskState::InProgress));
    assert_eq!(case.system(prove()), Ok(Vec::new()));
}

/// What was decided on whole collections, and what of it still counts after another search.
fn check_after_another_search(said: &[Verdict], counts: Option<&Verdict>) {
    let mut case = Case::to_review(ACCESS);
    case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
    for verdict in said {
        let scope = MarkScope::Collection { dataset: "shop".to_owned(), collection: "contacts".to_owned() };
        let mark = Command::Mark { scope, verdict: verdict.clone(), reason: reason("looked at") };
        case.staff(ANA, Builtin::PrivacyOfficer, mark).expect("marked");
    }
    let reject = Command::Reject { task: data(), answers: no_answers(), reason: reason("old data") };
    case.staff(ANA, Builtin::PrivacyOfficer, reject).expect("rejected");
    let found = case.found();
    case.finish("collection.collect", Outcome::Collected(found));
    let verdict = case.request.verdict(7, "shop", "contacts").map(|mark| &mark.verdict);
    assert_eq!(verdict, counts, "{said:?}");
}

#[test]
fn giving_a_collection_does_not_give_what_a_later_search_finds_in_it() {
    check_after_another_search(&[Verdict::Give], None);
    check_after_another_search(&[exclude()], Some(&exclude()));
    check_after_another_search(&[Verdict::Give, exclude()], Some(&exclude()));
    check_after_another_search(&[exclude(), Verdict::Give], None);
}

#[test]
fn an_archive_of_a_request_that_was_refused_or_withdrawn_is_not_given() {
    let ground = Pack::parse(super::UK).expect("a law").refusal_grounds()[0].id.clone();
    let refuse = Command::Refuse { grounds: vec![ground], explanation: reason("not this person") };
    for (end, status) in [(refuse, Status::Refused), (Command::Withdraw, Status::Withdrawn)] {
        // A flow may go on after the archive was handed over.
        let more = "      - { key: after, title: After, role: privacy_officer, order: 3 }\n";
        let mut case = Case::to_review(&format!("{}\n{more}", ACCESS.trim_end()));
        case.staff(ANA, Builtin::PrivacyOfficer, Command::Take(data())).expect("taken");
        case.staff(ANA, Builtin::PrivacyOfficer, super::complete(data())).expect("completed");
        let built = package(&case);
        case.finish("delivery.package", Outcome::Built(built));
        case.finish("delivery.deliver", Outcome::Delivered);
        case.subject(Command::Download).expect("it is open");
        match status {
            Status::Refused => case.staff(ANA, Builtin::PrivacyOfficer, end).expect("refused"),
            _ => case.subject(end).expect("withdrawn"),
        };
        assert_eq!(case.request.status, status);
        assert_eq!(case.subject(Command::Download), Err(Denied::NothingToDownload));
        assert_eq!(case.subject(Command::Renew), Err(Denied::NothingToDownload));
        case.now = case.request.package.as_ref().and_then(|it| it.kept_until).expect("an end");
        case.system(Command::Wake(Timer::PackageEnd)).expect("its end");
        assert!(case.request.package.as_ref().is_some_and(|package| package.is_deleted));
    }
}
