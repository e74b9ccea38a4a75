//! Files people hand in: which types are taken, and whether a name and what stands in the file agree.
//!
//! What is taken is documented in the manuals. A page or a program is never taken: nothing handed in may run anywhere.

/// So many bytes from the start of a file tell its type.
pub const HEAD: usize = 512;

/// How the start of a file looks.
#[derive(Clone, Copy)]
enum Looks {
    /// It starts so.
    Starts(&'static [&'static [u8]]),
    /// This stands some bytes after the start.
    At(usize, &'static [u8]),
    /// It is text.
    Text,
}

const ZIP: Looks = Looks::Starts(&[b"PK\x03\x04", b"PK\x05\x06"]);
const OLE: Looks = Looks::Starts(&[b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]);

/// Extension, type, and how such a file looks.
const TYPES: [(&str, &str, Looks); 30] = [
    ("pdf", "application/pdf", Looks::Starts(&[b"%PDF-"])),
    ("png", "image/png", Looks::Starts(&[b"\x89PNG\r\n\x1a\n"])),
    ("jpg", "image/jpeg", Looks::Starts(&[b"\xFF\xD8\xFF"])),
    ("jpeg", "image/jpeg", Looks::Starts(&[b"\xFF\xD8\xFF"])),
    ("gif", "image/gif", Looks::Starts(&[b"GIF87a", b"GIF89a"])),
    ("tif", "image/tiff", Looks::Starts(&[b"II*\0", b"MM\0*"])),
    ("tiff", "image/tiff", Looks::Starts(&[b"II*\0", b"MM\0*"])),
    ("txt", "text/plain", Looks::Text),
    ("md", "text/markdown", Looks::Text),
    ("csv", "text/csv", Looks::Text),
    ("tsv", "text/tab-separated-values", Looks::Text),
    ("json", "application/json", Looks::Text),
    ("xml", "application/xml", Looks::Text),
    ("eml", "message/rfc822", Looks::Text),
    ("ics", "text/calendar", Looks::Text),
    ("vcf", "text/vcard", Looks::Text),
    ("zip", "application/zip", ZIP),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ZIP),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ZIP),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", ZIP),
    ("odt", "application/vnd.oasis.opendocument.text", ZIP),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", ZIP),
    ("doc", "application/msword", OLE),
    ("xls", "application/vnd.ms-excel", OLE),
    ("msg", "application/vnd.ms-outlook", OLE),
    ("wav", "audio/wav", Looks::Starts(&[b"RIFF"])),
    ("mp3", "audio/mpeg", Looks::Starts(&[b"ID3", b"\xFF\xFB", b"\xFF\xF3", b"\xFF\xF2"])),
    ("m4a", "audio/mp4", Looks::At(4, b"ftyp")),
    ("mp4", "video/mp4", Looks::At(4, b"ftyp")),
    ("ogg", "audio/ogg", Looks::Starts(&[b"OggS"])),
];

/// Returns the type of a file by its name, where its first bytes agree; none for what isn't taken.
pub fn media_type(name: &str, head: &[u8]) -> Option<&'static str> {
    let extension = name.rsplit_once('.')?.1.to_ascii_lowercase();
    let (_, kind, looks) = TYPES.iter().find(|(known, _, _)| *known == extension)?;
    let agrees = match looks {
        Looks::Starts(starts) => starts.iter().any(|start| head.starts_with(start)),
        Looks::At(place, mark) => head.get(*place..).is_some_and(|rest| rest.starts_with(mark)),
        Looks::Text => is_text(head),
    };
    agrees.then_some(*kind)
}

/// Text has no NUL, unless it says by its first bytes that its letters have two, and is no page or program.
fn is_text(head: &[u8]) -> bool {
    let is_wide = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    let start: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).take(16).collect();
    let start = start.to_ascii_lowercase();
    let is_active = [&b"<!doctype"[..], b"<html", b"<script", b"<svg", b"mz\x90", b"\x7felf", b"#!"]
        .iter()
        .any(|mark| start.starts_with(mark));
    !is_active && (is_wide || !head.contains(&0))
}

/// Returns the last part of a name as a file may be called, without folders and what steers terminals or headers.
pub fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or(sent);
    let is_kept =
        |c: &char| !c.is_control() && !matches!(c, '"' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let name: String = last.chars().filter(is_kept).collect();
    let name = name.trim().trim_start_matches('.');
    let count = name.chars().count();
    // Of a name that is too long the end stays, which says the type.
    name.chars().skip(count.saturating_sub(NAME_MAX)).collect()
}

/// The longest name, in characters.
const NAME_MAX: usize = 150;

#[cfg(test)]
mod tests;
