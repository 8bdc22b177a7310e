//! The policies that come with the crate.

use super::Policy;

/// The policies that come with this crate, each for one kind of house in the United States: starting points for review by those
/// who answer for them, not legal advice. What each grants, and by which law, its [text](Self::text) tells.
///
/// ```
/// use chartroom_access::Starter;
/// use chartroom_access::analysis::Question;
/// use chartroom_access::label::Sensitivity;
///
/// // No clerk, coordinator or clinician ever reads what another wrote down in psychotherapy, unless the patient has authorized it.
/// for starter in Starter::ALL {
///     let note = Question {
///         label: Some(Sensitivity::PsychotherapyNote),
///         originator: Some(false),
///         consents: Some(&[]),
///         ..Question::default()
///     };
///     assert!(starter.policy().can(&note).is_none());
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Starter {
    /// A physician practice: what [`Policy::starter`] gives.
    Practice,
    /// A hospital.
    Hospital,
    /// A nursing facility.
    NursingFacility,
    /// A health insurer.
    Insurer,
    /// A public-health agency.
    PublicHealth,
    /// Research.
    Research,
    /// A patient portal.
    PatientPortal,
    /// A health information exchange.
    Exchange,
}

impl Starter {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Practice,
        Self::Hospital,
        Self::NursingFacility,
        Self::Insurer,
        Self::PublicHealth,
        Self::Research,
        Self::PatientPortal,
        Self::Exchange,
    ];

    /// Its text, to begin a policy of your own with.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Practice => include_str!("../../policies/practice.toml"),
            Self::Hospital => include_str!("../../policies/hospital.toml"),
            Self::NursingFacility => include_str!("../../policies/nursing-facility.toml"),
            Self::Insurer => include_str!("../../policies/insurer.toml"),
            Self::PublicHealth => include_str!("../../policies/public-health.toml"),
            Self::Research => include_str!("../../policies/research.toml"),
            Self::PatientPortal => include_str!("../../policies/patient-portal.toml"),
            Self::Exchange => include_str!("../../policies/exchange.toml"),
        }
    }

    /// The policy. It reads its text at each call, so keep the policy.
    pub fn policy(self) -> Policy {
        // A test holds the shipped texts to be right; were one not, the empty policy refuses everything.
        Policy::from_toml(self.text()).unwrap_or_default()
    }
}

