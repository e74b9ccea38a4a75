//! What a server says about changing a collection.

use futures_util::TryStreamExt as _;
use mongodb::bson::{Document, doc};

use crate::error::Error;
use crate::source::Table;
use crate::write::Constraints;

use super::View;

pub(super) async fn describe(view: &View, table: &Table) -> Result<Constraints, Error> {
    let database = table.full_name.schema.as_deref().unwrap_or(&view.shared.database);
    let collection = &*table.full_name.table;
    let (may_update, may_delete) = may(view, database, collection).await?;
    let listed = view.listed(database, doc! { "name": collection }).await?;
    let is_table =
        listed.first().is_some_and(|listed| listed.get_str("type").is_ok_and(|kind| kind == "collection"));
    let mut found = Constraints {
        writable: if may_update { (0..table.columns.len()).collect() } else { Vec::new() },
        may_delete,
        is_table,
        fixed: vec![0],
        lacks_transactions: !view.greeting.has_transactions,
        ..Constraints::default()
    };
    if is_table {
        let doing = view.shared.doing(collection, false);
        let asked = async {
            let database = view.client.database(database);
            let cursor = database.run_cursor_command(doc! { "listIndexes": collection }).await?;
            cursor.try_collect::<Vec<Document>>().await
        };
        for index in view.shared.answer(doing, asked).await? {
            found.unique.extend(unique(&index, table));
        }
    }
    Ok(found)
}

/// The columns of an index that must differ from document to document. One that leaves documents out, or is about
/// fields inside others, can't be looked at in advance: the server refuses then.
fn unique(index: &Document, table: &Table) -> Option<Vec<usize>> {
    let key = index.get_document("key").ok()?;
    let is_id = key.len() == 1 && key.contains_key("_id");
    let is_unique =
        index.get_bool("unique").unwrap_or(false) && !index.contains_key("partialFilterExpression");
    if !is_id && !is_unique {
        return None;
    }
    key.keys().map(|name| table.lookup(name)).collect()
}

/// Whether this user may update and delete. Without accounts everybody may; where the server won't say, it is found
/// out in the end.
async fn may(view: &View, database: &str, collection: &str) -> Result<(bool, bool), Error> {
    let admin = view.client.database("admin");
    let asked = admin.run_command(doc! { "connectionStatus": 1, "showPrivileges": true });
    let doing = view.shared.doing(collection, false);
    let status = view.shared.answer(doing, asked.into_future()).await?;
    let Ok(info) = status.get_document("authInfo") else { return Ok((true, true)) };
    let users = info.get_array("authenticatedUsers").map_or(0, Vec::len);
    let Ok(privileges) = info.get_array("authenticatedUserPrivileges") else { return Ok((true, true)) };
    if users == 0 || privileges.is_empty() {
        return Ok((true, true));
    }
    let may = |action: &str| {
        privileges.iter().filter_map(|one| one.as_document()).any(|one| {
            is_about(one, database, collection)
                && one
                    .get_array("actions")
                    .is_ok_and(|actions| actions.iter().any(|known| known.as_str() == Some(action)))
        })
    };
    Ok((may("update"), may("remove")))
}

fn is_about(privilege: &Document, database: &str, collection: &str) -> bool {
    let Ok(resource) = privilege.get_document("resource") else { return false };
    if resource.get_bool("anyResource").unwrap_or(false) {
        return true;
    }
    let fits =
        |key: &str, name: &str| resource.get_str(key).is_ok_and(|known| known.is_empty() || known == name);
    fits("db", database) && fits("collection", collection)
}
