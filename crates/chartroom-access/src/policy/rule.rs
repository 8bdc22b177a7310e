//! One rule: when it applies, and what it does then.

use std::fmt;

use chartroom_record::ClassSet;
use chrono::NaiveDate;

use super::dimension::{Dimension, UNKNOWN, YES};
use super::element::ElementPath;
use crate::label::Sensitivity;
use crate::{Confidentiality, Obligations, ResourceType};

/// What a rule does when it applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RuleEffect {
    /// Grants its classes.
    Permit,
    /// Withholds its classes, whatever other rules grant.
    Forbid,
}

/// One rule of a policy.
#[derive(Clone, Debug)]
pub struct Rule {
    pub(super) id: String,
    /// Where the id stands: a byte of the text, until the text is at hand to tell line and column.
    pub(super) at: usize,
    pub(super) place: [usize; 2],
    pub(super) effect: RuleEffect,
    pub(super) when: Conditions,
    pub(super) classes: ClassSet,
    pub(super) elements: Option<Vec<ElementPath>>,
    pub(super) obligations: Obligations,
    pub(super) citation: Citation,
    pub(super) because: Option<String>,
}

/// When a rule applies. What is not there stands for anything, but see [`Rule::admits`] for what a permit must name.
///
/// Lists of a vocabulary are bits by the numbers of its values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conditions {
    /// Bits of the roles named.
    pub(crate) roles: Option<u64>,
    pub(crate) actions: Option<u64>,
    pub(crate) purposes: Option<u64>,
    pub(crate) types: Option<Vec<ResourceType>>,
    pub(crate) relationships: Option<u64>,
    /// Bits of the labels named, and [`UNLABELLED`].
    pub(crate) labels: Option<u64>,
    pub(crate) confidentiality: Option<u64>,
    pub(crate) originator: Option<bool>,
    pub(crate) break_glass: Option<bool>,
    /// Bits of the places named.
    pub(crate) places: Option<u64>,
    /// Bits of the organizations named.
    pub(crate) organizations: Option<u64>,
    pub(crate) own_organization: Option<bool>,
    pub(crate) care_settings: Option<u64>,
    pub(crate) cleared: Option<bool>,
    pub(crate) own_chart: Option<bool>,
    pub(crate) vip: Option<bool>,
    pub(crate) deceased: Option<bool>,
    /// Bits of the bands of age that count, where the rule asks for an age.
    pub(crate) ages: Option<u64>,
    pub(crate) age_from: Option<String>,
    pub(crate) age_below: Option<String>,
    /// Bits of the kinds of consent named.
    pub(crate) consents: Option<u64>,
}

/// The lock of records without a label; each label is a lock by its number.
pub(crate) const UNLABELLED: usize = Sensitivity::COUNT;

impl Rule {
    /// The name of the rule.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The line of its id in the text that was read, counted from one.
    pub fn line(&self) -> usize {
        let [line, _] = self.place;
        line
    }

    /// The column of its id in the text that was read, in characters, counted from one.
    pub fn column(&self) -> usize {
        let [_, column] = self.place;
        column
    }

    /// Whether it grants or withholds.
    pub fn effect(&self) -> RuleEffect {
        self.effect
    }

    /// What it grants or withholds.
    pub fn classes(&self) -> ClassSet {
        self.classes
    }

    /// The elements it speaks of, such as `Patient.contact`; none where it speaks of whole records.
    pub fn elements(&self) -> Option<impl Iterator<Item = &str>> {
        self.elements.as_ref().map(|elements| elements.iter().map(ElementPath::as_str))
    }

    /// What whoever is granted something by this rule must also do.
    pub fn obligations(&self) -> Obligations {
        self.obligations
    }

    /// The law or house rule it rests on.
    pub fn citation(&self) -> &Citation {
        &self.citation
    }

    /// The thought behind it, in plain words.
    pub fn because(&self) -> Option<&str> {
        self.because.as_deref()
    }

    /// Whether it grants.
    pub(crate) fn permits(&self) -> bool {
        self.effect == RuleEffect::Permit
    }

    /// A path to each element it speaks of.
    pub(crate) fn samples(&self) -> impl Iterator<Item = String> {
        self.elements.iter().flatten().map(ElementPath::sample)
    }

