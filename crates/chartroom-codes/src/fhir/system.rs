//! A code system as a request sees it: the resource, with the supplements that the request names.

use serde_json::Value;

use super::CodeSystem;
use super::code_system::{Concept, Content, Designation, Property};
use super::json::Element;
use super::publication::{canonical, split_canonical};
use super::terms::{Term, Terms};

#[derive(Clone, Debug)]
pub(super) struct System<'c> {
    pub(super) definition: &'c CodeSystem,
    pub(super) supplements: Vec<&'c CodeSystem>,
}

const STANDARDS_STATUS: &str = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status";

impl<'c> System<'c> {
    pub(super) fn url(&self) -> &'c str {
        self.definition.url()
    }

    pub(super) fn version(&self) -> Option<&'c str> {
        self.definition.version()
    }

    pub(super) fn canonical(&self) -> String {
        canonical(self.url(), self.version())
    }

    pub(super) fn language(&self) -> Option<&'c str> {
        self.definition.publication.language.as_deref()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.definition.content == Content::Complete
    }

    pub(super) fn has_supplement(&self, asked: &str) -> bool {
        let (url, version) = split_canonical(asked);
        let is_it = |supplement: &&CodeSystem| {
            supplement.url() == url && version.is_none_or(|version| supplement.version() == Some(version))
        };
        self.supplements.iter().any(is_it)
    }

    pub(super) fn locate(&self, code: &str) -> Option<u32> {
        self.definition.locate(code)
    }

    pub(super) fn concept(&self, at: u32) -> Option<&'c Concept> {
        self.definition.concept(at)
    }

    /// The code as the system writes it.
    pub(super) fn code(&self, at: u32) -> &'c str {
        self.concept(at).map_or("", |concept| &concept.code)
    }

    /// Whether the concept is there to group others, and not to be recorded itself.
    pub(super) fn is_abstract(&self, at: u32) -> bool {
        self.standard_value(at, "notSelectable").as_deref() == Some("true")
    }

    pub(super) fn is_inactive(&self, at: u32) -> bool {
        match self.standard_value(at, "inactive") {
            Some(flag) => flag == "true",
            None => matches!(self.status(at).as_deref(), Some("retired" | "inactive")),
        }
    }

    /// The status that the system gives the concept, if it gives one.
    pub(super) fn status(&self, at: u32) -> Option<String> {
        let by_extension = || {
            let mut extensions = self.extensions(at).into_iter();
            let status = extensions.find(|extension| extension.text("url") == Some(STANDARDS_STATUS))?;
            status.choice()?.1.as_str().map(str::to_owned)
        };
        let by_flag = || (self.standard_value(at, "inactive")? == "true").then(|| "inactive".to_owned());
        self.standard_value(at, "status").or_else(by_extension).or_else(by_flag)
    }

    /// The texts of a concept: its display first, then its designations, then those of the supplements.
    pub(super) fn terms(&self, at: u32) -> Terms<'c> {
        let mut terms = Terms::default();
        let Some(concept) = self.concept(at) else { return terms };
        terms.extend(Self::terms_of(self.definition, concept));
        for (supplement, concept) in self.supplementing(at) {
            terms.extend(Self::terms_of(supplement, concept));
        }
        terms
    }

    /// The extensions of a concept, those of the supplements after its own.
    pub(super) fn extensions(&self, at: u32) -> Vec<&'c Value> {
        let own = self.concept(at).map_or(&[][..], |concept| &concept.extensions);
        let added = self.supplementing(at).flat_map(|(_, concept)| &concept.extensions);
        own.iter().chain(added).collect()
    }

    /// The properties of a concept with their URIs, those of the supplements after its own.
    pub(super) fn properties(&self, at: u32) -> Vec<(&'c Property, Option<&'c str>)> {
        let own = self.concept(at).map(|concept| (self.definition, concept));
        let all = own.into_iter().chain(self.supplementing(at));
        all.flat_map(|(system, concept)| {
            concept.properties.iter().map(|property| (property, system.uri_of(&property.code)))
        })
        .collect()
    }

    /// Whether a concept stands under another, or is it.
    pub(super) fn is_a(&self, at: u32, ancestor: u32) -> bool {
        let mut seen = Vec::new();
        let mut waiting = vec![at];
        while let Some(next) = waiting.pop() {
            if next == ancestor {
                return true;
            }
            if !seen.contains(&next) {
                seen.push(next);
                waiting.extend(self.parents(next));
            }
        }
        false
    }

    pub(super) fn children(&self, at: u32) -> impl DoubleEndedIterator<Item = u32> + 'c {
        self.concept(at).map_or(&[][..], |concept| &concept.children).iter().copied()
    }

    pub(super) fn parents(&self, at: u32) -> impl Iterator<Item = u32> + 'c {
        self.concept(at).map_or(&[][..], |concept| &concept.parents).iter().copied()
    }

    /// Every concept, in the order of the resource.
    pub(super) fn all(&self) -> impl Iterator<Item = u32> + 'c {
        (0u32..).zip(&self.definition.concepts).map(|(at, _)| at)
    }

    fn standard_value(&self, at: u32, standard: &str) -> Option<String> {
        let code = self.definition.property_named(standard)?;
        self.concept(at)?.values(code).next()
    }

    fn supplementing(&self, at: u32) -> impl Iterator<Item = (&'c CodeSystem, &'c Concept)> {
        let code = self.code(at);
        self.supplements
            .iter()
            .filter_map(move |supplement| Some((*supplement, supplement.concept(supplement.locate(code)?)?)))
    }

    fn terms_of(system: &'c CodeSystem, concept: &'c Concept) -> impl Iterator<Item = Term<'c>> {
        let display = concept.display.as_deref().map(|value| Term {
            language: system.publication.language.as_deref(),
            is_display: true,
            ..Term::new(value)
        });
        display.into_iter().chain(concept.designations.iter().map(Term::from))
    }
}

impl CodeSystem {
    pub(super) fn is_for(&self, other: &Self) -> bool {
        let Some(supplemented) = &self.supplements else { return false };
        let (url, version) = split_canonical(supplemented);
        url == other.url() && version.is_none_or(|version| other.version() == Some(version))
    }

    pub(super) fn uri_of(&self, property: &str) -> Option<&str> {
        self.properties.iter().find(|definition| definition.code == property)?.uri.as_deref()
    }
}

impl Content {
    pub(super) fn has_codes(self) -> bool {
        matches!(self, Self::Complete | Self::Fragment | Self::Example)
    }
}

impl<'c> From<&'c Designation> for Term<'c> {
    fn from(designation: &'c Designation) -> Self {
        let status = designation.extensions.iter().find(|extension| extension.text("url") == Some(STANDARDS_STATUS));
        Self {
            language: designation.language.as_deref(),
            usage: designation.usage.as_ref(),
            status: status.and_then(|status| status.choice()?.1.as_str()),
            extensions: &designation.extensions,
            ..Self::new(&designation.value)
        }
    }
}
