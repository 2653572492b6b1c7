//! A list of organizations with their FHIR servers: a User-Access Brands Bundle (SMART App Launch 2.2, section
//! "User-access Brands and Endpoints").
//!
//! In: the Bundle's bytes, by whomever. Out: places a person can choose, and how many entries were left out and why.
//! Never: an endpoint of a sign-in, a client id or a logo; and no entry that hides the rest.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, value::RawValue};

use crate::{
    fhir::{FhirBase, base::Policy},
    scan::{read_base_alone, read_name},
};

/// The list of a whole country takes some megabytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_ENTRIES: usize = 50_000;
const MAX_ENTRY: usize = 256 * 1024;
/// A place of a clinic of a network of a group.
const MAX_PARENTS: usize = 4;
/// No organization has more servers than this for one person to choose between.
const MAX_ENDPOINTS: usize = 20;

/// One place of such a list: who it is, and where its records are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brand {
    pub name: String,
    /// `Springfield, IL`, so that two of the same name are told apart.
    pub town: Option<String>,
    pub fhir_base: FhirBase,
}

/// What a list holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brands {
    /// In the list's own order, each name and base once.
    pub rows: Vec<Brand>,
    /// Entries that could not be offered.
    pub left_out: u64,
}

/// Why bytes are no such list at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrandsError {
    /// Larger than any list. Nothing was read.
    #[error("the list is too large")]
    TooLarge,
    /// No FHIR Bundle.
    #[error("not a list of organizations")]
    NotABundle,
}

#[derive(Deserialize)]
struct Bundle<'a> {
    #[serde(rename = "resourceType")]
    resource_type: String,
    #[serde(borrow, default)]
    entry: Vec<&'a RawValue>,
}

#[derive(Default)]
struct Organization {
    name: Option<String>,
    town: Option<String>,
    endpoints: Vec<String>,
    part_of: Option<String>,
}

/// Reads a list.
///
/// # Errors
/// It is none. An entry that is odd is counted instead.
pub fn read_brands(bytes: &[u8], policy: Policy) -> Result<Brands, BrandsError> {
    if bytes.len() > MAX_BYTES {
        return Err(BrandsError::TooLarge);
    }
    let bundle: Bundle<'_> = serde_json::from_slice(bytes).map_err(|_| BrandsError::NotABundle)?;
    if bundle.resource_type != "Bundle" {
        return Err(BrandsError::NotABundle);
    }
    if bundle.entry.len() > MAX_ENTRIES {
        return Err(BrandsError::TooLarge);
    }
    let mut list = List::default();
    for entry in bundle.entry {
        list.take_entry(entry, policy);
    }
    Ok(list.into_brands())
}

#[derive(Default)]
struct List {
    /// In order, with the name under which others refer to each.
    organizations: Vec<(String, Organization)>,
    index: BTreeMap<String, usize>,
    endpoints: BTreeMap<String, FhirBase>,
    left_out: u64,
}

impl List {
    fn take_entry(&mut self, raw: &RawValue, policy: Policy) {
        let small = Some(raw.get()).filter(|text| text.len() <= MAX_ENTRY);
        let entry: Value =
            small.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let resource = &entry["resource"];
        let Some(key) = key_of(&entry) else {
            self.left_out += 1;
            return;
        };
        match resource["resourceType"].as_str() {
            Some("Organization") if resource["active"] != false => {
                self.index.entry(key.clone()).or_insert(self.organizations.len());
                self.organizations.push((key, read_organization(resource)));
            }
            Some("Endpoint") => match read_endpoint(resource, policy) {
                // The first of two under one name stands: a later one must not take its place.
                Some(base) => drop(self.endpoints.entry(key).or_insert(base)),
                None => self.left_out += 1,
            },
            _ => self.left_out += 1,
        }
    }

    fn into_brands(self) -> Brands {
        let mut brands = Brands { rows: Vec::new(), left_out: self.left_out };
        let mut seen = std::collections::BTreeSet::new();
        for (key, organization) in &self.organizations {
            let bases = self.bases_of(key, organization);
            let Some(name) = organization.name.as_ref().filter(|_| !bases.is_empty()) else {
                brands.left_out += 1;
                continue;
            };
            for base in bases {
                let town = organization.town.clone();
                if seen.insert((name.clone(), town.clone(), base.as_str().to_owned())) {
                    brands.rows.push(Brand { name: name.clone(), town, fhir_base: base.clone() });
                }
            }
        }
        brands
    }

    /// Its own servers, else those of the organization that it is a part of.
    fn bases_of(&self, key: &str, organization: &Organization) -> Vec<&FhirBase> {
        let (mut key, mut organization) = (key, organization);
        for _ in 0..MAX_PARENTS {
            let found = organization.endpoints.iter();
            let found: Vec<_> = found
                .filter_map(|name| find(&self.endpoints, key, name))
                .take(MAX_ENDPOINTS)
                .collect();
            let parent = organization.part_of.as_ref();
            let parent = parent.and_then(|name| find(&self.index, key, name));
            match parent.and_then(|&at| self.organizations.get(at)) {
                Some((above, next)) if found.is_empty() => (key, organization) = (above, next),
                _ => return found,
            }
        }
        Vec::new()
    }
}

