//! Markdown and HTML say the same, and nothing that goes in is taken for markup.

use super::{Chapter, Part, Process};
use crate::page::sample::HOSTILE;
use crate::reader;

fn process(words: &str) -> Process {
    Process {
        organisation: words.to_owned(),
        version: "3f2a".to_owned(),
        last_updated: Some("25 November 2026".to_owned()),
        chapters: vec![Chapter {
            key: "identity".to_owned(),
            title: "Identity".to_owned(),
            parts: vec![
                Part::Heading(words.to_owned()),
                Part::Text(words.to_owned()),
                Part::List(vec![words.to_owned(), "# two".to_owned()]),
                Part::Table {
                    heads: vec!["Right".to_owned(), "By".to_owned()],
                    rows: vec![vec![words.to_owned(), "one | month".to_owned()]],
                },
            ],
        }],
    }
}

#[test]
fn markdown_reads_as_it_should() {
    let expected = "# How Acme Ltd answers data subject requests\n\n\
        Version 3f2a, last updated 25 November 2026.\n\n\
        ## Identity\n\n### Acme Ltd\n\nAcme Ltd\n\n- Acme Ltd\n- \\# two\n\n\
        | Right | By |\n| --- | --- |\n| Acme Ltd | one \\| month |\n";
    assert_eq!(process("Acme Ltd").markdown(), expected);
}

#[test]
fn what_goes_in_is_no_markup() {
    let markdown = process(HOSTILE).markdown();
    assert!(markdown.contains("\\<script\\>") && !markdown.contains("\n<script>"), "{markdown}");
    let html = process(HOSTILE).html().unwrap();
    let read = reader::read(&html).unwrap_or_else(|fault| panic!("{fault}"));
    assert!(read.elements.iter().all(|element| !["script", "img"].contains(&element.name.as_str())));
}
