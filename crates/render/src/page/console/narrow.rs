//! Who may see a request: everybody, all but some, or a few.

use super::Subject;
use crate::page::part::{Choice, Field, FieldError, FieldKind, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts `who` (`everybody`, `all_but`, `only`), `people` and `reason` to `…/narrow`.
#[derive(Clone)]
pub struct Narrow {
    /// The request.
    pub subject: Subject,
    /// Who, as chosen: a value of the first field.
    pub who: String,
    /// Those who could otherwise see it; the named ones are selected.
    pub people: Vec<Choice>,
    /// What is wrong with the people.
    pub people_error: Option<String>,
    /// Why.
    pub reason: String,
    /// What is wrong with the reason.
    pub reason_error: Option<String>,
}

impl Narrow {
    fn fields(&self) -> [Field; 3] {
        let who = vec![
            Choice::new("everybody", "Everybody whose role shows requests"),
            Choice::new("all_but", "Everybody but those named below").hint(
                "Such as the manager of the employee who asks. It hides from them whatever their role.",
            ),
            Choice::new("only", "Only those named below")
                .hint("And those who may narrow requests, so that none is lost when people leave."),
        ];
        [
            Field::new(FieldKind::Radios, "who", "Who may see it").options(who).value(self.who.clone()),
            Field::new(FieldKind::Checkboxes, "people", "People")
                .optional()
                .options(self.people.clone())
                .error(self.people_error.clone()),
            Field::new(FieldKind::LongText, "reason", "Why")
                .hint("Kept in the request's log.")
                .max_length(2_000)
                .value(self.reason.clone())
                .error(self.reason_error.clone()),
        ]
    }
}

impl Page for Narrow {
    fn title(&self) -> String {
        format!("Who may see {}", self.subject.reference)
    }

    view!(Narrow, "console/narrow.html");

    fn errors(&self) -> Vec<FieldError> {
        errors_of(&self.fields())
    }

    fn samples() -> Vec<Self> {
        let page = |words: &str, is_wrong: bool| Self {
            subject: Subject::sample(words),
            who: "all_but".to_owned(),
            people: vec![
                Choice::new("u1", words).hint("Supervisor").selected(!is_wrong),
                Choice::new("u2", "Barbara Liskov").hint("Case owner"),
            ],
            people_error: is_wrong.then(|| "Choose at least one person".to_owned()),
            reason: if is_wrong { sample::hostile() } else { String::new() },
            reason_error: is_wrong.then(|| "Say why".to_owned()),
        };
        vec![page("Grace Hopper", false), page(sample::HOSTILE, true)]
    }
}
