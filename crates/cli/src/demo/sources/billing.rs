//! What stands in the billing application.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::people::{Dice, Person};
use super::sheet::{Cell, Sheet, row};
use super::words::{NOTES, PRODUCTS};

const COMPANY: i64 = 1;
const STAFF: i64 = 2;

/// The first day anything was billed.
const OPENED: Date = date(2019, 4, 8);

struct Books {
    clients: Sheet,
    contacts: Sheet,
    invoices: Sheet,
    lines: Sheet,
    payments: Sheet,
    mails: Sheet,
    activities: Sheet,
    dice: Dice,
}

/// Returns the rows of all tables.
pub(super) fn sheets(people: &[Person]) -> Vec<Sheet> {
    let mut books = Books::new();
    for person in people.iter().filter(|person| person.is_in_billing) {
        books.client(person);
    }
    let Books { clients, contacts, invoices, lines, payments, mails, activities, .. } = books;
    vec![companies(), users(), clients, contacts, invoices, lines, payments, mails, activities]
}

/// The organisation itself, which is whom invoices come from.
fn companies() -> Sheet {
    let mut sheet = Sheet::new(
        "companies",
        "company_name contact_name contact_title country city street_address_1 postal_or_zipcode \
                 phone_number email abbreviation created_at updated_at",
    );
    sheet.push(row![
        "Larkspur Press Ltd",
        "Rosalind Thornbury",
        "Managing Director",
        "United Kingdom",
        "London",
        "21 Tannery Lane",
        "SE1 3XF",
        "+44 20 7946 0001",
        "office@larkspur.example",
        "LP",
        moment(OPENED, 9),
        moment(OPENED, 9),
    ]);
    sheet
}

fn users() -> Sheet {
    let mut sheet = Sheet::new(
        "users",
        "email encrypted_password user_name sign_in_count last_sign_in_at last_sign_in_ip \
                 created_at updated_at",
    );
    for (number, name) in ["rosalind", "theo"].into_iter().enumerate() {
        let seen = moment(date(2026, 11, 17), 8);
        sheet.push(row![
            format!("{name}@larkspur.example"),
            hash(number),
            name,
            412_i64,
            seen.clone(),
            "192.0.2.20",
            moment(OPENED, 9),
            seen,
        ]);
    }
    sheet
}

/// Something with the shape of a bcrypt hash that is the hash of nothing.
fn hash(number: impl std::fmt::Display) -> String {
    format!("$2a$10$MadeUpForTheDemonstration{number:0>28}")
}

fn moment(day: Date, hour: i8) -> String {
    format!("{day} {hour:02}:15:00")
}

/// Pence as pounds.
fn pounds(pence: i64) -> String {
    format!("{}.{:02}", pence / 100, pence % 100)
}

impl Books {
    fn new() -> Self {
        Self {
            clients: Sheet::new(
                "clients",
                "organization_name email first_name last_name home_phone mobile_number business_phone \
                 send_invoice_by country address_street1 city province_state postal_zip_code \
                 internal_notes available_credit billing_email vat_number encrypted_password \
                 reset_password_token sign_in_count current_sign_in_at current_sign_in_ip created_at \
                 updated_at",
            ),
            contacts: Sheet::new(
                "client_contacts",
                "client_id first_name last_name email home_phone created_at updated_at",
            ),
            invoices: Sheet::new(
                "invoices",
                "invoice_number invoice_date due_date po_number client_id notes status sub_total \
                 discount_amount tax_amount invoice_total company_id created_by created_at updated_at",
            ),
            lines: Sheet::new(
                "invoice_line_items",
                "invoice_id item_name item_description item_unit_cost item_quantity actual_price \
                 created_at updated_at",
            ),
            payments: Sheet::new(
                "payments",
                "invoice_id client_id payment_amount payment_type payment_method payment_date notes \
                 paid_full status company_id created_at updated_at",
            ),
            mails: Sheet::new(
                "sent_emails",
                "date sender recipient type subject content notification_id notification_type company_id \
                 created_at updated_at",
            ),
            activities: Sheet::new(
                "activities",
                "trackable_type trackable_id owner_type owner_id key parameters is_read created_at \
                 updated_at",
            ),
            dice: Dice::new(1_904),
        }
    }

    fn day_after(&mut self, day: Date, most: u32) -> Date {
        day.saturating_add(i64::from(self.dice.below(most)).days()).min(date(2026, 11, 13))
    }

