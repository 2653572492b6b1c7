//! What the pages say under a key, read from the catalogues that are shipped.

use std::{collections::HashMap, fs};

use crate::programs::repository;

/// The texts of one language.
pub struct Texts(HashMap<String, String>);

impl Texts {
    /// Reads a language's catalogues; `en` or `es`.
    pub fn of(language: &str) -> Self {
        let folder = repository().join("frontend/text");
        let files = [format!("{language}.ftl"), format!("core.{language}.ftl")];
        let texts = files.map(|file| fs::read_to_string(folder.join(file)).expect("a catalogue"));
        let line = |line: &str| {
            let (key, text) = line.split_once(" = ")?;
            Some((key.to_owned(), text.replace('\u{a0}', " ")))
        };
        Self(texts.iter().flat_map(|text| text.lines()).filter_map(line).collect())
    }

    /// The text under a key. Of one with gaps, the longest piece between them.
    pub fn get(&self, key: &str) -> &str {
        let text = self.0.get(key).unwrap_or_else(|| panic!("the catalogue has no {key}"));
        // What stands behind a gap begins with the end of its bracket.
        let pieces = text.split('{').map(|piece| piece.rsplit('}').next().unwrap_or(piece).trim());
        pieces.max_by_key(|piece| piece.len()).unwrap_or_default()
    }
}
