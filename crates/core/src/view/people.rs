//! Who somebody is, and how to reach them.

use handrail_contract::words::{Contact, Filling, Icon, Words};
use serde_json::Value;

use super::{
    index::Index,
    say::{ours, say, theirs},
};
use crate::{
    fhir::{
        element::{Telecom, TelecomSystem, address_line, full_name, list, telecoms, text},
        text::clean_line,
    },
    store::Kept,
};

/// A name in a sentence, or what to say in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Named {
    pub name: Option<String>,
    unnamed: &'static str,
}

impl Named {
    /// A helper: "The helper" where nobody is named.
    pub fn helper(name: Option<String>) -> Self {
        Self { name, unnamed: "helper-unnamed" }
    }

    /// A sender: "Your clinic" where nobody is named.
    pub fn sender(name: Option<String>) -> Self {
        Self { name, unnamed: "sender-unnamed" }
    }

    /// At the start of a sentence.
    pub fn first(&self) -> Filling {
        self.filling(self.unnamed)
    }

    /// Inside a sentence.
    pub fn inside(&self) -> Filling {
        self.filling(&format!("{}-inside", self.unnamed))
    }

    /// Standing alone.
    pub fn words(&self) -> Words {
        match &self.name {
            Some(name) => Words::theirs(name.clone()),
            None => ours(self.unnamed),
        }
    }

    fn filling(&self, unnamed: &str) -> Filling {
        match &self.name {
            Some(name) => Filling::Text(name.clone()),
            None => Filling::Phrase(say(unnamed)),
        }
    }
}

/// The name of what a reference leads to: as the writer put it, else as the thing itself says.
pub fn name_of<'a>(index: &Index<'a>, owner: &'a Kept, reference: &'a Value) -> Option<String> {
    text(reference, "display")
        .map(clean_line)
        .or_else(|| index.follow(owner, reference).and_then(|(_, it)| own_name(index, owner, it)))
}

/// The organization that a reference leads to, through a role where it is one; else the name beside the reference.
pub fn organization_of<'a>(
    index: &Index<'a>,
    owner: &'a Kept,
    reference: &'a Value,
) -> Option<String> {
    let through_role = match index.follow(owner, reference) {
        Some(("PractitionerRole", role)) => {
            role.get("organization").and_then(|it| name_of(index, owner, it))
        }
        Some(("HealthcareService", service)) => {
            service.get("providedBy").and_then(|it| name_of(index, owner, it))
        }
        Some(("Organization", it)) => text(it, "name").map(clean_line),
        _ => None,
    };
    through_role.or_else(|| name_of(index, owner, reference))
}

fn own_name<'a>(index: &Index<'a>, owner: &'a Kept, it: &'a Value) -> Option<String> {
    match text(it, "resourceType")? {
        "Practitioner" | "Patient" | "RelatedPerson" => full_name(it).as_deref().map(clean_line),
        "PractitionerRole" => {
            let of = |member| {
                let reference = it.get(member)?;
                text(reference, "display").map(clean_line).or_else(|| {
                    let (kind, found) = index.follow(owner, reference)?;
                    // A role never leads to a role, so this ends.
                    (kind != "PractitionerRole").then(|| own_name(index, owner, found))?
                })
            };
            of("practitioner").or_else(|| of("organization"))
        }
        _ => text(it, "name").map(clean_line),
    }
}

/// How to reach what a reference leads to, and where it is.
pub fn contacts_of<'a>(index: &Index<'a>, owner: &'a Kept, reference: &'a Value) -> Vec<Contact> {
    let Some((kind, it)) = index.follow(owner, reference) else { return Vec::new() };
    let name = name_of(index, owner, reference);
    let about = name.as_deref().map(theirs);
    let mut contacts: Vec<Contact> =
        telecoms(it).into_iter().filter_map(|point| contact(point, about.as_ref())).collect();
    let mut follow = |member: &str| {
        for reference in list(it, member) {
            if let Some((_, found)) = index.follow(owner, reference) {
                let at = telecoms(found);
                contacts.extend(at.into_iter().filter_map(|point| contact(point, about.as_ref())));
                contacts.extend(list(found, "address").filter_map(place_contact));
            }
        }
    };
    match kind {
        "HealthcareService" => {
            follow("location");
            if telecoms(it).is_empty() {
                follow("providedBy");
            }
        }
        "PractitionerRole" => {
            follow("organization");
        }
        _ => contacts.extend(list(it, "address").filter_map(place_contact)),
    }
    without_doubles(contacts)
}

