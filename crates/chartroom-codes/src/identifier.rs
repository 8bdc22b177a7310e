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

mod check_digit;
mod loinc;
mod npi;
mod snomed;

pub use loinc::LoincNumber;
pub use npi::Npi;
pub use snomed::{Partition, SnomedId};

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
