//! Collects the codes of a value set.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::super::filter::Condition;
use super::super::issue::Issue;
use super::super::pathway::Pathway;
use super::super::publication::split_canonical;
use super::super::source::Place;
use super::super::system::System;
use super::super::terms::{Term, Terms};
use super::super::value_set::{Filter, Listed, Reference, Selection};
use super::super::version::{VersionRuleKind, compare, ruled, satisfies};
use super::super::{Catalog, Options, ValueSet, message};
use super::words::Words;
use super::{Contains, DEFAULT_LIMIT, Expansion};

pub(super) struct Collector<'c> {
    catalog: &'c Catalog,
    pub(super) set: &'c ValueSet,
    pub(super) options: Options,
    words: Option<Words>,
    supplements: Vec<String>,
    used_supplements: HashSet<String>,
    /// Whether codes of several versions of a system are told apart.
    pub(super) by_version: bool,
    can_nest: bool,
    pub(super) entries: Vec<Entry>,
    places: HashMap<Key, usize>,
    excluded: HashSet<Key>,
    pub(super) expansion: Expansion,
}

/// A code and the one that it stands under.
pub(super) struct Entry {
    pub(super) code: Contains,
    version: Option<String>,
    parent: Option<usize>,
    depth: usize,
}

/// How deep codes may be nested before the list is given flat. JSON readers bound the depth too.
const DEEPEST: usize = 100;

/// What makes a code the same as another: system, version where that matters, and code.
type Key = (String, Option<String>, String);

/// A concept that is to be added.
pub(super) struct Candidate<'s, 'c> {
    pub(super) system: &'s System<'c>,
    pub(super) at: Place<'c>,
    pub(super) terms: Terms<'c>,
    pub(super) reference: Option<&'c Reference>,
    parent: Option<usize>,
}

/// The sets of codes that an include is limited to.
type Imports = Vec<HashSet<(String, String)>>;

impl<'c> Collector<'c> {
    pub(super) fn new(catalog: &'c Catalog, set: &'c ValueSet, options: &Options) -> Self {
        let options = options.clone().with_defaults_of(set);
        let mut collector = Self {
            catalog,
            set,
            words: options.filter.as_deref().and_then(Words::new),
            supplements: [options.supplements.as_slice(), &set.supplements].concat(),
            used_supplements: HashSet::new(),
            by_version: has_several_versions(set),
            can_nest: options.exclude_nested != Some(true) && options.offset.unwrap_or(0) == 0,
            entries: Vec::new(),
            places: HashMap::new(),
            excluded: HashSet::new(),
            expansion: Expansion::default(),
            options,
        };
        if collector.options.versions_match.is_none() && excludes_other_versions(set) {
            collector.options.versions_match = Some(true);
        }
        collector.echo_options();
        collector.note_caution(&set.publication);
        collector
    }

    /// Collects what the value set takes in, without what it leaves out.
    pub(super) fn collect(mut self, pathway: &mut Pathway) -> Result<Self, Issue> {
        pathway.enter(self.set)?;
        let Some(compose) = &self.set.compose else {
            pathway.leave();
            return self.take_stored_expansion();
        };
        if compose.is_locked {
            return Err(message::locked_date(&self.set.publication.canonical()));
        }
        for (index, exclude) in compose.exclude.iter().enumerate() {
            self.exclude(exclude, &format!("ValueSet.compose.exclude[{index}]"), pathway)?;
        }
        let mut includes: Vec<&Selection> = compose.include.iter().collect();
        includes.sort_by(|a, b| match (&a.version, &b.version) {
            (Some(x), Some(y)) if a.system == b.system => compare(y, x),
            _ => std::cmp::Ordering::Equal,
        });
        for (index, include) in includes.into_iter().enumerate() {
            self.include(include, &format!("ValueSet.compose.include[{index}]"), pathway)?;
        }
        pathway.leave();
        let missing: Vec<_> =
            self.supplements.iter().filter(|name| !self.used_supplements.contains(*name)).cloned().collect();
        if missing.is_empty() { Ok(self) } else { Err(message::missing_supplements(&missing)) }
    }

