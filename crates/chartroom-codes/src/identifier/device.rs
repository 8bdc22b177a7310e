//! Identifiers of devices and of what is sold with a bar code.

use std::str::FromStr;

use super::check_digit::weighted_sum;
use super::text::{Text, dashed, plain, shape, text_identifier};
use super::{Identifier, InvalidIdentifier, digits, is_nothing};

text_identifier! {
    /// A Global Trade Item Number (GS1 General Specifications, section 7.9): 8, 12, 13 or 14 digits, the last a check digit.
    Gtin, 14, dashed
}

impl Gtin {
    /// The number with leading zeros, in the fourteen digits in which GTINs of different lengths can be compared.
    pub fn fourteen_digits(&self) -> String {
        format!("{:0>14}", self.as_str())
    }
}

impl FromStr for Gtin {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let digits = digits(text)?;
        if !matches!(text.len(), 8 | 12 | 13 | 14) {
            return Err(InvalidIdentifier::Length);
        }
        let kept = Text::new(text, |_, _| true)?;
        match weighted_sum(digits.rev(), [1, 3].into_iter().cycle()) % 10 {
            0 if is_nothing(text.bytes()) => Err(InvalidIdentifier::Unassigned),
            0 => Ok(Self(kept)),
            _ => Err(InvalidIdentifier::CheckDigit),
        }
    }
}

/// The part of a Unique Device Identifier that names model and version of a device (21 CFR 801.40), by the agency that issued it. The
/// rest of a UDI, such as lot, serial number and dates, is left aside: with a serial number it would name the one device that a patient carries.
///
/// ```
/// use chartroom_codes::identifier::DeviceIdentifier;
///
/// let di: DeviceIdentifier = "(01)10884521062856(17)271231(10)A1".parse()?;
/// assert_eq!(di.as_str(), "10884521062856");
/// # Ok::<(), chartroom_codes::InvalidIdentifier>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeviceIdentifier {
    /// GS1: a GTIN, within a UDI always of fourteen digits.
    Gs1(Gtin),
    /// HIBCC: labeler, product and unit of measure.
    Hibcc(HibccDevice),
    /// ICCBBA: blood, tissue and cells, by ISBT 128.
    Iccbba(IccbbaDevice),
}

impl DeviceIdentifier {
    /// The device identifier alone, without the rest of the UDI.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Gs1(gtin) => gtin.as_str(),
            Self::Hibcc(device) => device.as_str(),
            Self::Iccbba(device) => device.as_str(),
        }
    }
}

impl FromStr for DeviceIdentifier {
    type Err = InvalidIdentifier;

    /// Reads a whole UDI as a person or a scanner reads it, or a GTIN alone.
    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        match text.as_bytes().first() {
            Some(b'+') => text.parse().map(Self::Hibcc),
            Some(b'=') => text.parse().map(Self::Iccbba),
            _ => gs1(text).map(Self::Gs1),
        }
    }
}

/// The GTIN of a UDI in the syntax of GS1: application identifier 01, in parentheses or not, or nothing but the GTIN.
fn gs1(text: &str) -> Result<Gtin, InvalidIdentifier> {
    // What follows is another application identifier: in parentheses where the first is, else in digits.
    let (start, rest, goes_on): (usize, &str, fn(char) -> bool) =
        match (text.strip_prefix("(01)"), text.strip_prefix("01")) {
            (Some(rest), _) => (4, rest, |next| next == '('),
            (None, Some(rest)) if text.len() > 14 => (2, rest, |next| next.is_ascii_digit()),
            _ => return text.parse(),
        };
    let (number, more) = rest.split_at_checked(14).ok_or(InvalidIdentifier::Length)?;
    let gtin = number.parse().map_err(|fault| match fault {
        InvalidIdentifier::Character { index } => InvalidIdentifier::Character { index: index + start },
        other => other,
    })?;
    if more.is_empty() || more.starts_with(goes_on) {
        Ok(gtin)
    } else {
        Err(InvalidIdentifier::Character { index: start + number.len() })
    }
}

text_identifier! {
    /// The primary part of a UDI of the Health Industry Business Communications Council (ANSI/HIBC 2): four characters for the labeler, up to
    /// eighteen for the product, one for the unit of measure. Read from a whole UDI: a plus, this part, perhaps a slash and further parts, and a
    /// check character modulo 43 over all of them.
    HibccDevice, 23, plain
}

impl FromStr for HibccDevice {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let (before, check) = match text.char_indices().next_back() {
            Some((last, check)) => (text.get(..last).unwrap_or_default(), check),
            None => return Err(InvalidIdentifier::Length),
        };
        shape(before, |index, byte| match index {
            0 => byte == b'+',
            1 => byte.is_ascii_uppercase(),
            2..=4 => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
            _ => value_43(byte).is_some(),
        })?;
        let check = match check {
            // A blank, which is printed as a line for people to see it.
            ' ' | '_' => 38,
            other => u8::try_from(other)
                .ok()
                .and_then(value_43)
                .ok_or(InvalidIdentifier::Character { index: before.len() })?,
        };
        let sum: u32 = before.bytes().filter_map(value_43).sum();
        if check != sum % 43 {
            return Err(InvalidIdentifier::CheckDigit);
        }
        let part = before.split('/').next().and_then(|part| part.strip_prefix('+')).unwrap_or_default();
        if part.len() < 6 { Err(InvalidIdentifier::Length) } else { Text::new(part, |_, _| true).map(Self) }
    }
}

