//! The resources that the engine knows.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use super::json::Element;
use super::publication::split_canonical;
use super::source::{SnomedSource, Source, TableSource};
use super::system::System;
use super::version::{compare, satisfies};
use super::{CodeSystem, ConceptMap, Publication, ValueSet};
use crate::snomed::SnomedCt;
use crate::system::SNOMED_CT;
use crate::table::Table;
use crate::terminology::Undated;

/// An immutable set of code systems, value sets and concept maps. Cloning it is cheap, and threads can share it.
#[derive(Clone, Default)]
pub struct Catalog {
    systems: Arc<Shelf<CodeSystem>>,
    value_sets: Arc<Shelf<ValueSet>>,
    maps: Arc<Shelf<ConceptMap>>,
    /// Code systems that are no resources, by URL, each with all its versions, the latest last.
    loaded: Arc<HashMap<String, Vec<Arc<dyn Source>>>>,
}

/// Collects the resources of a [`Catalog`].
#[derive(Debug, Default)]
pub struct CatalogBuilder {
    catalog: Catalog,
}

/// A resource that the catalog cannot take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidResource {
    /// It is not a JSON object.
    #[error("a resource is a JSON object")]
    NotAnObject,
    /// It is not of a type that the catalog holds.
    #[error("not a CodeSystem, ValueSet or ConceptMap")]
    WrongType,
    /// A member that it cannot do without is absent.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member has a value that the standard does not give it.
    #[error("`{0}` is not understood")]
    NotUnderstood(&'static str),
    /// It has more concepts than can be counted.
    #[error("too many concepts")]
    TooLarge,
}

/// Resources of one type by URL, each with all its versions, the latest last.
type Shelf<T> = HashMap<String, Vec<Arc<T>>>;

impl Catalog {
    /// Starts with no resource.
    pub fn builder() -> CatalogBuilder {
        CatalogBuilder::default()
    }

    /// This catalog with one more resource, which takes the place of another with its URL and version.
    ///
    /// # Errors
    ///
    /// If it is not a code system, value set or concept map, or lacks what every such resource has.
    pub fn with(&self, resource: &Value) -> Result<Self, InvalidResource> {
        let mut catalog = self.clone();
        catalog.put(resource)?;
        Ok(catalog)
    }

    /// This catalog with a compiled table as a code system, each edition a version of it by its label. Headers are there to group others,
    /// and cannot be selected. It goes before a resource for the same system.
    #[must_use]
    pub fn with_table(&self, table: &Table) -> Self {
        self.with_sources(table.system(), TableSource::of(table).map(|edition| Arc::new(edition) as Arc<dyn Source>))
    }

    /// This catalog with a release of SNOMED CT as a code system, beside other releases. Value sets can then ask for it by the
    /// constraint language, and be named by their definition, as in `http://snomed.info/sct?fhir_vs=isa/73211009`.
    #[must_use]
    pub fn with_snomed(&self, snomed: &SnomedCt) -> Self {
        let others = self.loaded.get(SNOMED_CT).into_iter().flatten();
        let others = others.filter(|other| other.publication().version.as_deref() != Some(snomed.version())).cloned();
        let mut all: Vec<Arc<dyn Source>> = others.collect();
        all.push(Arc::new(SnomedSource::new(snomed.clone())));
        all.sort_by(|a, b| compare(version_in(a.as_ref()), version_in(b.as_ref())));
        self.with_sources(SNOMED_CT, all)
    }

    /// This catalog with UCUM as a code system: every unit that can be written, and none listed.
    #[cfg(feature = "units")]
    #[must_use]
    pub fn with_units(&self) -> Self {
        self.with_sources(crate::system::UCUM, [Arc::new(super::source::UnitSource::default()) as Arc<dyn Source>])
    }

    fn with_sources(&self, url: &str, sources: impl IntoIterator<Item = Arc<dyn Source>>) -> Self {
        let mut catalog = self.clone();
        Arc::make_mut(&mut catalog.loaded).insert(url.to_owned(), sources.into_iter().collect());
        catalog
    }

