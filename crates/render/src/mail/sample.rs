//! One letter of every kind, made up.

use jiff::civil::date;

use super::{
    About, AlreadyOpen, Closed, Code, CodePurpose, CodeReminder, Completed, DateNews, Digest, DigestPart,
    Extended, House, Letter, MessageArrived, NewRequest, News, Note, NothingHeld, Question, Ready, Receipt,
    Refusal, ReportReady, SourceFailing, StaffNote, TaskWaiting, VerificationExpired, Withdrawn,
};
use crate::page::portal::Authority;
use crate::page::sample::{at, due_on, explained, received};
use crate::text::{Day, Moment};

pub(super) fn house() -> House {
    House {
        organisation: "Northwind Trading".to_owned(),
        portal_url: "https://privacy.northwind.example".to_owned(),
        console_url: "https://console.northwind.example".to_owned(),
        contact_email: Some("privacy@northwind.example".to_owned()),
        address: Some("Northwind Trading Ltd, 1 Quay Street, Bristol BS1 4DJ, United Kingdom".to_owned()),
        authority: Some(Authority::sample()),
        language: "en".to_owned(),
    }
}

fn came_in() -> Moment {
    at(received(), 10, 30)
}

fn list(points: &[&str]) -> Vec<String> {
    points.iter().map(|point| (*point).to_owned()).collect()
}

fn remedies() -> Vec<String> {
    list(&[
        "You can complain to us: answer this mail.",
        "You can complain to the authority.",
        "You can go to court.",
    ])
}

pub(super) fn letters(words: &str) -> Vec<Letter> {
    let about = About {
        name: words.to_owned(),
        reference: "HB-7K3M-9QXD".to_owned(),
        what: "Get a copy of my data".to_owned(),
    };
    let mut letters = on_the_way(&about, words);
    letters.extend(at_the_end(&about, words));
    letters.extend(super::Handling::samples(&about, words).into_iter().map(Letter::Handling));
    letters.extend(to_staff(words));
    letters
}

fn on_the_way(about: &About, words: &str) -> Vec<Letter> {
    let about = || about.clone();
    let code =
        |purpose| Letter::Code(Code { about: about(), code: "493027".to_owned(), minutes: 10, purpose });
    vec![
        Letter::Receipt(Receipt {
            about: about(),
            received_at: came_in(),
            due: Some(explained()),
            needs_code: true,
            next: list(&[
                "We search our systems.",
                "A person looks over what was found.",
                "You get a mail when the reply is ready.",
            ]),
        }),
        Letter::AlreadyOpen(AlreadyOpen {
            about: about(),
            earlier_reference: "HB-2C4W-81TN".to_owned(),
            earlier_received_at: came_in(),
        }),
        code(CodePurpose::Identity),
        code(CodePurpose::SignIn),
        Letter::CodeReminder(CodeReminder { about: about(), until: Day(date(2026, 11, 22)) }),
        Letter::Question(Question {
            about: about(),
            by: Some(Day(date(2026, 11, 24))),
            is_reminder: false,
            pause: Some("The time for our reply stands still until you have answered.".to_owned()),
        }),
        Letter::Question(Question {
            about: about(),
            by: Some(Day(date(2026, 11, 24))),
            is_reminder: true,
            pause: None,
        }),
        Letter::MessageArrived(MessageArrived { about: about() }),
        Letter::Note(Note { about: about(), subject: words.to_owned(), text: words.to_owned() }),
        Letter::Extended(Extended {
            about: about(),
            from: due_on(),
            to: explained(),
            ground: "The request is complex".to_owned(),
            article: "Art. 12(3) UK GDPR".to_owned(),
            explanation: words.to_owned(),
            remedies: remedies(),
        }),
    ]
}

