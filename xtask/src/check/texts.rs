//! Reading a catalogue of texts (Fluent), as far as the checks need it.

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    /// Its words, without what fills its gaps.
    pub words: String,
    /// The line of the key, from 1.
    pub line: usize,
}

/// The messages of a catalogue.
pub fn read(catalogue: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (index, line) in catalogue.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with([' ', '\t', '}']) {
            if let Some(entry) = entries.last_mut() {
                entry.words.push(' ');
                entry.words.push_str(line.trim());
            }
        } else if let Some((key, words)) = line.split_once('=') {
            let (key, words) = (key.trim().to_owned(), words.trim().to_owned());
            entries.push(Entry { key, words, line: index + 1 });
        }
    }
    for entry in &mut entries {
        entry.words = keep_words(&entry.words);
    }
    entries
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
}
