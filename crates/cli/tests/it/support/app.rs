//! A whole installation for one test: SQLite in a folder of its own, a clock that moves when told to,
//! chance from a seed, the built-in definitions and a small organisation.

use std::path::Path;
use std::sync::Arc;

use argon2::PasswordHasher as _;
use axum::Router;
use habeas_core::context::SharedChance;
use habeas_core::definition::Catalog;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId};
use habeas_core::request::Request;
use habeas_store::challenges::NewChallenge;
use habeas_store::definitions::{NewText, Owner};
use habeas_store::requests::{Filter, Paging, Scope, Search};
use habeas_store::{KeyFile, KeyWrap as _, Store};
use habeas_testkit::{CapturedLogs, ManualClock, SeededChance};
use habeas_web::{App, Options};
use tempfile::TempDir;

use super::visitor::{Answer, Visitor};

/// The organisation of the tests.
const ENTITY: &str = "
entity: northwind
title: Northwind Trading
address: 1 Example Street, Bristol
contact_email: privacy@northwind.example
zone: Europe/London
calendar: GB-EW
";

const ACTIVITIES: &[(&str, &str)] = &[
    (
        "access",
        "
activity: access
title: Get a copy of my data
description: What we hold about you, where it came from and why we use it.
entity: northwind
right: access
law: uk-gdpr
flow: access
",
    ),
    (
        "questions",
        "
activity: questions
title: Ask with questions
entity: northwind
right: access
law: uk-gdpr
flow: questions
",
    ),
    (
        "closed",
        "
activity: closed
title: Not offered any more
entity: northwind
right: access
law: uk-gdpr
flow: access
offered: false
",
    ),
];

/// A flow that asks two questions, one of them twice.
const QUESTIONS: &str = "
flow: questions
title: With questions
stages:
  - key: opening
    title: Case opening
    tasks:
      - key: acknowledge
        title: Send the receipt
        operation: acknowledge
        inputs:
          address: { input: What is your email address?, type: email }
      - { key: identity, title: Prove identity, operation: verify_identity }
  - key: collection
    title: Data collection
    tasks:
      - { key: collect, title: Gather the data, operation: collect }
  - key: review
    title: Review and approval
    tasks:
      - key: data
        title: Legal review
        work: data_review
        role: steward
        shows:
          Address: { input: What is your email address?, type: email }
          Reason: { input: Why do you ask?, type: long_text }
  - key: delivery
    title: Customer notification
    tasks:
      - key: package
        title: Make the archive
        operation: build_package
        inputs:
          records: { link: collection.collect.records }
          decisions: { link: review.data.decisions }
      - key: deliver
        title: Tell the person
        operation: deliver
        order: 2
        inputs:
          package: { link: delivery.package.package }
";

/// An installation under test.
pub(crate) struct TestApp {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    pub(crate) chance: SharedChance,
    pub(crate) logs: CapturedLogs,
    pub(crate) app: App,
    router: Router,
    _folder: TempDir,
}

/// What a person types into the form.
pub(crate) const ADA: &[(&str, &str)] = &[
    ("given_name", "Ada"),
    ("family_name", "Lovelace"),
    ("email", "ada.lovelace@example.org"),
    ("country", "GB"),
    ("relation", "customer"),
    ("format", "html"),
    ("language", "en"),
];

