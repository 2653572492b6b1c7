//! A resource in the form that is kept: its text as it came, a mark of what it says, and what lists need of it.
//!
//! In: the text of one resource, or a tree of our own. Out: the same, read once. Never: a tree of the whole text, and
//! never a text that could not be read again.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, value::RawValue};
use sha2::{Digest as _, Sha256};

use super::{Mark, glance};

/// A resource as it will lie on the disk.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    text: Box<str>,
    mark: Mark,
    glance: Option<Box<str>>,
}

impl std::fmt::Debug for Written {
    // What a resource says stays out of logs.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Written({} bytes)", self.text.len())
    }
}

impl Written {
    /// Writes down a resource that is a tree already: one that this app made or changed.
    pub fn of(kind: &str, body: &Value) -> Self {
        let (text, mark) = write_body(body);
        Self { glance: write_glance(kind, body), text: text.into(), mark }
    }

    /// The resource as JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it says, in a few bytes.
    pub fn mark(&self) -> Mark {
        self.mark
    }

    /// What lists need of it, as JSON. `None`: no list looks at it.
    pub fn glance(&self) -> Option<&str> {
        self.glance.as_deref()
    }

    /// The same as a tree.
    pub fn read_glance(&self) -> Option<Value> {
        let text = self.glance.as_deref()?;
        Some(serde_json::from_str(text).expect("it was written by us"))
    }

    /// The whole resource.
    pub fn read(&self) -> Value {
        serde_json::from_str(&self.text).expect("it was read when it was written")
    }
}

/// A body as the text that is kept of it, and its mark.
pub fn write_body(body: &Value) -> (String, Mark) {
    let text = write_json(body, 3_072);
    let meta = text.find("\"meta\":").and_then(|_| serde_json::from_str::<Short<'_>>(&text).ok());
    let mark = mark_of(&text, meta.and_then(|short| short.meta));
    (text, mark)
}

/// `room` is as much as most take: each time a text grows, what it had is wiped, and what is too much is given back in
/// pieces that nobody else fits into.
fn write_json(value: &Value, room: usize) -> String {
    let mut text = Vec::with_capacity(room);
    serde_json::to_writer(&mut text, value).expect("a Value is JSON");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn write_glance(kind: &str, body: &Value) -> Option<Box<str>> {
    glance(kind, body).map(|short| write_json(&short, 512).into())
}

/// The members of a resource that anybody looks at before it is stored: the fetch, or lists.
const MEMBERS: [&str; 45] = [
    "achievementStatus",
    "active",
    "addresses",
    "authoredOn",
    "basedOn",
    "category",
    "code",
    "contained",
    "description",
    "executionPeriod",
    "extension",
    "focus",
    "for",
    "groupIdentifier",
    "healthcareService",
    "id",
    "identifier",
    "input",
    "issue",
    "item",
    "lastModified",
    "lifecycleStatus",
    "location",
    "meta",
    "name",
    "organization",
    "output",
    "owner",
    "partOf",
    "patient",
    "performer",
    "practitioner",
    "priority",
    "providedBy",
    "reasonReference",
    "requester",
    "requisition",
    "resourceType",
    "restriction",
    "status",
    "subject",
    "supportingInfo",
    "target",
    "url",
    "version",
];

/// The text of one resource, read as far as a fetch looks at it.
pub struct Reading<'a> {
    text: &'a str,
    meta: Option<&'a RawValue>,
    /// The resource with these members alone: what tells whose it is, what it refers to, and what lists show.
    pub short: Value,
}

impl<'a> Reading<'a> {
    /// Reads a text. `None`: it is no JSON object, or holds something that could not be read again.
    pub fn of(text: &'a str) -> Option<Self> {
        let text = text.trim_ascii();
        let Short { mut members, meta } = serde_json::from_str(text).ok()?;
        if let Some(meta) = meta {
            members.insert("meta".to_owned(), serde_json::from_str(meta.get()).ok()?);
            // Read by itself, it may go as deep as a whole resource may.
            if meta.get().bytes().filter(|byte| matches!(byte, b'{' | b'[')).count() > 100 {
                serde_json::from_str::<Checked>(text).ok()?;
            }
        }
        Some(Self { text, meta, short: Value::Object(members) })
    }

    /// The resource as it is kept.
    pub fn write(&self, kind: &str) -> Written {
        Written {
            text: self.text.into(),
            mark: mark_of(self.text, self.meta),
            glance: write_glance(kind, &self.short),
        }
    }
}

/// Sums up a resource's text but for its `meta`.
///
/// Where the text is written without blanks, each member is summed with the comma after it, the last one too: as
/// earlier builds did, who wrote each member anew in the order of their names.
fn mark_of(text: &str, meta: Option<&RawValue>) -> Mark {
    let mut sum = Sha256::new();
    let inner = text.strip_prefix('{').and_then(|it| it.strip_suffix('}'));
    match inner {
        None => sum.update(text),
        Some(inner) => {
            let (before, after) = match meta {
                Some(meta) => split_around(inner, meta.get()),
                None => (inner, ""),
            };
            sum.update(before);
            sum.update(after);
            if !before.is_empty() && !before.ends_with(',') || !after.is_empty() {
                sum.update(",");
            }
        }
    }
    let mut mark = Mark([0; 16]);
    mark.0.copy_from_slice(&sum.finalize()[..16]);
    mark
}

/// What stands before and after the member of this value, which is a part of `inner`.
fn split_around<'a>(inner: &'a str, meta: &str) -> (&'a str, &'a str) {
    let begin = meta.as_ptr().addr() - inner.as_ptr().addr();
    let (before, after) = (&inner[..begin], &inner[begin + meta.len()..]);
    match before.strip_suffix("\"meta\":") {
        Some(before) => (before, after.strip_prefix(',').unwrap_or(after)),
        // Written with blanks: its name stays, and stands for itself.
        None => (before, after),
    }
}

