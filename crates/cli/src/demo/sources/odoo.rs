//! What stands in Odoo.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::people::{Child, Dice, Person};
use super::sheet::{Sheet, row};
use super::words::{NOTES, PRODUCTS, SUBJECTS};

const COMPANY: i64 = 1;
const STAFF: i64 = 2;
const UNITED_KINGDOM: i64 = 231;

/// The contact of the organisation itself, whom its own messages come from.
const OURSELVES: i64 = 1;

const OPENED: Date = date(2020, 2, 3);

struct Books {
    partners: Sheet,
    orders: Sheet,
    lines: Sheet,
    moves: Sheet,
    leads: Sheet,
    messages: Sheet,
    dice: Dice,
}

/// Returns the rows of all tables.
pub(super) fn sheets(people: &[Person]) -> Vec<Sheet> {
    let mut books = Books::new();
    books.ourselves();
    for person in people.iter().filter(|person| person.is_in_odoo) {
        books.person(person);
    }
    let Books { partners, orders, lines, moves, leads, messages, .. } = books;
    vec![partners, orders, lines, moves, leads, messages]
}

fn moment(day: Date, hour: i8) -> String {
    format!("{day} {hour:02}:40:12")
}

fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

/// As Odoo keeps them beside what was typed: digits with a plus.
fn sanitized(phone: &str) -> String {
    phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
}

impl Books {
    fn new() -> Self {
        Self {
            partners: Sheet::new(
                "res_partner",
                "name display_name parent_id commercial_partner_id commercial_company_name company_name \
                 is_company type email email_normalized phone mobile phone_sanitized street zip city \
                 country_id function lang tz comment user_id company_id active create_uid create_date \
                 write_date",
            ),
            orders: Sheet::new(
                "sale_order",
                "name partner_id partner_invoice_id partner_shipping_id state date_order note \
                 amount_untaxed amount_tax amount_total user_id company_id create_date write_date",
            ),
            lines: Sheet::new(
                "sale_order_line",
                "order_id order_partner_id name product_uom_qty price_unit price_subtotal state \
                 create_date",
            ),
            moves: Sheet::new(
                "account_move",
                "name partner_id commercial_partner_id invoice_partner_display_name move_type state \
                 invoice_date invoice_date_due payment_reference invoice_origin amount_untaxed amount_tax \
                 amount_total payment_state company_id create_date",
            ),
            leads: Sheet::new(
                "crm_lead",
                "name partner_id contact_name partner_name email_from email_normalized phone mobile \
                 phone_sanitized function street zip city country_id description type stage_id \
                 expected_revenue probability user_id active create_date write_date",
            ),
            messages: Sheet::new(
                "mail_message",
                "model res_id record_name author_id email_from subject body message_type message_id date \
                 is_internal create_date",
            ),
            dice: Dice::new(77),
        }
    }

    fn day_after(&mut self, day: Date, most: u32) -> Date {
        day.saturating_add(i64::from(self.dice.below(most)).days()).min(date(2026, 11, 13))
    }

    fn ourselves(&mut self) {
        let (name, email) = ("Larkspur Press Ltd", "office@larkspur.example");
        let phone = "+44 20 7946 0001";
        self.partners.push(row![
            name,
            name,
            None::<i64>,
            OURSELVES,
            name,
            None::<&str>,
            1_i64,
            "contact",
            email,
            email,
            phone,
            None::<&str>,
            sanitized(phone),
            "21 Tannery Lane",
            "SE1 3XF",
            "London",
            UNITED_KINGDOM,
            None::<&str>,
            "en_GB",
            "Europe/London",
            None::<&str>,
            None::<i64>,
            COMPANY,
            1_i64,
            1_i64,
            moment(OPENED, 8),
            moment(OPENED, 8),
        ]);
    }

    fn person(&mut self, person: &Person) {
        let since = self.day_after(OPENED, 1_700);
        let (note, has_note) = (self.dice.word(NOTES), self.dice.chance(20));
        let id = self.partners.next();
        self.partners.push(row![
            person.name(),
            person.name(),
            None::<i64>,
            id,
            person.odoo_organisation.clone(),
            person.odoo_organisation.clone(),
            0_i64,
            "contact",
            person.email.clone(),
            person.email.to_lowercase(),
            person.odoo_phone.clone(),
            person.odoo_mobile.clone(),
            sanitized(&person.odoo_phone),
            person.street.clone(),
            person.postcode.clone(),
            person.town,
            UNITED_KINGDOM,
            person.job,
            "en_GB",
            "Europe/London",
            has_note.then(|| format!("<p>{note}</p>")),
            STAFF,
            COMPANY,
            1_i64,
            STAFF,
            moment(since, 9),
            moment(since, 9),
        ]);
        if let Some(child) = &person.child {
            self.child(child, person, id, since);
        }
        // The two people of the guide have ordered something, whatever the dice say.
        let least = u32::from(person.email.ends_with("@email.com"));
        for _ in 0..self.dice.below(4).max(least) {
            self.order(person, id, since);
        }
        if self.dice.chance(45) {
            self.lead(person, id, since);
        }
        for _ in 0..self.dice.below(3) {
            let day = self.day_after(since, 900);
            self.message("res.partner", id, &person.name(), (id, &person.email), day);
        }
    }

