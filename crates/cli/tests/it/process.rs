//! `habeas process-document`: the written process, from definitions alone.

use crate::support::command::Shell;

const ENTITY: &str = "
entity: northwind
title: Northwind Trading
address: 1 Example Street, Bristol
contact_email: privacy@northwind.example
zone: Europe/London
calendar: GB-EW
settings: { timeline: small_saas_uk, access_hours: 72 }
";

const ACTIVITY: &str = "
activity: access
title: Get a copy of my data
entity: northwind
right: access
law: uk-gdpr
flow: small-saas-uk
";

#[test]
fn the_process_is_written_from_a_folder_of_definitions() {
    let shell = Shell::new();
    let run = |more: &[&str]| {
        let args = [&["process-document", "--definitions", "definitions"], more].concat();
        let ran = shell.run(&args);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        ran.stdout
    };
    shell.write("definitions/entity.yml", ENTITY);
    shell.write("definitions/activities/access.yml", ACTIVITY);
    let markdown = run(&[]);
    for words in [
        "# How Northwind Trading answers data subject requests",
        "Version ",
        "last updated ",
        "By e-mail to privacy@northwind.example",
        "Get a copy of my data",
        "one month",
        "day 20",
        "Quality review",
        "72 hours",
        "Information Commissioner",
        "Fees:",
    ] {
        assert!(markdown.contains(words), "{words}\n{markdown}");
    }
    let html = run(&["--html"]);
    assert!(html.contains("<h2 id=\"refusals\">"), "{html}");
    let json = run(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let chapters: Vec<&str> =
        json["chapters"].as_array().unwrap().iter().map(|it| it["key"].as_str().unwrap()).collect();
    let expected = [
        "channels", "rights", "identity", "timeline", "contents", "formats", "refusals", "records",
        "contacts",
    ];
    assert_eq!(chapters, expected);
    // The same definitions have the same version; a change gives another.
    let again = run(&["--json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap()["version"], json["version"]);
    shell.write("definitions/entity.yml", &ENTITY.replace("72", "24"));
    let changed = run(&["--json"]);
    assert_ne!(serde_json::from_str::<serde_json::Value>(&changed).unwrap()["version"], json["version"]);
}
