//! Invented values: the same for the same original in every source, and none without the key.
//!
//! A full name is invented part by part, so that a system that keeps first and last name apart and one
//! that doesn't agree. Shapes people and programs check stay: the signs of a telephone number, the
//! country and check digits of an IBAN, digits and letters of a postal code.

use crate::normalise::Normaliser;

use super::Pseudonym;
use super::apply::keyed;

const FIRST: [&str; 48] = [
    "Alva", "Bente", "Caro", "Dana", "Edda", "Finja", "Gale", "Hanne", "Inge", "Jona", "Kaja", "Lior",
    "Mika", "Noor", "Oda", "Pia", "Quinn", "Runa", "Sanne", "Tove", "Ulla", "Vida", "Wren", "Yael", "Arlo",
    "Bram", "Cato", "Dirk", "Emre", "Falk", "Gero", "Henk", "Ivo", "Jarl", "Kuno", "Lasse", "Malte", "Niko",
    "Otis", "Pelle", "Remo", "Sven", "Timo", "Udo", "Veit", "Wim", "Yorick", "Zeno",
];
const LAST: [&str; 48] = [
    "Abelson", "Brandt", "Castell", "Dorner", "Ekberg", "Falkner", "Gerrits", "Holm", "Iversen", "Jansen",
    "Kestner", "Lindahl", "Marten", "Nordby", "Oster", "Palmer", "Quist", "Reuter", "Solberg", "Thorne",
    "Ulrich", "Vester", "Walden", "Yarrow", "Arnim", "Bergen", "Corvin", "Dahlen", "Elling", "Fosse",
    "Grell", "Hasselt", "Imhof", "Juhl", "Kolbe", "Lorenz", "Merian", "Nissen", "Olden", "Pohl", "Rosing",
    "Stern", "Tidemann", "Unger", "Vinter", "Wieland", "Ytter", "Zander",
];
const STREETS: [&str; 24] = [
    "Alder Way",
    "Birch Lane",
    "Canal Street",
    "Dune Road",
    "Elm Row",
    "Fern Close",
    "Gate Street",
    "Harbour Road",
    "Ivy Lane",
    "Juniper Way",
    "Kiln Street",
    "Linden Road",
    "Mill Lane",
    "North Street",
    "Orchard Row",
    "Park Road",
    "Quay Street",
    "River Lane",
    "School Road",
    "Tower Street",
    "Union Way",
    "Vine Street",
    "Well Lane",
    "Yew Close",
];
const CITIES: [&str; 24] = [
    "Aldmere",
    "Brackford",
    "Calderby",
    "Dunhaven",
    "Elmstead",
    "Farnwick",
    "Greyford",
    "Hollowby",
    "Irondale",
    "Jasperton",
    "Kelbrook",
    "Larkfield",
    "Moorgate",
    "Netherby",
    "Oakhurst",
    "Penwick",
    "Queensby",
    "Redmere",
    "Stonebury",
    "Thornwick",
    "Upperton",
    "Valebrook",
    "Westmere",
    "Yardley Green",
];
const TRADES: [&str; 12] = [
    "Bakery",
    "Books",
    "Cartage",
    "Design",
    "Foods",
    "Gardens",
    "Joinery",
    "Logistics",
    "Metals",
    "Optics",
    "Textiles",
    "Tools",
];

/// Invents a value in place of another.
pub(super) fn invent(key: &[u8; 32], kind: Pseudonym, original: &str) -> String {
    match kind {
        Pseudonym::FirstName => pick(key, "first", original, &FIRST).to_owned(),
        Pseudonym::LastName => pick(key, "last", original, &LAST).to_owned(),
        Pseudonym::FullName => full_name(key, original),
        Pseudonym::Username => format!("user-{}", code(key, "username", &original.to_lowercase(), 5)),
        Pseudonym::Email => {
            format!("{}@example.invalid", code(key, "email", &Normaliser::Email.apply(original), 8))
        }
        Pseudonym::Phone => phone(key, original),
        Pseudonym::Street => {
            let number = digest(key, "number", original).first().map_or(1, |byte| byte % 120 + 1);
            format!("{} {number}", pick(key, "street", original, &STREETS))
        }
        Pseudonym::City => pick(key, "city", original, &CITIES).to_owned(),
        Pseudonym::PostalCode => same_shape(key, "postal code", &original.to_uppercase(), original),
        Pseudonym::Company => {
            format!("{} {}", pick(key, "company", original, &LAST), pick(key, "trade", original, &TRADES))
        }
        Pseudonym::Iban => iban(key, original),
    }
}

