//! Hands on a keyboard: everything in the browser is reached with Tab, the arrows, Enter and typing.
//!
//! Scripts only read: which element has the focus, what it is called, what stands on the page. What has
//! the focus must show it, and a page must let every element be reached.

use std::path::Path;
use std::time::Duration;

use serde_json::Value;
use thirtyfour::prelude::*;

use super::browser::Browser;

pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";

/// No page has more places to stop at.
const FARTHEST: usize = 150;
/// How long a page may take, the proof of work before it included.
const PATIENCE: Duration = Duration::from_mins(1);
const INTERVAL: Duration = Duration::from_millis(50);

/// Names the element with the focus as a screen reader would, roughly, and says whether the focus shows.
const FOCUSED: &str = "const at = document.activeElement;
    if (!at || at === document.body) return null;
    const label = at.labels && at.labels.length ? at.labels[0] : at;
    const set = at.type === 'radio' && at.closest('fieldset');
    const legend = set ? set.querySelector('legend').textContent + ' ' : '';
    const name = (at.getAttribute('aria-label') || legend + label.textContent).replace(/\\s+/g, ' ').trim();
    const style = getComputedStyle(at);
    const shows = style.outlineStyle !== 'none' || style.boxShadow !== 'none'
        || [...at.children].some(child => getComputedStyle(child).outlineStyle !== 'none');
    return { name, shows };";

impl Browser {
    /// Opens an address by hand: the only way in that isn't the keyboard.
    pub(crate) async fn open(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// Presses keys wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Goes on with Tab until the focus is on what has the name: the whole of it, or its beginning.
    pub(crate) async fn tab_to(&self, name: &str) {
        let mut met = Vec::new();
        for _ in 0..FARTHEST {
            self.press(TAB).await;
            let focused = self.driver.execute(FOCUSED, Vec::new()).await.unwrap();
            let Value::Object(at) = focused.json() else { continue };
            let called = at["name"].as_str().unwrap();
            assert_eq!(at["shows"], true, "nothing shows that “{called}” has the focus");
            if called.starts_with(name) {
                return;
            }
            met.push(called.to_owned());
        }
        panic!("“{name}” can't be reached on {}; met {met:#?}", self.address().await);
    }

    /// Reaches a field and types into it.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        self.tab_to(name).await;
        self.press(text).await;
    }

    /// Reaches a link or button, presses Enter, and waits for the page it leads to.
    pub(crate) async fn follow(&self, name: &str) {
        self.tab_to(name).await;
        self.enter(ENTER).await;
    }

    /// Presses keys that lead to another page, and waits for it.
    pub(crate) async fn enter(&self, keys: &str) {
        let before = self.driver.find(By::Tag("html")).await.unwrap();
        self.press(keys).await;
        self.replaced(before).await;
    }

    /// Waits until another page stands in the place of one whose root this was.
    pub(crate) async fn replaced(&self, before: WebElement) {
        before.wait_until().wait(PATIENCE, INTERVAL).stale().await.unwrap();
        self.driver.query(By::Css("main h1")).wait(PATIENCE, INTERVAL).first().await.unwrap();
    }

    /// Returns the address of the page.
    pub(crate) async fn address(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Returns what stands on the page.
    pub(crate) async fn text(&self) -> String {
        self.driver.find(By::Tag("body")).await.unwrap().text().await.unwrap()
    }

    /// Returns the text of one element.
    pub(crate) async fn text_of(&self, selector: &str) -> String {
        self.driver.find(By::Css(selector)).await.unwrap().text().await.unwrap()
    }

    /// Waits until a file was downloaded whole. A browser writes under another name until then.
    pub(crate) async fn await_file(&self, file: &Path) {
        let main = self.driver.query(By::Css("main")).wait(PATIENCE, INTERVAL);
        let file = file.to_owned();
        let there = move |_: WebElement| {
            let is_there = file.is_file();
            async move { Ok(is_there) }
        };
        main.with_filter(there).first().await.expect("a downloaded file");
    }

    /// Fails unless the page says so.
    pub(crate) async fn says(&self, words: &str) {
        let text = self.text().await;
        assert!(text.contains(words), "{} doesn't say “{words}”:\n{text}", self.address().await);
    }

    /// Follows a link again and again, until the page it leads to says so.
    pub(crate) async fn follow_until(&self, name: &str, words: &str) {
        for _ in 0..FARTHEST {
            self.follow(name).await;
            if self.text().await.contains(words) {
                return;
            }
        }
        panic!("{} doesn't say “{words}”:\n{}", self.address().await, self.text().await);
    }
}
