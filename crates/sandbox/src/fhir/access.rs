//! What a token lets its bearer do: SMART scopes, version 1 and 2, over what the place offers.

use std::fmt;

use crate::{
    fhir::offer::{self, TypeOffer},
    people::Person,
    place::PlaceKind,
};

/// Who holds a token, and for what.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) person: Person,
    pub(crate) scope: Scope,
}

impl Access {
    /// The patient in context: `patient` of SMART's token response.
    pub(crate) fn patient(&self) -> Option<&str> {
        match &self.person {
            Person::Patient(id) => Some(id),
            Person::Staff { .. } => None,
        }
    }

    /// Whether the scopes cover this interaction, one of `c r u s`.
    pub(crate) fn may(&self, type_name: &str, letter: char) -> bool {
        let covers = |item: &Item| item.type_name == type_name && item.letters.contains(letter);
        self.scope.items.iter().any(covers)
    }
}

/// Granted scopes. None of them is wider than what the place offers this person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    launch: bool,
    offline: bool,
    openid: bool,
    fhir_user: bool,
    items: Vec<Item>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Item {
    type_name: String,
    letters: String,
    /// As it is told to the client, in the version it asked in.
    text: String,
}

/// A clinical scope as it was written.
struct Written<'a> {
    level: &'a str,
    type_name: &'a str,
    letters: &'a str,
    version_1: bool,
}

impl Scope {
    /// Grants what of the asked scopes the place offers to this person; the rest falls away in silence.
    pub(crate) fn grant(asked: &str, kind: PlaceKind, person: &Person) -> Self {
        let (level, letters): (_, fn(&TypeOffer) -> &'static str) = match person {
            Person::Patient(_) => ("patient", |offered| offered.patient),
            Person::Staff { .. } => ("user", |offered| offered.staff),
        };
        let mut scope = Self::default();
        for word in asked.split(' ') {
            match word {
                "launch/patient" => scope.launch = level == "patient",
                "offline_access" => scope.offline = true,
                "openid" => scope.openid = true,
                "fhirUser" => scope.fhir_user = true,
                _ => {
                    let Some(written) =
                        Written::read(word).filter(|written| written.level == level)
                    else {
                        continue;
                    };
                    for offered in offer::list_types(kind) {
                        if written.type_name == "*" || written.type_name == offered.name {
                            scope.add(&written, offered.name, letters(offered));
                        }
                    }
                }
            }
        }
        scope
    }

    fn add(&mut self, written: &Written<'_>, type_name: &str, offered: &str) {
        let within = |of: &str| -> String {
            of.chars()
                .filter(|letter| written.letters.contains(*letter) && offered.contains(*letter))
                .collect()
        };
        let parts: &[(&str, &str)] =
            if written.version_1 { &[("rs", "read"), ("cud", "write")] } else { &[("cruds", "")] };
        for (of, version_1_name) in parts {
            let letters = within(of);
            if letters.is_empty() {
                continue;
            }
            let ending = if written.version_1 { *version_1_name } else { letters.as_str() };
            let text = format!("{}/{type_name}.{ending}", written.level);
            if self.items.iter().all(|item| item.text != text) {
                self.items.push(Item { type_name: type_name.to_owned(), letters, text });
            }
        }
    }

    /// Leaves out what is withheld: `offline_access`, or letters of a type, as `Goal.rs`.
    #[must_use]
    pub(crate) fn without(mut self, withheld: &[String]) -> Self {
        for word in withheld {
            match word.as_str() {
                "offline_access" => self.offline = false,
                "openid" => self.openid = false,
                _ => {}
            }
            let Some((type_name, letters)) = word.split_once('.') else { continue };
            for item in self.items.iter_mut().filter(|item| item.type_name == type_name) {
                item.letters.retain(|letter| !letters.contains(letter));
                let level = item.text.split('/').next().unwrap_or_default();
                item.text = format!("{level}/{type_name}.{}", item.letters);
            }
        }
        self.items.retain(|item| !item.letters.is_empty());
        self
    }

    /// Takes a part of this scope, or nothing where more is asked (RFC 6749 section 6).
    pub(crate) fn narrow(&self, asked: &str) -> Option<Self> {
        let mut narrowed = Self::default();
        for word in asked.split(' ').filter(|word| !word.is_empty()) {
            match word {
                "launch/patient" if self.launch => narrowed.launch = true,
                "offline_access" if self.offline => narrowed.offline = true,
                "openid" if self.openid => narrowed.openid = true,
                "fhirUser" if self.fhir_user => narrowed.fhir_user = true,
                _ => {
                    let same = self.items.iter().find(|item| item.text == word).cloned();
                    narrowed.items.push(same.or_else(|| self.find_part(word))?);
                }
            }
        }
        Some(narrowed)
    }

