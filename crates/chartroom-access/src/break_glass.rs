//! Breaking the glass: access in an emergency, declared with a reason, for a while, and reviewed afterwards.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::{Facts, Request};

/// What someone declares before breaking the glass.
#[derive(Clone, Copy)]
pub struct Declaration<'a> {
    /// Who breaks it.
    pub actor: &'a str,
    /// The one patient whose records it opens.
    pub patient: &'a str,
    /// Why, in their own words: at least [`BreakGlass::REASON_LENGTH`] characters.
    pub reason: &'a str,
    /// When.
    pub at: DateTime<Utc>,
    /// For how long: up to [`BreakGlass::LONGEST`].
    pub lasts: TimeDelta,
}

/// The glass, broken by one person for one patient until a set time.
///
/// What it opens is for the policy to say, in rules with `break_glass = true`; psychotherapy notes stay shut like any label unless
/// one of them names it. The review is due [`REVIEW_WITHIN`](Self::REVIEW_WITHIN) after the declaration, whether or not anything was
/// opened, and [`told`](Self::told) says who is to be told at once.
///
/// ```
/// use chartroom_access::{BreakGlass, Declaration};
/// use chrono::{DateTime, TimeDelta};
///
/// let at = DateTime::from_timestamp(1_772_000_000, 0).unwrap();
/// let glass = BreakGlass::declare(Declaration {
///     actor: "dr-osei",
///     patient: "p-17",
///     reason: "Unconscious in the emergency room, medication unknown",
///     at,
///     lasts: TimeDelta::hours(4),
/// })?;
/// assert_eq!(glass.expires(), at + TimeDelta::hours(4));
/// assert!(!glass.is_review_overdue(at + TimeDelta::hours(72)) && glass.is_review_overdue(at + TimeDelta::hours(73)));
///
/// let glass = glass.telling(["chief-of-staff"]);
/// assert_eq!(glass.told().collect::<Vec<_>>(), [BreakGlass::PRIVACY_OFFICE, "chief-of-staff"]);
/// # Ok::<(), chartroom_access::BreakGlassError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct BreakGlass(Arc<Broken>);

#[derive(Clone, PartialEq, Eq)]
struct Broken {
    actor: Box<str>,
    patient: Box<str>,
    reason: Box<str>,
    at: DateTime<Utc>,
    expires: DateTime<Utc>,
    review_due: DateTime<Utc>,
    /// Who is told beside the privacy office.
    told: Vec<Box<str>>,
}

impl BreakGlass {
    /// The longest time for which the glass stays broken.
    pub const LONGEST: TimeDelta = TimeDelta::hours(24);
    /// How soon the review is due.
    pub const REVIEW_WITHIN: TimeDelta = TimeDelta::hours(72);
    /// The fewest characters of a reason, blanks at its ends not counted.
    pub const REASON_LENGTH: usize = 10;
    /// Who is told of every broken glass.
    pub const PRIVACY_OFFICE: &str = "privacy-office";

    /// Breaks the glass.
    ///
    /// # Errors
    /// When the actor, the patient or the reason is missing or too short, or the time is not positive or too long.
    pub fn declare(declaration: Declaration<'_>) -> Result<Self, BreakGlassError> {
        let Declaration { actor, patient, reason, at, lasts } = declaration;
        if actor.trim().is_empty() || patient.trim().is_empty() {
            return Err(BreakGlassError::Nobody);
        }
        if reason.trim().chars().count() < Self::REASON_LENGTH {
            return Err(BreakGlassError::Reason);
        }
        if lasts <= TimeDelta::zero() || lasts > Self::LONGEST {
            return Err(BreakGlassError::Time);
        }
        Ok(Self(Arc::new(Broken {
            actor: actor.into(),
            patient: patient.into(),
            reason: reason.trim().into(),
            at,
            expires: at.checked_add_signed(lasts).ok_or(BreakGlassError::Time)?,
            review_due: at.checked_add_signed(Self::REVIEW_WITHIN).ok_or(BreakGlassError::Time)?,
            told: Vec::new(),
        })))
    }

    /// Names others who are told at once, beside the privacy office.
    #[must_use]
    pub fn telling<W: Into<Box<str>>>(mut self, whom: impl IntoIterator<Item = W>) -> Self {
        Arc::make_mut(&mut self.0).told.extend(whom.into_iter().map(Into::into));
        self
    }

