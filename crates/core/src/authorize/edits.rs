//! A good redirect with one thing changed in it: a hundred thousand times, none wrong is accepted.

use std::sync::LazyLock;

use proptest::{prelude::*, sample::Index};

use super::{
    callbacks::{ISSUER, NOW, REDIRECT, pending, redirect},
    *,
};

static PENDING: LazyLock<PendingSignIn> = LazyLock::new(pending);
static GOOD: LazyLock<String> = LazyLock::new(|| {
    let good = format!(
        "{REDIRECT}?code=abc%2Fdef&state=STATE&iss=https%3A%2F%2Fauth.example.com%2Frealm&session_state=7"
    );
    redirect(&good, &PENDING)
});

/// One change. Most are of characters that mean something in an address.
#[derive(Clone, Debug)]
enum Edit {
    Replace(char),
    Insert(char),
    Remove,
    /// The rest of it is cut off.
    Cut,
    /// The character and the next change places.
    Swap,
    /// The character is written as `%XX`.
    Encode,
    /// The other case.
    Case,
    /// One parameter stands there twice, or is gone, or is put first.
    Double,
    Drop,
    First,
}

fn edits() -> impl Strategy<Value = Edit> {
    let letter = prop_oneof![
        6 => proptest::char::range('!', '~'),
        3 => proptest::sample::select("?&=#%/:;@+.[]\\ \t\n".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ];
    prop_oneof![
        4 => letter.clone().prop_map(Edit::Replace),
        4 => letter.prop_map(Edit::Insert),
        3 => Just(Edit::Remove),
        1 => Just(Edit::Cut),
        1 => Just(Edit::Swap),
        1 => Just(Edit::Encode),
        1 => Just(Edit::Case),
        1 => Just(Edit::Double),
        1 => Just(Edit::Drop),
        1 => Just(Edit::First),
    ]
}

fn apply(edit: &Edit, at: Index) -> String {
    let (address, query) = GOOD.split_once('?').unwrap();
    let mut parameters: Vec<&str> = query.split('&').collect();
    let which = at.index(parameters.len());
    let join = |parameters: &[&str]| format!("{address}?{}", parameters.join("&"));
    let mut chars: Vec<char> = GOOD.chars().collect();
    let at = at.index(chars.len());
    match edit {
        Edit::Replace(c) => chars[at] = *c,
        Edit::Insert(c) => chars.insert(at, *c),
        Edit::Remove => drop(chars.remove(at)),
        Edit::Cut => chars.truncate(at),
        Edit::Swap => chars.swap(at, (at + 1) % GOOD.len()),
        Edit::Encode => {
            let code = format!("%{:02X}", u32::from(chars[at]));
            chars.splice(at..=at, code.chars());
        }
        Edit::Case if chars[at].is_ascii_lowercase() => chars[at].make_ascii_uppercase(),
        Edit::Case => chars[at].make_ascii_lowercase(),
        Edit::Double => {
            parameters.push(parameters[which]);
            return join(&parameters);
        }
        Edit::Drop => {
            parameters.remove(which);
            return join(&parameters);
        }
        Edit::First => {
            parameters[..=which].rotate_right(1);
            return join(&parameters);
        }
    }
    chars.into_iter().collect()
}

/// The values of one parameter, read in the plainest way there is: another reading than the product's.
fn values(query: &str, wanted: &str) -> Vec<String> {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| decode(name) == wanted)
        .map(|(_, value)| decode(value))
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|code| std::str::from_utf8(code).ok());
        let code = code.filter(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()));
        match (first, code.and_then(|code| u8::from_str_radix(code, 16).ok())) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (first, _) => {
                bytes.push(if first == b'+' { b' ' } else { first });
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_redirect_that_is_edited_is_a_good_one() {
    let taken = read_redirect(&GOOD, &PENDING, NOW);

    assert_eq!(taken.unwrap().expose(), "abc/def");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100_000))]

    #[test]
    fn what_is_accepted_after_one_edit_is_still_ours_in_every_part(edit in edits(), at: Index) {
        let edited = apply(&edit, at);

        if let Ok(code) = read_redirect(&edited, &PENDING, NOW) {
            let bare = edited.strip_suffix("#_=_").or_else(|| edited.strip_suffix('#'));
            let (address, query) = bare.unwrap_or(&edited).split_once('?').unwrap();
            prop_assert_eq!(address, REDIRECT);
            prop_assert_eq!(values(query, "state"), [PENDING.state.expose()]);
            prop_assert_eq!(values(query, "code"), [code.expose()]);
            let issuers = values(query, "iss");
            prop_assert!(issuers.is_empty() || issuers == [ISSUER], "{:?}", issuers);
            prop_assert!(values(query, "error").is_empty() && !query.contains('#'));
        }
    }
}
