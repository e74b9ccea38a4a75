//! What people see: one file a page.

mod answer;
mod ask;
mod complain;
mod download;
mod my_request;
mod review;
mod sent;
mod sign_in;
mod start;
mod verify;
mod withdraw;

pub use answer::AnswerQuestion;
pub use ask::{Ask, ProofOfWork};
pub use complain::{Authority, Complain};
pub use download::{Content, Download, Part, Password};
pub use my_request::{Document, MyRequest, Needed};
pub use review::{Review, ReviewGroup};
pub use sent::Sent;
pub use sign_in::SignIn;
pub use start::{Offer, Start};
pub use verify::{Resend, Verify, VerifyPurpose};
pub use withdraw::Withdraw;
