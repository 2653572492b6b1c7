//! Links that the system opens the app with: an invitation, or the way back from a sign-in page.

use url::{Url, form_urlencoded};

/// How the path of every redirect address begins.
pub(crate) const CALLBACK_PATH: &str = "/callback/";

/// Whether a link that the system opened the app with is the way back from a sign-in page (RFC 6749 section 4.1.2).
///
/// Such a link is for the sign-in that waits for it, and never for a page: it may hold a code, and by its `iss`
/// (RFC 9207) it could pass for an invitation.
pub fn is_redirect(link: &str) -> bool {
    let Ok(url) = Url::parse(link.trim()) else { return false };
    // A private-use scheme has no host of its own (RFC 8252 section 7.1); written with two slashes, the path becomes one.
    let leads_back = url.path().starts_with(CALLBACK_PATH)
        || (!matches!(url.scheme(), "http" | "https")
            && url.host_str() == Some(CALLBACK_PATH.trim_matches('/')));
    let names = |part: &str, name: &str| {
        form_urlencoded::parse(part.as_bytes()).any(|(one, _)| one == name)
    };
    leads_back && [url.query(), url.fragment()].into_iter().flatten().any(|it| names(it, "state"))
}

#[cfg(test)]
mod tests {
    use handrail_contract::problem::Refusal;

    use super::*;
    use crate::{fhir::base::Policy, scan::read_code};

    #[test]
    fn the_way_back_from_a_sign_in_page_is_no_invitation_whatever_else_it_holds() {
        for link in [
            "org.handrail.client:/callback/q7Z?code=abc&state=xyz",
            "org.handrail.client://callback/q7Z?code=abc&state=xyz",
            "https://handrail.example/callback/q7Z?error=access_denied&state=xyz",
            "http://127.0.0.1:5123/callback/q7Z?code=abc&state=xyz&iss=https%3A%2F%2Fehr.example.com",
            "  https://handrail.example/callback/q7Z#state=xyz&fhirUri=https%3A%2F%2Fevil.example.com  ",
        ] {
            assert!(is_redirect(link), "{link}");
        }
    }

    #[test]
    fn the_way_back_to_a_phone_is_known_as_one_and_its_path_stays_the_places_own() {
        let address = crate::authorize::phone_redirect("org.handrail.client", "/callback/q7Z");

        let address = address.unwrap();
        assert_eq!(address.as_str(), "org.handrail.client:/callback/q7Z");
        assert_eq!(address.path(), "/callback/q7Z");
        assert!(is_redirect(&format!("{address}?code=abc&state=xyz")));
    }

    #[test]
    fn an_invitation_stays_one_although_it_counts_its_readers() {
        for link in [
            "org.handrail.client://invite?fhirUri=https%3A%2F%2Ffhir.elm.org%2Fr4&title=Elm",
            "https://handrail.example/invite?fhirUri=https%3A%2F%2Ffhir.elm.org%2Fr4&state=IL&code=spring",
            "https://fhir.elm.org/r4",
        ] {
            let read = read_code(link, Policy::DEVELOPER).map(|seen| seen.fhir_base.host());

            assert!(!is_redirect(link), "{link}");
            assert_eq!(read, Ok("fhir.elm.org".to_owned()), "{link}");
        }
    }

    #[test]
    fn what_is_neither_is_judged_like_the_text_of_a_code() {
        for (link, refusal) in [
            ("javascript:alert(1)", Refusal::OtherApp),
            ("org.handrail.client://open", Refusal::OtherApp),
            ("file:///etc/passwd", Refusal::OtherApp),
            ("https://rosa@fhir.elm.org/callback/q7Z", Refusal::HidesAddress),
        ] {
            assert!(!is_redirect(link), "{link}");
            assert_eq!(read_code(link, Policy::RELEASE), Err(refusal), "{link}");
        }
    }
}
