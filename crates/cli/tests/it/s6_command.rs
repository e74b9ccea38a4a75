//! S6 from the command line: a purge in billing (MariaDB) and Odoo (PostgreSQL), looked at afterwards with SQL.

use std::collections::BTreeMap;
use std::process::Stdio;

use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, Row as _};

use crate::erasure_cases::changes;
use crate::support::business::{Business, PURGE, RETENTION, datasets};
use crate::support::command::{Ran, Shell};
use crate::support::source::Tables;

const ALEENA: &str = "email=aleena.conley@email.com";
const WRITE: &str = "[\"read\", \"write\"]";

/// Returns a folder to erase from.
pub(crate) fn shell(business: &Business, policy: &str, grant: &str) -> Shell {
    let shell = Shell::new();
    for (name, text) in datasets() {
        shell.write(&format!("datasets/{name}"), &text);
    }
    shell.write("connections.toml", &business.connections(grant));
    shell.write("policy.yml", policy);
    shell.write("retention.yml", RETENTION);
    shell
}

fn arguments<'a>(what: &'a str, identity: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let args = ["erase", what, "--datasets", "datasets", "--connections", "connections.toml", "--json"];
    let rest = ["--policy", "policy.yml", "--retention", "retention.yml", "--identity", identity];
    [&args[..], &rest, more].concat()
}

pub(crate) fn erase(shell: &Shell, what: &str, identity: &str, more: &[&str]) -> Ran {
    shell.run(&arguments(what, identity, more))
}

pub(crate) fn document(ran: &Ran) -> Value {
    serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{}\n{}", ran.stdout, ran.stderr))
}

/// The numbers of the rows that are not as they were, before and after, by system and table.
pub(crate) fn changed(
    before: &BTreeMap<&'static str, Tables>,
    after: &BTreeMap<&'static str, Tables>,
) -> BTreeMap<String, (Vec<i64>, Vec<i64>)> {
    let ids = |rows: &[String]| {
        let id = |row: &String| number(&serde_json::from_str::<Value>(row).unwrap());
        let mut ids: Vec<i64> = rows.iter().map(id).collect();
        ids.sort_unstable();
        ids
    };
    let mut all = BTreeMap::new();
    for (system, tables) in before {
        for (table, (gone, new)) in changes(tables, &after[system]) {
            all.insert(format!("{system}.{table}"), (ids(&gone), ids(&new)));
        }
    }
    all
}

/// The number of a row; some drivers write it as a decimal.
fn number(row: &Value) -> i64 {
    row["id"].to_string().trim_end_matches(".0").parse().unwrap()
}

/// The row of a table with this number.
pub(crate) fn row(tables: &Tables, table: &str, id: i64) -> Value {
    let rows = tables[table].iter().map(|row| serde_json::from_str::<Value>(row).unwrap());
    let mut rows = rows.filter(|row| number(row) == id);
    rows.next().unwrap_or_else(|| panic!("{table} has no row {id}"))
}

/// What a purge of Aleena leaves: her invoices of this year with what they refer to, and a colleague's note.
fn ensure_purged(before: &BTreeMap<&'static str, Tables>, after: &BTreeMap<&'static str, Tables>) {
    let expected: [(&str, &[i64], &[i64]); 13] = [
        ("billing.activities", &[2, 3], &[]),
        ("billing.clients", &[2, 4], &[2]),
        ("billing.invoice_line_items", &[2021, 2022], &[]),
        ("billing.invoices", &[202], &[]),
        ("billing.payments", &[2, 3], &[]),
        ("billing.sent_emails", &[2], &[]),
        ("billing.versions", &[2], &[]),
        ("odoo.account_move", &[902], &[]),
        ("odoo.crm_lead", &[2], &[]),
        ("odoo.mail_message", &[3], &[]),
        ("odoo.res_partner", &[9], &[9]),
        ("odoo.sale_order", &[91, 95], &[]),
        ("odoo.sale_order_line", &[911, 951], &[]),
    ];
    let expected = expected.map(|(table, gone, new)| (table.to_owned(), (gone.to_vec(), new.to_vec())));
    assert_eq!(changed(before, after), BTreeMap::from(expected));
    let client = row(&after["billing"], "clients", 2);
    for field in ["email", "first_name", "last_name", "home_phone", "mobile_number", "last_sign_in_ip"] {
        assert_eq!(client[field], Value::Null, "{field}");
    }
    let partner = row(&after["odoo"], "res_partner", 9);
    assert_eq!((&partner["name"], &partner["email"]), (&json!("erased"), &Value::Null));
    // Of hers there is still the invoice that must be kept, and what a colleague wrote into a thread.
    for (system, tables) in after {
        for (table, rows) in tables {
            let named = rows.iter().filter(|row| row.to_lowercase().contains("aleena")).count();
            let is_kept = matches!((*system, table.as_str()), ("odoo", "account_move" | "mail_message"));
            assert_eq!(named, usize::from(is_kept), "{system}.{table}: {rows:?}");
        }
    }
}

