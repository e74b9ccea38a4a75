//! Flows: their list, one flow with its versions, the editor of its draft, what differs, trying out, publishing.

mod compare;
mod editor;
mod list;
mod panel;
mod picture;
mod publish;
mod trial;
mod version;

pub use compare::{FlowCompare, FlowDifference};
pub use editor::FlowEditor;
pub use list::{FlowRow, Flows};
pub use panel::{Panel, PanelAct, PanelForm, PanelGroup};
pub use picture::{Picture, PictureGroup, PictureStage, PictureTask};
pub use publish::{FlowPublish, Problem};
pub use trial::{FlowTrial, TrialLine, TrialMail, TrialTask, Tried};
pub use version::{FlowVersion, VersionRow};
