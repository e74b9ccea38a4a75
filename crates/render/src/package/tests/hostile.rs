//! A hostile record can't do anything in any file of the package.

use habeas_core::value::Value;

use super::{Making, record, text};

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onmouseover='alert(1)",
    "{{7*7}} {% raw %} ${7*7} #{7*7}",
    "=HYPERLINK(\"http://evil.test\",\"x\")",
    "+1234",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\u{202e}gpj.exe\u{2066}",
    "nul\0 bell\u{7} escape\u{1b}[31m",
    "</dd></dl></main><h1>forged</h1>",
    "javascript:alert(1)",
    "]]></style><!--",
];

fn making() -> Making {
    let mut records = Vec::new();
    for (id, words) in HOSTILE.iter().enumerate() {
        let fields = [
            (*words, text(words)),
            ("nested", Value::Object(vec![((*words).into(), Value::Array(vec![text(words)]))])),
            ("document", Value::Json(serde_json::json!({*words: words}).to_string())),
        ];
        records.push(record(id as u64, (words, words), &fields));
    }
    let odd = [
        ("nan", Value::Float(f64::NAN)),
        ("bytes", Value::Bytes(vec![0; 64])),
        ("bad", Value::TextBytes(vec![0xff, b'<'])),
        ("decimal", Value::Decimal("99999999999999999999.999999999999".into())),
        ("date", Value::Date("0044-03-15 BC".into())),
        ("huge", Value::Text("x<".repeat(2_000_000))),
        ("deep", Value::Json(format!("{}{}", "[".repeat(500), "]".repeat(500)))),
    ];
    records.push(record(1_000, ("odd", "odd"), &odd));
    let mut making = Making::of(records);
    for collection in &mut making.input.collections {
        collection.name = format!("{} {}", HOSTILE[0], HOSTILE[1]);
        collection.source_name = HOSTILE[6].to_owned();
    }
    making.input.controller.name = format!("{}\nforged line", HOSTILE[0]);
    making.input.controller.contact = vec![HOSTILE[1].to_owned()];
    making.input.name = habeas_core::pii::Pii::new(HOSTILE[0].to_owned());
    for entry in &mut making.input.register.processing {
        entry.name = HOSTILE[12].to_owned();
        entry.description = Some(HOSTILE[2].to_owned());
    }
    making
}

fn kind(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or_default()
}

#[test]
fn nothing_in_a_page_runs_or_breaks_out() {
    for (path, content) in making().unpacked() {
        if kind(&path) != "html" {
            continue;
        }
        let lower = content.to_lowercase();
        assert!(!lower.contains("<script"), "{path}");
        assert!(!lower.contains("<img") && !lower.contains("onerror=a\""), "{path}");
        assert!(!lower.contains("<h1>forged"), "{path}");
        assert!(!lower.contains("href=\"javascript:"), "{path}");
        assert!(!content.contains('\u{202e}') && !content.contains('\u{2066}'), "{path}: turned text");
        assert!(!content.contains('\0') && !content.contains('\u{1b}'), "{path}: control characters");
        assert_eq!(lower.matches("<main").count(), 1, "{path}");
        assert_eq!(lower.matches("</main>").count(), 1, "{path}");
        assert_no_event_attributes(&path, &content);
        assert!(!content.contains(" 49 ") && !content.contains(">49<"), "{path}: a template was run");
    }
}

/// Walks the tags and looks at what stands in them outside quotes.
fn assert_no_event_attributes(path: &str, html: &str) {
    for tag in html.split('<').skip(1) {
        let mut quoted = false;
        let mut bare = String::new();
        for c in tag.chars() {
            match c {
                '"' => quoted = !quoted,
                '>' if !quoted => break,
                c if !quoted => bare.push(c),
                _ => {}
            }
        }
        let mut words = bare.split_whitespace();
        assert!(!words.any(|word| word.starts_with("on")), "{path}: {bare}");
    }
}

#[test]
fn huge_values_are_cut_on_pages_and_whole_in_the_data() {
    let files = making().unpacked();
    assert!(files["index.html"].len() < 400_000);
    assert!(files["index.html"].contains("Cut here; all of it is in the data file"));
    assert!(files["data/odd/odd.json"].len() > 4_000_000);
}

#[test]
fn no_cell_is_a_formula() {
    for (path, content) in making().unpacked() {
        if kind(&path) != "csv" {
            continue;
        }
        let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(content.as_bytes());
        for cell in
            reader.records().flat_map(|record| record.unwrap().iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\0']), "{path}: {cell:?}");
        }
    }
}

#[test]
fn every_path_stays_in_its_folder() {
    let (bytes, built) = making().build().unwrap();
    for file in &built.files {
        let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_./".contains(c);
        assert!(file.path == "README.txt" || file.path.chars().all(safe), "{}", file.path);
        assert!(!file.path.starts_with('/') && !file.path.contains(".."), "{}", file.path);
    }
    let archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    assert!(!archive.has_duplicate_names());
}

#[test]
fn json_is_the_exact_copy() {
    let files = making().unpacked();
    let all: Vec<serde_json::Value> = files
        .iter()
        .filter(|(path, _)| path.starts_with("data/") && kind(path) == "json")
        .flat_map(|(_, content)| serde_json::from_str::<Vec<serde_json::Value>>(content).unwrap())
        .collect();
    for words in HOSTILE {
        assert!(all.iter().any(|row| row.get(words).is_some_and(|value| value == words)), "{words:?}");
    }
}

#[test]
fn a_name_cannot_forge_a_line_of_what_is_signed() {
    let (bytes, _) = making().build().unwrap();
    let manifest: super::super::Manifest =
        serde_json::from_str(&super::unpack(&bytes)["manifest.json"]).unwrap();
    assert!(manifest.is_signed_by(&super::signer().verifying_key()));
    let lines = manifest.listing().lines().filter(|line| line.starts_with("controller ")).count();
    assert_eq!(lines, 1);
}
