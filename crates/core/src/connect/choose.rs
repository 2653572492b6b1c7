//! Choosing a place from a list instead of a code.

use handrail_contract::{
    code::Grade,
    partner::{PlaceToChoose, PlacesToChoose},
};

use super::{Brand, Brands, Registry, verdict};
use crate::{fhir::base::Policy, scan::Invitation, session::Source};

/// More rows than this nobody reads; a person types more of the name instead.
const SHOWN: usize = 50;

/// The places whose name, town or host has every word of the search. Listed ones first; each is judged like the text of
/// a code, and what a code would be refused for is not offered.
pub fn list_places(
    registry: &Registry,
    brands: &Brands,
    connected: &[Source],
    search: &str,
    policy: Policy,
) -> PlacesToChoose {
    let words: Vec<String> = search.to_lowercase().split_whitespace().map(str::to_owned).collect();
    let listed = registry.rows.iter().map(|row| Brand {
        name: row.name.clone(),
        town: None,
        fhir_base: row.fhir_base.clone(),
    });
    // The registry knows a partner by its own name; another list does not name it again.
    let others = brands.rows.iter().filter(|brand| registry.row(&brand.fhir_base).is_none());
    let mut found = listed.chain(others.cloned()).filter(|brand| has_words(brand, &words));
    let mut rows = Vec::new();
    for brand in found.by_ref() {
        rows.extend(judge(brand, registry, connected, policy));
        if rows.len() == SHOWN {
            break;
        }
    }
    PlacesToChoose { rows, more: found.count() as u64 }
}

fn has_words(brand: &Brand, words: &[String]) -> bool {
    let town = brand.town.as_deref().unwrap_or_default();
    let text = format!("{} {town} {}", brand.name, brand.fhir_base.host()).to_lowercase();
    words.iter().all(|word| text.contains(word))
}

fn judge(
    brand: Brand,
    registry: &Registry,
    connected: &[Source],
    policy: Policy,
) -> Option<PlaceToChoose> {
    // With the list's own name for it, so that the page that asks about it can say it.
    let named = registry.row(&brand.fhir_base).is_none().then(|| brand.name.clone());
    let invitation = Invitation { fhir_base: brand.fhir_base, name: named, client_id: None };
    let read = verdict(&invitation.to_text(), registry, connected, policy);
    if read.verdict == Grade::Refused {
        return None;
    }
    Some(PlaceToChoose {
        name: brand.name,
        town: brand.town,
        host: read.host?,
        grade: read.verdict,
        text: read.text?,
        already: read.already,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::read_base_alone;

    fn brand(name: &str, town: Option<&str>, base: &str) -> Brand {
        let fhir_base = read_base_alone(base, Policy::DEVELOPER).unwrap();
        Brand { name: name.into(), town: town.map(str::to_owned), fhir_base }
    }

    fn names(brands: Vec<Brand>, search: &str) -> (Vec<String>, u64) {
        let brands = Brands { rows: brands, left_out: 0 };
        let registry = Registry::bundled(Policy::DEVELOPER);
        let places = list_places(&registry, &brands, &[], search, Policy::DEVELOPER);
        (places.rows.into_iter().map(|row| row.name).collect(), places.more)
    }

    #[test]
    fn a_place_is_found_by_every_word_of_its_name_town_or_host() {
        let found = |search: &str| {
            let brands = vec![
                brand("Oak Clinic", Some("Springfield, IL"), "https://fhir.oak.org/r4"),
                brand("Oak Clinic", Some("Dover, DE"), "https://fhir.oak-dover.org/r4"),
            ];
            names(brands, search).0.len()
        };

        assert_eq!(
            (found("oak CLINIC"), found("oak dover"), found("fhir.oak.org"), found("oak maple")),
            (2, 1, 1, 0)
        );
    }

    #[test]
    fn a_partner_stands_first_and_under_the_registrys_name_only() {
        let copy = brand("Free Money", None, "http://127.0.0.1:8461/fhir");
        let other = brand("Oak Clinic", None, "https://fhir.oak.org");

        assert_eq!(
            names(vec![other, copy], "").0,
            ["Elm Street Family Clinic", "Two Rivers Care Network", "Oak Clinic"]
        );
    }

    #[test]
    fn a_place_from_another_list_is_asked_about_as_firmly_as_one_from_a_code() {
        let brands = Brands { rows: vec![brand("Oak", None, "https://fhir.oak.org")], left_out: 0 };
        let registry = Registry::bundled(Policy::DEVELOPER);

        let places = list_places(&registry, &brands, &[], "oak", Policy::DEVELOPER);

        let asked = verdict(&places.rows[0].text, &registry, &[], Policy::DEVELOPER);
        assert_eq!(places.rows[0].grade, Grade::Unlisted);
        assert_eq!(asked.verdict, Grade::Unlisted);
        assert_eq!(
            asked.invitation.map(|seen| (seen.fhir_base, seen.name)),
            Some(("https://fhir.oak.org".to_owned(), Some("Oak".to_owned())))
        );
    }

    #[test]
    fn what_is_too_much_to_show_is_counted() {
        let brands = (0..60).map(|n| brand("Oak", None, &format!("https://oak{n}.org"))).collect();

        let (rows, more) = names(brands, "oak");

        assert_eq!((rows.len(), more), (50, 10));
    }
}
