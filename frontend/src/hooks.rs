//! What pages do over and over: ask, do, tell.

mod answer;
mod around;
mod copy;
mod deed;
mod door;
mod form;
mod left;
mod opened;
mod pull;
mod sign_in;
mod walk;

pub use answer::{Answered, use_answer, use_answer_while, use_long_answer};
pub use around::{Around, use_around, use_around_value, use_new_page};
pub use copy::{use_copy, use_save};
pub use deed::{Deed, begin_anew, use_deed};
pub use form::{Asked, use_form};
pub use left::{LeftRow, use_top};
pub use opened::use_opened_link;
pub use pull::use_pull;
pub use sign_in::use_sign_in_again;
pub use walk::walk_rows;
