//! A code system as a request sees it: where its codes come from, with the supplements that the request names.

use std::borrow::Cow;

use serde_json::Value;

use super::CodeSystem;
use super::code_system::{Concept, Content, Designation, Property};
use super::json::Element;
use super::publication::{Publication, STANDARDS_STATUS, canonical, split_canonical};
use super::source::{Place, Source, standards_status};
use super::terms::{Term, Terms};

#[derive(Clone)]
pub(super) struct System<'c> {
    pub(super) source: &'c dyn Source,
    pub(super) supplements: Vec<&'c CodeSystem>,
}

impl<'c> System<'c> {
    pub(super) fn publication(&self) -> &'c Publication {
        self.source.publication()
    }

    pub(super) fn url(&self) -> &'c str {
        &self.publication().url
    }

    pub(super) fn version(&self) -> Option<&'c str> {
        self.publication().version.as_deref()
    }

    pub(super) fn canonical(&self) -> String {
        canonical(self.url(), self.version())
    }

    pub(super) fn language(&self) -> Option<&'c str> {
        self.publication().language.as_deref()
    }

    pub(super) fn is_complete(&self) -> bool {
        self.source.content() == Content::Complete
    }

    pub(super) fn has_supplement(&self, asked: &str) -> bool {
        let (url, version) = split_canonical(asked);
        let is_it = |supplement: &&CodeSystem| {
            supplement.url() == url && version.is_none_or(|version| supplement.version() == Some(version))
        };
        self.supplements.iter().any(is_it)
    }

    pub(super) fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>> {
        self.source.locate(code)
    }

    /// The code as the system writes it.
    pub(super) fn code<'p>(&self, at: Place<'p>) -> Cow<'p, str>
    where
        'c: 'p,
    {
        self.source.code(at)
    }

    /// Whether the concept is there to group others, and not to be recorded itself.
    pub(super) fn is_abstract(&self, at: Place<'_>) -> bool {
        self.source.is_abstract(at)
    }

    pub(super) fn is_inactive(&self, at: Place<'_>) -> bool {
        self.source.is_inactive(at)
    }

    /// The status that the system or a supplement gives the concept, if one does.
    pub(super) fn status(&self, at: Place<'_>) -> Option<String> {
        let supplemented = || standards_status(self.supplementing(at).flat_map(|(_, concept)| &concept.extensions));
        self.source.status(at).or_else(supplemented)
    }

    /// The texts of a concept: its display first, then its designations, then those of the supplements.
    pub(super) fn terms(&self, at: Place<'_>) -> Terms<'c> {
        let mut terms = Terms::default();
        terms.extend(self.source.terms(at));
        for (supplement, concept) in self.supplementing(at) {
            terms.extend(supplement.terms_of(concept));
        }
        terms
    }

    /// What the concept means.
    pub(super) fn definition(&self, at: Place<'_>) -> Option<&'c str> {
        self.source.definition(at)
    }

    /// The extensions of a concept, those of the supplements after its own.
    pub(super) fn extensions(&self, at: Place<'_>) -> Vec<&'c Value> {
        let added = self.supplementing(at).flat_map(|(_, concept)| &concept.extensions);
        self.source.extensions(at).iter().chain(added).collect()
    }

    /// The properties of a concept with their URIs, those of the supplements after its own.
    pub(super) fn properties(&self, at: Place<'_>) -> Vec<(Cow<'c, Property>, Option<&'c str>)> {
        let own = self.source.properties(at).into_iter().map(|property| {
            let uri = self.source.uri_of(&property.code);
            (property, uri)
        });
        let added = self.supplementing(at).flat_map(|(supplement, concept)| {
            concept.properties.iter().map(|property| (Cow::Borrowed(property), supplement.uri_of(&property.code)))
        });
        own.chain(added).collect()
    }

    /// Whether the system or a supplement has a property.
    pub(super) fn knows_property(&self, property: &str) -> bool {
        let declares = |supplement: &&CodeSystem| supplement.properties.iter().any(|known| known.code == property);
        self.source.knows_property(property) || self.supplements.iter().any(declares)
    }

    /// Whether a concept stands under another, or is it.
    pub(super) fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool {
        self.source.is_a(at, ancestor)
    }

    pub(super) fn children(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.source.children(at)
    }

    pub(super) fn parents(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.source.parents(at)
    }

    /// Every listed concept, in the order of the system.
    pub(super) fn all(&self) -> impl Iterator<Item = Place<'static>> + 'c {
        self.source.all()
    }

    /// The listed concepts that have none above, in the order of the system.
    pub(super) fn roots(&self) -> impl Iterator<Item = Place<'static>> + 'c {
        let source = self.source;
        source.all().filter(move |at| source.parents(*at).is_empty())
    }

    fn supplementing(&self, at: Place<'_>) -> impl Iterator<Item = (&'c CodeSystem, &'c Concept)> {
        let code = if self.supplements.is_empty() { String::new() } else { self.source.code(at).into_owned() };
        self.supplements
            .iter()
            .filter_map(move |supplement| Some((*supplement, supplement.concept(supplement.index_of(&code)?)?)))
    }
}

impl CodeSystem {
    pub(super) fn is_for(&self, other: &Publication) -> bool {
        let Some(supplemented) = &self.supplements else { return false };
        let (url, version) = split_canonical(supplemented);
        url == other.url && version.is_none_or(|version| other.version.as_deref() == Some(version))
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
            ..Self::new(designation.value.as_str())
        }
    }
}
