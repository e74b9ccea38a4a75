//! S1 by hand: a flow is built, mended, published and offered in a browser, without a mouse.

use thirtyfour::Key;

use super::journey::{Demo, set_up};
use crate::support::browser::Browser;

const DELETE: &str = "\u{e017}";

/// Presses an arrow with Alt, which moves the card that has the focus, and waits for the page.
async fn move_card(staff: &Browser, arrow: Key) {
    let before = staff.driver.find(thirtyfour::By::Tag("html")).await.unwrap();
    let chain = staff.driver.action_chain().key_down(Key::Alt).send_keys(arrow).key_up(Key::Alt);
    chain.perform().await.unwrap();
    staff.replaced(before).await;
}

async fn add_task(staff: &Browser, title: &str, does: &str) {
    staff.fill("What people call it", title).await;
    staff.fill("Who or what does it", does).await;
    staff.follow("Add the task").await;
    staff.says(title).await;
}

/// Builds a stage with three tasks, moves, deletes and takes back, all by keys.
async fn build(staff: &Browser) {
    staff.follow("Flows").await;
    staff.says("Access to personal data").await;
    staff.ensure_accessible("flows").await;
    staff.follow("New flow").await;
    staff.ensure_accessible("a new flow").await;
    staff.fill("What people call it", "Access by hand").await;
    staff.follow("Begin the draft").await;
    staff.says("Draft of version 1").await;
    staff.ensure_accessible("an empty draft").await;
    staff.fill("What people call it", "Case opening").await;
    staff.follow("Add the stage").await;
    add_task(staff, "Check duplicates", "Habeas: Look").await;
    staff.ensure_accessible("a task in the editor").await;

    // n adds behind the card that has the focus; Alt with an arrow takes it to the others of the group.
    staff.tab_to("Check duplicates").await;
    staff.enter("n").await;
    add_task(staff, "Prove identity", "Habeas: Prove").await;
    staff.tab_to("Prove identity").await;
    move_card(staff, Key::Up).await;
    staff.says("at once").await;
    // The card has the focus again, so the next key goes to it.
    staff.enter(DELETE).await;
    staff.says("The task is deleted").await;
    staff.follow("Undo").await;
    staff.says("The last change is taken back").await;
    staff.says("Prove identity").await;
    staff.follow("Prove identity").await;
    staff.fill("Deadline", "2").await;
    staff.follow("Save").await;
    staff.says("2 working hours = 1 working day").await;
    for tab in ["Reminders", "Operation"] {
        staff.follow(tab).await;
        staff.ensure_accessible(tab).await;
    }
    staff.follow("Publish").await;
    staff.says("It can't be published yet").await;
    staff.ensure_accessible("a draft that can't be published").await;
}

/// Makes a second version of the flow that comes with Habeas.
async fn publish(staff: &Browser) {
    staff.follow("Flows").await;
    staff.follow("Access to personal data").await;
    staff.ensure_accessible("a flow").await;
    staff.follow("Edit as the next version").await;
    staff.follow("Look through what was found").await;
    staff.ensure_accessible("a task of a person").await;
    staff.fill("Deadline", "3").await;
    staff.follow("Save").await;
    staff.says("24 working hours = 3 working days").await;
    staff.follow("Publish").await;
    staff.says("What differs from version 1").await;
    staff.ensure_accessible("publishing").await;
    staff.follow("Publish version 2").await;
    staff.says("Published").await;
    staff.ensure_accessible("a published flow").await;
}

async fn offer(staff: &Browser) {
    staff.follow("Regulations").await;
    staff.ensure_accessible("regulations and activities").await;
    staff.follow("Add a regulation").await;
    staff.fill("What people call it", "Our privacy promise").await;
    staff.fill("Law pack", "UK GDPR").await;
    staff.ensure_accessible("a new regulation").await;
    staff.follow("Save").await;
    staff.follow("Add an activity").await;
    staff.ensure_accessible("a new activity").await;
    staff.fill("What people call it", "Ask for an extract").await;
    staff.fill("Under", "Our privacy").await;
    staff.fill("Right", "Access").await;
    staff.fill("Flow", "Access to personal data, the").await;
    staff.follow("Save").await;
    staff.says("Ask for an extract").await;
    staff.follow("Ask for an extract").await;
    staff.follow("Try the form").await;
    staff.says("Nothing is sent from here").await;
    staff.ensure_accessible("the form of an activity").await;
}

#[tokio::test]
async fn s1_a_flow_is_built_and_offered_by_keyboard() {
    let demo = Demo::start();
    let staff = Browser::start().await;
    set_up(&staff, &demo.first).await;
    build(&staff).await;
    publish(&staff).await;
    offer(&staff).await;
    staff.follow("Laws and calendars").await;
    staff.ensure_accessible("laws").await;
    staff.follow("UK GDPR").await;
    staff.follow("Compute").await;
    staff.says("To be answered by").await;
    staff.ensure_accessible("a law with a date").await;
    staff.follow("Definitions").await;
    staff.ensure_accessible("definitions").await;
    let person = Browser::start().await;
    person.open(&demo.portal).await;
    person.says("Ask for an extract").await;
    person.follow("Ask for an extract").await;
    person.says("About you").await;
    person.close().await;
    staff.close().await;
}
