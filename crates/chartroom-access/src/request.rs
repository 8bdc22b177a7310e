//! Who asks: a request, and what is known about whoever makes it.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use smol_str::SmolStr;

use crate::consent::Consents;
use crate::label::LabelSet;
use crate::scope::Launch;
use crate::{Action, BreakGlass, Confidentiality, Purpose, Relationship};

/// Who asks, to do what, why, and when.
///
/// ```
/// use chartroom_access::{Action, Purpose, Relationship, Request};
/// use chrono::DateTime;
///
/// let request = Request {
///     relationship: Relationship::Treating.into(),
///     ..Request::new("dr-osei", "physician".into(), Action::Read, Purpose::Treatment, DateTime::UNIX_EPOCH)
/// };
/// assert_eq!(request.relationship.at(request.at), Relationship::Treating);
/// ```
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
    pub relationship: Tie,
    /// The glass they broke, if they did.
    pub break_glass: Option<BreakGlass>,
    /// What else is known about whoever asks. Build it once per session.
    pub circumstances: Option<Arc<Circumstances>>,
    /// The scopes of the program through which they ask, if it has any. Whatever they do not cover is withheld.
    pub launch: Option<Arc<Launch>>,
    /// The consents of the patient, where they are known. They withhold what the patient refuses, and fulfil what rules with
    /// `consents` ask for.
    pub consents: Option<Consents>,
}

impl Request {
    /// A request of someone who is nothing to the patient, and of whom nothing else is known.
    pub fn new(actor: impl Into<SmolStr>, roles: Roles, action: Action, purpose: Purpose, at: DateTime<Utc>) -> Self {
        let relationship = Tie::from(Relationship::None);
        Self {
            actor: actor.into(),
            roles,
            action,
            purpose,
            at,
            relationship,
            break_glass: None,
            circumstances: None,
            launch: None,
            consents: None,
        }
    }
}

/// What someone is to the patient, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tie {
    /// What they are to the patient, while it lasts.
    pub relationship: Relationship,
    /// The first moment of it; none where it has always been so.
    pub from: Option<DateTime<Utc>>,
    /// The moment from which on it is over; none where no end is known.
    pub until: Option<DateTime<Utc>>,
}

impl Tie {
    /// What they are to the patient at this time: outside its time a relationship is none.
    pub fn at(self, at: DateTime<Utc>) -> Relationship {
        let begun = self.from.is_none_or(|from| from <= at);
        let over = self.until.is_some_and(|until| until <= at);
        if begun && !over { self.relationship } else { Relationship::None }
    }
}

impl From<Relationship> for Tie {
    fn from(relationship: Relationship) -> Self {
        Self { relationship, from: None, until: None }
    }
}

/// What is known about whoever asks, beside their roles. What is not known satisfies no permit, and every refusal that asks.
#[derive(Clone, Default)]
pub struct Circumstances {
    /// The organization for which they ask.
    pub organization: Option<SmolStr>,
    /// Where they are, by a name that the policy has under `[places]`.
    pub place: Option<SmolStr>,
    /// Where in the network they ask from: the address or the name of the machine. No rule asks for it; the audit trail tells it.
    pub address: Option<SmolStr>,
    /// As which patient they are known here themselves: empty where they are known not to be one.
    pub person: Option<SmolStr>,
    /// What they are cleared for, if anything.
    pub clearance: Option<Clearance>,
}

/// What someone is cleared for: records up to a level, with these labels and no others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clearance {
    /// The highest confidentiality.
    pub confidentiality: Confidentiality,
    /// The labels.
    pub labels: LabelSet,
}

impl Clearance {
    /// Whether it covers a record of this confidentiality with these labels. A level that nobody knows is never covered.
    pub fn covers(self, confidentiality: Confidentiality, labels: LabelSet) -> bool {
        let level = confidentiality <= self.confidentiality && confidentiality != Confidentiality::Unknown;
        level && labels.intersection(self.labels) == labels
    }
}

