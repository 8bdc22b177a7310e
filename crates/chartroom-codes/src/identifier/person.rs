//! Identifiers of people. None of them is printed by `Debug`.

use std::str::FromStr;

use super::check_digit::weighted_sum;
use super::text::{Text, dashed, grouped, text_identifier};
use super::{InvalidIdentifier, digits, is_nothing};

text_identifier! {
    /// A Medicare Beneficiary Identifier of the United States: eleven characters, the kind of each fixed by its place, without the letters
    /// S, L, O, I, B and Z. It says nothing about its holder. Cards show it with dashes, which are not part of it.
    Mbi, 11, dashed, private
}

impl FromStr for Mbi {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let letter = |byte: u8| byte.is_ascii_uppercase() && !matches!(byte, b'S' | b'L' | b'O' | b'I' | b'B' | b'Z');
        let text = Text::new(text, |index, byte| match index {
            0 => matches!(byte, b'1'..=b'9'),
            1 | 4 | 7 | 8 => letter(byte),
            2 | 5 => letter(byte) || byte.is_ascii_digit(),
            _ => byte.is_ascii_digit(),
        })?;
        if text.as_str().len() == 11 { Ok(Self(text)) } else { Err(InvalidIdentifier::Length) }
    }
}

text_identifier! {
    /// A Social Security number of the United States: nine digits, canonical without dashes. Areas 000, 666 and 900 to 999, group 00
    /// and serial 0000 are never assigned; three numbers that were printed in advertisements are nobody's.
    Ssn, 9, |typed| grouped(typed, &[3, 5], str::parse), private
}

impl FromStr for Ssn {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit())?;
        let [area, group, serial] = [0..3, 3..5, 5..9].map(|part| text.get(part));
        let (Some(area), Some(group), Some(serial), 9) = (area, group, serial, text.len()) else {
            return Err(InvalidIdentifier::Length);
        };
        let never = matches!(area, "000" | "666") || area.starts_with('9') || group == "00" || serial == "0000";
        if never || PUBLISHED.contains(&text) { Err(InvalidIdentifier::Unassigned) } else { Ok(Self(kept)) }
    }
}

/// Numbers printed on sample cards and in advertisements, which people then used.
const PUBLISHED: [&str; 3] = ["078051120", "219099999", "457555462"];

text_identifier! {
    /// An NHS number of England, Wales and the Isle of Man: ten digits, the last a check digit modulo 11. Canonical without blanks.
    NhsNumber, 10, dashed, private
}

impl FromStr for NhsNumber {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let digits = digits(text)?;
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit())?;
        if text.len() != 10 {
            return Err(InvalidIdentifier::Length);
        }
        match weighted_sum(digits, (1..=10).rev()) % 11 {
            0 if is_nothing(text.bytes()) => Err(InvalidIdentifier::Unassigned),
            0 => Ok(Self(kept)),
            _ => Err(InvalidIdentifier::CheckDigit),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Identifier;
    use super::*;

    #[test]
    fn beneficiary_identifiers() {
        for typed in ["1EG4-TE5-MK73", "1EG4TE5MK72", "9AC0C00CC00", " 1eg4 te5 mk73 "] {
            assert!(Mbi::parse_typed(typed).is_ok(), "{typed}");
        }
        assert_eq!(Mbi::parse_typed("1eg4-te5-mk73").unwrap().as_str(), "1EG4TE5MK73");
        let fault = |text: &str| Mbi::parse_typed(text).unwrap_err();
        assert_eq!(fault("0EG4TE5MK73"), InvalidIdentifier::Character { index: 0 });
        assert_eq!(fault("1SG4TE5MK73"), InvalidIdentifier::Character { index: 1 });
        assert_eq!(fault("1EG4-TE5-M173"), InvalidIdentifier::Character { index: 10 });
        assert_eq!(fault("1EG4TE5MK7"), InvalidIdentifier::Length);
        assert!("1EG4-TE5-MK73".parse::<Mbi>().is_err(), "the dashes are not part of it");
    }

    #[test]
    fn social_security_numbers() {
        for typed in ["536-90-4399", "001-01-0001", "899-99-9999", "536904399"] {
            assert!(Ssn::parse_typed(typed).is_ok(), "{typed}");
        }
        for typed in ["000-12-3456", "666-12-3456", "900-12-3456", "123-00-4567", "123-45-0000", "078-05-1120"] {
            assert_eq!(Ssn::parse_typed(typed), Err(InvalidIdentifier::Unassigned), "{typed}");
        }
        assert_eq!(Ssn::parse_typed("536-90-439"), Err(InvalidIdentifier::Length));
        assert_eq!(
            Ssn::parse_typed("53-6904399"),
            Err(InvalidIdentifier::Character { index: 2 }),
            "the form of an EIN"
        );
        assert_eq!(Ssn::parse_typed("536-90-439A"), Err(InvalidIdentifier::Character { index: 10 }));
        assert_eq!(Ssn::parse_typed(&"1".repeat(300)), Err(InvalidIdentifier::Length));
    }

    #[test]
    fn nhs_numbers() {
        for typed in ["943-476-5870", "943 476 5919", "4010232137"] {
            assert!(NhsNumber::parse_typed(typed).is_ok(), "{typed}");
        }
        for (typed, fault) in [
            ("9434765871", InvalidIdentifier::CheckDigit),
            ("1234567890", InvalidIdentifier::CheckDigit),
            ("943476587", InvalidIdentifier::Length),
            ("000 000 0000", InvalidIdentifier::Unassigned),
        ] {
            assert_eq!(NhsNumber::parse_typed(typed), Err(fault), "{typed}");
        }
    }

    #[test]
    fn none_of_them_is_printed() {
        let printed = format!(
            "{:?} {:?} {:?}",
            Mbi::parse_typed("1EG4TE5MK72").unwrap(),
            Ssn::parse_typed("536904399").unwrap(),
            NhsNumber::parse_typed("4010232137").unwrap()
        );
        assert_eq!(printed, "Mbi(..) Ssn(..) NhsNumber(..)");
    }
}
