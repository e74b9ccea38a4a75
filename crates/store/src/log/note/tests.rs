//! Notes and keys are in the form other people's tools read.

use super::*;

#[test]
fn a_published_example_is_read() {
    // The example key and note of Go's golang.org/x/mod/sumdb/note.
    let key: PublicKey =
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap();
    assert_eq!(key.name, "PeterNeumann");
    let text = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n";
    let line = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=";
    let signature = STANDARD.decode(line.rsplit(' ').next().unwrap()).unwrap();
    let (id, signature) = signature.split_first_chunk::<4>().unwrap();
    assert_eq!(*id, key.id());
    assert!(key.has_signed(text.as_bytes(), signature.try_into().unwrap()));
    assert_eq!(key.to_string(), "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

#[test]
fn a_note_is_read_back_and_fits_its_key_only() {
    let signer = Signer::new("example.org/log".to_owned(), &[1; 32]);
    let note = signer.note(17, &[5; 32]);
    let checkpoint: Checkpoint = note.parse().unwrap();
    assert_eq!(
        (checkpoint.origin.as_str(), checkpoint.size, checkpoint.root),
        ("example.org/log", 17, [5; 32])
    );
    assert!(checkpoint.is_signed_by(&signer.verifier()));
    assert!(note.starts_with("example.org/log\n17\nBQUFBQ"));
    for other in
        [Signer::new("example.org/log".to_owned(), &[2; 32]), Signer::new("other".to_owned(), &[1; 32])]
    {
        assert!(!checkpoint.is_signed_by(&other.verifier()));
    }
    let witnessed = format!("{note}\u{2014} witness.example AAAAAAAA\n");
    assert!(witnessed.parse::<Checkpoint>().unwrap().is_signed_by(&signer.verifier()));
}

#[test]
fn what_is_not_a_note_or_a_key_is_refused() {
    for text in ["", "a\n1\n", "a\n1\nAAAA\n\n", "a\nx\nBQU=\n\n\u{2014} a b\n", "a\n1\nBQU=\n\nno dash\n"] {
        assert!(text.parse::<Checkpoint>().is_err(), "{text}");
    }
    for text in
        ["", "a+b", "a+00000000+AQ==", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
    {
        assert!(text.parse::<PublicKey>().is_err(), "{text}");
    }
}
