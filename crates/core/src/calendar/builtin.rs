//! The calendars that come with the product, as text: commands without a server use them as they are, a
//! server imports them as versions of definitions.

use super::Calendar;

/// Returns id and text of each built-in calendar, sorted by id.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

/// Returns a built-in calendar by its id, whatever its case.
pub fn lookup_builtin(id: &str) -> Option<Calendar> {
    let (_, text) = BUILTIN.iter().find(|(known, _)| known.eq_ignore_ascii_case(id))?;
    Calendar::parse(text).ok()
}

const BUILTIN: [(&str, &str); 36] = [
    ("AT", include_str!("../../../../calendars/AT.toml")),
    ("BE", include_str!("../../../../calendars/BE.toml")),
    ("BR", include_str!("../../../../calendars/BR.toml")),
    ("CA", include_str!("../../../../calendars/CA.toml")),
    ("CH", include_str!("../../../../calendars/CH.toml")),
    ("DE", include_str!("../../../../calendars/DE.toml")),
    ("DE-BB", include_str!("../../../../calendars/DE-BB.toml")),
    ("DE-BE", include_str!("../../../../calendars/DE-BE.toml")),
    ("DE-BW", include_str!("../../../../calendars/DE-BW.toml")),
    ("DE-BY", include_str!("../../../../calendars/DE-BY.toml")),
    ("DE-HB", include_str!("../../../../calendars/DE-HB.toml")),
    ("DE-HE", include_str!("../../../../calendars/DE-HE.toml")),
    ("DE-HH", include_str!("../../../../calendars/DE-HH.toml")),
    ("DE-MV", include_str!("../../../../calendars/DE-MV.toml")),
    ("DE-NI", include_str!("../../../../calendars/DE-NI.toml")),
    ("DE-NW", include_str!("../../../../calendars/DE-NW.toml")),
    ("DE-RP", include_str!("../../../../calendars/DE-RP.toml")),
    ("DE-SH", include_str!("../../../../calendars/DE-SH.toml")),
    ("DE-SL", include_str!("../../../../calendars/DE-SL.toml")),
    ("DE-SN", include_str!("../../../../calendars/DE-SN.toml")),
    ("DE-ST", include_str!("../../../../calendars/DE-ST.toml")),
    ("DE-TH", include_str!("../../../../calendars/DE-TH.toml")),
    ("ES", include_str!("../../../../calendars/ES.toml")),
    ("FR", include_str!("../../../../calendars/FR.toml")),
    ("GB-EW", include_str!("../../../../calendars/GB-EW.toml")),
    ("GB-NI", include_str!("../../../../calendars/GB-NI.toml")),
    ("GB-SCT", include_str!("../../../../calendars/GB-SCT.toml")),
    ("IE", include_str!("../../../../calendars/IE.toml")),
    ("IT", include_str!("../../../../calendars/IT.toml")),
    ("NL", include_str!("../../../../calendars/NL.toml")),
    ("NZ", include_str!("../../../../calendars/NZ.toml")),
    ("PL", include_str!("../../../../calendars/PL.toml")),
    ("PT", include_str!("../../../../calendars/PT.toml")),
    ("SG", include_str!("../../../../calendars/SG.toml")),
    ("US", include_str!("../../../../calendars/US.toml")),
    ("ZA", include_str!("../../../../calendars/ZA.toml")),
];
