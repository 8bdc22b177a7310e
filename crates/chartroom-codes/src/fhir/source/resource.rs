//! A FHIR `CodeSystem` resource as a system to ask.

use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::Value;

use super::super::code_system::{CodeSystem, Concept, Content, Property};
use super::super::json::Element;
use super::super::publication::{Publication, STANDARDS_STATUS};
use super::super::terms::Term;
use super::{Place, Source};

impl Source for CodeSystem {
    fn publication(&self) -> &Publication {
        &self.publication
    }

    fn content(&self) -> Content {
        self.content
    }

    fn locate<'p>(&self, code: &'p str) -> Option<Place<'p>> {
        self.index_of(code).map(Place::Listed)
    }

    fn can_be_written_otherwise(&self) -> bool {
        !self.case_sensitive
    }

    fn code<'p>(&'p self, at: Place<'p>) -> Cow<'p, str> {
        Cow::Borrowed(self.at(at).map_or("", |concept| &concept.code))
    }

    fn terms<'s>(&'s self, at: Place<'_>) -> Vec<Term<'s>> {
        self.at(at).into_iter().flat_map(|concept| self.terms_of(concept)).collect()
    }

    fn definition(&self, at: Place<'_>) -> Option<&str> {
        self.at(at)?.definition.as_deref()
    }

    fn extensions(&self, at: Place<'_>) -> &[Value] {
        self.at(at).map_or(&[], |concept| &concept.extensions)
    }

    fn properties(&self, at: Place<'_>) -> Vec<Cow<'_, Property>> {
        self.at(at).map_or(&[][..], |concept| &concept.properties).iter().map(Cow::Borrowed).collect()
    }

    fn uri_of(&self, property: &str) -> Option<&str> {
        self.properties.iter().find(|definition| definition.code == property)?.uri.as_deref()
    }

    /// A property that is declared, is a standard one, or that any concept has.
    fn knows_property(&self, property: &str) -> bool {
        let is_standard = matches!(property, "inactive" | "status" | "notSelectable" | "deprecationDate");
        let is_used = || self.concepts.iter().any(|concept| concept.values(property).next().is_some());
        self.properties.iter().any(|known| known.code == property) || is_standard || is_used()
    }

    fn is_abstract(&self, at: Place<'_>) -> bool {
        self.standard_value(at, "notSelectable").as_deref() == Some("true")
    }

    fn is_inactive(&self, at: Place<'_>) -> bool {
        match self.standard_value(at, "inactive") {
            Some(flag) => flag == "true",
            None => matches!(self.status(at).as_deref(), Some("retired" | "inactive")),
        }
    }

    fn status(&self, at: Place<'_>) -> Option<String> {
        let by_flag = || (self.standard_value(at, "inactive")? == "true").then(|| "inactive".to_owned());
        self.standard_value(at, "status").or_else(|| standards_status(self.extensions(at).iter())).or_else(by_flag)
    }

    fn parents(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.at(at).map_or(&[][..], |concept| &concept.parents).iter().copied().map(Place::Listed).collect()
    }

    fn children(&self, at: Place<'_>) -> Vec<Place<'static>> {
        self.at(at).map_or(&[][..], |concept| &concept.children).iter().copied().map(Place::Listed).collect()
    }

    fn is_a(&self, at: Place<'_>, ancestor: Place<'_>) -> bool {
        let (Place::Listed(at), Place::Listed(ancestor)) = (at, ancestor) else { return false };
        let mut at = at;
        // Most concepts have one parent, and nothing to remember on the way. The bound ends a circle.
        for _ in &self.concepts {
            match self.concept(at).map(|concept| concept.parents.as_slice()) {
                _ if at == ancestor => return true,
                Some([parent]) => at = *parent,
                Some([_, ..]) => return self.walk(at, |concept| &concept.parents).any(|above| above == ancestor),
                _ => return false,
            }
        }
        false
    }

    fn gather_under(&self, at: Place<'_>) -> Option<HashSet<Place<'static>>> {
        let Place::Listed(at) = at else { return None };
        Some(self.walk(at, |concept| &concept.children).map(Place::Listed).collect())
    }

    fn gather_above(&self, at: Place<'_>) -> Option<HashSet<Place<'static>>> {
        let Place::Listed(at) = at else { return None };
        Some(self.walk(at, |concept| &concept.parents).map(Place::Listed).collect())
    }

    fn all(&self) -> Box<dyn Iterator<Item = Place<'static>> + '_> {
        Box::new((0u32..).zip(&self.concepts).map(|(at, _)| Place::Listed(at)))
    }
}

impl CodeSystem {
    fn at(&self, at: Place<'_>) -> Option<&Concept> {
        match at {
            Place::Listed(at) => self.concept(at),
            Place::Written(_) => None,
        }
    }

    /// A concept and all that links lead to from it, each once.
    fn walk(&self, from: u32, links: impl Fn(&Concept) -> &[u32]) -> impl Iterator<Item = u32> {
        let mut seen = HashSet::from([from]);
        let mut waiting = vec![from];
        std::iter::from_fn(move || {
            let next = waiting.pop()?;
            let linked = self.concept(next).map_or(&[][..], &links);
            waiting.extend(linked.iter().copied().filter(|other| seen.insert(*other)));
            Some(next)
        })
    }

    fn standard_value(&self, at: Place<'_>, standard: &str) -> Option<String> {
        let code = self.property_named(standard)?;
        self.at(at)?.values(code).next()
    }

    /// The texts of a concept of this resource.
    pub(in super::super) fn terms_of<'s>(&'s self, concept: &'s Concept) -> impl Iterator<Item = Term<'s>> {
        let display = concept.display.as_deref().map(|value| Term {
            language: self.publication.language.as_deref(),
            is_display: true,
            ..Term::new(value)
        });
        display.into_iter().chain(concept.designations.iter().map(Term::from))
    }
}

/// The status that an extension gives.
pub(in super::super) fn standards_status<'v>(mut extensions: impl Iterator<Item = &'v Value>) -> Option<String> {
    let status = extensions.find(|extension| extension.text("url") == Some(STANDARDS_STATUS))?;
    status.choice()?.1.as_str().map(str::to_owned)
}
