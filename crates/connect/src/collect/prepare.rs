//! Brings a plan and the sources' catalogues together: every field becomes a place in a row.

use std::collections::HashMap;
use std::sync::Arc;

use habeas_core::record::{Hop, Origin};
use habeas_core::value::Value;
use habeas_dataset::filter::Selection;
use habeas_dataset::normalise::Normaliser;
use habeas_dataset::path::FieldPath;
use habeas_dataset::plan::{self, Node, NodeId, Plan, Side};

use crate::error::{Error, Problem};
use crate::key::{Class, Key};
use crate::mysql::Form;
use crate::postgres::Decode;
use crate::source::{Filter, Table, Test};

/// A node with everything needed to read it.
pub(super) struct Prepared<'p> {
    pub(super) id: NodeId,
    pub(super) node: &'p Node,
    pub(super) table: Arc<Table>,
    /// The places in the table of the columns read.
    pub(super) columns: Vec<usize>,
    /// Whether a column's JSON is taken apart, by position among the columns read.
    pub(super) is_apart: Vec<bool>,
    /// The names of the columns read.
    pub(super) names: Vec<Arc<str>>,
    pub(super) given: Given,
    pub(super) lookups: Vec<Link<'p>>,
    /// What the source checks of every row.
    pub(super) filters: Vec<Filter>,
    /// What we check of every row.
    pub(super) checks: Vec<Check>,
    pub(super) feeds: Vec<Feed>,
}

/// What leaves of a row.
pub(super) enum Given {
    /// Nothing: its rows are only links to others.
    Nothing,
    /// Whole columns, by position; lists and documents in them still go through the selection.
    Columns(Vec<usize>),
    /// What the selection says.
    Selected,
}

/// One way rows of the node are found.
pub(super) struct Link<'p> {
    pub(super) plan: &'p plan::Lookup,
    pub(super) hop: Hop,
    pub(super) terms: Vec<Term>,
    pub(super) filters: Vec<Filter>,
    pub(super) checks: Vec<Check>,
    /// Whether the source compares as we do, so that it gives no row that does not match.
    pub(super) is_exact: bool,
}

/// A field that is compared.
pub(super) struct Term {
    pub(super) field: Field,
    pub(super) place: usize,
    pub(super) comparison: Comparison,
    pub(super) only_matching_elements: bool,
}

/// A field of a row that was read.
#[derive(Clone)]
pub(super) struct Field {
    /// The position among the columns read.
    pub(super) position: usize,
    pub(super) path: Vec<Arc<str>>,
}

/// How values become keys.
#[derive(Clone)]
pub(super) struct Comparison {
    pub(super) class: Class,
    pub(super) normaliser: Option<Normaliser>,
}

/// A condition we check ourselves.
pub(super) struct Check {
    field: Field,
    class: Class,
    test: Test,
}

/// A lookup of another node (or of this one) that takes its values from here.
pub(super) struct Feed {
    pub(super) target: NodeId,
    pub(super) lookup: usize,
    pub(super) from: Vec<Field>,
    pub(super) to: Vec<Comparison>,
    pub(super) checks: Vec<Check>,
    pub(super) hop: Hop,
    pub(super) third_party: bool,
    /// Whether the value is followed as an identity of the subject's own.
    pub(super) is_found_identity: bool,
}

/// Prepares a node. Its feeds are filled in by [`feeds`] once all nodes are prepared.
pub(super) fn prepare<'p>(
    source: &Arc<str>,
    plan: &'p Plan,
    id: NodeId,
    node: &'p Node,
    table: &Arc<Table>,
) -> Result<Prepared<'p>, Error> {
    let table = table.with(fields(node));
    let columns = columns(source, node, &table)?;
    let mut reader = Reader { source, table: &table, is_apart: vec![false; columns.len()], columns };
    for column in node.columns.iter().filter(|column| column.is_json) {
        let position = reader.field(&FieldPath::of(Arc::clone(&column.name)))?.position;
        reader.take_apart(table.ensure_column(source, &column.name)?, position)?;
    }
    // Before any column is added that only conditions are about.
    let given = reader.given(&node.selection)?;
    let mut lookups = Vec::with_capacity(node.lookups.len());
    for lookup in &node.lookups {
        lookups.push(reader.link(plan, node, lookup)?);
    }
    let (mut filters, mut checks) = (Vec::new(), Vec::new());
    for (filter, check) in reader.conditions(node.filter.iter())? {
        match filter {
            Some(filter) => filters.push(filter),
            None => checks.push(check),
        }
    }
    let Reader { columns, is_apart, .. } = reader;
    let names =
        columns.iter().filter_map(|place| Some(Arc::clone(&table.columns.get(*place)?.name))).collect();
    Ok(Prepared {
        id,
        node,
        table,
        columns,
        is_apart,
        names,
        given,
        lookups,
        filters,
        checks,
        feeds: Vec::new(),
    })
}

