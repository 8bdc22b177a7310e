//! The identifier of a SNOMED CT component.

use std::fmt;
use std::str::FromStr;

use super::check_digit::verhoeff_holds;
use super::text::plain;
use super::{Identifier, InvalidIdentifier, digits};

/// A SNOMED CT identifier (SCTID): 6 to 18 digits, no leading zero, a partition in the two digits before the last, a
/// Verhoeff check digit at the end. (SNOMED CT Release File Specification, section 6.)
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnomedId(u64);

/// What a SNOMED CT identifier identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Partition {
    /// A concept: the only kind that is a code.
    Concept,
    /// A description, that is, a term of a concept.
    Description,
    /// A relationship between concepts.
    Relationship,
}

impl SnomedId {
    /// What it identifies.
    pub fn partition(self) -> Partition {
        match self.0 / 10 % 10 {
            0 => Partition::Concept,
            1 => Partition::Description,
            _ => Partition::Relationship,
        }
    }

    /// Whether an extension, such as the US edition, issued it, rather than the international release.
    pub fn is_of_extension(self) -> bool {
        self.0 / 100 % 10 == 1
    }

    /// The number itself.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl FromStr for SnomedId {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let digits = digits(text)?;
        if !(6..=18).contains(&text.len()) {
            return Err(InvalidIdentifier::Length);
        }
        if text.starts_with('0') {
            return Err(InvalidIdentifier::Character { index: 0 });
        }
        if !verhoeff_holds(digits.clone()) {
            return Err(InvalidIdentifier::CheckDigit);
        }
        let number = digits.fold(0, |number, digit| 10 * number + u64::from(digit));
        match number / 10 % 100 {
            0..=2 | 10..=12 => Ok(Self(number)),
            _ => Err(InvalidIdentifier::Partition),
        }
    }
}

impl Identifier for SnomedId {
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier> {
        plain(typed)
    }
}

impl fmt::Display for SnomedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for SnomedId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SnomedId({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_ids_come_back_as_they_were() {
        for text in ["73211009", "404684003", "999999990989121104"] {
            let id = text.parse::<SnomedId>().unwrap();
            assert_eq!(id.to_string(), text);
            assert_eq!(id.partition(), Partition::Concept);
        }
    }

    #[test]
    fn the_partition_is_read() {
        assert_eq!("900000000000526001".parse::<SnomedId>().unwrap().partition(), Partition::Concept);
        assert_eq!("121589010".parse::<SnomedId>().unwrap().partition(), Partition::Description);
        assert!("999999990989121104".parse::<SnomedId>().unwrap().is_of_extension());
        assert!(!"73211009".parse::<SnomedId>().unwrap().is_of_extension());
    }

    #[test]
    fn wrong_ids_say_why() {
        let fault = |text: &str| text.parse::<SnomedId>().unwrap_err();
        assert_eq!(fault("73211008"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("73211"), InvalidIdentifier::Length);
        assert_eq!(fault("9999999909891211041"), InvalidIdentifier::Length);
        assert_eq!(fault("7321100a"), InvalidIdentifier::Character { index: 7 });
        assert_eq!(fault("073211009"), InvalidIdentifier::Character { index: 0 });
    }
}
