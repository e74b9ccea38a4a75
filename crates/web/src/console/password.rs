//! Which passwords are taken: long ones that nobody tries first.

/// The shortest password, in characters.
pub(super) const SHORTEST: usize = 12;
/// The longest, in characters.
const LONGEST: usize = 200;

/// What is tried first, in lower case and without what people append to be let through.
const COMMON: &[&str] = &[
    "password",
    "passwort",
    "passw",
    "qwerty",
    "qwertz",
    "azerty",
    "letmein",
    "welcome",
    "iloveyou",
    "admin",
    "administrator",
    "abc",
    "abcd",
    "abcdef",
    "changeme",
    "secret",
    "dragon",
    "monkey",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "superman",
    "trustno",
    "whatever",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "habeas",
    "gdpr",
    "privacy",
    "test",
    "demo",
    "login",
    "master",
    "hello",
    "default",
    "root",
];

/// Says what is wrong with a new password, entered twice.
pub(super) fn problem(password: &str, again: &str, about: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(format!("Use at least {SHORTEST} characters"));
    }
    if length > LONGEST {
        return Some(format!("Use at most {LONGEST} characters"));
    }
    if is_guessed(password, about) {
        return Some("Choose a password that is harder to guess".to_owned());
    }
    (password != again).then(|| "The two passwords differ".to_owned())
}

/// Says whether little is left of a password once what everybody tries is taken away.
fn is_guessed(password: &str, about: &[&str]) -> bool {
    let mut rest: String = password.to_lowercase();
    let about = about.iter().flat_map(|text| text.split(['@', ' ', '.'])).filter(|part| part.len() > 2);
    let mut words: Vec<String> = COMMON.iter().map(|word| (*word).to_owned()).collect();
    words.extend(about.map(str::to_lowercase));
    // The longest first: what is left of `qwertyuiop` without `qwerty` would look like something.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    for word in &words {
        rest = rest.replace(word, "");
    }
    let letters: std::collections::BTreeSet<char> =
        rest.chars().filter(|c| !c.is_ascii_digit() && !c.is_ascii_punctuation()).collect();
    let symbols: std::collections::BTreeSet<char> = password.chars().collect();
    // Three letters beside digits are not a secret; nor are twelve characters made of four.
    letters.len() < 3 || symbols.len() < 5
}

#[cfg(test)]
mod tests {
    //! Long and unusual passes, long and usual doesn't.
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for (password, is_taken) in [
            ("short", false),
            ("password1234", false),
            ("Password!2026", false),
            ("qwertyuiop12", false),
            ("111111111111", false),
            ("abababababab", false),
            ("grace.hopper1", false),
            ("correct horse battery", true),
            ("Vierzig-Wale-tanzen", true),
            ("zq7#kd02!mwx", true),
        ] {
            let problem = problem(password, password, &["Grace Hopper", "grace@example.org"]);
            assert_eq!(problem.is_none(), is_taken, "{password}");
        }
        assert!(problem("correct horse battery", "correct horse", &[]).is_some());
    }
}
