//! The number of a laboratory or clinical observation.

use std::fmt;
use std::str::FromStr;

use super::check_digit::luhn_sum;
use super::text::plain;
use super::{Identifier, InvalidIdentifier, digits};

/// A LOINC number: one to seven digits, a hyphen, a Luhn check digit.
///
/// Fourteen numbers were published with a wrong check digit, and are accepted: all are deprecated, but old records
/// hold them. Answers (`LA...`) and parts (`LP...`) follow another scheme and are not LOINC numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoincNumber {
    number: u32,
    check: u8,
}

/// The numbers published with a wrong check digit.
const PUBLISHED_WRONG: [(u32, u8); 14] = [
    (11491, 6),
    (11501, 6),
    (5895, 7),
    (5896, 5),
    (5897, 3),
    (5928, 1),
    (6028, 3),
    (6415, 5),
    (6580, 7),
    (6645, 7),
    (6646, 5),
    (6647, 3),
    (6648, 1),
    (6649, 9),
];

impl FromStr for LoincNumber {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let (number_text, check_text) = text.split_once('-').ok_or(InvalidIdentifier::Length)?;
        let number_digits = digits(number_text)?;
        let mut check_digits = digits(check_text).map_err(|fault| moved(fault, number_text.len() + 1))?;
        let (Some(check), None, 1..=7) = (check_digits.next(), check_digits.next(), number_text.len()) else {
            return Err(InvalidIdentifier::Length);
        };
        if number_text.starts_with('0') {
            return Err(InvalidIdentifier::Character { index: 0 });
        }
        let number = number_digits.clone().fold(0, |number, digit| 10 * number + u32::from(digit));
        let fits = luhn_sum(number_digits.chain([check])).is_multiple_of(10);
        if !fits && !PUBLISHED_WRONG.contains(&(number, check)) {
            return Err(InvalidIdentifier::CheckDigit);
        }
        Ok(Self { number, check })
    }
}

impl Identifier for LoincNumber {
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier> {
        plain(typed)
    }
}

impl fmt::Display for LoincNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.number, self.check)
    }
}

impl fmt::Debug for LoincNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoincNumber({self})")
    }
}

/// The same fault, seen from the start of the whole text.
fn moved(fault: InvalidIdentifier, by: usize) -> InvalidIdentifier {
    match fault {
        InvalidIdentifier::Character { index } => InvalidIdentifier::Character { index: index + by },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_numbers_come_back_as_they_were() {
        for text in ["2160-0", "4548-4", "12345-5", "2345-7", "8480-6"] {
            assert_eq!(text.parse::<LoincNumber>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn the_fourteen_published_with_a_wrong_digit_are_accepted() {
        for (number, check) in PUBLISHED_WRONG {
            assert!(format!("{number}-{check}").parse::<LoincNumber>().is_ok());
            let other = (check + 5) % 10;
            assert_eq!(format!("{number}-{other}").parse::<LoincNumber>(), Err(InvalidIdentifier::CheckDigit));
        }
    }

    #[test]
    fn wrong_numbers_say_why() {
        let fault = |text: &str| text.parse::<LoincNumber>().unwrap_err();
        assert_eq!(fault("2160-1"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("4548-3"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("21600"), InvalidIdentifier::Length);
        assert_eq!(fault("12345678-0"), InvalidIdentifier::Length);
        assert_eq!(fault("-0"), InvalidIdentifier::Length);
        assert_eq!(fault("2160-"), InvalidIdentifier::Length);
        assert_eq!(fault("2160-x"), InvalidIdentifier::Character { index: 5 });
        assert_eq!(fault("LA137-2"), InvalidIdentifier::Character { index: 0 });
    }
}
