//! Codes of claims whose shape alone can be known here: their lists are licensed, or change every quarter.

use std::str::FromStr;

use super::text::{Text, dashed, grouped, plain, text_identifier};
use super::{InvalidIdentifier, is_nothing};

text_identifier! {
    /// The shape of a CPT code: five digits, or four and one of the letters F (performance measures), T (emerging technology), U (proprietary
    /// laboratory analyses), M (multianalyte assays) and A (immunization administration). CPT is the American Medical Association's; its list is not here.
    CptCode, 5, plain
}

impl FromStr for CptCode {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| {
            byte.is_ascii_digit() || (index == 4 && matches!(byte, b'F' | b'T' | b'U' | b'M' | b'A'))
        })?;
        if text.len() == 5 { Ok(Self(kept)) } else { Err(InvalidIdentifier::Length) }
    }
}

text_identifier! {
    /// The shape of a HCPCS Level II code: a letter from A to V and four digits.
    HcpcsCode, 5, plain
}

impl FromStr for HcpcsCode {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| match index {
            0 => matches!(byte, b'A'..=b'V'),
            _ => byte.is_ascii_digit(),
        })?;
        if text.len() == 5 { Ok(Self(kept)) } else { Err(InvalidIdentifier::Length) }
    }
}

text_identifier! {
    /// The shape of a modifier of a CPT or HCPCS code: two letters or digits.
    ProcedureModifier, 2, dashed
}

impl FromStr for ProcedureModifier {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())?;
        if text.len() == 2 { Ok(Self(kept)) } else { Err(InvalidIdentifier::Length) }
    }
}

text_identifier! {
    /// The shape of a place-of-service code of professional claims: two digits, 01 to 99.
    PlaceOfService, 2, plain
}

impl FromStr for PlaceOfService {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |_, byte| byte.is_ascii_digit())?;
        match text {
            "00" => Err(InvalidIdentifier::Unassigned),
            _ if text.len() == 2 => Ok(Self(kept)),
            _ => Err(InvalidIdentifier::Length),
        }
    }
}

text_identifier! {
    /// A ZIP code of the United States: five digits, or five, a hyphen and four. `Debug` does not print it: with a birth date it can name a person.
    Zip, 10, |typed| grouped(typed, &[5], with_hyphen), private
}

impl Zip {
    /// The first three digits, which may stay in data without identity where more than 20,000 people live (45 CFR 164.514(b)(2)(i)(B)).
    pub fn first_three(&self) -> &str {
        self.as_str().get(..3).unwrap_or_default()
    }
}

impl FromStr for Zip {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let kept = Text::new(text, |index, byte| if index == 5 { byte == b'-' } else { byte.is_ascii_digit() })?;
        match text.len() {
            5 | 10 if is_nothing(text.bytes().take(5)) => Err(InvalidIdentifier::Unassigned),
            5 | 10 => Ok(Self(kept)),
            _ => Err(InvalidIdentifier::Length),
        }
    }
}

/// Nine digits without a hyphen are a ZIP code as claims carry it.
fn with_hyphen(plain: &str) -> Result<Zip, InvalidIdentifier> {
    match plain.split_at_checked(5) {
        Some((five, four)) if !four.is_empty() => format!("{five}-{four}").parse().map_err(|fault| match fault {
            InvalidIdentifier::Character { index } if index > 5 => InvalidIdentifier::Character { index: index - 1 },
            other => other,
        }),
        _ => plain.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Identifier;
    use super::*;

    #[test]
    fn procedures() {
        assert!(["99213", "0001F", "0001U", "0001u"].iter().all(|typed| CptCode::parse_typed(typed).is_ok()));
        assert_eq!(CptCode::parse_typed("9921"), Err(InvalidIdentifier::Length));
        assert_eq!(CptCode::parse_typed("99213A"), Err(InvalidIdentifier::Character { index: 5 }));
        assert!(["J3490", "G0439", "a0428"].iter().all(|typed| HcpcsCode::parse_typed(typed).is_ok()));
        assert_eq!(HcpcsCode::parse_typed("W1234"), Err(InvalidIdentifier::Character { index: 0 }));
        assert!(["25", "LT", "-59"].iter().all(|typed| ProcedureModifier::parse_typed(typed).is_ok()));
        assert_eq!(ProcedureModifier::parse_typed("259"), Err(InvalidIdentifier::Length));
    }

    #[test]
    fn places() {
        assert_eq!("11".parse::<PlaceOfService>().unwrap().as_str(), "11");
        assert_eq!("00".parse::<PlaceOfService>(), Err(InvalidIdentifier::Unassigned));
        assert_eq!("1".parse::<PlaceOfService>(), Err(InvalidIdentifier::Length));
        assert_eq!("02138-1234".parse::<Zip>().unwrap().first_three(), "021");
        for typed in ["021381234", "02138 1234", "02138 - 1234", "02138-1234"] {
            assert_eq!(Zip::parse_typed(typed).unwrap().as_str(), "02138-1234", "{typed}");
        }
        assert_eq!(Zip::parse_typed(" 02138 ").unwrap().as_str(), "02138");
        assert_eq!(Zip::parse_typed("021-38"), Err(InvalidIdentifier::Character { index: 3 }));
        assert_eq!(Zip::parse_typed("02138-12x4"), Err(InvalidIdentifier::Character { index: 8 }));
        assert_eq!(Zip::parse_typed("02138123"), Err(InvalidIdentifier::Length));
        assert_eq!("00000".parse::<Zip>(), Err(InvalidIdentifier::Unassigned));
        assert!(
            "02138".parse::<Zip>().is_ok() && "021381234".parse::<Zip>().is_err() && "0213".parse::<Zip>().is_err()
        );
    }
}
