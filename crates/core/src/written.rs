//! A resource in the form that is kept: its text as it came, a mark of what it says, and what lists need of it.
//!
//! In: the text of one resource, or a tree of our own. Out: the same, read once. Never: a tree of the whole text, and
//! never a text that could not be read again.

use handrail_contract::place::Role;
use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, value::RawValue};
use sha2::{Digest as _, Sha256};

mod glance;

pub use glance::{GLANCE_FORM, glance};

/// What a body says, in sixteen bytes: two bodies with one mark say the same, `meta` apart. Servers touch that
/// without a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(pub [u8; 16]);

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
    pub fn of(role: Role, kind: &str, body: &Value) -> Self {
        let (text, mark) = write_body(body);
        Self { glance: write_glance(role, kind, body), text: text.into(), mark }
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

/// Whether two versions say the same, `meta` apart: servers touch it without a change.
pub(crate) fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let but_meta = |member: &&String| member.as_str() != "meta";
            one.keys().filter(but_meta).count() == other.keys().filter(but_meta).count()
                && one
                    .iter()
                    .filter(|(member, _)| but_meta(member))
                    .all(|(member, value)| other.get(member) == Some(value))
        }
        _ => one == other,
    }
}

/// `room` is as much as most take: each time a text grows, what it had is wiped, and what is too much is given back in
/// pieces that nobody else fits into.
fn write_json(value: &Value, room: usize) -> String {
    let mut text = Vec::with_capacity(room);
    serde_json::to_writer(&mut text, value).expect("a Value is JSON");
    String::from_utf8(text).expect("JSON is UTF-8")
}

fn write_glance(role: Role, kind: &str, body: &Value) -> Option<Box<str>> {
    glance(role, kind, body).map(|short| write_json(&short, 512).into())
}

/// The members of a resource that anybody looks at before it is stored: the fetch, or lists.
const MEMBERS: [&str; 51] = [
    "achievementStatus",
    "active",
    "addresses",
    "authoredOn",
    "basedOn",
    "birthDate",
    "category",
    "code",
    "communication",
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
    "occurrenceDateTime",
    "occurrencePeriod",
    "orderDetail",
    "organization",
    "output",
    "owner",
    "partOf",
    "patient",
    "performer",
    "practitioner",
    "priority",
    "providedBy",
    "reasonCode",
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

    /// The resource as it is kept of a place that is connected in this role.
    pub fn write(&self, role: Role, kind: &str) -> Written {
        Written {
            text: self.text.into(),
            mark: mark_of(self.text, self.meta),
            glance: write_glance(role, kind, &self.short),
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

/// What is read of an object or a list, where there is one; anything else holds nothing.
macro_rules! nothing_in_scalars {
    () => {
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("any value")
        }

        fn visit_unit<E>(self) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }

        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> {
            Ok(Self::Value::default())
        }
    };
}

pub(crate) use nothing_in_scalars;

/// Anything that can be read as a [`Value`], without making one: numbers, escapes and depth are judged alike.
#[derive(Default)]
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

    nothing_in_scalars!();

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
mod tests;
