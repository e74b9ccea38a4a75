//! What is written reads back.

use crate::definition::{Activity, Regulation};

#[test]
fn activities_read_back_whatever_is_set() {
    let start = "activity: copy\ntitle: 'Get: a copy'\nright: access\nflow: access\n";
    for more in [
        "entity: acme\nlaw: uk-gdpr\n",
        "regulation: uk\n",
        "entity: acme\nregulation: uk\nflow_version: 3\noffered: false\ndescription: \"a\\nb\"\n",
        "regulation: uk\nflow_version: latest\nfields: [email, phone]\ntarget_days: 5\n",
        "regulation: uk\nfields: []\npropose_extension_days: 0\nextension: { by: legal }\n",
        "regulation: uk\nextension: { allowed: false }\n",
    ] {
        let read = |text: &str| {
            Activity::parse("copy.yml", text).unwrap_or_else(|problems| panic!("{problems:?} in\n{text}"))
        };
        let activity = read(&format!("{start}{more}"));
        assert_eq!(read(&activity.to_yaml()), activity);
    }
}

#[test]
fn regulations_read_back_whatever_is_set() {
    for (title, is_active) in [("UK: GDPR", false), ("yes", true)] {
        let regulation = Regulation {
            name: "uk".to_owned(),
            title: title.to_owned(),
            description: title.to_owned(),
            law: "uk-gdpr".to_owned(),
            is_active,
        };
        let again = Regulation::parse("uk.yml", &regulation.to_yaml());
        assert_eq!(again.unwrap_or_else(|problems| panic!("{problems:?}")), regulation);
    }
}
