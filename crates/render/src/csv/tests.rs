//! What goes through the writer reads back the same, and nothing in it runs.

use proptest::prelude::*;

use super::{Writer, neutralised};

fn check(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes);
    for row in rows {
        writer.row(row).unwrap();
    }
    writer.finish().unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&bytes[..]);
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn formulas_become_text() {
    for hostile in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "＝1", "\u{feff}=1"] {
        let read = check(&[vec![hostile.to_owned()]]);
        assert_eq!(read, vec![vec![format!("'{hostile}")]]);
    }
}

#[test]
fn lines_end_as_the_standard_says() {
    let mut bytes = Vec::new();
    let mut writer = Writer::new(&mut bytes);
    writer.row(["a,b", "say \"hi\"", "two\r\nlines", ""]).unwrap();
    writer.finish().unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), "\"a,b\",\"say \"\"hi\"\"\",\"two\r\nlines\",\r\n");
}

#[test]
fn a_row_of_another_length_is_refused() {
    let mut writer = Writer::new(Vec::new());
    writer.row(["a", "b"]).unwrap();
    assert!(writer.row(["only one"]).is_err());
}

proptest! {
    #[test]
    fn what_is_written_reads_back(rows in prop::collection::vec(prop::collection::vec(".*", 3), 1..8)) {
        let read = check(&rows);
        let expected: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|f| neutralised(f).into_owned()).collect()).collect();
        prop_assert_eq!(&read, &expected);
        for field in read.iter().flatten() {
            prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\0']));
        }
    }
}
