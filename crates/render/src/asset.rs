//! Styles and scripts, embedded in the binary and served under names that carry their hash.
//!
//! A name changes with its content, so answers may be cached for ever. There is one stylesheet, put
//! together from the parts in `assets/css/`; each script is one file, is optional to the page that names
//! it, and talks to nobody but our own origin.

use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

/// The path under which assets are served.
pub const PREFIX: &str = "/assets/";

/// One file as it is served.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// The file's bytes.
    pub bytes: &'static [u8],
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// The value of `ETag`, quotes included.
    pub etag: &'static str,
}

struct Entry {
    name: &'static str,
    url: String,
    etag: String,
    bytes: &'static [u8],
    content_type: &'static str,
}

const CSS: &str = "text/css; charset=utf-8";
const JS: &str = "text/javascript; charset=utf-8";

const FILES: &[(&str, &str, &str)] = &[
    (
        "app.css",
        CSS,
        concat!(
            include_str!("assets/css/tokens.css"),
            include_str!("assets/css/base.css"),
            include_str!("assets/css/form.css"),
            include_str!("assets/css/part.css"),
            include_str!("assets/css/portal.css"),
            include_str!("assets/css/console.css"),
            include_str!("assets/css/review.css"),
            include_str!("assets/css/flow.css"),
            include_str!("assets/css/print.css"),
        ),
    ),
    ("copy.js", JS, include_str!("assets/copy.js")),
    ("flow.js", JS, include_str!("assets/flow.js")),
    ("import.js", JS, include_str!("assets/import.js")),
    ("pow.js", JS, include_str!("assets/pow.js")),
    ("refresh.js", JS, include_str!("assets/refresh.js")),
    ("review.js", JS, include_str!("assets/review.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

/// The plain names of all assets.
pub const NAMES: &[&str] =
    &["app.css", "copy.js", "flow.js", "import.js", "pow.js", "refresh.js", "review.js", "icon.svg"];

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| FILES.iter().map(entry).collect());

fn entry((name, content_type, text): &(&'static str, &'static str, &'static str)) -> Entry {
    let digest = hex::encode(Sha256::digest(text.as_bytes()));
    let short = digest.get(..16).unwrap_or_default();
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    Entry {
        name,
        url: format!("{PREFIX}{stem}.{short}.{ending}"),
        etag: format!("\"{short}\""),
        bytes: text.as_bytes(),
        content_type,
    }
}

/// Returns the file served at a path such as `/assets/app.0123456789abcdef.css`.
pub fn lookup(path: &str) -> Option<Asset> {
    let entry = ENTRIES.iter().find(|entry| entry.url == path)?;
    Some(Asset { bytes: entry.bytes, content_type: entry.content_type, etag: &entry.etag })
}

/// Returns the path of an asset by its plain name; an unknown name gives an empty path, which a test of
/// all pages guards against.
pub fn url(name: &str) -> &'static str {
    ENTRIES.iter().find(|entry| entry.name == name).map_or("", |entry| &entry.url)
}

#[cfg(test)]
mod tests;
