//! How hard our texts are to read, and whether both languages have all of them.
//!
//! English: the grade of Flesch and Kincaid. Spanish: the ease of Fernández Huerta (1959), 206.84 - 60 P - 1.02 F, with P
//! syllables a word and F words a sentence. Both are counted for each group of texts, as it stands under its
//! heading.

use std::collections::BTreeMap;

use super::texts::{self, Entry};

/// The highest school grade of an English group.
pub const HARDEST_GRADE: f64 = 6.0;
/// The lowest ease of a Spanish group.
pub const LEAST_EASE: f64 = 70.0;
/// The longest sentence.
pub const MOST_WORDS: usize = 20;
/// A group with fewer words says nothing by itself; such groups are measured together.
const FEWEST_WORDS: usize = 30;
const SMALL_GROUPS: &str = "small ones together";

/// What is too hard to read in a catalogue of `language`, and how hard its hardest group is.
pub fn find_hard(path: &str, language: &str, entries: &[Entry]) -> (Vec<String>, f64) {
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    let mut findings = Vec::new();
    for entry in entries {
        for sentence in sentences(&entry.read) {
            let words = words(sentence).count();
            if words > MOST_WORDS {
                let at = format!("{path}:{}: {}", entry.line, entry.key);
                findings
                    .push(format!("{at} has a sentence of {words} words, {MOST_WORDS} at most"));
            }
        }
        let text = groups.entry(&entry.group).or_default();
        text.push_str(entry.read.trim_end_matches(['.', ':', ' ', '…']));
        text.push_str(". ");
    }
    let small: Vec<&str> = groups
        .iter()
        .filter(|(_, text)| words(text).count() < FEWEST_WORDS)
        .map(|(group, _)| *group)
        .collect();
    let together: String = small.iter().filter_map(|group| groups.remove(group)).collect();
    if !together.is_empty() {
        groups.insert(SMALL_GROUPS, together);
    }
    let is_english = language == "en";
    let measure = if is_english { grade } else { ease };
    let mut hardest = if is_english { f64::MIN } else { f64::MAX };
    for (group, text) in groups {
        let measured = measure(&text);
        let too_hard = if is_english { measured > HARDEST_GRADE } else { measured < LEAST_EASE };
        hardest = if is_english { hardest.max(measured) } else { hardest.min(measured) };
        if too_hard {
            findings.push(format!("{path}: the group “{group}” has {measured:.1}"));
        }
    }
    (findings, hardest)
}

/// What one language has and the other lacks: texts, or gaps in them.
pub fn find_untranslated(english: &str, spanish: &str) -> Vec<String> {
    let patterns = |catalogue: &str| -> BTreeMap<String, String> {
        let entries = texts::read(catalogue);
        let lines: Vec<&str> = catalogue.lines().collect();
        let ends = entries.iter().skip(1).map(|entry| entry.line - 1).chain([lines.len()]);
        let whole = |(entry, end): (&Entry, usize)| {
            let pattern: Vec<&str> = lines[entry.line - 1..end]
                .iter()
                .copied()
                .filter(|it| !it.starts_with('#'))
                .collect();
            (entry.key.clone(), pattern.join(" "))
        };
        entries.iter().zip(ends).map(whole).collect()
    };
    let (english, spanish) = (patterns(english), patterns(spanish));
    let lacks = |one: &BTreeMap<_, _>, other: &BTreeMap<String, String>, name: &str| {
        let missing = other.keys().filter(|key| !one.contains_key(*key));
        missing.map(|key| format!("{name} lacks {key}")).collect::<Vec<_>>()
    };
    let mut findings = lacks(&spanish, &english, "Spanish");
    findings.extend(lacks(&english, &spanish, "English"));
    for (key, pattern) in &english {
        let Some(translated) = spanish.get(key) else { continue };
        if texts::list_gaps(pattern) != texts::list_gaps(translated) {
            findings.push(format!("{key} has other gaps in Spanish"));
        }
    }
    findings
}

fn grade(text: &str) -> f64 {
    textstat::flesch_kincaid_grade(text)
}

fn ease(text: &str) -> f64 {
    let words: Vec<&str> = words(text).collect();
    let sentences = sentences(text).count().max(1) as f64;
    let syllables: usize = words.iter().map(|word| count_syllables(word)).sum();
    let count = words.len().max(1) as f64;
    206.84 - 60.0 * (syllables as f64 / count) - 1.02 * (count / sentences)
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['.', '?', '!', ':']).filter(|sentence| words(sentence).next().is_some())
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric))
}

/// The syllables of a Spanish word: a syllable a vowel, but two where a weak one leans on its neighbour.
fn count_syllables(word: &str) -> usize {
    let mut count = 0;
    let mut before: Option<char> = None;
    let mut lower = word.to_lowercase().replace("qu", "q");
    for vowel in ["e", "i", "é", "í"] {
        lower = lower.replace(&format!("gu{vowel}"), &format!("g{vowel}"));
    }
    for letter in lower.chars() {
        let vowel = "aeiouáéíóúü".contains(letter).then_some(letter);
        if let Some(vowel) = vowel {
            let leans = |letter| "iuü".contains(letter);
            let strong = |letter| !"íú".contains(letter);
            let joins = before.is_some_and(|before| {
                strong(before) && strong(vowel) && (leans(before) || leans(vowel))
            });
            count += usize::from(!joins);
        }
        before = vowel;
    }
    count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spanish_syllables_are_counted_as_they_are_spoken() {
        let words = ["casa", "bien", "día", "teléfono", "ciudad", "país", "quiere", "león", "guía"];

        let counts = words.map(count_syllables);

        assert_eq!(counts, [2, 1, 2, 4, 2, 2, 2, 2, 2]);
    }

    #[test]
    fn hard_words_and_long_sentences_are_found_in_both_languages() {
        let english = texts::read(
            "# Hard\nb = Authorization necessitates organizational reconsideration of institutional prerequisites.\nc = One two three four five six seven eight nine ten one two three four five six seven eight nine ten more.\n",
        );
        let spanish = texts::read(
            "# Difícil\nb = Autorización administrativa imprescindible, consecuentemente internacionalización.\n",
        );

        let (in_english, _) = find_hard("en.ftl", "en", &english);
        let (in_spanish, _) = find_hard("es.ftl", "es", &spanish);

        assert_eq!(in_english.len(), 2, "{in_english:?}");
        assert_eq!(in_spanish.len(), 1, "{in_spanish:?}");
    }

    #[test]
    fn a_text_or_a_gap_that_one_language_lacks_is_found() {
        let english =
            "a = Hello { $name }\nb = Bye\n# c\nc = { $n ->\n    [one] 1\n   *[other] { $n }\n}\n";
        let spanish = "a = Hola\nc = { $n }\nd = Adiós\n";

        let findings = find_untranslated(english, spanish);

        assert_eq!(findings, ["Spanish lacks b", "English lacks d", "a has other gaps in Spanish"]);
    }
}