    /// The page that was asked for, nested if it may be.
    pub(super) fn into_expansion(mut self) -> Result<Expansion, Issue> {
        let total = self.entries.len();
        self.echo_rules();
        self.expansion.total = Some(total);
        let fits = self.options.count.is_none_or(|count| count > total);
        self.expansion.contains = if self.can_nest && fits {
            nested(self.entries)
        } else {
            let page = self.entries.into_iter().skip(self.options.offset.unwrap_or(0));
            page.take(self.options.count.unwrap_or(usize::MAX)).map(|entry| entry.code).collect()
        };
        Ok(self.expansion)
    }

    fn limit(&self) -> usize {
        self.options.limit.unwrap_or(DEFAULT_LIMIT)
    }

    fn include(&mut self, include: &'c Selection, path: &str, pathway: &mut Pathway) -> Result<(), Issue> {
        if !include.value_sets.is_empty() || !include.concepts.is_empty() || include.filters.len() > 1 {
            self.can_nest = false;
        }
        let Some(url) = include.system.as_deref() else { return self.include_imports(include, pathway) };
        let system = self.system(url, include.version.as_deref())?;
        let imports = self.imports(include, pathway)?;
        if include.is_whole_system() {
            self.include_whole(&system, &imports)?;
        }
        for reference in &include.concepts {
            self.include_reference(&system, reference, &imports)?;
        }
        if !include.filters.is_empty() {
            self.include_filtered(&system, include, path, &imports)?;
        }
        Ok(())
    }

    /// An include of value sets alone: the codes that all of them have.
    fn include_imports(&mut self, include: &'c Selection, pathway: &mut Pathway) -> Result<(), Issue> {
        let (Some(first), rest) = self.imported_alone(include, pathway)? else { return Ok(()) };
        for entry in &first.entries {
            let key = self.key(&entry.code.system, entry.version.as_deref(), &entry.code.code);
            if passes(&rest, &entry.code.system, &entry.code.code)
                && !self.is_excluded(&key)
                && !self.places.contains_key(&key)
            {
                self.is_on_page(self.entries.len())?;
                let code =
                    Contains { version: entry.version.clone().filter(|_| self.by_version), ..entry.code.clone() };
                self.places.insert(key, self.entries.len());
                self.entries.push(Entry { code, version: entry.version.clone(), parent: None, depth: 0 });
            }
        }
        for (code, uri) in &first.expansion.properties {
            self.define(code, uri.as_deref());
        }
        Ok(())
    }

    /// What a selection of value sets alone takes its codes from: the first of them, and the codes of the others that limit it.
    fn imported_alone(
        &mut self,
        selection: &'c Selection,
        pathway: &mut Pathway,
    ) -> Result<(Option<Collector<'c>>, Imports), Issue> {
        let Some((first, others)) = selection.value_sets.split_first() else { return Ok((None, Vec::new())) };
        let first = self.expand_import(first, pathway)?;
        let others = others.iter().map(|named| Ok(self.expand_import(named, pathway)?.codes()));
        Ok((Some(first), others.collect::<Result<_, Issue>>()?))
    }

