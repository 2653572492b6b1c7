//! JSON as the FHIRPath evaluator walks it: members by name, `value[x]` as `value`, primitives with their FHIR type.

use std::any::Any;

use haste_fhir_model::r4::{
    datetime::{parse_date, parse_datetime, parse_time},
    generated::types::{
        FHIRBoolean, FHIRCode, FHIRDate, FHIRDateTime, FHIRDecimal, FHIRInteger, FHIRString,
        FHIRTime, FHIRUri, Quantity,
    },
};
use haste_reflect::MetaValue;
use serde_json::{Map, Value, json};

use super::answer::write_number;

/// The members that a walk over all children sees. The evaluator wants their names for good.
const CHILDREN: &[&str] = &[
    "item",
    "answer",
    "answerOption",
    "linkId",
    "text",
    "value",
    "code",
    "coding",
    "system",
    "display",
    "extension",
    "url",
    "initial",
    "enableWhen",
    "type",
];

/// One element, or a list of them.
#[derive(Clone, Debug)]
pub enum Node {
    List(Vec<Node>),
    Object { kind: &'static str, members: Vec<(String, Node)> },
    Leaf(Leaf),
}

/// A primitive in the evaluator's own types.
#[derive(Clone, Debug)]
pub enum Leaf {
    Text(FHIRString),
    Flag(FHIRBoolean),
    Integer(FHIRInteger),
    Decimal(FHIRDecimal),
    Date(FHIRDate),
    DateTime(FHIRDateTime),
    Time(FHIRTime),
    Quantity(Box<Quantity>),
}

impl Node {
    /// An object made of named parts, for variables.
    pub fn object(members: Vec<(String, Self)>) -> Self {
        Self::Object { kind: "BackboneElement", members }
    }

    /// The member of exactly this name, be it empty.
    pub fn member(&self, name: &str) -> Option<&Self> {
        let Self::Object { members, .. } = self else { return None };
        members.iter().find(|(it, _)| it == name).map(|(_, value)| value)
    }

    /// Takes over a resource or an element.
    pub fn read(value: &Value) -> Self {
        Self::read_as("", value)
    }

    /// `kind`: the type that the member's name tells, such as `Date` of `valueDate`.
    fn read_as(kind: &str, value: &Value) -> Self {
        match value {
            Value::Null => Self::List(Vec::new()),
            Value::Array(items) => {
                Self::List(items.iter().map(|item| Self::read_as(kind, item)).collect())
            }
            Value::Object(members) if kind == "Quantity" => read_quantity(members),
            Value::Object(members) => Self::Object {
                kind: match kind {
                    "Coding" => "Coding",
                    "Reference" => "Reference",
                    "Attachment" => "Attachment",
                    _ => match members.get("resourceType").and_then(Value::as_str) {
                        Some("QuestionnaireResponse") => "QuestionnaireResponse",
                        Some("Questionnaire") => "Questionnaire",
                        _ => "BackboneElement",
                    },
                },
                members: members
                    .iter()
                    .filter(|(name, _)| !name.starts_with('_'))
                    .map(|(name, value)| (name.clone(), Self::read_as(type_in_name(name), value)))
                    .collect(),
            },
            Value::Bool(flag) => {
                leaf(Leaf::Flag(FHIRBoolean { value: Some(*flag), ..FHIRBoolean::default() }))
            }
            Value::Number(number) => match number.as_i64().filter(|_| kind != "Decimal") {
                Some(whole) => leaf(Leaf::Integer(FHIRInteger {
                    value: Some(whole),
                    ..FHIRInteger::default()
                })),
                None => decimal(number.as_f64().unwrap_or_default()),
            },
            Value::String(text) => read_text(kind, text),
        }
    }

    /// What the evaluator found, as our own.
    pub fn take(found: &dyn MetaValue) -> Option<Self> {
        let any = found.as_any();
        if let Some(node) = any.downcast_ref::<Self>() {
            return Some(node.clone());
        }
        macro_rules! leaves {
            ($($name:ident $type:ty,)*) => {
                $(if let Some(it) = any.downcast_ref::<$type>() {
                    return Some(leaf(Leaf::$name(it.clone())));
                })*
            };
        }
        leaves! {
            Text FHIRString, Flag FHIRBoolean, Integer FHIRInteger, Decimal FHIRDecimal,
            Date FHIRDate, DateTime FHIRDateTime, Time FHIRTime,
        }
        if let Some(quantity) = any.downcast_ref::<Quantity>() {
            return Some(leaf(Leaf::Quantity(Box::new(quantity.clone()))));
        }
        let words = any
            .downcast_ref::<FHIRCode>()
            .and_then(|it| it.value.clone())
            .or_else(|| any.downcast_ref::<FHIRUri>().and_then(|it| it.value.clone()))
            .or_else(|| any.downcast_ref::<String>().cloned())?;
        Some(read_text("", &words))
    }

    /// The same as JSON.
    pub fn write(&self) -> Value {
        match self {
            Self::List(items) => Value::Array(items.iter().map(Self::write).collect()),
            Self::Object { members, .. } => Value::Object(
                members.iter().map(|(name, value)| (name.clone(), value.write())).collect(),
            ),
            Self::Leaf(leaf) => leaf.write(),
        }
    }

    /// How much there is of it, for limits.
    pub fn weight(&self) -> usize {
        match self {
            Self::List(items) => items.iter().map(Self::weight).sum::<usize>() + 1,
            Self::Object { members, .. } => {
                members.iter().map(|(_, value)| value.weight()).sum::<usize>() + 1
            }
            Self::Leaf(Leaf::Text(text)) => text.value.as_ref().map_or(1, |it| 1 + it.len() / 100),
            Self::Leaf(_) => 1,
        }
    }
}

impl Leaf {
    fn inner(&self) -> &dyn MetaValue {
        match self {
            Self::Text(it) => it,
            Self::Flag(it) => it,
            Self::Integer(it) => it,
            Self::Decimal(it) => it,
            Self::Date(it) => it,
            Self::DateTime(it) => it,
            Self::Time(it) => it,
            Self::Quantity(it) => &**it,
        }
    }

