//! Reading a catalogue of texts (Fluent), as far as the checks need it.

use std::collections::BTreeSet;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    /// Its words, without what fills its gaps.
    pub words: String,
    /// The same as it is read: of several forms the last alone, a name in each gap.
    pub read: String,
    /// The heading it stands under.
    pub group: String,
    /// The line of the key, from 1.
    pub line: usize,
}

/// The messages of a catalogue.
pub fn read(catalogue: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut group = String::new();
    for (index, line) in catalogue.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        if let Some(heading) = line.strip_prefix('#') {
            heading.trim_matches([' ', '-']).clone_into(&mut group);
        } else if line.starts_with([' ', '\t', '}']) {
            let Some(entry) = entries.last_mut() else { continue };
            for text in [&mut entry.words, &mut entry.read] {
                text.push(' ');
                text.push_str(line.trim());
            }
        } else if let Some((key, words)) = line.split_once('=') {
            let (key, words) = (key.trim().to_owned(), words.trim().to_owned());
            let (read, group) = (words.clone(), group.clone());
            entries.push(Entry { key, words, read, group, line: index + 1 });
        }
    }
    for entry in &mut entries {
        entry.words = keep_words(&entry.words);
        entry.read = keep_words(&name_gaps(&keep_last_form(&entry.read)));
    }
    entries
}

/// The gaps of a pattern, each named once: what a translation must fill as well.
pub fn list_gaps(pattern: &str) -> BTreeSet<String> {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let names = pattern.split('$').skip(1);
    names
        .map(|rest| rest.split(|letter| !is_name(letter)).next().unwrap_or("").to_owned())
        .collect()
}

/// Leaves out every form of `{ $count -> [one] … *[other] … }` but the last.
fn keep_last_form(pattern: &str) -> String {
    let mut kept = String::new();
    let mut rest = pattern;
    while let Some((before, forms)) = rest.split_once("->") {
        let before = before.rsplit_once('{').map_or(before, |(before, _)| before);
        kept.push_str(before);
        rest = forms.split_once("*[other]").map_or("", |(_, last)| last);
    }
    kept + rest
}

/// A name in each gap, as a reader meets it.
fn name_gaps(pattern: &str) -> String {
    let mut pieces = pattern.split("{ $");
    let mut named = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        named.push_str("Rosa");
        named.push_str(piece.split_once('}').map_or("", |(_, rest)| rest));
    }
    named
}

/// Leaves out `{ $name }`, `{ $count ->`, `[one]`, `*[other]` and the brackets around them.
fn keep_words(pattern: &str) -> String {
    let mut words = String::new();
    let mut rest = pattern;
    while let Some(start) = rest.find(['{', '[', '}']) {
        words.push_str(rest[..start].trim_end_matches('*'));
        let inner = &rest[start..];
        let end = match inner.as_bytes()[0] {
            b'[' => inner.find(']').map(|end| end + 1),
            b'{' => inner
                .find("->")
                .map(|end| end + 2)
                .filter(|end| !inner[..*end].contains('}'))
                .or_else(|| inner.find('}').map(|end| end + 1)),
            _ => Some(1),
        };
        rest = &inner[end.unwrap_or(inner.len())..];
        words.push(' ');
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_kept_and_gaps_are_not() {
        let entries = read(
            "# a comment\nback = Go { $token } back\ncount = { $count ->\n    [one] one to-do\n   *[other] { $count } to-dos\n}\n",
        );

        let read: Vec<_> = entries
            .iter()
            .map(|entry| (entry.key.as_str(), entry.words.as_str(), entry.line))
            .collect();
        assert_eq!(read, [("back", "Go back", 2), ("count", "one to-do to-dos", 3)]);
    }

    #[test]
    fn a_text_is_read_with_names_in_its_gaps_and_in_its_last_form() {
        let entries = read(
            "# --- Days ---\nquiet = { $days ->\n    [one] { $them } was quiet for 1 day. Call.\n   *[other] { $them } was quiet for { $days } days. Call.\n}\nthree = { $a ->\n    [one] 1 a\n   *[other] { $a } as\n}, { $b ->\n    [one] 1 b\n   *[other] { $b } bs\n}\n",
        );

        assert_eq!(entries[0].read, "Rosa was quiet for Rosa days. Call.");
        assert_eq!(entries[0].group, "Days");
        assert_eq!(entries[1].read, "Rosa as , Rosa bs");
    }

    #[test]
    fn the_gaps_of_a_text_are_named_once() {
        let gaps = list_gaps("{ $days -> [one] { $them } *[other] { $days } }");

        assert_eq!(gaps.into_iter().collect::<Vec<_>>(), ["days", "them"]);
    }
}
