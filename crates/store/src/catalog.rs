//! Every published definition as core parses them.

use habeas_core::definition::{Kind, Text};

use crate::definitions::{Definition, State};
use crate::error::Result;
use crate::store::Read;

impl Read {
    /// Returns every version that was ever published, since old requests point to old ones.
    pub async fn list_published_texts(&mut self) -> Result<Vec<Text>> {
        let mut texts = Vec::new();
        for kind in Kind::ALL {
            for definition in self.list_definitions_in_force(Some(kind.as_str())).await? {
                let versions = self.list_versions(kind.as_str(), &definition.name).await?;
                let published = versions.into_iter().filter(|version| version.state != State::Draft);
                texts.extend(published.map(|version| text(kind, version)));
            }
        }
        Ok(texts)
    }
}

fn text(kind: Kind, definition: Definition) -> Text {
    let Definition { name, version, text, sha256, .. } = definition;
    Text { kind, name, version, text, hash: hex::encode(sha256) }
}