/// The fields a dataset says documents have.
fn fields(node: &Node) -> impl Iterator<Item = &str> {
    let terms = node.lookups.iter().flat_map(|lookup| &lookup.terms).map(|term| &**term.to.top());
    let on_target =
        node.lookups.iter().flat_map(|lookup| &lookup.when).filter(|when| when.on == Side::Target);
    let conditions =
        node.filter.iter().chain(on_target.map(|when| &when.condition)).map(|one| &**one.field.top());
    node.columns.iter().map(|column| &*column.name).chain(terms).chain(conditions)
}

/// The columns read: the dataset's, in its order. A missing or forbidden one is an error.
fn columns(source: &Arc<str>, node: &Node, table: &Table) -> Result<Vec<usize>, Error> {
    let mut places = Vec::with_capacity(node.columns.len());
    for column in &node.columns {
        let place = table.ensure_column(source, &column.name)?;
        if !places.contains(&place) {
            places.push(place);
        }
    }
    if node.reads_all {
        places = (0..table.columns.len()).collect();
    }
    for place in &places {
        if let Some(column) = table.columns.get(*place).filter(|column| !column.is_readable) {
            let table = format!("{}.{}", table.name, column.name);
            return Err(Error::new(source, Problem::NotAllowed { table }));
        }
    }
    Ok(places)
}

struct Reader<'a> {
    source: &'a Arc<str>,
    table: &'a Arc<Table>,
    columns: Vec<usize>,
    is_apart: Vec<bool>,
}

