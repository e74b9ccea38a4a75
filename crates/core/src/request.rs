//! A data subject request: what may happen to it, what is after it, what must be done next.

mod row;

pub use row::{IndexKind, IndexTerm, RequestRow, SubjectCard};
