//! A resource as it came, to be written back with a few members changed and all others byte for byte.
//!
//! A parsed tree would not do: `1.50` would come back as `1.5`, which FHIR R4 section 2.24.0.1 forbids, and what was
//! written for a reader in some order would come back in another.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap as _,
};
use serde_json::{Value, value::RawValue};

/// A JSON object: its members in their order, each as it was written.
#[derive(Clone)]
pub struct Unchanged(Vec<(String, Box<RawValue>)>);

/// It is no JSON object, or has a member twice, so that nobody can say what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a resource")]
pub struct NotAResource;

impl Unchanged {
    /// Reads a resource as it came.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotAResource> {
        serde_json::from_slice(bytes).map_err(|_| NotAResource)
    }

    /// The same as a tree, for reading.
    pub fn to_value(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }

    /// The bytes to send.
    pub fn to_bytes(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("members were read as JSON or made by serde_json")
    }

    /// A member as it was written.
    pub fn member(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| &**value)
    }

    /// Writes a member in its place; a new one stands after `after`, else at the end.
    pub fn set(&mut self, name: &str, value: &impl Serialize, after: &str) {
        let value = serde_json::value::to_raw_value(value)
            .expect("what is set is made of strings, lists and values that were read");
        if let Some((_, old)) = self.0.iter_mut().find(|(member, _)| member == name) {
            *old = value;
            return;
        }
        let place = self.0.iter().position(|(member, _)| member == after);
        let place = place.map_or(self.0.len(), |at| at + 1);
        self.0.insert(place, (name.to_owned(), value));
    }

    /// Takes a member away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(member, _)| member != name);
    }
}

impl Serialize for Unchanged {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Unchanged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Unchanged;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a resource")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Unchanged, A::Error> {
                let mut members: Vec<(String, Box<RawValue>)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if members.iter().any(|(member, _)| *member == name) {
                        return Err(A::Error::custom("a member stands twice"));
                    }
                    members.push((name, value));
                }
                Ok(Unchanged(members))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ODD: &str = r#"{"status":"ready","id":"1","x":{"b":1.50,"a":[1e2, 12345678901234567890123]},"note":"\u00e4"}"#;

    #[test]
    fn what_is_not_set_comes_back_byte_for_byte_and_in_its_order() {
        let mut resource = Unchanged::parse(ODD.as_bytes()).unwrap();

        resource.set("status", &"completed", "");

        let expected = ODD.replace("ready", "completed");
        assert_eq!(String::from_utf8(resource.to_bytes()).unwrap(), expected);
    }

    #[test]
    fn a_member_that_stands_twice_makes_it_unreadable() {
        assert!(Unchanged::parse(br#"{"status":"ready","status":"completed"}"#).is_err());
        assert!(Unchanged::parse(b"[]").is_err());
        assert!(Unchanged::parse(b"").is_err());
    }

    #[test]
    fn a_new_member_stands_after_the_one_it_belongs_to() {
        let mut resource = Unchanged::parse(br#"{"status":"ready","code":{}}"#).unwrap();

        resource.set("statusReason", &"x", "status");
        resource.set("output", &"y", "input");

        let names: Vec<&str> = resource.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["status", "statusReason", "code", "output"]);
    }
}
