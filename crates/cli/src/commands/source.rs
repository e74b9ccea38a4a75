//! `habeas source`: whether sources can be read, and what they hold.
//!
//! A sample shows real rows, so it is asked for by name, one table at a time, and never written to a log.

mod fit;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use futures_util::TryStreamExt as _;
use habeas_connect::connections::{Connection, Connections};
use habeas_connect::source::{Query, Table as SourceTable, TableName, connector};
use habeas_core::value::Row;
use habeas_dataset::model::Dataset;
use serde_json::json;

use self::fit::Fit;
use super::dataset::files;
use crate::exit::{unexplained, usage};
use crate::output::{Output, Table, Tone};
use crate::runtime;

/// Test the connections to sources, and look into them
#[derive(Debug, clap::Args)]
#[command(
    arg_required_else_help = true,
    after_help = "Examples:\n  habeas source test --connections connections.toml --datasets datasets/\n  habeas source sample --connections connections.toml shop\n  habeas source sample --connections connections.toml shop customer --rows 3 --json"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Open every source and say what answered, or why not
    #[command(
        after_help = "Ends with 1 if any source can't be read or does not fit its datasets, 3 if it holds more than they describe."
    )]
    Test {
        /// The connections file
        #[arg(long, value_name = "FILE")]
        connections: PathBuf,
        /// A dataset file or a folder of them, to be compared with what the sources hold
        #[arg(long, value_name = "PATH")]
        datasets: Vec<PathBuf>,
        /// The source; all of them if not given
        #[arg(value_name = "NAME")]
        name: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show the tables of a source, or the columns and some rows of one of them
    Sample {
        /// The connections file
        #[arg(long, value_name = "FILE")]
        connections: PathBuf,
        /// The source
        #[arg(value_name = "NAME")]
        name: String,
        /// The table, with its schema where the search path does not lead to it
        #[arg(value_name = "TABLE")]
        table: Option<String>,
        /// How many rows
        #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u64).range(0..=1_000))]
        rows: u64,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let mut out = Output::stdout();
    match args.command {
        Command::Test { connections, datasets, name, json } => {
            let connections = Connections::load(&connections)?;
            let described =
                if datasets.is_empty() { Vec::new() } else { files::datasets(&datasets)?.datasets };
            let chosen: Vec<&Connection> = match name {
                Some(name) => vec![named(&connections, &name)?],
                None => connections.iter().collect(),
            };
            test(&chosen, &described, json, &mut out)
        }
        Command::Sample { connections, name, table, rows, json } => {
            let connections = Connections::load(&connections)?;
            let connection = named(&connections, &name)?;
            match table {
                Some(table) => sample(connection, &table, rows, json, &mut out),
                None => tables(connection, json, &mut out),
            }
        }
    }
}

fn named<'c>(connections: &'c Connections, name: &str) -> anyhow::Result<&'c Connection> {
    connections.lookup(name).ok_or_else(|| {
        let known: Vec<&str> = connections.iter().map(|connection| &*connection.name).collect();
        usage(format!("the connections file has no [{name}]; it has: {}", known.join(", ")))
    })
}

/// What a source that answers says.
struct Answer {
    version: String,
    tables: usize,
    fit: Fit,
}

async fn ask(connection: &Connection, described: &[Dataset]) -> Result<Answer, habeas_connect::Error> {
    let mut view = connector(connection)?.open().await?;
    let version = view.version().await?;
    let tables = view.list().await?.len();
    let mut fit = Fit::default();
    for dataset in described.iter().filter(|one| connection.datasets.iter().any(|key| **key == *one.key)) {
        for collection in &dataset.collections {
            fit.compare(&mut *view, connection, dataset, collection).await?;
        }
    }
    view.finish().await?;
    Ok(Answer { version, tables, fit })
}

fn test(
    connections: &[&Connection],
    described: &[Dataset],
    json: bool,
    out: &mut Output,
) -> anyhow::Result<ExitCode> {
    let (by_hand, connections): (Vec<&Connection>, Vec<&Connection>) =
        connections.iter().partition(|connection| connection.is_manual());
    let answers = runtime::block_on(async {
        let mut answers = Vec::with_capacity(connections.len());
        for connection in &connections {
            answers.push(ask(connection, described).await);
        }
        Ok(answers)
    })?;
    let tested = || connections.iter().zip(&answers);
    if json {
        let sources = tested().map(|(connection, answer)| match answer {
            Ok(answer) => json!({
                "name": connection.name, "kind": connection.kind(), "datasets": connection.datasets,
                "ok": true, "version": answer.version, "tables": answer.tables,
                "grant": grant(connection), "problems": answer.fit.problems, "undescribed": answer.fit.undescribed,
            }),
            Err(error) => json!({
                "name": connection.name, "kind": connection.kind(), "datasets": connection.datasets,
                "ok": false, "error": error.to_string(),
            }),
        });
        let sources = sources.chain(by_hand.iter().map(|connection| manual(connection)));
        out.json(&json!({ "sources": sources.collect::<Vec<_>>() }))?;
    } else {
        for (connection, answer) in tested() {
            match answer {
                Ok(answer) => {
                    out.toned(
                        Tone::Good,
                        &format!(
                            "{}: {}, {} tables, may {}",
                            connection.name,
                            answer.version,
                            answer.tables,
                            grant(connection).join(" and ")
                        ),
                    )?;
                    answer.fit.show(out)?;
                }
                Err(error) => out.toned(Tone::Bad, &error.to_string())?,
            }
        }
        for connection in by_hand {
            let owner = connection.owner.as_ref().map_or("its owner", |owner| owner.email.as_str());
            let line = format!("{}: no connection, {owner} is asked by hand", connection.name);
            out.toned(Tone::Warning, &line)?;
        }
    }
    let fits =
        |answer: &Result<Answer, _>| answer.as_ref().is_ok_and(|answer| answer.fit.problems.is_empty());
    if !answers.iter().all(fits) {
        return Ok(ExitCode::FAILURE);
    }
    let is_whole = answers.iter().flatten().all(|answer| answer.fit.undescribed.is_empty());
    Ok(if is_whole { ExitCode::SUCCESS } else { unexplained() })
}

