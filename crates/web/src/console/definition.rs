//! Definitions changed in the console: drafted, published, retired.
//!
//! What is published counts at the next call, here and on every other node. What a file in the folder of
//! definitions says is changed there: here it can be read only.

use habeas_core::definition::Kind;
use habeas_core::event::Actor;
use habeas_render::page::console::{Standing, VersionRow};
use habeas_render::page::part::{Badge, Tone};
use habeas_render::text::Moment;
use habeas_store::definitions::{Definition, NewText, Owner, State};
use habeas_store::{Error as StoreError, Read};

use super::chrome;
use super::people::People;
use crate::App;
use crate::error::{Error, Result};
use crate::form::Form;
use crate::guard::Staff;

/// What becomes of a definition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    /// It is kept for later.
    Draft,
    /// It counts from now on.
    Publish,
    /// The draft is thrown away.
    Drop,
    /// It counts no more.
    Retire,
}

impl Act {
    /// Reads which button was pressed; one that isn't known keeps a draft.
    pub(super) fn of(form: &Form) -> Self {
        match form.text("act") {
            "publish" => Self::Publish,
            "drop" => Self::Drop,
            "retire" => Self::Retire,
            _ => Self::Draft,
        }
    }

    /// Returns the word by which the next page says what was done.
    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Draft => "drafted",
            Self::Publish => "published",
            Self::Drop => "dropped",
            Self::Retire => "retired",
        }
    }
}

/// A definition with all its versions, newest first.
pub(super) struct Known {
    versions: Vec<Definition>,
}

/// Returns a definition; none where there never was one of that name.
pub(super) async fn read(read: &mut Read, kind: Kind, name: &str) -> Result<Option<Known>> {
    let versions = read.list_versions(kind.as_str(), name).await?;
    Ok((!versions.is_empty()).then_some(Known { versions }))
}

impl Known {
    /// Returns the version in force.
    pub(super) fn in_force(&self) -> Option<&Definition> {
        self.versions.iter().find(|version| version.state == State::Published)
    }

    /// Returns the draft.
    pub(super) fn draft(&self) -> Option<&Definition> {
        self.versions.iter().find(|version| version.state == State::Draft)
    }

    /// Returns what is shown and changed: the draft, what is in force, or what was last.
    pub(super) fn shown(&self) -> Option<&Definition> {
        self.draft().or_else(|| self.in_force()).or_else(|| self.versions.first())
    }

    /// Says whether it can be changed here.
    pub(super) fn can_change(&self) -> bool {
        let newest = self.versions.iter().find(|version| version.state != State::Draft);
        newest.is_none_or(|version| version.owner != Owner::Git)
    }

    /// Returns how it stands, for its page.
    pub(super) fn standing(&self, app: &App, people: &People, is_needed: bool) -> Standing {
        let in_force = self.in_force().map(|version| version.version);
        let row = |version: &Definition| VersionRow {
            number: version.version,
            state: match version.state {
                State::Draft => Badge::new(Tone::Info, "Draft"),
                State::Published if Some(version.version) == in_force => Badge::new(Tone::Good, "In force"),
                State::Published => Badge::new(Tone::Neutral, "Earlier"),
                State::Retired => Badge::new(Tone::Neutral, "Retired"),
            },
            by: people.actor(version.changed_by),
            at: Moment(version.changed_at.to_zoned(chrome::zone(app))),
        };
        Standing {
            versions: self.versions.iter().map(row).collect(),
            can_change: self.can_change(),
            is_draft: self.draft().is_some(),
            can_retire: in_force.is_some() && !is_needed,
        }
    }
}

/// Returns how a definition of a list stands: in force, with a draft beside it, or a draft only.
pub(super) fn badge(is_in_force: bool, has_draft: bool) -> Badge {
    match (is_in_force, has_draft) {
        (true, false) => Badge::new(Tone::Good, "In force"),
        (true, true) => Badge::new(Tone::Info, "In force, with a draft"),
        (false, _) => Badge::new(Tone::Info, "Draft"),
    }
}

/// Does an act on a definition whose text was checked. Publishing and retiring stand in the installation's
/// chain.
///
/// # Errors
/// [`Error::NotFound`] where a file says what it is; a conflict where somebody else was first.
pub(super) async fn act(
    app: &App,
    staff: &Staff,
    (kind, name): (Kind, &str),
    act: Act,
    text: &str,
) -> Result<()> {
    let actor = Actor::Staff(staff.id);
    let (kind_name, owner) = (kind.as_str(), Owner::Console);
    let mut tx = app.store.begin_as(actor).await?;
    let known = read(&mut tx, kind, name).await?;
    if known.as_ref().is_some_and(|known| !known.can_change()) {
        return Err(Error::NotFound);
    }
    match act {
        Act::Draft => {
            tx.save_draft(NewText { kind: kind_name, name, text, owner, actor }).await?;
        }
        Act::Publish => {
            tx.save_draft(NewText { kind: kind_name, name, text, owner, actor }).await?;
            let draft = tx.lookup_draft(kind_name, name).await?.ok_or(StoreError::Conflict)?;
            tx.publish_draft(kind_name, name, &draft.sha256, actor).await?;
        }
        Act::Drop => tx.drop_draft(kind_name, name).await?,
        Act::Retire => {
            let versions = known.map(|known| known.versions).unwrap_or_default();
            for version in versions.iter().filter(|version| version.state == State::Published) {
                tx.retire(kind_name, name, version.version, actor).await?;
            }
        }
    }
    tx.commit().await?;
    tracing::info!(by = %staff.id, kind = kind_name, name, ?act, "a definition was changed");
    Ok(())
}
