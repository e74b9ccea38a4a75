//! A QR code as inline SVG, drawn by us so that it needs neither script nor style.

use qrcode::{Color, EcLevel, QrCode};

use crate::text::Html;

/// Returns the QR code of a text as SVG with the given accessible name; empty if the text is too long.
pub fn qr_svg(content: &str, name: &str) -> Html {
    let Ok(code) = QrCode::with_error_correction_level(content.as_bytes(), EcLevel::M) else {
        return Html::new(String::new());
    };
    let width = code.width();
    let mut path = String::new();
    for (place, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            use std::fmt::Write as _;
            let _ = write!(path, "M{} {}h1v1h-1z", place % width + 4, place / width + 4);
        }
    }
    let side = width + 8;
    let name: String = name.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect();
    Html::new(format!(
        "<svg class=\"qr\" role=\"img\" aria-label=\"{name}\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path class=\"qr-paper\" d=\"M0 0h{side}v{side}H0z\"/><path class=\"qr-ink\" d=\"{path}\"/></svg>"
    ))
}
