//! The demonstration's organisation with its pages: staff signed in, requests filed and proven.

use axum::Router;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::id::{Reference, RequestId, Token, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Command, Received, Request, Subject};
use habeas_store::Store;
use habeas_store::requests::Scope;
use habeas_store::sessions::{Audience, NewSession};
use habeas_store::users::{NewUser, Profile};
use habeas_web::{App, Options};
use jiff::SignedDuration;
use serde_json::json;

use crate::flows::world::World;
use crate::support::visitor::Visitor;

/// A known person: both systems hold records of hers, one of them about a colleague.
pub(crate) const ANABELLE: &str = "anabelle.deleon@email.com";

/// Two reviews by two people.
const REVIEWED: &str = "
activity: reviewed
title: Get a copy, looked at twice
entity: larkspur
right: access
law: uk-gdpr
flow: access-second-review
offered: false
";

/// A list that a file says.
const SHOPS: &str = "list: shops\ntitle: Shops\nentries: [{ key: bath, value: Bath }]\n";

/// A block of text for messages.
const WHICH: &str = "
snippet: which-account
title: Which account?
text: |
  Dear {name}, about {reference}: which account do you mean? You hear from us by {due_on}.
";

pub(crate) struct House {
    pub(crate) world: World,
    router: Router,
}

/// A request as tests name it.
pub(crate) struct Filed {
    pub(crate) id: RequestId,
    pub(crate) reference: String,
}

impl Filed {
    /// Returns the address of the request.
    pub(crate) fn path(&self, tab: &str) -> String {
        format!("/console/requests/{}{tab}", self.reference)
    }

    /// Returns the address of a task of it.
    pub(crate) fn task(&self, key: &str) -> String {
        format!("/console/tasks/{}.{key}", self.reference)
    }
}

impl House {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    pub(crate) async fn start_with(change: impl FnOnce(&mut Options)) -> Self {
        Self::start_as(REVIEWED, change).await
    }

    /// Starts where people are offered a second kind of request: `reviewed`.
    pub(crate) async fn start_offering_two() -> Self {
        Self::start_as(&REVIEWED.replace("offered: false", "offered: true"), |_| ()).await
    }

    async fn start_as(reviewed: &str, change: impl FnOnce(&mut Options)) -> Self {
        Self::start_from(reviewed, &[], "", change).await
    }

    /// Starts with further sources in the connections file.
    pub(crate) async fn start_with_sources(connections: &str) -> Self {
        Self::start_from(REVIEWED, &[], connections, |_| ()).await
    }

    /// Starts with further definitions, each by its path below the folder of definitions.
    pub(crate) async fn start_with_definitions(files: &[(&str, &str)]) -> Self {
        Self::start_from(REVIEWED, files, "", |_| ()).await
    }

    async fn start_from(
        reviewed: &str,
        files: &[(&str, &str)],
        connections: &str,
        change: impl FnOnce(&mut Options),
    ) -> Self {
        let world = World::start_with(|path| {
            let known = std::fs::read_to_string(path.join("connections.toml")).expect("connections");
            std::fs::write(path.join("connections.toml"), known + connections).expect("connections");
            for (name, text) in files {
                let file = path.join("definitions").join(name);
                std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
                std::fs::write(file, text).expect("a definition");
            }
            std::fs::write(path.join("definitions/activities/reviewed.yml"), reviewed).expect("an activity");
            std::fs::create_dir_all(path.join("definitions/lists")).expect("a folder");
            std::fs::write(path.join("definitions/lists/shops.yml"), SHOPS).expect("a list");
            std::fs::create_dir_all(path.join("definitions/snippets")).expect("a folder");
            std::fs::write(path.join("definitions/snippets/which-account.yml"), WHICH).expect("a snippet");
        })
        .await;
        let mut options = Options { proof_of_work_bits: 0, ..Options::default() };
        change(&mut options);
        let app = App {
            store: world.installation.store.clone(),
            catalog: world.installation.catalog.clone(),
            clock: world.installation.clock.clone(),
            chance: world.installation.chance.clone(),
            options: std::sync::Arc::new(options),
        };
        Self { world, router: habeas_web::router(app) }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.world.installation.store
    }

    /// Serves the pages at an address of this machine.
    pub(crate) async fn serve(&self) -> String {
        crate::support::served::serve(self.router.clone()).await
    }

