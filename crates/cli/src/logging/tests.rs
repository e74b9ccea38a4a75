//! An entry is one line, whatever stands in it.

use std::sync::{Arc, Mutex};

use super::*;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn what_others_said_forges_no_entry() {
    let said = "gone\r\n2027-01-31T10:00:00Z  INFO habeas: forged\u{85}\u{2028}\u{1b}[2K\u{0}end";
    for is_json in [false, true] {
        let kept = Kept::default();
        let to = kept.clone();
        let builder = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || OneLine { to: to.clone(), is_coloured: false });
        let log = || {
            tracing::warn!(cause = said, "a source failed: {said}");
            tracing::warn!(cause = %said, "and again");
        };
        if is_json {
            tracing::subscriber::with_default(builder.json().finish(), log);
        } else {
            tracing::subscriber::with_default(builder.finish(), log);
        }
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 2, "{text:?}");
        assert_eq!(text.matches("forged").count(), 3, "nothing is left out");
        let odd = |c: &char| c.is_control() && *c != '\n' || matches!(c, '\u{2028}' | '\u{2029}');
        assert_eq!(text.chars().find(odd), None, "{text:?}");
    }
}

#[test]
fn colours_of_our_own_stay() {
    assert_eq!(one_line("\u{1b}[32m INFO\u{1b}[0m a\nb\n", true), "\u{1b}[32m INFO\u{1b}[0m a\\nb\n");
    assert_eq!(one_line("a\tb", false), "a\tb");
}
