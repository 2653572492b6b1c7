//! What a page shows of a text before anything is requested.

use handrail_contract::{
    code::{CodeRead, Grade, HostParts, InvitationSeen},
    place::Place,
    problem::Refusal,
    words::{Icon, Note, Phrase, Tone},
};
use url::Url;

use super::{Invitation, imitation::find_imitated, read_code};
use crate::{
    connect::Registry,
    fhir::{FhirBase, base::Policy},
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
