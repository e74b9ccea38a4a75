//! The demonstration's people are the ones its guide speaks of, and the same in every run.

use std::path::Path;

use habeas_core::definition::Entity;
use habeas_core::register::{Held, Register};
use habeas_core::yaml::Problems;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{Connection as _, Row as _};

use super::{billing, odoo, people, write_sources};

fn check(file: &Path, query: &'static str) -> Vec<Vec<String>> {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
        let rows = sqlx::query(query).fetch_all(&mut connection).await.unwrap();
        rows.iter()
            .map(|row| {
                (0..row.len()).map(|place| row.get::<Option<String>, _>(place).unwrap_or_default()).collect()
            })
            .collect()
    })
}

#[test]
fn the_two_people_of_the_guide_differ_as_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let sources = write_sources(folder.path()).unwrap();
    let clients = check(
        &sources.billing,
        "SELECT first_name, organization_name, home_phone, mobile_number FROM clients WHERE id <= 2 ORDER BY id",
    );
    assert_eq!(clients[0], ["Anabelle", "Deleon Ceramics", "+44 117 496 0182", "+1 234-567-6789"]);
    assert_eq!(clients[1], ["Aleena", "Conley Textiles", "+44 113 496 0271", "+44 7700 900461"]);
    let partners = check(
        &sources.odoo,
        "SELECT name, company_name, phone, mobile FROM res_partner WHERE email IN
         ('anabelle.deleon@email.com', 'aleena.conley@email.com') ORDER BY id",
    );
    assert_eq!(
        partners[0],
        ["Anabelle Deleon", "Harbourside Gallery", "+1 (234) 567-6789", "+1 (234) 567-6789"]
    );
    assert_eq!(partners[1][2..], ["+44 113 496 0918", "+44 7700 900461"]);
    let child = check(
        &sources.odoo,
        "SELECT child.name FROM res_partner child JOIN res_partner parent ON child.parent_id = parent.id
         WHERE parent.email = 'anabelle.deleon@email.com'",
    );
    assert_eq!(child, [["Courtney Crane"]]);
}

#[test]
fn there_are_some_hundreds_of_people_and_every_reference_leads_somewhere() {
    let folder = tempfile::tempdir().unwrap();
    let sources = write_sources(folder.path()).unwrap();
    let count = |file: &Path, query| check(file, query)[0][0].parse::<u32>().unwrap();
    assert!(count(&sources.billing, "SELECT CAST(count(*) AS text) FROM clients") > 200);
    assert!(count(&sources.odoo, "SELECT CAST(count(*) AS text) FROM res_partner") > 200);
    let orphans = [
        (
            &sources.billing,
            "SELECT CAST(count(*) AS text) FROM invoices WHERE client_id NOT IN (SELECT id FROM clients)",
        ),
        (
            &sources.billing,
            "SELECT CAST(count(*) AS text) FROM payments WHERE invoice_id NOT IN (SELECT id FROM invoices)",
        ),
        (
            &sources.odoo,
            "SELECT CAST(count(*) AS text) FROM sale_order WHERE partner_id NOT IN (SELECT id FROM res_partner)",
        ),
        (
            &sources.odoo,
            "SELECT CAST(count(*) AS text) FROM sale_order_line WHERE order_id NOT IN (SELECT id FROM sale_order)",
        ),
    ];
    for (file, query) in orphans {
        assert_eq!(count(file, query), 0, "{query}");
    }
}

#[test]
fn everyone_has_an_address_and_a_mobile_number_of_their_own() {
    let people = people::all();
    for of in [|one: &people::Person| one.email.clone(), |one: &people::Person| one.mobile.clone()] {
        let mut seen: Vec<String> = people.iter().map(of).collect();
        seen.sort();
        let all = seen.len();
        seen.dedup();
        assert_eq!(seen.len(), all);
    }
}

#[test]
fn the_same_people_come_every_time() {
    let rows = |sheets: Vec<super::Sheet>| sheets.into_iter().map(|sheet| sheet.rows).collect::<Vec<_>>();
    let people = people::all();
    assert_eq!(rows(billing::sheets(&people)), rows(billing::sheets(&people::all())));
    assert_eq!(rows(odoo::sheets(&people)), rows(odoo::sheets(&people::all())));
}

#[test]
fn writing_again_replaces_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    write_sources(folder.path()).unwrap();
    let sources = write_sources(folder.path()).unwrap();
    let clients = check(&sources.billing, "SELECT first_name FROM clients WHERE id = 1");
    assert_eq!(clients, [["Anabelle"]]);
}

/// Reads the example files as the commands do.
fn datasets(problems: &Problems) -> Vec<habeas_dataset::model::Dataset> {
    let files = [
        ("billing.yml", include_str!("../../../../../examples/datasets/billing.yml")),
        ("odoo.yml", include_str!("../../../../../examples/datasets/odoo.yml")),
    ];
    files.iter().flat_map(|(name, text)| habeas_dataset::read::read(name, text, problems)).collect()
}

#[test]
fn the_example_files_say_nothing_wrong() {
    let problems = Problems::new();
    let datasets = datasets(&problems);
    habeas_dataset::policy::read("policy.yml", include_str!("../../../../../examples/policy.yml"), &problems)
        .unwrap();
    Register::parse("register.yml", include_str!("../../../../../examples/register.yml"), &problems).unwrap();
    assert_eq!(problems.into_vec(), []);
    assert_eq!(habeas_dataset::check::check(&datasets), []);
    let entity = Entity::parse("entity.yml", include_str!("../../../../../examples/entity.yml")).unwrap();
    assert_eq!(entity.title, "Larkspur Press Ltd");
}

#[test]
fn every_column_is_described_and_every_category_accounted_for() {
    let folder = tempfile::tempdir().unwrap();
    let sources = write_sources(folder.path()).unwrap();
    let problems = Problems::new();
    let register = include_str!("../../../../../examples/register.yml");
    let register = Register::parse("register.yml", register, &problems).unwrap();
    for dataset in datasets(&problems) {
        let file = if &*dataset.key == "billing" { &sources.billing } else { &sources.odoo };
        let mut described = Vec::new();
        let mut held = Vec::new();
        for collection in &dataset.collections {
            for field in &collection.fields {
                described.push(format!("{}.{}", collection.name, field.name));
                assert!(!field.categories.is_empty(), "{}.{}", collection.name, field.name);
                held.extend(
                    field.categories.iter().filter(|_| !habeas_dataset::policy::is_credential(field)).map(
                        |category| Held {
                            dataset: &dataset.key,
                            collection: &collection.name,
                            category: category.as_str(),
                        },
                    ),
                );
            }
        }
        let query = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_xinfo(t.name) c
                     WHERE t.type = 'table' ORDER BY t.rowid, c.cid";
        let mut columns: Vec<String> = check(file, query).into_iter().flatten().collect();
        columns.sort();
        described.sort();
        assert_eq!(described, columns);
        assert_eq!(register.gaps(&held), []);
    }
}
