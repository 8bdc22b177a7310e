//! Identifiers with a rule of their own. Parsing is the proof: a value exists only if its shape and check digit hold.
//!
//! That an identifier is well formed does not say that it was ever assigned. Only a list of the issuer can say that.
//!
//! ```
//! use chartroom_codes::identifier::{InvalidIdentifier, Npi};
//!
//! assert!("1234567893".parse::<Npi>().is_ok());
//! assert_eq!("1234567890".parse::<Npi>(), Err(InvalidIdentifier::CheckDigit));
//! ```

mod billing;
mod check_digit;
mod device;
mod icd_10;
mod loinc;
mod ndc;
mod npi;
mod organization;
mod person;
mod snomed;
mod text;

use std::fmt::Display;
use std::str::FromStr;

pub use billing::{CptCode, HcpcsCode, PlaceOfService, ProcedureModifier, Zip};
pub use device::{DeviceIdentifier, Gtin, HibccDevice, IccbbaDevice};
pub use icd_10::{Icd10CmCode, Icd10PcsCode};
pub use loinc::LoincNumber;
pub use ndc::Ndc;
pub use npi::Npi;
pub use organization::{Clia, Dea, Ein};
pub use person::{Mbi, NhsNumber, Ssn};
pub use snomed::{Partition, SnomedId};

pub(crate) use text::shape;

/// An identifier that can be read strictly, by [`FromStr`], and as a person types it.
///
/// ```
/// use chartroom_codes::identifier::{Identifier, Mbi};
///
/// let mbi = Mbi::parse_typed(" 1eg4-te5-mk73 ")?;
/// assert_eq!(mbi.to_string(), "1EG4TE5MK73");
/// assert!("1eg4-te5-mk73".parse::<Mbi>().is_err());
/// # Ok::<(), chartroom_codes::InvalidIdentifier>(())
/// ```
pub trait Identifier: FromStr<Err = InvalidIdentifier> + Display {
    /// Reads what a person types: with blanks, in lower case, with the separators that are usual for it, or without.
    /// What can be read in more than one way is refused.
    ///
    /// # Errors
    ///
    /// If it is wrong in more than the way of writing. A place is that in the text as it was typed.
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier>;
}

/// Why a text is not the identifier it should be. It never holds the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidIdentifier {
    /// Too short or too long.
    #[error("wrong length")]
    Length,
    /// A character that cannot stand where it stands.
    #[error("character {} cannot stand there", index + 1)]
    Character {
        /// Its index in bytes, from 0.
        index: usize,
    },
    /// The check digit does not fit the digits before it: most likely a slip of the pen.
    #[error("the check digit does not fit")]
    CheckDigit,
    /// A number that is never given out.
    #[error("a number that is never assigned")]
    Unassigned,
    /// It can be read in more than one way.
    #[error("it can be read in more than one way")]
    Ambiguous,
    /// A SNOMED CT identifier of no partition, or of another than the one wanted.
    #[error("not of the wanted partition")]
    Partition,
}

/// The values of a text of decimal digits, or where the first other character stands.
fn digits(text: &str) -> Result<impl DoubleEndedIterator<Item = u8> + Clone + '_, InvalidIdentifier> {
    match text.bytes().position(|byte| !byte.is_ascii_digit()) {
        Some(index) => Err(InvalidIdentifier::Character { index }),
        None => Ok(text.bytes().map(|byte| byte - b'0')),
    }
}

/// Whether there is no digit but 0: what forms are filled with where nothing is known.
fn is_nothing(mut digits: impl Iterator<Item = u8>) -> bool {
    digits.all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Whether a text is refused, or its canonical form reads as the same identifier.
    fn holds<T: Identifier + PartialEq>(typed: &str) -> bool {
        T::parse_typed(typed).map_or(true, |read| read.to_string().parse().is_ok_and(|again: T| again == read))
    }

    proptest! {
        #[test]
        fn what_is_read_stays_what_it_is(typed in "[ -]?([A-Z0-9a-z.+=()/-]{0,16}|[0-9]{2,14}|\\PC{0,12})") {
            prop_assert!(holds::<Mbi>(&typed) && holds::<Ssn>(&typed) && holds::<NhsNumber>(&typed));
            prop_assert!(holds::<Dea>(&typed) && holds::<Ein>(&typed) && holds::<Clia>(&typed) && holds::<Npi>(&typed));
            prop_assert!(holds::<CptCode>(&typed) && holds::<HcpcsCode>(&typed) && holds::<ProcedureModifier>(&typed));
            prop_assert!(holds::<PlaceOfService>(&typed) && holds::<Zip>(&typed) && holds::<Ndc>(&typed) && holds::<Gtin>(&typed));
            prop_assert!(holds::<LoincNumber>(&typed) && holds::<SnomedId>(&typed));
            prop_assert!(holds::<Icd10CmCode>(&typed) && holds::<Icd10PcsCode>(&typed));
            // The device part of a UDI has no plus and no check character, so it does not read as a UDI again.
            prop_assert!(DeviceIdentifier::parse_typed(&typed).map_or(true, |device| !device.as_str().is_empty()));
        }
    }
}
