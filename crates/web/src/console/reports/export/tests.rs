//! Pieces of a file put together are a whole file, however the lines fall on them.

use super::*;

fn entries(count: usize) -> Vec<Entry> {
    (0..count).map(|number| Entry { reference: format!("HB-{number}"), ..Entry::default() }).collect()
}

#[test]
fn a_list_in_pieces_is_a_list() {
    for sizes in [vec![], vec![0], vec![2], vec![0, 1, 0, 2], vec![1, 1]] {
        let (mut whole, mut is_first) = (Vec::new(), true);
        for size in &sizes {
            whole.extend(json(&entries(*size), is_first, false).unwrap());
            is_first &= *size == 0;
        }
        whole.extend(json(&[], is_first, true).unwrap());
        let read: Vec<serde_json::Value> = serde_json::from_slice(&whole).unwrap();
        assert_eq!(read.len(), sizes.iter().sum::<usize>(), "{sizes:?}");
    }
}

#[test]
fn a_table_has_its_heads_once() {
    let whole = [csv(&entries(1), true).unwrap(), csv(&entries(2), false).unwrap()].concat();
    let text = String::from_utf8(whole).unwrap();
    assert_eq!(text.lines().count(), 4);
    assert!(text.starts_with("reference,received_on,"));
}