#[tokio::test]
async fn s6_a_plan_changes_nothing_and_asks_for_the_right_to_write() {
    let business = Business::start().await;
    let before = business.tables().await;
    let read = shell(&business, PURGE, "[\"read\"]");
    let check = read.run(&["dataset", "check", "datasets"]);
    assert_eq!((check.code, check.stderr.as_str()), (0, ""), "{}", check.stdout);
    let ran = erase(&read, "plan", ALEENA, &[]);
    for source in ["billing", "odoo"] {
        let said = format!("source {source} may not be changed: its grant lacks \"write\"");
        assert_eq!((ran.code, ran.stderr.contains(&said)), (1, true), "{}", ran.stderr);
    }
    let ran = erase(&shell(&business, PURGE, WRITE), "plan", ALEENA, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let plan = document(&ran);
    assert_eq!(plan["counts"], json!({ "delete": 17, "keep": 4, "mask": 2, "unchanged": 0, "unlink": 0 }));
    assert_eq!(plan["problems"], json!([]));
    assert_eq!(business.tables().await, before);
}

#[tokio::test]
async fn s6_a_purge_leaves_what_must_be_kept_and_nobody_elses_rows_change() {
    let business = Business::start().await;
    let before = business.tables().await;
    let shell = shell(&business, PURGE, WRITE);
    let ran = erase(&shell, "run", ALEENA, &["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let done = document(&ran);
    assert_eq!(done["verification"], json!({ "residue": [] }));
    let after = business.tables().await;
    ensure_purged(&before, &after);

    let mut kept = Vec::new();
    for source in done["record"]["sources"].as_array().unwrap() {
        for collection in source["collections"].as_array().unwrap() {
            for one in collection["kept"].as_array().into_iter().flatten() {
                kept.push((collection["collection"].clone(), one["reason"].clone()));
            }
        }
    }
    let tax = json!("Invoices are kept for seven years after the tax year.");
    for collection in ["invoices", "account_move"] {
        assert!(kept.contains(&(json!(collection), tax.clone())), "{kept:?}");
    }
    assert!(!done["record"].to_string().to_lowercase().contains("aleena"));

    let again = erase(&shell, "run", ALEENA, &["--yes"]);
    assert_eq!((again.code, business.tables().await), (0, after), "{}", again.stderr);
    let left = erase(&shell, "verify", ALEENA, &[]);
    assert_eq!(left.code, 0, "{}", left.stderr);
}

/// Waits until somebody in this database waits for a lock by name.
async fn until_somebody_waits(connection: &mut MySqlConnection) {
    const WAITING: &str =
        "SELECT COUNT(*) FROM information_schema.processlist WHERE db = DATABASE() AND state = 'User lock'";
    while connection.fetch_one(WAITING).await.unwrap().get_unchecked::<i64, _>(0) == 0 {}
}

#[tokio::test]
async fn s6_a_run_killed_while_it_writes_goes_on_to_the_same_end() {
    let business = Business::start().await;
    // The run stands still where it changes a client, and is killed there.
    let held = "CONCAT(DATABASE(), '.held')";
    let trigger =
        format!("CREATE TRIGGER held BEFORE UPDATE ON clients FOR EACH ROW DO GET_LOCK({held}, 300)");
    business.billing.execute(&trigger).await;
    let before = business.tables().await;
    let mut holder = MySqlConnection::connect(&business.billing.url()).await.unwrap();
    let take = format!("DO GET_LOCK({held}, 300)");
    let release = format!("DO RELEASE_LOCK({held})");
    holder.execute(sqlx::raw_sql(AssertSqlSafe(take.as_str()))).await.unwrap();

    let shell = shell(&business, PURGE, WRITE);
    let mut command = shell.habeas(&arguments("run", ALEENA, &["--yes"]));
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    until_somebody_waits(&mut holder).await;
    run.kill().unwrap();
    run.wait().unwrap();
    holder.execute(sqlx::raw_sql(AssertSqlSafe(release.as_str()))).await.unwrap();
    // What the server still does for the dead run ends once it has had the lock and gives it back.
    holder.execute(sqlx::raw_sql(AssertSqlSafe(take.as_str()))).await.unwrap();
    holder.execute(sqlx::raw_sql(AssertSqlSafe(release.as_str()))).await.unwrap();
    assert_eq!(before["billing"], business.billing.tables().await, "all or nothing");

    let ran = erase(&shell, "run", ALEENA, &["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(document(&ran)["verification"], json!({ "residue": [] }));
    ensure_purged(&before, &business.tables().await);
}
