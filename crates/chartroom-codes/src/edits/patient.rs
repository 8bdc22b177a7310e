//! Codes that are not for every patient. Payers change these rules from year to year, so each has its days, and none is asked unless
//! the caller brings it. None is shipped: the definitions of the Medicare Code Editor and its like are published as prose and tables for
//! print, with lists that change each year.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{Edit, EditKind, Grounds, Listed, Severity};

/// What of a patient the edits ask. What is not known is not judged.
#[derive(Clone, Copy, Default)]
pub struct Patient {
    /// Age in completed years on the day of service.
    pub age: Option<u8>,
    /// The sex that the payer has on record.
    pub sex: Option<Sex>,
}

/// The sex that a payer's edit asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

/// Says for which patients some codes are, on some days.
///
/// ```
/// use chartroom_codes::edits::PatientRule;
///
/// let maternity = PatientRule {
///     citation: "our payer's code editor, maternity diagnoses",
///     from: "2025-10-01".parse().unwrap(),
///     last: None,
///     codes: &[("O00", "O9A")],
///     ages: Some(9..=64),
///     sex: None,
/// };
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientRule<'r> {
    /// Where it stands, for a person to look up.
    pub citation: &'r str,
    /// The first day on which it holds.
    pub from: NaiveDate,
    /// The last day on which it holds, or `None` if that is not known.
    pub last: Option<NaiveDate>,
    /// First and last code of each range it is about, without dots, with all that stands under each.
    pub codes: &'r [(&'r str, &'r str)],
    /// The ages in completed years that it allows.
    pub ages: Option<RangeInclusive<u8>>,
    /// The sex that it demands.
    pub sex: Option<Sex>,
}

pub(super) fn check(
    rules: &[PatientRule<'_>],
    listed: &[Listed<'_>],
    on: Option<NaiveDate>,
    patient: &Patient,
    edits: &mut Vec<Edit>,
) {
    for code in listed {
        for rule in rules.iter().filter(|rule| rule.holds_on(on) && rule.is_about(code.code)) {
            let grounds = |text: String| Grounds { place: rule.citation.to_owned(), text };
            if let Some(ages) = rule.ages.as_ref().filter(|ages| patient.age.is_some_and(|age| !ages.contains(&age))) {
                let text = format!("for patients of {} to {} years", ages.start(), ages.end());
                edits.push(Edit::of_one(EditKind::Age, Severity::Warning, code, grounds(text)));
            }
            if let Some(sex) = rule.sex.filter(|wanted| patient.sex.is_some_and(|sex| sex != *wanted)) {
                let text = format!("for patients whose sex is {sex:?}");
                edits.push(Edit::of_one(EditKind::Sex, Severity::Warning, code, grounds(text)));
            }
        }
    }
}

impl PatientRule<'_> {
    fn holds_on(&self, on: Option<NaiveDate>) -> bool {
        match on {
            Some(day) => self.from <= day && self.last.is_none_or(|last| day <= last),
            None => self.last.is_none(),
        }
    }

    fn is_about(&self, code: &str) -> bool {
        let plain = code.replace('.', "");
        // A longer last code stands behind a shorter one that it begins with.
        let under = |last: &str| plain.get(..last.len()).unwrap_or(&plain) <= last;
        self.codes.iter().any(|(first, last)| plain.as_str() >= *first && under(last))
    }
}

/// Age and sex are a person's, so they are not printed.
impl std::fmt::Debug for Patient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { age: _, sex: _ } = self;
        f.debug_struct("Patient").finish_non_exhaustive()
    }
}
