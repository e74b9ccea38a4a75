//! The whole way of a request, in a browser and without a mouse, against the binary people run.
//!
//! The person and the member of staff each have a browser of their own. Nobody clicks, and no address is
//! opened but the first of each: what can't be reached with the keyboard fails the journey, and so does a
//! page with grave faults of accessibility.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use sha2::{Digest as _, Sha256};
use totp_rs::Totp;

use crate::flows::seven_zip;
use crate::support::browser::Browser;
use crate::support::command::Shell;
use crate::support::keyboard::ENTER;

const EMAIL: &str = "anabelle.deleon@email.com";
const PASSWORD: &str = "four grey herons waiting";

/// The demonstration, running.
struct Demo {
    process: Child,
    portal: String,
    /// The one-time link of the first member of staff.
    first: String,
    _shell: Shell,
}

impl Drop for Demo {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Demo {
    /// Starts it on a free port and reads from what it says where it is.
    fn start() -> Self {
        let shell = Shell::new();
        let mut command = shell.habeas(&["demo", "--data-dir", "data", "--listen", "127.0.0.1:0"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        let portal = lines.find_map(|line| Some(line.trim().strip_prefix("Portal ")?.trim().to_owned()));
        let first = lines.find(|line| line.contains("/console/first/"));
        let [portal, first] = [portal, first].map(|line| line.expect("an address").trim().to_owned());
        Self { process, portal, first, _shell: shell }
    }
}

/// What is checked on every page. axe-core is a script itself and can't run where none does.
#[derive(Clone, Copy)]
enum Checks {
    Accessible,
    Nothing,
}

impl Checks {
    async fn check(self, browser: &Browser, name: &str) {
        match self {
            Self::Accessible => browser.ensure_accessible(name).await,
            Self::Nothing => {}
        }
    }
}

/// Fills the form in and sends it; returns the reference.
async fn ask(person: &Browser, portal: &str, checks: Checks) -> String {
    person.open(portal).await;
    checks.check(person, "start").await;
    person.follow("Get a copy of your data").await;
    checks.check(person, "ask").await;
    person.fill("Given name", "Anabelle").await;
    person.fill("Family name", "Deleon").await;
    person.fill("E-mail address", EMAIL).await;
    person.fill("Country you live in", "United K").await;
    person.follow("Continue").await;

    // What was left out is said, with a link to it; what was entered is still there.
    person.says("There is a problem").await;
    checks.check(person, "ask, with an error").await;
    person.tab_to("Choose who you are to us").await;
    person.press(ENTER).await;
    person.tab_to("You are").await;
    person.press(" ").await;
    person.follow("Continue").await;
    person.says("Check before you send").await;
    person.says("Anabelle").await;
    person.says("United Kingdom").await;
    checks.check(person, "review").await;
    person.follow("Send the request").await;
    person.says("Your request is in").await;
    person.says("You hear from us by").await;
    checks.check(person, "sent").await;
    reference_in(&person.text().await)
}

fn reference_in(text: &str) -> String {
    let is_reference = |word: &&str| word.starts_with("HB-") && word.len() == 12;
    text.split_whitespace().find(is_reference).expect("a reference").to_owned()
}

/// Sets up the first account.
async fn set_up(staff: &Browser, link: &str) {
    staff.open(link).await;
    staff.ensure_accessible("welcome").await;
    let text = staff.text().await;
    let key = text.lines().skip_while(|line| !line.contains("enter the key by hand")).nth(1).expect("a key");
    staff.fill("Your name", "Olive Ortega").await;
    staff.fill("Your e-mail address", "olive@larkspur.example").await;
    staff.fill("New password", PASSWORD).await;
    staff.fill("New password again", PASSWORD).await;
    staff.fill("Code the app shows now", &code_of(key)).await;
    staff.follow("Finish").await;
    staff.says("Today").await;
    staff.ensure_accessible("today").await;
}

/// Returns the code an authenticator app shows for a key typed by hand.
fn code_of(key: &str) -> String {
    let mut bytes = Vec::new();
    let (mut held, mut bits) = (0_u32, 0);
    for symbol in key.bytes().filter(|byte| *byte != b' ') {
        let place = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".iter().position(|known| *known == symbol);
        held = (held << 5) | u32::try_from(place.expect("a symbol of base 32")).unwrap();
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
        }
    }
    let totp: Totp = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    totp.generate_current().to_string()
}

/// Reads the newest mail with such a subject in the outbox and returns the code in it.
async fn read_code(staff: &Browser, subject: &str) -> String {
    staff.follow_until("Outbox", subject).await;
    staff.ensure_accessible("outbox").await;
    staff.follow(subject).await;
    staff.says(EMAIL).await;
    staff.ensure_accessible("a mail").await;
    let text = staff.text().await;
    let is_code = |line: &&str| line.len() == 8 && line.bytes().all(|byte| byte.is_ascii_digit());
    text.lines().map(str::trim).find(is_code).expect("a code").to_owned()
}

/// Finds the review and takes it.
async fn take_review(staff: &Browser, reference: &str) {
    staff.follow("Today").await;
    staff.follow("Requests").await;
    staff.ensure_accessible("requests").await;
    staff.follow(reference).await;
    staff.says("Anabelle Deleon").await;
    // The gathering may still be under way; the tab shows it anew.
    staff.follow_until("Overview", "Look through what was found").await;
    staff.ensure_accessible("a request").await;
    staff.follow("Look through what was found").await;
    staff.ensure_accessible("a task").await;
    staff.follow("Take it").await;
    staff.says("The task is yours").await;
    staff.ensure_accessible("a task that was taken").await;
    staff.follow("Open the data review").await;
}

/// Looks through the records, leaves out what is about somebody else, and approves.
async fn review(staff: &Browser) {
    staff.ensure_accessible("the data review").await;
    staff.says("1 record waits for a decision").await;
    staff.enter("j").await;
    staff.says("How it was reached").await;
    staff.ensure_accessible("a record").await;

    // Nothing leaves before every record about somebody else is decided on.
    staff.follow("Approve").await;
    staff.says("To be settled first").await;
    staff.ensure_accessible("an approval that has to wait").await;
    staff.follow("1 record waits for a decision").await;
    staff.enter("j").await;
    staff.says("Courtney Crane").await;
    staff.says("Somebody else is in it").await;
    staff.ensure_accessible("a record about somebody else").await;
    staff.press("x").await;
    staff.press("She is a colleague, and it is her record").await;
    // Without a ground it isn't kept back: the page says so and keeps the reason.
    staff.enter(ENTER).await;
    staff.says("There is a problem").await;
    staff.ensure_accessible("a decision without its ground").await;
    staff.tab_to("Ground").await;
    staff.press("About").await;
    staff.follow("Save and go on").await;

    staff.follow("Approve").await;
    staff.says("Excluded one by one").await;
    staff.ensure_accessible("the approval").await;
    staff.follow("Approve and build the reply").await;
    staff.ensure_accessible("a request that was approved").await;
    for tab in ["Tasks", "Messages", "Decisions", "Documents"] {
        staff.follow(tab).await;
        staff.ensure_accessible(tab).await;
    }
}

/// Signs in afresh with a code from the outbox.
async fn sign_in(person: &Browser, staff: &Browser, reference: &str) {
    person.follow("Sign out").await;
    person.follow("Your request").await;
    person.ensure_accessible("sign-in").await;
    person.fill("Your reference", reference).await;
    person.fill("Your e-mail address", EMAIL).await;
    person.follow("Send me a code").await;
    person.ensure_accessible("the code to sign in").await;
    let code = read_code(staff, "Your sign-in code").await;
    person.fill("Code", &code).await;
    person.follow("Continue").await;
}

/// Reveals the password and downloads the archive; returns what is in it.
async fn fetch(person: &Browser, reference: &str, folder: &Path) -> String {
    person.ensure_accessible("the reply").await;
    person.follow("Show the password").await;
    person.ensure_accessible("the reply with its password").await;
    let password = person.text_of("#secret").await;
    person.tab_to("Download").await;
    person.press(ENTER).await;
    let archive = folder.join(format!("{reference}.zip"));
    person.await_file(&archive).await;
    let sum = hex::encode(Sha256::digest(std::fs::read(&archive).unwrap()));
    person.tab_to("Check that it arrived unchanged").await;
    person.press(ENTER).await;
    person.says(&sum).await;
    seven_zip(&archive, &password)
}

#[tokio::test]
async fn a_request_goes_its_whole_way_in_the_browser_by_keyboard_alone() {
    let demo = Demo::start();
    let downloads = tempfile::tempdir().unwrap();
    let person = Browser::start().await;
    person.download_to(downloads.path()).await;
    let staff = Browser::start().await;

    let reference = ask(&person, &demo.portal, Checks::Accessible).await;
    set_up(&staff, &demo.first).await;
    let code = read_code(&staff, &format!("Your code for request {reference}")).await;
    person.follow("Enter the code").await;
    person.ensure_accessible("the code").await;
    person.fill("Code", &code).await;
    person.follow("Continue").await;
    person.says("You hear from us by").await;
    person.says(&reference).await;
    person.ensure_accessible("my request").await;

    take_review(&staff, &reference).await;
    review(&staff).await;
    staff.follow_until("Overview", "Completed").await;

    sign_in(&person, &staff, &reference).await;
    person.follow(&format!("Request {reference}")).await;
    person.says("Our reply is ready").await;
    person.ensure_accessible("my request, answered").await;
    person.follow("Open the reply").await;
    let content = fetch(&person, &reference, downloads.path()).await;
    for held in [EMAIL, "S00001", "Deleon Ceramics"] {
        assert!(content.contains(held), "nothing of {held}");
    }
    assert!(!content.contains("Courtney Crane"), "what was left out is in the archive");
    person.close().await;
    staff.close().await;
}

#[tokio::test]
async fn a_request_is_made_in_a_browser_without_scripts() {
    let demo = Demo::start();
    let person = Browser::start().await;
    person.switch_scripts_off().await;
    let reference = ask(&person, &demo.portal, Checks::Nothing).await;
    let staff = Browser::start().await;
    set_up(&staff, &demo.first).await;
    let code = read_code(&staff, &format!("Your code for request {reference}")).await;
    person.follow("Enter the code").await;
    person.fill("Code", &code).await;
    person.follow("Continue").await;
    person.says("You hear from us by").await;
    person.close().await;
    staff.close().await;
}