    /// The latest code system with the URL that has codes to ask for, or the latest that satisfies the version.
    pub(super) fn source(&self, url: &str, version: Option<&str>) -> Option<&dyn Source> {
        let fits =
            |source: &&Arc<dyn Source>| version.is_none_or(|asked| satisfies(version_in(source.as_ref()), asked));
        let loaded = self.loaded.get(url).and_then(|versions| versions.iter().rev().find(fits));
        let resource = || self.code_system(url, version).filter(|system| system.content.has_codes());
        loaded.map(Arc::as_ref).or_else(|| resource().map(|system| system as &dyn Source))
    }

    /// The latest code system resource with the URL, or the latest that satisfies the version.
    pub fn code_system(&self, url: &str, version: Option<&str>) -> Option<&CodeSystem> {
        latest(&self.systems, url, version)
    }

    /// The latest value set with the URL, or the latest that satisfies the version.
    pub fn value_set(&self, url: &str, version: Option<&str>) -> Option<&ValueSet> {
        latest(&self.value_sets, url, version)
    }

    /// The concept maps.
    pub fn concept_maps(&self) -> impl Iterator<Item = &ConceptMap> {
        self.maps.values().flatten().map(Arc::as_ref)
    }

    /// The latest version of each concept map, in the order of their URLs.
    pub(super) fn current_maps(&self) -> impl Iterator<Item = &ConceptMap> {
        let mut urls: Vec<&str> = self.maps.keys().map(String::as_str).collect();
        urls.sort_unstable();
        urls.into_iter().flat_map(|url| self.maps_named(url, None))
    }

    /// The concept maps with the URL and its latest version, or the latest that satisfies the stated one. It is one map, or several
    /// between other systems.
    pub(super) fn maps_named(&self, url: &str, version: Option<&str>) -> Vec<&ConceptMap> {
        let Some(latest) = latest(&self.maps, url, version) else { return Vec::new() };
        let versions = self.maps.get(url).into_iter().flatten().map(Arc::as_ref);
        versions.filter(|map| map.publication.version == latest.publication.version).collect()
    }

    /// How a code stands in the latest version of a code system. `None` if the system is not known, or not known whole and
    /// the code not in what is known.
    pub fn standing(&self, system: &str, code: &str) -> Option<Undated> {
        let system = self.system(system, None, &[])?;
        let Some(at) = system.locate(code) else { return system.is_complete().then_some(Undated::Unlisted) };
        Some(match (system.is_inactive(at), system.is_abstract(at)) {
            (true, _) => Undated::Inactive,
            (false, true) => Undated::Abstract,
            (false, false) => Undated::Usable,
        })
    }

    /// The versions of a code system, in order.
    pub(super) fn versions(&self, url: &str) -> Vec<&str> {
        let loaded = self.loaded.get(url).into_iter().flatten();
        let loaded = loaded.filter_map(|source| source.publication().version.as_deref());
        let resources = self.systems.get(url).map_or(&[][..], Vec::as_slice);
        loaded.chain(resources.iter().filter_map(|system| system.version())).collect()
    }

    /// A code system whose codes can be listed or looked up, with those of the named supplements that are for it.
    pub(super) fn system(&self, url: &str, version: Option<&str>, supplements: &[String]) -> Option<System<'_>> {
        let source = self.source(url, version)?;
        let named = supplements.iter().filter_map(|canonical| {
            let (url, version) = split_canonical(canonical);
            self.code_system(url, version)
        });
        let publication = source.publication();
        Some(System { source, supplements: named.filter(|supplement| supplement.is_for(publication)).collect() })
    }

    fn put(&mut self, resource: &Value) -> Result<(), InvalidResource> {
        match resource.text("resourceType") {
            Some("CodeSystem") => place(&mut self.systems, CodeSystem::read(resource)?),
            Some("ValueSet") => place(&mut self.value_sets, ValueSet::read(resource)?),
            Some("ConceptMap") => place(&mut self.maps, ConceptMap::read(resource)?),
            _ => return Err(InvalidResource::WrongType),
        }
        Ok(())
    }
}

