//! The build-package operation: the archive the person will get, from the sealed file and the marks.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read};
use std::path::Path;
use std::sync::Arc;

use habeas_core::definition::{Entity, Kind, Missing};
use habeas_core::id::BlobId;
use habeas_core::law::{Pack, Right};
use habeas_core::pii::Pii;
use habeas_core::record::Record;
use habeas_core::request::{Failure, Outcome, Package, Request, Verdict};
use habeas_render::package::{
    self, Authority, Built, Cause, Content, Controller, Input, Key, Keys, Original, Records,
};
use habeas_store::blobs::Blob;
use habeas_store::jobs::Claimed;
use habeas_store::records::{Reader, SealTarget};
use habeas_store::requests::Scope;

use crate::error::Error;
use crate::task::Try;
use crate::{Engine, Inner};
use habeas_store::{Read as Rows, Scratch};

/// The kind of blob an archive is kept as.
const BLOB_KIND: &str = "package";

impl Engine {
    pub(crate) async fn build_package(&self, job: &Claimed, this: &Try) -> Result<(), Error> {
        let request = &this.request;
        let mut read = self.inner.store.read().await?;
        let keys = read.lookup_keys(request.id).await?;
        let found = request.found.as_ref().ok_or(Error::Package("nothing was collected".to_owned()))?;
        let blob = read.lookup_blob(found.blob, &Scope::Everything).await?;
        let files = originals(&mut read, request).await?;
        drop(read);
        let (Some(keys), Some(blob)) = (keys, blob) else {
            return Err(Error::Package("the records are gone".to_owned()));
        };
        if let Some(failure) = unanswered(request) {
            self.conclude(job, request.id, this.end(Outcome::Failed(failure))).await?;
            return Ok(());
        }
        let target = SealTarget::of(&keys)?;
        let records = self.inner.store.open_sealed(&blob)?;
        let file = Scratch::new(&self.inner.store);
        let password = package::password(&*self.inner.chance);
        let work =
            Work { request: request.clone(), target, records, files, file, password: password.clone() };
        let engine = self.clone();
        let made =
            tokio::task::spawn_blocking(move || engine.inner.make(work)).await.map_err(|_| Error::Lost)?;
        match made {
            Ok((file, built)) => self.keep_package(job, this, file.path(), built, password).await,
            Err(package::Error::Gaps(gaps)) => {
                let list = gaps.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let message = format!("the register of processing leaves out what a reply must say: {list}");
                let failure = Failure { code: "register_gaps".to_owned(), source: None, message };
                self.conclude(job, request.id, this.end(Outcome::Failed(failure))).await?;
                Ok(())
            }
            Err(error) => Err(Error::full(&error).unwrap_or_else(|| Error::Package(error.to_string()))),
        }
    }

    async fn keep_package(
        &self,
        job: &Claimed,
        this: &Try,
        path: &Path,
        built: Built,
        password: Pii<String>,
    ) -> Result<(), Error> {
        let blob = self.inner.store.store_sealed(this.request.id, BLOB_KIND, path).await?;
        let count = |of: fn(&package::Count) -> u64| built.counts.iter().map(of).sum();
        let package = Package {
            blob: blob.id,
            byte_count: built.size,
            sha256: hex::encode(built.sha256),
            record_count: count(|count| count.given),
            excluded_count: count(|count| count.withheld),
            is_partial: !this.request.excuses.is_empty()
                || this.request.owner_files().any(|(_, file)| !file.is_given()),
            formats: ["html", "json", "csv"].map(str::to_owned).to_vec(),
            password,
            available_until: None,
            kept_until: None,
            download_count: 0,
            is_deleted: false,
        };
        let mut tx = self.inner.store.begin().await?;
        if let Some(old) = this.request.package.as_ref().filter(|old| !old.is_deleted) {
            tx.expire_blob(old.blob, self.inner.clock.now()).await?;
        }
        tx.add_blob(&blob, None).await?;
        self.conclude_in(tx, job, this.request.id, this.end(Outcome::Built(package))).await?;
        Ok(())
    }
}

