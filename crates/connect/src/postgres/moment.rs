//! Dates and times from PostgreSQL's binary form to text.
//!
//! Its range (4713 BC to 5874897 AD, and two infinities) is wider than any date library's, so the
//! calendar arithmetic is here: the proleptic Gregorian calendar counted in days from 2000-01-01.

use std::fmt::Write as _;

const DAY_MICROS: i64 = 86_400_000_000;

/// A date: `2021-01-31`, `0044-03-15 BC`, `infinity`.
pub(super) fn date(days: i32) -> String {
    match days {
        i32::MAX => "infinity".to_owned(),
        i32::MIN => "-infinity".to_owned(),
        _ => {
            let (day, is_bc) = civil(i64::from(days));
            if is_bc { day + " BC" } else { day }
        }
    }
}

/// A date and time: `2021-01-31T01:00:00.5`; `suffix` is the offset of an instant.
pub(super) fn timestamp(micros: i64, suffix: &str) -> String {
    match micros {
        i64::MAX => "infinity".to_owned(),
        i64::MIN => "-infinity".to_owned(),
        _ => {
            let (mut text, is_bc) = civil(micros.div_euclid(DAY_MICROS));
            text.push('T');
            push_time(&mut text, micros.rem_euclid(DAY_MICROS));
            text.push_str(suffix);
            if is_bc { text + " BC" } else { text }
        }
    }
}

/// A time of day: `01:00:00.5`; `west` is the offset in seconds west of Greenwich, where there is one.
pub(super) fn time(micros: i64, west: Option<i32>) -> String {
    let mut text = String::with_capacity(24);
    push_time(&mut text, micros);
    if let Some(west) = west {
        let east = -i64::from(west);
        let size = east.abs();
        text.push(if east < 0 { '-' } else { '+' });
        let _ = write!(text, "{:02}:{:02}", size / 3600, size / 60 % 60); // a String takes everything
        if size % 60 != 0 {
            let _ = write!(text, ":{:02}", size % 60);
        }
    }
    text
}

fn push_time(text: &mut String, micros: i64) {
    let seconds = micros / 1_000_000;
    let _ = write!(text, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = micros % 1_000_000;
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        text.push('.');
        text.push_str(digits.trim_end_matches('0'));
    }
}

/// Year, month and day of a day counted from 2000-01-01, and whether the year is before Christ.
/// After Howard Hinnant's `civil_from_days`: eras of 400 years that start on 1 March.
fn civil(days: i64) -> (String, bool) {
    let since_march = days + 730_425; // days from 0000-03-01 to 2000-01-01
    let era = since_march.div_euclid(146_097);
    let day_of_era = since_march.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (shown, is_bc) = if year > 0 { (year, false) } else { (1 - year, true) };
    (format!("{shown:04}-{month:02}-{day:02}"), is_bc)
}