/// The members that are looked at, and where `meta` stands. Everything else is read as well, and forgotten.
struct Short<'a> {
    members: Map<String, Value>,
    meta: Option<&'a RawValue>,
}

impl<'de> Deserialize<'de> for Short<'de> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Short<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a resource")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut short = Short { members: Map::new(), meta: None };
                while let Some(Name(name)) = map.next_key()? {
                    match name {
                        Some("meta") => short.meta = Some(map.next_value()?),
                        Some(name) => {
                            drop(short.members.insert(name.to_owned(), map.next_value()?))
                        }
                        None => {
                            let Checked = map.next_value()?;
                        }
                    }
                }
                Ok(short)
            }
        }
        from.deserialize_map(Members)
    }
}

/// One of [`MEMBERS`], if it is one.
struct Name(Option<&'static str>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Find;
        impl Visitor<'_> for Find {
            type Value = Name;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E>(self, name: &str) -> Result<Name, E> {
                Ok(Name(MEMBERS.into_iter().find(|known| *known == name)))
            }
        }
        from.deserialize_str(Find)
    }
}

/// Anything that can be read as a [`Value`], without making one: numbers, escapes and depth are judged alike.
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Self)
    }
}

impl<'de> DeserializeSeed<'de> for Checked {
    type Value = Self;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Self, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Checked {
    type Value = Self;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry_seed(Self, Self)?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use handrail_contract::place::Role;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{
        fetch::{check_whose, find_wanted},
        fhir::FhirBase,
        store::is_same,
    };

    fn base() -> FhirBase {
        FhirBase::try_from("https://elm.example/fhir".to_owned()).unwrap()
    }

    /// Elements of the types that a fetch brings (FHIR R4), looked at or not.
    const ELEMENTS: [&str; 66] = [
        "achievementStatus",
        "active",
        "address",
        "addresses",
        "alias",
        "authoredOn",
        "availableTime",
        "basedOn",
        "birthDate",
        "businessStatus",
        "category",
        "code",
        "contained",
        "derivedFrom",
        "description",
        "encounter",
        "endpoint",
        "executionPeriod",
        "extension",
        "focus",
        "for",
        "gender",
        "groupIdentifier",
        "healthcareService",
        "id",
        "identifier",
        "implicitRules",
        "input",
        "intent",
        "item",
        "language",
        "lastModified",
        "lifecycleStatus",
        "location",
        "meta",
        "modifierExtension",
        "name",
        "note",
        "occurrencePeriod",
        "organization",
        "outcomeCode",
        "output",
        "owner",
        "partOf",
        "patient",
        "performer",
        "performerType",
        "practitioner",
        "priority",
        "providedBy",
        "reasonCode",
        "reasonReference",
        "requester",
        "requisition",
        "resourceType",
        "restriction",
        "startDate",
        "status",
        "statusReason",
        "subject",
        "supportingInfo",
        "target",
        "telecom",
        "text",
        "url",
        "version",
    ];

    /// Values as servers write them, and names that mean something to somebody.
    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i16>().prop_map(|it| Value::from(f64::from(it) / 4.0)),
            "[a-zé\"\\\\/\n]{0,8}".prop_map(Value::from),
            prop::sample::select(vec!["Patient/rosa", "Patient/bo", "Organization/1", "Goal/1"])
                .prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                any_members(inner).prop_map(Value::Object),
            ]
        })
    }

    fn any_members(
        value: impl Strategy<Value = Value>,
    ) -> impl Strategy<Value = Map<String, Value>> {
        let name = prop_oneof![
            prop::sample::select(ELEMENTS.to_vec()).prop_map(str::to_owned),
            prop::sample::select(vec!["coding", "reference", "display", "m\"eta"])
                .prop_map(str::to_owned),
        ];
        prop::collection::btree_map(name, value, 0..8).prop_map(|all| all.into_iter().collect())
    }

    fn any_kind() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec![
            "Task",
            "ServiceRequest",
            "Goal",
            "Questionnaire",
            "Organization",
        ])
    }

    proptest! {
        #[test]
        fn a_text_is_kept_as_the_tree_of_it_was(kind in any_kind(), members in any_members(any_value())) {
            let whole = Value::Object(members);
            let text = whole.to_string();

            let reading = Reading::of(&text).expect("an object");
            let written = reading.write(kind);

            prop_assert_eq!(written.read(), whole.clone());
            prop_assert_eq!(&written, &Written::of(kind, &whole));
            prop_assert_eq!(written.read_glance(), glance(kind, &whole));
            let wanted = |body| [Role::Patient, Role::Organization].map(|role| find_wanted(role, kind, body, &base()));
            prop_assert_eq!(wanted(&reading.short), wanted(&whole));
            let whose = |body| check_whose(kind, "1", body, "rosa", &base());
            prop_assert_eq!(whose(&reading.short), whose(&whole));
        }

        #[test]
        fn however_it_is_written_two_texts_of_one_mark_say_the_same(
            one in any_members(any_value()), other in any_members(any_value()), blanks in any::<bool>(),
        ) {
            let write = |members: &Map<String, Value>| {
                if blanks { serde_json::to_string_pretty(members) } else { serde_json::to_string(members) }.unwrap()
            };
            let touched = one.iter().filter(|(name, _)| *name != "meta").map(|(name, it)| (name.clone(), it.clone()));
            let touched: Map<String, Value> = touched.chain([("meta".to_owned(), json!({ "versionId": "9" }))]).collect();
            let mark = |members: &Map<String, Value>| Reading::of(&write(members)).unwrap().write("Task").mark();

            if mark(&one) == mark(&other) {
                prop_assert!(is_same(&Value::Object(one.clone()), &Value::Object(other)));
            }
            if !blanks || one.contains_key("meta") {
                prop_assert_eq!(mark(&one), mark(&touched));
            }
        }
    }

    #[test]
    fn whatever_a_fetch_or_a_list_looks_at_is_in_the_short_reading() {
        let said = json!({ "reference": "Patient/bo", "end": "2026-05-09", "period": { "end": "2026-05-09" },
            "coding": [{ "code": "x" }], "valueReference": { "reference": "Goal/1" }, "actor": { "reference": "Organization/1" },
            "url": "x/resource-pertainsToGoal", "type": { "text": "questionnaire" }, "valueCanonical": "Questionnaire/1",
            "profile": ["x"], "dueDate": "2026-05-09", "answerValueSet": "ValueSet/1", "system": "s", "value": "v" });
        let kinds = [
            "Task",
            "ServiceRequest",
            "Goal",
            "Questionnaire",
            "Procedure",
            "Organization",
            "PractitionerRole",
            "HealthcareService",
            "Consent",
            "Observation",
        ];
        for (kind, element) in
            kinds.into_iter().flat_map(|kind| ELEMENTS.map(|element| (kind, element)))
        {
            for value in [said.clone(), json!([said.clone()]), json!("said")] {
                let whole = json!({ "resourceType": kind, element: value });
                let text = whole.to_string();

                let reading = Reading::of(&text).expect("an object");

                let told = |body: &Value| {
                    let wanted = [Role::Patient, Role::Organization]
                        .map(|role| find_wanted(role, kind, body, &base()));
                    (glance(kind, body), wanted, check_whose(kind, "1", body, "rosa", &base()))
                };
                assert_eq!(told(&reading.short), told(&whole), "{kind}.{element}");
            }
        }
    }

    #[test]
    fn what_could_not_be_read_again_is_not_kept() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        for (text, is_kept) in [
            (r#"{"note":1e999}"#.to_owned(), false),
            (r#"{"note":"\ud800"}"#.to_owned(), false),
            (r#"{"not\ud800e":1}"#.to_owned(), false),
            (r#"{"note":"\ud83d\ude00"} "#.to_owned(), true),
            (format!(r#"{{"note":{}}}"#, deep(126)), true),
            (format!(r#"{{"note":{}}}"#, deep(200)), false),
            (format!(r#"{{"meta":{}}}"#, deep(126)), true),
            (format!(r#"{{"meta":{}}}"#, deep(127)), false),
            (format!(r#"{{"note":{}}}"#, deep(100_000)), false),
            (r#"{"note":01}"#.to_owned(), false),
            ("[1]".to_owned(), false),
        ] {
            let could_be_read = serde_json::from_str::<Map<String, Value>>(&text).is_ok();

            let kept = Reading::of(&text).map(|reading| reading.write("Task").read());

            assert_eq!((kept.is_some(), could_be_read), (is_kept, is_kept), "{:.40}", text);
        }
    }

    #[test]
    fn a_resource_is_not_told_by_its_debug() {
        let written = Written::of("Task", &json!({ "description": "canary-words" }));

        assert!(!format!("{written:?}").contains("canary"));
    }
}