/// Drops what was said already.
pub fn without_doubles(contacts: Vec<Contact>) -> Vec<Contact> {
    let mut seen: Vec<Contact> = Vec::with_capacity(contacts.len());
    for contact in contacts {
        let is_new = seen.iter().all(|it| it.label != contact.label || it.link != contact.link);
        if is_new && seen.len() < 20 {
            seen.push(contact);
        }
    }
    seen
}

fn contact(point: Telecom<'_>, about: Option<&Words>) -> Option<Contact> {
    let shown = clean_line(point.value);
    let about = if point.for_appointments {
        Some(ours("contact-for-appointments"))
    } else {
        about.cloned()
    };
    match point.system {
        TelecomSystem::Phone | TelecomSystem::Sms => {
            let link = phone_link(point.value);
            let key = if link.is_some() { "contact-call" } else { "contact-phone" };
            Some(Contact { icon: Icon::Phone, label: say(key).with("number", shown), about, link })
        }
        TelecomSystem::Email => {
            let link = mail_link(point.value);
            Some(Contact {
                icon: Icon::Mail,
                label: say("contact-mail").with("address", shown),
                about,
                link,
            })
        }
        TelecomSystem::Other => None,
    }
}

fn place_contact(address: &Value) -> Option<Contact> {
    let line = clean_line(&address_line(address)?);
    Some(Contact {
        icon: Icon::MapPin,
        label: say("contact-address").with("address", line),
        about: None,
        link: None,
    })
}

/// A `tel:` link (RFC 3966), only for what can be a phone number.
pub fn phone_link(value: &str) -> Option<String> {
    let lower = value.trim().to_ascii_lowercase();
    let (number, extension) = match lower.find("ext").or_else(|| lower.find('x')) {
        Some(at) => {
            let digits = lower[at..].trim_start_matches(['e', 'x', 't', '.', ':', ' ']);
            (&lower[..at], Some(digits.trim()))
        }
        None => (&*lower, None),
    };
    let number = number.trim().trim_end_matches([',', ';']);
    let plain = number.strip_prefix('+').unwrap_or(number);
    if !plain
        .chars()
        .all(|it| it.is_ascii_digit() || matches!(it, ' ' | '-' | '.' | '(' | ')' | '/' | '\u{a0}'))
    {
        return None;
    }
    let digits: String = plain.chars().filter(char::is_ascii_digit).collect();
    if !(3..=15).contains(&digits.len()) {
        return None;
    }
    let plus = if number.starts_with('+') { "+" } else { "" };
    match extension {
        None => Some(format!("tel:{plus}{digits}")),
        Some(extension) if is_extension(extension) => {
            Some(format!("tel:{plus}{digits};ext={extension}"))
        }
        Some(_) => None,
    }
}

fn is_extension(text: &str) -> bool {
    (1..=7).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_digit())
}

/// A `mailto:` link (RFC 6068), only for one plain address.
pub fn mail_link(value: &str) -> Option<String> {
    let value = value.trim();
    let (name, host) = value.split_once('@')?;
    let letters = |text: &str, more: &[u8]| {
        !text.is_empty() && text.bytes().all(|it| it.is_ascii_alphanumeric() || more.contains(&it))
    };
    let plausible = value.len() <= 254
        && letters(name, b"._+-")
        && letters(host, b".-")
        && host.contains('.')
        && !host.starts_with(['.', '-'])
        && !host.ends_with(['.', '-']);
    plausible.then(|| format!("mailto:{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_can_be_a_phone_number_is_pressed() {
        assert_eq!(phone_link("(555) 010-0118").as_deref(), Some("tel:5550100118"));
        assert_eq!(phone_link("+1 555-0118 ext. 42").as_deref(), Some("tel:+15550118;ext=42"));
        assert_eq!(phone_link("555-0118 x7").as_deref(), Some("tel:5550118;ext=7"));
        for odd in [
            "(555) appoint",
            "",
            "12",
            "tel:555",
            "*#06#",
            "555-0118;phone-context=evil",
            "555 0118\u{202E}",
            "1234567890123456",
        ] {
            assert_eq!(phone_link(odd), None, "{odd}");
        }
    }

    #[test]
    fn only_one_plain_address_is_written_to() {
        assert_eq!(
            mail_link("rides@tworivers.example").as_deref(),
            Some("mailto:rides@tworivers.example")
        );
        for odd in [
            "a@b.example?bcc=c@d.example",
            "a@b.example,c@d.example",
            "a@b",
            "@b.example",
            "a b@c.example",
            "a@.example",
            "a%0a@b.example",
        ] {
            assert_eq!(mail_link(odd), None, "{odd}");
        }
    }
}
