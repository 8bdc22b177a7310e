//! What kind of information an element carries.

use std::fmt;
use std::str::FromStr;

/// A kind of information, the unit in which access is granted, parts are sealed and elements are masked.
///
/// The identity classes line up with the eighteen identifiers of the HIPAA Safe Harbor method, 45 CFR 164.514(b)(2).
/// The numbers are part of the sealed format: they never change, and a new class takes the next free one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Class {
    /// Names of the patient, and of people named in the patient's place.
    Name = 0,
    /// Postal addresses and places smaller than a state.
    Address = 1,
    /// Telephone, fax, e-mail, web addresses.
    Contact = 2,
    /// Birth and death dates, and ages.
    BirthDate = 3,
    /// Record numbers and other identifiers with no narrower class.
    Identifier = 4,
    /// Identifiers a government gave: social security, passport, driving licence.
    GovernmentId = 5,
    /// Health plan and member numbers.
    InsuranceId = 6,
    /// Device identifiers and serial numbers.
    DeviceId = 7,
    /// Faces, fingerprints, voices.
    Biometric = 8,
    /// Dates of care: admission, discharge, onset, result, prescription.
    ServiceDate = 9,
    /// Sex, race, ethnicity, language, marital status.
    Demographic = 10,
    /// Findings, diagnoses, treatments, results.
    Clinical = 11,
    /// Free text that a person wrote, where anything may stand.
    Narrative = 12,
    /// Attached documents, images and other binary content.
    Attachment = 13,
    /// Who took part in care: practitioners, organizations, locations.
    Participant = 14,
    /// Links to related people and to other records.
    Relation = 15,
    /// Status, workflow and scheduling.
    Administrative = 16,
    /// Charges, payments, coverage terms.
    Financial = 17,
    /// What the machinery needs: ids, versions, profiles, languages of the record itself.
    Technical = 18,
    /// What nobody has classified: unknown members, unknown extensions, resource types outside the typed set.
    /// Granted only by name.
    Unclassified = 19,
}

impl Class {
    /// Every class, in the order of their numbers.
    pub const ALL: [Self; 20] = [
        Self::Name,
        Self::Address,
        Self::Contact,
        Self::BirthDate,
        Self::Identifier,
        Self::GovernmentId,
        Self::InsuranceId,
        Self::DeviceId,
        Self::Biometric,
        Self::ServiceDate,
        Self::Demographic,
        Self::Clinical,
        Self::Narrative,
        Self::Attachment,
        Self::Participant,
        Self::Relation,
        Self::Administrative,
        Self::Financial,
        Self::Technical,
        Self::Unclassified,
    ];

    /// The name in policies and audit entries, such as `BirthDate`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Address => "Address",
            Self::Contact => "Contact",
            Self::BirthDate => "BirthDate",
            Self::Identifier => "Identifier",
            Self::GovernmentId => "GovernmentId",
            Self::InsuranceId => "InsuranceId",
            Self::DeviceId => "DeviceId",
            Self::Biometric => "Biometric",
            Self::ServiceDate => "ServiceDate",
            Self::Demographic => "Demographic",
            Self::Clinical => "Clinical",
            Self::Narrative => "Narrative",
            Self::Attachment => "Attachment",
            Self::Participant => "Participant",
            Self::Relation => "Relation",
            Self::Administrative => "Administrative",
            Self::Financial => "Financial",
            Self::Technical => "Technical",
            Self::Unclassified => "Unclassified",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A name that is no [`Class`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a class of information")]
pub struct UnknownClass;

impl FromStr for Class {
    type Err = UnknownClass;

    fn from_str(text: &str) -> Result<Self, UnknownClass> {
        Self::ALL.into_iter().find(|class| class.name() == text).ok_or(UnknownClass)
    }
}

/// A set of classes, as one bit mask.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ClassSet(u32);

impl ClassSet {
    /// No class.
    pub const NONE: Self = Self(0);
    /// Every class, `Unclassified` too.
    pub const ALL: Self = Self((1 << Class::ALL.len()) - 1);

    /// The set of these classes.
    pub const fn of(classes: &[Class]) -> Self {
        let mut bits = 0;
        let mut rest = classes;
        while let [class, tail @ ..] = rest {
            bits |= 1 << *class as u32;
            rest = tail;
        }
        Self(bits)
    }

    /// The set with these bits; bit *n* is the class with number *n*. Bits of no class are dropped.
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits & Self::ALL.0)
    }

    /// The mask; bit *n* is the class with number *n*.
    pub const fn bits(self) -> u32 {
        self.0
    }

    /// Whether the class is in the set.
    pub const fn contains(self, class: Class) -> bool {
        self.0 & (1 << class as u32) != 0
    }

    /// Whether no class is in the set.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// How many classes are in the set.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Puts a class into the set.
    pub const fn insert(&mut self, class: Class) {
        self.0 |= 1 << class as u32;
    }

    /// The classes of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The classes of this set that the other lacks.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The classes, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Class> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let class = Class::ALL.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(*class)
        })
    }
}

impl From<Class> for ClassSet {
    fn from(class: Class) -> Self {
        Self::of(&[class])
    }
}

impl FromIterator<Class> for ClassSet {
    fn from_iter<I: IntoIterator<Item = Class>>(classes: I) -> Self {
        let mut set = Self::NONE;
        classes.into_iter().for_each(|class| set.insert(class));
        set
    }
}

impl fmt::Debug for ClassSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_names_and_bits_agree() {
        for (number, class) in Class::ALL.into_iter().enumerate() {
            assert_eq!(class as usize, number);
            assert_eq!(class.name().parse(), Ok(class));
            assert_eq!(class.name(), format!("{class:?}"));
        }
        assert_eq!("name".parse::<Class>(), Err(UnknownClass));
        assert_eq!(ClassSet::ALL.len(), 20);
        assert_eq!(ClassSet::from_bits(u32::MAX), ClassSet::ALL);
    }

    #[test]
    fn sets_unite_and_subtract() {
        let identity = ClassSet::of(&[Class::Name, Class::Address]);
        let both = identity.union(Class::Clinical.into());
        assert_eq!(both.without(identity), Class::Clinical.into());
        assert_eq!(both.intersection(identity), identity);
        assert_eq!(both.iter().collect::<ClassSet>(), both);
    }
}
