//! Mails say the same in both parts, carry nothing they should not, and can't be bent by what goes in.

use super::{About, Code, CodePurpose, House, Letter, Mail, MessageArrived};
use crate::page::sample::HOSTILE;
use crate::reader;

fn check(letter: &Letter) -> Mail {
    let mail = letter.render(&House::sample()).unwrap();
    let kind = letter.kind();
    assert!(
        !mail.subject.is_empty() && !mail.subject.contains(['\r', '\n', '\u{202e}']),
        "{kind}: {:?}",
        mail.subject
    );
    let read = reader::read(&mail.html).unwrap_or_else(|fault| panic!("{kind}: {fault}"));
    for element in &read.elements {
        assert!(
            !["script", "img", "style", "link", "form", "iframe"].contains(&element.name.as_str()),
            "{kind}: {}",
            element.name
        );
        assert!(element.attributes.keys().all(|name| !name.starts_with("on")), "{kind}");
        if let Some(address) = element.attribute("href") {
            let is_ours = [
                "https://privacy.northwind.example",
                "https://console.northwind.example",
                "mailto:privacy@northwind.example",
            ];
            assert!(is_ours.iter().any(|ours| address.starts_with(ours)), "{kind}: {address}");
            assert!(!address.contains(['?', '&', '=']), "{kind}: {address} carries something");
        }
    }
    for (place, words) in &read.texts {
        assert!(
            !words.contains('\u{202e}') || read.is_within(*place, &["bdi", "title"]),
            "{kind}: {words:?}"
        );
    }
    assert!(!mail.text.contains('\u{202e}'), "{kind}");
    for line in mail.text.lines() {
        assert!(
            line.chars().count() <= 72 || line.split_whitespace().any(|word| word.chars().count() > 30),
            "{kind}: {line:?}"
        );
    }
    mail
}

#[test]
fn every_letter_is_sound() {
    for letter in Letter::samples() {
        let mail = check(&letter);
        assert!(mail.text.contains("Northwind Trading"), "{}", letter.kind());
    }
}

#[test]
fn both_parts_say_the_same() {
    for letter in Letter::samples().iter().take(26) {
        let mail = check(letter);
        let read = reader::read(&mail.html).unwrap();
        for (place, words) in &read.texts {
            if read.is_within(*place, &["title"]) {
                continue;
            }
            let flat =
                |text: &str| text.replace("\n> ", " ").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(flat(&mail.text).contains(&flat(words)), "{}: the text lacks {words:?}", letter.kind());
        }
    }
}

#[test]
fn a_name_with_line_breaks_adds_no_header_and_no_line() {
    let about = About {
        name: "Ada\r\nBcc: everybody@example.org".to_owned(),
        reference: "HB-1\r\nX-Evil: 1".to_owned(),
        what: HOSTILE.to_owned(),
    };
    let mail = check(&Letter::MessageArrived(MessageArrived { about }));
    assert_eq!(mail.subject, "A message about your request HB-1 X-Evil: 1");
    assert!(mail.text.starts_with("Hello Ada Bcc: everybody@example.org,\n"));
}

#[test]
fn a_code_stands_in_the_mail_but_not_in_its_subject() {
    let about = About { name: String::new(), reference: "HB-7K3M-9QXD".to_owned(), what: String::new() };
    let code = Code { about, code: "493027".to_owned(), minutes: 10, purpose: CodePurpose::SignIn };
    let mail = check(&Letter::Code(code));
    assert!(!mail.subject.contains("493027"));
    assert!(mail.text.contains("\n    493027\n") && mail.html.contains("493027"));
    assert!(mail.text.starts_with("Hello,\n"));
}

#[test]
fn the_reply_says_what_the_law_and_people_want_to_know() {
    let letters = Letter::samples();
    let ready = letters.iter().find(|letter| letter.kind() == "ready").unwrap();
    let mail = check(ready);
    for words in [
        "Thursday 12 November 2026, 10:30 (Europe/London)",
        "14.2 MB",
        "Friday 4 December 2026, 15:00 (Europe/London)",
        "https://privacy.northwind.example/my/reply",
        "Orders and invoices (Web shop)",
        "Backups: overwritten every 30 days",
        "Information Commissioner's Office",
        "correct or delete your data",
    ] {
        assert!(mail.text.contains(words), "{words}");
    }
}
