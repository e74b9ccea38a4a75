//! Parts that pages are put together from: plain data that knows its own markup.
//!
//! A part written as `{{ part }}` in a template renders itself, escaped inside and not escaped again.

mod badge;
mod chart;
mod code;
mod course;
mod coverage;
mod date;
mod field;
mod list;
mod message;
mod notice;
mod steps;
mod timeline;

pub use badge::{Badge, Due, Tone};
pub use chart::{Bar, Chart, Plot, Point};
pub use code::qr_svg;
pub use course::{Course, CourseBar, CourseRow};
pub use coverage::{Coverage, CoverageRow, Search};
pub use date::{DateRow, Dates, ExplainStep, Explained};
pub use field::{Choice, Field, FieldError, FieldKind, Group, Hidden, about_you, errors_of};
pub use list::{Chip, Column, Direction, Empty, Facts, FilterGroup, Pagination, Row, Tab, Tabs};
pub use message::{Message, MessageFile, Writer};
pub use notice::Notice;
pub use steps::{Step, StepState, Steps};
pub use timeline::{Entry, Timeline};
