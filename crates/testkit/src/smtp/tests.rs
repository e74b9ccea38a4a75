//! The server takes mails as senders send them, and fails as asked.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpStream;

use super::MailServer;

/// Sends one mail and returns the first digit of each answer; `-` where the connection broke.
fn send(server: &MailServer, body: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port())).unwrap();
    let mut answers = BufReader::new(stream.try_clone().unwrap()).lines();
    let mut digits = String::new();
    let content = format!("{body}\r\n.");
    for said in
        ["", "HELO me", "MAIL FROM:<ann@example.org> SIZE=9", "RCPT TO:<bo@example.org>", "DATA", &content]
    {
        if !said.is_empty() {
            write!(stream, "{said}\r\n").unwrap();
        }
        let answer = answers.next().and_then(Result::ok);
        digits.push(answer.and_then(|line| line.chars().next()).unwrap_or('-'));
    }
    digits
}

const MAIL: &str = "Subject: Your\r\n request\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n..dotted";

#[test]
fn mails_are_kept_as_they_were_sent() {
    let server = MailServer::start().unwrap();
    assert_eq!(send(&server, MAIL), "222232");
    let mails = server.mails();
    assert_eq!(mails.len(), 1);
    assert_eq!(
        (mails[0].from.as_str(), mails[0].to.as_slice()),
        ("ann@example.org", &["bo@example.org".to_owned()][..])
    );
    assert_eq!(mails[0].header("subject").as_deref(), Some("Your request"));
    assert!(mails[0].raw.ends_with("\n\nHello\n.dotted\n"), "{}", mails[0].raw);
}

#[test]
fn a_refused_mail_is_not_kept_and_the_next_one_is() {
    let server = MailServer::start().unwrap();
    server.refuse_next(1);
    assert_eq!(send(&server, MAIL), "222234");
    assert!(server.mails().is_empty());
    assert_eq!(send(&server, MAIL), "222232");
    assert_eq!(server.mails().len(), 1);
}

#[test]
fn a_mail_may_be_taken_without_the_sender_being_told() {
    let server = MailServer::start().unwrap();
    server.break_after_next(1);
    assert_eq!(send(&server, MAIL), "22223-");
    assert_eq!(server.mails().len(), 1);
}
