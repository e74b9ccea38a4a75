//! Acts that write the person a letter: a ground of the law, an explanation, and the form again where
//! something is missing. Nothing typed is lost.

use axum::response::Response;
use habeas_core::request::Command;
use habeas_render::page::Page;
use habeas_render::page::console::{Close, Extend, Refuse};

use super::tab;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;
use crate::{App, respond};

/// A page whose form becomes a letter.
pub(super) trait Letter: Page {
    /// What is said where the explanation is missing.
    const EXPLAIN: &str;
    /// What is said of it when it is done, as a word in the address.
    const TOLD: &str;

    /// Returns the request's reference.
    fn reference(&self) -> &str;
    /// Says whether there are grounds to choose from.
    fn has_grounds(&self) -> bool;
    /// Returns the ground that was chosen.
    fn ground(&self) -> Option<String>;
    /// Returns the explanation as it was typed.
    fn explanation(&self) -> &str;
    /// Says what is wrong with the ground and with the explanation.
    fn complain(&mut self, ground: Option<String>, explanation: Option<String>);
}

/// Does the act that writes the letter, or shows the form again.
pub(super) async fn send<P: Letter>(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    mut page: P,
    command: impl FnOnce(Option<String>, &str) -> Command,
) -> Result<Response> {
    let ground = page.ground();
    let no_ground = (ground.is_none() && page.has_grounds()).then(|| "Choose a ground".to_owned());
    let no_text = tab::text_problem(page.explanation(), P::EXPLAIN);
    if no_ground.is_some() || no_text.is_some() {
        page.complain(no_ground, no_text);
        return tab::show_again(app, visit, staff, None, &page).await;
    }
    let command = command(ground, page.explanation());
    match tab::act(app, staff, page.reference(), command).await? {
        Ok(()) => Ok(respond::see(&format!("/console/requests/{}?told={}", page.reference(), P::TOLD))),
        Err(why) => tab::show_again(app, visit, staff, Some(why), &page).await,
    }
}

/// The pages differ in what a chosen ground is sent as.
macro_rules! letter {
    ($page:ty, $explain:literal, $told:literal, $ground:ident) => {
        impl Letter for $page {
            const EXPLAIN: &str = $explain;
            const TOLD: &str = $told;

            fn reference(&self) -> &str {
                &self.subject.reference
            }

            fn has_grounds(&self) -> bool {
                !self.grounds.is_empty()
            }

            fn ground(&self) -> Option<String> {
                let chosen = self.grounds.iter().find(|ground| ground.is_selected);
                chosen.map(|ground| ground.$ground.clone())
            }

            fn explanation(&self) -> &str {
                &self.explanation
            }

            fn complain(&mut self, ground: Option<String>, explanation: Option<String>) {
                self.ground_error = ground;
                self.explanation_error = explanation;
            }
        }
    };
}

letter!(Refuse, "Explain it in a few sentences", "refused", value);
letter!(Close, "Explain it in a sentence or two", "refused", value);
letter!(Extend, "Explain it in a sentence or two", "extended", label);
