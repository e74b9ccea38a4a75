//! Writing scalars that read back as they were.

/// Returns a text as a scalar in double quotes, which every YAML reader takes as text.
pub fn quoted(text: &str) -> String {
    // JSON's strings are YAML's double-quoted ones, but for what YAML takes as line breaks.
    let json = serde_json::Value::from(text).to_string();
    json.replace('\u{85}', "\\u0085").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}
