//! The characters of a text, before anybody asks what they mean.

use handrail_contract::problem::Refusal;

/// Longer than any honest invitation.
pub(super) const MAX_BYTES: usize = 2_048;

/// Takes away what copying adds: space around the text, the line breaks of a wrapped letter, brackets and quotes.
pub(super) fn clean(text: &str) -> Result<String, Refusal> {
    let text = text.trim_matches(is_padding);
    if text.is_empty() {
        return Err(Refusal::Empty);
    }
    if text.len() > MAX_BYTES {
        return Err(Refusal::TooLong);
    }
    Ok(unwrap_pair(text).to_owned())
}

/// Joins an address that a letter broke over lines.
pub(super) fn join_lines(text: &str) -> String {
    text.split(['\r', '\n']).map(|line| line.trim_matches(' ')).collect()
}

/// Refuses characters that do not show, or that change how others show.
pub(super) fn refuse_hidden_characters(text: &str) -> Result<(), Refusal> {
    let hides = |c: char| !matches!(c, '\r' | '\n') && is_hidden(c);
    if text.chars().any(hides) { Err(Refusal::HidesAddress) } else { Ok(()) }
}

/// Control characters, bidirectional controls, and characters without a shape.
pub(super) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}')
}

fn is_padding(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{FEFF}')
}

fn unwrap_pair(text: &str) -> &str {
    for (open, close) in [('<', '>'), ('"', '"'), ('\'', '\''), ('“', '”'), ('«', '»'), ('(', ')')]
    {
        let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
        if let Some(inner) =
            inner.map(|inner| inner.trim_matches(is_padding)).filter(|inner| !inner.is_empty())
        {
            return inner;
        }
    }
    text
}
