//! Elements of a resource: texts, lists, codes, names and ways to reach somebody (FHIR R4 section 2.24).

use serde_json::Value;

use super::text::is_blank;

/// A text member, if it is there and says something.
pub fn text<'a>(value: &'a Value, member: &str) -> Option<&'a str> {
    value.get(member)?.as_str().filter(|text| !is_blank(text))
}

/// A text further down, such as `statusReason.text`.
pub fn text_at<'a>(value: &'a Value, path: &[&str]) -> Option<&'a str> {
    path.iter()
        .try_fold(value, |at, member| at.get(member))?
        .as_str()
        .filter(|text| !is_blank(text))
}

/// The members of a list. A lone object stands for a list of one; some servers write it so.
pub fn list<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    let items = match value.get(member) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    items.iter()
}

/// The codes of a CodeableConcept or of a lone Coding, whatever their system.
pub fn codes(concept: &Value) -> impl Iterator<Item = &str> {
    list(concept, "coding").filter_map(|coding| text(coding, "code")).chain(text(concept, "code"))
}

/// Whether a CodeableConcept has the code in any system. Systems changed their names over the guide's versions.
pub fn has_code(concept: Option<&Value>, code: &str) -> bool {
    concept.is_some_and(|concept| codes(concept).any(|it| it == code))
}

/// What a CodeableConcept is called: its own text, else the first display.
pub fn concept_name(concept: &Value) -> Option<&str> {
    text(concept, "text").or_else(|| first_display(concept))
}

/// The first display among a concept's codings, or that of a lone Coding.
pub fn first_display(concept: &Value) -> Option<&str> {
    list(concept, "coding")
        .find_map(|coding| text(coding, "display"))
        .or_else(|| text(concept, "display"))
}

/// The inputs or outputs of a Task whose type has one of these codes. Some servers write the type as text only.
pub fn parameters<'a>(
    task: &'a Value,
    member: &str,
    wanted: &[&str],
) -> impl Iterator<Item = &'a Value> {
    list(task, member).filter(move |parameter| {
        parameter.get("type").is_some_and(|kind| {
            codes(kind).chain(text(kind, "text")).any(|code| wanted.contains(&code))
        })
    })
}

/// An extension's object, by the end of its address.
pub fn extensions<'a>(value: &'a Value, name: &'a str) -> impl Iterator<Item = &'a Value> {
    list(value, "extension").filter(move |extension| {
        text(extension, "url").is_some_and(|url| url.rsplit('/').next() == Some(name))
    })
}

/// The given name of a person, as they would be greeted: the usual or official one first.
pub fn given_name(person: &Value) -> Option<&str> {
    best_name(person)
        .and_then(|name| list_of_texts(name, "given").next().or_else(|| text(name, "text")))
}

/// A person's whole name.
pub fn full_name(person: &Value) -> Option<String> {
    let name = best_name(person)?;
    if let Some(whole) = text(name, "text") {
        return Some(whole.to_owned());
    }
    let parts: Vec<&str> = list_of_texts(name, "prefix")
        .chain(list_of_texts(name, "given"))
        .chain(text(name, "family"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn best_name(person: &Value) -> Option<&Value> {
    let rank = |name: &&Value| match text(name, "use") {
        Some("usual") => 0,
        Some("official") => 1,
        None => 2,
        Some("old" | "maiden") => 4,
        Some(_) => 3,
    };
    list(person, "name").min_by_key(rank)
}

fn list_of_texts<'a>(value: &'a Value, member: &str) -> impl Iterator<Item = &'a str> {
    let items = match value.get(member) {
        Some(Value::Array(items)) => items.as_slice(),
        Some(one @ Value::String(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    items.iter().filter_map(Value::as_str).filter(|text| !is_blank(text))
}

/// An address on one line.
pub fn address_line(address: &Value) -> Option<String> {
    if let Some(whole) = text(address, "text") {
        return Some(whole.to_owned());
    }
    let parts: Vec<&str> = list_of_texts(address, "line")
        .chain(text(address, "city"))
        .chain(text(address, "state"))
        .chain(text(address, "postalCode"))
        .map(|part| part.trim().trim_end_matches(','))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// One way to reach somebody (ContactPoint).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Telecom<'a> {
    pub system: TelecomSystem,
    pub value: &'a str,
    /// The guide's mark for "call here to make an appointment".
    pub for_appointments: bool,
}

/// The systems that can be pressed, and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TelecomSystem {
    Phone,
    Email,
    Sms,
    Other,
}

/// How to reach somebody, those marked for appointments first; old ones are left out.
pub fn telecoms(resource: &Value) -> Vec<Telecom<'_>> {
    let mut found: Vec<Telecom<'_>> = list(resource, "telecom")
        .filter(|point| text(point, "use") != Some("old"))
        .filter_map(|point| {
            let system = match text(point, "system") {
                Some("phone") => TelecomSystem::Phone,
                Some("email") => TelecomSystem::Email,
                Some("sms") => TelecomSystem::Sms,
                _ => TelecomSystem::Other,
            };
            let for_appointments =
                extensions(point, "SDOHCC-ExtensionHealthcareServiceTelecomAppointment")
                    .any(|mark| mark.get("valueBoolean").and_then(Value::as_bool) == Some(true));
            Some(Telecom { system, value: text(point, "value")?.trim(), for_appointments })
        })
        .collect();
    found.sort_by_key(|point| !point.for_appointments);
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_wrong_type_is_read_as_absent() {
        let odd = json!({ "status": 3, "code": "text", "name": "Rosa", "telecom": { "value": 7 } });

        assert_eq!(text(&odd, "status"), None);
        assert_eq!(given_name(&odd), None);
        assert!(telecoms(&odd).is_empty());
        assert_eq!(list(&odd, "code").count(), 0);
    }

    #[test]
    fn a_lone_object_is_read_as_a_list_of_one() {
        let lone = json!({ "category": { "coding": { "code": "stress" } } });

        let found: Vec<&str> = list(&lone, "category").flat_map(codes).collect();

        assert_eq!(found, ["stress"]);
    }

    #[test]
    fn the_number_for_appointments_comes_first() {
        let url = "http://hl7.org/fhir/us/sdoh-clinicalcare/StructureDefinition/SDOHCC-ExtensionHealthcareServiceTelecomAppointment";
        let service = json!({ "telecom": [
            { "system": "phone", "value": "555-0100" },
            { "system": "phone", "value": "555-0200", "use": "old" },
            { "system": "phone", "value": "555-0118", "extension": [{ "url": url, "valueBoolean": true }] },
        ] });

        let values: Vec<&str> = telecoms(&service).iter().map(|point| point.value).collect();

        assert_eq!(values, ["555-0118", "555-0100"]);
    }

    #[test]
    fn a_person_is_greeted_by_the_usual_name() {
        let person = json!({ "name": [
            { "use": "maiden", "given": ["Rose"], "family": "Diaz" },
            { "use": "usual", "given": ["Rosa", "Maria"], "family": "Delgado" },
        ] });

        assert_eq!(given_name(&person), Some("Rosa"));
        assert_eq!(full_name(&person).as_deref(), Some("Rosa Maria Delgado"));
    }
}
