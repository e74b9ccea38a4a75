//! Filing a request for somebody who called, wrote or stood at the counter.

use crate::page::part::{Choice, Field, FieldError, FieldKind, Group, Hidden, errors_of};
use crate::page::{Page, sample, view};

/// The page; posts to `/console/requests/new`.
#[derive(Clone)]
pub struct NewRequest {
    /// What can be asked for.
    pub activities: Vec<Choice>,
    /// What is wrong with the choice.
    pub activity_error: Option<String>,
    /// How it may have come in.
    pub channels: Vec<Choice>,
    /// How it came in, as chosen.
    pub channel: String,
    /// What is wrong with the choice.
    pub channel_error: Option<String>,
    /// When it truly came in, `YYYY-MM-DD`: the date runs from then.
    pub received_on: String,
    /// The hour, `HH:MM`, where it is known.
    pub received_time: String,
    /// What is wrong with that.
    pub received_error: Option<String>,
    /// Who asks in the person's name.
    pub agent: String,
    /// What is wrong with that.
    pub agent_error: Option<String>,
    /// The fields every request has; see [`crate::page::part::about_you`].
    pub groups: Vec<Group>,
    /// What makes the form count once.
    pub hidden: Vec<Hidden>,
    /// Whether the page was open for so long that it has to be sent once more.
    pub is_stale: bool,
}

impl NewRequest {
    fn fields(&self) -> [Field; 5] {
        [
            Field::new(FieldKind::Radios, "activity", "What is asked for")
                .options(self.activities.clone())
                .error(self.activity_error.clone()),
            Field::new(FieldKind::Select, "channel", "How it came in")
                .options(self.channels.clone())
                .value(self.channel.clone())
                .error(self.channel_error.clone()),
            Field::new(FieldKind::Date, "received_on", "When it came in")
                .hint("The day it reached us, not the day you type it in: the legal date runs from then.")
                .value(self.received_on.clone())
                .error(self.received_error.clone()),
            Field::new(FieldKind::Text, "received_time", "At what hour")
                .hint("Where somebody noted it, like 14:30.")
                .autocomplete("off")
                .optional()
                .max_length(5)
                .value(self.received_time.clone()),
            Field::new(FieldKind::Text, "agent", "Who asks in their name")
                .hint("A parent, a lawyer, an agent: who, and by what authority. Left empty, they ask themselves.")
                .autocomplete("off")
                .optional()
                .max_length(300)
                .value(self.agent.clone())
                .error(self.agent_error.clone()),
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
            channels: vec![Choice::new("phone", "Phone"), Choice::new("paper", "Letter")],
            channel: "phone".to_owned(),
            channel_error: None,
            received_on: "2026-11-20".to_owned(),
            received_time: String::new(),
            agent: value.to_owned(),
            agent_error: is_wrong.then(|| "Enter one line".to_owned()),
            hidden: vec![Hidden::new("ticket", "5f3a")],
            is_stale: false,
            received_error: is_wrong.then(|| "That day is in the future".to_owned()),
            groups: sample::groups(value, is_wrong),
        };
        vec![page("", false), page(sample::HOSTILE, true)]
    }
}