/// What the blocking part needs.
struct Work {
    request: Request,
    target: SealTarget,
    records: File,
    files: BTreeMap<BlobId, Blob>,
    file: Scratch,
    password: Pii<String>,
}

impl Inner {
    /// Builds the archive into a sealed file.
    fn make(&self, work: Work) -> Result<(Scratch, Built), package::Error> {
        let cause = |error: Error| package::Error::Records(error.into());
        let Work { request, target, records, files, file: scratch, password } = work;
        let mut reader = Reader::open(records, &target).map_err(|error| cause(error.into()))?;
        let marks = marks(&request, &mut reader).map_err(cause)?;
        let coverage = request.cover(&reader.summary().coverage);
        let mut input = self.input(&request, marks, coverage).map_err(cause)?;
        input.originals = self.originals(&request, &target, &files).map_err(cause)?;
        let reader = RefCell::new(reader);
        let open =
            |key: Option<&Key>| -> Result<Records<'_>, Cause> { Ok(Box::new(Walk::new(&reader, key))) };
        let file = File::create_new(scratch.path()).map_err(|error| cause(error.into()))?;
        let mut sealer = target.seal(BufWriter::new(file)).map_err(|error| cause(error.into()))?;
        let signer = self.store.signing_key();
        let keys = Keys { password: &password, signer: &signer, chance: &*self.chance };
        let built = package::build(&input, &open, &mut sealer, &keys)?;
        let finished = sealer.finish().map_err(|error| cause(error.into()))?;
        finished.into_inner().map_err(|error| cause(error.into_error().into()))?;
        Ok((scratch, built))
    }

    fn input(
        &self,
        request: &Request,
        marks: BTreeMap<u64, Verdict>,
        coverage: Vec<habeas_core::record::Coverage>,
    ) -> Result<Input, Error> {
        let ctx = self.context(request)?;
        let missing = || Missing { kind: Kind::Entity, name: request.terms.entity.clone() };
        let entity = self.catalog.entity(&request.terms.entity).ok_or_else(missing)?;
        Ok(Input {
            reference: request.reference.clone(),
            right: dpv(&request.terms.law, request.terms.right),
            name: Pii::new(request.subject.reveal().name()),
            subject: 0,
            controller: controller(entity, ctx.law, request.received_on(&ctx)),
            received_on: request.received_on(&ctx),
            made_at: self.clock.now().to_zoned(ctx.zone.clone()),
            collections: self.finder.collections.clone(),
            coverage,
            marks,
            register: self.finder.register.clone(),
            originals: Vec::new(),
        })
    }

    /// Returns the files that owners of sources handed in; each is opened when its turn comes.
    fn originals(
        &self,
        request: &Request,
        target: &SealTarget,
        files: &BTreeMap<BlobId, Blob>,
    ) -> Result<Vec<Original>, Error> {
        let mut originals = Vec::new();
        for (ask, file) in request.owner_files() {
            let blob = files.get(&file.blob).cloned();
            let blob = blob.ok_or(Error::Package("a file that was handed in is gone".to_owned()))?;
            let (store, target) = (self.store.clone(), target.clone());
            let content: Content = Arc::new(move || {
                let opened = store.open_blob(&blob, &target)?;
                Ok(Box::new(opened) as Box<dyn Read>)
            });
            let reason = file.decision.as_ref().map(|decision| decision.reason.reveal().clone());
            originals.push(Original {
                dataset: Arc::from(ask.datasets.first().unwrap_or(&ask.source).as_str()),
                name: file.name.reveal().clone(),
                size: file.byte_count,
                left_out: (!file.is_given()).then(|| reason.unwrap_or_default()),
                content,
            });
        }
        Ok(originals)
    }
}

/// Returns the rows of the files that owners of sources handed in.
async fn originals(read: &mut Rows, request: &Request) -> Result<BTreeMap<BlobId, Blob>, Error> {
    let mut files = BTreeMap::new();
    for (_, file) in request.owner_files() {
        if let Some(blob) = read.lookup_blob(file.blob, &Scope::Everything).await? {
            files.insert(file.blob, blob);
        }
    }
    Ok(files)
}

