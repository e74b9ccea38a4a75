//! What surrounds the portal's pages: whose they are, and whether somebody is signed in.

use habeas_core::definition::Entity;
use habeas_render::page::{Brand, Chrome, Language, Place};

use crate::App;
use crate::visit::Visit;

/// Returns the chrome of a page of an organisation; with the reference, of a request signed in to.
pub(super) fn of(app: &App, visit: &Visit, entity: Option<&Entity>, reference: Option<&str>) -> Chrome {
    let mut chrome = around(entity.or_else(|| host(app)));
    chrome.csrf = visit.csrf(app);
    chrome.place = Place::Portal { reference: reference.map(str::to_owned) };
    chrome
}

/// Returns the chrome of a page without a form, such as one about a problem.
pub(crate) fn plain(app: &App) -> Chrome {
    around(host(app))
}

/// Returns whose portal this is: the organisation that the first activity is asked of.
pub(super) fn host(app: &App) -> Option<&Entity> {
    let first = app.catalog.offered().next();
    first.and_then(|activity| app.catalog.entity(&activity.entity)).or_else(|| app.catalog.entities().next())
}

fn around(entity: Option<&Entity>) -> Chrome {
    let brand = Brand {
        name: entity.map_or_else(|| "Your privacy".to_owned(), |entity| entity.title.clone()),
        home_url: None,
        privacy_url: None,
        contact_email: entity.map(|entity| entity.contact_email.clone()),
        address: entity.map(|entity| entity.address.clone()).filter(|address| !address.is_empty()),
    };
    Chrome {
        brand,
        language: Language::english(),
        languages: Vec::new(),
        csrf: String::new(),
        notices: Vec::new(),
        place: Place::Portal { reference: None },
    }
}
