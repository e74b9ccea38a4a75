//! Activities and regulations as files: what the console keeps. Reading a file back gives the same.

use super::{Activity, ExtensionBy, FormField, Regulation, Targets};
use crate::yaml::quoted;

impl Regulation {
    /// Returns the regulation as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let mut out = Lines::default();
        out.text("regulation", &self.name);
        out.text("title", &self.title);
        out.maybe("description", &self.description);
        out.text("law", &self.law);
        if !self.is_active {
            out.plain("active", "false");
        }
        out.0
    }
}

impl Activity {
    /// Returns the activity as a file: what [`Self::parse`] reads back.
    pub fn to_yaml(&self) -> String {
        let mut out = Lines::default();
        out.text("activity", &self.name);
        out.text("title", &self.title);
        out.maybe("description", &self.description);
        out.maybe("entity", &self.entity);
        out.text("right", self.right.as_str());
        out.maybe("regulation", self.regulation.as_deref().unwrap_or_default());
        out.maybe("law", &self.law);
        out.text("flow", &self.flow);
        if let Some(version) = self.flow_version {
            out.plain("flow_version", &version.to_string());
        }
        if self.fields != FormField::USUAL {
            let names: Vec<&str> = self.fields.iter().map(|field| field.as_str()).collect();
            out.plain("fields", &format!("[{}]", names.join(", ")));
        }
        let usual = Targets::default();
        if self.targets.target_days != usual.target_days {
            out.plain("target_days", &self.targets.target_days.to_string());
        }
        if self.targets.propose_extension_days != usual.propose_extension_days {
            out.plain("propose_extension_days", &self.targets.propose_extension_days.to_string());
        }
        let by = match &self.targets.extension {
            ExtensionBy::Anyone => None,
            ExtensionBy::Role(role) => Some(format!("by: {}", quoted(role.as_str()))),
            ExtensionBy::Nobody => Some("allowed: false".to_owned()),
        };
        let itself = self.targets.extends_itself.then(|| "automatic: true".to_owned());
        let extension: Vec<String> = by.into_iter().chain(itself).collect();
        if !extension.is_empty() {
            out.plain("extension", &format!("{{ {} }}", extension.join(", ")));
        }
        if !self.is_offered {
            out.plain("offered", "false");
        }
        out.0
    }
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn plain(&mut self, key: &str, value: &str) {
        self.0.push_str(key);
        self.0.push_str(": ");
        self.0.push_str(value);
        self.0.push('\n');
    }

    fn text(&mut self, key: &str, value: &str) {
        self.plain(key, &quoted(value));
    }

    fn maybe(&mut self, key: &str, value: &str) {
        if !value.is_empty() {
            self.text(key, value);
        }
    }
}

#[cfg(test)]
mod tests;
