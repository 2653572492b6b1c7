//! What a page shows of a text before anything is requested.

use handrail_contract::{
    code::{CodeRead, Grade, HostParts, InvitationSeen},
    place::Place,
    problem::Refusal,
    words::{Icon, Note, Phrase, Tone},
};
use url::Url;

use super::{Registry, imitation::find_imitated};
use crate::{
    fhir::{FhirBase, base::Policy},
    scan::{Invitation, read_code},
    session::Source,
};

/// Judges a text against the registry and the places that are connected.
pub fn verdict(text: &str, registry: &Registry, connected: &[Source], policy: Policy) -> CodeRead {
    match read_code(text, policy) {
        Ok(invitation) => match find_imitated(&invitation.fhir_base, registry, connected) {
            Some(imitated) => CodeRead {
                imitates: Some(imitated),
                ..refuse(Refusal::LookAlike, Some(invitation.fhir_base.host_parts()))
            },
            None => accept(invitation, registry, connected),
        },
        Err(Refusal::Website) => refuse(Refusal::Website, read_site(text)),
        Err(reason) => refuse(reason, None),
    }
}

fn accept(invitation: Invitation, registry: &Registry, connected: &[Source]) -> CodeRead {
    let row = registry.row(&invitation.fhir_base);
    let already = connected.iter().find(|source| source.base == invitation.fhir_base);
    let base = &invitation.fhir_base;
    CodeRead {
        verdict: if row.is_some() { Grade::Listed } else { Grade::Unlisted },
        reason: None,
        invitation: Some(InvitationSeen {
            fhir_base: base.as_str().to_owned(),
            host: base.host(),
            name: row.map(|row| row.name.clone()).or_else(|| invitation.name.clone()),
            client_id: row
                .map(|row| row.client_id.clone())
                .or_else(|| invitation.client_id.clone()),
        }),
        text: Some(invitation.to_text()),
        host: Some(base.host_parts()),
        imitates: None,
        already: already.map(|source| Place {
            source: source.id.clone(),
            name: source.name.clone(),
            hue: source.hue,
        }),
        note: None,
    }
}

fn refuse(reason: Refusal, host: Option<HostParts>) -> CodeRead {
    let code = reason.code();
    CodeRead {
        host,
        note: Some(Note {
            tone: Tone::Turn,
            icon: Icon::CircleAlert,
            heading: Phrase::new(&format!("refused-{code}-heading")),
            body: Phrase::new(&format!("refused-{code}-body")),
        }),
        ..CodeRead::refused(reason)
    }
}

/// The host of a web page, so that the person sees what the code was. It was judged before it was refused.
fn read_site(text: &str) -> Option<HostParts> {
    let mut url = Url::parse(text.trim()).ok().filter(|url| url.scheme() == "https")?;
    url.set_path("");
    url.set_query(None);
    url.set_fragment(None);
    FhirBase::new(url).ok().map(|base| base.host_parts())
}

#[cfg(test)]
mod tests {
    use handrail_contract::problem::Refusal::{LookAlike, Website};

    use super::*;

    #[test]
    fn a_listed_place_is_told_from_an_unlisted_one_and_shown_under_its_own_name() {
        let registry = Registry::bundled(Policy::DEVELOPER);
        let listed = "http://127.0.0.1:8461/fhir?iss=http://127.0.0.1:8461/fhir&title=Free+Money&clientId=evil";

        let elm = verdict(listed, &registry, &[], Policy::DEVELOPER);
        let bright = verdict("http://127.0.0.1:8463/fhir", &registry, &[], Policy::DEVELOPER);

        let seen = elm.invitation.unwrap();
        assert_eq!(
            (elm.verdict, seen.name.as_deref()),
            (Grade::Listed, Some("Elm Street Family Clinic"))
        );
        assert_eq!(seen.client_id.as_deref(), Some("handrail"));
        assert_eq!((bright.verdict, bright.invitation.unwrap().name), (Grade::Unlisted, None));
    }

    #[test]
    fn a_host_that_reads_like_a_partners_is_refused_as_a_look_alike() {
        let mut registry = Registry::bundled(Policy::DEVELOPER);
        let real =
            read_code("https://health.elmstreetclinic.example/fhir", Policy::DEVELOPER).unwrap();
        registry.rows[0].fhir_base = real.fhir_base;
        let judge = |text: &str| verdict(text, &registry, &[], Policy::DEVELOPER);

        let rn = judge("https://health.elrnstreetclinic.example/fhir");
        let one = judge("https://e1mstreetclinic.example/fhir");
        let sibling = judge("https://labs.elmstreetclinic.example/fhir");

        assert_eq!(rn.reason, Some(LookAlike));
        assert_eq!(rn.host.unwrap().registered, "elrnstreetclinic.example");
        let imitated = rn.imitates.unwrap();
        assert_eq!([&*imitated.seen.marked, &*imitated.known.marked], ["rn", "m"]);
        assert_eq!(imitated.name, "Elm Street Family Clinic");
        assert_eq!(one.reason, Some(LookAlike));
        assert_eq!(sibling.verdict, Grade::Unlisted);
    }

    #[test]
    fn a_refusal_says_why_and_names_the_host_of_a_website() {
        let registry = Registry::bundled(Policy::RELEASE);

        let read =
            verdict("https://www.example.org/coupons.html?x=1", &registry, &[], Policy::RELEASE);

        assert_eq!((read.verdict, read.reason), (Grade::Refused, Some(Website)));
        assert_eq!(read.note.unwrap().heading.key, "refused-website-heading");
        let host = read.host.unwrap();
        assert_eq!((&*host.before, &*host.registered), ("www.", "example.org"));
        assert_eq!(read.text, None);
    }
}
