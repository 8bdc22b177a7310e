//! A JSON value kept whole: what the record model has no place for.

use std::fmt;

use crate::shared::Shared;

use super::{Reader, Writer};

/// A JSON value with the text of its numbers and the order of its members kept.
///
/// It holds what a typed element cannot: unknown members, values that do not fit, resource types outside the typed set.
#[derive(Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was written.
    Number(JsonText),
    /// A string.
    String(JsonText),
    /// An array.
    Array(Vec<Json>),
    /// An object: its members in their order.
    Object(Vec<(JsonText, Json)>),
}

/// Text inside a [`Json`] value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonText(pub(crate) Shared);

impl JsonText {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for JsonText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({} bytes)", self.0.len())
    }
}

impl Json {
    /// Reads one JSON text.
    ///
    /// # Errors
    /// The text is not JSON, or nested too deeply; the error names line and column.
    pub fn parse(text: &str) -> Result<Self, crate::Issue> {
        let mut reader = Reader::new(text);
        reader.json().and_then(|value| reader.end().map(|()| value)).map_err(|stop| stop.issue(text))
    }

    /// The member of an object with this name.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text.as_str()),
            _ => None,
        }
    }

    /// The items of an array; none for any other value.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            _ => &[],
        }
    }

    /// Whether it is an array or object with nothing in it.
    pub(crate) const fn is_hollow(&self) -> bool {
        match self {
            Self::Array(items) => items.is_empty(),
            Self::Object(members) => members.is_empty(),
            _ => false,
        }
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        match self {
            Self::Null => writer.raw("null"),
            Self::Bool(value) => writer.raw(if *value { "true" } else { "false" }),
            Self::Number(text) => writer.raw(text.as_str()),
            Self::String(text) => writer.string(text.as_str()),
            Self::Array(items) => {
                writer.open('[');
                for item in items {
                    writer.item();
                    item.write(writer);
                }
                writer.close(']');
            }
            Self::Object(members) => {
                writer.open('{');
                for (name, value) in members {
                    writer.unknown_member(name.as_str());
                    value.write(writer);
                }
                writer.close('}');
            }
        }
    }
}

impl fmt::Display for Json {
    /// Writes the value as minified JSON.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut writer = Writer::default();
        self.write(&mut writer);
        f.write_str(&writer.finish())
    }
}

impl fmt::Debug for Json {
    /// The shape only, never the content.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "Null",
            Self::Bool(_) => "Bool(..)",
            Self::Number(_) => "Number(..)",
            Self::String(_) => "String(..)",
            Self::Array(_) => "Array(..)",
            Self::Object(_) => "Object(..)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_order_and_numbers_are_kept() {
        let text = r#"{"b":[1.0,-0,1e2,null,true],"a":{"c":"x\n\"é"},"d":[],"e":{}}"#;
        let value = Json::parse(text).unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(value.get("a").and_then(|a| a.get("c")).and_then(Json::as_str), Some("x\n\"é"));
        assert_eq!(format!("{value:?}"), "Object(..)");
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "tru",
            "\"\u{1}\"",
            "\"\\x\"",
            "\"\\ud800\"",
            "1 2",
            "nan",
            "[1 2]",
            "{1:2}",
        ] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        assert_eq!(Json::parse(r#""\ud83d\ude00\u00e9""#).unwrap().as_str(), Some("😀é"));
        assert!(Json::parse(&"[".repeat(1_000_000)).is_err());
    }
}
