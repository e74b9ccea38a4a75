//! Spellings of the same thing have one form; different things keep different forms.

use super::{Normaliser, spellings};

#[test]
fn spellings_of_the_same_have_one_form() {
    let cases = [
        (Normaliser::Email, " Ann.Lee@Example.COM", "ann.lee@example.com"),
        (Normaliser::Email, "ann+shop@example.com", "ann+shop@example.com"),
        (Normaliser::Phone, "+49 (0)171 / 123-4567", "+491711234567"),
        (Normaliser::Phone, "0049 171 1234567", "+491711234567"),
        (Normaliser::Phone, "0171 1234567", "01711234567"),
        (Normaliser::Phone, "n/a", ""),
        (Normaliser::Name, "  Ann   LEE ", "ann lee"),
    ];
    for (normaliser, value, expected) in cases {
        assert_eq!(normaliser.apply(value), expected, "{value}");
        assert_eq!(normaliser.apply(expected), expected, "a form is its own form: {expected}");
    }
}

#[test]
fn an_identity_is_searched_as_given_and_in_its_usual_form() {
    assert_eq!(spellings("email", " Ann@Example.com "), ["Ann@Example.com", "ann@example.com"]);
    assert_eq!(spellings("email", "ann@example.com"), ["ann@example.com"]);
    assert_eq!(spellings("phone_number", "+1 202 555 0100"), ["+1 202 555 0100", "+12025550100"]);
    assert_eq!(spellings("customer_no", "A-17"), ["A-17"]);
}
