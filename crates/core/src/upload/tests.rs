//! What is taken, and what isn't.

use super::*;

#[test]
fn a_file_is_taken_where_its_name_and_its_start_agree() {
    for (name, head, expected) in [
        ("contract.pdf", &b"%PDF-1.7"[..], Some("application/pdf")),
        ("CONTRACT.PDF", b"%PDF-1.7", Some("application/pdf")),
        ("contract.pdf", b"MZ\x90\0", None),
        ("photo.jpg", b"\xFF\xD8\xFF\xE0", Some("image/jpeg")),
        ("photo.png", b"\xFF\xD8\xFF\xE0", None),
        ("list.csv", b"name,city\nAda,London", Some("text/csv")),
        ("list.csv", b"name\0city", None),
        ("wide.txt", b"\xFF\xFEa\0b\0", Some("text/plain")),
        ("page.html", b"<html>", None),
        ("page.txt", b"  <!DOCTYPE html>", None),
        ("drawing.xml", b"<svg onload=alert(1)>", None),
        ("run.txt", b"#!/bin/sh", None),
        ("call.m4a", b"\0\0\0\x20ftypM4A ", Some("audio/mp4")),
        (
            "table.xlsx",
            b"PK\x03\x04",
            Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        ("none", b"%PDF-1.7", None),
        ("program.exe", b"MZ", None),
    ] {
        assert_eq!(media_type(name, head), expected, "{name}");
    }
}

#[test]
fn a_name_can_neither_leave_its_folder_nor_forge_a_header() {
    for (sent, expected) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ada\\file.pdf", "file.pdf"),
        ("a\r\nX: y\".pdf", "aX: y.pdf"),
        (".htaccess.txt", "htaccess.txt"),
        ("\u{202e}fdp.txt", "fdp.txt"),
    ] {
        assert_eq!(file_name(sent), expected);
    }
    let long = format!("{}.pdf", "a".repeat(500));
    assert_eq!(file_name(&long), format!("{}.pdf", "a".repeat(NAME_MAX - 4)));
}
