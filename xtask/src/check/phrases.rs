//! Every text that the code names is in the catalogue.
//!
//! In: our sources, read as text. Out: keys, and patterns of keys where a part is put in (`refused-{}-heading`).
//! Never: a parser of Rust; what is handed to `Phrase::new`, `t` and their like is written out there.

/// Where keys are named.
pub const PLACES: [&str; 5] =
    ["crates/core/src", "crates/engine/src", "crates/cli/src", "src-tauri/src", "frontend/src"];

/// What takes a key as its argument.
const CALLS: [&str; 5] = ["Phrase::new(", "phrase(", "phrase!(", "t(", "ours("];
/// What a key follows directly.
const FIELDS: [&str; 2] = ["key=\"", "key: \""];

/// A key, and where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// A `*` stands for a part that is put in.
    pub key: String,
    pub place: String,
}

/// The keys of every refusal: its heading and its body.
pub fn list_refusal_keys(contract: &str) -> Vec<Named> {
    let Some(start) = contract.find("refusals! {\n    ") else { return Vec::new() };
    let block = &contract[start..];
    let block = &block[..block.find("\n}").unwrap_or(block.len())];
    let codes =
        block.lines().filter(|line| !line.trim_start().starts_with("//")).filter_map(|line| {
            let (_, rest) = line.split_once('"')?;
            rest.split('"').next()
        });
    let mut named = Vec::new();
    for code in codes {
        for part in ["heading", "body"] {
            let key = format!("refused-{code}-{part}");
            named.push(Named { key, place: "crates/contract/src/problem.rs".to_owned() });
        }
    }
    named
}

/// The keys a source names outside its tests.
pub fn list_keys(path: &str, source: &str) -> Vec<Named> {
    let source = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut named = Vec::new();
    let mut note = |at: usize, literal: &str| {
        if let Some(key) = read_key(literal) {
            let line = source[..at].lines().count().max(1);
            named.push(Named { key, place: format!("{path}:{line}") });
        }
    };
    for call in CALLS {
        for (start, _) in source.match_indices(call) {
            let inside_word = source[..start]
                .chars()
                .next_back()
                .is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
            if inside_word || is_comment(source, start) {
                continue;
            }
            let argument = start + call.len();
            for (at, literal) in list_literals(&source[argument..]) {
                note(argument + at, literal);
            }
        }
    }
    for field in FIELDS {
        for (start, _) in source.match_indices(field) {
            let literal = source[start + field.len()..].split('"').next().unwrap_or_default();
            note(start, literal);
        }
    }
    named
}

/// The keys that no text stands under.
pub fn find_missing(named: &[Named], catalogue: &[String]) -> Vec<String> {
    let there = |key: &str| catalogue.iter().any(|text| fits(key, text));
    let mut findings: Vec<String> = named
        .iter()
        .filter(|named| !there(&named.key))
        .map(|named| format!("{}: no text for `{}`", named.place, named.key))
        .collect();
    findings.dedup();
    findings
}

/// Whether `key` fits `pattern`, whose `*` stands for anything.
fn fits(pattern: &str, key: &str) -> bool {
    let Some((start, rest)) = pattern.split_once('*') else { return pattern == key };
    let Some(mut left) = key.strip_prefix(start) else { return false };
    let mut parts = rest.split('*').peekable();
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return left.ends_with(part);
        }
        let Some(at) = left.find(part) else { return false };
        left = &left[at + part.len()..];
    }
    true
}

fn is_comment(source: &str, at: usize) -> bool {
    let line = source[..at].rsplit('\n').next().unwrap_or_default();
    line.trim_start().starts_with("//") || line.contains("; //")
}

/// A literal as a key, if it can be one: words joined by hyphens, gaps as `*`.
fn read_key(literal: &str) -> Option<String> {
    let mut key = String::new();
    let mut rest = literal;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}')? + start;
        key.push_str(&rest[..start]);
        key.push('*');
        rest = &rest[end + 1..];
    }
    key.push_str(rest);
    let plain = |letter: char| {
        letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_*".contains(letter)
    };
    let starts = key.starts_with(|letter: char| letter.is_ascii_lowercase());
    (starts && key.chars().all(plain)).then_some(key)
}

/// The literals of the first argument of a call whose opening bracket was just before `source`.
///
/// A `match` inside gives several; what stands before its `=>` is not a key, nor what is compared.
fn list_literals(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut depth = 1_u32;
    let mut at = 0;
    let bytes = source.as_bytes();
    while at < bytes.len() && depth > 0 {
        match bytes[at] {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth -= 1,
            b',' if depth == 1 => break,
            b'"' => {
                let start = at + 1;
                let mut end = start;
                while end < bytes.len() && bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                let end = end.min(bytes.len());
                let after = source.get(end + 1..).unwrap_or_default().trim_start();
                let before = source[..at].trim_end();
                let compared = after.starts_with("=>")
                    || after.starts_with('|')
                    || before.ends_with("==")
                    || before.ends_with("!=");
                if !compared {
                    found.push((start, &source[start..end]));
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> Vec<String> {
        list_keys("a.rs", source).into_iter().map(|named| named.key).collect()
    }

    #[test]
    fn a_key_without_a_text_is_refused_with_its_place() {
        let named = list_keys("a.rs", "fn a() {\n    Phrase::new(\"todo-pasued\")\n}\n");

        let findings = find_missing(&named, &["todo-paused".to_owned()]);

        assert_eq!(findings, ["a.rs:2: no text for `todo-pasued`"]);
    }

    #[test]
    fn keys_are_found_however_they_are_handed_over() {
        assert_eq!(keys("t(\"back\")"), ["back"]);
        assert_eq!(keys("let a = Phrase::new(\n    \"two-lines\",\n);"), ["two-lines"]);
        assert_eq!(keys("<Note key=\"a-note\" />"), ["a-note"]);
        assert_eq!(
            keys(
                "Phrase::new(match s { \"on-hold\" | \"x\" => \"todo-paused\", _ => \"todo-other\" })"
            ),
            ["todo-paused", "todo-other"]
        );
        assert_eq!(keys("Phrase::new(&format!(\"refused-{}-body\", code))"), ["refused-*-body"]);
    }

    #[test]
    fn what_is_no_key_is_left_alone() {
        assert_eq!(keys("Phrase::new(key).with(\"name\", name)"), [""; 0]);
        assert_eq!(keys("html(\"not-a-key\"); // t(\"comment\")"), [""; 0]);
        assert_eq!(keys("/// `Phrase::new(\"doc-text\")`\n#[cfg(test)] t(\"in-a-test\")"), [""; 0]);
    }

    #[test]
    fn a_pattern_needs_one_text_that_fits() {
        let named = keys("Phrase::new(&format!(\"day-{part}\"))");

        assert!(fits(&named[0], "day-today"));
        assert!(!fits(&named[0], "night-today"));
        assert!(!fits("refused-*-body", "refused-empty-heading"));
    }

    #[test]
    fn every_refusal_needs_a_heading_and_a_body() {
        let contract = "macro_rules! refusals {\n}\nrefusals! {\n    /// Says \"no\".\n    Empty \"empty\",\n}\n";

        let named = list_refusal_keys(contract);

        let keys: Vec<_> = named.iter().map(|named| named.key.as_str()).collect();
        assert_eq!(keys, ["refused-empty-heading", "refused-empty-body"]);
    }
}
