//! Withdrawing a request: what it means, then one button.

use crate::page::{Page, sample, view};

/// The page; posts to `/my/withdraw`.
#[derive(Clone)]
pub struct Withdraw {
    /// The request's reference.
    pub reference: String,
    /// What was asked for.
    pub title: String,
    /// What follows, a sentence each.
    pub consequences: Vec<String>,
}

impl Page for Withdraw {
    fn title(&self) -> String {
        "Withdraw your request".to_owned()
    }

    view!(Withdraw, "portal/withdraw.html");

    fn samples() -> Vec<Self> {
        let typical = Self {
            reference: "HB-7K3M-9QXD".to_owned(),
            title: "Get a copy of my data".to_owned(),
            consequences: vec![
                "We stop searching, and delete what we have collected for you so far.".to_owned(),
                "Your data in our systems stays as it is.".to_owned(),
                "You can ask again at any time. A new request has a new date.".to_owned(),
            ],
        };
        let hostile =
            Self { title: sample::hostile(), consequences: vec![sample::hostile()], ..typical.clone() };
        vec![typical, hostile]
    }
}
