//! A whole installation for one test: SQLite in a folder of its own, a clock that moves when told to,
//! chance from a seed, the built-in definitions, a small organisation with one source, and the engine.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use habeas_core::access::{self, Builtin};
use habeas_core::context::SharedChance;
use habeas_core::definition::Catalog;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::{Reference, RequestId, Token, UserId};
use habeas_core::pii::Pii;
use habeas_core::record::Record;
use habeas_core::request::{Command, Request};
use habeas_engine::{Engine, Finder, Mailer, Parts};
use habeas_store::definitions::{NewText, Owner};
use habeas_store::records::{Reader, SealTarget};
use habeas_store::requests::{Filter, Paging, Scope, Search};
use habeas_store::sessions::{Audience, NewSession};
use habeas_store::users::{NewUser, Profile};
use habeas_store::{KeyFile, KeyWrap as _, Store};
use habeas_testkit::{CapturedLogs, ManualClock, SeededChance};
use habeas_web::{App, Options};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tempfile::TempDir;

use super::visitor::{Answer, Visitor};

/// What a person types into the form.
pub(crate) const ADA: &[(&str, &str)] = &[
    ("given_name", "Ada"),
    ("family_name", "Lovelace"),
    ("email", "Ada.Lovelace@example.org"),
    ("country", "GB"),
    ("relation", "customer"),
    ("language", "en"),
];

/// Somebody else, who is a customer too.
pub(crate) const GRACE: &[(&str, &str)] = &[
    ("given_name", "Grace"),
    ("family_name", "Hopper"),
    ("email", "grace.hopper@example.org"),
    ("country", "US"),
    ("relation", "customer"),
    ("language", "en"),
];

/// An installation under test.
pub(crate) struct TestApp {
    pub(crate) store: Store,
    pub(crate) clock: ManualClock,
    pub(crate) chance: SharedChance,
    pub(crate) logs: CapturedLogs,
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
    router: Router,
}

/// A mail as it left.
pub(crate) struct Mail {
    pub(crate) occasion: String,
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

impl TestApp {
    /// Starts an installation with the options of tests, on Sunday 31 January 2027, ten in London.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts an installation with further options.
    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        let logs = CapturedLogs::install();
        let folder = tempfile::tempdir().expect("a folder");
        let clock = ManualClock::at("2027-01-31T10:00:00Z");
        let chance = SeededChance::new(2027).shared();
        let store = open_store(folder.path(), &clock, &chance).await;
        import(&store).await;
        let texts = store.read().await.unwrap().list_published_texts().await.unwrap();
        let catalog = Arc::new(Catalog::new(texts).expect("a catalog"));
        let mut options = Options { proof_of_work_bits: 4, ..Options::default() };
        change(&mut options);
        let connections = make_source(folder.path()).await;
        let parts = Parts {
            store: store.clone(),
            catalog: catalog.clone(),
            finder: Finder::open(&catalog, Some(&connections)).expect("a finder"),
            mailer: Mailer::Outbox,
            clock: clock.shared(),
            chance: chance.clone(),
        };
        let engine = Engine::new(
            parts,
            habeas_engine::Options {
                portal_url: options.portal_url.clone(),
                console_url: options.console_url.clone(),
                concurrency: 1,
            },
        );
        let app = App {
            store: store.clone(),
            catalog: catalog.clone(),
            clock: clock.shared(),
            chance: chance.clone(),
            options: Arc::new(options),
        };
        let router = habeas_web::router(app);
        Self { store, clock, chance, logs, catalog, engine, folder, router }
    }

    /// Returns a fresh browser.
    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// Serves the pages at an address of this machine.
    pub(crate) async fn serve(&self) -> String {
        super::served::serve(self.router.clone()).await
    }

    /// Runs every job that is due, and those they bring.
    pub(crate) async fn run_jobs(&self) {
        self.engine.run_due().await;
    }

    /// Files a request through the form; returns the browser and the reference it was shown.
    pub(crate) async fn file_request(&self, activity: &str, fields: &[(&str, &str)]) -> (Visitor, String) {
        let mut person = self.visitor();
        let reference = file_by(&mut person, activity, fields).await.is(200).reference();
        self.run_jobs().await;
        (person, reference)
    }

    /// Files a request for access and enters the code from the mail.
    pub(crate) async fn file_and_verify(&self, fields: &[(&str, &str)]) -> (Visitor, String) {
        let (mut person, reference) = self.file_request("access", fields).await;
        let code = self.read_code(&reference).await;
        enter_code(&mut person, "/verify", &code).await.leads_to("/my");
        self.run_jobs().await;
        (person, reference)
    }