    /// All codes of a system, each under its parent.
    fn include_whole(&mut self, system: &System<'c>, imports: &Imports) -> Result<(), Issue> {
        self.note_grammar(system, true)?;
        let mut seen = HashSet::new();
        let mut waiting: Vec<(Place<'static>, Option<usize>)> = system.roots().map(|at| (at, None)).collect();
        waiting.reverse();
        // Where codes stand under each other in a circle, no root leads to them.
        let mut others = system.all();
        let mut next = |waiting: &mut Vec<_>, seen: &HashSet<_>| {
            waiting.pop().or_else(|| others.find(|at| !seen.contains(at)).map(|at| (at, None)))
        };
        while let Some((at, parent)) = next(&mut waiting, &seen) {
            if !seen.insert(at) {
                self.can_nest = false;
                continue;
            }
            let terms = system.terms(at);
            let is_wanted = self.is_wanted(system, at) && self.has_words(system, at, &terms);
            let parent_here = parent.filter(|_| self.words.is_none());
            let candidate = Candidate { system, at, terms, reference: None, parent: parent_here };
            let place = if is_wanted { self.add(candidate, imports)? } else { None };
            waiting.extend(system.children(at).into_iter().rev().map(|child| (child, place.or(parent))));
        }
        Ok(())
    }

    fn include_reference(
        &mut self,
        system: &System<'c>,
        reference: &'c Reference,
        imports: &Imports,
    ) -> Result<(), Issue> {
        let Some(at) = system.locate(&reference.code) else { return Ok(()) };
        let language = self.set.publication.language.as_deref();
        let mut terms = system.terms(at);
        terms.extend(
            reference
                .terms()
                .map(|term| Term { language: term.language.or(language.filter(|_| term.is_display)), ..term }),
        );
        if self.is_wanted(system, at) && self.has_words(system, at, &terms) {
            self.add(Candidate { system, at, terms, reference: Some(reference), parent: None }, imports)?;
        }
        Ok(())
    }

    fn include_filtered(
        &mut self,
        system: &System<'c>,
        include: &'c Selection,
        path: &str,
        imports: &Imports,
    ) -> Result<(), Issue> {
        self.note_grammar(system, !include.filters.iter().any(Filter::excludes_expressions))?;
        for at in filtered(system, include, path)? {
            let terms = system.terms(at);
            if self.is_wanted(system, at) && self.has_words(system, at, &terms) {
                let parent = system.parents(at).into_iter().find_map(|parent| {
                    self.places.get(&self.key(system.url(), system.version(), &system.code(parent))).copied()
                });
                self.add(Candidate { system, at, terms, reference: None, parent }, imports)?;
            }
        }
        Ok(())
    }

    fn exclude(&mut self, exclude: &'c Selection, path: &str, pathway: &mut Pathway) -> Result<(), Issue> {
        if !exclude.value_sets.is_empty() || !exclude.concepts.is_empty() || exclude.filters.len() > 1 {
            self.can_nest = false;
        }
        let Some(url) = exclude.system.as_deref() else {
            let (first, others) = self.imported_alone(exclude, pathway)?;
            let left_out = first.iter().flat_map(|first| &first.entries);
            let left_out = left_out.filter(|entry| passes(&others, &entry.code.system, &entry.code.code));
            let keys: Vec<Key> = left_out
                .map(|entry| self.key(&entry.code.system, entry.version.as_deref(), &entry.code.code))
                .collect();
            self.excluded.extend(keys);
            return Ok(());
        };
        let system = self.system(url, exclude.version.as_deref())?;
        let imports = self.imports(exclude, pathway)?;
        let mut places: Vec<Place<'c>> =
            exclude.concepts.iter().filter_map(|reference| system.locate(&reference.code)).collect();
        if exclude.concepts.is_empty() {
            self.note_grammar(&system, false)?;
        }
        if !exclude.filters.is_empty() {
            places.extend(filtered(&system, exclude, path)?);
        }
        if exclude.is_whole_system() {
            places = system.all().collect();
        }
        for at in places {
            let code = system.code(at);
            if passes(&imports, url, &code) {
                self.excluded.insert(self.key(url, system.version(), &code));
            }
        }
        Ok(())
    }

    /// The system of a selection, in the version that the rules make of the stated one.
    fn system(&mut self, url: &str, stated: Option<&str>) -> Result<System<'c>, Issue> {
        let version = ruled(&self.options.versions, url, stated);
        let unknown = || message::cannot_expand_system(url, version, &self.catalog.versions(url));
        let system = self.catalog.system(url, version, &self.supplements).ok_or_else(unknown)?;
        for rule in self.options.versions.iter().filter(|rule| rule.kind == VersionRuleKind::Check && rule.url == url) {
            let version = system.version().unwrap_or_default();
            if !satisfies(version, &rule.version) {
                return Err(message::version_not_allowed(url, version, &rule.version));
            }
        }
        self.used_supplements.extend(self.supplements.iter().filter(|name| system.has_supplement(name)).cloned());
        self.note("used-codesystem", "valueUri", json!(system.canonical()));
        for supplement in &system.supplements {
            self.note("used-supplement", "valueUri", json!(supplement.publication.canonical()));
        }
        if !system.is_complete() {
            self.note("used-fragment", "valueUri", json!(system.canonical()));
            self.expansion.is_unclosed =
                Some(format!("This extension is based on a fragment of the code system {url}"));
        }
        self.note_caution(system.publication());
        Ok(system)
    }

