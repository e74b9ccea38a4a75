//! The password of a package: short enough to type, strong enough to hold.

use habeas_core::context::{Chance, below};
use habeas_core::pii::Pii;

/// 44 symbols of which no two look alike in print or handwriting: no 0/O, 1/I/l, no letter whose small
/// form is the capital in little. 16 of them are 87 bits.
const SYMBOLS: &[u8; 44] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZabdefghmnrty";

/// How many symbols a password has.
const LENGTH: usize = 16;

/// Makes a new password. Each symbol is drawn without modulo bias.
pub fn password(chance: &dyn Chance) -> Pii<String> {
    let mut text = String::with_capacity(LENGTH);
    while text.len() < LENGTH {
        let drawn = usize::try_from(below(chance, 44)).ok().and_then(|place| SYMBOLS.get(place));
        if let Some(symbol) = drawn {
            text.push(char::from(*symbol));
        }
    }
    Pii::new(text)
}
