//! What a shell and the engine say to each other.
//!
//! In: questions a page asks. Out: answers that are ready to show.
//! Never: a token, a word of FHIR, or anything a page would still have to decide.
//!
//! An answer names its texts by [`words::Phrase`]; the page looks them up in the catalogue of the person's language.
//! Instants are RFC 3339 strings, days are `YYYY-MM-DD`.

mod question;

pub mod words;
pub mod place;
pub mod partner;
pub mod code;
pub mod sign_in;
pub mod todo;
pub mod form;
pub mod act;
pub mod goal;
pub mod referral;
pub mod inbox;
pub mod history;
pub mod today;
pub mod problem;
pub mod start_over;
pub mod tryout;
pub mod settings;
pub mod lock;
pub mod activity;
pub mod report;
pub mod export;
pub mod paper;
pub mod private;

pub use problem::Problem;
pub use question::{COMMANDS, Question};
