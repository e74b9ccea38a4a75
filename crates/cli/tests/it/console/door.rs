//! The door: the first account, password, second factor, and how guessing is slowed down.

use habeas_core::access::Builtin;
use habeas_core::id::Token;
use habeas_web::console::FIRST_USER;
use jiff::SignedDuration;
use totp_rs::Builder;

use super::house::House;
use crate::support::visitor::{Answer, Visitor};

const PASSWORD: &str = "nine green whales";
const EMAIL: &str = "grace@larkspur.example";

/// Makes the link of the first account.
async fn first_link(house: &House) -> String {
    let token = Token::new(&*house.world.installation.chance);
    let until = house.store().now() + SignedDuration::from_hours(24);
    let mut tx = house.store().begin().await.unwrap();
    tx.add_token(&token, FIRST_USER, "first", until).await.unwrap();
    tx.commit().await.unwrap();
    format!("/console/first/{}", token.reveal())
}

/// Reads the key that the page shows for typing.
fn key(page: &Answer) -> Vec<u8> {
    let text = page.text();
    let shown = text.split_once("secret-small\">").expect("a key").1.split_once('<').unwrap().0;
    let (mut key, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for symbol in shown.chars().filter(|c| !c.is_whitespace()) {
        let place = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(symbol).expect("base 32");
        held = (held << 5 | u32::try_from(place).unwrap()) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from(held >> bits & 0xff).unwrap());
        }
    }
    key
}

fn code(house: &House, key: &[u8]) -> String {
    let now = u64::try_from(house.store().now().as_second()).unwrap();
    Builder::new().with_secret(key.to_vec()).build().unwrap().generate(now).to_string()
}

/// Sets up the first account; returns the browser and the key.
async fn set_up(house: &House) -> (Visitor, Vec<u8>) {
    let link = first_link(house).await;
    let mut grace = house.visitor();
    let key = key(grace.get(&link).await.is(200));
    let code = code(house, &key);
    let fields = [
        ("name", "Grace Hopper"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("code", &code),
    ];
    grace.send("/console/welcome", &fields).await.leads_to("/console");
    (grace, key)
}

async fn enter(visitor: &mut Visitor, email: &str, password: &str) -> Answer {
    visitor.get("/console/sign-in").await.is(200);
    visitor.send("/console/sign-in", &[("email", email), ("password", password)]).await
}

async fn enter_code(visitor: &mut Visitor, code: &str) -> Answer {
    visitor.get("/console/sign-in/code").await.is(200);
    visitor.send("/console/sign-in/code", &[("code", code)]).await
}

#[tokio::test]
async fn the_first_account_is_made_by_a_link_that_works_once() {
    let house = House::start().await;
    let link = first_link(&house).await;
    let mut grace = house.visitor();
    // Opening it twice uses nothing up and shows the same key.
    let first = key(grace.get(&link).await.is(200));
    let second = key(grace.get(&link).await.is(200));
    assert_eq!(first, second);

    let right = code(&house, &first);
    for (name, email, password, again, code, said) in [
        ("", EMAIL, PASSWORD, PASSWORD, right.as_str(), "Enter your name"),
        ("Grace", "grace", PASSWORD, PASSWORD, &right, "Enter an e-mail address"),
        ("Grace", EMAIL, "short", "short", &right, "Use at least 12 characters"),
        ("Grace", EMAIL, "password1234", "password1234", &right, "harder to guess"),
        ("Grace", EMAIL, PASSWORD, "another green whale", &right, "The two passwords differ"),
        ("Grace", EMAIL, PASSWORD, PASSWORD, "000000", "That code is not right"),
    ] {
        let fields = [
            ("name", name),
            ("email", email),
            ("password", password),
            ("password_again", again),
            ("code", code),
        ];
        grace.send("/console/welcome", &fields).await.is(422).shows(said);
    }
    assert!(house.store().read().await.unwrap().list_users().await.unwrap().is_empty());

    let mut late = grace.clone();
    let fields = [
        ("name", "Grace"),
        ("email", EMAIL),
        ("password", PASSWORD),
        ("password_again", PASSWORD),
        ("code", right.as_str()),
    ];
    grace.send("/console/welcome", &fields).await.leads_to("/console");
    grace.get("/console").await.is(200).shows("Today").shows("First steps");
    late.send("/console/welcome", &fields).await.is(404);
    late.get(&link).await.is(404);
    let users = house.store().read().await.unwrap().list_users().await.unwrap();
    let roles: Vec<&str> = users.iter().flat_map(|user| &user.roles).map(String::as_str).collect();
    assert_eq!((users.len(), roles), (1, vec!["admin", "privacy_officer"]));
}

#[tokio::test]
async fn password_and_code_open_the_door_and_a_code_works_once() {
    let house = House::start().await;
    let (mut grace, key) = set_up(&house).await;
    grace.get("/console").await.is(200);
    grace.send("/console/sign-out", &[]).await.leads_to("/console/sign-in");
    grace.get("/console").await.leads_to("/console/sign-in");

    house.world.clock.advance(SignedDuration::from_secs(60));
    let mut other = house.visitor();
    other.get("/console/sign-in/code").await.leads_to("/console/sign-in");
    enter(&mut other, EMAIL, PASSWORD).await.leads_to("/console/sign-in/code");
    let before = other.cookie("habeas-console").unwrap().to_owned();
    let now = code(&house, &key);
    enter_code(&mut other, &now).await.leads_to("/console");
    assert_ne!(other.cookie("habeas-console").unwrap(), before, "a new session id at sign-in");
    other.get("/console").await.is(200);

    // The same code again, from another browser that knows the password too.
    let mut thief = house.visitor();
    enter(&mut thief, EMAIL, PASSWORD).await.leads_to("/console/sign-in/code");
    enter_code(&mut thief, &now).await.is(422).shows("was used already");
    thief.get("/console").await.leads_to("/console/sign-in");
}

#[tokio::test]
async fn unknown_and_wrong_read_the_same() {
    let house = House::start().await;
    set_up(&house).await;
    let mut texts = Vec::new();
    for (email, password) in [(EMAIL, "wrong wrong wrong"), ("nobody@larkspur.example", PASSWORD)] {
        let mut visitor = house.visitor();
        let answer = enter(&mut visitor, email, password).await;
        answer.is(422).shows("Address or password is not right");
        let token = answer.hidden()["csrf"].clone();
        texts.push(answer.text().replace(&token, "").replace(email, ""));
    }
    assert_eq!(texts[0], texts[1]);
}

/// Tries a wrong password from a network of its own; returns the status.
async fn guess(house: &House, email: &str, network: u16) -> u16 {
    let [high, low] = network.to_be_bytes();
    let mut stranger = house.visitor().from([203, high, low, 9]);
    enter(&mut stranger, email, "wrong wrong wrong").await.status.as_u16()
}

#[tokio::test]
async fn strangers_keep_nobody_out() {
    let house = House::start().await;
    let (mut grace, key) = set_up(&house).await;
    grace.get("/console").await.is(200);
    grace.send("/console/sign-out", &[]).await.leads_to("/console/sign-in");
    for _ in 0..10 {
        for network in 0..4 {
            guess(&house, EMAIL, network).await;
        }
        house.world.clock.advance(SignedDuration::from_mins(1));
    }
    assert_eq!(guess(&house, EMAIL, 1).await, 429, "who goes on guessing is slowed down");

    // The browser she uses, and another one that never signed in before.
    let mut new = house.visitor().from([192, 0, 2, 44]);
    for visitor in [&mut grace, &mut new] {
        enter(visitor, EMAIL, PASSWORD).await.leads_to("/console/sign-in/code");
        enter_code(visitor, &code(&house, &key)).await.leads_to("/console");
        house.world.clock.advance(SignedDuration::from_secs(60));
    }
    assert_eq!(house.noted("staff_sign_in_slowed").await, 1, "once an hour");
}

#[tokio::test]
async fn a_known_browser_gets_in_while_many_machines_guess() {
    let house = House::start().await;
    let (mut grace, key) = set_up(&house).await;
    grace.get("/console").await.is(200);
    grace.send("/console/sign-out", &[]).await.leads_to("/console/sign-in");
    house.world.clock.advance(SignedDuration::from_secs(60));
    let mut looked_at = 0;
    for network in 0..100 {
        looked_at += u32::from(guess(&house, EMAIL, network).await == 422);
    }
    assert_eq!(looked_at, 60 + 12, "an account stands so many guesses at once, from however many machines");
    let mut new = house.visitor().from([192, 0, 2, 44]);
    enter(&mut new, EMAIL, PASSWORD).await.is(429);
    enter(&mut grace, EMAIL, PASSWORD).await.leads_to("/console/sign-in/code");
    enter_code(&mut grace, &code(&house, &key)).await.leads_to("/console");

    // Its token is worth nothing for another account, and stops counting as known once guessing starts there.
    let mut thief = grace.clone();
    thief.get("/console").await.is(200);
    thief.send("/console/sign-out", &[]).await.leads_to("/console/sign-in");
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(enter(&mut thief, EMAIL, "wrong wrong wrong").await.status.as_u16());
    }
    assert_eq!((statuses[7], statuses[10]), (422, 429), "{statuses:?}");
}

