//! What was typed is known again, nothing else is, and no memory stays behind.

use argon2::PasswordHasher as _;

use super::*;

/// How every hash made here begins.
const HEAD: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

#[test]
fn only_the_same_text_fits() {
    let kept = hash("13572468", &[7; 16]).unwrap();
    assert!(kept.starts_with(HEAD), "{kept}");
    assert_ne!(kept, hash("13572468", &[8; 16]).unwrap(), "the salt counts");
    let library = Argon2::default().hash_password_with_salt(b"13572468", b"another salt").unwrap();
    for (text, hash, expected) in [
        ("13572468", library.to_string().as_str(), true),
        ("13572468", kept.as_str(), true),
        ("13572469", kept.as_str(), false),
        ("", kept.as_str(), false),
        ("13572468", "", false),
        ("13572468", "13572468", false),
        ("13572468", HEAD, false),
        ("13572468", &kept.replace("argon2id", "argon2d"), false),
        ("13572468", &kept.replace("m=19456", "m=19457"), false),
        ("13572468", &kept.replace("m=19456", "m=4000000"), false),
    ] {
        assert_eq!(fits(text, hash), expected, "{text} {hash}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn no_memory_stays_behind() {
    let held = || -> u64 {
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    };
    let before = held();
    let threads = [(); 4].map(|()| {
        std::thread::spawn(|| {
            for _ in 0..2 {
                hash("13572468", &[7; 16]).unwrap();
            }
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
    let grown = held().saturating_sub(before);
    assert!(grown < 10_000, "{grown} kB more than before");
}
