//! Filing a request for somebody who called, wrote or stood at the counter.

use crate::page::part::{Choice, Field, FieldError, FieldKind, Group, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts to `/console/requests/new`.
#[derive(Clone)]
pub struct NewRequest {
    /// What can be asked for.
    pub activities: Vec<Choice>,
    /// What is wrong with the choice.
    pub activity_error: Option<String>,
    /// How it came in, as chosen: a value of [`CHANNELS`].
    pub channel: String,
    /// When it truly came in, `YYYY-MM-DD`: the date runs from then.
    pub received_on: String,
    /// What is wrong with that.
    pub received_error: Option<String>,
    /// The fields every request has; see [`crate::page::part::about_you`].
    pub groups: Vec<Group>,
}

/// How a request may have come in: value and words.
pub const CHANNELS: &[(&str, &str)] = &[
    ("phone", "By phone"),
    ("letter", "By letter"),
    ("email", "By e-mail"),
    ("in_person", "In person"),
    ("social_media", "On social media"),
    ("representative", "From a representative"),
];

impl NewRequest {
    fn fields(&self) -> [Field; 3] {
        let channels = CHANNELS.iter().map(|(value, label)| Choice::new(*value, *label)).collect();
        [
            Field::new(FieldKind::Radios, "activity", "What is asked for")
                .options(self.activities.clone())
                .error(self.activity_error.clone()),
            Field::new(FieldKind::Select, "channel", "How it came in")
                .options(channels)
                .value(self.channel.clone()),
            Field::new(FieldKind::Date, "received_on", "When it came in")
                .hint("The day it reached us, not the day you type it in: the legal date runs from then.")
                .value(self.received_on.clone())
                .error(self.received_error.clone()),
        ]
    }
}

impl Page for NewRequest {
    fn title(&self) -> String {
        "File a request for someone".to_owned()
    }

    view!(NewRequest, "console/new_request.html");

    fn errors(&self) -> Vec<FieldError> {
        let mut errors = errors_of(&self.fields());
        errors.extend(errors_of(self.groups.iter().flat_map(|group| &group.fields)));
        errors
    }

    fn samples() -> Vec<Self> {
        let page = |value: &str, is_wrong: bool| Self {
            activities: vec![
                Choice::new("access", "Get a copy of my data"),
                Choice::new("deletion", "Delete my data"),
            ],
            activity_error: is_wrong.then(|| "Choose what is asked for".to_owned()),
            channel: "phone".to_owned(),
            received_on: "2026-11-20".to_owned(),
            received_error: is_wrong.then(|| "That day is in the future".to_owned()),
            groups: sample::groups(value, is_wrong),
        };
        vec![page("", false), page(sample::HOSTILE, true)]
    }
}