    /// Who is to be told at once that it was broken: the [privacy office](Self::PRIVACY_OFFICE), and who else was named.
    pub fn told(&self) -> impl Iterator<Item = &str> {
        std::iter::once(Self::PRIVACY_OFFICE).chain(self.0.told.iter().map(|whom| &**whom))
    }

    /// Who broke it.
    pub fn actor(&self) -> &str {
        &self.0.actor
    }

    /// The patient whose records it opens.
    pub fn patient(&self) -> &str {
        &self.0.patient
    }

    /// Why. It may speak of the patient, so keep it where the audit trail is kept.
    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    /// When it was broken.
    pub fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// From when on it is whole again.
    pub fn expires(&self) -> DateTime<Utc> {
        self.0.expires
    }

    /// By when someone must have looked at what was done.
    pub fn review_due(&self) -> DateTime<Utc> {
        self.0.review_due
    }

    /// Whether the time for the review is over.
    pub fn is_review_overdue(&self, at: DateTime<Utc>) -> bool {
        at > self.0.review_due
    }
}

impl fmt::Debug for BreakGlass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Broken { actor: _, patient: _, reason: _, at, expires, review_due, told: _ } = &*self.0;
        let mut out = f.debug_struct("BreakGlass");
        out.field("at", at).field("expires", expires).field("review_due", review_due).finish_non_exhaustive()
    }
}

/// Why the glass could not be broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakGlassError {
    /// No actor or no patient.
    #[error("breaking the glass needs an actor and a patient")]
    Nobody,
    /// No reason, or one too short to mean anything.
    #[error("breaking the glass needs a reason of at least {} characters", BreakGlass::REASON_LENGTH)]
    Reason,
    /// No time, or too long a time.
    #[error("the glass stays broken for more than no time and at most {} hours", BreakGlass::LONGEST.num_hours())]
    Time,
}

/// How the glass stood when a request was decided. All but [`Glass::Broken`] decide alike: as if nothing had been declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Glass {
    /// Nothing was declared.
    Whole,
    /// Broken for this actor, this patient, at this time.
    Broken,
    /// Declared for a time that is over.
    Expired,
    /// Declared for a time still to come.
    NotYet,
    /// Declared by another actor or for another patient.
    Elsewhere,
}

impl Glass {
    pub(crate) fn of(request: &Request, facts: &Facts) -> Self {
        let Some(glass) = &request.break_glass else { return Self::Whole };
        if glass.actor() != request.actor || facts.patient.as_deref() != Some(glass.patient()) {
            Self::Elsewhere
        } else if request.at >= glass.expires() {
            Self::Expired
        } else if request.at < glass.at() {
            Self::NotYet
        } else {
            Self::Broken
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declaration() -> Declaration<'static> {
        let at = DateTime::from_timestamp(1_772_000_000, 0).expect("in range");
        Declaration { actor: "a", patient: "p", reason: "unconscious", at, lasts: TimeDelta::hours(1) }
    }

    #[test]
    fn needs_people_a_reason_and_a_bounded_time() {
        let refused = |declaration| BreakGlass::declare(declaration).expect_err("must be refused");
        assert_eq!(refused(Declaration { actor: " ", ..declaration() }), BreakGlassError::Nobody);
        assert_eq!(refused(Declaration { patient: "", ..declaration() }), BreakGlassError::Nobody);
        assert_eq!(refused(Declaration { reason: "    urgent      ", ..declaration() }), BreakGlassError::Reason);
        assert_eq!(refused(Declaration { lasts: TimeDelta::zero(), ..declaration() }), BreakGlassError::Time);
        assert_eq!(refused(Declaration { lasts: TimeDelta::hours(25), ..declaration() }), BreakGlassError::Time);
        assert_eq!(refused(Declaration { at: DateTime::<Utc>::MAX_UTC, ..declaration() }), BreakGlassError::Time);
        assert!(BreakGlass::declare(Declaration { lasts: BreakGlass::LONGEST, ..declaration() }).is_ok());
    }

    #[test]
    fn logs_no_person() {
        let glass = BreakGlass::declare(declaration()).expect("declared");
        assert!(!format!("{glass:?}").contains("unconscious"));
    }
}
