//! The policies of a trail: what was decided under one that no entry had brought in.
//!
//! A policy is brought in, and taken out of use again, by an entry of its own ([`Kind::PolicyChange`]). Every decision names the policy
//! that made it, by name, version and a hash of what it says. So whoever reviews a trail can see whether anything was decided by rules
//! that nobody had adopted, such as a policy of the same name with one rule more.

use std::collections::HashSet;

use crate::TrailError;
use crate::event::{Action, Event, Kind, PolicyReference};

/// A decision by a policy that was not in use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAdopted {
    /// The place of its entry in the trail, from 0.
    pub index: u64,
    /// The policy that decided.
    pub policy: PolicyReference,
}

/// Names the entries that were decided by a policy that no entry before them had brought in, or that was taken out of use since.
/// It goes through the whole trail, in its order. Entries that name no policy are not judged: failures have none, nor does what was
/// written in a format before 3.
///
/// # Errors
///
/// When an event cannot be read: then the list would not be whole.
pub fn not_adopted(
    events: impl IntoIterator<Item = Result<(u64, Event), TrailError>>,
) -> Result<Vec<NotAdopted>, TrailError> {
    let (mut adopted, mut found) = (HashSet::new(), Vec::new());
    for event in events {
        let (index, event) = event?;
        let Some(policy) = event.policy else { continue };
        match (event.kind, event.action) {
            (Kind::PolicyChange, Action::Delete) => {
                adopted.remove(&policy);
            }
            (Kind::PolicyChange, _) => {
                adopted.insert(policy);
            }
            _ if adopted.contains(&policy) => {}
            _ => found.push(NotAdopted { index, policy }),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Agent;
    use crate::merkle::leaf_hash;
    use crate::{MemoryTrail, Trail};
    use chrono::DateTime;

    fn policy(version: &str, rules: &[u8]) -> PolicyReference {
        PolicyReference::new("House", version, leaf_hash(rules))
    }

    fn entry(kind: Kind, action: Action, policy: Option<PolicyReference>) -> Event {
        let mut event = Event::new(DateTime::UNIX_EPOCH, kind, action, Agent::new("staff-7", "officer"));
        event.policy = policy;
        event
    }

    #[test]
    fn what_nobody_had_adopted_is_named() {
        let (one, two) = (policy("1", b"rules"), policy("2", b"more"));
        let other_rules = policy("1", b"other rules");
        let mut trail = MemoryTrail::new();
        for event in [
            entry(Kind::Disclosure, Action::Read, Some(one.clone())),
            entry(Kind::PolicyChange, Action::Create, Some(one.clone())),
            entry(Kind::Disclosure, Action::Read, Some(one.clone())),
            entry(Kind::Denial, Action::Read, Some(other_rules.clone())),
            entry(Kind::PolicyChange, Action::Create, Some(two.clone())),
            entry(Kind::BreakGlass, Action::Read, Some(two)),
            entry(Kind::PolicyChange, Action::Delete, Some(one.clone())),
            entry(Kind::Disclosure, Action::Read, Some(one.clone())),
            entry(Kind::Denial, Action::Read, None),
        ] {
            trail.append(&event).unwrap();
        }
        let named = |index, policy| NotAdopted { index, policy };
        let expected = [named(0, one.clone()), named(3, other_rules), named(7, one)];
        assert_eq!(trail.not_adopted().unwrap(), expected);
    }

    #[test]
    fn an_entry_that_cannot_be_read_leaves_no_list() {
        assert!(not_adopted([Err(TrailError::storage("disk"))]).is_err());
    }
}
