//! Looks a value set through before any code is looked for: its imports, its filters, its supplements.

use std::borrow::Cow;

use super::super::filter::Condition;
use super::super::issue::Issue;
use super::super::pathway::Pathway;
use super::super::publication::split_canonical;
use super::super::source::implicit_snomed;
use super::super::value_set::Selection;
use super::super::{Catalog, Options, ValueSet, message};
use super::Validation;

/// Why a value set cannot be looked at.
pub(super) enum Stop {
    /// There is no answer.
    Refuse(Issue),
    /// The answer is no, with this issue.
    Answer(Issue),
}

impl Validation<'_> {
    pub(super) fn prepare(&self, set: &ValueSet) -> Result<(), Stop> {
        let mut used = Vec::new();
        self.look_through(set, &mut Pathway::default(), &mut used)?;
        let missing: Vec<_> = self.supplements.iter().filter(|name| !used.contains(name)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(Stop::Refuse(message::missing_supplements(&missing))) }
    }

    fn look_through<'s>(
        &'s self,
        set: &ValueSet,
        pathway: &mut Pathway,
        used: &mut Vec<&'s String>,
    ) -> Result<(), Stop> {
        pathway.enter(set).map_err(Stop::Refuse)?;
        if set.compose.as_ref().is_some_and(|compose| compose.is_locked) {
            return Err(Stop::Answer(message::locked_date(&set.publication.canonical())));
        }
        if set.compose.is_none() && set.expansion.is_none() {
            return Err(Stop::Answer(message::undefined(&set.publication.canonical())));
        }
        for (role, selections) in [("include", set.include()), ("exclude", set.exclude())] {
            for (index, selection) in selections.iter().enumerate() {
                self.look_at_selection(&format!("ValueSet.compose.{role}[{index}]"), selection, used)?;
                for import in &selection.value_sets {
                    let imported = self.catalog.import(import, set, self.options).map_err(Stop::Answer)?;
                    self.look_through(imported, pathway, used)?;
                }
            }
        }
        pathway.leave();
        Ok(())
    }

    fn look_at_selection<'s>(
        &'s self,
        path: &str,
        selection: &Selection,
        used: &mut Vec<&'s String>,
    ) -> Result<(), Stop> {
        let Some(url) = selection.system.as_deref() else { return Ok(()) };
        let version = self.options.version(url, selection.version.as_deref());
        let Some(system) = self.catalog.system(url, version, &self.supplements) else { return Ok(()) };
        used.extend(self.supplements.iter().filter(|name| system.has_supplement(name)));
        for (index, filter) in selection.filters.iter().enumerate() {
            let refuse = |issue: Issue| Stop::Refuse(message::in_filter(issue, path, index));
            Condition::new(filter, &system).map_err(refuse)?;
        }
        Ok(())
    }
}

impl Catalog {
    /// A value set by its URL or `url|version`, or by a name that is its definition.
    pub(in super::super) fn named_value_set(
        &self,
        named: &str,
        stated: Option<&str>,
        options: &Options,
    ) -> Result<Cow<'_, ValueSet>, Issue> {
        let (url, own) = split_canonical(named);
        let version = options.version(url, stated.or(own));
        if let Some(set) = self.value_set(url, version) {
            return Ok(Cow::Borrowed(set));
        }
        let set = implicit_snomed(named).filter(|set| self.can_imply(set));
        set.map(Cow::Owned).ok_or_else(|| message::unknown_value_set(&super::canonical(url, version)))
    }

    /// Whether the concept that an implied value set is named after is there, if the system is.
    fn can_imply(&self, set: &ValueSet) -> bool {
        set.include().iter().all(|include| {
            let system = include.system.as_deref().and_then(|url| self.system(url, include.version.as_deref(), &[]));
            let mut concepts = include.filters.iter().filter(|filter| filter.property == "concept");
            system.is_none_or(|system| concepts.all(|filter| Condition::new(filter, &system).is_ok()))
        })
    }

    /// A value set that another one names.
    pub(in super::super) fn import<'c>(
        &'c self,
        named: &str,
        source: &'c ValueSet,
        options: &Options,
    ) -> Result<&'c ValueSet, Issue> {
        if let Some(id) = named.strip_prefix('#') {
            let contained = source.contained.iter().find(|inner| inner.publication.id.as_deref() == Some(id));
            return contained.ok_or_else(|| message::unknown_value_set(named));
        }
        if let Some(implied) = source.implied.iter().find(|implied| implied.url() == named) {
            return Ok(implied);
        }
        let (url, stated) = split_canonical(named);
        let version = options.version(url, stated);
        let unknown = || message::unknown_value_set(&super::canonical(url, version));
        self.value_set(url, version).ok_or_else(unknown)
    }
}