    /// Another person who stands under this one's contact.
    fn child(&mut self, child: &Child, person: &Person, parent: i64, since: Date) {
        self.partners.push(row![
            child.name.clone(),
            format!("{}, {}", person.name(), child.name),
            parent,
            parent,
            person.odoo_organisation.clone(),
            None::<&str>,
            0_i64,
            "contact",
            child.email.clone(),
            child.email.clone(),
            child.phone.clone(),
            None::<&str>,
            sanitized(&child.phone),
            None::<&str>,
            None::<&str>,
            None::<&str>,
            UNITED_KINGDOM,
            child.job,
            "en_GB",
            "Europe/London",
            None::<&str>,
            STAFF,
            COMPANY,
            1_i64,
            STAFF,
            moment(since, 10),
            moment(since, 10),
        ]);
    }

    fn order(&mut self, person: &Person, partner: i64, since: Date) {
        let id = self.orders.next();
        let day = self.day_after(since, 2_000);
        let mut total = 0;
        for _ in 0..=self.dice.below(3) {
            total += self.line(id, partner, day);
        }
        let name = format!("S{id:05}");
        let (untaxed, tax, all) = (pounds(total), pounds(total / 5), pounds(total + total / 5));
        self.orders.push(row![
            name.clone(),
            partner,
            partner,
            partner,
            "sale",
            moment(day, 14),
            None::<&str>,
            untaxed.clone(),
            tax.clone(),
            all.clone(),
            STAFF,
            COMPANY,
            moment(day, 14),
            moment(day, 14),
        ]);
        let number = format!("INV/{}/{:05}", day.year(), self.moves.next());
        let due = day.saturating_add(30.days());
        let state = if self.dice.chance(85) { "paid" } else { "not_paid" };
        self.moves.push(row![
            number.clone(),
            partner,
            partner,
            person.name(),
            "out_invoice",
            "posted",
            day.to_string(),
            due.to_string(),
            number,
            name.clone(),
            untaxed,
            tax,
            all,
            state,
            COMPANY,
            moment(day, 15),
        ]);
        if self.dice.chance(50) {
            self.message("sale.order", id, &name, (OURSELVES, "office@larkspur.example"), day);
        }
    }

    /// Adds a line and returns its price in pence.
    fn line(&mut self, order: i64, partner: i64, day: Date) -> i64 {
        let (name, description, price) = self.dice.pick(PRODUCTS).unwrap_or(("Proof", "", 3_500));
        let quantity = i64::from(1 + self.dice.below(4));
        self.lines.push(row![
            order,
            partner,
            format!("{name}: {description}"),
            quantity,
            pounds(price),
            pounds(price * quantity),
            "sale",
            moment(day, 14),
        ]);
        price * quantity
    }

    fn lead(&mut self, person: &Person, partner: i64, since: Date) {
        let day = self.day_after(since, 500);
        let (wanted, _, price) = self.dice.pick(PRODUCTS).unwrap_or(("Proof", "", 3_500));
        let description = format!("<p>Came to our stand and asked about {}.</p>", wanted.to_lowercase());
        self.leads.push(row![
            format!("{wanted} for {}", person.odoo_organisation),
            partner,
            person.name(),
            person.odoo_organisation.clone(),
            person.email.clone(),
            person.email.to_lowercase(),
            person.odoo_phone.clone(),
            person.odoo_mobile.clone(),
            sanitized(&person.odoo_phone),
            person.job,
            person.street.clone(),
            person.postcode.clone(),
            person.town,
            UNITED_KINGDOM,
            description,
            "opportunity",
            1_i64,
            pounds(price * 10),
            i64::from(10 * self.dice.below(10)),
            STAFF,
            1_i64,
            moment(day, 16),
            moment(day, 16),
        ]);
    }

    fn message(&mut self, model: &str, id: i64, name: &str, (author, email): (i64, &str), day: Date) {
        let (subject, text) = self.dice.pick(SUBJECTS).unwrap_or(("Hello", ""));
        let number = self.messages.next();
        self.messages.push(row![
            model,
            id,
            name,
            author,
            email,
            subject,
            format!("<p>{text}</p>"),
            "email",
            format!("<{number}@larkspur.example>"),
            moment(day, 13),
            0_i64,
            moment(day, 13),
        ]);
    }
}
