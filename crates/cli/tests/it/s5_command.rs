//! S5 from the command line: a person becomes somebody invented, the same in billing (MariaDB) and Odoo (PostgreSQL).

use std::path::Path;

use serde_json::{Value, json};

use crate::s6_command::{changed, document, erase, row, shell};
use crate::support::business::{ANONYMISE, Business};

const ANABELLE: &str = "email=anabelle.deleon@email.com";
const WRITE: &str = "[\"read\", \"write\"]";

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

#[tokio::test]
async fn s5_names_become_the_same_invented_one_everywhere_and_the_address_of_mail_stays() {
    let business = Business::start().await;
    let before = business.tables().await;
    let shell = shell(&business, ANONYMISE, WRITE);
    let ran = erase(&shell, "run", ANABELLE, &["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(document(&ran)["verification"], json!({ "residue": [] }));
    let after = business.tables().await;
    let touched: Vec<(String, Vec<i64>)> =
        changed(&before, &after).into_iter().map(|(table, (_, new))| (table, new)).collect();
    let expected = [("billing.clients", 1), ("odoo.crm_lead", 1), ("odoo.res_partner", 7)];
    assert_eq!(touched, expected.map(|(table, id)| (table.to_owned(), vec![id])));

    let client = row(&after["billing"], "clients", 1);
    let partner = row(&after["odoo"], "res_partner", 7);
    let name = format!("{} {}", text(&client["first_name"]), text(&client["last_name"]));
    assert_eq!((text(&partner["name"]), text(&partner["display_name"])), (name.as_str(), name.as_str()));
    assert_eq!(text(&row(&after["odoo"], "crm_lead", 1)["contact_name"]), name);
    assert!(!name.contains("Anabelle") && !name.contains("Deleon"), "{name}");
    let was = row(&before["billing"], "clients", 1);
    for field in ["email", "billing_email", "city", "mobile_number", "encrypted_password"] {
        assert_eq!(client[field], was[field], "{field}");
    }
    assert_eq!(text(&partner["email"]), "Anabelle.Deleon@email.com");

    let again = erase(&shell, "run", ANABELLE, &["--yes"]);
    assert_eq!((again.code, business.tables().await), (0, after), "{}", again.stderr);
}

#[tokio::test]
async fn s5_a_stricter_policy_masks_all_and_what_must_be_unique_or_there_is() {
    let business = Business::start().await;
    let before = business.tables().await;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/policy.yml");
    let shell = shell(&business, &std::fs::read_to_string(path).unwrap(), WRITE);
    let ran = erase(&shell, "run", ANABELLE, &["--yes"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(document(&ran)["verification"], json!({ "residue": [] }));
    let after = business.tables().await;

    let (client, partner) = (row(&after["billing"], "clients", 1), row(&after["odoo"], "res_partner", 7));
    for row in [&client, &partner] {
        let row = row.to_string().to_lowercase();
        assert!(!row.contains("anabelle") && !row.contains("deleon"), "{row}");
    }
    assert_eq!(client["email"], partner["email_normalized"], "one invented address in both");
    // NOT NULL and UNIQUE hold, and nobody could sign in with what was there.
    let (password, token) = (text(&client["encrypted_password"]), text(&client["reset_password_token"]));
    assert!(!password.is_empty() && !password.contains("anabelle"), "{password}");
    assert_ne!(token, "token-bruno");
    assert_eq!(client["sign_in_count"].as_f64(), Some(0.0));

    // Nobody else, colleagues of hers in the same tables among them.
    for (system, table, id) in [
        ("billing", "clients", 2),
        ("billing", "clients", 3),
        ("billing", "client_contacts", 1),
        ("billing", "users", 1),
        ("odoo", "res_partner", 8),
        ("odoo", "res_partner", 10),
    ] {
        assert_eq!(row(&after[system], table, id), row(&before[system], table, id), "{system}.{table} {id}");
    }
}
