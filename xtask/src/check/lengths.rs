//! No file of ours is longer than a person reads in one go.

/// The endings of what we write by hand.
pub const COUNTED: &[&str] =
    &["rs", "js", "mjs", "cjs", "py", "kt", "swift", "css", "html", "sh", "md"];

/// STYLE asks for 500; beyond this nobody may go.
const LIMIT: usize = 600;

/// Written by tools, or taken over from others as they are.
const OTHERS: [&str; 3] = ["gen/", "tests/vectors/", "crates/sandbox/data/"];

/// Says so if `path` is too long.
pub fn find_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let ours = !OTHERS.iter().any(|folder| path.starts_with(folder));
    (ours && lines > LIMIT).then(|| format!("{path}: {lines} lines, {LIMIT} at most"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_601_lines_is_refused_and_one_of_600_is_not() {
        assert!(find_long("crates/core/src/scan.rs", &"line\n".repeat(601)).is_some());
        assert_eq!(find_long("crates/core/src/scan.rs", &"line\n".repeat(600)), None);
    }
}
