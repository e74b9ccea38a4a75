//! Roles are read, written back, and grant what they say.

use super::{Action, Builtin, Role, RoleName, belongs, builtin, is_member, may};

fn parse(text: &str) -> Result<Role, Vec<String>> {
    Role::parse("role.yml", text).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn of(role: Builtin) -> Role {
    parse(role.text()).expect("a built-in role")
}

#[test]
fn built_in_roles_are_named_as_their_files_and_written_back_the_same() {
    for (name, text) in builtin() {
        let role = parse(text).expect(name);
        assert_eq!(role.name.as_str(), name);
        assert!(!role.description.is_empty(), "{name}");
        assert_eq!(parse(&role.to_yaml()), Ok(role), "{name}");
    }
}

#[test]
fn every_action_has_a_name_of_its_own_that_reads_back() {
    for action in Action::ALL {
        assert_eq!(Action::lookup(action.as_str()), Some(*action));
        assert_eq!(serde_json::to_value(action).unwrap(), action.as_str());
    }
}

#[test]
fn rights_are_the_union_of_roles() {
    let (steward, auditor) = (of(Builtin::Steward), of(Builtin::Auditor));
    let both = [steward.clone(), auditor.clone()];
    for action in Action::ALL {
        let expected =
            may(std::slice::from_ref(&steward), *action) || may(std::slice::from_ref(&auditor), *action);
        assert_eq!(may(&both, *action), expected, "{action:?}");
    }
    assert!(!may(&[], Action::SeeRequests));
}

#[test]
fn only_members_and_who_may_do_any_task_do_those_of_a_team() {
    let legal = RoleName::parse("legal").unwrap();
    let member = parse("role: legal\ntitle: Legal\ngrants: [do_tasks]\n").unwrap();
    assert!(belongs(&[of(Builtin::Steward), member.clone()], &legal));
    assert!(!belongs(&[of(Builtin::PrivacyOfficer)], &legal), "another team's");
    assert!(belongs(&[of(Builtin::Admin)], &legal));
    assert!(!is_member(&[of(Builtin::Admin)], &legal), "an administrator is nobody's colleague by that");
}

#[test]
fn the_auditor_grants_nothing_that_changes_anything() {
    let sees = [
        Action::SeeRequests,
        Action::SeeReports,
        Action::SeeSources,
        Action::SeeLog,
        Action::SeeHolds,
        Action::SeeDefinitions,
    ];
    assert!(of(Builtin::Auditor).grants.iter().all(|action| sees.contains(action)));
}

#[test]
fn odd_texts_come_back_from_the_text_form() {
    let role = Role {
        name: RoleName::parse("a-1_b").unwrap(),
        title: "Billing: \"north\" # 1".to_owned(),
        description: "- two\nlines".to_owned(),
        email: Some("billing@example.org".to_owned()),
        grants: [Action::DoTasks].into(),
    };
    assert_eq!(parse(&role.to_yaml()), Ok(role));
}

#[test]
fn mistakes_are_told_with_their_place() {
    for (text, said) in [
        ("role: Legal\ntitle: x\ngrants: []\n", "role.yml:1: role: expected a role's name"),
        ("role: legal\ntitle: x\ngrants: [fly]\n", "role.yml:3: grants[0]: expected one of"),
        ("role: legal\ntitle: x\n", "the key 'grants' is missing"),
        ("role: legal\ntitle: x\nemail: nowhere\ngrants: []\n", "role.yml:3: email: expected a mail address"),
    ] {
        let problems = parse(text).expect_err(text);
        assert!(problems.iter().any(|problem| problem.contains(said)), "{problems:?}");
    }
}
