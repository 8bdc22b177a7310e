//! Membership: decided from the definition of a value set, one code at a time, and never by expanding it.

use serde_json::Value;

use super::super::filter::Condition;
use super::super::issue::Issue;
use super::super::json::Element;
use super::super::message;
use super::super::source::Place;
use super::super::system::System;
use super::super::terms::Term;
use super::super::value_set::{Listed, Reference, Selection, ValueSet};
use super::super::version::{compare, satisfies};
use super::{Asked, Found, Validation};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Member {
    Yes,
    #[default]
    No,
    /// A system that is needed to tell is not known.
    Undecided,
}

impl From<bool> for Member {
    fn from(is_member: bool) -> Self {
        if is_member { Self::Yes } else { Self::No }
    }
}

impl Member {
    /// Whether the code is a member of two sets, of which the second is looked at only where that can change the answer.
    fn and_then(self, other: impl FnOnce() -> Self) -> Self {
        match self {
            Self::No => Self::No,
            Self::Yes => other(),
            Self::Undecided if other() == Self::No => Self::No,
            Self::Undecided => Self::Undecided,
        }
    }
}

/// What a selection is for. An exclude says nothing of its own: a code that it does not know is none that it excludes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Include,
    Exclude,
}

impl<'a> Validation<'a> {
    pub(super) fn member(&mut self, set: &'a ValueSet, asked: &Asked<'_>, found: &mut Found<'a>) -> Member {
        if set.compose.is_some() {
            return match self.is_included(set, asked, found) {
                Member::Yes => match self.is_excluded(set, asked) {
                    Member::Yes => Member::No,
                    Member::No => Member::Yes,
                    Member::Undecided => Member::Undecided,
                },
                other => other,
            };
        }
        let as_written = set.expansion.iter().flatten().find(|listed| listed.is(asked));
        match as_written.or_else(|| self.listed_otherwise(set, asked)) {
            Some(listed) => self.is_listed(listed, set, asked, found),
            None => Member::No,
        }
    }

