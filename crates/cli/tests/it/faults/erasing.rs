//! `habeas erase run`, killed by the kernel at every step that has an effect outside of the process, and at random
//! ones; then run again. What is left must be as if nothing had been, and the record must tell the whole.
//!
//! strace counts the calls and kills at the one asked for: the binary is the one people get, without any hook.
//! `HABEAS_TEST_KILLS` says how often on each kind; `cargo xtask crash` kills 500 times.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use habeas_connect::erase::record::{Checked, check};
use habeas_core::context::below;
use habeas_testkit::SeededChance;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use crate::support::command::Shell;
use crate::support::source::{Source, Tables};

const SEED: u64 = 20_261_125;
/// Kills on each kind of database unless told otherwise.
const KILLS: usize = 30;

/// Calls by which something gets out of the process: files, the disk, servers.
const STEPS: [&str; 9] =
    ["write", "pwrite64", "fsync", "fdatasync", "sendto", "rename", "unlink", "linkat", "ftruncate"];
/// Other calls, for kills between.
const OTHERS: [&str; 6] = ["openat", "read", "futex", "mmap", "recvfrom", "epoll_wait"];

const ACCOUNTS: &str = "CREATE TABLE person (id integer PRIMARY KEY, email text, name text, about text);
    CREATE TABLE visit (email text, page text);
    INSERT INTO person VALUES (7, 'ada@x.org', 'Ada Lovelace', 'likes engines'), (8, 'bob@x.org', 'Bob Vance', 'refrigeration');
    INSERT INTO visit VALUES ('ada@x.org', 'home'), ('ada@x.org', 'home'), ('ada@x.org', 'cart'), ('bob@x.org', 'home');";

const TICKETS: &str = "CREATE TABLE ticket (id integer PRIMARY KEY, person_id integer, author text, words text);
    CREATE TABLE click (id integer PRIMARY KEY, ticket_id integer REFERENCES ticket (id), what text);
    CREATE TABLE invoice (id integer PRIMARY KEY, person_id integer, payer text);
    INSERT INTO ticket VALUES (1, 7, 'Ada Lovelace', 'it hums'), (2, 7, 'Ada Lovelace', 'it stopped'), (3, 8, 'Bob Vance', 'too warm');
    INSERT INTO click VALUES (1, 1, 'open'), (2, 2, 'close'), (3, 3, 'open');
    INSERT INTO invoice VALUES (1, 7, 'Ada Lovelace'), (2, 8, 'Bob Vance');";

const DATASETS: &str = "dataset:
- fides_key: accounts
  collections:
  - name: person
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: name, data_categories: [user.name]}
    - {name: about, data_categories: [user.content]}
  - name: visit
    fields:
    - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
    - {name: page, data_categories: [user.behavior]}
- fides_key: tickets
  collections:
  - name: ticket
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: accounts, field: person.id, direction: from}]}}
    - {name: author, data_categories: [user.name]}
    - {name: words, data_categories: [user.content]}
  - name: click
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: ticket_id, data_categories: [system], fides_meta: {references: [{dataset: tickets, field: ticket.id, direction: from}]}}
    - {name: what, data_categories: [user.behavior]}
  - name: invoice
    fields:
    - {name: id, data_categories: [system], fides_meta: {primary_key: true}}
    - {name: person_id, data_categories: [system], fides_meta: {references: [{dataset: accounts, field: person.id, direction: from}]}}
    - {name: payer, data_categories: [user.name]}
";

const POLICY: &str = "erasure:
- {categories: [user.contact], mask: {strategy: null_rewrite}}
- {categories: [user.name], mask: {strategy: consistent_fake}}
- {categories: [user.content], mask: {strategy: hash}}
- {categories: [user.behavior], delete: true}
";

const RETENTION: &str = "retention: [{name: tax, match: {dataset: tickets, collection: invoice}, law: l, reason: invoices are kept}]";

const RUN: [&str; 15] = [
    "erase",
    "run",
    "--datasets",
    "datasets",
    "--connections",
    "connections.toml",
    "--policy",
    "policy.yml",
    "--retention",
    "retention.yml",
    "--identity",
    "email=ada@x.org",
    "--yes",
    "--json",
    "--state=state",
];

/// Two sources, as they were and as they are.
struct World {
    shell: Shell,
    sources: [Source; 2],
}

type State = [Tables; 2];

