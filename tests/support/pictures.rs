//! Pictures of codes as people take them, made by code: the same every time, and no photo of anybody.
//!
//! In: a [`Kind`] and a number. Out: the bytes of a file, and what may be read in it.
//! Never: a picture that a person could not read the code in with a good phone; those would only flatter or shame.

mod code;
mod dice;
mod kinds;
mod scene;
mod spoilt;
mod video;

pub use kinds::{Form, Kind, Picture};
pub use spoilt::spoilt_files;
pub use video::write_video;