    fn client(&mut self, person: &Person) {
        let since = self.day_after(OPENED, 2_000);
        let seen = self.day_after(since, 600);
        let is_signed_up = self.dice.chance(60);
        let (note, has_note) = (self.dice.word(NOTES), self.dice.chance(25));
        let has_vat = self.dice.chance(30);
        let vat = format!("GB{:09}", 900_000_000 + self.dice.below(99_999_999));
        let id = self.clients.next();
        let address = format!("198.51.100.{}", 1 + self.dice.below(250));
        self.clients.push(row![
            person.organisation.clone(),
            person.email.clone(),
            person.first_name.clone(),
            person.last_name.clone(),
            person.home_phone.clone(),
            person.mobile.clone(),
            None::<&str>,
            "email",
            "United Kingdom",
            person.street.clone(),
            person.town,
            person.county,
            person.postcode.clone(),
            has_note.then_some(note),
            "0.00",
            None::<&str>,
            has_vat.then_some(vat),
            if is_signed_up { hash(id) } else { String::new() },
            None::<&str>,
            if is_signed_up { i64::from(1 + self.dice.below(40)) } else { 0 },
            is_signed_up.then(|| moment(seen, 19)),
            is_signed_up.then_some(address),
            moment(since, 10),
            moment(seen, 19),
        ]);
        self.activity("Client", id, "client.create", &format!("---\nemail: {}\n", person.email), since);
        self.contact(person, id, since);
        for _ in 0..=self.dice.below(6) {
            self.invoice(person, id, since);
        }
    }

    fn contact(&mut self, person: &Person, client: i64, since: Date) {
        let Some(child) = person.child.as_ref().filter(|child| child.name != "Courtney Crane") else {
            return;
        };
        let (first, last) = child.name.split_once(' ').unwrap_or((&child.name, ""));
        self.contacts.push(row![
            client,
            first,
            last,
            child.email.clone(),
            child.phone.clone(),
            moment(since, 11),
            moment(since, 11),
        ]);
    }

    fn invoice(&mut self, person: &Person, client: i64, since: Date) {
        let id = self.invoices.next();
        let day = self.day_after(since, 2_400);
        let mut total = 0;
        for _ in 0..=self.dice.below(3) {
            total += self.line(id, day);
        }
        let tax = total / 5;
        let is_paid = self.dice.chance(80);
        let (note, has_note) = (self.dice.word(NOTES), self.dice.chance(8));
        let order = self.dice.chance(20).then(|| format!("PO-{}", 1_000 + id));
        let due = day.saturating_add(30.days());
        self.invoices.push(row![
            format!("{id:07}"),
            day.to_string(),
            due.to_string(),
            order,
            client,
            has_note.then_some(note),
            if is_paid { "paid" } else { "sent" },
            pounds(total),
            "0.00",
            pounds(tax),
            pounds(total + tax),
            COMPANY,
            STAFF,
            moment(day, 11),
            moment(day, 11),
        ]);
        self.mail(person, id, day);
        self.activity("Invoice", id, "invoice.create", "--- {}\n", day);
        if is_paid {
            let paid = self.day_after(day, 40);
            let method = if self.dice.chance(70) { "Bank transfer" } else { "Card" };
            self.payments.push(row![
                id,
                client,
                pounds(total + tax),
                "Payment",
                method,
                paid.to_string(),
                None::<&str>,
                1_i64,
                "Received",
                COMPANY,
                moment(paid, 12),
                moment(paid, 12),
            ]);
        }
    }

    /// Adds a line and returns its price in pence.
    fn line(&mut self, invoice: i64, day: Date) -> i64 {
        let (name, description, price) = self.dice.pick(PRODUCTS).unwrap_or(("Proof", "", 3_500));
        let quantity = i64::from(1 + self.dice.below(4));
        self.lines.push(row![
            invoice,
            name,
            description,
            pounds(price),
            quantity,
            pounds(price),
            moment(day, 11),
            moment(day, 11),
        ]);
        price * quantity
    }

    fn mail(&mut self, person: &Person, invoice: i64, day: Date) {
        let content = format!(
            "Dear {},\n\nyour invoice {invoice:07} is attached. Thank you for your order.\n\nLarkspur Press",
            person.first_name
        );
        self.mails.push(row![
            day.to_string(),
            "office@larkspur.example",
            person.email.clone(),
            "Invoice",
            format!("Invoice {invoice:07} from Larkspur Press"),
            content,
            invoice,
            "Invoice",
            COMPANY,
            moment(day, 11),
            moment(day, 11),
        ]);
    }

    fn activity(&mut self, kind: &str, id: i64, key: &str, parameters: &str, day: Date) {
        let cells: Vec<Cell> =
            row![kind, id, "User", STAFF, key, parameters, 1_i64, moment(day, 11), moment(day, 11),];
        self.activities.push(cells);
    }
}
