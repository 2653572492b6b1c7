//! The parts that pages are made of; class names and states as the style sheet has them.
//!
//! What only shows is a function; what asks, remembers or takes the focus is a component.

mod frame;
mod heading;
mod inputs;
mod choices;
mod tryout;
mod lock;
mod pin;
mod checked;
mod filter;
mod notes;
mod refusal;
mod sheet;
mod item;
mod turn;
mod pieces;
mod long_list;
mod actions;
mod words;
mod places;
mod icons;
mod art;

pub use actions::{LinkButton, PressButton, Weight};
pub use art::{BrandColours, Picture, draw_band_art, draw_brand, draw_hero_art, draw_picture};
pub use checked::{CheckButton, draw_check_line, use_check};
pub use choices::{ChoiceKind, Segment, Switch, draw_choice};
pub use filter::PlaceFilter;
pub use frame::{Bar, Page, Tab};
pub use heading::{Heading, use_title};
pub use icons::{draw_busy_icon, draw_icon};
pub use inputs::{Inputs, draw_field_errors};
pub use item::{BesideRow, draw_goal_card, draw_linked, draw_referral, draw_steps_bar, goal_chips};
pub use lock::{LockButton, LockRow};
pub use long_list::{draw_long_list, draw_long_rows};
pub use notes::{ProblemNote, ProblemPart, Waiting, draw_note, draw_note_with, draw_sending_note};
pub use pieces::{
    Leads, Row, draw_chips, draw_contact, draw_empty, draw_fact, draw_facts, draw_large_tile,
    draw_list, draw_rows, draw_section, draw_tile, safe_link,
};
pub use pin::PinScreen;
pub use places::{draw_from, draw_host, draw_host_line, draw_marked_host, draw_mono};
pub use refusal::{draw_refusal, draw_refused_code};
pub use sheet::use_sheet;
pub use tryout::TryoutBanner;
pub use turn::{draw_story, draw_turn_rail};
pub use words::{draw_their_words, draw_words, plain_text};
