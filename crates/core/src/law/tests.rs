//! The built-in packs, and packs that are wrong.

use jiff::civil::date;

use super::{EventKind, Obligation, Pack, Right, Status, Verified, builtin};

fn pack(id: &str) -> Pack {
    let (_, text) = builtin().iter().find(|(known, _)| *known == id).unwrap();
    Pack::parse(text).unwrap_or_else(|problems| panic!("{id}: {problems:?}"))
}

#[test]
fn every_builtin_pack_is_in_order() {
    for (id, _) in builtin() {
        let pack = pack(id);
        assert_eq!(pack.id(), *id);
        assert!(!pack.sources().is_empty(), "{id} names no source");
        assert!(pack.calendar().is_none_or(|id| crate::calendar::lookup_builtin(id).is_some()), "{id}");
        for ground in pack.refusal_grounds() {
            assert!(ground.words.ends_with('.'), "{id}: {} isn't a sentence", ground.id);
        }
    }
    assert!(builtin().is_sorted_by_key(|(id, _)| *id));
}

#[test]
fn rights_name_the_article_they_rest_on() {
    for (law, right, article) in [
        ("eu-gdpr", Right::Access, "Art. 15"),
        ("eu-gdpr", Right::Erasure, "Art. 17"),
        ("uk-gdpr", Right::Complaint, "DPA 2018 s.164A"),
        ("us-ca", Right::Rectification, "Civ. Code 1798.106; 11 CCR 7023"),
    ] {
        assert_eq!(pack(law).right(right).unwrap().article, article);
    }
    assert!(pack("us-ca").right(Right::Restriction).is_none());
}

#[test]
fn what_answers_a_right_is_not_always_a_response() {
    assert_eq!(pack("us-ca").main_obligation(Right::OptOut), Obligation::OptOut);
    assert_eq!(pack("us-ca").main_obligation(Right::LimitUse), Obligation::Limit);
    assert_eq!(pack("us-ca").main_obligation(Right::Erasure), Obligation::Response);
    assert_eq!(pack("uk-gdpr").main_obligation(Right::Complaint), Obligation::ComplaintAcknowledgement);
}

#[test]
fn what_a_refusal_must_tell_follows_the_day_of_receipt() {
    let told = |day| pack("uk-gdpr").refusal_must_tell(day).map(|told| told.id.clone()).collect::<Vec<_>>();
    assert_eq!(told(date(2026, 2, 4)), ["reasons", "authority", "court"]);
    assert_eq!(told(date(2026, 2, 5)), ["reasons", "controller_complaint", "authority", "court"]);
    let remedies = |day| pack("uk-gdpr").remedies(day).map(|remedy| remedy.kind.clone()).collect::<Vec<_>>();
    assert_eq!(remedies(date(2026, 6, 18)), ["authority", "court"]);
    assert_eq!(remedies(date(2026, 6, 19)), ["controller", "authority", "court"]);
}

#[test]
fn marks_of_what_was_read_and_what_was_recalled_are_kept() {
    let pack = pack("uk-gdpr");
    assert_eq!((pack.verified(), pack.status()), (Verified::Seen, Status::InForce));
    let mark = |id: &str| pack.refusal_grounds().iter().find(|ground| ground.id == id).unwrap().verified;
    assert_eq!(mark("legal_privilege"), Verified::Seen);
    assert_eq!(mark("crime_and_taxation"), Verified::Recalled);
}

#[test]
fn california_never_gives_these_values() {
    let pack = pack("us-ca");
    let items = &pack.note("never_disclose").unwrap().items;
    assert!(items.iter().any(|item| item == "account password"));
    assert_eq!(items.len(), 7);
}

#[test]
fn words_of_law_are_taken_in_the_spellings_people_use() {
    for (text, right) in [
        ("access", Right::Access),
        ("delete", Right::Erasure),
        ("correct", Right::Rectification),
        ("know", Right::Access),
        ("Opt-Out", Right::OptOut),
        ("limit use", Right::LimitUse),
    ] {
        assert_eq!(text.parse::<Right>().unwrap(), right, "{text}");
    }
    for right in Right::ALL {
        assert_eq!(right.as_str().parse::<Right>().unwrap(), right);
        assert_eq!(serde_json::to_value(right).unwrap(), right.as_str());
    }
    for obligation in Obligation::ALL {
        assert_eq!(obligation.as_str().parse::<Obligation>().unwrap(), obligation);
        assert_eq!(serde_json::to_value(obligation).unwrap(), obligation.as_str());
    }
    for kind in EventKind::ALL {
        assert_eq!(kind.as_str().parse::<EventKind>().unwrap(), kind);
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
    }
    let problem = "acces".parse::<Right>().unwrap_err();
    assert_eq!(problem.to_string(), "unknown right `acces`, did you mean `access`?");
}

/// A pack with nothing wrong, and a place to break it.
const SOUND: &str = r#"
id = "xx"
name = "Law of nowhere"
region = "XX"
version = 1
dated = 2026-01-01
status = "in_force"
verified = "recalled"
clock_start = [{ article = "s.1", words = "Receipt." }]
"#;