    /// Codes that are written by a grammar cannot all be listed. Those of a system that lists none cannot be listed at all. What is
    /// listed is not nested: such a system has many ways up.
    fn note_grammar(&mut self, system: &System<'_>, takes_written: bool) -> Result<(), Issue> {
        if system.source.has_grammar() && system.all().next().is_none() {
            return Err(message::not_enumerable(system.url()));
        }
        self.can_nest &= !system.source.has_grammar();
        if system.source.has_grammar() && takes_written && self.expansion.is_unclosed.is_none() {
            self.expansion.is_unclosed = Some(String::new());
        }
        Ok(())
    }

    fn imports(&mut self, selection: &Selection, pathway: &mut Pathway) -> Result<Imports, Issue> {
        selection.value_sets.iter().map(|named| Ok(self.expand_import(named, pathway)?.codes())).collect()
    }

    /// The codes of a value set that this one names.
    fn expand_import(&mut self, named: &str, pathway: &mut Pathway) -> Result<Collector<'c>, Issue> {
        let (url, stated) = split_canonical(named);
        let unknown = |_| message::unknown_import(url, self.options.version(url, stated));
        let imported = self.catalog.import(named, self.set, &self.options).map_err(unknown)?;
        let options = Options { count: None, offset: None, ..self.options.clone() };
        let collected = Self::new(self.catalog, imported, &options).collect(pathway)?;
        for parameter in &collected.expansion.parameters {
            if !self.expansion.parameters.contains(parameter) {
                self.expansion.parameters.push(parameter.clone());
            }
        }
        self.expansion.is_unclosed =
            self.expansion.is_unclosed.take().or_else(|| collected.expansion.is_unclosed.clone());
        self.note_caution(&imported.publication);
        if !named.starts_with('#') {
            self.note("used-valueset", "valueUri", json!(imported.publication.canonical()));
        }
        Ok(collected)
    }

    fn take_stored_expansion(mut self) -> Result<Self, Issue> {
        let Some(listed) = &self.set.expansion else {
            return Err(message::nothing_to_expand(&self.set.publication.canonical()));
        };
        let mut kept: Vec<Option<usize>> = Vec::with_capacity(listed.len());
        for code in listed {
            let above = code.parent.and_then(|parent| kept.get(parent).copied().flatten());
            let place = self.entries.len();
            if !self.is_wanted_listed(code) {
                kept.push(above);
                continue;
            }
            kept.push(Some(place));
            let parent = above.filter(|_| self.words.is_none());
            let depth = parent.and_then(|parent| self.entries.get(parent)).map_or(0, |above| above.depth + 1);
            self.can_nest &= depth <= DEEPEST;
            let shown = if self.is_on_page(place)? { self.describe_listed(code) } else { code.bare() };
            self.entries.push(Entry { version: code.version.clone(), code: shown, parent, depth });
        }
        Ok(self)
    }

    /// Whether a code of a stored expansion is wanted. What its system says of it now counts as much as what the expansion says.
    fn is_wanted_listed(&self, code: &Listed) -> bool {
        let system = code.system.as_deref();
        let system = system.and_then(|url| self.catalog.system(url, code.version.as_deref(), &self.supplements));
        let at = system.as_ref().and_then(|system| Some((system, system.locate(&code.code)?)));
        let is_retired = code.is_inactive || at.is_some_and(|(system, at)| system.is_inactive(at));
        let is_abstract = code.is_abstract || at.is_some_and(|(system, at)| system.is_abstract(at));
        let mut texts = code.display.iter().chain(code.designations.iter().map(|designation| &designation.value));
        let has_words = |words: &Words| words.are_in(&code.code) || texts.any(|text| words.are_in(text));
        let is_left_out = (self.options.is_active_only() && is_retired)
            || (self.options.exclude_not_for_ui == Some(true) && is_abstract);
        !is_left_out && self.words.as_ref().is_none_or(has_words)
    }

    /// Adds a concept, unless it is left out or already there. Gives its place.
    fn add(&mut self, candidate: Candidate<'_, 'c>, imports: &Imports) -> Result<Option<usize>, Issue> {
        let Candidate { system, at, parent, .. } = candidate;
        let code = system.code(at);
        let key = self.key(system.url(), system.version(), &code);
        let is_left_out = (self.set.excludes_inactive() && system.is_inactive(at))
            || !passes(imports, system.url(), &code)
            || self.is_excluded(&key);
        if is_left_out {
            return Ok(None);
        }
        if self.places.contains_key(&key) {
            self.can_nest = false;
            return Ok(None);
        }
        let place = self.entries.len();
        let code = match self.is_on_page(place)? {
            true => self.describe(&candidate),
            // It is counted and not shown.
            false => Contains { system: key.0.clone(), code: key.2.clone(), ..Contains::default() },
        };
        self.places.insert(key, place);
        let depth = parent.and_then(|parent| self.entries.get(parent)).map_or(0, |above| above.depth + 1);
        self.can_nest &= depth <= DEEPEST;
        self.entries.push(Entry { code, version: system.version().map(str::to_owned), parent, depth });
        Ok(Some(place))
    }

    /// Whether the code at a place is on the page that was asked for. Refuses what is more than the limit.
    fn is_on_page(&self, place: usize) -> Result<bool, Issue> {
        let (first, count) = match self.options.count {
            Some(count) => (self.options.offset.unwrap_or(0), count),
            None => (0, usize::MAX),
        };
        let Some(shown) = place.checked_sub(first).filter(|shown| *shown < count) else { return Ok(false) };
        if shown >= self.limit() {
            return Err(message::too_costly(&self.set.publication.canonical(), self.limit()));
        }
        Ok(true)
    }

    fn is_wanted(&self, system: &System<'_>, at: Place<'_>) -> bool {
        let is_hidden = self.options.exclude_not_for_ui == Some(true) && system.is_abstract(at);
        let is_retired = self.options.is_active_only() && system.is_inactive(at);
        !is_hidden && !is_retired
    }

    fn has_words(&self, system: &System<'_>, at: Place<'_>, terms: &Terms<'_>) -> bool {
        let Some(words) = &self.words else { return true };
        words.are_in(&system.source.code(at)) || terms.iter().any(|term| words.are_in(&term.value))
    }

    fn key(&self, system: &str, version: Option<&str>, code: &str) -> Key {
        let is_part = self.by_version && self.options.versions_match != Some(true);
        (system.to_owned(), version.filter(|_| is_part).map(str::to_owned), code.to_owned())
    }

    fn is_excluded(&self, key: &Key) -> bool {
        self.excluded.contains(key)
    }

    fn codes(&self) -> HashSet<(String, String)> {
        self.entries.iter().map(|entry| (entry.code.system.clone(), entry.code.code.clone())).collect()
    }
}