impl Reader<'_> {
    fn place(&self, path: &FieldPath) -> Result<usize, Error> {
        self.table.ensure_column(self.source, path.top())
    }

    /// Finds a field among the columns read, and reads its column too if it is not; a path into a column
    /// needs one that holds documents.
    fn field(&mut self, path: &FieldPath) -> Result<Field, Error> {
        let place = self.place(path)?;
        let known = self.columns.iter().position(|column| *column == place);
        let position = known.unwrap_or_else(|| {
            self.columns.push(place);
            self.is_apart.push(false);
            self.columns.len() - 1
        });
        if path.is_nested() {
            self.take_apart(place, position)?;
        }
        Ok(Field { position, path: path.below_top().to_vec() })
    }

    fn take_apart(&mut self, place: usize, position: usize) -> Result<(), Error> {
        let Some(column) = self.table.columns.get(place) else { return Ok(()) };
        if !matches!(
            column.decode,
            Decode::Json
                | Decode::Jsonb
                | Decode::Text
                | Decode::Dynamic
                | Decode::List(_)
                | Decode::Mysql(Form::Text(_) | Form::Json)
                | Decode::Bson { .. }
        ) {
            let problem = Problem::Unsupported {
                table: self.table.name.to_string(),
                column: column.name.to_string(),
                what: format!(
                    "values of type {}, which nested fields can't be read from: describe it without",
                    column.type_name
                ),
            };
            return Err(Error::new(self.source, problem));
        }
        if let Some(apart) = self.is_apart.get_mut(position) {
            *apart = true;
        }
        Ok(())
    }

    fn class(&self, place: usize, path: &FieldPath) -> Class {
        self.table.columns.get(place).map_or(Class::Text, |column| column.class_at(path.below_top()))
    }

    fn link<'p>(&mut self, plan: &Plan, node: &Node, lookup: &'p plan::Lookup) -> Result<Link<'p>, Error> {
        let mut terms = Vec::with_capacity(lookup.terms.len());
        for term in &lookup.terms {
            let place = self.place(&term.to)?;
            let comparison = Comparison { class: self.class(place, &term.to), normaliser: term.normaliser };
            let field = self.field(&term.to)?;
            terms.push(Term {
                field,
                place,
                comparison,
                only_matching_elements: term.only_matching_elements,
            });
        }
        let on_target = lookup.when.iter().filter(|when| when.on == Side::Target);
        let conditions = self.conditions(on_target.map(|when| &when.condition))?;
        let is_exact = terms.len() == 1
            && conditions.iter().all(|(filter, _)| filter.is_some())
            && terms.iter().all(|term| term.comparison.normaliser.is_none() && term.field.path.is_empty());
        // The source gives rows that any of the lookups finds: what this one demands is checked again by us.
        let (filters, checks): (Vec<_>, Vec<_>) = conditions.into_iter().unzip();
        let filters = filters.into_iter().flatten().collect();
        Ok(Link { plan: lookup, hop: hop(plan, node, lookup), terms, filters, checks, is_exact })
    }

    /// Prepares conditions: for us to check, and for the source where it can.
    fn conditions<'c>(
        &mut self,
        conditions: impl Iterator<Item = &'c plan::Condition>,
    ) -> Result<Vec<(Option<Filter>, Check)>, Error> {
        let mut prepared = Vec::new();
        for condition in conditions {
            let place = self.place(&condition.field)?;
            let class = self.class(place, &condition.field);
            let test = test(&condition.test, &class);
            let is_ours = condition.field.is_nested() || matches!(class, Class::List(_) | Class::Document);
            let filter = (!is_ours).then(|| Filter { column: place, test: test.clone() });
            prepared.push((filter, Check { field: self.field(&condition.field)?, class, test }));
        }
        Ok(prepared)
    }

    fn given(&mut self, selection: &Selection) -> Result<Given, Error> {
        if selection.is_empty() {
            return Ok(Given::Nothing);
        }
        let Selection::Fields { named, others } = selection else {
            return Ok(Given::Columns((0..self.columns.len()).collect()));
        };
        let mut whole = Vec::with_capacity(named.len());
        let mut is_whole = !others;
        for (name, inner) in named.iter().filter(|(_, inner)| !inner.is_empty()) {
            let path = FieldPath::of(Arc::clone(name));
            let position = self.field(&path)?.position;
            if matches!(inner, Selection::Fields { .. }) {
                is_whole = false;
                self.take_apart(self.place(&path)?, position)?;
            }
            whole.push(position);
        }
        whole.sort_unstable();
        Ok(if is_whole { Given::Columns(whole) } else { Given::Selected })
    }
}

fn test(test: &plan::Test, class: &Class) -> Test {
    let keys = |values: &[Value]| {
        let mut keys: Vec<Key> = Vec::new();
        for value in values {
            // Only text, whole numbers and truth values stand in a dataset file: all can be written.
            let _ = class.keys(value, &mut keys);
        }
        keys
    };
    match test {
        plan::Test::In(values) => Test::In(keys(values)),
        plan::Test::NotIn(values) => Test::NotIn(keys(values)),
        plan::Test::IsNull => Test::IsNull,
        plan::Test::IsNotNull => Test::IsNotNull,
    }
}

/// The link in words for records. Of a composite key the first field stands for all.
pub(super) fn hop(plan: &Plan, node: &Node, lookup: &plan::Lookup) -> Hop {
    let names = |pick: &dyn Fn(&plan::Term) -> Option<String>| -> Arc<str> {
        lookup.terms.iter().filter_map(pick).collect::<Vec<_>>().join("+").into()
    };
    let from = match &lookup.from {
        plan::Source::Identity(kind) => Origin::Identity(Arc::clone(kind)),
        plan::Source::Node(id) => {
            let (dataset, collection) = plan
                .lookup(*id)
                .map(|from| (Arc::clone(&from.dataset), Arc::clone(&from.collection)))
                .unwrap_or_default();
            let field = names(&|term| term.from.as_ref().map(ToString::to_string));
            Origin::Field { dataset, collection, field }
        }
    };
    Hop {
        from,
        dataset: Arc::clone(&node.dataset),
        collection: Arc::clone(&node.collection),
        field: names(&|term| Some(term.to.to_string())),
    }
}