    /// Files a request for access and has staff answer it: the reply waits for the person.
    pub(crate) async fn file_and_answer(&self, fields: &[(&str, &str)]) -> (Visitor, String) {
        let (person, reference) = self.file_and_verify(fields).await;
        self.review(&reference).await;
        (person, reference)
    }

    /// Finishes the review of what was found, as a privacy officer who finds nothing to leave out.
    pub(crate) async fn review(&self, reference: &str) {
        let officer = self.take_review(reference).await;
        self.finish_review(reference, officer).await;
    }

    /// Takes the review of what was found.
    pub(crate) async fn take_review(&self, reference: &str) -> UserId {
        let officer = self.add_user("officer@northwind.example", &[Builtin::Admin]).await;
        self.act(reference, officer, Command::Take(TaskKey::new("review", "data"))).await;
        officer
    }

    /// Finishes the review as who has taken it.
    pub(crate) async fn finish_review(&self, reference: &str, officer: UserId) {
        let task = TaskKey::new("review", "data");
        self.act(reference, officer, Command::Complete { task, answers: Pii::default(), undecided: 0 }).await;
        self.run_jobs().await;
    }

    /// Does something to a request as a member of staff who may do everything.
    pub(crate) async fn act(&self, reference: &str, user: UserId, command: Command) {
        let mut tx = self.store.begin().await.unwrap();
        let id = self.request_id(reference).await;
        let request = tx.lookup_request(id, &Scope::Everything).await.unwrap().expect("a request");
        let roles = habeas_testkit::roles(&[Builtin::Admin]);
        let ctx = self.catalog.context(&request.terms, self.store.now(), Actor::Staff(user), &roles).unwrap();
        tx.act(&request, command, &ctx).await.expect("an act");
        tx.commit().await.unwrap();
    }

    /// Makes an account that sees every entity.
    pub(crate) async fn add_user(&self, email: &str, roles: &[Builtin]) -> UserId {
        self.add_user_of(email, roles, None).await
    }