    /// A code of a stored expansion that is the one asked for, written in another way.
    fn listed_otherwise(&self, set: &'a ValueSet, asked: &Asked<'_>) -> Option<&'a Listed> {
        let version = self.options.version(asked.system, asked.version);
        let system = self.catalog.system(asked.system, version, &self.supplements)?;
        let at = system.locate(asked.code).filter(|_| system.source.can_be_written_otherwise())?;
        let mut of_system =
            set.expansion.iter().flatten().filter(|listed| listed.system.as_deref() == Some(asked.system));
        of_system.find(|listed| system.locate(&listed.code) == Some(at))
    }

    fn is_included(&mut self, set: &'a ValueSet, asked: &Asked<'_>, found: &mut Found<'a>) -> Member {
        let applicable = self.applicable_version(set, asked);
        let mut includes: Vec<&Selection> = set.include().iter().collect();
        includes.sort_by(|a, b| match (&a.version, &b.version) {
            (Some(x), Some(y)) if a.system == b.system => compare(y, x),
            _ => std::cmp::Ordering::Equal,
        });
        let mut undecided = Member::No;
        for include in includes {
            let is_for = include.system.as_deref().is_none_or(|system| {
                let chosen = applicable.is_none_or(|version| include.version.as_deref() == Some(version));
                system == asked.system && chosen && is_for_version(set, include, asked)
            });
            let in_system = match &include.system {
                _ if !is_for => Member::No,
                None => Member::Yes,
                Some(_) => self.is_in_system(set, include, asked, found),
            };
            match in_system.and_then(|| self.is_in_imports(set, include, asked, found)) {
                Member::Yes => return Member::Yes,
                Member::Undecided => undecided = Member::Undecided,
                Member::No => {}
            }
        }
        undecided
    }

    fn is_in_system(
        &mut self,
        set: &'a ValueSet,
        include: &'a Selection,
        asked: &Asked<'_>,
        found: &mut Found<'a>,
    ) -> Member {
        let stated = self.version_to_use(include, asked);
        let version = self.options.version(asked.system, stated);
        let Some(system) = self.catalog.system(asked.system, version, &self.supplements) else {
            return self.lacks_system(asked, version);
        };
        self.check_version_rules(asked, &system);
        found.language = system.language();
        self.note_caution(system.publication(), set, "CodeSystem");
        let selected = self.is_selected(set, include, &system, asked, found, Role::Include);
        if selected == Member::Yes {
            found.version = system.version().map(str::to_owned);
        }
        selected
    }

    /// Whether a code is in all value sets that an include names.
    fn is_in_imports(
        &mut self,
        set: &'a ValueSet,
        include: &Selection,
        asked: &Asked<'_>,
        found: &mut Found<'a>,
    ) -> Member {
        let mut undecided = Member::Yes;
        for import in &include.value_sets {
            let Ok(imported) = self.catalog.import(import, set, self.options) else { return Member::Undecided };
            self.note_caution(&imported.publication, set, "ValueSet");
            match self.member(imported, asked, found) {
                Member::Yes => {}
                Member::Undecided => undecided = Member::Undecided,
                Member::No => return Member::No,
            }
        }
        if include.value_sets.is_empty() && include.system.is_none() { Member::No } else { undecided }
    }

    fn is_excluded(&mut self, set: &'a ValueSet, asked: &Asked<'_>) -> Member {
        let mut undecided = Member::No;
        for exclude in set.exclude() {
            let mut aside = Found::default();
            let in_system = match exclude.system.as_deref() {
                None => Member::Yes,
                Some(url) if url != asked.system => Member::No,
                Some(url) => {
                    let version = self.options.version(url, exclude.version.as_deref());
                    match self.catalog.system(url, version, &self.supplements) {
                        Some(system) => self.is_selected(set, exclude, &system, asked, &mut aside, Role::Exclude),
                        None => self.lacks_system(asked, version),
                    }
                }
            };
            match in_system.and_then(|| self.is_in_imports(set, exclude, asked, &mut aside)) {
                Member::Yes => return Member::Yes,
                Member::Undecided => undecided = Member::Undecided,
                Member::No => {}
            }
        }
        undecided
    }

    /// A system that is needed to tell is not known.
    fn lacks_system(&mut self, asked: &Asked<'_>, version: Option<&str>) -> Member {
        if !self.options.membership_only {
            self.report_unknown(asked, version);
        }
        Member::Undecided
    }

    /// Whether a selection of a system takes the code.
    fn is_selected(
        &mut self,
        set: &ValueSet,
        selection: &'a Selection,
        system: &System<'a>,
        asked: &Asked<'_>,
        found: &mut Found<'a>,
        role: Role,
    ) -> Member {
        let Some(at) = system.locate(asked.code) else {
            if role == Role::Include && selection.is_whole_system() && !self.options.membership_only {
                self.report_unknown_code(asked, system);
            }
            return match role {
                _ if system.is_complete() => Member::No,
                _ if selection.is_whole_system() => Member::Yes,
                // What is known of the system does not tell which of its other codes pass a filter.
                _ if !selection.filters.is_empty() => Member::Undecided,
                _ if !selection.names(asked.code) => Member::No,
                Role::Exclude => Member::Yes,
                Role::Include => Member::Undecided,
            };
        };
        if selection.is_whole_system() {
            found.terms.extend(system.terms(at).iter().cloned());
            self.note_code_as_written(asked, system, at, role);
            return self.is_usable(set, system, asked, at, role).into();
        }
        if let Some(reference) = selection.reference_to(system, asked.code, at) {
            self.note_code_as_written(asked, system, at, role);
            found.terms.extend(system.terms(at).iter().cloned());
            found.terms.extend(reference.terms());
            self.note_deprecated(set, system, reference, asked, role);
            return self.is_usable(set, system, asked, at, role).into();
        }
        match passes(selection, system, at) {
            Ok(true) => {}
            Ok(false) => return Member::No,
            Err(issue) => {
                self.report.tell(issue.at(asked.at("code")));
                return Member::Undecided;
            }
        }
        found.terms.extend(system.terms(at).iter().cloned());
        self.note_code_as_written(asked, system, at, role);
        self.is_usable(set, system, asked, at, role).into()
    }

    /// Whether a code that is selected can be used: it is not abstract and not inactive where such codes are not wanted.
    fn is_usable(&mut self, set: &ValueSet, system: &System<'_>, asked: &Asked<'_>, at: Place<'_>, role: Role) -> bool {
        let is_telling = role == Role::Include && !self.options.membership_only;
        if !self.options.allows_abstract() && system.is_abstract(at) {
            if is_telling {
                self.report.note(message::abstract_code(system.url(), asked.code).at(asked.at("code")));
            }
            return false;
        }
        if (set.excludes_inactive() || self.options.is_active_only()) && system.is_inactive(at) {
            if role == Role::Include {
                self.report.tell(message::inactive_not_allowed(asked.code).at(asked.at("code")));
            }
            if is_telling {
                self.report.see_status(asked, system, at);
            }
            return false;
        }
        if role == Role::Include {
            self.report.see_status(asked, system, at);
        }
        true
    }

    fn is_listed(&mut self, listed: &Listed, set: &ValueSet, asked: &Asked<'_>, found: &mut Found<'a>) -> Member {
        let version = match (listed.version.as_deref(), asked.version) {
            (Some(listed), Some(wanted)) if !satisfies(wanted, listed) => {
                let issue = message::expansion_version_differs(asked.system, listed, wanted);
                self.report.tell(issue.at(asked.at("version")));
                return Member::No;
            }
            (listed, wanted) => wanted.or(listed),
        };
        let version = self.options.version(asked.system, version);
        let Some(system) = self.catalog.system(asked.system, version, &self.supplements) else {
            return self.lacks_system(asked, version);
        };
        found.language = system.language();
        let Some(at) = system.locate(asked.code) else { return Member::No };
        found.terms.extend(system.terms(at).iter().cloned());
        found.version = system.version().map(str::to_owned);
        self.note_code_as_written(asked, &system, at, Role::Include);
        if listed.is_inactive && self.options.is_active_only() && !system.is_inactive(at) {
            self.report.tell(message::inactive_not_allowed(asked.code).at(asked.at("code")));
            return Member::No;
        }
        self.is_usable(set, &system, asked, at, Role::Include).into()
    }

    /// Says so where a code is written otherwise than its system writes it.
    fn note_code_as_written(&mut self, asked: &Asked<'_>, system: &System<'_>, at: Place<'_>, role: Role) {
        let written = system.source.code(at);
        if role == Role::Include && written != asked.code {
            let issue = match written.to_lowercase() == asked.code.to_lowercase() {
                true => message::case_differs(asked.code, &written, &system.canonical()),
                false => message::written_differs(asked.code, &written, &system.canonical()),
            };
            self.report.note(issue.at(asked.at("code")));
            self.report.normalized = Some(written.into_owned());
        }
    }

    fn note_deprecated(
        &mut self,
        set: &ValueSet,
        system: &System<'_>,
        reference: &Reference,
        asked: &Asked<'_>,
        role: Role,
    ) {
        if let Some(status) = reference.deprecation().filter(|_| role == Role::Include) {
            let name = set.publication.canonical();
            let issue = message::deprecated_in_value_set(system.url(), asked.code, status, &name);
            self.report.note(issue.at(asked.at("code")));
        }
    }
}