    pub(crate) fn visitor(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// Makes an account, for some entities only where they are named.
    pub(crate) async fn add_user(
        &self,
        name: &str,
        roles: &[Builtin],
        entities: Option<&[String]>,
    ) -> UserId {
        let email = format!("{name}@larkspur.example");
        let profile = Profile { name: name.to_owned(), email, language: None };
        let roles: Vec<String> = roles.iter().map(|role| role.as_str().to_owned()).collect();
        let new = NewUser { profile: &profile, password_hash: None, roles: &roles, entities };
        let mut tx = self.store().begin().await.unwrap();
        let id = tx.add_user(&new).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Returns a browser signed in as a new member of staff.
    pub(crate) async fn staff(&self, name: &str, roles: &[Builtin]) -> Visitor {
        let id = self.add_user(name, roles, None).await;
        self.signed_in(id).await
    }

    /// Returns the browser of the person, signed in to their request.
    pub(crate) async fn person(&self, filed: &Filed) -> Visitor {
        let token = Token::new(&*self.world.installation.chance);
        let session = NewSession {
            audience: Audience::Portal,
            user_id: None,
            request_id: Some(filed.id),
            data: &json!({}),
            idle: SignedDuration::from_hours(1),
            expires_at: self.store().now() + SignedDuration::from_hours(1),
        };
        let mut tx = self.store().begin().await.unwrap();
        tx.open_session(&token, &session).await.unwrap();
        tx.commit().await.unwrap();
        let mut visitor = self.visitor();
        visitor.set_cookie("habeas", &token.reveal());
        visitor
    }

    /// Returns a browser signed in without going through the door.
    pub(crate) async fn signed_in(&self, id: UserId) -> Visitor {
        let token = Token::new(&*self.world.installation.chance);
        let session = NewSession {
            audience: Audience::Console,
            user_id: Some(id),
            request_id: None,
            data: &json!({}),
            idle: SignedDuration::from_hours(24),
            expires_at: self.store().now() + SignedDuration::from_hours(24),
        };
        let mut tx = self.store().begin().await.unwrap();
        tx.open_session(&token, &session).await.unwrap();
        tx.commit().await.unwrap();
        let mut visitor = self.visitor();
        visitor.set_cookie("habeas-console", &token.reveal());
        visitor
    }

    /// Files a request under an activity and runs what follows.
    pub(crate) async fn file(&self, activity: &str, email: &str) -> Filed {
        self.file_with(activity, email, &[]).await
    }

    /// Files a request with answers to the flow's own questions, by label.
    pub(crate) async fn file_with(&self, activity: &str, email: &str, answers: &[(&str, &str)]) -> Filed {
        let installation = &self.world.installation;
        let terms = installation.catalog.terms(activity, "en").unwrap();
        let now = installation.clock.now();
        let id = RequestId::new(now, &*installation.chance);
        let reference = Reference::new(&*installation.chance);
        let subject = Subject {
            given_name: "Anabelle".to_owned(),
            family_name: "Deleon".to_owned(),
            email: email.to_owned(),
            phone: Some("+1 234-567-6789".to_owned()),
            description: Some("Everything since 2024".to_owned()),
            answers: answers.iter().map(|(label, text)| ((*label).to_owned(), (*text).to_owned())).collect(),
            ..Subject::default()
        };
        let received = Received {
            reference: reference.clone(),
            terms: terms.clone(),
            channel: Channel::Portal,
            received_at: now,
            subject: Pii::new(subject),
        };
        let ctx = installation.catalog.context(&terms, now, Actor::Subject, &[]).unwrap();
        let mut tx = self.store().begin().await.unwrap();
        tx.receive(id, received, &ctx).await.unwrap();
        tx.commit().await.unwrap();
        self.world.run().await;
        Filed { id, reference: reference.to_string() }
    }

    /// Files a request, proves who asks and gathers the records.
    pub(crate) async fn gather(&self, activity: &str) -> Filed {
        let filed = self.file(activity, ANABELLE).await;
        self.world.verify(filed.id).await;
        assert!(self.request(&filed).await.found.is_some(), "records were gathered");
        filed
    }

    pub(crate) async fn request(&self, filed: &Filed) -> Request {
        let mut read = self.store().read().await.unwrap();
        read.lookup_request(filed.id, &Scope::Everything).await.unwrap().expect("a request")
    }

    /// Does something to a request as a member of staff who may do everything.
    pub(crate) async fn act(&self, filed: &Filed, user: UserId, command: Command) {
        self.world.act(filed.id, Actor::Staff(user), &[Builtin::Admin], command).await.expect("an act");
    }

    /// Returns how often something stands in the installation's own log.
    pub(crate) async fn noted(&self, kind: &str) -> usize {
        let entries = self.store().read().await.unwrap().list_system_entries(None, 1_000).await.unwrap();
        entries.iter().filter(|entry| entry.record.kind == kind).count()
    }
}
