//! `habeas report` on a data folder.

use crate::console::house::House;
use crate::support::command::Shell;

#[tokio::test]
async fn the_register_and_the_counts_are_written_without_anybodys_name() {
    let house = House::start().await;
    let filed = house.gather("access").await;
    house.file("access", "aleena@example.org").await;
    let folder = house.world.path().to_string_lossy().into_owned();
    let shell = Shell::new();
    let run = |args: &[&str]| {
        let mut all = vec!["report"];
        all.extend(args);
        all.extend(["--data-dir", folder.as_str()]);
        shell.run(&all)
    };
    let register = run(&["register", "--period", "2027"]);
    assert_eq!(register.code, 0, "{register:?}");
    assert_eq!(register.stdout.lines().count(), 3, "{register:?}");
    assert!(
        register.stdout.contains(&filed.reference) && register.stdout.contains("mail_code"),
        "{register:?}"
    );
    assert!(!register.stdout.contains("Deleon") && !register.stdout.contains('@'), "{register:?}");
    let json = run(&["register", "--period", "2027-01", "--format", "json"]);
    let lines: Vec<serde_json::Value> = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["received_on"], "2027-01-31");
    assert_eq!(run(&["register", "--period", "2026"]).stdout.lines().count(), 1);
    let metrics = run(&["metrics", "--period", "2027"]).stdout;
    assert!(metrics.contains("2027-01,uk-gdpr,access,2,0,0,0,0,0,"), "{metrics}");
    let ccpa = run(&["ccpa", "--period", "2027"]).stdout;
    assert!(ccpa.contains("Requests to know,0,0,0,0,0,,"), "{ccpa}");
    assert_eq!(run(&["register", "--period", "soon"]).code, 2);
}