fn full_name(key: &[u8; 32], original: &str) -> String {
    match original.trim().split_once(char::is_whitespace) {
        Some((first, rest)) => {
            format!("{} {}", pick(key, "first", first, &FIRST), pick(key, "last", rest, &LAST))
        }
        None => format!("{} {}", pick(key, "first", original, &FIRST), pick(key, "last", original, &LAST)),
    }
}

fn digest(key: &[u8; 32], what: &str, form: &str) -> [u8; 32] {
    keyed(key, &[what.as_bytes(), form.as_bytes()])
}

fn pick<'w>(key: &[u8; 32], what: &str, original: &str, words: &[&'w str]) -> &'w str {
    let [a, b, c, d, ..] = digest(key, what, &Normaliser::Name.apply(original));
    let place = u32::from_be_bytes([a, b, c, d]) as usize % words.len().max(1);
    words.get(place).copied().unwrap_or_default()
}

fn code(key: &[u8; 32], what: &str, form: &str, bytes: usize) -> String {
    hex::encode(digest(key, what, form).get(..bytes).unwrap_or_default())
}

/// Digits counted from the end, so that a number is the same with and without its country code.
fn phone(key: &[u8; 32], original: &str) -> String {
    let digits: Vec<char> = original.chars().filter(char::is_ascii_digit).collect();
    let tail: String = digits.iter().skip(digits.len().saturating_sub(8)).collect();
    let invented = digest(key, "phone", &tail);
    let keeps = digits.len().saturating_sub(8);
    let mut place = 0;
    let replace = |sign: char| {
        if !sign.is_ascii_digit() {
            return sign;
        }
        place += 1;
        if place <= keeps {
            return sign;
        }
        let byte = invented.get(digits.len() - place).copied().unwrap_or(0);
        char::from(b'0' + byte % 10)
    };
    original.chars().map(replace).collect()
}

/// Replaces digits by digits and letters by letters of the same case.
fn same_shape(key: &[u8; 32], what: &str, form: &str, original: &str) -> String {
    let mut block = 0_u32;
    let mut bytes = Vec::new();
    let mut next = || {
        if bytes.is_empty() {
            bytes = digest(key, &format!("{what} {block}"), form).to_vec();
            block += 1;
        }
        bytes.pop().unwrap_or(0)
    };
    let replace = |sign: char| match sign {
        '0'..='9' => char::from(b'0' + next() % 10),
        'a'..='z' => char::from(b'a' + next() % 26),
        'A'..='Z' => char::from(b'A' + next() % 26),
        other => other,
    };
    original.chars().map(replace).collect()
}

/// An IBAN of the same country and bank layout with right check digits (ISO 13616, ISO 7064 mod 97-10).
fn iban(key: &[u8; 32], original: &str) -> String {
    let bare: String =
        original.chars().filter(|sign| !sign.is_whitespace()).collect::<String>().to_uppercase();
    let (Some(country), Some(account)) = (bare.get(..2), bare.get(4..)) else {
        return same_shape(key, "iban", &bare, original);
    };
    let account = same_shape(key, "iban", &bare, account);
    let check = 98 - remainder_97(&format!("{account}{country}00"));
    let plain = format!("{country}{check:02}{account}");
    if !original.contains(' ') {
        return plain;
    }
    let signs: Vec<char> = plain.chars().collect();
    signs.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn remainder_97(text: &str) -> u32 {
    text.chars()
        .filter_map(|sign| sign.to_digit(36))
        .fold(0, |rest, digit| if digit < 10 { (rest * 10 + digit) % 97 } else { (rest * 100 + digit) % 97 })
}
