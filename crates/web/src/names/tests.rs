//! Descriptions are names where they are short, names of code become words where there is none.

use super::*;

const SHOP: &str = "
dataset:
  - fides_key: web_shop
    name: Web shop
    collections:
      - name: res_partner
        description: Contacts.
        fields:
          - name: email_normalized
            description: E-mail address
            data_categories: [user.contact.email]
          - name: create_date
          - name: address
            data_type: object
            fields:
              - name: zip
                description: Postcode
                data_categories: [user.contact.address.postal_code]
      - name: sale_order
        description: Everything that was ever bought in the shop, by whom, when, and where it was sent to
        fields:
          - name: id
";

fn names() -> Names {
    let problems = Problems::new();
    let read = Names(habeas_dataset::read::read("shop", SHOP, &problems).into_iter().collect());
    assert_eq!(read.datasets().len(), 1);
    read
}

#[test]
fn fields_and_collections_have_plain_names() {
    let names = names();
    for (collection, path, name, category) in [
        ("res_partner", "email_normalized", "E-mail address", Some("Contact: email")),
        ("res_partner", "create_date", "Create date", None),
        ("res_partner", "address.zip", "Postcode", Some("Address: postal code")),
        ("res_partner", "unknownColumn", "Unknown column", None),
        ("nowhere", "x_studio_field_1", "X studio field 1", None),
    ] {
        assert_eq!(names.field("web_shop", collection, path), name);
        assert_eq!(names.category("web_shop", collection, path).as_deref(), category, "{path}");
    }
    assert_eq!(names.collection("web_shop", "res_partner"), "Contacts");
    assert_eq!(names.collection("web_shop", "sale_order"), "Sale order", "too long for a name");
    assert_eq!(names.source("web_shop"), "Web shop");
    assert_eq!(names.source("old_archive"), "Old archive");
}

#[test]
fn categories_of_one_kind_stand_together() {
    let categories = ["system.operations", "user.contact.email", "user.name", "user.name.first"];
    let more = ["user.contact.phone_number", "user.contact.email", "user.location"];
    assert_eq!(
        grouped_categories(categories.into_iter().chain(more)),
        "Contact: email, phone number; Name: first; Location; System: operations"
    );
    assert_eq!(identity("email"), "e-mail address");
    assert_eq!(identity("customer_number"), "customer number");
}
