//! Policies brought into use, and taken out of it, on the trail.

use chartroom_access::Policy;
use chartroom_audit::event::{Action, Agent, Event, Kind};
use chartroom_audit::{Receipt, Trail, TrailError};
use chartroom_seal::KeyService;
use chrono::{DateTime, Utc};

use crate::Vault;
use crate::disclosure::reference;

impl<K: KeyService> Vault<K> {
    /// Writes to the trail that a policy is in use from now on. Several may be. Every ruling names its policy as this entry does, by name,
    /// version and [digest](Policy::digest), and [`chartroom_audit::policies`] finds what was decided by one that was not adopted. To rule
    /// by such a one is not refused.
    ///
    /// # Errors
    /// The trail could not take the entry.
    pub fn adopt(
        &self,
        policy: &Policy,
        by: Agent,
        at: DateTime<Utc>,
        trail: &mut (impl Trail + ?Sized),
    ) -> Result<Receipt, TrailError> {
        trail.append(&changed(policy, Action::Create, by, at))
    }

    /// Writes to the trail that a policy is no longer in use.
    ///
    /// # Errors
    /// The trail could not take the entry.
    pub fn withdraw(
        &self,
        policy: &Policy,
        by: Agent,
        at: DateTime<Utc>,
        trail: &mut (impl Trail + ?Sized),
    ) -> Result<Receipt, TrailError> {
        trail.append(&changed(policy, Action::Delete, by, at))
    }
}

fn changed(policy: &Policy, action: Action, by: Agent, at: DateTime<Utc>) -> Event {
    let mut event = Event::new(at, Kind::PolicyChange, action, by);
    event.policy = Some(reference(policy));
    event
}
