//! The demonstration's organisation with a manual clock: real sources, real jobs, no pages.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use habeas_cli::config::Config;
use habeas_cli::installation::Installation;
use habeas_core::access::Builtin;
use habeas_core::event::Actor;
use habeas_core::flow::TaskKey;
use habeas_core::id::{Reference, RequestId, UserId};
use habeas_core::pii::Pii;
use habeas_core::request::{Channel, Command, Denied, Received, Request, Subject};
use habeas_store::acts::ActError;
use habeas_store::requests::{Filter, Paging, Scope, Search};
use habeas_store::users::{NewUser, Profile};
use habeas_testkit::{ManualClock, SeededChance};
use tempfile::TempDir;

pub(crate) struct World {
    pub(crate) installation: Installation,
    pub(crate) clock: ManualClock,
    folder: Arc<TempDir>,
}

impl World {
    pub(crate) async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts with changes to what stands in the data folder.
    pub(crate) async fn start_with(change: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        habeas_cli::demo::write(folder.path()).expect("the demonstration");
        change(folder.path());
        Self::open(Arc::new(folder), Config::default()).await.expect("an installation")
    }

    /// Opens what stands in a data folder, on Sunday 31 January 2027 at ten in London.
    pub(crate) async fn open(folder: Arc<TempDir>, config: Config) -> anyhow::Result<Self> {
        let clock = ManualClock::at("2027-01-31T10:00:00Z");
        let chance = Arc::new(SeededChance::new(7));
        let installation = Installation::open(folder.path(), config, clock.shared(), chance).await?;
        Ok(Self { installation, clock, folder })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) async fn add_user(&self, name: &str, role: Builtin) -> UserId {
        let profile =
            Profile { name: name.to_owned(), email: format!("{name}@larkspur.example"), language: None };
        let roles = [role.as_str().to_owned()];
        let user = NewUser { profile: &profile, password_hash: None, roles: &roles, entities: None };
        let mut tx = self.installation.store.begin().await.unwrap();
        let id = tx.add_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Files a request for access by mail address, with a name that need not be known, and runs what follows.
    pub(crate) async fn file(&self, given_name: &str, email: &str) -> RequestId {
        let id = self.receive(given_name, email).await.unwrap();
        self.run().await;
        id
    }

    /// Files a request for access and lets its jobs wait.
    pub(crate) async fn receive(&self, given_name: &str, email: &str) -> Result<RequestId, ActError> {
        let terms = self.installation.catalog.terms("access", "en").unwrap();
        let now = self.installation.clock.now();
        let id = RequestId::new(now, &*self.installation.chance);
        let subject =
            Subject { given_name: given_name.to_owned(), email: email.to_owned(), ..Subject::default() };
        let received = Received {
            reference: Reference::new(&*self.installation.chance),
            terms: terms.clone(),
            channel: Channel::Portal,
            received_at: now,
            subject: Pii::new(subject),
        };
        let ctx = self.installation.catalog.context(&terms, now, Actor::Subject, &[]).unwrap();
        let mut tx = self.installation.store.begin().await?;
        tx.receive(id, received, &ctx).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Runs all jobs that are due.
    pub(crate) async fn run(&self) {
        self.installation.engine.run_due().await;
    }

    /// Returns the id of the request of that reference.
    pub(crate) async fn id_of(&self, reference: &str) -> RequestId {
        let reference: Reference = reference.parse().expect("a reference");
        let filter = Filter { search: Some(Search::Reference(reference)), ..Filter::default() };
        let mut read = self.installation.store.read().await.unwrap();
        let page = read.list(&filter, Paging::default(), &Scope::Everything).await.unwrap();
        page.rows.first().expect("a request").id
    }

    pub(crate) async fn request(&self, id: RequestId) -> Request {
        let mut read = self.installation.store.read().await.unwrap();
        read.lookup_request(id, &Scope::Everything).await.unwrap().expect("a request")
    }

    pub(crate) async fn act(
        &self,
        id: RequestId,
        actor: Actor,
        roles: &[Builtin],
        command: Command,
    ) -> Result<Request, Denied> {
        let request = self.request(id).await;
        let roles = habeas_testkit::roles(roles);
        let now = self.installation.clock.now();
        let ctx = self.installation.catalog.context(&request.terms, now, actor, &roles).unwrap();
        let mut tx = self.installation.store.begin().await.unwrap();
        match tx.act(&request, command, &ctx).await {
            Ok(after) => {
                tx.commit().await.unwrap();
                Ok(after)
            }
            Err(ActError::Denied(denied)) => Err(denied),
            Err(ActError::Store(error)) => panic!("{error}"),
        }
    }

    /// Proves identity as if the right code had been entered, and runs what follows.
    pub(crate) async fn verify(&self, id: RequestId) {
        let command = Command::Verify { rung: "mail_code".to_owned() };
        self.act(id, Actor::Subject, &[], command).await.expect("proof");
        self.run().await;
    }

    /// Takes the data review and completes it, with so many records undecided.
    pub(crate) async fn approve(
        &self,
        id: RequestId,
        user: UserId,
        undecided: u64,
    ) -> Result<Request, Denied> {
        let task = TaskKey::from_text("review.data");
        let roles = [Builtin::PrivacyOfficer];
        self.act(id, Actor::Staff(user), &roles, Command::Take(task.clone())).await?;
        let answers = Pii::new(BTreeMap::new());
        let done =
            self.act(id, Actor::Staff(user), &roles, Command::Complete { task, answers, undecided }).await?;
        self.run().await;
        Ok(done)
    }

    /// Returns the subjects of the mails to an address, oldest first.
    pub(crate) async fn mails_to(&self, address: &str) -> Vec<String> {
        let mails = self.installation.store.read().await.unwrap().list_mails(100).await.unwrap();
        let of = |name: &str, content: &serde_json::Value| content.get(name)?.as_str().map(str::to_owned);
        let mut found: Vec<String> = mails
            .into_iter()
            .filter_map(|mail| mail.content)
            .filter(|content| of("to", content).as_deref() == Some(address))
            .filter_map(|content| of("subject", &content))
            .collect();
        found.reverse();
        found
    }
}
