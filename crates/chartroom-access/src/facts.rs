//! What a policy must know about a record, and about the person it is about.

use std::fmt;

use chartroom_record::ClassSet;
use chrono::NaiveDate;
use smol_str::SmolStr;

use crate::label::{LabelSet, SecurityLabel};
use crate::{CareSetting, Confidentiality, ResourceType};

/// What a policy must know about a record in order to decide about it.
#[derive(Clone)]
pub struct Facts {
    /// The type of the record.
    pub resource_type: ResourceType,
    /// The classes of information in it. Nothing else can be granted.
    pub classes: ClassSet,
    /// Why it is sensitive, if it is.
    pub labels: LabelSet,
    /// How closely it is held.
    pub confidentiality: Confidentiality,
    /// The actor who made it, where known.
    pub originator: Option<SmolStr>,
    /// The patient it is about, where it is about one.
    pub patient: Option<SmolStr>,
    /// The organization that keeps it, where known.
    pub organization: Option<SmolStr>,
    /// Where the care was given that it tells of.
    pub care_setting: CareSetting,
    /// What is known about the patient.
    pub subject: Subject,
}

/// What is known about the patient, as far as rules ask. What is not known satisfies no permit, and every refusal that asks.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Subject {
    /// Whether the patient is a person of public interest, whose chart tempts.
    pub vip: Option<bool>,
    /// Whether the patient has died.
    pub deceased: Option<bool>,
    /// When the patient was born, for rules about ages.
    pub birth_date: Option<NaiveDate>,
}

impl Facts {
    /// The facts of a record of normal confidentiality, without labels, and with nothing else known.
    pub fn new(resource_type: ResourceType, classes: ClassSet) -> Self {
        Self {
            resource_type,
            classes,
            labels: LabelSet::NONE,
            confidentiality: Confidentiality::Normal,
            originator: None,
            patient: None,
            organization: None,
            care_setting: CareSetting::Unknown,
            subject: Subject::default(),
        }
    }

    /// Adds what one coding of `meta.security` says. A label only ever adds care: confidentiality never falls.
    pub fn mark(&mut self, label: SecurityLabel) {
        match label {
            SecurityLabel::Sensitivity(label) => self.labels = self.labels.union(label.into()),
            SecurityLabel::Confidentiality(level) => self.confidentiality = self.confidentiality.max(level),
            SecurityLabel::Handling => {}
        }
    }
}

/// Leaves out whose record it is and what is sensitive about it.
impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            resource_type,
            classes,
            labels: _,
            confidentiality: _,
            originator: _,
            patient: _,
            organization: _,
            care_setting: _,
            subject: _,
        } = self;
        let mut out = f.debug_struct("Facts");
        out.field("resource_type", resource_type).field("classes", classes).finish_non_exhaustive()
    }
}

/// Shows nothing: it is about one person.
impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vip: _, deceased: _, birth_date: _ } = self;
        f.debug_struct("Subject").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{ACT_CODE, CONFIDENTIALITY, Sensitivity};

    #[test]
    fn marks_only_add_care() {
        let mut facts = Facts::new(ResourceType::of("Condition"), ClassSet::ALL);
        facts.mark(SecurityLabel::of(CONFIDENTIALITY, "R"));
        facts.mark(SecurityLabel::of(CONFIDENTIALITY, "U"));
        facts.mark(SecurityLabel::of(ACT_CODE, "HIV"));
        facts.mark(SecurityLabel::of(ACT_CODE, "AUDIT"));
        assert_eq!(facts.confidentiality, Confidentiality::Restricted);
        assert_eq!(facts.labels, Sensitivity::Hiv.into());
    }

    #[test]
    fn logs_no_person() {
        let mut facts = Facts::new(ResourceType::of("Condition"), ClassSet::ALL);
        (facts.patient, facts.labels) = (Some("byron".into()), Sensitivity::Hiv.into());
        let shown = format!("{facts:?}");
        assert!(!shown.contains("byron") && !shown.contains("Hiv"));
    }
}