/// Fills in which lookups take their values from which node.
pub(super) fn feeds(
    source_of: &dyn Fn(NodeId) -> Arc<str>,
    prepared: &mut [Option<Prepared<'_>>],
) -> Vec<(NodeId, Error)> {
    let mut found: HashMap<NodeId, Vec<Feed>> = HashMap::new();
    let mut errors = Vec::new();
    for target in prepared.iter().flatten() {
        for (number, link) in target.lookups.iter().enumerate() {
            let plan::Source::Node(from) = &link.plan.from else { continue };
            let Some(Some(origin)) = prepared.get(from.0) else { continue };
            match feed(&source_of(*from), origin, target, number, link) {
                Ok(feed) => found.entry(*from).or_default().push(feed),
                Err(error) => errors.push((*from, error)),
            }
        }
    }
    for node in prepared.iter_mut().flatten() {
        node.feeds = found.remove(&node.id).unwrap_or_default();
        let nested =
            node.feeds.iter().flat_map(|feed| feed.from.iter().chain(feed.checks.iter().map(|c| &c.field)));
        for field in nested.filter(|field| !field.path.is_empty()) {
            if let Some(apart) = node.is_apart.get_mut(field.position) {
                *apart = true;
            }
        }
    }
    errors
}

fn feed(
    source: &Arc<str>,
    origin: &Prepared<'_>,
    target: &Prepared<'_>,
    number: usize,
    link: &Link<'_>,
) -> Result<Feed, Error> {
    let mut reader = Reader {
        source,
        table: &origin.table,
        columns: origin.columns.clone(),
        is_apart: vec![false; origin.columns.len()],
    };
    let mut from = Vec::with_capacity(link.terms.len());
    for term in &link.plan.terms {
        match &term.from {
            Some(path) => from.push(reader.field(path)?),
            None => {
                return Err(Error::new(
                    source,
                    Problem::MissingColumn {
                        table: origin.table.name.to_string(),
                        column: term.to.to_string(),
                        nearest: None,
                    },
                ));
            }
        }
    }
    let mut checks = Vec::new();
    for when in link.plan.when.iter().filter(|when| when.on == Side::Source) {
        let place = reader.place(&when.condition.field)?;
        let class = reader.class(place, &when.condition.field);
        let test = test(&when.condition.test, &class);
        checks.push(Check { field: reader.field(&when.condition.field)?, class, test });
    }
    // The plan reads what others are reached by: a column that is not read would lead nowhere, unseen.
    if let Some(place) = reader.columns.get(origin.columns.len()) {
        let column =
            origin.table.columns.get(*place).map(|column| column.name.to_string()).unwrap_or_default();
        let table = origin.table.name.to_string();
        return Err(Error::new(source, Problem::MissingColumn { table, column, nearest: None }));
    }
    let feed = Feed {
        target: target.id,
        lookup: number,
        from,
        to: link.terms.iter().map(|term| term.comparison.clone()).collect(),
        checks,
        hop: link.hop.clone(),
        third_party: link.plan.third_party || target.node.third_party,
        is_found_identity: link.plan.is_found_identity,
    };
    Ok(feed)
}

impl Check {
    /// Returns whether a row satisfies the condition.
    pub(super) fn holds(&self, row: &[Value]) -> bool {
        let mut keys = Vec::new();
        let mut has_value = false;
        if let Some(value) = row.get(self.field.position) {
            crate::nested::visit(value, &self.field.path, &mut |value| {
                has_value |= !value.is_null();
                let _ = self.class.keys(value, &mut keys); // what can't be followed equals nothing here
            });
        }
        match &self.test {
            Test::In(wanted) => keys.iter().any(|key| wanted.contains(key)),
            Test::NotIn(unwanted) => !keys.iter().any(|key| unwanted.contains(key)),
            Test::IsNull => !has_value,
            Test::IsNotNull => has_value,
        }
    }
}