/// Returns why no archive is made while owners haven't answered, or nobody has decided on what they handed in.
fn unanswered(request: &Request) -> Option<Failure> {
    let open: Vec<&str> = request.open_owner_asks().map(|ask| ask.source.as_str()).collect();
    let message = match (open.is_empty(), request.undecided_file_count()) {
        (false, _) => format!(
            "whoever looks after {} has not answered: wait for the answer, or leave the source out with a reason",
            open.join(", ")
        ),
        (true, 0) => return None,
        (true, count) => format!("nobody has decided on {count} files with data of other people"),
    };
    Some(Failure { code: "owners".to_owned(), source: None, message })
}

/// Reads records one by one from the one reader: each step is by number, so walks may overlap.
struct Walk<'a> {
    reader: &'a RefCell<Reader>,
    places: Vec<(Arc<str>, Arc<str>, u64)>,
    place: usize,
    offset: u64,
    page: std::vec::IntoIter<Record>,
}

impl<'a> Walk<'a> {
    fn new(reader: &'a RefCell<Reader>, key: Option<&Key>) -> Self {
        let counts = reader.borrow().summary().collections.clone();
        let wanted = |count: &habeas_store::records::CollectionCount| {
            key.is_none_or(|key| key.dataset == count.dataset && key.collection == count.collection)
        };
        let places =
            counts.into_iter().filter(wanted).map(|c| (c.dataset, c.collection, c.records)).collect();
        Self { reader, places, place: 0, offset: 0, page: Vec::new().into_iter() }
    }
}

/// How many records are read at once.
const STEP: usize = 200;

impl Iterator for Walk<'_> {
    type Item = Result<Record, Cause>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(record) = self.page.next() {
                return Some(Ok(record));
            }
            let (dataset, collection, count) = self.places.get(self.place)?;
            if self.offset >= *count {
                self.place += 1;
                self.offset = 0;
                continue;
            }
            match self.reader.borrow_mut().page(dataset, collection, self.offset, STEP) {
                Ok(page) if page.is_empty() => self.offset = *count,
                Ok(page) => {
                    self.offset += page.len() as u64;
                    self.page = page.into_iter();
                }
                Err(error) => {
                    self.place = self.places.len();
                    return Some(Err(error.into()));
                }
            }
        }
    }
}

/// Returns what is to happen with each record somebody decided on.
fn marks(request: &Request, reader: &mut Reader) -> Result<BTreeMap<u64, Verdict>, Error> {
    let mut decided = BTreeMap::new();
    if request.marks.is_empty() {
        return Ok(decided);
    }
    for record in reader.iter() {
        let record = record?;
        if let Some(mark) = request.verdict(record.id, &record.dataset, &record.collection) {
            decided.insert(record.id, mark.verdict.clone());
        }
    }
    Ok(decided)
}

/// Returns who answers and who hears complaints.
fn controller(entity: &Entity, law: &Pack, received_on: jiff::civil::Date) -> Controller {
    let authority = law.remedies(received_on).find(|remedy| remedy.kind == "authority");
    let contact = |remedy: &habeas_core::law::Remedy| {
        [&remedy.site, &remedy.phone, &remedy.email].into_iter().flatten().cloned().collect()
    };
    let lines = [&entity.contact_email, &entity.address].into_iter().filter(|line| !line.is_empty());
    Controller {
        name: entity.title.clone(),
        contact: lines.cloned().collect(),
        officer: entity.officer.clone(),
        authority: Authority {
            name: authority.map_or_else(String::new, |remedy| remedy.name.clone()),
            contact: authority.map(contact).unwrap_or_default(),
        },
    }
}

/// Returns the right's address in the Data Privacy Vocabulary, where it has one.
fn dpv(law: &str, right: Right) -> String {
    match (law, right) {
        ("eu-gdpr", Right::Access) => "https://w3id.org/dpv/legal/eu/gdpr#A15".to_owned(),
        ("eu-gdpr", Right::Portability) => "https://w3id.org/dpv/legal/eu/gdpr#A20".to_owned(),
        (_, _) => "https://w3id.org/dpv#DataSubjectRight".to_owned(),
    }
}