    /// Makes an account; with entities, it sees only theirs.
    pub(crate) async fn add_user_of(
        &self,
        email: &str,
        roles: &[Builtin],
        entities: Option<&[String]>,
    ) -> UserId {
        let profile = Profile { name: "Sam Staff".to_owned(), email: email.to_owned(), language: None };
        let roles: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
        let new = NewUser { profile: &profile, password_hash: None, roles: &roles, entities };
        let mut tx = self.store.begin().await.unwrap();
        let id = tx.add_user(&new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Returns a browser signed in to the console, without going through its door.
    pub(crate) async fn staff(&self, email: &str, roles: &[Builtin]) -> Visitor {
        let user = self.add_user(email, roles).await;
        self.signed_in(user).await
    }

    /// Returns a browser signed in to the console with this account.
    pub(crate) async fn signed_in(&self, user: UserId) -> Visitor {
        let token = Token::new(&*self.chance);
        let session = NewSession {
            audience: Audience::Console,
            user_id: Some(user),
            request_id: None,
            data: &json!({}),
            idle: SignedDuration::from_mins(30),
            expires_at: self.store.now() + SignedDuration::from_hours(12),
        };
        let mut tx = self.store.begin().await.unwrap();
        tx.open_session(&token, &session).await.unwrap();
        tx.commit().await.unwrap();
        let mut visitor = self.visitor();
        visitor.set_cookie("habeas-console", &token.reveal());
        visitor
    }

    /// Returns the request of that reference.
    pub(crate) async fn request(&self, reference: &str) -> Request {
        let id = self.request_id(reference).await;
        let mut read = self.store.read().await.unwrap();
        read.lookup_request(id, &Scope::Everything).await.unwrap().expect("a request")
    }

    /// Returns the id of the request of that reference.
    pub(crate) async fn request_id(&self, reference: &str) -> RequestId {
        let reference: Reference = reference.parse().expect("a reference");
        let filter = Filter { search: Some(Search::Reference(reference)), ..Filter::default() };
        let mut read = self.store.read().await.unwrap();
        let page = read.list(&filter, Paging::default(), &Scope::Everything).await.unwrap();
        page.rows.first().expect("a request").id
    }

    /// Returns a record that was found for a request, by its number.
    pub(crate) async fn record(&self, reference: &str, number: u64) -> Record {
        let request = self.request(reference).await;
        let mut read = self.store.read().await.unwrap();
        let keys = read.lookup_keys(request.id).await.unwrap().expect("keys");
        let blob = read.lookup_blob(request.found.expect("records").blob, &Scope::Everything).await.unwrap();
        let file = self.store.open_sealed(&blob.expect("a file")).unwrap();
        let mut reader = Reader::open(file, &SealTarget::of(&keys).unwrap()).unwrap();
        reader.record(number).unwrap().expect("a record")
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

    /// Returns how many events of a kind a request has.
    pub(crate) async fn count_events(&self, reference: &str, kind: &str) -> usize {
        self.events(reference).await.iter().filter(|event| *event == kind).count()
    }

    /// Returns the mails of a request, newest first.
    pub(crate) async fn mails(&self, reference: &str) -> Vec<Mail> {
        let id = self.request_id(reference).await;
        let mails = self.store.read().await.unwrap().list_mails_of(id, 200).await.unwrap();
        let read = |mail: habeas_store::mails::Mail| {
            let content = mail.content.expect("content");
            let text = |name: &str| content[name].as_str().expect("text").to_owned();
            Mail { occasion: mail.occasion, to: text("to"), subject: text("subject"), text: text("text") }
        };
        mails.into_iter().map(read).collect()
    }

    /// Returns the newest mail of a request on an occasion.
    pub(crate) async fn read_mail(&self, reference: &str, occasion: &str) -> Mail {
        let mails = self.mails(reference).await;
        let known: Vec<String> = mails.iter().map(|mail| mail.occasion.clone()).collect();
        let found = mails.into_iter().find(|mail| mail.occasion == occasion);
        found.unwrap_or_else(|| panic!("no mail {occasion}, only {known:?}"))
    }

    /// Returns the code in the newest mail that has one.
    pub(crate) async fn read_code(&self, reference: &str) -> String {
        let text = self.read_mail(reference, "code").await.text;
        let mut codes = text.split(|c: char| !c.is_ascii_alphanumeric());
        let code = codes.find(|word| word.len() == 8 && word.chars().all(|c| c.is_ascii_digit()));
        code.unwrap_or_else(|| panic!("no code in {text}")).to_owned()
    }

    /// Fails where something in the database doesn't hold together.
    pub(crate) async fn verify(&self) {
        let problems = self.store.verify().await.expect("a check");
        assert!(problems.is_empty(), "{problems:?}");
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
    person.get(path).await.is(200);
    person.send(path, &[("code", code)]).await
}

/// Asks for a code to sign in.
pub(crate) async fn ask_code(person: &mut Visitor, reference: &str, email: &str) -> Answer {
    person.get("/sign-in").await.is(200);
    person.send("/sign-in", &[("reference", reference), ("email", email)]).await
}

async fn open_store(folder: &Path, clock: &ManualClock, chance: &SharedChance) -> Store {
    let url = folder.join("habeas.db").to_str().expect("a path").to_owned();
    Store::migrate(&url).await.expect("a migrated database");
    let keys = KeyFile::new(folder.join("root.key"), chance.clone()).unseal().expect("a key");
    let options = habeas_store::Options { url, blobs: folder.join("blobs"), keys };
    Store::open(options, clock.shared(), chance.clone()).await.expect("a store")
}

/// Makes the organisation's one source, and the file that says where it is.
async fn make_source(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("shop.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("a source");
    sqlx::raw_sql(include_str!("organisation/shop.sql")).execute(&pool).await.expect("its tables");
    pool.close().await;
    let connections = folder.join("connections.toml");
    std::fs::write(&connections, "[shop]\nurl = \"sqlite://shop.sqlite\"\ngrant = [\"read\"]\n").unwrap();
    connections
}

async fn import(store: &Store) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let builtin = |path: &str| std::fs::read_to_string(root.join("../..").join(path)).expect(path);
    let own = |path: &str| {
        std::fs::read_to_string(root.join("tests/it/support/organisation").join(path)).expect(path)
    };
    let texts = [
        ("law", "uk-gdpr", builtin("laws/uk-gdpr.toml")),
        ("calendar", "GB-EW", builtin("calendars/GB-EW.toml")),
        ("entity", "northwind", own("entity.yml")),
        ("dataset", "shop", own("shop.yml")),
        ("policy", "policy", own("policy.yml")),
        ("register", "register", own("register.yml")),
        ("flow", "access", builtin("flows/access.yml")),
        ("flow", "questions", own("flow-questions.yml")),
        ("activity", "access", own("access.yml")),
        ("activity", "questions", own("questions.yml")),
        ("activity", "closed", own("closed.yml")),
    ];
    let roles = access::builtin().map(|(name, text)| ("role", name, text.to_owned()));
    let mut tx = store.begin().await.unwrap();
    for (kind, name, text) in &roles.chain(texts).collect::<Vec<_>>() {
        let new = NewText { kind, name, text, owner: Owner::Builtin, actor: Actor::System };
        tx.import(new).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// An instant as tests write it.
pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
