//! Whether a service has room for somebody new.
//!
//! In: a HealthcareService as it stands. Out: what it says of its room, and the same resource saying something else.
//! Never: a change to anything but that one extension.
//!
//! The guide, SDOHCC HealthcareService For Referral Management: a draft of maturity 0, so it is offered only where a
//! place says that services can be changed there.

use handrail_contract::act::Capacity;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use super::{NotAResource, Unchanged, may_write, organization::GUIDE};
use crate::{
    fetch::Access,
    fhir::element::{codes, list, text},
    session::Source,
};

/// The type that it stands in.
pub const SERVICE: &str = "HealthcareService";
const EXTENSION: &str = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceCapacityStatus";

/// What is said of the room, with a few words where there are some.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub capacity: Capacity,
    pub notes: Option<String>,
}

/// The guide's code and its display.
const fn code_of(capacity: Capacity) -> (&'static str, &'static str) {
    match capacity {
        Capacity::HasRoom => ("capacity", "Has Capacity"),
        Capacity::Waitlist => ("waitlist", "No Capacity - Has Waitlist"),
        Capacity::Full => ("no-capacity", "No Capacity"),
        Capacity::AsksFirst => ("additional-assessment-required", "Additional Assessment Required"),
    }
}

/// What a service says of its room. `None`: nothing, or something that the guide has no code for.
pub fn read_room(service: &Value) -> Option<Room> {
    let said = list(service, "extension").find(|it| text(it, "url") == Some(EXTENSION))?;
    let part = |name: &str| list(said, "extension").find(|it| text(it, "url") == Some(name));
    let status = part("capacityStatus")?.get("valueCodeableConcept")?;
    let capacity = Capacity::ALL
        .into_iter()
        .chain([Capacity::AsksFirst])
        .find(|it| codes(status).any(|code| code == code_of(*it).0))?;
    let notes = part("capacityNotes").and_then(|it| text(it, "valueString"));
    Some(Room { capacity, notes: notes.map(str::to_owned) })
}

/// Whether an organization may say it of this service: it is theirs, and the place says outright that it takes it.
pub fn may_tell(service: &Value, source: &Source) -> bool {
    let provider = text(service, "id").and_then(|id| source.services.get(id));
    let is_own = provider.is_some_and(|it| source.employers().contains(&it.as_str()));
    let is_said = source.cursors.offer().is_some_and(|offer| offer.writes.is_some());
    is_own && is_said && source.left_at.is_none() && may_write(source, SERVICE, Access::Update)
}

/// Writes it into a service; what else stands among its extensions stays as it was written.
///
/// # Errors
/// The extensions cannot be read, so that none could be changed without loss.
pub fn write_room(mut service: Unchanged, room: &Room) -> Result<Unchanged, NotAResource> {
    let kept: Vec<Box<RawValue>> = match service.member("extension") {
        Some(raw) => serde_json::from_str(raw.get()).map_err(|_| NotAResource)?,
        None => Vec::new(),
    };
    let is_ours = |raw: &RawValue| {
        let extension: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        text(&extension, "url") == Some(EXTENSION)
    };
    let own = serde_json::value::to_raw_value(&to_extension(room)).map_err(|_| NotAResource)?;
    let place = kept.iter().position(|it| is_ours(it)).unwrap_or(kept.len());
    let mut all: Vec<Box<RawValue>> = kept.into_iter().filter(|it| !is_ours(it)).collect();
    all.insert(place, own);
    service.set("extension", &all, "meta");
    Ok(service)
}

fn to_extension(room: &Room) -> Value {
    let (code, display) = code_of(room.capacity);
    let coding = json!({ "system": GUIDE, "code": code, "display": display });
    let mut parts = vec![json!({
        "url": "capacityStatus", "valueCodeableConcept": { "coding": [coding] },
    })];
    if let Some(notes) = &room.notes {
        parts.push(json!({ "url": "capacityNotes", "valueString": notes }));
    }
    json!({ "url": EXTENSION, "extension": parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room(capacity: Capacity) -> Room {
        Room { capacity, notes: None }
    }

    #[test]
    fn everything_else_of_a_service_comes_back_byte_for_byte() {
        let before = format!(
            r#"{{"resourceType":"HealthcareService","x":1.50,"extension":[{{"url":"a","valueDecimal":2.0}}, {{"url":"{EXTENSION}","valueCodeableConcept":{{}}}},{{"url":"b"}}],"name":"Box\u00e9s"}}"#
        );
        let service = Unchanged::parse(before.as_bytes()).unwrap();

        let after = write_room(service, &room(Capacity::Full)).unwrap();

        let own = to_extension(&room(Capacity::Full)).to_string();
        let old = format!(r#"{{"url":"{EXTENSION}","valueCodeableConcept":{{}}}}"#);
        let expected = before.replace(&old, &own).replace("}, {", "},{");
        assert_eq!(String::from_utf8(after.to_bytes()).unwrap(), expected);
    }

    #[test]
    fn what_is_written_is_read_back_with_its_words() {
        for capacity in [Capacity::HasRoom, Capacity::Waitlist, Capacity::Full, Capacity::AsksFirst]
        {
            let room = Room { capacity, notes: Some("About 3 weeks".to_owned()) };
            let service = Unchanged::parse(br#"{"resourceType":"HealthcareService"}"#).unwrap();

            let written = write_room(service, &room).unwrap();

            assert_eq!(read_room(&written.to_value()), Some(room));
        }
    }

    #[test]
    fn what_has_no_code_of_the_guide_says_nothing() {
        let odd = json!({ "extension": [{ "url": EXTENSION, "extension": [{ "url": "capacityStatus",
            "valueCodeableConcept": { "coding": [{ "code": "at-capacity" }] } }] }] });

        assert_eq!(read_room(&odd), None);
        assert_eq!(read_room(&json!({})), None);
    }

    #[test]
    fn extensions_that_are_no_list_are_left_alone() {
        let service = Unchanged::parse(br#"{"extension":{"url":"a"}}"#).unwrap();

        assert!(write_room(service, &room(Capacity::Full)).is_err());
    }
}
