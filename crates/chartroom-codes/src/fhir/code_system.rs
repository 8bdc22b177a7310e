//! A FHIR `CodeSystem`, read once and indexed.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::json::{Element, owned, primitive};
use super::{InvalidResource, Publication};

/// A code system, or a supplement to one.
#[derive(Clone, Debug)]
pub struct CodeSystem {
    /// What identifies and describes the resource.
    pub(super) publication: Publication,
    pub(super) content: Content,
    pub(super) case_sensitive: bool,
    /// The canonical of the system that this one supplements.
    pub(super) supplements: Option<String>,
    pub(super) properties: Vec<PropertyDefinition>,
    pub(super) concepts: Vec<Concept>,
    index: HashMap<String, u32>,
}

/// How much of a system a resource holds. FHIR calls it `content`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    Complete,
    Fragment,
    Example,
    NotPresent,
    Supplement,
}

#[derive(Clone, Debug)]
pub(super) struct PropertyDefinition {
    pub(super) code: String,
    pub(super) uri: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Concept {
    pub(super) code: String,
    pub(super) display: Option<String>,
    pub(super) definition: Option<String>,
    pub(super) designations: Vec<Designation>,
    pub(super) properties: Vec<Property>,
    pub(super) extensions: Vec<Value>,
    pub(super) parents: Vec<u32>,
    pub(super) children: Vec<u32>,
}

/// Another text for a concept.
#[derive(Clone, Debug)]
pub(super) struct Designation {
    pub(super) language: Option<String>,
    pub(super) usage: Option<Value>,
    pub(super) value: String,
    pub(super) extensions: Vec<Value>,
}

/// A property of a concept: `name` is the JSON member, such as `valueCode`.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) value: Value,
}

impl CodeSystem {
    pub(super) fn read(resource: &Value) -> Result<Self, InvalidResource> {
        let mut system = Self {
            publication: Publication::read(resource)?,
            content: Content::read(resource)?,
            case_sensitive: resource.flag("caseSensitive").unwrap_or(true),
            supplements: owned(resource, "supplements"),
            properties: resource.items("property").iter().filter_map(PropertyDefinition::read).collect(),
            concepts: Vec::new(),
            index: HashMap::new(),
        };
        system.add_concepts(resource.items("concept"))?;
        system.link_by_properties();
        Ok(system)
    }

    /// The canonical URL.
    pub fn url(&self) -> &str {
        &self.publication.url
    }

    /// The version, if the resource states one.
    pub fn version(&self) -> Option<&str> {
        self.publication.version.as_deref()
    }

    /// The index of a code among the concepts.
    pub(super) fn index_of(&self, code: &str) -> Option<u32> {
        if self.case_sensitive { self.index.get(code) } else { self.index.get(&code.to_lowercase()) }.copied()
    }

    pub(super) fn concept(&self, at: u32) -> Option<&Concept> {
        self.concepts.get(at as usize)
    }

    /// The code by which this system calls a standard property, given the end of its URI.
    pub(super) fn property_named(&self, standard: &str) -> Option<&str> {
        let uri = format!("{CONCEPT_PROPERTIES}{standard}");
        let by_uri = self.properties.iter().find(|property| property.uri.as_deref() == Some(&uri));
        by_uri.map(|property| property.code.as_str()).or_else(|| standard_code(standard))
    }

    /// Adds concepts in the order of the resource, parents before children. A stack, because nesting has no bound.
    fn add_concepts(&mut self, concepts: &[Value]) -> Result<(), InvalidResource> {
        let mut waiting: Vec<(Option<u32>, &Value)> = concepts.iter().rev().map(|concept| (None, concept)).collect();
        while let Some((parent, json)) = waiting.pop() {
            let mut concept = Concept::read(json)?;
            concept.parents.extend(parent);
            let at = u32::try_from(self.concepts.len()).map_err(|_| InvalidResource::TooLarge)?;
            let key = if self.case_sensitive { concept.code.clone() } else { concept.code.to_lowercase() };
            self.index.entry(key).or_insert(at);
            self.concepts.push(concept);
            if let Some(parent) = parent.and_then(|parent| self.concepts.get_mut(parent as usize)) {
                parent.children.push(at);
            }
            waiting.extend(json.items("concept").iter().rev().map(|child| (Some(at), child)));
        }
        Ok(())
    }