    fn write(&self) -> Value {
        match self {
            Self::Text(it) => json!(it.value),
            Self::Flag(it) => json!(it.value),
            Self::Integer(it) => json!(it.value),
            Self::Decimal(it) => it.value.map_or(Value::Null, write_number),
            Self::Date(it) => json!(it.value.as_ref().map(ToString::to_string)),
            Self::DateTime(it) => json!(it.value.as_ref().map(ToString::to_string)),
            Self::Time(it) => json!(it.value.as_ref().map(ToString::to_string)),
            Self::Quantity(it) => {
                let mut quantity = Map::new();
                if let Some(value) = it.value.as_ref().and_then(|it| it.value) {
                    quantity.insert("value".to_owned(), write_number(value));
                }
                let parts = [
                    ("unit", it.unit.as_ref().and_then(|it| it.value.clone())),
                    ("system", it.system.as_ref().and_then(|it| it.value.clone())),
                    ("code", it.code.as_ref().and_then(|it| it.value.clone())),
                ];
                for (name, value) in parts {
                    if let Some(value) = value {
                        quantity.insert(name.to_owned(), json!(value));
                    }
                }
                Value::Object(quantity)
            }
        }
    }
}

fn leaf(leaf: Leaf) -> Node {
    Node::Leaf(leaf)
}

fn decimal(number: f64) -> Node {
    leaf(Leaf::Decimal(FHIRDecimal { value: Some(number), ..FHIRDecimal::default() }))
}

/// A date that is none stays a text: what was written is not lost.
fn read_text(kind: &str, text: &str) -> Node {
    let typed = match kind {
        "Date" => parse_date(text)
            .ok()
            .map(|it| Leaf::Date(FHIRDate { value: Some(it), ..FHIRDate::default() })),
        "DateTime" => parse_datetime(text)
            .ok()
            .map(|it| Leaf::DateTime(FHIRDateTime { value: Some(it), ..FHIRDateTime::default() })),
        "Time" => parse_time(text)
            .ok()
            .map(|it| Leaf::Time(FHIRTime { value: Some(it), ..FHIRTime::default() })),
        _ => None,
    };
    let plain = || Leaf::Text(FHIRString { value: Some(text.to_owned()), ..FHIRString::default() });
    leaf(typed.unwrap_or_else(plain))
}

fn read_quantity(members: &Map<String, Value>) -> Node {
    let words = |name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned);
    leaf(Leaf::Quantity(Box::new(Quantity {
        value: members
            .get("value")
            .and_then(Value::as_f64)
            .map(|value| Box::new(FHIRDecimal { value: Some(value), ..FHIRDecimal::default() })),
        unit: words("unit")
            .map(|it| Box::new(FHIRString { value: Some(it), ..FHIRString::default() })),
        system: words("system")
            .map(|it| Box::new(FHIRUri { value: Some(it), ..FHIRUri::default() })),
        code: words("code").map(|it| Box::new(FHIRCode { value: Some(it), ..FHIRCode::default() })),
        ..Quantity::default()
    })))
}

fn type_in_name(name: &str) -> &str {
    let kind = name.strip_prefix("value").unwrap_or_default();
    if kind.starts_with(|it: char| it.is_ascii_uppercase()) { kind } else { "" }
}

impl MetaValue for Node {
    fn fields(&self) -> Vec<&'static str> {
        match self {
            Self::Leaf(leaf) => leaf.inner().fields(),
            Self::List(_) => Vec::new(),
            Self::Object { .. } => {
                CHILDREN.iter().copied().filter(|name| self.get_field(name).is_some()).collect()
            }
        }
    }

    fn get_field<'a>(&'a self, field: &str) -> Option<&'a dyn MetaValue> {
        match self {
            Self::Leaf(leaf) => leaf.inner().get_field(field),
            Self::List(_) => None,
            Self::Object { members, .. } => {
                let found = members.iter().find(|(name, _)| {
                    name == field || (field == "value" && !type_in_name(name).is_empty())
                });
                found.map(|(_, value)| value as &dyn MetaValue)
            }
        }
    }

    fn get_field_mut<'a>(&'a mut self, _: &str) -> Option<&'a mut dyn MetaValue> {
        None
    }

    fn get_index(&self, index: usize) -> Option<&dyn MetaValue> {
        match self {
            Self::List(items) => items.get(index).map(|item| item as &dyn MetaValue),
            _ => None,
        }
    }

    fn get_index_mut(&mut self, _: usize) -> Option<&mut dyn MetaValue> {
        None
    }

    fn flatten(&self) -> Vec<&dyn MetaValue> {
        match self {
            Self::List(items) => items.iter().flat_map(MetaValue::flatten).collect(),
            Self::Object { .. } => vec![self],
            Self::Leaf(leaf) => vec![leaf.inner()],
        }
    }

    fn as_any(&self) -> &dyn Any {
        match self {
            Self::Leaf(leaf) => leaf.inner().as_any(),
            _ => self,
        }
    }

    fn fhir_type(&self) -> &'static str {
        match self {
            Self::Leaf(leaf) => leaf.inner().fhir_type(),
            Self::List(_) => "BackboneElement",
            Self::Object { kind, .. } => kind,
        }
    }

    fn is_many(&self) -> bool {
        matches!(self, Self::List(_))
    }
}
