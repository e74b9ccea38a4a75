//! Pages: what they have in common.
//!
//! A page is a struct of plain data in `portal` or `console`, one file each, with its template beside it
//! under `templates/`. [`document`] sets it into the layout of the place it belongs to. Every page has
//! samples, hostile ones among them, and one test renders them all and checks what must hold of any
//! page. Contexts hold personal data: they have no `Debug`.

mod chrome;
pub mod console;
pub mod every;
pub mod part;
mod paths;
pub mod portal;
mod problem;
pub mod sample;

pub use chrome::{Brand, Chrome, Counts, Language, LanguageLink, Place, Section, Staff};
pub use paths::{Audience, PATHS, Route};
pub use problem::{Problem, ProblemKind};

use askama::Template;

use crate::text::{self, Html};
use crate::{Error, asset};
use part::FieldError;

/// What one page is.
pub trait Page: Sized {
    /// Returns the page's own part of the document title.
    fn title(&self) -> String;

    /// Renders what stands in `<main>`.
    fn body(&self, chrome: &Chrome) -> Result<String, Error>;

    /// Returns examples: typical, empty and hostile.
    fn samples() -> Vec<Self>;

    /// Returns the wrong fields, for the summary on top of the page.
    fn errors(&self) -> Vec<FieldError> {
        Vec::new()
    }

    /// Returns the scripts that make the page pleasanter, by their asset names.
    fn scripts(&self) -> &'static [&'static str] {
        &[]
    }

    /// Returns how wide the page is.
    fn width(&self) -> Width {
        Width::Reading
    }
}

/// How much room the content of a page takes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// One column of comfortable line length.
    Reading,
    /// Two columns or a table.
    Wide,
    /// The whole window.
    Full,
}

impl Width {
    fn class(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Wide => "wide",
            Self::Full => "full",
        }
    }
}

/// Renders a whole HTML document.
pub fn document<P: Page>(chrome: &Chrome, page: &P) -> Result<String, Error> {
    let inner = Inner {
        title: page.title(),
        body: Html::new(page.body(chrome)?),
        errors: page.errors(),
        scripts: page.scripts(),
        width: page.width(),
    };
    inner.into_document(chrome)
}

struct Inner {
    title: String,
    body: Html,
    errors: Vec<FieldError>,
    scripts: &'static [&'static str],
    width: Width,
}

impl Inner {
    fn into_document(self, chrome: &Chrome) -> Result<String, Error> {
        let inner = &self;
        match &chrome.place {
            Place::Portal { .. } => PortalLayout { chrome, inner }
                .render()
                .map_err(|error| Error::new("layout/portal.html", error)),
            Place::Console(Some(staff)) => ConsoleLayout { chrome, staff, inner }
                .render()
                .map_err(|error| Error::new("layout/console.html", error)),
            Place::Console(None) => {
                DoorLayout { chrome, inner }.render().map_err(|error| Error::new("layout/door.html", error))
            }
        }
    }
}

#[derive(Template)]
#[template(path = "layout/portal.html")]
struct PortalLayout<'a> {
    chrome: &'a Chrome,
    inner: &'a Inner,
}

#[derive(Template)]
#[template(path = "layout/console.html")]
struct ConsoleLayout<'a> {
    chrome: &'a Chrome,
    staff: &'a Staff,
    inner: &'a Inner,
}

#[derive(Template)]
#[template(path = "layout/door.html")]
struct DoorLayout<'a> {
    chrome: &'a Chrome,
    inner: &'a Inner,
}

/// Writes the `body` of a [`Page`]: a template that sees the page as `page` and the chrome as `chrome`.
macro_rules! view {
    ($page:ty, $path:tt) => {
        fn body(&self, chrome: &$crate::page::Chrome) -> Result<String, $crate::Error> {
            #[derive(askama::Template)]
            #[template(path = $path)]
            struct View<'a> {
                page: &'a $page,
                chrome: &'a $crate::page::Chrome,
            }
            let view = View { page: self, chrome };
            let _ = (view.page, view.chrome); // a template need not use both
            askama::Template::render(&view).map_err(|error| $crate::Error::new($path, error))
        }
    };
}
pub(crate) use view;

#[cfg(test)]
mod tests;