/// Whether a code passes the filters of a selection that has some. A filter that the system does not understand was found before.
fn passes(selection: &Selection, system: &System<'_>, at: Place<'_>) -> Result<bool, Issue> {
    let holds = |filter| Condition::new(filter, system)?.holds(system, at);
    selection.filters.iter().try_fold(!selection.filters.is_empty(), |passes, filter| Ok(passes && holds(filter)?))
}

/// Whether an include is for the version that is asked for: it names it, or no include does.
fn is_for_version(set: &ValueSet, include: &Selection, asked: &Asked<'_>) -> bool {
    asked.version.is_none()
        || include.version.as_deref() == asked.version
        || !set.include().iter().any(|other| other.version.as_deref() == asked.version)
}

impl Selection {
    /// What names a code of the system, in whatever way it is written.
    fn reference_to(&self, system: &System<'_>, code: &str, at: Place<'_>) -> Option<&Reference> {
        let as_written = self.concepts.iter().find(|reference| reference.code == code);
        let otherwise = || self.concepts.iter().find(|reference| system.locate(&reference.code) == Some(at));
        as_written.or_else(|| system.source.can_be_written_otherwise().then(otherwise).flatten())
    }

    /// Whether it names a code of which nothing else is known.
    fn names(&self, code: &str) -> bool {
        self.concepts.iter().any(|reference| reference.code.to_lowercase() == code.to_lowercase())
    }
}

impl Listed {
    fn is(&self, asked: &Asked<'_>) -> bool {
        self.code == asked.code && self.system.as_deref() == Some(asked.system)
    }
}

impl Reference {
    /// The texts that the value set itself gives the code.
    pub(in super::super) fn terms(&self) -> impl Iterator<Item = Term<'_>> {
        let display = self.display.as_deref().map(|display| Term { is_display: true, ..Term::new(display.trim()) });
        display.into_iter().chain(self.designations.iter().map(Term::from))
    }

    /// `deprecated` or `withdrawn`, where the value set marks the code as such.
    fn deprecation(&self) -> Option<&str> {
        let extension = |end: &str| {
            let url = format!("http://hl7.org/fhir/StructureDefinition/{end}");
            self.extensions.iter().find(|extension| extension.text("url") == Some(&url))
        };
        let status =
            extension("structuredefinition-standards-status").and_then(|extension| extension.choice()?.1.as_str());
        let flag = || {
            extension("valueset-deprecated")
                .filter(|extension| extension.choice().map(|it| it.1) != Some(&Value::Bool(false)))
        };
        status.filter(|status| matches!(*status, "deprecated" | "withdrawn")).or_else(|| flag().map(|_| "deprecated"))
    }
}