fn passes(imports: &Imports, system: &str, code: &str) -> bool {
    imports.iter().all(|codes| codes.contains(&(system.to_owned(), code.to_owned())))
}

/// The concepts that pass all filters of a selection.
fn filtered<'c>(system: &System<'c>, selection: &'c Selection, path: &str) -> Result<Vec<Place<'static>>, Issue> {
    let prepare =
        |(index, filter)| Condition::new(filter, system).map_err(|issue| message::in_filter(issue, path, index));
    let conditions = selection.filters.iter().enumerate().map(prepare);
    let conditions = conditions.map(|condition| Ok(condition?.for_all(system)));
    let conditions: Vec<Condition> = conditions.collect::<Result<_, Issue>>()?;
    let mut found = Vec::new();
    for at in system.all() {
        if Condition::all_hold(&conditions, system, at)? {
            found.push(at);
        }
    }
    Ok(found)
}

/// Whether a value set takes some versions of one system and leaves out others. It is codes that are meant to be left out then.
fn excludes_other_versions(set: &ValueSet) -> bool {
    let (includes, excludes) = (set.include(), set.exclude());
    let Some(first) = includes.first().filter(|_| !excludes.is_empty()) else { return false };
    let is_of_same = |selection: &Selection| selection.system == first.system && selection.version.is_some();
    let is_apart = |exclude: &Selection| !includes.iter().any(|include| include.version == exclude.version);
    includes.iter().all(is_of_same) && excludes.iter().all(|exclude| is_of_same(exclude) && is_apart(exclude))
}

