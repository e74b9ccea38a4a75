//! One's due dates in a calendar program: the secret address it subscribes to.

use crate::page::{Page, sample, view};
use crate::text::Day;

/// The page; posts `act`, `open` or `close`, to `/console/feed`.
#[derive(Clone)]
pub struct Feed {
    /// Since when there is an address; none: there is none.
    pub since: Option<Day>,
    /// The address, just made; shown once.
    pub address: Option<String>,
}

impl Page for Feed {
    fn title(&self) -> String {
        "Due dates in your calendar".to_owned()
    }

    view!(Feed, "console/feed.html");

    fn samples() -> Vec<Self> {
        let none = Self { since: None, address: None };
        let kept = Self { since: Some(sample::due_on()), address: None };
        let made = Self {
            address: Some(format!("https://console.example/console/feed/{}", "0f".repeat(32))),
            ..kept.clone()
        };
        vec![none, kept, made]
    }
}
