//! Whom an address pretends to be.

use handrail_contract::code::{Imitation, MarkedHost};

use super::Registry;
use crate::{fhir::FhirBase, scan::look, session::Source};

/// The place whose host this one reads like without being it (UTS 39 section 4): a row of the registry, or one that
/// is connected.
pub(super) fn find_imitated(
    base: &FhirBase,
    registry: &Registry,
    connected: &[Source],
) -> Option<Imitation> {
    let rows = registry.rows.iter().map(|row| (&row.fhir_base, &row.name));
    let sources = connected.iter().map(|source| (&source.base, &source.name));
    let (seen, seen_look) = (base.registrable_domain(), look(base.registrable_domain()));
    let (known, name) = rows.chain(sources).find(|(known, _)| {
        let known = known.registrable_domain();
        known != seen && look(known) == seen_look
    })?;
    let (seen, known) = mark_difference(seen, known.registrable_domain());
    Some(Imitation { seen, known, name: name.clone() })
}

/// Both names, with what lies between their common beginning and their common end marked. Host names are ASCII here.
fn mark_difference(one: &str, other: &str) -> (MarkedHost, MarkedHost) {
    let same = |(a, b): &(u8, u8)| a == b;
    let start = one.bytes().zip(other.bytes()).take_while(same).count();
    let most = one.len().min(other.len()) - start;
    let end = one.bytes().rev().zip(other.bytes().rev()).take(most).take_while(same).count();
    let mark = |name: &str| MarkedHost {
        before: name[..start].to_owned(),
        marked: name[start..name.len() - end].to_owned(),
        after: name[name.len() - end..].to_owned(),
    };
    (mark(one), mark(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_marked_on_both_sides() {
        let marks = |one, other| {
            let (seen, known) = mark_difference(one, other);
            [seen.marked, known.marked]
        };
        assert_eq!(marks("elrnstreet.example", "elmstreet.example"), ["rn", "m"]);
        assert_eq!(marks("e1m.example", "elm.example"), ["1", "l"]);
        assert_eq!(marks("elmm.example", "elm.example"), ["m", ""]);
        let (seen, known) = mark_difference("aab.example", "aaab.example");
        assert_eq!(format!("{}{}{}", seen.before, seen.marked, seen.after), "aab.example");
        assert_eq!(format!("{}{}{}", known.before, known.marked, known.after), "aaab.example");
    }
}
