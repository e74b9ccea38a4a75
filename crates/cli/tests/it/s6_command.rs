//! S6 from the command line: a purge in billing (MariaDB) and Odoo (PostgreSQL), read afterwards with SQL.

use crate::support::business::{ANONYMISE, Business, PURGE, RETENTION, datasets};
use crate::support::command::{Ran, Shell};

/// Returns a folder to erase from.
fn shell(business: &Business, policy: &str, grant: &str) -> Shell {
    let shell = Shell::new();
    for (name, text) in datasets() {
        shell.write(&format!("datasets/{name}"), &text);
    }
    shell.write("connections.toml", &business.connections(grant));
    shell.write("policy.yml", policy);
    shell.write("retention.yml", RETENTION);
    shell
}

fn erase(shell: &Shell, what: &str, identity: &str, more: &[&str]) -> Ran {
    let args = ["erase", what, "--datasets", "datasets", "--connections", "connections.toml"];
    let rest = ["--policy", "policy.yml", "--retention", "retention.yml", "--identity", identity];
    shell.run(&[&args[..], &rest, more].concat())
}

#[tokio::test]
async fn s6_a_plan_changes_nothing_and_asks_for_the_right_to_write() {
    let business = Business::start().await;
    let before = business.tables().await;
    for policy in [PURGE, ANONYMISE] {
        let shell = shell(&business, policy, "[\"read\"]");
        let check = shell.run(&["dataset", "check", "datasets"]);
        assert_eq!((check.code, check.stderr.as_str()), (0, ""), "{}", check.stdout);
        let ran = erase(&shell, "plan", "email=aleena.conley@email.com", &[]);
        assert_eq!((ran.code, ran.stderr.contains("its grant lacks \"write\"")), (1, true), "{}", ran.stderr);
        assert_eq!(business.tables().await, before);
    }
}
