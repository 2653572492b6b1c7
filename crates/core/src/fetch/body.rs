//! The body of an answer, read apart from the fetch: whoever carries can read several side by side.
//!
//! In: bytes. Out: a Bundle with each of its resources as it will be kept, or one resource. Never: a tree of a whole
//! page, and never more memory than a phone should give.

use handrail_contract::place::Role;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value, value::RawValue};

use super::{Arrived, page::MOST_ENTRIES};
use crate::{
    fhir::{
        element::text,
        reference::{is_id, is_kind},
    },
    written::{Reading, Written, nothing_in_scalars},
};

/// Bytes of memory for one body, once it is read.
const MOST_MEMORY: usize = 64 * 1024 * 1024;

/// What a body holds, as far as a fetch asks.
#[derive(Clone)]
pub struct Body {
    /// How long it was, in bytes.
    pub(super) length: u64,
    /// It would take more memory than a phone should give, so it was not read.
    pub(super) is_crowded: bool,
    /// `None`: it is no JSON, or nobody asks what is in it.
    pub(super) came: Option<Came>,
}

/// What came: all of a body, or an entry of a Bundle.
#[derive(Clone)]
pub enum Came {
    Bundle(Bundle),
    /// A resource that could be kept, and of it what tells whose it is and what it refers to.
    Resource(Box<Arrived>, Value),
    /// A notice of the server, a resource without type or id, or something else altogether.
    Other(Value),
}

/// A Bundle, its entries apart.
#[derive(Clone, Default)]
pub struct Bundle {
    /// Its other members.
    pub frame: Value,
    /// Not more than are taken of one page.
    pub entries: Vec<Entry>,
    /// How many entries there were; `None`: it has no list of them.
    pub count: Option<usize>,
}

/// An entry of a Bundle.
#[derive(Clone, Default)]
pub struct Entry {
    /// `search`, as in a searchset.
    pub search: Value,
    /// `response`, as in a batch-response.
    pub response: Value,
    /// `None`: it has no resource.
    pub resource: Option<Came>,
}

impl Body {
    /// Reads it for a place that is connected in this role. Of an answer that is no success, only the length counts.
    pub fn read(role: Role, status: u16, bytes: &[u8]) -> Self {
        let is_crowded = is_crowded(bytes);
        let came = if is_crowded || status != 200 { None } else { Came::read(role, bytes) };
        Self { length: bytes.len() as u64, is_crowded, came }
    }
}

/// Whether a body of an allowed size would take too much memory.
///
/// An object takes about 700 bytes however little it holds, and any other value up to 64.
fn is_crowded(body: &[u8]) -> bool {
    let cost = |byte: &u8| match byte {
        b'{' => 700,
        b',' | b'[' => 64,
        _ => 0,
    };
    body.iter().map(cost).sum::<usize>() > MOST_MEMORY
}

impl Came {
    fn read(role: Role, body: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)).ok()?;
        Self::read_bundle(role, text).or_else(|| Self::read_resource(role, text))
    }

    fn read_bundle(role: Role, text: &str) -> Option<Self> {
        let mut from = serde_json::Deserializer::from_str(text);
        let bundle = ReadBundle(role).deserialize(&mut from).ok()?;
        from.end().ok()?;
        bundle.is_one().then_some(Self::Bundle(bundle))
    }

    fn read_resource(role: Role, text: &str) -> Option<Self> {
        let whole = || serde_json::from_str(text).ok().map(Self::Other);
        let Some(reading) = Reading::of(text) else { return whole() };
        let short = &reading.short;
        match self::text(short, "resourceType") {
            Some("Bundle") => Self::read_bundle(role, text),
            // What is noticed is read, never kept.
            Some(kind) if kind != "OperationOutcome" && is_kind(kind) => {
                let Some(id) = self::text(short, "id").filter(|id| is_id(id)) else {
                    return whole();
                };
                let arrived = Arrived::of(kind, id, short, reading.write(role, kind));
                Some(Self::Resource(Box::new(arrived), reading.short))
            }
            _ => whole(),
        }
    }

    /// What is in a tree that was altered on the way.
    pub fn of(role: Role, value: Value) -> Self {
        let named =
            text(&value, "resourceType").filter(|kind| is_kind(kind)).zip(text(&value, "id"));
        match named {
            Some((kind, id)) if is_id(id) => {
                let arrived = Arrived::of(kind, id, &value, Written::of(role, kind, &value));
                Self::Resource(Box::new(arrived), value)
            }
            _ => Self::Other(value),
        }
    }

    /// The whole of it. A Bundle's entries are left out.
    pub fn into_value(self) -> Value {
        match self {
            Self::Bundle(bundle) => bundle.frame,
            Self::Resource(arrived, _) => arrived.body.read(),
            Self::Other(value) => value,
        }
    }
}

impl Bundle {
    fn is_one(&self) -> bool {
        text(&self.frame, "resourceType") == Some("Bundle")
    }
}

/// Reads a Bundle.
struct ReadBundle(Role);

impl<'de> DeserializeSeed<'de> for ReadBundle {
    type Value = Bundle;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Bundle, D::Error> {
        from.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for ReadBundle {
    type Value = Bundle;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a Bundle")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Bundle, A::Error> {
        let (mut frame, mut entries) = (Map::new(), Entries::default());
        while let Some(name) = map.next_key::<String>()? {
            if name == "entry" {
                entries = map.next_value_seed(ReadEntries(self.0))?;
            } else {
                frame.insert(name, map.next_value()?);
            }
        }
        let Entries { entries, count } = entries;
        Ok(Bundle { frame: Value::Object(frame), entries, count })
    }
}

#[derive(Default)]
struct Entries {
    entries: Vec<Entry>,
    count: Option<usize>,
}

struct ReadEntries(Role);

impl<'de> DeserializeSeed<'de> for ReadEntries {
    type Value = Entries;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Entries, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReadEntries {
    type Value = Entries;

    nothing_in_scalars!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Entries, A::Error> {
        let (mut entries, mut count) = (Vec::new(), 0);
        while entries.len() < MOST_ENTRIES
            && let Some(entry) = items.next_element_seed(ReadEntry(self.0))?
        {
            entries.push(entry);
            count += 1;
        }
        while items.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Entries { entries, count: Some(count) })
    }

    // Some servers write a list of one as the one.
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Entries, A::Error> {
        Ok(Entries { entries: vec![ReadEntry(self.0).visit_map(map)?], count: None })
    }
}

struct ReadEntry(Role);

impl<'de> DeserializeSeed<'de> for ReadEntry {
    type Value = Entry;

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<Entry, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ReadEntry {
    type Value = Entry;

    nothing_in_scalars!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Entry, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Entry::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entry, A::Error> {
        let mut entry = Entry::default();
        while let Some(name) = map.next_key::<String>()? {
            match &*name {
                "search" => entry.search = map.next_value()?,
                "response" => entry.response = map.next_value()?,
                "resource" => {
                    let raw: &RawValue = map.next_value()?;
                    entry.resource = Came::read_resource(self.0, raw.get());
                }
                _ => {
                    let IgnoredAny = map.next_value()?;
                }
            }
        }
        Ok(entry)
    }
}
