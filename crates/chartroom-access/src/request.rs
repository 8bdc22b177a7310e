//! What is decided about: a request, and the facts of a record.

use std::fmt;
use std::sync::Arc;

use chartroom_record::ClassSet;
use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use crate::label::{LabelSet, SecurityLabel};
use crate::{Action, BreakGlass, Confidentiality, Purpose, Relationship, ResourceType};

/// Who asks, to do what, why, and when.
#[derive(Clone)]
pub struct Request {
    /// The person or program that asks, by the id the audit trail knows them by.
    pub actor: SmolStr,
    /// The roles in which they ask.
    pub roles: Roles,
    /// What they want to do.
    pub action: Action,
    /// Why they want it.
    pub purpose: Purpose,
    /// When they ask.
    pub at: DateTime<Utc>,
    /// What they are to the patient.
    pub relationship: Relationship,
    /// The glass they broke, if they did.
    pub break_glass: Option<BreakGlass>,
}

/// The names of the roles in which someone asks. Cheap to clone: build it once per session.
///
/// A name that the policy does not know grants nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roles(Arc<[SmolStr]>);

impl Roles {
    /// The names, as given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(SmolStr::as_str)
    }
}

impl From<&str> for Roles {
    fn from(role: &str) -> Self {
        Self::from_iter([role])
    }
}

impl<R: Into<SmolStr>> FromIterator<R> for Roles {
    fn from_iter<I: IntoIterator<Item = R>>(roles: I) -> Self {
        Self(roles.into_iter().map(Into::into).collect())
    }
}

/// Leaves out who asks.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { actor: _, roles, action, purpose, at, relationship, break_glass } = self;
        let mut out = f.debug_struct("Request");
        out.field("roles", roles).field("action", action).field("purpose", purpose).field("at", at);
        out.field("relationship", relationship).field("break_glass", break_glass).finish_non_exhaustive()
    }
}

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
}

impl Facts {
    /// The facts of a record of normal confidentiality, without labels, originator or patient.
    pub fn new(resource_type: ResourceType, classes: ClassSet) -> Self {
        let labels = LabelSet::NONE;
        Self {
            resource_type,
            classes,
            labels,
            confidentiality: Confidentiality::Normal,
            originator: None,
            patient: None,
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
        let Self { resource_type, classes, labels: _, confidentiality: _, originator: _, patient: _ } = self;
        let mut out = f.debug_struct("Facts");
        out.field("resource_type", resource_type).field("classes", classes).finish_non_exhaustive()
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