/// Leaves out who it is about.
impl fmt::Debug for Circumstances {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { organization, place, address: _, person: _, clearance } = self;
        let mut out = f.debug_struct("Circumstances");
        out.field("organization", organization).field("place", place).field("clearance", clearance);
        out.finish_non_exhaustive()
    }
}

/// The names of the roles in which someone asks. Cheap to clone: build it once per session.
///
/// A name that the policy does not know grants nothing.
#[derive(Clone)]
pub struct Roles(Held);

/// Nearly everyone asks in one role, and a short name is cheaper to copy than a count is to share.
#[derive(Clone)]
enum Held {
    One(SmolStr),
    Several(Arc<[SmolStr]>),
}

impl Roles {
    /// The names, as given.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names().iter().map(SmolStr::as_str)
    }

    fn names(&self) -> &[SmolStr] {
        match &self.0 {
            Held::One(name) => std::slice::from_ref(name),
            Held::Several(names) => names,
        }
    }
}

impl From<&str> for Roles {
    fn from(role: &str) -> Self {
        Self(Held::One(role.into()))
    }
}

impl<R: Into<SmolStr>> FromIterator<R> for Roles {
    fn from_iter<I: IntoIterator<Item = R>>(roles: I) -> Self {
        Self(Held::Several(roles.into_iter().map(Into::into).collect()))
    }
}

impl PartialEq for Roles {
    fn eq(&self, other: &Self) -> bool {
        self.names() == other.names()
    }
}

impl Eq for Roles {}

impl fmt::Debug for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

/// Leaves out who asks.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { actor: _, roles, action, purpose, at, relationship, break_glass, circumstances, launch, consents } =
            self;
        let mut out = f.debug_struct("Request");
        out.field("roles", roles).field("action", action).field("purpose", purpose).field("at", at);
        out.field("relationship", relationship).field("break_glass", break_glass);
        out.field("circumstances", circumstances)
            .field("launch", launch)
            .field("consents", consents)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::Sensitivity;
    use chrono::TimeDelta;

    #[test]
    fn a_relationship_holds_from_its_first_moment_until_its_end() {
        let at = DateTime::UNIX_EPOCH;
        let (before, after) = (at - TimeDelta::seconds(1), at + TimeDelta::seconds(1));
        let tie = Tie { from: Some(at), until: Some(after), ..Relationship::Treating.into() };
        assert_eq!(tie.at(at), Relationship::Treating);
        assert_eq!(tie.at(before), Relationship::None);
        assert_eq!(tie.at(after), Relationship::None);
        assert_eq!(Tie::from(Relationship::Patient).at(before), Relationship::Patient);
    }

    #[test]
    fn one_role_is_the_same_however_it_is_given() {
        let one = Roles::from("nurse");
        assert_eq!(one, Roles::from_iter(["nurse"]));
        assert_ne!(one, Roles::from_iter(["nurse", "auditor"]));
        assert_eq!(one.iter().collect::<Vec<_>>(), ["nurse"]);
        assert_eq!(format!("{one:?}"), "[\"nurse\"]");
    }

    #[test]
    fn a_clearance_covers_what_it_names() {
        let labels = LabelSet::of(&[Sensitivity::Hiv]);
        let clearance = Clearance { confidentiality: Confidentiality::Restricted, labels };
        assert!(clearance.covers(Confidentiality::Restricted, labels));
        assert!(clearance.covers(Confidentiality::Low, LabelSet::NONE));
        assert!(!clearance.covers(Confidentiality::VeryRestricted, LabelSet::NONE));
        assert!(!clearance.covers(Confidentiality::Low, Sensitivity::Psychiatry.into()));
        let highest = Clearance { confidentiality: Confidentiality::Unknown, ..clearance };
        assert!(!highest.covers(Confidentiality::Unknown, LabelSet::NONE));
    }

    #[test]
    fn logs_no_person() {
        let (person, address) = (Some("byron".into()), Some("192.0.2.7".into()));
        let printed = format!("{:?}", Circumstances { person, address, ..Circumstances::default() });
        assert!(!printed.contains("byron") && !printed.contains("192.0.2.7"));
    }
}