/// A source without a connection: there is nothing to try, and it is not taken for well.
fn manual(connection: &Connection) -> serde_json::Value {
    let owner = connection.owner.as_ref();
    json!({
        "name": connection.name, "kind": connection.kind(), "datasets": connection.datasets, "by_hand": true,
        "owner": owner.map(|owner| &owner.email), "stand_in": owner.and_then(|owner| owner.stand_in.as_ref()),
    })
}

fn grant(connection: &Connection) -> Vec<&'static str> {
    let words = [(connection.may_read, "read"), (connection.may_write, "write")];
    words.into_iter().filter(|(may, _)| *may).map(|(_, word)| word).collect()
}

fn tables(connection: &Connection, json: bool, out: &mut Output) -> anyhow::Result<ExitCode> {
    let names = runtime::block_on(async {
        let mut view = connector(connection)?.open().await?;
        let names = view.list().await?;
        view.finish().await?;
        Ok(names)
    })?;
    let names: Vec<String> = names.iter().map(TableName::to_string).collect();
    if json {
        out.json(&json!({ "source": connection.name, "tables": names }))?;
    } else {
        for name in names {
            out.line(&name)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn sample(
    connection: &Connection,
    table: &str,
    limit: u64,
    json: bool,
    out: &mut Output,
) -> anyhow::Result<ExitCode> {
    let (table, rows) = runtime::block_on(read(connection, table, limit))?;
    if json {
        let columns: Vec<_> = table.columns.iter().map(|column| column_as_json(&table, column)).collect();
        let (source, name) = (json!(connection.name), json!(table.name));
        let rows: Vec<String> = rows.iter().map(Row::to_json).collect();
        let (columns, rows) = (json!(columns), rows.join(","));
        let document =
            format!("{{\"source\":{source},\"table\":{name},\"columns\":{columns},\"rows\":[{rows}]}}\n");
        out.put(document.as_bytes())?;
        out.flush()?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut columns = Table::new(["COLUMN", "TYPE", ""]);
    for (place, column) in table.columns.iter().enumerate() {
        let note = if table.primary_key.contains(&place) { "primary key" } else { "" };
        columns.row([&*column.name, &column.type_name, note]);
    }
    out.table(&columns)?;
    for row in rows {
        out.line("")?;
        for (name, value) in row.fields() {
            out.line(&format!("{name}: {}", value.to_text()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn column_as_json(table: &SourceTable, column: &habeas_connect::source::Column) -> serde_json::Value {
    let is_key = table.primary_key.iter().filter_map(|place| table.columns.get(*place));
    json!({
        "name": column.name,
        "type": column.type_name,
        "not_null": column.is_not_null,
        "max_length": column.max_length,
        "primary_key": is_key.into_iter().any(|key| key.name == column.name),
        "readable": column.is_readable,
    })
}

/// Reads the description and some rows of a table. Columns we may not read are left out.
async fn read(
    connection: &Connection,
    table: &str,
    limit: u64,
) -> anyhow::Result<(std::sync::Arc<SourceTable>, Vec<Row>)> {
    let name = match table.split_once('.') {
        Some((schema, table)) => TableName { schema: Some(schema.to_owned()), table: table.to_owned() },
        None => TableName { schema: None, table: table.to_owned() },
    };
    let mut view = connector(connection)?.open().await?;
    let mut tables = view.tables(std::slice::from_ref(&name)).await?;
    let table = tables.pop().ok_or_else(|| anyhow::anyhow!("the source has no table {name}"))?;
    let readable = |place: &usize| table.columns.get(*place).is_some_and(|column| column.is_readable);
    let columns: Vec<usize> = (0..table.columns.len()).filter(readable).collect();
    let query = Query { table: &table, columns: &columns, lookups: &[], filters: &[], limit: Some(limit) };
    let values: Vec<Vec<_>> = view.read(&query).try_collect().await?;
    view.finish().await?;
    let names =
        || columns.iter().filter_map(|place| table.columns.get(*place)).map(|column| column.name.clone());
    let rows = values.into_iter().map(|values| Row::new(names().zip(values).collect())).collect();
    Ok((table, rows))
}
