//! Codes against the loaded code systems, on the date of service.

use std::collections::HashMap;

use chartroom_codes::{Finding, Standing, Terminology, Undated, Validation, well_formed};
use chrono::NaiveDate;

use crate::class::Class;
use crate::datatype::Coding;
use crate::element::{Element, TypeChoice};
use crate::issue::{Issue, IssueCode};
use crate::resource::Other;
use crate::walk::{Step, Visitor};

use super::contained::Contained;
use super::untyped;

/// Judges every coding. A system that is not loaded is reported once for the record, at its first code.
pub(super) struct Codes<'c> {
    terminology: &'c Terminology,
    on: Option<NaiveDate>,
    issues: &'c mut Vec<Issue>,
    unchecked: HashMap<String, (String, usize)>,
}

impl<'c> Codes<'c> {
    pub(super) fn new(terminology: &'c Terminology, on: Option<NaiveDate>, issues: &'c mut Vec<Issue>) -> Self {
        Self { terminology, on, issues, unchecked: HashMap::new() }
    }

    pub(super) fn finish(self) {
        let mut unchecked: Vec<_> = self.unchecked.into_values().collect();
        unchecked.sort_unstable();
        for (path, count) in unchecked {
            let detail = format!("the code system is not loaded: {count} of its codes in this record not checked");
            self.issues.push(Issue::new(IssueCode::NotChecked, path, detail));
        }
    }

    fn judge(&mut self, at: &Step<'_>, system: &str, code: &str) {
        match self.terminology.validate_code(system, code, self.on) {
            Validation::Usable(_) | Validation::Undated(Undated::Usable) => {}
            Validation::Undated(Undated::Inactive) => {
                self.add(IssueCode::OutdatedCode, at, "the code system has it as inactive")
            }
            Validation::Undated(Undated::Abstract) => {
                self.add(IssueCode::HeaderCode, at, "the code system has it to group others, not to be recorded")
            }
            Validation::Undated(Undated::Unlisted) => {
                self.add(IssueCode::UnknownCode, at, "the code system does not list it")
            }
            Validation::NotLoaded => match well_formed(system, code) {
                Some(Err(fault)) => self.add(IssueCode::MalformedCode, at, fault.to_string()),
                _ => self.not_checked(at, system),
            },
            Validation::NotCovered(finding) => self.not_covered(at, system, code, &finding),
            Validation::Unusable(finding) => self.unusable(at, system, code, &finding),
        }
    }

    fn not_checked(&mut self, at: &Step<'_>, system: &str) {
        let (_, count) = self.unchecked.entry(system.to_owned()).or_insert_with(|| (format!("{at}.code"), 0));
        *count += 1;
    }

    /// A code that no edition lists is wrong on any day; of one that some edition lists, nothing is said.
    fn not_covered(&mut self, at: &Step<'_>, system: &str, code: &str, finding: &Finding<'_>) {
        let listed = finding.display.is_some();
        if listed || matches!(self.terminology.validate_code(system, code, None), Validation::Usable(_)) {
            self.add(
                IssueCode::EditionNotLoaded,
                at,
                "no loaded edition covers the date of service; another lists the code",
            );
        } else {
            self.add(
                IssueCode::EditionNotLoaded,
                at,
                "no loaded edition covers the date of service, and none lists the code",
            );
        }
    }

    fn unusable(&mut self, at: &Step<'_>, system: &str, code: &str, finding: &Finding<'_>) {
        let edition = finding.edition.map_or("the edition of that day", |edition| edition.label.as_ref());
        match &finding.standing {
            Standing::Header => match self.billable_until(system, code, finding) {
                Some(last) => {
                    let detail = format!("billable until {last}; since then a header, too general to bill");
                    self.add(IssueCode::OutdatedCode, at, detail);
                }
                None => self.add(IssueCode::HeaderCode, at, format!("a header in {edition}: too general to bill")),
            },
            Standing::Retired { on, .. } => self.add(IssueCode::OutdatedCode, at, format!("not in use since {on}")),
            Standing::NotYet { from } => self.add(IssueCode::OutdatedCode, at, format!("not in use before {from}")),
            _ => self.add(IssueCode::UnknownCode, at, format!("the code is not in {edition}")),
        }
    }

    /// The day before the edition that answers, if the code could be used on it.
    fn billable_until(&self, system: &str, code: &str, finding: &Finding<'_>) -> Option<NaiveDate> {
        let last = finding.edition?.from.pred_opt()?;
        let usable = matches!(self.terminology.validate_code(system, code, Some(last)), Validation::Usable(_));
        usable.then_some(last)
    }

    fn add(&mut self, code: IssueCode, at: &Step<'_>, detail: impl Into<String>) {
        self.issues.push(Issue::new(code, format!("{at}.code"), detail));
    }
}

impl Visitor for Codes<'_> {
    fn structure(&mut self, at: &Step<'_>, value: &dyn Element, _: Option<&'static TypeChoice>, _: Class) {
        let Some(coding) = (value as &dyn std::any::Any).downcast_ref::<Coding>() else { return };
        if let (Some(system), Some(code)) = (&coding.system, &coding.code) {
            self.judge(at, system, code.as_str());
        }
    }

    fn other(&mut self, at: &Step<'_>, other: &Other) {
        // What is wrong with its structure is told elsewhere.
        let _ = untyped::walk(other, &Contained::new(), at, self);
    }
}
