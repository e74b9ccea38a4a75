//! What MySQL's error numbers mean. Its SQLSTATE codes are too coarse: most failures are `HY000`.

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
