//! Several codes in one picture: which one is meant.

use handrail_contract::problem::Refusal;

use crate::fhir::base::Policy;

use super::read_code;

/// Takes the one invitation among the texts of a picture; without one, the first text, so that it can be said what it is.
///
/// # Errors
/// There is no text, or there are invitations to several places.
pub fn choose_code(texts: Vec<String>, policy: Policy) -> Result<String, Refusal> {
    let bases: Vec<_> = texts
        .iter()
        .map(|text| read_code(text, policy).ok().map(|invitation| invitation.fhir_base))
        .collect();
    let mut invited = bases.iter().enumerate().filter(|(_, base)| base.is_some());
    let chosen = match invited.next() {
        Some((_, first)) if invited.any(|(_, other)| other != first) => {
            return Err(Refusal::SeveralCodes);
        }
        Some((at, _)) => at,
        None => 0,
    };
    texts.into_iter().nth(chosen).ok_or(Refusal::NoCodeInPicture)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WIFI: &str = "WIFI:T:WPA;S:clinic;P:secret;;";
    const CLINIC: &str = "https://fhir.elmstreetclinic.example/r4";
    const SAME_CLINIC: &str = "https://handrail.example/invite?fhirUri=https%3A%2F%2Ffhir.elmstreetclinic.example%2Fr4&title=Elm%20Street";
    const NETWORK: &str = "https://fhir.tworivers.example/r4";

    fn choose(texts: &[&str]) -> Result<String, Refusal> {
        choose_code(texts.iter().map(|text| (*text).to_owned()).collect(), Policy::DEVELOPER)
    }

    #[test]
    fn the_invitation_is_taken_wherever_it_stands_beside_another_code() {
        assert_eq!(choose(&[WIFI, CLINIC]), Ok(CLINIC.to_owned()));
        assert_eq!(choose(&[CLINIC, WIFI]), Ok(CLINIC.to_owned()));
    }

    #[test]
    fn two_invitations_to_one_place_are_no_question() {
        assert_eq!(choose(&[SAME_CLINIC, CLINIC]), Ok(SAME_CLINIC.to_owned()));
    }

    #[test]
    fn between_two_places_nothing_is_guessed() {
        assert_eq!(choose(&[CLINIC, WIFI, NETWORK]), Err(Refusal::SeveralCodes));
    }

    #[test]
    fn a_code_that_is_no_invitation_goes_on_to_be_named() {
        assert_eq!(choose(&[WIFI]), Ok(WIFI.to_owned()));
        assert_eq!(choose(&[]), Err(Refusal::NoCodeInPicture));
    }
}
