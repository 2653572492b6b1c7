//! The parts that pages are made of; class names and states as the style sheet has them.

mod actions;
mod art;
mod checked;
mod filter;
mod frame;
mod heading;
mod icons;
mod item;
mod notes;
mod pieces;
mod places;
mod refusal;
mod turn;
mod words;

pub use actions::{LinkButton, PressButton, Weight};
pub use art::{BandArt, Brand, BrandColours, Drawing, HeroArt, Picture};
pub use checked::{CheckButton, CheckLine, use_check};
pub use filter::PlaceFilter;
pub use frame::{Bar, Page, Tab};
pub use heading::{Heading, use_title};
pub use icons::DrawnIcon;
pub use item::{GoalCard, LinkedRow, ReferralItem, StepsBar, TodoItem, goal_chips};
pub use notes::{NoteBox, ProblemNote, ProblemPart, Waiting};
pub use pieces::{Chips, ContactRows, Empty, Facts, List, Row, Tile, safe_link};
pub use places::{From, Host, Mono};
pub use refusal::RefusalPart;
pub use turn::{Story, TurnRail};
pub use words::{Said, TheirWords, plain_text};
