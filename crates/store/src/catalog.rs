//! Every published definition as core parses them.

use habeas_core::definition::{Kind, Size, Text};

use crate::definitions::{Definition, State};
use crate::error::{Error, Result};
use crate::store::Read;

impl Read {
    /// Returns every version that was ever published, since old requests point to old ones.
    pub async fn list_published_texts(&mut self) -> Result<Vec<Text>> {
        let mut texts = Vec::new();
        for kind in Kind::ALL {
            let versions = self.list_published_versions(kind.as_str()).await?;
            texts.extend(versions.into_iter().map(|version| text(kind, version)));
        }
        Ok(texts)
    }

    /// Returns how many versions were ever published, and how many of them are still in force. Each publishing
    /// and each retiring changes the pair, and no pair comes back.
    pub async fn count_published(&mut self) -> Result<Size> {
        let kinds = Kind::ALL.map(|kind| format!("'{}'", kind.as_str())).join(", ");
        let sql = format!(
            "SELECT COUNT(*) AS published,
                CAST(COALESCE(SUM(CASE WHEN state = 'retired' THEN 1 ELSE 0 END), 0) AS BIGINT) AS retired
            FROM definitions WHERE state <> 'draft' AND kind IN ({kinds})"
        );
        let rows = self.conn.all_built(sql, Vec::new()).await?;
        let row = rows.first().ok_or_else(|| Error::inconsistent("definitions", &"count"))?;
        Ok(Size { published: row.count("published")?, retired: row.count("retired")? })
    }
}

fn text(kind: Kind, definition: Definition) -> Text {
    let is_retired = definition.state == State::Retired;
    let Definition { name, version, text, sha256, .. } = definition;
    Text { kind, name, version, text, hash: hex::encode(sha256), is_retired }
}
