//! What is offered, by whom and with which version of a flow.

use crate::definition::{Catalog, Kind, Text};

const FLOW: &str = include_str!("../../../../../flows/access.yml");
const LAW: &str = include_str!("../../../../../laws/uk-gdpr.toml");
const REGULATION: &str = "regulation: uk\ntitle: UK GDPR\nlaw: uk-gdpr\n";
const ACTIVITY: &str = "activity: copy\ntitle: A copy\nregulation: uk\nright: access\nflow: access\n";

fn text(kind: Kind, name: &str, version: u32, text: &str) -> Text {
    let hash = format!("{name}-{version}");
    Text { kind, name: name.to_owned(), version, text: text.to_owned(), hash, is_retired: false }
}

fn entity(name: &str, more: &str) -> Text {
    let words = format!("entity: {name}\ntitle: {name}\ncontact_email: a@example.org\nzone: UTC\n{more}");
    text(Kind::Entity, name, 1, &words)
}

fn base() -> Vec<Text> {
    let role = crate::access::builtin().map(|(name, words)| text(Kind::Role, name, 1, words));
    let mut texts: Vec<Text> = role.collect();
    texts.extend([
        text(Kind::Law, "uk-gdpr", 1, LAW),
        text(Kind::Flow, "access", 1, FLOW),
        text(Kind::Flow, "access", 2, &FLOW.replace("title: Opening", "title: Open")),
        text(Kind::Regulation, "uk", 1, REGULATION),
        text(Kind::Activity, "copy", 1, ACTIVITY),
    ]);
    texts
}

fn offered(texts: Vec<Text>) -> Vec<(String, String, u32)> {
    let catalog = Catalog::new(texts).expect("a catalog");
    let of = |it: &crate::definition::Activity| {
        let (version, _) = catalog.flow_of(it).expect("a flow");
        (it.name.clone(), it.entity.clone(), version)
    };
    catalog.offered().map(of).collect()
}

fn row(name: &str, entity: &str, version: u32) -> (String, String, u32) {
    (name.to_owned(), entity.to_owned(), version)
}

#[test]
fn an_activity_without_entity_is_for_those_that_list_its_regulation() {
    assert_eq!(offered(base()), []);
    let lists = "regulations: [uk]\n";
    let one = base().into_iter().chain([entity("acme", lists), entity("other", "")]);
    assert_eq!(offered(one.collect()), [row("copy", "acme", 2)]);
    let two = base().into_iter().chain([entity("acme", lists), entity("beta", lists)]);
    assert_eq!(offered(two.collect()), [row("copy", "acme", 2), row("copy-beta", "beta", 2)]);
}

#[test]
fn an_entitys_own_activity_stands_in_for_the_one_for_all() {
    let own = "activity: mine\ntitle: Mine\nentity: acme\nlaw: uk-gdpr\nright: access\nflow: access\nflow_version: 1\n";
    let texts = [entity("acme", "regulations: [uk]\n"), text(Kind::Activity, "mine", 1, own)];
    assert_eq!(offered(base().into_iter().chain(texts).collect()), [row("mine", "acme", 1)]);
}

#[test]
fn nothing_is_offered_under_a_regulation_that_is_switched_off() {
    let off = text(Kind::Regulation, "uk", 2, &format!("{REGULATION}active: false\n"));
    let texts = [entity("acme", "regulations: [uk]\n"), off];
    assert_eq!(offered(base().into_iter().chain(texts).collect()), []);
}

#[test]
fn what_is_pointed_to_must_be_there() {
    let check = |more: Text, said: &str| {
        let texts = base().into_iter().chain([more]).collect();
        let problems = Catalog::new(texts).expect_err("a problem").join("\n");
        assert!(problems.contains(said), "{problems}");
    };
    check(entity("acme", "regulations: [us]\n"), "entity acme: there is no published regulation us");
    let lost = text(Kind::Regulation, "mars", 1, "regulation: mars\ntitle: Mars\nlaw: mars\n");
    check(lost, "regulation mars: there is no published law mars");
    let mute = "activity: copy\ntitle: A copy\nentity: acme\nlaw: uk-gdpr\nright: access\nflow: access\nfields: [given_name]\n";
    let texts =
        base().into_iter().chain([entity("acme", ""), text(Kind::Activity, "copy", 2, mute)]).collect();
    let problems = Catalog::new(texts).expect_err("a problem").join("\n");
    assert!(problems.contains("asks no e-mail address"), "{problems}");
}

#[test]
fn a_request_keeps_what_was_set_on_its_day() {
    let texts = base().into_iter().chain([entity("acme", "regulations: [uk]\n")]).collect();
    let catalog = Catalog::new(texts).expect("a catalog");
    let terms = catalog.terms("copy", "en").expect("terms");
    assert_eq!((terms.law.as_str(), terms.flow_version, terms.targets.target_days), ("uk-gdpr", 2, 2));
}
