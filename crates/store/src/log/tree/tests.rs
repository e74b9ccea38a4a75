//! The right edge gives the same roots as the whole tree, and a checkpoint covers what was committed.

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use sha2::Sha256;

use habeas_core::context::Clock as _;

use super::*;
use crate::bench::both;
use crate::log::{Checkpoint, PublicKey};

#[test]
fn the_edge_gives_the_roots_of_the_whole_tree() {
    let mut whole = MemoryBackedTree::<Sha256, [u8; 32]>::new();
    let mut edge = Frontier::default();
    assert_eq!(edge.root().as_slice(), whole.root().as_bytes().as_slice());
    for number in 0_u8..130 {
        whole.push([number; 32]);
        edge.push(&[number; 32]);
        assert_eq!(edge.root().as_slice(), whole.root().as_bytes().as_slice(), "size {}", edge.size());
        assert_eq!(Frontier::from_parts(edge.size(), &edge.to_bytes()), Some(edge.clone()));
    }
    assert_eq!(Frontier::from_parts(3, &[0; 32]), None);
}

#[tokio::test]
async fn a_checkpoint_covers_every_committed_entry_once() {
    both(async |bench| {
        let key: PublicKey = bench.store.public_key().parse().unwrap();
        assert_eq!(bench.store.sequence(bench.clock.now()).await.unwrap(), None);
        for size in 1..=3 {
            bench.file(&bench.row()).await;
            let note = bench.store.sequence(bench.clock.now()).await.unwrap().unwrap();
            let checkpoint: Checkpoint = note.parse().unwrap();
            assert_eq!(checkpoint.size, size);
            assert!(checkpoint.is_signed_by(&key));
            let other: Checkpoint = note.replacen(&format!("\n{size}\n"), "\n9\n", 1).parse().unwrap();
            assert!(!other.is_signed_by(&key));
            assert_eq!(bench.store.read().await.unwrap().latest_checkpoint().await.unwrap(), Some(note));
        }
        assert_eq!(bench.store.sequence(bench.clock.now()).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn two_sequencers_at_once_give_each_entry_one_place() {
    both(async |bench| {
        for _ in 0..5 {
            bench.file(&bench.row()).await;
        }
        let other = bench.second_node().await;
        let now = bench.clock.now();
        let (one, two) = tokio::join!(bench.store.sequence(now), other.sequence(now));
        let notes = [one.unwrap(), two.unwrap()];
        assert_eq!(notes.iter().flatten().count(), 1);
        let mut read = bench.store.read().await.unwrap();
        let row = read
            .conn
            .one("SELECT COUNT(*) AS n, MAX(position) AS last FROM leaves", Vec::new())
            .await
            .unwrap();
        assert_eq!((row.int("n").unwrap(), row.int("last").unwrap()), (5, 4));
        other.close().await;
    })
    .await;
}
