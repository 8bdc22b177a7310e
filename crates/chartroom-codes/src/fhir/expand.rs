//! `$expand`: which codes are in the value set.

mod collect;
mod describe;
mod echo;
mod entry;
mod words;

use std::fmt;

use serde_json::{Map, Value, json};

use super::issue::Refusal;
use super::pathway::Pathway;
use super::{Catalog, Options, ValueSet};
use collect::Collector;
pub use entry::{Contains, Text};

/// The codes of a value set, under the conditions of a request.
#[derive(Clone, Default)]
pub struct Expansion {
    /// How many codes there are, all pages together.
    pub total: Option<usize>,
    /// How many codes were skipped.
    pub offset: Option<usize>,
    /// What was asked for, and what was used: each is a FHIR `ValueSet.expansion.parameter`.
    pub parameters: Vec<Value>,
    /// The properties that the codes have here: code and URI.
    pub properties: Vec<(String, Option<String>)>,
    /// The codes. Those that stand under another are nested in it, unless a flat list was asked for.
    pub contains: Vec<Contains>,
    /// That more codes belong to the value set than can be listed, and why, if there is something to say of it.
    pub is_unclosed: Option<String>,
}

impl fmt::Debug for Expansion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it. The parameters tell what was typed.
        let Self { total, offset, parameters: _, properties: _, contains, is_unclosed } = self;
        let mut shown = f.debug_struct("Expansion");
        shown.field("total", total).field("offset", offset).field("contains", &contains.len());
        shown.field("is_unclosed", is_unclosed).finish_non_exhaustive()
    }
}

/// How many codes an expansion may have if the request does not say.
pub(super) const DEFAULT_LIMIT: usize = 10_000;

impl Catalog {
    /// The codes of a value set, given by its URL or `url|version`.
    ///
    /// # Errors
    ///
    /// If the value set, or a value set, code system or supplement that it needs, is not known; if it cannot be worked with;
    /// or if it has more codes than the limit and no page of so many or fewer was asked for.
    pub fn expand(&self, value_set: &str, options: &Options) -> Result<Expansion, Refusal> {
        self.expand_set(&*self.named_value_set(value_set, None, options)?, options)
    }

    /// The codes of a value set that need not be in the catalog.
    pub(super) fn expand_set(&self, set: &ValueSet, options: &Options) -> Result<Expansion, Refusal> {
        Ok(Collector::new(self, set, options).collect(&mut Pathway::default())?.into_expansion()?)
    }
}

impl Expansion {
    /// The value set with this expansion, as a FHIR resource.
    ///
    /// An expansion is identified and dated; both come from outside.
    pub(super) fn to_resource(
        &self,
        set: &ValueSet,
        with_definition: bool,
        identifier: &str,
        timestamp: &str,
    ) -> Value {
        let defining =
            ["id", "compose", "purpose", "description", "contact", "copyright", "extension", "text", "contained"];
        let is_kept = |name: &str| name != "text" && name != "id" && (with_definition || !defining.contains(&name));
        let kept = set.json.iter().filter(|(name, _)| is_kept(name));
        let mut resource: Map<String, Value> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
        resource.insert("expansion".into(), self.to_json(identifier, timestamp));
        Value::Object(resource)
    }

    fn to_json(&self, identifier: &str, timestamp: &str) -> Value {
        let mut expansion = Map::new();
        let mut put = |name: &str, value: Value| drop(expansion.insert(name.to_owned(), value));
        put("identifier", json!(identifier));
        put("timestamp", json!(timestamp));
        if let Some(reason) = &self.is_unclosed {
            put("extension", unclosed(reason));
        }
        if let Some(total) = self.total {
            put("total", json!(total));
        }
        if let Some(offset) = self.offset {
            put("offset", json!(offset));
        }
        if !self.parameters.is_empty() {
            put("parameter", json!(self.parameters));
        }
        if !self.properties.is_empty() {
            put("property", self.properties.iter().map(property).collect());
        }
        if !self.contains.is_empty() {
            put("contains", self.contains.iter().map(Contains::to_json).collect());
        }
        Value::Object(expansion)
    }
}

fn property((code, uri): &(String, Option<String>)) -> Value {
    match uri {
        Some(uri) => json!({ "code": code, "uri": uri }),
        None => json!({ "code": code }),
    }
}

fn unclosed(reason: &str) -> Value {
    let unclosed = json!({ "url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed", "valueBoolean": true });
    let reason = (!reason.is_empty()).then(
        || json!({ "url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed-reason", "valueString": reason }),
    );
    [Some(unclosed), reason].into_iter().flatten().collect()
}
