//! An entity: a legal controller, with what its requests are measured and answered by.

use jiff::tz::TimeZone;

use crate::clock::Mode;
use crate::request::{Money, Settings};
use crate::target;
use crate::yaml::{self, Cursor, Problem, Problems};

/// A legal controller.
#[derive(Debug, Clone)]
pub struct Entity {
    /// Its name in definitions.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its postal address, for letters.
    pub address: String,
    /// Where people write to.
    pub contact_email: String,
    /// The data protection officer, where there is one.
    pub officer: Option<String>,
    /// The zone its days are counted in.
    pub zone: TimeZone,
    /// The calendar its legal dates follow; none: the law's own.
    pub calendar: Option<String>,
    /// The language of its pages where a person chooses none.
    pub language: String,
    /// How what the law leaves open is read.
    pub reading: Mode,
    /// Laws whose dates bind it beside those of its activities.
    pub laws: Vec<Binding>,
    /// The regulations it answers under: what is offered under them is offered by it.
    pub regulations: Vec<String>,
    /// What it has set within what the law leaves open.
    pub settings: Settings,
}

/// A law that binds an entity, where it is established there or addresses people who live there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The law pack's id.
    pub law: String,
    /// Where people must live for it to protect them, such as `FR` or `US-CA`; anywhere if empty.
    pub residence: Vec<String>,
}

impl Binding {
    /// Says whether the law protects a person who lives there; who doesn't say where may be protected.
    ///
    /// A state's law needs the state: a person who only says `US` may live in it, so its date is shown.
    pub fn protects(&self, residence: Option<&str>) -> bool {
        let Some(place) = residence.map(str::trim).filter(|place| !place.is_empty()) else { return true };
        let is_within = |whole: &str, part: &str| {
            let rest = part.get(whole.len()..).unwrap_or_default();
            part.get(..whole.len()).is_some_and(|head| head.eq_ignore_ascii_case(whole))
                && (rest.is_empty() || rest.starts_with('-'))
        };
        self.residence.is_empty()
            || self.residence.iter().any(|known| is_within(known, place) || is_within(place, known))
    }
}

impl Entity {
    /// Reads an entity file.
    ///
    /// # Errors
    /// Every mistake with file, line and path.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<Problem>> {
        let problems = Problems::new();
        let entity = yaml::parse(file, text, &problems).and_then(|document| read(&document.root(&problems)));
        match entity {
            Some(entity) if !problems.has_errors() => Ok(entity),
            Some(_) | None => Err(problems.into_vec()),
        }
    }
}

fn read(at: &Cursor<'_>) -> Option<Entity> {
    let mut map = at.mapping()?;
    let owned = |at: Cursor<'_>| at.name().map(str::to_owned);
    let name = map.require("entity").and_then(owned);
    let title = map.require("title").and_then(owned);
    let address = map.take("address").and_then(owned).unwrap_or_default();
    let contact_email = map.require("contact_email").and_then(owned);
    let officer = map.take("officer").and_then(owned);
    let zone = map.require("zone").and_then(|at| {
        let name = at.name()?;
        match TimeZone::get(name) {
            Ok(zone) => Some(zone),
            Err(_) => at.mismatch("an IANA time zone such as 'Europe/London'"),
        }
    });
    let calendar = map.take("calendar").and_then(owned);
    let language = map.take("language").and_then(owned).unwrap_or_else(|| "en".to_owned());
    let readings = [("strict", Mode::Strict), ("usual", Mode::Usual)];
    let reading = map.take("reading").and_then(|at| at.one_of(&readings)).unwrap_or_default();
    let laws = map.take("laws").and_then(|at| at.sequence()).unwrap_or_default();
    let laws = laws.iter().filter_map(read_binding).collect();
    let regulations = map.take("regulations").map(|at| at.texts()).unwrap_or_default();
    let regulations = regulations.into_iter().map(str::to_owned).collect();
    let settings = map.take("settings").map(|at| read_settings(&at)).unwrap_or_default();
    map.finish();
    Some(Entity {
        name: name?,
        title: title?,
        address,
        contact_email: contact_email?,
        officer,
        zone: zone?,
        calendar,
        language,
        reading,
        laws,
        regulations,
        settings,
    })
}

fn read_binding(at: &Cursor<'_>) -> Option<Binding> {
    let mut map = at.mapping()?;
    let law = map.require("law").and_then(|at| at.name().map(str::to_owned));
    let residence = map.take("residence").map(|at| at.texts()).unwrap_or_default();
    let residence = residence.into_iter().map(str::to_owned).collect();
    map.finish();
    Some(Binding { law: law?, residence })
}

/// Reads an amount such as `85 GBP` or `85.50 GBP`.
fn read_money(at: &Cursor<'_>) -> Option<Money> {
    let text = at.name()?;
    let read = || {
        let (amount, currency) = text.split_once(' ')?;
        let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
        let part = match part.len() {
            0 if !amount.contains('.') => 0,
            2 => part.parse::<u64>().ok()?,
            _ => return None,
        };
        let whole = whole.parse::<u64>().ok().filter(|whole| *whole <= 100_000)?;
        let is_code = currency.len() == 3 && currency.chars().all(|c| c.is_ascii_uppercase());
        is_code.then(|| Money { minor: whole * 100 + part, currency: currency.to_owned() })
    };
    read().or_else(|| at.mismatch("an amount with its currency, such as '85 GBP' or '85.50 EUR'"))
}

fn read_settings(at: &Cursor<'_>) -> Settings {
    let defaults = Settings::default();
    let Some(mut map) = at.mapping() else { return defaults };
    let mut number = |key: &'static str, default: u16, most: u16| {
        let Some(at) = map.take(key) else { return default };
        let given = at.count().and_then(|count| u16::try_from(count).ok());
        match given.filter(|count| (1..=most).contains(count)) {
            Some(count) => count,
            None => at.mismatch(&format!("a number between 1 and {most}")).unwrap_or(default),
        }
    };
    let settings = Settings {
        verification_days: number("verification_days", defaults.verification_days, 90),
        access_hours: number("access_hours", defaults.access_hours, 24 * 30),
        keep_days: number("keep_days", defaults.keep_days, 365),
        download_limit: u32::from(number("download_limit", 5, 100)),
        hour_rate: map.take("hour_rate").and_then(|at| read_money(&at)),
        targets: [
            map.take("targets").map(|at| target::read(&at)),
            map.take("timeline").map(|at| target::read_timeline(&at)),
        ]
        .into_iter()
        .flatten()
        .flatten()
        .collect(),
    };
    map.finish();
    settings
}