fn has_several_versions(set: &ValueSet) -> bool {
    let mut seen: HashMap<&str, Option<&str>> = HashMap::new();
    set.include().iter().chain(set.exclude()).any(|selection| {
        let Some(system) = selection.system.as_deref() else { return false };
        let version = selection.version.as_deref();
        seen.insert(system, version).is_some_and(|earlier| earlier != version)
    })
}

/// Puts each code under its parent. A parent comes before its children, so they are moved from the end.
fn nested(entries: Vec<Entry>) -> Vec<Contains> {
    let mut waiting: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut roots = Vec::new();
    while let Some(entry) = waiting.pop() {
        let Some(Entry { mut code, parent, .. }) = entry else { continue };
        code.contains.reverse();
        match parent.and_then(|parent| waiting.get_mut(parent)?.as_mut()) {
            Some(above) => above.code.contains.push(code),
            None => roots.push(code),
        }
    }
    roots.reverse();
    roots
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::super::fixture::{catalog, letters, value_set};
    use super::*;

    fn expand(include: serde_json::Value, options: &Options) -> Result<Expansion, Issue> {
        let catalog = catalog(&[letters(), value_set("urn:set", include)]);
        catalog.expand("urn:set", options).map_err(|refusal| *refusal.0)
    }

    fn codes(expansion: &Expansion) -> Vec<&str> {
        expansion.contains.iter().map(|contains| contains.code.as_str()).collect()
    }

    #[test]
    fn codes_are_nested_unless_a_flat_list_is_asked_for() {
        let whole = json!([{ "system": "urn:letters" }]);
        let nested = expand(whole.clone(), &Options::default()).unwrap();
        assert_eq!(codes(&nested), ["A", "B", "C"]);
        assert_eq!(nested.contains[0].contains.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["AA", "AB"]);
        let flat = expand(whole, &Options { exclude_nested: Some(true), ..Options::default() }).unwrap();
        assert_eq!(codes(&flat), ["A", "AA", "AAA", "AB", "B", "C"]);
        assert!(flat.contains[4].is_inactive && flat.contains[5].is_abstract);
    }

    #[test]
    fn a_page_is_cut_and_the_total_told() {
        let page = Options { count: Some(2), offset: Some(1), ..Options::default() };
        let page = expand(json!([{ "system": "urn:letters" }]), &page).unwrap();
        assert_eq!((codes(&page), page.total, page.offset), (vec!["AA", "AAA"], Some(6), Some(1)));
    }

    #[test]
    fn more_codes_than_the_limit_are_refused() {
        let refused = expand(json!([{ "system": "urn:letters" }]), &Options { limit: Some(5), ..Options::default() });
        assert_eq!(refused.unwrap_err().message_id, Some("VALUESET_TOO_COSTLY"));
    }

    #[test]
    fn codes_that_stand_under_each_other_are_listed_too() {
        let under = |parent: &str| json!([{ "code": "parent", "valueCode": parent }]);
        let system = json!({ "resourceType": "CodeSystem", "url": "urn:circle", "content": "complete", "concept": [
            { "code": "a", "property": under("b") }, { "code": "b", "property": under("a") }, { "code": "c" }
        ] });
        let catalog = catalog(&[system, value_set("urn:set", json!([{ "system": "urn:circle" }]))]);
        let flat = Options { exclude_nested: Some(true), ..Options::default() };
        assert_eq!(codes(&catalog.expand("urn:set", &flat).unwrap()), ["c", "a", "b"]);
    }

    #[test]
    fn a_text_filter_looks_at_all_texts() {
        let filter = Options { filter: Some("buchst".into()), ..Options::default() };
        assert_eq!(codes(&expand(json!([{ "system": "urn:letters" }]), &filter).unwrap()), ["AB"]);
    }

    #[test]
    fn a_page_has_no_more_codes_than_the_limit_and_others_are_only_counted() {
        let page = |count: usize, offset: usize| {
            let options = Options { count: Some(count), offset: Some(offset), limit: Some(2), ..Options::default() };
            expand(json!([{ "system": "urn:letters" }]), &options)
        };
        let last = page(2, 4).unwrap();
        assert_eq!((codes(&last), last.total), (vec!["B", "C"], Some(6)));
        assert_eq!(last.contains[0].display.as_deref(), Some("Letter B"));
        assert_eq!(page(3, 0).unwrap_err().message_id, Some("VALUESET_TOO_COSTLY"));
    }

    #[test]
    fn several_value_sets_in_one_exclude_leave_out_what_is_in_all_of_them() {
        let named = |url: &str, codes: [&str; 2]| {
            let concepts = codes.map(|code| json!({ "code": code }));
            value_set(url, json!([{ "system": "urn:letters", "concept": concepts }]))
        };
        let set = json!({ "resourceType": "ValueSet", "url": "urn:set", "compose": {
            "include": [{ "system": "urn:letters" }], "exclude": [{ "valueSet": ["urn:a", "urn:b"] }] } });
        let catalog = catalog(&[letters(), named("urn:a", ["A", "AA"]), named("urn:b", ["AA", "AB"]), set]);
        let options = Options { exclude_nested: Some(true), ..Options::default() };
        let expansion = catalog.expand("urn:set", &options).unwrap();
        assert_eq!(codes(&expansion), ["A", "AAA", "AB", "B", "C"]);
        for code in ["A", "AA", "AB"] {
            let coding = super::super::super::Coding::new("urn:letters", code);
            let answer = catalog.validate_code("urn:set", coding, &options).unwrap();
            assert_eq!(answer.is_valid, codes(&expansion).contains(&code), "{code}");
        }
    }

    #[test]
    fn codes_that_cannot_be_selected_are_left_out_of_every_kind_of_include() {
        let options = Options { exclude_not_for_ui: Some(true), ..Options::default() };
        let named = json!([{ "system": "urn:letters", "concept": [{ "code": "B" }, { "code": "C" }] }]);
        let filter = json!([{ "property": "concept", "op": "is-not-a", "value": "A" }]);
        let filtered = json!([{ "system": "urn:letters", "filter": filter }]);
        for include in [named, filtered] {
            assert_eq!(codes(&expand(include, &options).unwrap()), ["B"]);
        }
    }

    #[test]
    fn a_stored_expansion_is_given_as_it_is_described() {
        let german = json!([{ "language": "de", "value": "Buchstabe" }]);
        let stored = json!({ "resourceType": "ValueSet", "url": "urn:set", "expansion": { "contains": [
            { "system": "urn:letters", "code": "A", "display": "Stored A", "designation": german, "contains": [
                { "display": "Heading", "contains": [{ "system": "urn:letters", "code": "AA", "display": "Stored AA" }] }
            ] },
            { "system": "urn:letters", "code": "B" },
            { "system": "urn:letters", "code": "AB", "inactive": true },
            { "system": "urn:letters", "code": "C", "abstract": true }
        ] } });
        let catalog = catalog(&[letters(), stored]);
        let expand = |options: Options| catalog.expand("urn:set", &options).unwrap();
        let all = expand(Options { include_designations: Some(true), ..Options::default() });
        assert_eq!(codes(&all), ["A", "B", "AB", "C"]);
        assert_eq!(all.contains[0].display.as_deref(), Some("Stored A"));
        assert_eq!((all.contains[0].designations.len(), all.contains[0].contains[0].code.as_str()), (1, "AA"));
        assert!(all.contains[2].is_inactive && all.contains[3].is_abstract);
        assert_eq!(codes(&expand(Options { filter: Some("stored aa".into()), ..Options::default() })), ["AA"]);
        assert_eq!(codes(&expand(Options { active_only: Some(true), ..Options::default() })), ["A", "C"]);
        assert_eq!(codes(&expand(Options { exclude_not_for_ui: Some(true), ..Options::default() })), ["A", "B", "AB"]);
    }
}
