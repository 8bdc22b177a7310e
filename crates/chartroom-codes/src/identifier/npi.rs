//! The number of a health care provider in the United States.

use std::fmt;
use std::str::FromStr;

use super::check_digit::luhn_sum;
use super::text::dashed;
use super::{Identifier, InvalidIdentifier, digits};

/// A National Provider Identifier (45 CFR 162.406): ten digits, the first 1 or 2, the last a Luhn check digit over the
/// number with `80840` before it. It is public, so it may be printed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Npi(u64);

/// What the prefix `80840` adds to the Luhn sum of the ten digits after it.
const PREFIX_SUM: u32 = 24;

impl FromStr for Npi {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let digits = digits(text)?;
        if text.len() != 10 {
            return Err(InvalidIdentifier::Length);
        }
        if !text.starts_with(['1', '2']) {
            return Err(InvalidIdentifier::Character { index: 0 });
        }
        if !(PREFIX_SUM + luhn_sum(digits.clone())).is_multiple_of(10) {
            return Err(InvalidIdentifier::CheckDigit);
        }
        Ok(Self(digits.fold(0, |number, digit| 10 * number + u64::from(digit))))
    }
}

impl Identifier for Npi {
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier> {
        dashed(typed)
    }
}

impl fmt::Display for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for Npi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Npi({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_numbers_come_back_as_they_were() {
        for text in ["1234567893", "1245319599", "1003000126"] {
            assert_eq!(text.parse::<Npi>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn wrong_numbers_say_why() {
        let fault = |text: &str| text.parse::<Npi>().unwrap_err();
        assert_eq!(fault("1234567890"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("3234567893"), InvalidIdentifier::Character { index: 0 });
        assert_eq!(fault("123456789"), InvalidIdentifier::Length);
        assert_eq!(fault("12345678O3"), InvalidIdentifier::Character { index: 8 });
        assert_eq!(fault(""), InvalidIdentifier::Length);
    }
}
