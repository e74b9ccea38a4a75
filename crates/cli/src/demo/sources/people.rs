//! The people both systems know.

use super::words::{FIRST_NAMES, JOBS, LAST_NAMES, STREETS, TOWNS, TRADES};

/// How many people there are beside the two everyone speaks of.
const MADE_UP: u32 = 340;

/// Someone, as far as each system knows them.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    /// The landline, as the billing application has it.
    pub(super) home_phone: String,
    /// The landline, as Odoo has it.
    pub(super) odoo_phone: String,
    pub(super) mobile: String,
    /// The mobile number, as Odoo has it.
    pub(super) odoo_mobile: String,
    pub(super) street: String,
    pub(super) town: &'static str,
    pub(super) county: &'static str,
    pub(super) postcode: String,
    /// The organisation named in the billing application.
    pub(super) organisation: String,
    /// The organisation named in Odoo.
    pub(super) odoo_organisation: String,
    pub(super) job: &'static str,
    pub(super) is_in_billing: bool,
    pub(super) is_in_odoo: bool,
    /// Whoever stands under them in Odoo: a contact of theirs, another person.
    pub(super) child: Option<Child>,
}

/// A contact that stands under someone else's.
#[derive(Debug, Clone)]
pub(super) struct Child {
    pub(super) name: String,
    pub(super) email: String,
    pub(super) phone: String,
    pub(super) job: &'static str,
}

impl Person {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name)
    }
}

/// Numbers that look random and are the same in every run (SplitMix64).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 up to, not including, the bound.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        u32::try_from(self.next() % u64::from(bound.max(1))).unwrap_or(0)
    }

    /// Returns whether something happens that does so in this many cases of a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Picks one; every list of words has at least one.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> Option<T> {
        let place = self.below(u32::try_from(from.len()).unwrap_or(1));
        from.get(usize::try_from(place).unwrap_or(0)).copied()
    }

    pub(super) fn word(&mut self, from: &[&'static str]) -> &'static str {
        self.pick(from).unwrap_or_default()
    }
}

/// Returns everyone, in an order that doesn't change.
pub(super) fn all() -> Vec<Person> {
    let mut dice = Dice::new(20_261_122);
    let mut people = vec![anabelle(), aleena()];
    for number in 0..MADE_UP {
        let mut person = made_up(&mut dice, number);
        // Of ten people, five are in both systems, three in billing only, two in Odoo only.
        person.is_in_odoo = number % 10 < 7;
        person.is_in_billing = number % 10 < 5 || number % 10 >= 7;
        people.push(person);
    }
    people
}

fn anabelle() -> Person {
    Person {
        first_name: "Anabelle".to_owned(),
        last_name: "Deleon".to_owned(),
        email: "anabelle.deleon@email.com".to_owned(),
        home_phone: "+44 117 496 0182".to_owned(),
        odoo_phone: "+1 (234) 567-6789".to_owned(),
        mobile: "+1 234-567-6789".to_owned(),
        odoo_mobile: "+1 (234) 567-6789".to_owned(),
        street: "14 Quay Street".to_owned(),
        town: "Bristol",
        county: "Bristol",
        postcode: "BS1 4QD".to_owned(),
        organisation: "Deleon Ceramics".to_owned(),
        odoo_organisation: "Harbourside Gallery".to_owned(),
        job: "Owner",
        is_in_billing: true,
        is_in_odoo: true,
        child: Some(Child {
            name: "Courtney Crane".to_owned(),
            email: "courtney.crane@email.com".to_owned(),
            phone: "+44 117 496 0355".to_owned(),
            job: "Studio Manager",
        }),
    }
}

fn aleena() -> Person {
    Person {
        first_name: "Aleena".to_owned(),
        last_name: "Conley".to_owned(),
        email: "aleena.conley@email.com".to_owned(),
        home_phone: "+44 113 496 0271".to_owned(),
        odoo_phone: "+44 113 496 0918".to_owned(),
        mobile: "+44 7700 900461".to_owned(),
        odoo_mobile: "+44 7700 900461".to_owned(),
        street: "3 Mill Lane".to_owned(),
        town: "Leeds",
        county: "West Yorkshire",
        postcode: "LS1 6DT".to_owned(),
        organisation: "Conley Textiles".to_owned(),
        odoo_organisation: "Conley Textiles".to_owned(),
        job: "Director",
        is_in_billing: true,
        is_in_odoo: true,
        child: None,
    }
}

/// Phone numbers are of the ranges kept free for films and books, and of which each is given once.
fn made_up(dice: &mut Dice, number: u32) -> Person {
    let (first_name, last_name) = (dice.word(FIRST_NAMES), dice.word(LAST_NAMES));
    let (town, county, area) = dice.pick(TOWNS).unwrap_or(("London", "Greater London", "SE1"));
    let organisation = format!("{} {}", dice.word(LAST_NAMES), dice.word(TRADES));
    let plain = |name: &str| name.to_lowercase().replace(['\'', ' '], "");
    let letter = |dice: &mut Dice| char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or(0));
    let home = format!("20 7946 {:04}", 100 + number);
    let mobile = format!("7700 900{:03}", 462 + number % 538);
    Person {
        first_name: first_name.to_owned(),
        last_name: last_name.to_owned(),
        email: format!("{}.{}{number}@{}", plain(first_name), plain(last_name), mail_host(number)),
        home_phone: format!("0{home}"),
        odoo_phone: format!("+44 {home}"),
        mobile: format!("0{mobile}"),
        odoo_mobile: format!("+44 {mobile}"),
        street: format!("{} {}", 1 + dice.below(180), dice.word(STREETS)),
        town,
        county,
        postcode: format!("{area} {}{}{}", 1 + dice.below(9), letter(dice), letter(dice)),
        odoo_organisation: organisation.clone(),
        organisation,
        job: dice.word(JOBS),
        is_in_billing: true,
        is_in_odoo: true,
        child: (number % 23 == 4).then(|| child(dice, number)),
    }
}

fn child(dice: &mut Dice, number: u32) -> Child {
    let (first_name, last_name) = (dice.word(FIRST_NAMES), dice.word(LAST_NAMES));
    let plain = |name: &str| name.to_lowercase().replace(['\'', ' '], "");
    Child {
        name: format!("{first_name} {last_name}"),
        email: format!("{}.{}.c{number}@{}", plain(first_name), plain(last_name), mail_host(number + 1)),
        phone: format!("+44 20 7946 {:04}", 500 + number),
        job: dice.word(JOBS),
    }
}

/// Hosts that can never receive mail.
fn mail_host(number: u32) -> &'static str {
    match number % 4 {
        0 => "post.example",
        1 => "mail.example",
        2 => "letters.example",
        _ => "inbox.example",
    }
}
