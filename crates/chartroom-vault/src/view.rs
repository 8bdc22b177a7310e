//! What somebody may see of a record.

use std::fmt;

use chartroom_access::{Decision, Effect, Obligations, Reason};
use chartroom_audit::Receipt;
use chartroom_record::{ClassSet, Resource};
use chrono::{DateTime, Utc};

use crate::{Disclosure, disclosure};

/// What a disclosure opened: the record without what was withheld, and the reason for each part that is masked.
///
/// Of an attachment it is what reads it: by [`Read`](std::io::Read), and where the sealed bytes can be sought in, by
/// [`Seek`](std::io::Seek).
///
/// It has no `Serialize` and prints nothing of the record: [`View::to_json`] is the way to ask for it.
pub struct View<T> {
    pub(crate) value: T,
    decision: Decision,
    receipt: Receipt,
}

impl<T> View<T> {
    pub(crate) fn new(value: T, disclosure: Disclosure) -> Self {
        let (decision, receipt) = disclosure.into_parts();
        Self { value, decision, receipt }
    }

    /// The record, as far as it was granted. What was withheld is absent.
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// The decision behind it.
    pub const fn decision(&self) -> &Decision {
        &self.decision
    }

    /// What whoever sees it must do. Where the glass was broken, to have the access reviewed is always among it.
    pub fn obligations(&self) -> Obligations {
        disclosure::obligations(&self.decision)
    }

    /// By when someone must have reviewed it, where the glass was broken for it.
    pub fn review_due(&self) -> Option<DateTime<Utc>> {
        disclosure::review_due(&self.decision)
    }

    /// Where the disclosure stands on the trail.
    pub const fn receipt(&self) -> Receipt {
        self.receipt
    }

    /// Each class of information that the record holds and the view does not, with the rule that withheld it.
    pub fn masked(&self) -> impl Iterator<Item = Reason<'_>> {
        self.decision.reasons().filter(|reason| reason.effect != Effect::Granted)
    }

    /// The classes that the record holds and the view does not.
    pub fn masked_classes(&self) -> ClassSet {
        self.decision.withheld()
    }
}

impl View<Resource> {
    /// The record as JSON, as far as it was granted.
    pub fn to_json(&self) -> String {
        self.value.to_json()
    }
}

impl<T> fmt::Debug for View<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("View");
        out.field("granted", &self.decision.permitted()).field("masked", &self.masked_classes()).finish_non_exhaustive()
    }
}