impl World {
    fn new(sources: [Source; 2]) -> Self {
        let shell = Shell::new();
        shell.write("datasets/all.yml", DATASETS);
        shell.write("policy.yml", POLICY);
        shell.write("retention.yml", RETENTION);
        let [one, two] = sources.each_ref().map(Source::url);
        let grant = "grant = [\"read\", \"write\"]";
        let connections =
            format!("[accounts]\nurl = \"{one}\"\n{grant}\n[tickets]\nurl = \"{two}\"\n{grant}\n");
        shell.write("connections.toml", &connections);
        Self { shell, sources }
    }

    fn folder(&self) -> PathBuf {
        self.shell.habeas(&[]).get_current_dir().unwrap().to_owned()
    }

    /// Puts everything back to the beginning.
    async fn reset(&self) {
        let _ = std::fs::remove_dir_all(self.folder().join("state"));
        let drop = |tables: &[&str]| {
            let each = tables.iter().map(|table| format!("DROP TABLE IF EXISTS {table};"));
            each.collect::<Vec<_>>().concat()
        };
        self.sources[0].execute(&format!("{}{ACCOUNTS}", drop(&["person", "visit"]))).await;
        self.sources[1].execute(&format!("{}{TICKETS}", drop(&["click", "ticket", "invoice"]))).await;
    }

    async fn state(&self) -> State {
        [self.sources[0].tables().await, self.sources[1].tables().await]
    }

    /// A server works on for a while for a process that is gone.
    async fn until_servers_rest(&self) {
        for source in &self.sources {
            let Source::Postgres(database) = source else { continue };
            let mut connection = PgConnection::connect(database.url()).await.unwrap();
            let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'habeas'";
            while connection.fetch_one(busy).await.unwrap().get::<i64, _>(0) > 0 {}
        }
    }

    /// Runs under strace. With a kill it is: at the call of this number.
    fn traced(&self, options: &[&str]) -> bool {
        let habeas = self.shell.habeas(&RUN);
        let mut strace = Command::new("strace");
        strace.args(["-f", "-qq"]).args(options).arg(habeas.get_program()).args(habeas.get_args());
        for (name, _) in habeas.get_envs() {
            strace.env_remove(name);
        }
        let ended = strace
            .current_dir(self.folder())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("strace runs: it is a Debian package");
        ended.code().is_none_or(|code| code > 128)
    }

    fn killed_at(&self, call: &str, number: usize) -> bool {
        let trace = format!("trace={call}");
        let inject = format!("inject={call}:signal=SIGKILL:when={number}");
        self.traced(&["-o", "/dev/null", "-e", &trace, "-e", &inject])
    }

    /// How often an undisturbed run makes each call.
    fn calls(&self) -> BTreeMap<String, usize> {
        let summary = self.folder().join("calls.txt");
        assert!(!self.traced(&["-c", "-o", summary.to_str().unwrap()]));
        let text = std::fs::read_to_string(summary).unwrap();
        let of = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            Some(((*words.last()?).to_owned(), words.get(3)?.parse().ok()?))
        };
        text.lines().filter_map(of).collect()
    }

    /// The one record that says that something was done, and that no other does.
    fn record(&self) -> Checked {
        let folder = self.folder().join("state/records");
        let all = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_record = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "json");
        let read = |path: PathBuf| check(&std::fs::read_to_string(path).unwrap(), None).unwrap();
        let all: Vec<Checked> = all.filter(is_record).map(read).collect();
        assert!(all.iter().all(|one| one.is_signed && one.record.is_complete()), "{all:?}");
        let is_of_work = |one: &Checked| {
            one.record
                .sources
                .iter()
                .flat_map(|source| &source.collections)
                .any(|known| !known.rows.is_empty())
        };
        let mut of_work: Vec<Checked> = all.into_iter().filter(is_of_work).collect();
        assert_eq!(of_work.len(), 1, "{of_work:?}");
        of_work.remove(0)
    }

    fn left_behind(&self) -> Vec<String> {
        let names = std::fs::read_dir(self.folder().join("state")).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("journal-")).collect()
    }
}

/// What a record says was done, in a form that is the same for every run.
fn told(checked: &Checked) -> Value {
    let mut sources: Vec<Value> = checked
        .record
        .sources
        .iter()
        .map(|source| {
            let mut collections: Vec<String> =
                source.collections.iter().map(|known| json!(known).to_string()).collect();
            collections.sort();
            json!([source.source, source.outcome, collections])
        })
        .collect();
    sources.sort_by_key(ToString::to_string);
    json!(sources)
}

