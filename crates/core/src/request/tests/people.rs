//! Who may see a request, who answers for it, and tasks given on by a supervisor.

use super::{ACCESS, ANA, BEN, Case, SECOND_REVIEW, complete, data, reason};
use crate::access::{Builtin, Role};
use crate::flow::TaskKey;
use crate::request::{Command, Denied, Event, Readers};

const CARO: usize = 2;

fn all_but(who: usize) -> Readers {
    Readers::AllBut([Case::user(who)].into())
}

fn narrow(readers: Readers, why: &str) -> Command {
    Command::Narrow { readers, reason: reason(why) }
}

fn roles(name: Builtin) -> Vec<Role> {
    vec![Role::parse(name.as_str(), name.text()).expect("a role")]
}

#[test]
fn a_request_is_hidden_with_a_reason_and_never_from_oneself() {
    let mut case = Case::to_review(ACCESS);
    let officer = Builtin::PrivacyOfficer;
    assert_eq!(case.staff(ANA, Builtin::CaseOwner, narrow(all_but(BEN), "x")), Err(Denied::NotAllowed));
    assert_eq!(case.staff(ANA, officer, narrow(all_but(BEN), " ")), Err(Denied::ReasonMissing));
    let myself = case.staff(ANA, officer, narrow(all_but(ANA), "x"));
    assert_eq!(myself, Err(Denied::AnswerWrong("who may see it".to_owned())));
    let nobody = case.staff(ANA, officer, narrow(Readers::AllBut([].into()), "x"));
    assert!(nobody.is_err());
    case.staff(ANA, officer, narrow(all_but(BEN), "his own department")).expect("narrowed");
    assert!(!case.request.readers.admits(Case::user(BEN), true), "whatever his role");
    assert!(case.request.readers.admits(Case::user(CARO), false));
    assert_eq!(case.staff(ANA, officer, narrow(all_but(BEN), "again")), Ok(Vec::new()));
    case.staff(ANA, officer, narrow(Readers::Everybody, "settled")).expect("opened");
    assert!(case.request.readers.admits(Case::user(BEN), false));
}

#[test]
fn who_loses_sight_of_a_request_gives_back_what_they_hold_of_it() {
    let mut case = Case::to_review(ACCESS);
    let (officer, supervisor) = (Builtin::PrivacyOfficer, Builtin::Supervisor);
    case.staff(BEN, officer, Command::Take(data())).expect("taken");
    case.staff(ANA, supervisor, Command::Assign(Some(Case::user(BEN)))).expect("assigned");
    case.staff(ANA, officer, narrow(all_but(BEN), "his own department")).expect("narrowed");
    assert_eq!(case.request.owner, None);
    assert_eq!(case.request.running(&data()).expect("waits").taken_by, None);
    let back = case.staff(ANA, supervisor, Command::Assign(Some(Case::user(BEN))));
    assert_eq!(back, Err(Denied::AnswerWrong("the owner".to_owned())));
    let few = Readers::Only([Case::user(CARO)].into());
    assert!(few.admits(Case::user(CARO), false) && !few.admits(Case::user(BEN), false));
    assert!(few.admits(Case::user(ANA), true), "none is lost when people leave");
}

#[test]
fn readers_come_back_from_the_text_beside_the_row() {
    let both = [Case::user(ANA), Case::user(BEN)];
    for readers in [Readers::AllBut(both.into()), Readers::Only(both.into())] {
        assert_eq!(readers.to_text().and_then(|text| Readers::from_text(&text)), Some(readers));
    }
    assert_eq!(Readers::Everybody.to_text(), None);
    assert_eq!(Readers::from_text("?,x,"), None);
}

#[test]
fn the_rule_names_an_owner_once_and_only_by_the_system() {
    let mut case = Case::new(ACCESS);
    let (ana, ben) = (Case::user(ANA), Case::user(BEN));
    assert_eq!(case.staff(ANA, Builtin::Admin, Command::AssignByRule(ana)), Err(Denied::NotAllowed));
    case.system(Command::AssignByRule(ana)).expect("assigned");
    assert_eq!(case.request.owner, Some(ana));
    assert_eq!(case.system(Command::AssignByRule(ben)), Ok(Vec::new()));
    assert_eq!(case.request.owner, Some(ana));
}

#[test]
fn a_task_is_given_to_a_member_of_its_team_only() {
    let mut case = Case::to_review(ACCESS);
    let supervisor = Builtin::Supervisor;
    let to = |who: usize, role: Builtin| Command::HandOver(data(), Some((Case::user(who), roles(role))));
    let officer = Builtin::PrivacyOfficer;
    assert_eq!(case.staff(ANA, Builtin::CaseOwner, to(BEN, officer)), Err(Denied::NotAllowed));
    let stranger = case.staff(ANA, supervisor, to(BEN, Builtin::CaseOwner));
    assert_eq!(stranger, Err(Denied::AnswerWrong("who does it".to_owned())));
    case.staff(ANA, supervisor, to(BEN, officer)).expect("given");
    case.staff(ANA, supervisor, to(CARO, officer)).expect("given on");
    assert_eq!(case.staff(BEN, officer, complete(data())), Err(Denied::TakenByOther));
    let events = case.staff(ANA, supervisor, Command::HandOver(data(), None)).expect("given back");
    assert!(matches!(events.as_slice(), [Event::TaskReleased(_)]));
    assert_eq!(case.staff(CARO, officer, complete(data())), Err(Denied::NotTaken));
    let later = TaskKey::from_text("delivery.package");
    assert_eq!(case.staff(ANA, supervisor, Command::HandOver(later, None)), Err(Denied::NotWaiting));
}

#[test]
fn a_supervisor_can_not_hand_the_second_look_to_whoever_had_the_first() {
    let mut case = Case::to_review(SECOND_REVIEW);
    case.staff(BEN, Builtin::Steward, Command::Take(data())).expect("taken");
    case.staff(BEN, Builtin::Steward, complete(data())).expect("completed");
    let approval = TaskKey::from_text("review.approval");
    let to = |who| Command::HandOver(approval.clone(), Some((Case::user(who), roles(Builtin::CaseOwner))));
    assert_eq!(case.staff(ANA, Builtin::Supervisor, to(BEN)), Err(Denied::FourEyes(data())));
    case.staff(ANA, Builtin::Supervisor, to(CARO)).expect("given");
}