#[tokio::test]
async fn known_and_unknown_accounts_are_slowed_down_alike() {
    let house = House::start().await;
    set_up(&house).await;
    let mut all = Vec::new();
    for email in [EMAIL, "nobody@larkspur.example"] {
        let mut statuses = Vec::new();
        for network in 0..80 {
            statuses.push(guess(&house, email, network).await);
        }
        all.push(statuses);
    }
    assert_eq!(all[0], all[1]);
}

#[tokio::test]
async fn wrong_codes_are_bounded_and_kept_as_events() {
    let house = House::start().await;
    set_up(&house).await;
    let mut statuses = Vec::new();
    for _ in 0..11 {
        let mut thief = house.visitor().from([203, 0, 113, 9]);
        enter(&mut thief, EMAIL, PASSWORD).await.leads_to("/console/sign-in/code");
        statuses.push(enter_code(&mut thief, "000000").await.status.as_u16());
        house.world.clock.advance(SignedDuration::from_mins(5));
    }
    assert!(statuses.contains(&422), "{statuses:?}");
    assert_eq!(house.noted("staff_sign_in_refused").await, statuses.iter().filter(|s| **s == 422).count());
}

#[tokio::test]
async fn many_tries_from_one_address_have_to_wait() {
    let house = House::start().await;
    let mut statuses = Vec::new();
    for number in 0..31 {
        let email = format!("user{number}@larkspur.example");
        statuses.push(enter(&mut house.visitor(), &email, "wrong wrong wrong").await.status.as_u16());
    }
    assert_eq!(statuses[0], 422);
    assert_eq!(*statuses.last().unwrap(), 429);
}

#[tokio::test]
async fn a_disabled_user_is_out_at_once() {
    let house = House::start().await;
    let id = house.add_user("sam", &[Builtin::Steward], None).await;
    let mut sam = house.signed_in(id).await;
    sam.get("/console/tasks").await.is(200);
    let mut tx = house.store().begin().await.unwrap();
    tx.set_disabled(id, true).await.unwrap();
    tx.commit().await.unwrap();
    sam.get("/console/tasks").await.leads_to("/console/sign-in");
}
