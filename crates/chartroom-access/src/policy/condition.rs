//! What a rule asks, for those who show rules or say them in another language.

use super::declared::{HasName, position};
use super::rule::{Conditions, Rule, UNLABELLED, has};
use super::{Policy, Rules};
use crate::consent::ConsentKind;
use crate::label::{LabelSet, Sensitivity};
use crate::vocabulary::Term;
use crate::{Action, CareSetting, Confidentiality, Purpose, Relationship, ResourceType};

/// Something that a rule asks. It applies where all that it asks holds; a list asks for any one of what it names.
///
/// Whoever says a rule in another language has to notice a new condition, so a `match` without it does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleCondition<'a> {
    /// A role, or one that extends it.
    Roles(Vec<&'a str>),
    /// What someone wants to do.
    Actions(Vec<Action>),
    /// Why.
    Purposes(Vec<Purpose>),
    /// The type of the record.
    Types(&'a [ResourceType]),
    /// What they are to the patient at that time.
    Relationships(Vec<Relationship>),
    /// A label of the record, or that it has none.
    Labels {
        /// The labels named.
        labels: LabelSet,
        /// Whether records without a label are named too.
        unlabelled: bool,
    },
    /// How closely the record is held.
    Confidentiality(Vec<Confidentiality>),
    /// Whether they made the record themselves.
    Originator(bool),
    /// Whether they broke the glass.
    BreakGlass(bool),
    /// Where they are.
    Places(Vec<&'a str>),
    /// For whom they work.
    Organizations(Vec<&'a str>),
    /// Whether the organization for which they work keeps the record.
    OwnOrganization(bool),
    /// Where the care was given.
    CareSettings(Vec<CareSetting>),
    /// Whether they are cleared for the record.
    Cleared(bool),
    /// Whether the record is about themselves.
    OwnChart(bool),
    /// Whether the patient is a person of public interest.
    Vip(bool),
    /// Whether the patient has died.
    Deceased(bool),
    /// That the patient is at least so many years old.
    AgeFrom(u8),
    /// That the patient is younger.
    AgeBelow(u8),
    /// A consent of the patient: a permit needs one of these kinds, and a refusal applies until there is one.
    Consents(Vec<ConsentKind>),
}

impl Policy {
    /// What one of its rules asks. Its [`classes`](Rule::classes) and [`elements`](Rule::elements) are what it is about.
    ///
    /// ```
    /// use chartroom_access::{Policy, RuleCondition};
    ///
    /// let policy = Policy::starter();
    /// let own = policy.rules().iter().find(|rule| rule.id() == "psychotherapy-own").unwrap();
    /// assert!(policy.conditions(own).contains(&RuleCondition::Originator(true)));
    /// ```
    pub fn conditions<'a>(&'a self, rule: &'a Rule) -> Vec<RuleCondition<'a>> {
        of(&rule.when, self.all())
    }
}

fn of<'a>(when: &'a Conditions, all: &'a Rules) -> Vec<RuleCondition<'a>> {
    // A new condition fails to compile here until it can be told.
    let Conditions {
        roles,
        actions,
        purposes,
        types,
        relationships,
        labels,
        confidentiality,
        originator,
        break_glass,
        places,
        organizations,
        own_organization,
        care_settings,
        cleared,
        own_chart,
        vip,
        deceased,
        ages: _,
        age_from,
        age_below,
        consents,
    } = when;
    let years = |name: &Option<String>| {
        let index = name.as_ref().and_then(|name| position(&all.ages, name));
        index.and_then(|index| all.ages.get(index)).map(|age| age.years)
    };
    let labels = labels.map(|bits| RuleCondition::Labels {
        labels: values(bits, Sensitivity::ALL).into_iter().collect(),
        unlabelled: has(bits, UNLABELLED),
    });
    [
        roles.map(|bits| RuleCondition::Roles(names(bits, &all.roles))),
        actions.map(|bits| RuleCondition::Actions(values(bits, Action::ALL))),
        purposes.map(|bits| RuleCondition::Purposes(values(bits, Purpose::ALL))),
        types.as_deref().map(RuleCondition::Types),
        relationships.map(|bits| RuleCondition::Relationships(values(bits, Relationship::ALL))),
        labels,
        confidentiality.map(|bits| RuleCondition::Confidentiality(values(bits, Confidentiality::ALL))),
        originator.map(RuleCondition::Originator),
        break_glass.map(RuleCondition::BreakGlass),
        places.map(|bits| RuleCondition::Places(names(bits, &all.places))),
        organizations.map(|bits| RuleCondition::Organizations(names(bits, &all.organizations))),
        own_organization.map(RuleCondition::OwnOrganization),
        care_settings.map(|bits| RuleCondition::CareSettings(values(bits, CareSetting::ALL))),
        cleared.map(RuleCondition::Cleared),
        own_chart.map(RuleCondition::OwnChart),
        vip.map(RuleCondition::Vip),
        deceased.map(RuleCondition::Deceased),
        years(age_from).map(RuleCondition::AgeFrom),
        years(age_below).map(RuleCondition::AgeBelow),
        consents.map(|bits| RuleCondition::Consents(values(bits, ConsentKind::ALL))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The values with these bits.
fn values<T: Term + Copy>(bits: u64, all: &[T]) -> Vec<T> {
    all.iter().copied().filter(|value| has(bits, value.number())).collect()
}

/// The names with these bits.
pub(super) fn names<T: HasName>(bits: u64, all: &[T]) -> Vec<&str> {
    all.iter().enumerate().filter(|(index, _)| has(bits, *index)).map(|(_, one)| one.name()).collect()
}

#[cfg(test)]
mod tests {
    use super::RuleCondition::*;
    use super::*;

    #[test]
    fn all_that_a_rule_asks_is_told() {
        let policy = Policy::from_toml(
            "[policy]\nname = \"p\"\nversion = \"1\"\n[roles.nurse]\ntitle = \"N\"\n[roles.other]\ntitle = \"O\"\n[places]\n\
             er.title = \"E\"\n[organizations]\nlab.title = \"L\"\n[ages.adult]\nyears = 18\ncites = \"h\"\ndated = 2026-01-01\n\
             [[rule]]\nid = \"a\"\neffect = \"permit\"\nroles = [\"nurse\"]\nactions = [\"read\", \"search\"]\n\
             purposes = [\"TREAT\"]\ntypes = [\"Patient\"]\nrelationships = [\"treating\"]\nlabels = [\"HIV\", \"unlabelled\"]\n\
             confidentiality = [\"R\"]\noriginator = false\nbreak_glass = true\nplaces = [\"er\"]\norganizations = [\"lab\"]\n\
             own_organization = true\ncare_settings = [\"AMB\"]\ncleared = true\nown_chart = false\nvip = true\n\
             deceased = false\nage_from = \"adult\"\nconsents = [\"part-2\"]\nclasses = [\"Name\"]\ncites = \"house\"\n\
             dated = 2026-01-01\n[[rule]]\nid = \"b\"\neffect = \"forbid\"\nlabels = [\"PSY\"]\nage_below = \"adult\"\n\
             classes = [\"Name\"]\ncites = \"house\"\ndated = 2026-01-01\n",
        )
        .expect("well formed");
        let [permit, refusal] = policy.rules() else { panic!("two rules") };
        assert_eq!(
            policy.conditions(permit),
            [
                Roles(vec!["nurse"]),
                Actions(vec![Action::Read, Action::Search]),
                Purposes(vec![Purpose::Treatment]),
                Types(&[ResourceType::of("Patient")]),
                Relationships(vec![Relationship::Treating]),
                Labels { labels: Sensitivity::Hiv.into(), unlabelled: true },
                Confidentiality(vec![crate::Confidentiality::Restricted]),
                Originator(false),
                BreakGlass(true),
                Places(vec!["er"]),
                Organizations(vec!["lab"]),
                OwnOrganization(true),
                CareSettings(vec![CareSetting::Ambulatory]),
                Cleared(true),
                OwnChart(false),
                Vip(true),
                Deceased(false),
                AgeFrom(18),
                Consents(vec![ConsentKind::Part2]),
            ]
        );
        let asked = [Labels { labels: Sensitivity::Psychiatry.into(), unlabelled: false }, AgeBelow(18)];
        assert_eq!(policy.conditions(refusal), asked);
    }
}
