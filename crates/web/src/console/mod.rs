//! What staff see: one file a route.

use habeas_render::page::{Brand, Chrome, Language, Place};

use crate::App;
use crate::routes::Route;

/// The purpose of the one-time token by which the first member of staff signs in.
pub const FIRST_USER: &str = "first_user";

/// The console's routes.
pub(crate) static ROUTES: &[Route] = &[];

/// Returns what surrounds a page for nobody in particular: before the door, and where something went wrong.
pub(crate) fn plain_chrome(app: &App) -> Chrome {
    let name = app.catalog.entities().next().map_or("Habeas", |entity| &entity.title);
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