/// The value of a character of Code 39, by which check characters modulo 43 are counted. A blank, value 38, is left out: it can stand
/// in the place of the check character alone.
fn value_43(byte: u8) -> Option<u32> {
    match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'Z' => Some(u32::from(byte - b'A') + 10),
        b'-' => Some(36),
        b'.' => Some(37),
        b'$' => Some(39),
        b'/' => Some(40),
        b'+' => Some(41),
        b'%' => Some(42),
        _ => None,
    }
}

text_identifier! {
    /// The device part of a UDI of ICCBBA (ISBT 128 data structure 034): `=/` and sixteen characters, of which the first five name the
    /// processor.
    IccbbaDevice, 16, plain
}

impl FromStr for IccbbaDevice {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        let part = text.strip_prefix("=/").ok_or(InvalidIdentifier::Character { index: 0 })?;
        let (part, more) = part.split_at_checked(16).ok_or(InvalidIdentifier::Length)?;
        // What follows is another data structure, which begins with one of two characters.
        if !more.is_empty() && !more.starts_with(['=', '&']) {
            return Err(InvalidIdentifier::Character { index: 18 });
        }
        let allowed = |_: usize, byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
        shape(part, allowed).map_err(|fault| match fault {
            InvalidIdentifier::Character { index } => InvalidIdentifier::Character { index: index + 2 },
            other => other,
        })?;
        Text::new(part, allowed).map(Self)
    }
}

impl Identifier for DeviceIdentifier {
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier> {
        plain(typed)
    }
}

impl std::fmt::Display for DeviceIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trade_item_numbers() {
        for text in ["98412345678908", "73513537", "10884521062856"] {
            assert_eq!(text.parse::<Gtin>().unwrap().as_str(), text);
        }
        assert_eq!("98412345678907".parse::<Gtin>(), Err(InvalidIdentifier::CheckDigit));
        assert_eq!("007351353".parse::<Gtin>(), Err(InvalidIdentifier::Length));
        assert_eq!("73513537".parse::<Gtin>().unwrap().fourteen_digits(), "00000073513537");
    }

    #[test]
    fn device_identifiers_of_each_agency() {
        let of = |text: &str| DeviceIdentifier::parse_typed(text).map(|device| device.as_str().to_owned());
        assert_eq!(of("(01)10884521062856(11)141231(17)150707(10)A213B1(21)1234").unwrap(), "10884521062856");
        assert_eq!(of("0110884521062856171507071").unwrap(), "10884521062856");
        assert_eq!(of("10884521062856").unwrap(), "10884521062856");
        assert_eq!(of("+A123BJC5D6E71G").unwrap(), "A123BJC5D6E71");
        assert_eq!(of("+A123BJC5D6E71/$$420020216LOT123/16D201302020").unwrap(), "A123BJC5D6E71");
        assert_eq!(of("=/A9999XYZ100T0944=,000025=A99971312345600").unwrap(), "A9999XYZ100T0944");
    }

    #[test]
    fn wrong_device_identifiers_say_why() {
        let fault = |text: &str| text.parse::<DeviceIdentifier>().unwrap_err();
        assert_eq!(fault("(01)10884521062857"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("(01)1088452106285X"), InvalidIdentifier::Character { index: 17 });
        assert_eq!(fault("(01)123"), InvalidIdentifier::Length);
        assert_eq!(fault("+A123BJC5D6E71H"), InvalidIdentifier::CheckDigit);
        assert_eq!(fault("+h123"), InvalidIdentifier::Character { index: 1 });
        assert_eq!(fault("=/A9999"), InvalidIdentifier::Length);
        assert_eq!(fault(""), InvalidIdentifier::Length);
        assert_eq!(fault("00000000"), InvalidIdentifier::Unassigned);
        assert_eq!(fault("(01)108845210628561"), InvalidIdentifier::Character { index: 18 });
        assert_eq!(fault("(01)10884521062856garbage"), InvalidIdentifier::Character { index: 18 });
        assert_eq!(fault("0110884521062856x"), InvalidIdentifier::Character { index: 16 });
        assert_eq!(fault("=/A9999XYZ100T0944x"), InvalidIdentifier::Character { index: 18 });
        assert_eq!(fault("+A123BJC5D6E7é"), InvalidIdentifier::Character { index: 13 });
    }

    #[test]
    fn a_check_character_may_be_a_blank() {
        // The values of the first part add up to 38 modulo 43.
        let before = (0..43u8)
            .filter_map(|last| Some(format!("+A123BJC5D{}1", char::from(*ALPHABET.get(usize::from(last))?))))
            .find(|before| before.bytes().filter_map(value_43).sum::<u32>() % 43 == 38)
            .unwrap();
        for check in ["_", " "] {
            let device: HibccDevice = format!("{before}{check}").parse().unwrap();
            assert_eq!(Some(device.as_str()), before.strip_prefix('+'));
        }
        assert_eq!(format!("{before}0").parse::<HibccDevice>(), Err(InvalidIdentifier::CheckDigit));
    }

    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
}