    /// A hierarchy may also be told by properties `parent` and `child`.
    fn link_by_properties(&mut self) {
        let (up, down) = (self.property_named("parent"), self.property_named("child"));
        let mut links = Vec::new();
        for (at, concept) in (0u32..).zip(&self.concepts) {
            for property in &concept.properties {
                let Some(other) = property.value.as_str().and_then(|code| self.index_of(code)) else { continue };
                if Some(property.code.as_str()) == up {
                    links.push((other, at));
                } else if Some(property.code.as_str()) == down {
                    links.push((at, other));
                }
            }
        }
        let nested = (0u32..).zip(&self.concepts);
        let nested = nested.flat_map(|(at, concept)| concept.children.iter().map(move |child| (at, *child)));
        let mut known: HashSet<(u32, u32)> = nested.collect();
        for (parent, child) in links.into_iter().filter(|link| known.insert(*link)) {
            if let Some(concept) = self.concepts.get_mut(child as usize) {
                concept.parents.push(parent);
            }
            if let Some(concept) = self.concepts.get_mut(parent as usize) {
                concept.children.push(child);
            }
        }
    }
}

/// The URI of the standard concept properties, up to the name.
pub(super) const CONCEPT_PROPERTIES: &str = "http://hl7.org/fhir/concept-properties#";

/// The code of a standard property where the system does not rename it.
fn standard_code(standard: &str) -> Option<&'static str> {
    ["inactive", "status", "notSelectable", "deprecationDate", "parent", "child"]
        .into_iter()
        .find(|code| *code == standard)
}

impl Content {
    /// What is not said to be complete is not taken for it: its other codes would be none.
    fn read(resource: &Value) -> Result<Self, InvalidResource> {
        match resource.text("content").ok_or(InvalidResource::Missing("content"))? {
            "complete" => Ok(Self::Complete),
            "fragment" => Ok(Self::Fragment),
            "example" => Ok(Self::Example),
            "not-present" => Ok(Self::NotPresent),
            "supplement" => Ok(Self::Supplement),
            _ => Err(InvalidResource::NotUnderstood("content")),
        }
    }
}

impl PropertyDefinition {
    fn read(json: &Value) -> Option<Self> {
        Some(Self { code: owned(json, "code")?, uri: owned(json, "uri") })
    }
}

impl Concept {
    fn read(json: &Value) -> Result<Self, InvalidResource> {
        Ok(Self {
            code: owned(json, "code").ok_or(InvalidResource::Missing("concept.code"))?,
            display: owned(json, "display"),
            definition: owned(json, "definition"),
            designations: Designation::read_all(json),
            properties: json.items("property").iter().filter_map(Property::read).collect(),
            extensions: json.items("extension").to_vec(),
            ..Self::default()
        })
    }

    /// The values of a property, as texts.
    pub(super) fn values<'c>(&'c self, code: &'c str) -> impl Iterator<Item = String> + 'c {
        self.properties.iter().filter(move |property| property.code == code).map(|property| primitive(&property.value))
    }
}

impl Designation {
    pub(super) fn read_all(concept: &Value) -> Vec<Self> {
        concept.items("designation").iter().filter_map(Self::read).collect()
    }

    fn read(json: &Value) -> Option<Self> {
        Some(Self {
            language: owned(json, "language"),
            usage: json.get("use").cloned(),
            value: json.text("value")?.trim().to_owned(),
            extensions: json.items("extension").to_vec(),
        })
    }
}

impl Property {
    fn read(json: &Value) -> Option<Self> {
        let (name, value) = json.choice()?;
        Some(Self { code: owned(json, "code")?, name: name.to_owned(), value: value.clone() })
    }
}
