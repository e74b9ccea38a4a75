//! What surrounds the console's pages: who is there, where they may go, and what was just done.

use habeas_core::access::{self, Action};
use habeas_core::definition::Entity;
use habeas_render::page::part::{Notice, Tone};
use habeas_render::page::{Brand, Chrome, Counts, Language, Place, Section, Staff as Shown};
use habeas_store::Read;
use habeas_store::requests::Filter;
use habeas_store::tasks::TaskFilter;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::App;
use crate::error::Result;
use crate::guard::Staff;
use crate::visit::Visit;

/// Returns what surrounds a page for a member of staff.
pub(super) async fn of(
    app: &App,
    visit: &Visit,
    staff: &Staff,
    section: Section,
    read: &mut Read,
) -> Result<Chrome> {
    let sees_requests = access::may(&staff.roles, Action::SeeRequests);
    let all = Filter { is_closed: Some(false), is_spam: Some(false), ..Filter::default() };
    let open = if sees_requests { read.count(&all, &staff.scope).await? } else { 0 };
    let mine = TaskFilter { taken_by: Some(staff.id), ..TaskFilter::default() };
    let my_tasks = read.list_open_tasks(&mine, &staff.scope).await?.len();
    let mut chrome = plain(app);
    chrome.csrf = visit.csrf(app);
    chrome.place = Place::Console(Some(Shown {
        name: staff.profile.name.clone(),
        section,
        sections: Section::ALL.iter().copied().filter(|section| may_open(staff, *section)).collect(),
        counts: Counts { open, my_tasks: u64::try_from(my_tasks).unwrap_or(u64::MAX), ..Counts::default() },
    }));
    Ok(chrome)
}

/// Returns what surrounds a page before the door.
pub(super) fn outside(app: &App, visit: &Visit) -> Chrome {
    Chrome { csrf: visit.csrf(app), ..plain(app) }
}

/// Returns what surrounds a page for nobody in particular.
pub(super) fn plain(app: &App) -> Chrome {
    let name = host(app).map_or("Habeas", |entity| &entity.title);
    Chrome {
        brand: Brand {
            name: name.to_owned(),
            home_url: None,
            privacy_url: None,
            contact_email: None,
            address: None,
        },
        language: Language::english(),
        languages: Vec::new(),
        csrf: String::new(),
        notices: Vec::new(),
        place: Place::Console(None),
    }
}

/// Adds a line on top of the page about what was just done or why it wasn't.
pub(super) fn tell(mut chrome: Chrome, tone: Tone, text: Option<String>) -> Chrome {
    chrome.notices.extend(text.map(|text| Notice::new(tone, text)));
    chrome
}

/// Returns the organisation whose days lists are counted in: the first.
pub(super) fn host(app: &App) -> Option<&Entity> {
    app.catalog.entities().next()
}

/// Returns the zone lists are shown in.
pub(super) fn zone(app: &App) -> TimeZone {
    host(app).map_or(TimeZone::UTC, |entity| entity.zone.clone())
}

/// Returns today's date for lists.
pub(super) fn today(app: &App) -> Date {
    app.now().to_zoned(zone(app)).date()
}

fn may_open(staff: &Staff, section: Section) -> bool {
    let action = match section {
        Section::Today => return true,
        Section::Requests => Action::SeeRequests,
        Section::Tasks => Action::DoTasks,
        Section::Sources => Action::SeeSources,
        Section::Activities | Section::Flows | Section::Laws | Section::Definitions => Action::SeeDefinitions,
        Section::Outbox => Action::SeeOutbox,
        Section::Holds => Action::SeeHolds,
        Section::Reports => Action::SeeReports,
        Section::Log => Action::SeeLog,
        Section::Find => Action::FileRequests,
        Section::Lists => Action::ManageLists,
        Section::Snippets => Action::ManageSnippets,
        Section::Users | Section::Checklist => Action::ManageUsers,
    };
    access::may(&staff.roles, action)
}