impl Policy {
    /// The policy of [`Starter::Practice`]: physician, nurse, billing clerk, front desk, researcher, patient and personal
    /// representative of a practice in the United States.
    ///
    /// It reads its text at each call, so keep the policy.
    pub fn starter() -> Self {
        Starter::Practice.policy()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label::{LabelSet, Sensitivity};
    use crate::{Action, BreakGlass, Confidentiality, Decision, Declaration, Facts, Obligation, Purpose, Relationship};
    use crate::{Request, ResourceType};
    use chartroom_record::{Class, ClassSet};
    use chrono::{DateTime, TimeDelta};
    use proptest::prelude::*;

    const STARTER: &str = Starter::Practice.text();
    const PART_2: [Sensitivity; 4] = [
        Sensitivity::SubstanceUse,
        Sensitivity::SubstanceUseDisorder,
        Sensitivity::AlcoholUseDisorder,
        Sensitivity::OpioidUseDisorder,
    ];

    fn request(role: &str, purpose: Purpose, relationship: Relationship) -> Request {
        Request {
            relationship: relationship.into(),
            ..Request::new(
                "actor",
                role.into(),
                Action::Read,
                purpose,
                DateTime::from_timestamp(1_772_000_000, 0).expect("in range"),
            )
        }
    }

    fn condition(labels: &[Sensitivity]) -> Facts {
        let facts = Facts::new(ResourceType::of("Condition"), ClassSet::ALL);
        Facts { labels: LabelSet::of(labels), patient: Some("p".into()), ..facts }
    }

    fn decide(role: &str, purpose: Purpose, relationship: Relationship, facts: &Facts) -> Decision {
        Policy::starter().decide(&request(role, purpose, relationship), facts)
    }

    fn in_emergency(role: &str, facts: &Facts) -> Decision {
        let request = request(role, Purpose::EmergencyTreatment, Relationship::None);
        let declaration = Declaration {
            actor: "actor",
            patient: "p",
            reason: "unconscious, alone",
            at: request.at,
            lasts: TimeDelta::hours(2),
        };
        Policy::starter().decide(&Request { break_glass: BreakGlass::declare(declaration).ok(), ..request }, facts)
    }

    /// Every request that a role can make without breaking the glass.
    fn requests(role: &str) -> Vec<Request> {
        let mut requests = Vec::new();
        for action in Action::ALL {
            for purpose in Purpose::ALL {
                for relationship in Relationship::ALL {
                    requests.push(Request { action: *action, ..request(role, *purpose, *relationship) });
                }
            }
        }
        requests
    }

    /// Everything that any such request may see of a record.
    fn ever(role: &str, facts: &Facts) -> ClassSet {
        let policy = Policy::starter();
        let seen = requests(role).into_iter().map(|request| policy.decide(&request, facts).permitted());
        seen.fold(ClassSet::NONE, ClassSet::union)
    }

    #[test]
    fn the_texts_read_and_every_rule_has_its_thought() {
        for starter in Starter::ALL {
            let policy = Policy::from_toml(starter.text()).unwrap_or_else(|error| panic!("{starter:?}: {error}"));
            assert!(policy.rules().iter().all(|rule| rule.because().is_some()), "{starter:?}");
        }
        let policy = Policy::starter();
        for role in ["physician", "nurse", "billing-clerk", "front-desk", "researcher", "patient"] {
            assert!(policy.has_role(role), "{role}");
        }
    }

    #[test]
    fn the_treating_physician_sees_the_chart() {
        let see = |labels: &[Sensitivity]| {
            decide("physician", Purpose::Treatment, Relationship::Treating, &condition(labels)).permitted()
        };
        assert_eq!(see(&[]), ClassSet::ALL);
        assert_eq!(see(&[Sensitivity::Hiv, Sensitivity::Psychiatry]), ClassSet::ALL);
        assert_eq!(see(&PART_2), ClassSet::ALL);
        assert_eq!(see(&[Sensitivity::PsychotherapyNote]), ClassSet::NONE);
        assert_eq!(see(&[Sensitivity::Unknown]), ClassSet::NONE);
        let stranger = decide("physician", Purpose::Treatment, Relationship::None, &condition(&[]));
        assert!(!stranger.is_permitted());
        let substance = decide("physician", Purpose::Treatment, Relationship::Treating, &condition(&PART_2));
        assert!(substance.obligations().contains(Obligation::NoRedisclosureWithoutConsent));
    }

    #[test]
    fn the_nurse_needs_consent_for_substance_use() {
        let see =
            |labels: &[Sensitivity]| decide("nurse", Purpose::Treatment, Relationship::CareTeam, &condition(labels));
        assert_eq!(see(&[Sensitivity::Hiv]).permitted(), ClassSet::ALL);
        let shut = see(&[Sensitivity::SubstanceUse]);
        assert!(!shut.is_permitted());
        assert_eq!(shut.reason(Class::Clinical).rule_id(), Some("part-2-nurse"));
    }

    #[test]
    fn psychotherapy_notes_are_for_their_originator() {
        let note = condition(&[Sensitivity::PsychotherapyNote, Sensitivity::Psychiatry]);
        let own = Facts { originator: Some("actor".into()), ..note.clone() };
        assert_eq!(decide("physician", Purpose::Treatment, Relationship::Treating, &own).permitted(), ClassSet::ALL);
        for role in Policy::starter().roles() {
            assert_eq!(ever(role, &note), ClassSet::NONE, "{role}");
            assert!(!in_emergency(role, &note).is_permitted(), "{role}");
        }
        assert!(!in_emergency("physician", &own).is_permitted());
        // Unless a rule says so by name.
        let rule = "[[rule]]\nid = \"z\"\neffect = \"permit\"\nroles = [\"physician\"]\nactions = [\"read\"]\npurposes = [\"ETREAT\"]\n\
             break_glass = true\nlabels = [\"PSYTHPN\", \"PSY\"]\nclasses = [\"all\"]\ncites = \"house\"\ndated = 2026-01-01\n";
        let house = Policy::from_toml(&format!("{STARTER}{rule}")).expect("well formed");
        let asking = in_emergency("physician", &note).request().clone();
        assert!(house.decide(&asking, &note).is_permitted());
        assert!(!house.decide(&Request { break_glass: None, ..asking }, &note).is_permitted());
    }

    #[test]
    fn sensitive_records_are_shut_to_payment_reception_and_research() {
        for role in ["billing-clerk", "front-desk", "researcher"] {
            for label in Sensitivity::ALL {
                assert_eq!(ever(role, &condition(&[*label])), ClassSet::NONE, "{role} {label}");
                assert!(!in_emergency(role, &condition(&[*label])).is_permitted(), "{role} {label}");
            }
        }
        let clerk =
            decide("billing-clerk", Purpose::Payment, Relationship::None, &condition(&[Sensitivity::SubstanceUse]));
        assert_eq!(clerk.reason(Class::Clinical).citation().expect("cited").source, "42 CFR 2.31 and 2.33");
        let clerk = decide("billing-clerk", Purpose::Payment, Relationship::None, &condition(&[Sensitivity::Hiv]));
        assert_eq!(clerk.reason(Class::Clinical).rule_id(), Some("sensitive-minimum"));
    }

    #[test]
    fn each_sees_its_part() {
        let clerk = ever("billing-clerk", &condition(&[]));
        assert!(clerk.contains(Class::Clinical) && !clerk.contains(Class::Narrative) && !clerk.contains(Class::Name));
        let result = Facts::new(ResourceType::of("Observation"), ClassSet::ALL);
        assert_eq!(ever("billing-clerk", &result), ClassSet::NONE);
        let person = Facts::new(ResourceType::of("Patient"), ClassSet::ALL);
        assert!(ever("front-desk", &person).contains(Class::Contact));
        for kind in ResourceType::all() {
            let facts = Facts::new(kind, ClassSet::ALL);
            assert!(!ever("front-desk", &facts).contains(Class::Clinical), "{kind}");
            let seen = ever("researcher", &facts);
            let open = ClassSet::of(&[Class::Demographic, Class::Clinical, Class::Administrative]);
            assert!(seen.without(open).is_empty(), "{kind}");
        }
    }

    #[test]
    fn patients_see_their_own() {
        let see =
            |relationship, facts: &Facts| decide("patient", Purpose::PatientRequest, relationship, facts).permitted();
        let labelled = condition(&[Sensitivity::Hiv, Sensitivity::SubstanceUse]);
        let closed = Facts { confidentiality: Confidentiality::VeryRestricted, ..labelled };
        assert_eq!(see(Relationship::Patient, &closed), ClassSet::ALL);
        assert_eq!(see(Relationship::None, &condition(&[])), ClassSet::NONE);
        assert_eq!(ever("representative", &condition(&[Sensitivity::SexualAndReproductiveHealth])), ClassSet::NONE);
    }

    #[test]
    fn the_glass_opens_all_but_psychotherapy_notes() {
        let everything = [Sensitivity::Hiv, Sensitivity::SubstanceUse, Sensitivity::Unknown];
        let facts = Facts { confidentiality: Confidentiality::Unknown, ..condition(&everything) };
        for role in ["physician", "nurse"] {
            let decision = in_emergency(role, &facts);
            assert_eq!(decision.permitted(), ClassSet::ALL);
            assert!(decision.obligations().contains(Obligation::ReviewAccess));
            assert_eq!(decision.reason(Class::Clinical).rule_id(), Some("emergency"));
        }
        assert!(!in_emergency("billing-clerk", &condition(&[])).is_permitted());
    }

    proptest! {
        #[test]
        fn garbage_never_permits(text in "\\PC{0,400}") {
            if let Ok(policy) = Policy::from_toml(&text) {
                prop_assert!(!policy.decide(&request("physician", Purpose::Treatment, Relationship::Treating), &condition(&[])).is_permitted());
            }
        }

        #[test]
        fn damaged_text_never_panics_or_opens_to_strangers(
            cuts in prop::collection::vec((0..STARTER.len(), 0usize..40, "[ -~\n]{0,6}"), 1..5),
        ) {
            let mut text = STARTER.as_bytes().to_vec();
            for (at, length, instead) in cuts {
                let at = at.min(text.len());
                let end = (at + length).min(text.len());
                text.splice(at..end, instead.bytes());
            }
            match Policy::from_toml(&String::from_utf8_lossy(&text)) {
                Ok(policy) => for request in [
                    request("stranger", Purpose::Treatment, Relationship::Treating),
                    request("billing-clerk", Purpose::Marketing, Relationship::None),
                ] {
                    prop_assert!(!policy.decide(&request, &condition(&[])).is_permitted());
                },
                Err(error) => prop_assert!(error.line() >= 1 && error.column() >= 1 && !error.to_string().is_empty()),
            }
        }
    }
}
