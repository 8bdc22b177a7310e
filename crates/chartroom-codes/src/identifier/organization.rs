//! Identifiers of those who provide care: prescribers, employers, laboratories.

use std::str::FromStr;

use super::check_digit::weighted_sum;
use super::text::{Text, dashed, grouped, text_identifier};
use super::{InvalidIdentifier, digits, is_nothing};

text_identifier! {
    /// A registration number of the Drug Enforcement Administration of the United States: a letter for the kind of registrant, the first letter
    /// of the surname or a 9, and seven digits, the last a check digit. `Debug` does not print it: whoever knows one can forge prescriptions.
    Dea, 9, dashed, private
}

impl FromStr for Dea {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| match index {
            0 => byte.is_ascii_uppercase(),
            1 => byte.is_ascii_uppercase() || byte == b'9',
            _ => byte.is_ascii_digit(),
        })?;
        let (Some(number), Some(check), 9) = (text.get(2..8), text.get(8..), text.len()) else {
            return Err(InvalidIdentifier::Length);
        };
        let sum = weighted_sum(digits(number)?, [1, 2].into_iter().cycle());
        let fits = digits(check)?.next().is_some_and(|check| sum % 10 == u32::from(check));
        if fits { Ok(Self(kept)) } else { Err(InvalidIdentifier::CheckDigit) }
    }
}

text_identifier! {
    /// An Employer Identification Number of the United States: nine digits, of which the first two are a prefix that the Internal Revenue Service
    /// gives out. Canonical without its dash.
    Ein, 9, |typed| grouped(typed, &[2], str::parse)
}

impl FromStr for Ein {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit())?;
        let (Some(prefix), 9) = (text.get(..2), text.len()) else { return Err(InvalidIdentifier::Length) };
        if NEVER_GIVEN_OUT.contains(&prefix) { Err(InvalidIdentifier::Unassigned) } else { Ok(Self(kept)) }
    }
}

/// The prefixes that stand in no campus's list of the Internal Revenue Service.
const NEVER_GIVEN_OUT: [&str; 17] =
    ["00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"];

text_identifier! {
    /// A number by which a laboratory is certified under the Clinical Laboratory Improvement Amendments (42 CFR part 493): two digits for the
    /// state, the letter D, seven digits.
    Clia, 10, dashed
}

impl FromStr for Clia {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| if index == 2 { byte == b'D' } else { byte.is_ascii_digit() })?;
        match text.len() {
            10 if is_nothing(text.bytes().filter(u8::is_ascii_digit)) => Err(InvalidIdentifier::Unassigned),
            10 => Ok(Self(kept)),
            _ => Err(InvalidIdentifier::Length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Identifier;
    use super::*;

    #[test]
    fn registrations_of_prescribers() {
        for typed in ["AP5836727", "F91234563", "BB1388568", "bb 1388568"] {
            assert!(Dea::parse_typed(typed).is_ok(), "{typed}");
        }
        for (typed, fault) in [
            ("AP5836728", InvalidIdentifier::CheckDigit),
            ("1P5836727", InvalidIdentifier::Character { index: 0 }),
            ("APS836727", InvalidIdentifier::Character { index: 2 }),
            ("AP583672", InvalidIdentifier::Length),
        ] {
            assert_eq!(Dea::parse_typed(typed), Err(fault), "{typed}");
        }
        assert_eq!(format!("{:?}", "AP5836727".parse::<Dea>().unwrap()), "Dea(..)");
    }

    #[test]
    fn numbers_of_employers() {
        for typed in ["91-1144442", "04-2103594", "12-3456789"] {
            assert!(Ein::parse_typed(typed).is_ok(), "{typed}");
        }
        assert_eq!(Ein::parse_typed("91-1144442").unwrap().to_string(), "911144442");
        assert_eq!(Ein::parse_typed("07-1144442"), Err(InvalidIdentifier::Unassigned));
        assert_eq!(Ein::parse_typed("00-1234567"), Err(InvalidIdentifier::Unassigned));
        assert!(Ein::parse_typed(" 91 - 1144442 ").is_ok() && Ein::parse_typed("911144442").is_ok());
        assert_eq!(
            Ein::parse_typed("911-14-4442"),
            Err(InvalidIdentifier::Character { index: 3 }),
            "the form of an SSN"
        );
        assert_eq!(Ein::parse_typed("91-114444"), Err(InvalidIdentifier::Length));
    }

    #[test]
    fn certificates_of_laboratories() {
        for typed in ["45D2167451", "11D0265516", "05d0000001"] {
            assert!(Clia::parse_typed(typed).is_ok(), "{typed}");
        }
        assert_eq!(Clia::parse_typed("45X2167451"), Err(InvalidIdentifier::Character { index: 2 }));
        assert_eq!(Clia::parse_typed("45D216745"), Err(InvalidIdentifier::Length));
        assert_eq!(Clia::parse_typed("00D0000000"), Err(InvalidIdentifier::Unassigned));
        assert_eq!(Clia::parse_typed("4AD2167451"), Err(InvalidIdentifier::Character { index: 1 }));
    }
}