fn at_the_end(about: &About, words: &str) -> Vec<Letter> {
    let about = || about.clone();
    vec![
        Letter::Ready(Ready {
            about: about(),
            requested_at: came_in(),
            replied_at: at(date(2026, 12, 2), 15, 0),
            formats: "pages to read, JSON and CSV".to_owned(),
            size: 14_260_000,
            valid_until: at(date(2026, 12, 4), 15, 0),
            kept_until: Day(date(2027, 1, 1)),
            contents: list(&["Account and profile (Web shop)", "Orders and invoices (Web shop)"]),
            left_out: list(&["Backups: overwritten every 30 days and not searched by person."]),
            password: None,
        }),
        Letter::NothingHeld(NothingHeld {
            about: about(),
            searched: list(&["Web shop, 13 Nov 2026, 08:05", "Newsletter, 13 Nov 2026, 08:05"]),
            searched_with: "e-mail address".to_owned(),
            left_out: Vec::new(),
        }),
        Letter::Completed(Completed {
            about: about(),
            done: list(&["Your account and profile were deleted from the web shop."]),
            kept: list(&["Invoices stay for 6 years, since tax law says so (Companies Act 2006 s. 388)."]),
        }),
        Letter::Refusal(Refusal {
            about: about(),
            is_partial: false,
            grounds: list(&["Manifestly excessive (Art. 12(5)(b) UK GDPR)"]),
            explanation: words.to_owned(),
            remedies: remedies(),
            decided_by: "Grace Hopper, privacy officer".to_owned(),
        }),
        Letter::Closed(Closed {
            about: about(),
            ground: "Identity not proven (Art. 12(6) UK GDPR)".to_owned(),
            explanation: words.to_owned(),
            remedies: remedies(),
        }),
        Letter::Withdrawn(Withdrawn { about: about(), at: came_in() }),
    ]
}

fn to_staff(words: &str) -> Vec<Letter> {
    let reference = || "HB-7K3M-9QXD".to_owned();
    let title = || "Access, UK GDPR".to_owned();
    let news = [News::Answered, News::Unanswered, News::Near, News::Passed, News::TakenForRefusal];
    let news = news.map(|news| {
        let due_on = (news != News::Unanswered).then(due_on);
        Letter::DateNews(DateNews { reference: reference(), title: title(), news, due_on })
    });
    let mut letters = vec![
        Letter::NewRequest(NewRequest {
            reference: reference(),
            title: title(),
            channel: "portal".to_owned(),
            received_at: came_in(),
            due_on: Some(due_on()),
        }),
        Letter::TaskWaiting(TaskWaiting {
            task: "t1".to_owned(),
            name: words.to_owned(),
            reference: reference(),
            title: title(),
            role: "Legal".to_owned(),
            due_at: Some(at(date(2026, 11, 24), 17, 0)),
            is_overdue: true,
            is_reminder: false,
        }),
        Letter::StaffNote(StaffNote { reference: reference(), title: title(), text: words.to_owned() }),
        Letter::SourceFailing(SourceFailing {
            source: "archive".to_owned(),
            name: words.to_owned(),
            what: "The server refused the connection".to_owned(),
            since: at(date(2026, 11, 20), 8, 5),
            waiting_count: 2,
            next_at: Some(at(date(2026, 11, 22), 9, 5)),
        }),
        Letter::VerificationExpired(VerificationExpired {
            reference: reference(),
            title: title(),
            waiting_since: came_in(),
            due_on: Some(due_on()),
        }),
        Letter::Digest(Digest {
            name: words.to_owned(),
            on: Day(date(2026, 11, 23)),
            parts: vec![
                DigestPart {
                    title: "Overdue".to_owned(),
                    lines: vec!["HB-7K3M-9QXD, Access, UK GDPR: 2 days past its date".to_owned()],
                    more_count: 0,
                },
                DigestPart {
                    title: "Nobody's".to_owned(),
                    lines: list(&["HB-2C4W-81TN, Deletion, UK GDPR: for 5 days", words]),
                    more_count: 1_200,
                },
            ],
        }),
        Letter::ReportReady(ReportReady {
            name: words.to_owned(),
            title: "Requests by law and month".to_owned(),
            from: Day(date(2026, 10, 1)),
            to: Day(date(2026, 10, 31)),
            path: "/console/reports/2026-10".to_owned(),
        }),
    ];
    letters.extend(news);
    letters
}
