//! The reply can be fetched.

use super::block::Block;
use super::{About, Draft, House};
use crate::text::{self, Day, Moment};

/// The reply can be fetched.
#[derive(Clone)]
pub struct Ready {
    /// The request.
    pub about: About,
    /// When it was asked for.
    pub requested_at: Moment,
    /// When the reply was made.
    pub replied_at: Moment,
    /// The formats: "pages to read, JSON and CSV".
    pub formats: String,
    /// The size of all parts in bytes.
    pub size: u64,
    /// How long it can be downloaded.
    pub valid_until: Moment,
    /// When our copy is deleted.
    pub kept_until: Day,
    /// What is in it, a category each: "Orders and invoices (Web shop)".
    pub contents: Vec<String>,
    /// What was not searched or kept back, and why, a sentence each.
    pub left_out: Vec<String>,
    /// The password, where the organisation has chosen to send it along; otherwise the portal shows it.
    pub password: Option<String>,
}

impl Ready {
    pub(super) fn draft(&self, house: &House) -> Draft {
        let mut blocks = vec![
            Block::text(format!("Our reply to your request {} is ready.", self.about.reference)),
            Block::Facts(vec![
                ("You asked".to_owned(), self.about.what.clone()),
                ("On".to_owned(), self.requested_at.to_string()),
                ("Our reply is from".to_owned(), self.replied_at.to_string()),
                ("Formats".to_owned(), self.formats.clone()),
                ("Size".to_owned(), text::size(self.size)),
                ("Download until".to_owned(), self.valid_until.to_string()),
            ]),
            Block::link("Open the reply", format!("{}/my/reply", house.portal_url)),
            Block::text(format!(
                "You sign in with your reference and a code by e-mail. We keep our copy until {}; until then you can have the time to download renewed.",
                self.kept_until
            )),
        ];
        blocks.extend(Self::list("What is in it", &self.contents));
        blocks.extend(Self::list("What is not in it", &self.left_out));
        blocks.push(Block::heading("How to open it"));
        if let Some(password) = &self.password {
            blocks.push(Block::text("The file is encrypted. Its password is:"));
            blocks.push(Block::Code(password.clone()));
        } else {
            blocks.push(Block::text(
                "The file is encrypted. The portal shows its password after you have signed in.",
            ));
        }
        blocks.push(Block::List(vec![
            "Windows: with 7-Zip or WinRAR; the built-in tool can't open it.".to_owned(),
            "macOS: with Keka or The Unarchiver; the built-in tool can't open it.".to_owned(),
            "Linux: with your archive tool, or 7z x and the file's name.".to_owned(),
            "Phone: with an app for AES-encrypted ZIP files. A computer is easier.".to_owned(),
        ]));
        blocks.push(Block::heading("Your rights"));
        blocks.push(Block::text(
            "You can ask us to correct or delete your data or to restrict what we do with it, object, and complain. Is something missing or wrong? Tell us on the portal or answer this mail.",
        ));
        blocks.push(Block::link("Ask for something else", format!("{}/", house.portal_url)));
        blocks.extend(house.complaint());
        Draft {
            subject: format!("Our reply to your request {} is ready", self.about.reference),
            greeting: Some(self.about.name.clone()),
            blocks,
        }
    }

    fn list(title: &str, points: &[String]) -> Vec<Block> {
        if points.is_empty() {
            return Vec::new();
        }
        vec![Block::heading(title), Block::List(points.to_vec())]
    }
}
