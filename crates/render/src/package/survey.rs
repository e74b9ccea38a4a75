//! The first reading of the records: how many there are, where, with which columns, and whether every
//! decision fits. Nothing of their contents is kept.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use habeas_core::register::Held;
use habeas_core::request::MarkGround;

use super::given::{Fate, decide, is_credential};
use super::{Collection, Count, Error, Field, Input, Key, Open};

const MOST_COLLECTIONS: usize = 10_000;
const MOST_COLUMNS: usize = 10_000;

/// What is known of all records.
pub(super) struct Survey<'a> {
    pub(super) tables: BTreeMap<Key, Surveyed<'a>>,
}

/// What is known of one collection's records.
pub(super) struct Surveyed<'a> {
    pub(super) fields: Fields<'a>,
    pub(super) given: u64,
    /// About how many bytes the values given take.
    pub(super) size: u64,
    /// Left out, as far as the person is told.
    pub(super) withheld: BTreeMap<MarkGround, u64>,
    /// Left out without a word.
    pub(super) untold: u64,
    /// Fields removed from records that are given.
    pub(super) removed: u64,
    /// The columns of what is given: those described first, in their order.
    pub(super) columns: Vec<Arc<str>>,
}

/// What is known of a collection's fields beforehand.
#[derive(Clone, Copy, Default)]
pub(super) struct Fields<'a>(Option<&'a Collection>);

impl<'a> Fields<'a> {
    pub(super) fn of(input: &'a Input, key: &Key) -> Self {
        let is_it = |one: &&Collection| one.dataset == key.dataset && one.collection == key.collection;
        Self(input.collections.iter().find(is_it))
    }

    pub(super) fn collection(self) -> Option<&'a Collection> {
        self.0
    }

    pub(super) fn lookup(self, name: &str) -> Option<&'a Field> {
        self.all().iter().find(|field| *field.name == *name)
    }

    pub(super) fn all(self) -> &'a [Field] {
        self.0.map(|collection| collection.fields.as_slice()).unwrap_or_default()
    }

    /// Returns the paths of fields that hold credentials.
    pub(super) fn credentials(self) -> impl Iterator<Item = &'a str> {
        let is_one =
            |field: &&Field| field.is_credential || field.categories.iter().any(|c| is_credential(c));
        self.all().iter().filter(is_one).map(|field| &*field.name)
    }
}

impl<'a> Survey<'a> {
    /// Reads all records of the person once.
    pub(super) fn take(input: &'a Input, open: &Open<'_>) -> Result<Self, Error> {
        let mut tables: BTreeMap<Key, Surveyed<'a>> = BTreeMap::new();
        let mut met = BTreeSet::new();
        for record in open(None).map_err(Error::Records)? {
            let record = record.map_err(Error::Records)?;
            if record.subject != input.subject {
                continue;
            }
            if input.marks.contains_key(&record.id) {
                met.insert(record.id);
            }
            let key =
                Key { dataset: Arc::clone(&record.dataset), collection: Arc::clone(&record.collection) };
            if tables.len() >= MOST_COLLECTIONS {
                return Err(Error::TooMany("collections"));
            }
            let table = tables.entry(key).or_insert_with_key(|key| Surveyed::new(Fields::of(input, key)));
            table.count(decide(input, table.fields, record)?)?;
        }
        let stray = input.marks.len() - met.len();
        if stray > 0 {
            return Err(Error::StrayMarks { count: stray });
        }
        for (key, table) in &mut tables {
            table.order_columns();
            table.ensure_counted(input, key)?;
        }
        Ok(Self { tables })
    }

    /// Returns where which categories of data are given.
    pub(super) fn held(&self) -> Vec<Held<'_>> {
        let mut held = Vec::new();
        for (key, table) in self.tables.iter().filter(|(_, table)| table.given > 0) {
            for category in table.categories() {
                held.push(Held { dataset: &key.dataset, collection: &key.collection, category });
            }
        }
        held
    }

    pub(super) fn counts(&self) -> Vec<Count> {
        let count = |(key, table): (&Key, &Surveyed<'_>)| Count {
            key: key.clone(),
            given: table.given,
            withheld: table.untold + table.withheld.values().sum::<u64>(),
        };
        self.tables.iter().map(count).collect()
    }
}

impl<'a> Surveyed<'a> {
    fn new(fields: Fields<'a>) -> Self {
        let columns = Vec::new();
        Self { fields, given: 0, size: 0, withheld: BTreeMap::new(), untold: 0, removed: 0, columns }
    }

    /// Returns the categories of the columns given, each once.
    pub(super) fn categories(&self) -> BTreeSet<&'a str> {
        let given = |field: &&Field| {
            let name = field.name.split('.').next().unwrap_or_default();
            self.columns.iter().any(|column| *column == field.name || **column == *name)
        };
        let fields = self.fields.all().iter().filter(given);
        fields.flat_map(|field| field.categories.iter().map(String::as_str)).collect()
    }

    fn count(&mut self, fate: Fate) -> Result<(), Error> {
        let given = match fate {
            Fate::Withheld { ground, is_told: true } => {
                *self.withheld.entry(ground).or_default() += 1;
                return Ok(());
            }
            Fate::Withheld { is_told: false, .. } => {
                self.untold += 1;
                return Ok(());
            }
            Fate::Given(given) => given,
        };
        self.given += 1;
        self.removed += given.removed.len() as u64;
        for (name, value) in given.row.fields() {
            self.size += (name.len() + value.to_json().len() + 16) as u64;
            if !self.columns.contains(name) {
                if self.columns.len() >= MOST_COLUMNS {
                    return Err(Error::TooMany("columns"));
                }
                self.columns.push(Arc::clone(name));
            }
        }
        Ok(())
    }

    fn order_columns(&mut self) {
        let described = self.fields.all();
        let place = |name: &Arc<str>| described.iter().position(|field| field.name == *name);
        // A stable sort leaves what nobody described in the order it was met.
        self.columns.sort_by_key(|name| place(name).unwrap_or(usize::MAX));
    }

    /// A record more than the search counted means that coverage and records are of different runs.
    fn ensure_counted(&self, input: &Input, key: &Key) -> Result<(), Error> {
        let met = self.given + self.untold + self.withheld.values().sum::<u64>();
        let is_it = |one: &&habeas_core::record::Coverage| {
            one.subject == input.subject && one.dataset == key.dataset && one.collection == key.collection
        };
        let counted: u64 = input.coverage.iter().filter(is_it).map(|one| one.rows).sum();
        if met > counted {
            let (dataset, collection) = (key.dataset.to_string(), key.collection.to_string());
            return Err(Error::Uncounted { dataset, collection });
        }
        Ok(())
    }
}