#[test]
fn a_wrong_pack_says_what_is_wrong_and_where() {
    assert!(Pack::parse(SOUND).is_ok());
    let table: [(&str, &str); 14] = [
        ("colour = 1", "colour: unknown key"),
        ("[[period]]\nfor = [\"response\"]", "period: unknown key, did you mean `periods`?"),
        (
            "[[periods]]\nn = 1\nunit = \"day\"\narticle = \"s.1\"",
            "periods[0].for: must name at least one obligation",
        ),
        (
            "[[periods]]\nfor = [\"respons\"]\nn = 1\nunit = \"day\"\narticle = \"s.1\"",
            "periods[0].for[0]: unknown variant `respons`",
        ),
        ("[[periods]]\nfor = [\"response\"]\nunit = \"day\"\narticle = \"s.1\"", "periods[0].n: is missing"),
        (
            "[[periods]]\nfor = [\"response\"]\nn = 0\nunit = \"day\"\narticle = \"s.1\"",
            "periods[0].n: must be a whole number",
        ),
        (
            "[[periods]]\nfor = [\"response\"]\nn = 1\nunit = \"day\"\narticle = \"s.1\"\nextension = { n = 1, unit = \"calendar_month\", article = \"s.1\" }",
            "periods[0].extension.unit: must be the unit of the period",
        ),
        (
            "[[periods]]\nfor = [\"response\"]\nn = 1\nunit = \"business_day\"\narticle = \"s.1\"",
            "business_days: is missing",
        ),
        (
            "[[periods]]\nfor = [\"response\"]\nn = 1\nunit = \"day\"\narticle = \"s.1\"\n[[periods]]\nfor = [\"response\"]\nn = 2\nunit = \"day\"\narticle = \"s.2\"",
            "periods[1]: says the same as periods[0]",
        ),
        (
            "[rolling]\narticle = \"s.1\"\nusual = [\"sunday\"]\nstrict = [\"saturday\"]",
            "rolling.strict: may only name days",
        ),
        (
            "[[waits]]\nid = \"a\"\nasked = \"fee_announced\"\nanswered = \"fee_confirmed\"\nusual = \"starts_after_reflection\"\nstrict = \"none\"\narticle = \"s.1\"",
            "waits[0].reflection_days: stands with `starts_after_reflection`",
        ),
        (
            "[[rights]]\nright = \"opt_out\"\nobligation = \"opt_out\"\narticle = \"s.1\"",
            "rights[0].obligation: no period is for this",
        ),
        ("[fees]\narticle = \"\"\nwords = \"Free.\"", "fees.article: must not be empty"),
        (
            "[fees]\narticle = \"s.1\"\nwords = \"Free.\"\nfrom = 2026-02-05\nbefore = 2026-02-05",
            "fees.before: must be later",
        ),
    ];
    for (text, expected) in table {
        let problems = Pack::parse(&format!("{SOUND}{text}")).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|line| line.starts_with(expected)), "{text}: {told:?}");
    }
}

#[test]
fn what_is_not_toml_is_told_by_line() {
    let problems = Pack::parse("id = \"xx\"\nname = ").unwrap_err();
    assert!(problems.iter().any(|problem| problem.message.starts_with("not TOML, line 2:")), "{problems:?}");
    assert!(Pack::parse("").is_err());
}

#[test]
fn a_problem_is_told_with_its_line() {
    let wrong = "[[periods]]\nfor = [\"response\"]\nn = 30\nunit = \"day\"\n\n[periods.extension]\nn = 30\nunit = \"dy\"\narticle = \"s.2\"";
    let problems = Pack::parse(&format!("{SOUND}{wrong}")).unwrap_err();
    let told: Vec<String> = problems.iter().map(|problem| problem.at("xx.toml")).collect();
    let first = SOUND.lines().count() + 1;
    for (line, words) in
        [(first, "periods[0].article: is missing"), (first + 7, "periods[0].extension.unit: unknown")]
    {
        let expected = format!("xx.toml:{line}: {words}");
        assert!(told.iter().any(|line| line.starts_with(&expected)), "{expected} isn't among {told:?}");
    }
}

#[test]
fn a_rule_no_law_can_have_is_refused() {
    let wait = |asked: &str, answered: &str, usual: &str, strict: &str| {
        format!(
            "[[waits]]\nid = \"a\"\nasked = \"{asked}\"\nanswered = \"{answered}\"\nusual = \"{usual}\"\nstrict = \"{strict}\"\narticle = \"s.1\""
        )
    };
    for (text, expected) in [
        (wait("extension_notified", "fee_paid", "none", "none"), "waits[0].asked: is no question"),
        (wait("fee_requested", "identity_received", "none", "none"), "waits[0].answered: is not the answer"),
        (
            wait("fee_requested", "fee_paid", "excludes_days_between", "starts_clock"),
            "waits[0].strict: must not move",
        ),
        (
            "[[periods]]\nfor = [\"response\"]\nrights = [\"erasure\"]\nn = 1\nunit = \"day\"\narticle = \"s.1\"".to_owned(),
            "periods[0].rights: names erasure",
        ),
        ("effective_from = 2027-01-01".to_owned(), "effective_from: is later than"),
    ] {
        let problems = Pack::parse(&format!("{SOUND}{text}")).unwrap_err();
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert!(told.iter().any(|line| line.starts_with(expected)), "{text}: {told:?}");
    }
}

#[test]
fn all_problems_are_told_at_once() {
    let problems = Pack::parse("id = \"X Y\"\nversion = 0").unwrap_err();
    let paths: Vec<&str> = problems.iter().map(|problem| problem.path.as_str()).collect();
    for path in ["id", "name", "region", "version", "dated", "status", "verified", "clock_start"] {
        assert!(paths.contains(&path), "{path} isn't among {paths:?}");
    }
}
