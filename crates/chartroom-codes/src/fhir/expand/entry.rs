//! One code of an expansion.

use serde_json::{Map, Value, json};

use super::super::terms::{PREFERRED, Term};

/// One code of an expansion. Shape: FHIR `ValueSet.expansion.contains`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contains {
    /// The URL of the code system.
    pub system: String,
    /// The version of the code system, where the expansion has codes of several.
    pub version: Option<String>,
    /// The code.
    pub code: String,
    /// The text to show.
    pub display: Option<String>,
    /// Whether it is there to group others.
    pub is_abstract: bool,
    /// Whether it is inactive in its system.
    pub is_inactive: bool,
    /// Its other texts, if they were asked for.
    pub designations: Vec<Text>,
    /// Its properties: code, JSON member (such as `valueCode`) and value.
    pub properties: Vec<(String, String, Value)>,
    /// Extensions that its system or the value set puts on it.
    pub extensions: Vec<Value>,
    /// The codes under it.
    pub contains: Vec<Contains>,
}

/// Another text of a code. Shape: FHIR `designation`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    /// Its language.
    pub language: Option<String>,
    /// What it is for, a FHIR `Coding`.
    pub usage: Option<Value>,
    /// The text.
    pub value: String,
    /// The extensions on it.
    pub extensions: Vec<Value>,
}

const KEPT_ON_DESIGNATIONS: [&str; 5] = [
    "http://hl7.org/fhir/StructureDefinition/coding-sctdescid",
    "http://hl7.org/fhir/StructureDefinition/rendering-style",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    "http://hl7.org/fhir/StructureDefinition/codesystem-alternate",
];

impl Contains {
    pub(super) fn to_json(&self) -> Value {
        let mut json = Map::new();
        let mut put = |name: &str, value: Value| drop(json.insert(name.to_owned(), value));
        if !self.extensions.is_empty() {
            put("extension", json!(self.extensions));
        }
        put("system", json!(self.system));
        put("code", json!(self.code));
        for (name, value) in [("version", &self.version), ("display", &self.display)] {
            if let Some(value) = value {
                put(name, json!(value));
            }
        }
        for (name, value) in [("abstract", self.is_abstract), ("inactive", self.is_inactive)] {
            if value {
                put(name, json!(true));
            }
        }
        if !self.designations.is_empty() {
            put("designation", self.designations.iter().map(Text::to_json).collect());
        }
        if !self.properties.is_empty() {
            let property =
                |(code, name, value): &(String, String, Value)| json!({ "code": code, name.as_str(): value });
            put("property", self.properties.iter().map(property).collect());
        }
        if !self.contains.is_empty() {
            put("contains", self.contains.iter().map(Self::to_json).collect());
        }
        Value::Object(json)
    }
}

impl Text {
    pub(in super::super) fn to_json(&self) -> Value {
        let mut json = Map::new();
        if let Some(language) = &self.language {
            json.insert("language".into(), json!(language));
        }
        if let Some(usage) = &self.usage {
            json.insert("use".into(), usage.clone());
        }
        json.insert("value".into(), json!(self.value));
        if !self.extensions.is_empty() {
            json.insert("extension".into(), json!(self.extensions));
        }
        Value::Object(json)
    }
}

impl From<&Term<'_>> for Text {
    fn from(term: &Term<'_>) -> Self {
        let (system, code, display) = PREFERRED;
        let preferred = || json!({ "system": system, "code": code, "display": display });
        let is_kept = |extension: &&Value| {
            extension.get("url").and_then(Value::as_str).is_some_and(|url| KEPT_ON_DESIGNATIONS.contains(&url))
        };
        Self {
            language: term.language.map(str::to_owned),
            usage: term.usage.cloned().or_else(|| term.is_display.then(preferred)),
            value: term.value.to_string(),
            extensions: term.extensions.iter().filter(is_kept).cloned().collect(),
        }
    }
}
