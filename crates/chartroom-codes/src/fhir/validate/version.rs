//! Which version of a system a coding is looked for in, when the coding, the value set and the request all have a say.

use super::super::message;
use super::super::publication::canonical;
use super::super::system::System;
use super::super::value_set::{Selection, ValueSet};
use super::super::version::{VersionRuleKind, compare, satisfies};
use super::{Asked, Validation};

impl<'a> Validation<'a> {
    /// The version of an include's system to look in. Says so where the coding asks for another one.
    pub(super) fn version_to_use<'v>(&mut self, include: &'v Selection, asked: &Asked<'v>) -> Option<&'v str>
    where
        'a: 'v,
    {
        let included = include.version.as_deref();
        let ruled = self.options.version(asked.system, included);
        let Some(wanted) = asked.version else { return ruled };
        let used = match ruled {
            Some(ruled) => Some(if satisfies(wanted, ruled) { wanted } else { ruled }),
            None => self.knows_version(asked.system, wanted).then_some(wanted),
        };
        match self.catalog.system(asked.system, self.options.version(asked.system, used), &self.supplements) {
            Some(system) => self.compare_versions(asked, &system, used, included),
            None => self.report_other_version(asked, used.filter(|used| *used != wanted)),
        }
        used
    }

    /// The latest of several versions in a value set that has the code, under the display if one is given. `None` if it does
    /// not matter: all have it.
    pub(super) fn applicable_version<'s>(&self, set: &'s ValueSet, asked: &Asked<'_>) -> Option<&'s str> {
        let includes = set.include().iter().filter(|include| include.system.as_deref() == Some(asked.system));
        let mut versions: Vec<&str> = includes.filter_map(|include| include.version.as_deref()).collect();
        versions.sort_by(|a, b| compare(b, a));
        versions.dedup();
        if asked.version.is_some() || versions.len() < 2 {
            return None;
        }
        let having: Vec<&str> = versions.iter().copied().filter(|version| self.has_code(asked, version)).collect();
        if having.len() == versions.len() { None } else { having.first().or(versions.first()).copied() }
    }

    /// Says so where a version is in use that a rule does not allow.
    pub(super) fn check_version_rules(&mut self, asked: &Asked<'_>, system: &System<'_>) {
        for rule in
            self.options.versions.iter().filter(|rule| rule.kind == VersionRuleKind::Check && rule.url == system.url())
        {
            let version = system.version().unwrap_or_default();
            if !satisfies(version, &rule.version) {
                let issue = message::version_not_allowed(system.url(), version, &rule.version);
                self.report.note(issue.at(asked.at("version")));
            }
        }
    }

    fn compare_versions(&mut self, asked: &Asked<'_>, system: &System<'_>, used: Option<&str>, included: Option<&str>) {
        let (Some(wanted), found) = (asked.version, system.version().unwrap_or_default()) else { return };
        if satisfies(found, wanted) {
            return;
        }
        let issue = match used {
            None => message::version_differs_by_default(asked.system, found, wanted),
            Some(used) if Some(used) == included => message::version_differs(asked.system, used, wanted),
            Some(used) => message::version_differs_by_rule(asked.system, used, included.unwrap_or_default(), wanted),
        };
        self.report.note(issue.at(asked.at("version")));
        if self.catalog.system(asked.system, Some(wanted), &[]).is_none() {
            self.report.add_unknown(Some(canonical(asked.system, Some(wanted))));
            let issue = message::unknown_version(asked.system, wanted, &self.catalog.versions(asked.system));
            self.report.tell(issue.at(asked.at("system")));
        }
    }

    fn report_other_version(&mut self, asked: &Asked<'_>, used: Option<&str>) {
        if let (Some(used), Some(wanted)) = (used, asked.version) {
            self.report.note(message::version_differs(asked.system, used, wanted).at(asked.at("version")));
        }
    }

    fn knows_version(&self, system: &str, wanted: &str) -> bool {
        self.catalog.versions(system).into_iter().any(|version| satisfies(version, wanted))
    }

    fn has_code(&self, asked: &Asked<'_>, version: &str) -> bool {
        let version = self.options.version(asked.system, Some(version));
        let Some(system) = self.catalog.system(asked.system, version, &self.supplements) else { return false };
        let Some(at) = system.locate(asked.code) else { return false };
        asked.display.is_none_or(|display| system.terms(at).iter().any(|term| term.value == display))
    }
}