impl CatalogBuilder {
    /// Adds a resource. It takes the place of an earlier one with its URL and version.
    ///
    /// # Errors
    ///
    /// If it is not a code system, value set or concept map, or lacks what every such resource has.
    #[allow(clippy::should_implement_trait, reason = "resources are added to a set, not summed")]
    pub fn add(mut self, resource: &Value) -> Result<Self, InvalidResource> {
        self.catalog.put(resource)?;
        Ok(self)
    }

    /// The set of all resources added.
    pub fn build(self) -> Catalog {
        self.catalog
    }
}

impl fmt::Debug for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { systems, value_sets, maps, loaded } = self;
        let mut shown = f.debug_struct("Catalog");
        shown
            .field("systems", &systems.len())
            .field("value_sets", &value_sets.len())
            .field("maps", &maps.len())
            .field("loaded", &loaded.len())
            .finish()
    }
}

/// What a shelf needs to know of a resource.
trait Published: Clone {
    fn publication(&self) -> &Publication;

    /// Whether this is another form of the same resource, and takes its place.
    fn replaces(&self, other: &Self) -> bool {
        self.publication().version == other.publication().version
    }
}

impl Published for CodeSystem {
    fn publication(&self) -> &Publication {
        &self.publication
    }
}

impl Published for ValueSet {
    fn publication(&self) -> &Publication {
        &self.publication
    }
}

impl Published for ConceptMap {
    fn publication(&self) -> &Publication {
        &self.publication
    }

    /// Maps between other systems stay side by side, since a translation asks them all.
    fn replaces(&self, other: &Self) -> bool {
        self.publication.version == other.publication.version && self.systems().eq(other.systems())
    }
}

fn place<T: Published>(shelf: &mut Arc<Shelf<T>>, resource: T) {
    let publication = resource.publication();
    let key =
        if publication.url.is_empty() { publication.id.clone().unwrap_or_default() } else { publication.url.clone() };
    let versions = Arc::make_mut(shelf).entry(key).or_default();
    versions.retain(|other| !resource.replaces(other));
    versions.push(Arc::new(resource));
    versions.sort_by(|a, b| compare(version_of(a.as_ref()), version_of(b.as_ref())));
}

fn version_in(source: &dyn Source) -> &str {
    source.publication().version.as_deref().unwrap_or_default()
}

fn version_of<T: Published>(resource: &T) -> &str {
    resource.publication().version.as_deref().unwrap_or_default()
}

fn latest<'c, T: Published>(shelf: &'c Shelf<T>, url: &str, version: Option<&str>) -> Option<&'c T> {
    let fits = |resource: &&Arc<T>| version.is_none_or(|asked| satisfies(version_of(resource.as_ref()), asked));
    shelf.get(url)?.iter().rev().find(fits).map(Arc::as_ref)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::fixture::letters;
    use super::*;

    #[test]
    fn a_code_stands_as_its_system_says() {
        let catalog = Catalog::default().with(&letters()).unwrap();
        let standing = |code: &str| catalog.standing("urn:letters", code);
        assert_eq!(standing("AA"), Some(Undated::Usable));
        assert_eq!(standing("B"), Some(Undated::Inactive));
        assert_eq!(standing("C"), Some(Undated::Abstract));
        assert_eq!(standing("D"), Some(Undated::Unlisted));
        assert_eq!(catalog.standing("urn:other", "A"), None);
    }

    #[test]
    fn a_code_system_says_how_much_of_it_is_here() {
        let read = |content: Value| {
            let mut system = letters();
            system["content"] = content;
            Catalog::default().with(&system).map(|_| ())
        };
        assert_eq!(read(json!("complete")), Ok(()));
        assert_eq!(read(json!("compleat")), Err(InvalidResource::NotUnderstood("content")));
        assert_eq!(read(Value::Null), Err(InvalidResource::Missing("content")));
    }
}