/// What a reference names: a full URL, or a type and id under the base of the entry that refers (FHIR R4 section
/// 2.36.4.1), or, in a list that has no full URLs, the type and id alone.
fn find<'a, T>(map: &'a BTreeMap<String, T>, from: &str, reference: &str) -> Option<&'a T> {
    let beside = || {
        let base = from.rsplitn(3, '/').nth(2)?;
        map.get(&format!("{base}/{reference}"))
    };
    map.get(reference).or_else(beside)
}

fn key_of(entry: &Value) -> Option<String> {
    let full = entry["fullUrl"].as_str().filter(|url| !url.is_empty());
    let resource = &entry["resource"];
    full.map(str::to_owned).or_else(|| {
        Some(format!("{}/{}", resource["resourceType"].as_str()?, resource["id"].as_str()?))
    })
}

fn read_organization(resource: &Value) -> Organization {
    let texts = |list: &Value| -> Vec<String> {
        let list = list.as_array().map(Vec::as_slice).unwrap_or_default();
        let names = list.iter().filter_map(|one| one["reference"].as_str().map(str::to_owned));
        names.take(MAX_ENDPOINTS).collect()
    };
    let address = &resource["address"][0];
    let town: Vec<&str> =
        ["city", "state"].iter().filter_map(|part| address[*part].as_str()).collect();
    Organization {
        name: resource["name"].as_str().and_then(read_name),
        town: read_name(&town.join(", ")),
        endpoints: texts(&resource["endpoint"]),
        part_of: resource["partOf"]["reference"].as_str().map(str::to_owned),
    }
}