    /// Whether it speaks of the element at this path.
    pub(crate) fn covers(&self, path: &str) -> bool {
        self.elements.as_ref().is_none_or(|elements| elements.iter().any(|element| element.covers(path)))
    }

    /// Whether it speaks of this label by name.
    pub(crate) fn names(&self, label: Sensitivity) -> bool {
        self.when.labels.is_some_and(|labels| has(labels, label as usize))
    }

    /// Whether it holds for someone with these roles.
    pub(crate) fn holds_for(&self, roles: u64) -> bool {
        self.when.roles.map_or(!self.permits(), |named| named & roles != 0)
    }

    /// Whether it has a key to this lock (a permit), or reaches what is behind it (a refusal).
    pub(crate) fn opens(&self, lock: usize) -> bool {
        match self.when.labels {
            // A permit without labels is about records without labels.
            None => !self.permits() || lock == UNLABELLED,
            Some(labels) => has(labels, lock),
        }
    }

    /// Whether this value of this dimension satisfies the rule. All that a condition means stands here.
    pub(crate) fn admits(&self, dimension: Dimension, value: usize) -> bool {
        let when = &self.when;
        match dimension {
            Dimension::Action => listed(when.actions, value),
            Dimension::Purpose => listed(when.purposes, value),
            Dimension::Relationship => listed(when.relationships, value),
            // A type that nobody knows is for refusals only.
            Dimension::Type if value == ResourceType::UNKNOWN.index() => !self.permits(),
            Dimension::Type => when.types.as_ref().is_none_or(|types| types.iter().any(|kind| kind.index() == value)),
            Dimension::Confidentiality => self.admits_level(value),
            Dimension::CareSetting => self.known(when.care_settings, value),
            Dimension::Place => self.known(when.places, value),
            Dimension::Organization => self.known(when.organizations, value),
            Dimension::Age => self.known(when.ages, value),
            Dimension::Originator => self.told(when.originator, value),
            Dimension::Glass => self.told(when.break_glass, value),
            Dimension::Clearance => self.told(when.cleared, value),
            Dimension::OwnOrganization => self.told(when.own_organization, value),
            Dimension::OwnChart => self.told(when.own_chart, value),
            Dimension::Vip => self.told(when.vip, value),
            Dimension::Deceased => self.told(when.deceased, value),
            // One of these consents fulfils a permit, and lifts a refusal.
            Dimension::Consents => when.consents.is_none_or(|named| (named & value as u64 != 0) == self.permits()),
        }
    }

    /// A level that nobody knows counts as very restricted, and a refusal that reaches anything restricted reaches it too.
    fn admits_level(&self, value: usize) -> bool {
        let unknown = value == Confidentiality::Unknown as usize;
        let closed = |levels| has(levels, Confidentiality::VeryRestricted as usize);
        let reached = |levels| !self.permits() && has(levels, Confidentiality::Restricted as usize);
        match self.when.confidentiality {
            None => !self.permits() || value <= Confidentiality::Normal as usize,
            Some(levels) => has(levels, value) || unknown && (closed(levels) || reached(levels)),
        }
    }

    /// What is not known satisfies refusals, and no permit.
    fn known(&self, named: Option<u64>, value: usize) -> bool {
        named.is_none_or(|named| value.checked_sub(1).map_or(!self.permits(), |number| has(named, number)))
    }

    fn told(&self, wanted: Option<bool>, value: usize) -> bool {
        wanted.is_none_or(|wanted| if value == UNKNOWN { !self.permits() } else { wanted == (value == YES) })
    }
}

/// Whether the bit with this number is set.
pub(crate) fn has(bits: u64, number: usize) -> bool {
    number < 64 && bits & (1 << number) != 0
}

fn listed(named: Option<u64>, value: usize) -> bool {
    named.is_none_or(|named| has(named, value))
}

/// The law or house rule that a rule rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Citation {
    /// Where it stands, such as `45 CFR 164.524(a)(1)`.
    pub source: String,
    /// The day from which the text relied on is in effect.
    pub dated: NaiveDate,
}

impl fmt::Display for Citation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.source, self.dated)
    }
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn a_word_has_no_bit_beyond_its_last() {
        assert!(has(u64::MAX, 63) && !has(u64::MAX, 64));
        assert!(has(0b10, 1) && !has(0b10, 0));
    }
}
