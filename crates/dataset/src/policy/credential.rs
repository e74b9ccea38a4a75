//! Recognises fields that hold credentials.

use crate::model::Field;
use crate::taxonomy::Category;

/// Words that alone, as a part of a name, tell a credential.
const WORDS: [&str; 8] = ["password", "passwd", "pwd", "passphrase", "passcode", "passwort", "totp", "otp"];

/// Words that tell one where they are the whole name: a `pin_code` may be a postal code.
const WHOLE: [&str; 4] = ["secret", "salt", "token", "pin"];

/// Pairs of words that together tell one.
const PAIRS: [(&str, &str); 13] = [
    ("api", "key"),
    ("private", "key"),
    ("secret", "key"),
    ("access", "token"),
    ("refresh", "token"),
    ("reset", "token"),
    ("auth", "token"),
    ("session", "token"),
    ("remember", "token"),
    ("confirmation", "token"),
    ("client", "secret"),
    ("security", "answer"),
    ("recovery", "codes"),
];

/// Returns whether a field holds a credential: as the dataset says, else by category or name.
pub fn is_credential(field: &Field) -> bool {
    let authorization = Category::new("user.authorization");
    field.credential.unwrap_or_else(|| {
        field.categories.iter().any(|category| category.is_within(&authorization)) || looks_like(&field.name)
    })
}

/// Returns whether a name looks like that of a credential.
pub(crate) fn looks_like(name: &str) -> bool {
    let words = words(name);
    let has = |word: &str| words.iter().any(|w| w == word);
    WORDS.iter().any(|word| has(word))
        || (words.len() == 1 && WHOLE.iter().any(|word| has(word)))
        || words.windows(2).any(|pair| PAIRS.iter().any(|(first, second)| pair == [*first, *second]))
}

/// Splits `passwordHash`, `password_hash` and `PasswordHash` into words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase() || c.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}