/// A FHIR R4 server that is in use, at an address that a code could name as well.
fn read_endpoint(resource: &Value, policy: Policy) -> Option<FhirBase> {
    let fhir = resource["connectionType"]["code"] == "hl7-fhir-rest";
    let versions: Vec<&str> = resource["extension"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|one| one["url"] == "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version")
        .filter_map(|one| one["valueCode"].as_str())
        .collect();
    let r4 = versions.is_empty() || versions.iter().any(|version| version.starts_with("4.0"));
    if !(fhir && r4 && resource["status"] == "active") {
        return None;
    }
    read_base_alone(resource["address"].as_str()?, policy).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn endpoint(id: &str, address: &str) -> Value {
        json!({ "fullUrl": format!("https://list.example.org/Endpoint/{id}"), "resource": {
            "resourceType": "Endpoint", "id": id, "status": "active",
            "connectionType": { "code": "hl7-fhir-rest" }, "address": address,
        }})
    }

    fn organization(id: &str, name: &str, endpoints: &[&str]) -> Value {
        let references: Vec<_> =
            endpoints.iter().map(|id| json!({ "reference": format!("Endpoint/{id}") })).collect();
        json!({ "fullUrl": format!("https://list.example.org/Organization/{id}"), "resource": {
            "resourceType": "Organization", "id": id, "name": name, "endpoint": references,
            "address": [{ "city": "Springfield", "state": "IL", "line": ["1 Elm Street"] }],
            "extension": [{ "url": "logo", "valueUrl": "https://evil.example.net/logo.svg" }],
        }})
    }

    fn read(entries: &[Value]) -> Brands {
        let bundle = json!({ "resourceType": "Bundle", "type": "collection", "entry": entries });
        read_brands(bundle.to_string().as_bytes(), Policy::RELEASE).unwrap()
    }

    fn bases(brands: &Brands) -> Vec<(&str, &str)> {
        brands.rows.iter().map(|row| (row.name.as_str(), row.fhir_base.as_str())).collect()
    }

    #[test]
    fn an_organization_stands_with_its_town_and_its_server() {
        let brands = read(&[
            organization("a", "Elm Street Clinic", &["e"]),
            endpoint("e", "https://fhir.elm.org/r4/"),
        ]);

        let row = Brand {
            name: "Elm Street Clinic".into(),
            town: Some("Springfield, IL".into()),
            fhir_base: FhirBase::try_from("https://fhir.elm.org/r4".to_owned()).unwrap(),
        };
        assert_eq!(brands, Brands { rows: vec![row], left_out: 0 });
    }

    #[test]
    fn a_facility_without_a_server_has_that_of_the_organization_it_is_part_of() {
        let mut part = organization("b", "Elm Street Dental", &[]);
        part["resource"]["partOf"] = json!({ "reference": "Organization/a" });
        let brands = read(&[
            part,
            organization("a", "Elm Street", &["e"]),
            endpoint("e", "https://fhir.elm.org"),
        ]);

        assert_eq!(
            bases(&brands),
            [("Elm Street Dental", "https://fhir.elm.org"), ("Elm Street", "https://fhir.elm.org")]
        );
    }

    #[test]
    fn organizations_that_are_part_of_each_other_come_to_an_end() {
        let part = |id: &str, of: &str| {
            let mut part = organization(id, "Round", &[]);
            part["resource"]["partOf"] = json!({ "reference": format!("Organization/{of}") });
            part
        };

        assert_eq!(read(&[part("a", "b"), part("b", "a")]), Brands { rows: vec![], left_out: 2 });
    }

    #[test]
    fn a_hostile_or_odd_entry_is_counted_and_hides_none_of_the_rest() {
        let good = [organization("a", "Elm Street", &["e"]), endpoint("e", "https://fhir.elm.org")];
        for address in [
            "http://fhir.elm.org",
            "https://10.0.0.1/fhir",
            "https://localhost/fhir",
            "https://fhir.elm.org@evil.example.net",
            "https://xn--80ak6aa92e.com/fhir",
            "https://elm.example.org/?fhirUri=https://fhir.elm.org",
            "https://elm.example.org/#iss=https://fhir.elm.org",
            "careapp://x?iss=https://fhir.elm.org",
            "javascript:alert(1)",
            "",
        ] {
            let bad = [organization("x", "Bad", &["bad"]), endpoint("bad", address)];
            let brands = read(&[bad.as_slice(), &good].concat());

            assert_eq!(bases(&brands), [("Elm Street", "https://fhir.elm.org")], "{address}");
            assert_eq!(brands.left_out, 2, "{address}");
        }
        for odd in [json!(null), json!(7), json!([]), json!({}), json!({ "resource": [] })] {
            assert_eq!(bases(&read(&[&[odd], good.as_slice()].concat())).len(), 1);
        }
        let change = |name: &str, value: Value| {
            let mut other = good.clone();
            other[1]["resource"][name] = value;
            read(&other).rows.len()
        };
        assert_eq!(change("status", json!("off")), 0);
        assert_eq!(change("connectionType", json!({ "code": "dicom-wado-rs" })), 0);
        let version = |code: &str| json!([{ "url": "http://hl7.org/fhir/StructureDefinition/endpoint-fhir-version", "valueCode": code }]);
        assert_eq!(change("extension", version("1.0.2")), 0);
        assert_eq!(change("extension", version("4.0.1")), 1);
    }

    #[test]
    fn a_second_endpoint_under_the_same_name_takes_no_place_of_the_first() {
        let brands = read(&[
            organization("a", "Elm Street", &["e"]),
            endpoint("e", "https://fhir.elm.org"),
            endpoint("e", "https://fhir.evil.org"),
        ]);

        assert_eq!(bases(&brands), [("Elm Street", "https://fhir.elm.org")]);
    }

    #[test]
    fn a_name_is_plain_text_and_no_address() {
        let named = |name: &str| {
            let brands =
                read(&[organization("a", name, &["e"]), endpoint("e", "https://fhir.elm.org")]);
            brands.rows.first().map(|row| row.name.clone())
        };

        assert_eq!(named(" Elm\u{202e}\n Street "), Some("Elm Street".into()));
        assert_eq!(named("Log in at https://evil.example.net"), None);
        assert_eq!(named(""), None);
    }

    #[test]
    fn what_is_no_bundle_or_too_large_is_no_list() {
        let read = |bytes: &[u8]| read_brands(bytes, Policy::RELEASE);

        for bytes in [b"".as_slice(), b"[]", b"{}", b"<html>", br#"{"resourceType":"Patient"}"#] {
            assert_eq!(read(bytes), Err(BrandsError::NotABundle));
        }
        assert_eq!(read(&vec![b' '; MAX_BYTES + 1]), Err(BrandsError::TooLarge));
        let many =
            format!(r#"{{"resourceType":"Bundle","entry":[{}0]}}"#, "0,".repeat(MAX_ENTRIES));
        assert_eq!(read(many.as_bytes()), Err(BrandsError::TooLarge));
    }

    proptest! {
        #[test]
        fn no_list_makes_it_panic_and_every_row_is_one_that_a_code_could_name(
            pieces in prop::collection::vec((0..4_u8, "[ab]", "[ab]", ".{0,12}"), 0..12),
            address in prop_oneof!["https://[a-z.0-9:@/]{0,20}", ".{0,30}"],
        ) {
            let entries: Vec<Value> = pieces
                .iter()
                .map(|(kind, id, other, text)| match kind {
                    0 => organization(id, text, &[other]),
                    1 => endpoint(id, &address),
                    2 => {
                        let mut part = organization(id, text, &[]);
                        part["resource"]["partOf"] = json!({ "reference": format!("Organization/{other}") });
                        part
                    }
                    _ => json!({ "fullUrl": text, "resource": { "resourceType": "Endpoint" } }),
                })
                .collect();
            for row in read(&entries).rows {
                let again = read_base_alone(row.fhir_base.as_str(), Policy::RELEASE);
                prop_assert_eq!(again, Ok(row.fhir_base));
                prop_assert!(!row.name.is_empty());
            }
        }
    }
}
