//! What MySQL's error numbers mean. Its SQLSTATE codes are too coarse: most failures are `HY000`.

#[cfg(test)]
mod tests;

use sqlx::mysql::MySqlDatabaseError;

use crate::error::Problem;

/// Reads an error for its number; its message may hold values and is forgotten.
pub(crate) fn problem(error: &MySqlDatabaseError, table: &str, limit_ms: u64) -> Problem {
    let table = table.to_owned();
    match error.number() {
        1045 | 1698 | 1251 => Problem::Credentials,
        1044 | 1049 => Problem::NoDatabase,
        1142 | 1143 | 1227 | 1370 => Problem::NotAllowed { table },
        // Statements are made from what the catalogue said: they fit no more when it says otherwise.
        1054 | 1146 | 1305 | 1356 | 1412 => Problem::Busy("its tables were changed meanwhile".to_owned()),
        1969 | 3024 | 1317 => Problem::TimedOut { limit_ms },
        1053 | 1927 | 2006 | 2013 => Problem::Lost,
        1040 | 1203 | 1226 => {
            Problem::Busy("it is starting, stopping or has too many connections".to_owned())
        }
        1205 | 1213 => Problem::Busy("it had to break off for other work".to_owned()),
        1021 | 1037 | 1038 | 1041 => Problem::Busy("it lacks memory, disk or connections".to_owned()),
        number => Problem::Database { table, code: number.to_string() },
    }
}

/// Reads an error from a statement that changes rows.
pub(crate) fn writing(error: &MySqlDatabaseError, table: &str, limit_ms: u64) -> Problem {
    let on = || table.to_owned();
    let forbidden = |constraint: &str| Problem::Constraint { table: on(), constraint: constraint.to_owned() };
    match error.number() {
        1205 | 3572 => Problem::Locked { table: on(), limit_ms },
        1142 | 1143 | 1370 => Problem::NotChangeable { table: on() },
        1290 | 1792 | 1836 | 3100 => Problem::NotWritable,
        // What a trigger signals; a trigger of MariaDB may also refuse its own table (1442).
        1644 | 1442 => Problem::Refused { table: on(), code: error.code().unwrap_or("none").to_owned() },
        1048 | 1263 | 1364 => forbidden("NOT NULL"),
        1062 | 1169 | 1557 | 1586 | 1761 | 1762 => forbidden(&named(error.message(), "for key '", '\'')),
        1216 | 1217 | 1451 | 1452 => forbidden(&named(error.message(), "CONSTRAINT `", '`')),
        4025 => forbidden(&named(error.message(), "CONSTRAINT `", '`')),
        3819 => forbidden(&named(error.message(), "constraint '", '\'')),
        1406 => forbidden("length"),
        1264 | 1690 => forbidden("range"),
        1265 | 1292 | 1366 | 1367 | 3140 | 3156 => forbidden("type"),
        // A trigger may signal a state of its own.
        _ if error.code().is_some_and(|code| code.starts_with("45")) => {
            Problem::Refused { table: on(), code: error.code().unwrap_or("none").to_owned() }
        }
        _ => problem(error, table, limit_ms),
    }
}

/// The name of a constraint out of a message. Names are the source's own; values, which people choose, stand before
/// them, so the last place counts.
fn named(message: &str, before: &str, end: char) -> String {
    let name = message.rsplit_once(before).and_then(|(_, rest)| rest.split(end).next());
    name.filter(|name| !name.is_empty()).unwrap_or("without a name").to_owned()
}

/// Whether it says that somebody lacks a right.
pub(super) fn is_denied(error: &sqlx::Error) -> bool {
    number(error).is_some_and(|number| matches!(number, 1044 | 1142 | 1143 | 1227 | 1370))
}

/// Whether it says that the connection ends.
pub(super) fn is_end(error: &sqlx::Error) -> bool {
    number(error).is_some_and(|number| matches!(number, 1053 | 1317 | 1927 | 2006 | 2013))
}

fn number(error: &sqlx::Error) -> Option<u16> {
    let sqlx::Error::Database(cause) = error else { return None };
    cause.try_downcast_ref::<MySqlDatabaseError>().map(MySqlDatabaseError::number)
}
