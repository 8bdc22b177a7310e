//! A FHIR `ConceptMap`, read once. R4 writes `equivalence` where R5 writes `relationship`.

use std::collections::HashSet;

use serde_json::Value;

use super::json::{Element, owned};
use super::{InvalidResource, Publication};

/// A concept map: codes of some systems, as codes of others.
#[derive(Clone, Debug)]
pub struct ConceptMap {
    pub(super) publication: Publication,
    pub(super) groups: Vec<Group>,
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) source: Option<String>,
    pub(super) target: Option<String>,
    pub(super) pairs: Vec<Pair>,
    /// The codes that are said to have no counterpart.
    pub(super) without_map: HashSet<String>,
    pub(super) unmapped: Option<Unmapped>,
}

/// One code as another.
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub(super) source: String,
    pub(super) target: Option<String>,
    pub(super) display: Option<String>,
    pub(super) relationship: Relationship,
    /// `dependsOn` and `product`, as they stand in the map.
    pub(super) conditions: Vec<Value>,
    pub(super) products: Vec<Value>,
}

/// What becomes of a code that is not listed.
#[derive(Clone, Debug)]
pub(super) enum Unmapped {
    /// The same code.
    Same,
    /// This one.
    Fixed { code: String, display: Option<String>, relationship: Relationship },
    /// What another map says.
    Other(String),
}

/// How a code relates to the one that it is mapped to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relationship {
    /// They mean the same.
    Equivalent,
    /// The source means less than the target.
    Narrower,
    /// The source means more than the target.
    Broader,
    /// They are related.
    Related,
    /// They are not related.
    NotRelated,
}

impl ConceptMap {
    pub(super) fn read(resource: &Value) -> Result<Self, InvalidResource> {
        Ok(Self {
            publication: Publication::read(resource)?,
            groups: resource.items("group").iter().map(Group::read).collect::<Result<_, _>>()?,
        })
    }

    /// The canonical URL.
    pub fn url(&self) -> &str {
        &self.publication.url
    }

    /// The systems that it maps from and to.
    pub(super) fn systems(&self) -> impl Iterator<Item = (Option<&str>, Option<&str>)> {
        self.groups.iter().map(|group| (group.source.as_deref(), group.target.as_deref()))
    }
}

impl Group {
    fn read(json: &Value) -> Result<Self, InvalidResource> {
        let (mut pairs, mut without_map) = (Vec::new(), HashSet::new());
        for element in json.items("element") {
            let source = owned(element, "code").ok_or(InvalidResource::Missing("group.element.code"))?;
            if element.flag("noMap") == Some(true) {
                without_map.insert(source.clone());
            }
            pairs.extend(element.items("target").iter().map(|target| Pair {
                source: source.clone(),
                target: owned(target, "code"),
                display: owned(target, "display"),
                relationship: Relationship::read(target),
                conditions: target.items("dependsOn").to_vec(),
                products: target.items("product").to_vec(),
            }));
        }
        Ok(Self {
            source: owned(json, "source"),
            target: owned(json, "target"),
            pairs,
            without_map,
            unmapped: json.get("unmapped").and_then(Unmapped::read),
        })
    }
}

impl Unmapped {
    fn read(json: &Value) -> Option<Self> {
        match json.text("mode")? {
            "fixed" => Some(Self::Fixed {
                code: owned(json, "code")?,
                display: owned(json, "display"),
                relationship: Relationship::read(json),
            }),
            "provided" | "use-source-code" => Some(Self::Same),
            "other-map" => owned(json, "otherMap").or_else(|| owned(json, "url")).map(Self::Other),
            _ => None,
        }
    }
}

impl Relationship {
    fn read(target: &Value) -> Self {
        match target.text("relationship").or_else(|| target.text("equivalence")) {
            Some("equivalent" | "equal") => Self::Equivalent,
            Some("source-is-narrower-than-target" | "wider" | "subsumes") => Self::Narrower,
            Some("source-is-broader-than-target" | "narrower" | "specializes") => Self::Broader,
            Some("not-related-to" | "unmatched" | "disjoint") => Self::NotRelated,
            _ => Self::Related,
        }
    }

    /// The code of R5's `concept-map-relationship`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Narrower => "source-is-narrower-than-target",
            Self::Broader => "source-is-broader-than-target",
            Self::Related => "related-to",
            Self::NotRelated => "not-related-to",
        }
    }

    /// The code of R4's `concept-map-equivalence`.
    pub fn equivalence(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Narrower => "wider",
            Self::Broader => "narrower",
            Self::Related => "relatedto",
            Self::NotRelated => "disjoint",
        }
    }
}