/// Invented and hashed values in words, as they differ from run to run; the invented name is the same everywhere.
fn shape(state: &State) -> (State, BTreeSet<String>) {
    let mut invented = BTreeSet::new();
    let mut plain = |table: &str, row: &String| {
        let mut row: Value = serde_json::from_str(row).unwrap();
        for (field, value) in row.as_object_mut().unwrap() {
            let Some(text) = value.as_str() else { continue };
            if text.len() == 64 && text.bytes().all(|sign| sign.is_ascii_hexdigit()) {
                *value = json!("HASH");
            } else if ["name", "author"].contains(&field.as_str())
                && text != "Bob Vance"
                && table != "invoice"
            {
                invented.insert(text.to_owned());
                *value = json!("INVENTED");
            }
        }
        row.to_string()
    };
    let state = state.each_ref().map(|tables| {
        let rows = |(name, rows): (&String, &Vec<String>)| {
            let mut rows: Vec<String> = rows.iter().map(|row| plain(name, row)).collect();
            rows.sort();
            (name.clone(), rows)
        };
        tables.iter().map(rows).collect()
    });
    (state, invented)
}

fn wanted() -> usize {
    std::env::var("HABEAS_TEST_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(KILLS)
}

/// Where to kill: the last of each step, since a run ends with more than one; steps spread over all there are; then
/// random other calls.
fn places(calls: &BTreeMap<String, usize>, wanted: usize) -> Vec<(&'static str, usize)> {
    let chance = SeededChance::new(SEED);
    let of = |names: &[&'static str]| -> Vec<(&'static str, usize)> {
        let every = names.iter().map(|name| (*name, calls.get(*name).copied().unwrap_or(0)));
        every.flat_map(|(name, count)| (1..=count).map(move |number| (name, number))).collect()
    };
    let (steps, others) = (of(&STEPS), of(&OTHERS));
    let last = STEPS.iter().filter_map(|name| Some((*name, *calls.get(*name)?)));
    let mut places: Vec<(&str, usize)> = last.collect();
    places.extend(if steps.len() <= wanted / 2 {
        steps
    } else {
        let most = wanted / 2;
        (0..most).filter_map(|at| steps.get(at * steps.len() / most).copied()).collect()
    });
    while places.len() < wanted * 2 {
        let at = below(&chance, u32::try_from(others.len()).unwrap()) as usize;
        places.push(others[at]);
    }
    places
}

async fn check_kills(world: World) {
    println!("seed {SEED}");
    world.reset().await;
    let before = world.state().await;
    let calls = world.calls();
    let whole = shape(&world.state().await);
    assert_eq!(whole.1.len(), 1, "one invented name in both sources: {:?}", whole.1);
    let whole_record = told(&world.record());
    assert_eq!(world.left_behind(), Vec::<String>::new());

    let (mut kills, mut halves, mut late) = (0, 0, 0);
    for (call, number) in places(&calls, wanted()) {
        if kills == wanted() {
            break;
        }
        world.reset().await;
        if !world.killed_at(call, number) {
            continue;
        }
        kills += 1;
        world.until_servers_rest().await;
        let between = world.state().await;
        halves += u32::from((between[0] == before[0]) != (between[1] == before[1]));
        late += u32::from(between[0] != before[0] && between[1] != before[1]);
        let ran = world.shell.run(&RUN);
        let place = format!("{call} {number}");
        assert_eq!(ran.code, 0, "{place}: {}", ran.stderr);
        let after = world.state().await;
        let (after_shape, invented) = shape(&after);
        assert_eq!(after_shape, whole.0, "{place}");
        assert_eq!(invented.len(), 1, "{place}: {invented:?}");
        for ((before, between), after) in before.iter().zip(&between).zip(&after) {
            assert!(before == between || between == after, "{place}: what was done is not done twice");
        }
        assert_eq!(told(&world.record()), whole_record, "{place}");
        assert_eq!(world.left_behind(), Vec::<String>::new(), "{place}");
        let again = world.shell.run(&RUN);
        assert_eq!(
            (again.code, world.state().await == after),
            (0, true),
            "{place}: erasing again changes nothing"
        );
    }
    println!("{kills} kills: {halves} between the two sources, {late} after both");
    assert_eq!(kills, wanted());
    assert!(halves > 0 && late > 0, "{halves} {late}");
}

#[tokio::test]
async fn an_erasure_killed_anywhere_ends_as_if_nothing_had_been_on_sqlite() {
    check_kills(World::new([Source::sqlite("").await, Source::sqlite("").await])).await;
}

#[tokio::test]
async fn an_erasure_killed_anywhere_ends_as_if_nothing_had_been_on_postgresql() {
    check_kills(World::new([Source::postgres("").await, Source::postgres("").await])).await;
}