    fn find_part(&self, word: &str) -> Option<Item> {
        let written = Written::read(word)?;
        let covers = |letter: char| {
            self.items.iter().any(|item| {
                item.type_name == written.type_name
                    && item.text.starts_with(written.level)
                    && item.letters.contains(letter)
            })
        };
        written.letters.chars().all(covers).then(|| Item {
            type_name: written.type_name.to_owned(),
            letters: written.letters.to_owned(),
            text: word.to_owned(),
        })
    }

    /// Whether the answer says who signed in.
    pub(crate) fn is_openid(&self) -> bool {
        self.openid && self.fhir_user
    }

    pub(crate) fn is_offline(&self) -> bool {
        self.offline
    }

    /// Nothing that reads or writes was granted.
    pub(crate) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The types and letters granted, for the page that asks the person.
    pub(crate) fn list_types(&self) -> impl Iterator<Item = (&str, &str)> {
        self.items.iter().map(|item| (item.type_name.as_str(), item.letters.as_str()))
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let launch = self.launch.then_some("launch/patient");
        let offline = self.offline.then_some("offline_access");
        let identity = [(self.openid, "openid"), (self.fhir_user, "fhirUser")];
        let identity =
            identity.into_iter().filter_map(|(is_granted, word)| is_granted.then_some(word));
        let items = self.items.iter().map(|item| item.text.as_str());
        let words: Vec<&str> = identity.chain(launch).chain(offline).chain(items).collect();
        f.write_str(&words.join(" "))
    }
}

impl<'a> Written<'a> {
    /// Reads `patient/Task.rus` or `patient/Task.read`. Scopes narrowed by a query are not offered here.
    fn read(word: &'a str) -> Option<Self> {
        let (level, rest) = word.split_once('/')?;
        let (type_name, ending) = rest.split_once('.')?;
        let (letters, version_1) = match ending {
            "read" => ("rs", true),
            "write" => ("cud", true),
            "*" => ("cruds", true),
            letters if is_ordered(letters) => (letters, false),
            _ => return None,
        };
        let known = matches!(level, "patient" | "user");
        known.then_some(Self { level, type_name, letters, version_1 })
    }
}

/// SMART App Launch 2.2, scopes: the letters stand in this order and no other.
fn is_ordered(letters: &str) -> bool {
    let mut rest = "cruds".chars();
    !letters.is_empty() && letters.chars().all(|letter| rest.any(|next| next == letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patient() -> Person {
        Person::Patient("x".into())
    }

    #[test]
    fn a_place_grants_only_what_it_offers() {
        let asked = "openid fhirUser profile launch/patient offline_access patient/Task.cruds patient/Goal.rs";

        let scope = Scope::grant(asked, PlaceKind::Cbo, &patient());

        let expected = "openid fhirUser launch/patient offline_access patient/Task.rus";
        assert_eq!(scope.to_string(), expected);
    }

    #[test]
    fn version_1_scopes_are_granted_in_their_own_words() {
        let scope = Scope::grant("patient/*.read patient/Task.write", PlaceKind::Cbo, &patient());

        let expected = "patient/DocumentReference.read patient/Task.read patient/Task.write";
        assert_eq!(scope.to_string(), expected);
    }

    #[test]
    fn letters_out_of_order_and_staff_scopes_of_a_patient_fall_away() {
        let scope = Scope::grant("patient/Task.sr user/Task.rs", PlaceKind::Provider, &patient());

        assert!(scope.is_empty());
    }

    #[test]
    fn what_is_withheld_falls_away_letter_by_letter() {
        let asked = "offline_access patient/Task.rus patient/Goal.rs";
        let withheld = ["offline_access", "Goal.rs", "Task.u"].map(str::to_owned);

        let scope = Scope::grant(asked, PlaceKind::Provider, &patient()).without(&withheld);

        assert_eq!(scope.to_string(), "patient/Task.rs");
    }

    #[test]
    fn a_refresh_may_narrow_and_never_widen() {
        let scope =
            Scope::grant("patient/Task.rus offline_access", PlaceKind::Provider, &patient());

        let narrowed = scope.narrow("patient/Task.rs").unwrap();

        assert_eq!(narrowed.to_string(), "patient/Task.rs");
        assert_eq!(scope.narrow("patient/Goal.rs"), None);
        assert_eq!(scope.narrow("patient/Task.rus user/Task.rus"), None);
    }
}