impl TestApp {
    /// Starts an installation with the options of tests.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts an installation with further options.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let logs = CapturedLogs::install();
        let folder = tempfile::tempdir().expect("a folder");
        let clock = ManualClock::at("2027-01-31T10:00:00Z");
        let chance: SharedChance = Arc::new(SeededChance::new(2027));
        let url = folder.path().join("habeas.db").to_str().expect("a path").to_owned();
        Store::migrate(&url).await.expect("a migrated database");
        let keys = KeyFile::new(folder.path().join("root.key"), chance.clone()).unseal().expect("a key");
        let blobs = folder.path().join("blobs");
        let options = habeas_store::Options { url, blobs, keys };
        let store = Store::open(options, clock.shared(), chance.clone()).await.expect("a store");
        import(&store).await;
        let texts = store.read().await.unwrap().list_published_texts().await.unwrap();
        let catalog = Arc::new(Catalog::new(texts).expect("a catalog"));
        let mut options = Options { proof_of_work_bits: 4, ..Options::default() };
        change(&mut options);
        let app = App {
            store: store.clone(),
            catalog,
            clock: clock.shared(),
            chance: chance.clone(),
            options: Arc::new(options),
        };
        let router = habeas_web::router(app.clone());
        Self { store, clock, chance, logs, app, router, _folder: folder }
    }

    /// Returns a fresh browser.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// Files a request through the form and returns the browser and the reference it was shown.
    pub(crate) async fn file_request(&self, activity: &str, fields: &[(&str, &str)]) -> (Visitor, String) {
        let mut person = self.visitor();
        let sent = file_by(&mut person, activity, fields).await;
        let reference = sent.is(200).reference();
        (person, reference)
    }

    /// Files Ada's request for access and enters the code from her mail.
    pub(crate) async fn file_and_verify(&self) -> (Visitor, String) {
        let (mut person, reference) = self.file_request("access", ADA).await;
        let code = self.read_code(&reference, "verify").await;
        enter_code(&mut person, "/verify", &code).await.leads_to("/my");
        (person, reference)
    }

    /// Returns the request of that reference.
    pub(crate) async fn request(&self, reference: &str) -> Request {
        let id = self.request_id(reference).await;
        self.store.read().await.unwrap().lookup_request(id, &Scope::Everything).await.unwrap().expect("it")
    }

    /// Returns the id of the request of that reference.
    pub(crate) async fn request_id(&self, reference: &str) -> RequestId {
        let reference: Reference = reference.parse().expect("a reference");
        let filter = Filter { search: Some(Search::Reference(reference)), ..Filter::default() };
        let mut read = self.store.read().await.unwrap();
        let page = read.list(&filter, Paging::default(), &Scope::Everything).await.unwrap();
        page.rows.first().expect("a request").id
    }

    /// Returns how many requests there are.
    pub(crate) async fn request_count(&self) -> u64 {
        let mut read = self.store.read().await.unwrap();
        read.list(&Filter::default(), Paging::default(), &Scope::Everything).await.unwrap().total
    }

    /// Returns the kinds of a request's events, in order.
    pub(crate) async fn events(&self, reference: &str) -> Vec<String> {
        let id = self.request_id(reference).await;
        let entries = self.store.read().await.unwrap().lookup_entries(id).await.unwrap().expect("entries");
        entries.into_iter().map(|entry| entry.record.kind).collect()
    }

    /// Returns the code of the newest mail for this purpose.
    pub(crate) async fn read_code(&self, reference: &str, purpose: &str) -> String {
        let code = "13572468";
        let request_id = self.request_id(reference).await;
        let hash = argon2::Argon2::default().hash_password_with_salt(code.as_bytes(), b"salt of a test");
        let hash: argon2::password_hash::phc::PasswordHash = hash.unwrap();
        let mut tx = self.store.begin().await.unwrap();
        let expires_at = self.store.now() + jiff::SignedDuration::from_mins(10);
        let challenge =
            NewChallenge { request_id, purpose, code_hash: &hash.to_string(), expires_at, tries: 10 };
        tx.set_challenge(&challenge).await.unwrap();
        tx.commit().await.unwrap();
        code.to_owned()
    }
}

/// Fills in the form, looks over it, sends it; returns the page that it leads to.
pub(crate) async fn file_by(person: &mut Visitor, activity: &str, fields: &[(&str, &str)]) -> Answer {
    let path = format!("/ask/{activity}");
    person.get(&path).await.is(200);
    let mut all = fields.to_vec();
    all.push(("step", "review"));
    person.send(&path, &all).await.is(200).shows("Check before you send");
    person.send(&path, &[("step", "send")]).await.leads_to("/sent");
    person.get("/sent").await
}

/// Enters a code on a page that asks for one.
pub(crate) async fn enter_code(person: &mut Visitor, path: &str, code: &str) -> Answer {
    person.open(path).await.is(200);
    person.send(path, &[("code", code)]).await
}

async fn import(store: &Store) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let file = |path: &str| std::fs::read_to_string(root.join(path)).expect("a built-in definition");
    let mut texts = vec![
        ("law", "uk-gdpr", file("laws/uk-gdpr.toml")),
        ("calendar", "GB-EW", file("calendars/GB-EW.toml")),
        ("entity", "northwind", ENTITY.to_owned()),
        ("flow", "access", file("flows/access.yml")),
        ("flow", "questions", QUESTIONS.to_owned()),
    ];
    texts.extend(ACTIVITIES.iter().map(|(name, text)| ("activity", *name, (*text).to_owned())));
    let mut tx = store.begin().await.unwrap();
    for (kind, name, text) in &texts {
        let new = NewText { kind, name, text, owner: Owner::Builtin, actor: Actor::System };
        tx.import(new).await.unwrap();
    }
    tx.commit().await.unwrap();
}
