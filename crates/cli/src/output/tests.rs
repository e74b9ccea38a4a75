//! What reaches the terminal, and what doesn't.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::{Output, Table, Tone};

#[derive(Clone, Default)]
struct Sink {
    seen: Arc<Mutex<Vec<u8>>>,
    fails_with: Option<io::ErrorKind>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(kind) = self.fails_with {
            return Err(kind.into());
        }
        self.seen.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn output(sink: &Sink, has_colour: bool) -> Output {
    Output { to: Box::new(sink.clone()), has_colour, is_closed: false }
}

fn check(has_colour: bool, expected: &str, print: impl FnOnce(&mut Output) -> anyhow::Result<()>) {
    let sink = Sink::default();
    print(&mut output(&sink, has_colour)).unwrap();
    assert_eq!(String::from_utf8(sink.seen.lock().unwrap().clone()).unwrap(), expected);
}

#[test]
fn escapes_from_a_source_never_reach_the_terminal() {
    check(true, "a\u{fffd}[31mb\u{fffd}c\n", |out| out.line("a\x1b[31mb\u{202e}c"));
    check(false, "two\nlines\n", |out| out.line("two\nlines"));
}

#[test]
fn colours_only_where_asked_for() {
    check(true, "\x1b[31mbad\x1b[0m\n", |out| out.toned(Tone::Bad, "bad"));
    check(false, "bad\n", |out| out.toned(Tone::Bad, "bad"));
}

#[test]
fn tables_align_and_keep_cells_on_one_line() {
    check(false, "name    count\naé      1\nlonger  2 3\n", |out| {
        let mut table = Table::new(["name", "count"]);
        table.row(["aé", "1"]);
        table.row(["longer", "2\n3"]);
        out.table(&table)
    });
}

#[test]
fn json_is_indented_and_ends_its_line() {
    check(false, "{\n  \"a\": 1\n}\n", |out| out.json(&serde_json::json!({ "a": 1 })));
}

#[test]
fn a_reader_who_left_does_not_stop_the_work() {
    let gone = Sink { fails_with: Some(io::ErrorKind::BrokenPipe), ..Sink::default() };
    let mut out = output(&gone, false);
    out.line("one").unwrap();
    out.line("two").unwrap();
}

#[test]
fn a_full_disk_is_an_error() {
    let full = Sink { fails_with: Some(io::ErrorKind::StorageFull), ..Sink::default() };
    assert!(output(&full, false).line("one").is_err());
}
