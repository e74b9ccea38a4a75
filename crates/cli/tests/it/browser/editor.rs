//! The flow editor by keyboard, by mouse, and without scripts.

use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_store::definitions::{NewText, Owner};
use thirtyfour::prelude::*;

use crate::support::app::TestApp;
use crate::support::browser::Browser;
use crate::support::keyboard::ENTER;

/// Two stages of tasks that people do.
const FLOW: &str = "
flow: bench
title: Bench
stages:
  - key: first
    title: First
    tasks:
      - { key: look, title: Look, role: steward }
      - { key: think, title: Think, role: steward, order: 2 }
      - { key: write, title: Write, role: steward, order: 3 }
  - key: second
    title: Second
    tasks:
      - { key: send, title: Send, role: steward }
";

const UP: &str = "\u{e013}";
const DOWN: &str = "\u{e015}";
const RIGHT: &str = "\u{e014}";

/// What the picture shows: a stage each, with its groups in order.
const SHOWN: &str = "return [...document.querySelectorAll('.flow-stage')].map((stage) =>
    [...stage.querySelectorAll('.flow-group')].map((group) =>
        [...group.querySelectorAll('.flow-task-title')].map((at) => at.textContent).join('+')).join(' '))
    .join(' | ')";

/// The title of the card that has the focus.
const FOCUSED: &str = "const at = document.activeElement.querySelector('.flow-task-title');
    return at ? at.textContent : document.activeElement.tagName";

struct Bench {
    _app: TestApp,
    browser: Browser,
}

impl Bench {
    async fn start(has_scripts: bool) -> Self {
        let app = TestApp::start().await;
        let url = app.serve().await;
        let mut tx = app.store.begin().await.unwrap();
        let (owner, actor) = (Owner::Console, Actor::System);
        tx.begin_draft(NewText { kind: "flow", name: "bench", text: FLOW, owner, actor }).await.unwrap();
        tx.commit().await.unwrap();
        let admin = app.staff("admin@northwind.example", &[Builtin::Admin]).await;
        let browser = Browser::start().await;
        browser.set_width(1280).await;
        browser.become_staff(&url, &admin).await;
        if !has_scripts {
            browser.switch_scripts_off().await;
        }
        browser.open(&format!("{url}/console/flows/bench/edit")).await;
        Self { _app: app, browser }
    }

    async fn text(&self, script: &str) -> String {
        let found = self.browser.driver.execute(script, Vec::new()).await.unwrap();
        found.json().as_str().unwrap().to_owned()
    }

    async fn shows(&self, picture: &str) {
        assert_eq!(self.text(SHOWN).await, picture);
    }

    async fn is_on(&self, title: &str) {
        assert_eq!(self.text(FOCUSED).await, title, "of {}", self.text(SHOWN).await);
    }

    /// Strikes a key once on what has the focus, and waits for the page that leads to. The event is made on the page: a
    /// driver that sees the page go away under a key it holds strikes again on the next.
    async fn strike(&self, key: &str, has_alt: bool) {
        let driver = &self.browser.driver;
        let before = driver.find(By::Tag("html")).await.unwrap();
        let script = format!(
            "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', \
             {{ key: '{key}', altKey: {has_alt}, bubbles: true, cancelable: true }}))"
        );
        driver.execute(script, Vec::new()).await.unwrap();
        self.browser.replaced(before).await;
    }
}

#[tokio::test]
async fn cards_are_walked_moved_added_and_deleted_by_keys_and_the_focus_stays() {
    let bench = Bench::start(true).await;
    let browser = &bench.browser;
    bench.shows("Look Think Write | Send").await;
    browser.says("Alt with them moves").await;
    browser.tab_to("LookSteward").await;
    browser.press(DOWN).await;
    bench.is_on("Think").await;
    browser.press(RIGHT).await;
    bench.is_on("Send").await;
    browser.press(UP).await;
    bench.is_on("Write").await;

    // Moved, it keeps the focus; a step lands it beside its neighbour, a second one before it.
    bench.strike("ArrowUp", true).await;
    bench.shows("Look Think+Write | Send").await;
    bench.is_on("Write").await;
    bench.strike("ArrowUp", true).await;
    bench.shows("Look Write Think | Send").await;
    bench.is_on("Write").await;
    bench.strike("ArrowRight", true).await;
    bench.shows("Look Think | Write Send").await;
    bench.is_on("Write").await;

    // A task is inserted behind the card that has the focus, between it and the next.
    browser.enter("n").await;
    browser.says("In Second, by itself").await;
    browser.fill("What people call it", "Check").await;
    browser.tab_to("Who or what does it").await;
    browser.press("A person").await;
    browser.follow("Add the task").await;
    bench.shows("Look Think | Write Check Send").await;

    browser.tab_to("CheckCase owner").await;
    bench.strike("Delete", false).await;
    browser.says("The task is deleted").await;
    bench.shows("Look Think | Write Send").await;
    bench.is_on("Write").await;
    browser.enter(ENTER).await;
    browser.says("Task in Second").await;
    bench.browser.ensure_accessible("the editor after keys").await;
    bench.browser.close().await;
}

#[tokio::test]
async fn a_card_is_dragged_between_others_and_into_another_stage() {
    let bench = Bench::start(true).await;
    let driver = &bench.browser.driver;
    for (task, spot, picture) in [
        ("first.write", "[data-stage=first][data-before='1']", "Look Write Think | Send"),
        ("first.look", ".flow-group[data-stage=second][data-with='0']", "Write Think | Send+Look"),
    ] {
        let card = driver.find(By::Css(format!("a[data-task='{task}']"))).await.unwrap();
        let to = driver.find(By::Css(spot)).await.unwrap();
        let before = driver.find(By::Tag("html")).await.unwrap();
        card.js_drag_to(&to).await.unwrap();
        bench.browser.replaced(before).await;
        bench.shows(picture).await;
    }
    bench.browser.close().await;
}

#[tokio::test]
async fn without_scripts_buttons_do_the_same() {
    let bench = Bench::start(false).await;
    let browser = &bench.browser;
    browser.hides("Alt with them moves").await;
    browser.follow("LookSteward").await;
    browser.follow("Later").await;
    bench.shows("Think+Look Write | Send").await;
    browser.follow("To the stage behind").await;
    bench.shows("Think Write | Look Send").await;
    browser.follow("Delete").await;
    bench.shows("Think Write | Send").await;
    browser.follow("Undo").await;
    bench.shows("Think Write | Look Send").await;
    bench.browser.close().await;
}
