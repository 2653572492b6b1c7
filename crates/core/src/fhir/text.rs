//! Texts of others, made fit to show: plain, short enough, and unable to change how the rest is read.

/// The longest title, name or other text on one line.
pub const LINE: usize = 200;
/// The longest message.
pub const MESSAGE: usize = 4_000;

/// Whether there is nothing to read in it.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|it| it.is_whitespace() || is_hidden(it))
}

/// A text on one line, without control and direction characters, cut at [`LINE`].
pub fn clean_line(text: &str) -> String {
    let words: String = text.chars().filter(|it| it.is_whitespace() || !is_hidden(*it)).collect();
    cut(&words.split_whitespace().collect::<Vec<_>>().join(" "), LINE)
}

/// A text of several lines, without control and direction characters, cut at [`MESSAGE`].
pub fn clean_message(text: &str) -> String {
    let kept: String =
        text.chars().filter(|it| matches!(it, '\n' | '\t') || !is_hidden(*it)).collect();
    cut(kept.trim(), MESSAGE)
}

/// Control characters, and those that reorder or hide the text around them (UTS 55).
fn is_hidden(it: char) -> bool {
    it.is_control()
        || matches!(
            it,
            '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{061C}'
                | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{E0000}'..='\u{E007F}'
        )
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_reorder_what_stands_around_it() {
        assert_eq!(clean_line("Food\u{202E}dooF \n box\u{0}"), "FooddooF box");
    }

    #[test]
    fn a_long_text_is_cut_between_letters() {
        let long = "é".repeat(LINE + 1);

        let shown = clean_line(&long);

        assert_eq!(shown.chars().count(), LINE + 1);
        assert!(shown.ends_with('…'));
    }
}
