//! Notes in the installation's own chain: who may do what, who looked at whom.

use habeas_core::event::{Actor, Record};
use habeas_store::Tx;
use jiff::Timestamp;
use serde_json::Value;

use crate::error::Result;

/// Appends an entry; its body holds ids only.
pub(super) async fn note(tx: &mut Tx, at: Timestamp, actor: Actor, kind: &str, body: Value) -> Result<()> {
    let record = Record { kind: kind.to_owned(), version: 1, body, sealed: None };
    tx.append_system(actor, at, &[record]).await?;
    Ok(())
}
