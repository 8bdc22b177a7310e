//! `$lookup` and `$subsumes`: what is known of a code, and how two codes relate.

use std::fmt;

use serde_json::{Value, json};

use super::expand::Text;
use super::issue::{IssueKind, Refusal};
use super::source::Place;
use super::system::System;
use super::{Catalog, Options, message};

/// What is known of a code.
#[derive(Clone, PartialEq)]
pub struct Found {
    /// The name of the code system.
    pub name: Option<String>,
    /// The URL of the code system.
    pub system: String,
    /// The version of the code system.
    pub version: Option<String>,
    /// The code, as its system writes it.
    pub code: String,
    /// The text to show.
    pub display: Option<String>,
    /// What it means.
    pub definition: Option<String>,
    /// Whether it is there to group others.
    pub is_abstract: bool,
    /// All its texts.
    pub designations: Vec<Text>,
    /// Its properties: code, JSON member (such as `valueCode`) and value. Parents and children are among them.
    pub properties: Vec<(String, String, Value)>,
}

/// How a code A relates to a code B. The names are FHIR's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subsumption {
    /// They are the same.
    Equivalent,
    /// B stands under A.
    Subsumes,
    /// A stands under B.
    SubsumedBy,
    /// Neither stands under the other.
    NotSubsumed,
}

impl fmt::Debug for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new field fails to compile here until someone decides if a log may show it.
        let Self {
            name,
            system,
            version,
            code: _,
            display: _,
            definition: _,
            is_abstract: _,
            designations: _,
            properties: _,
        } = self;
        let mut shown = f.debug_struct("Found");
        shown.field("name", name).field("system", system).field("version", version).finish_non_exhaustive()
    }
}

impl Subsumption {
    /// The FHIR code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Equivalent => "equivalent",
            Self::Subsumes => "subsumes",
            Self::SubsumedBy => "subsumed-by",
            Self::NotSubsumed => "not-subsumed",
        }
    }
}

impl Catalog {
    /// What is known of a code of a system, under the properties that are asked for; of all, if none is named.
    ///
    /// # Errors
    ///
    /// If the system does not list the code, or is not known.
    pub fn lookup(&self, system: &str, version: Option<&str>, code: &str, options: &Options) -> Result<Found, Refusal> {
        let system = self.required_system(system, version, options)?;
        let at = self.required_code(&system, code)?;
        let terms = system.terms(at);
        let takes = |name: &str| {
            options.properties.is_empty() || options.properties.iter().any(|wanted| wanted == name || wanted == "*")
        };
        let own = system.properties(at).into_iter();
        let own = own.map(|(property, _)| (property.code.clone(), property.name.clone(), property.value.clone()));
        let coded = |code: &str, places: Vec<Place<'static>>| {
            let property = |place| (code.to_owned(), "valueCode".to_owned(), json!(system.code(place)));
            places.into_iter().map(property).collect::<Vec<_>>()
        };
        let mut properties = vec![("inactive".to_owned(), "valueBoolean".to_owned(), json!(system.is_inactive(at)))];
        properties.extend(coded("parent", system.parents(at)));
        properties.extend(coded("child", system.children(at)));
        properties.extend(own.filter(|(code, ..)| !matches!(code.as_str(), "inactive" | "parent" | "child")));
        properties.retain(|(code, ..)| takes(code));
        Ok(Found {
            name: system.publication().name.clone(),
            system: system.url().to_owned(),
            version: system.version().map(str::to_owned),
            code: system.code(at).into_owned(),
            display: terms.preferred(options.languages()).map(|term| term.value.to_string()),
            definition: system.definition(at).map(str::to_owned),
            is_abstract: system.is_abstract(at),
            designations: terms.iter().map(Text::from).collect(),
            properties,
        })
    }

    /// How two codes of a system relate in its hierarchy.
    ///
    /// # Errors
    ///
    /// If the system does not list one of the codes, or is not known.
    pub fn subsumes(
        &self,
        system: &str,
        version: Option<&str>,
        a: &str,
        b: &str,
        options: &Options,
    ) -> Result<Subsumption, Refusal> {
        let system = self.required_system(system, version, options)?;
        let (a, b) = (self.required_code(&system, a)?, self.required_code(&system, b)?);
        Ok(match (system.is_a(b, a), system.is_a(a, b)) {
            (true, true) => Subsumption::Equivalent,
            (true, false) => Subsumption::Subsumes,
            (false, true) => Subsumption::SubsumedBy,
            (false, false) => Subsumption::NotSubsumed,
        })
    }

    fn required_system(&self, url: &str, version: Option<&str>, options: &Options) -> Result<System<'_>, Refusal> {
        let version = options.version(url, version);
        let unknown = || match version {
            Some(version) => message::unknown_version(url, version, &self.versions(url)),
            None => message::unknown_system(url),
        };
        Ok(self.system(url, version, &options.supplements).ok_or_else(unknown)?)
    }

    fn required_code<'p>(&self, system: &System<'_>, code: &'p str) -> Result<Place<'p>, Refusal> {
        let unknown = || {
            let version = system.version().map_or_else(String::new, |version| format!(" version {version}"));
            message::plain(IssueKind::NotFound, format!("Unable to find code '{code}' in {}{version}", system.url()))
        };
        Ok(system.locate(code).ok_or_else(unknown)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{catalog, letters};
    use super::*;

    #[test]
    fn subsumption_goes_both_ways() {
        let catalog = catalog(&[letters()]);
        let subsumes = |a, b| catalog.subsumes("urn:letters", None, a, b, &Options::default()).unwrap();
        assert_eq!(subsumes("A", "AAA"), Subsumption::Subsumes);
        assert_eq!(subsumes("AAA", "A"), Subsumption::SubsumedBy);
        assert_eq!(subsumes("A", "A"), Subsumption::Equivalent);
        assert_eq!(subsumes("AA", "AB"), Subsumption::NotSubsumed);
    }

    #[test]
    fn a_code_that_is_not_listed_is_refused_and_not_printed() {
        let refusal = catalog(&[letters()]).lookup("urn:letters", None, "secret", &Options::default()).unwrap_err();
        assert_eq!(refusal.0.kind, IssueKind::NotFound);
        assert!(!format!("{refusal:?} {refusal}").contains("secret"));
    }

    #[test]
    fn parents_and_children_are_properties() {
        let found = catalog(&[letters()]).lookup("urn:letters", None, "AA", &Options::default()).unwrap();
        let of =
            |name: &str| found.properties.iter().filter(|it| it.0 == name).map(|it| it.2.clone()).collect::<Vec<_>>();
        assert_eq!((of("parent"), of("child")), (vec![json!("A")], vec![json!("AAA")]));
    }
}
