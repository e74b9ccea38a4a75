//! `habeas deadline` and `habeas law`, as a person at a shell sees them.

use serde_json::Value;

use crate::support::command::Shell;

const VECTORS: &str = include_str!("../fixtures/deadline-vectors.json");

fn json(shell: &Shell, args: &[&str]) -> Value {
    let ran = shell.run(args);
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn the_given_cases_pass() {
    let shell = Shell::new();
    shell.write("cases.json", VECTORS);
    let ran = shell.run(&["deadline", "--vectors", "cases.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    let cases: Value = serde_json::from_str(VECTORS).unwrap();
    let count = cases["vectors"].as_array().unwrap().len();
    assert_eq!(ran.stdout, format!("{count} passed, 0 failed\n"));
}

#[test]
fn our_own_cases_pass_too() {
    let shell = Shell::new();
    shell.write("cases.json", include_str!("../../../core/src/clock/cases.json"));
    let ran = shell.run(&["deadline", "--vectors", "cases.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    assert!(ran.stdout.ends_with(" passed, 0 failed\n"), "{}", ran.stdout);
}

#[test]
fn a_case_with_another_date_is_told_and_fails_the_run() {
    let shell = Shell::new();
    let case = |id: &str, expected: &str| {
        format!(
            r#"{{"id": "{id}", "regulation": "uk-gdpr", "obligation": "response", "received": "2026-06-01", "calendar": "GB-EW", "expected": {expected}}}"#
        )
    };
    let file =
        format!(r#"{{"vectors": [{}, {}]}}"#, case("A-1", "\"2026-07-01\""), case("A-2", "\"2026-07-02\""));
    shell.write("cases.json", &file);
    let ran = shell.run(&["deadline", "--vectors", "cases.json"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "A-2 (uk-gdpr): expected 2026-07-02 (Thu), got 2026-07-01 (Wed) in usual mode\n1 passed, 1 failed\n"
    );
    let others = shell.run(&["deadline", "--vectors", "cases.json", "--law", "eu-gdpr"]);
    assert_eq!((others.code, others.stdout.as_str()), (0, "0 passed, 0 failed\n"));
}

#[test]
fn a_date_is_shown_with_its_weekday_its_zone_and_its_reasons() {
    let shell = Shell::new();
    let args = [
        "deadline",
        "--law",
        "uk-gdpr",
        "--right",
        "access",
        "--received",
        "2024-11-25",
        "--calendar",
        "GB-EW",
    ];
    let plain = shell.run(&args);
    assert_eq!(
        plain.stdout,
        "Friday 27 December 2024 at the latest: the clock runs\n\
         uk-gdpr: answer to access, to the end of the day in Europe/London, holidays of GB-EW, strict reading\n"
    );
    let explained = shell.run(&[&args[..], &["--explain"]].concat());
    assert!(
        explained.stdout.contains("25 December 2024 is a public holiday (Christmas Day)"),
        "{}",
        explained.stdout
    );

    let value = json(&shell, &[&args[..], &["--json"]].concat());
    assert_eq!((&value["due"], &value["state"]), (&"2024-12-27".into(), &"running".into()));
    let last = value["steps"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&last["rule"], &last["from"], &last["date"]),
        (&"roll".into(), &"2024-12-25".into(), &"2024-12-27".into())
    );
    assert!(!last["article"].as_str().unwrap().is_empty());
}

#[test]
fn a_question_stops_the_clock_until_its_answer() {
    let shell = Shell::new();
    let mut args =
        vec!["deadline", "--law", "uk-gdpr", "--received", "2026-06-01", "--calendar", "GB-EW", "--json"];
    args.extend(["--event", "clarification_requested=2026-06-08"]);
    let paused = json(&shell, &args);
    assert_eq!((&paused["due"], &paused["state"]), (&Value::Null, &"paused".into()));
    args.extend(["--event", "clarification_received=2026-06-15T10:00:00+01:00", "--mode", "usual"]);
    assert_eq!(json(&shell, &args)["due"], "2026-07-09");
}

#[test]
fn of_several_laws_the_earliest_date_rules() {
    let shell = Shell::new();
    let args = [
        "deadline",
        "--law",
        "us-ca",
        "--law",
        "eu-gdpr",
        "--right",
        "delete",
        "--received",
        "2026-03-02",
        "--calendar",
        "DE",
    ];
    let ran = shell.run(&args);
    assert!(ran.stdout.ends_with("The earliest rules: Thursday 2 April 2026 (eu-gdpr)\n"), "{}", ran.stdout);
    let value = json(&shell, &[&args[..], &["--json"]].concat());
    assert_eq!((&value["due"], &value["law"]), (&"2026-04-02".into(), &"eu-gdpr".into()));
    assert_eq!(value["deadlines"][0]["calendar"], "US", "a law's own calendar goes before the one named");
}

#[test]
fn a_folder_of_laws_goes_before_the_built_in_ones() {
    let shell = Shell::new();
    shell.write(
        "laws/own.toml",
        "id = \"own\"\nname = \"House rules\"\nregion = \"here\"\nversion = 1\ndated = 2026-01-01\n\
         status = \"in_force\"\nverified = \"seen\"\n\n[[clock_start]]\narticle = \"1\"\nwords = \"Receipt.\"\n\n\
         [[periods]]\nfor = [\"response\"]\nn = 7\nunit = \"day\"\narticle = \"2\"\n",
    );
    let args = ["deadline", "--laws", "laws", "--law", "own", "--received", "2026-03-02", "--json"];
    assert_eq!(json(&shell, &args)["due"], "2026-03-09");
    let listed = json(&shell, &["law", "list", "--laws", "laws", "--json"]);
    assert!(listed["laws"].as_array().unwrap().iter().any(|law| law["id"] == "own"));

    shell.write("laws/own.toml", "id = \"own\"\nverison = 1\n");
    let broken = shell.run(&args);
    assert_eq!(broken.code, 1);
    assert!(broken.stderr.contains("verison: unknown key, did you mean `version`?"), "{}", broken.stderr);
}

#[test]
fn wrong_usage_says_what_to_do() {
    let shell = Shell::new();
    for (args, told) in [
        (&["--law", "uk-gdpr"][..], "--received"),
        (&["--received", "2026-03-02"], "--law"),
        (&["--law", "gdpr", "--received", "2026-03-02"], "there is no law `gdpr`; there are: "),
        (&["--law", "uk-gdpr", "--received", "2.3.2026"], "not a date such as"),
        (&["--law", "uk-gdpr", "--received", "2026-03-02", "--calendar", "GB"], "there is no calendar `GB`"),
        (&["--law", "uk-gdpr", "--received", "2026-03-02", "--right", "acces"], "did you mean `access`?"),
        (
            &["--law", "uk-gdpr", "--received", "2026-03-02", "--event", "asked=2026-03-03"],
            "unknown event `asked`",
        ),
        (&["--law", "uk-gdpr", "--received", "2026-03-02", "--event", "fee_paid"], "write it as EVENT=DATE"),
        (
            &["--law", "uk-gdpr", "--received", "2026-03-02", "--zone", "London"],
            "there is no time zone `London`",
        ),
        (
            &["--law", "uk-gdpr", "--received", "2026-03-02", "--obligation", "acknowledgement"],
            "name one with --obligation",
        ),
    ] {
        let ran = shell.run(&[&["deadline"], args].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains(told), "{args:?}: {}", ran.stderr);
    }
    let outside =
        shell.run(&["deadline", "--law", "uk-gdpr", "--received", "2036-03-02", "--calendar", "GB-EW"]);
    assert_eq!(outside.code, 1);
    assert!(outside.stderr.contains("2036-04-02 is outside the calendar GB-EW"), "{}", outside.stderr);
}

#[test]
fn a_law_is_shown_with_articles_grounds_and_remedies() {
    let shell = Shell::new();
    let shown = shell.run(&["law", "show", "uk-gdpr"]);
    for part in [
        "Art. 15",
        "DPA 2018 Sch. 2 para. 19",
        "https://ico.org.uk/make-a-complaint/",
        "requests before 2026-02-05",
    ] {
        assert!(shown.stdout.contains(part), "{part} isn't in {}", shown.stdout);
    }
    let value = json(&shell, &["law", "show", "us-ca", "--json"]);
    assert_eq!(value["id"], "us-ca");
    assert!(value["refusal_grounds"].as_array().unwrap().iter().any(|ground| ground["id"] == "unverifiable"));
}

#[test]
fn packs_are_compared_and_checked() {
    let shell = Shell::new();
    let pack = include_str!("../../../../laws/ca-qc.toml");
    shell.write("same.toml", pack);
    let same = shell.run(&["law", "diff", "ca-qc", "same.toml"]);
    assert_eq!((same.code, same.stdout.as_str()), (0, "They say the same.\n"));
    shell.write(
        "new.toml",
        &pack.replace("n = 30", "n = 20").replace("\nright = \"access\"", "\nright = \"erasure\""),
    );
    let told = shell.run(&["law", "diff", "ca-qc", "new.toml"]);
    for line in [
        "~ periods (response, refusal_notice).length.n: 30 -> 20",
        "- rights (access).article: Act P-39.1 s.27",
        "+ rights (erasure).article: Act P-39.1 s.27",
    ] {
        assert!(told.stdout.contains(line), "{line} isn't in {}", told.stdout);
    }
    shell.write("wrong.toml", &pack.replacen("article = \"Act P-39.1 s.27\"\n", "", 1));
    let wrong = shell.run(&["law", "check", "same.toml", "wrong.toml"]);
    assert_eq!(wrong.code, 1);
    assert_eq!(wrong.stdout, "same.toml: ca-qc is in order\nwrong.toml:18: rights[0].article: is missing\n");
}

#[test]
fn the_reference_lists_every_law_and_calendar() {
    let reference = include_str!("../../../../docs/reference/laws.md");
    let shell = Shell::new();
    for (args, key) in [(["law", "list", "--json"], "laws"), (["calendar", "list", "--json"], "calendars")] {
        for listed in json(&shell, &args)[key].as_array().unwrap() {
            let row =
                format!("| {} | {} |", listed["id"].as_str().unwrap(), listed["name"].as_str().unwrap());
            assert!(reference.contains(&row), "docs/reference/laws.md lacks `{row}`");
        }
    }
}
