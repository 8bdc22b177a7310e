//! The number of a packaged drug.

use std::fmt;
use std::str::FromStr;

use super::{Identifier, InvalidIdentifier, digits, is_nothing};

/// A National Drug Code of the United States (21 CFR 207.33): labeler, product and package.
///
/// Labels show ten digits in three segments, 4-4-2, 5-3-2 or 5-4-1; claims send eleven, 5-4-2; from 7 March 2033 every new number
/// has twelve, 6-4-2 (91 FR 10749). All of them are read here, with hyphens or, for eleven and twelve digits, without.
/// Ten digits without hyphens fit three numbers, and are refused as [`InvalidIdentifier::Ambiguous`].
///
/// Two numbers are equal if their segments are, however they were written. It is printed in eleven digits without hyphens, or in twelve
/// if the labeler needs six.
///
/// ```
/// use chartroom_codes::identifier::{InvalidIdentifier, Ndc};
///
/// let ndc: Ndc = "0002-0152-01".parse()?;
/// assert_eq!(ndc.to_string(), "00002015201");
/// assert_eq!(ndc, "00002-0152-01".parse()?);
/// assert_eq!("0002015201".parse::<Ndc>(), Err(InvalidIdentifier::Ambiguous));
/// # Ok::<(), InvalidIdentifier>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ndc {
    labeler: u32,
    product: u16,
    package: u8,
}

impl Ndc {
    /// The firm: it makes, repacks or distributes the drug.
    pub fn labeler(self) -> u32 {
        self.labeler
    }

    /// The firm's number for substance, strength and form.
    pub fn product(self) -> u16 {
        self.product
    }

    /// The firm's number for size and kind of the package.
    pub fn package(self) -> u8 {
        self.package
    }

    /// The twelve digits, 6-4-2, that every number has from 7 March 2033.
    pub fn twelve_digits(self) -> String {
        format!("{:06}{:04}{:02}", self.labeler, self.product, self.package)
    }

    fn of_segments(labeler: &str, product: &str, package: &str) -> Result<Self, InvalidIdentifier> {
        let number =
            |text: &str| digits(text).map(|digits| digits.fold(0u32, |sum, digit| 10 * sum + u32::from(digit)));
        if [labeler, product, package].into_iter().all(|segment| is_nothing(segment.bytes())) {
            return Err(InvalidIdentifier::Unassigned);
        }
        let product = u16::try_from(number(product)?).map_err(|_| InvalidIdentifier::Length)?;
        let package = u8::try_from(number(package)?).map_err(|_| InvalidIdentifier::Length)?;
        Ok(Self { labeler: number(labeler)?, product, package })
    }
}

impl FromStr for Ndc {
    type Err = InvalidIdentifier;

    fn from_str(text: &str) -> Result<Self, InvalidIdentifier> {
        if let Some(index) = text.bytes().position(|byte| !byte.is_ascii_digit() && byte != b'-') {
            return Err(InvalidIdentifier::Character { index });
        }
        let segments: [Option<&str>; 3] = match text.split('-').count() {
            1 if text.len() == 10 => return Err(InvalidIdentifier::Ambiguous),
            1 => {
                let labeler = text.len().saturating_sub(6);
                [text.get(..labeler), text.get(labeler..labeler + 4), text.get(labeler + 4..)]
            }
            3 => {
                let mut segments = text.split('-');
                std::array::from_fn(|_| segments.next())
            }
            _ => return Err(InvalidIdentifier::Length),
        };
        let [Some(labeler), Some(product), Some(package)] = segments else { return Err(InvalidIdentifier::Length) };
        match (labeler.len(), product.len(), package.len()) {
            (4..=6, 4, 2) | (5, 3, 2) | (5, 4, 1) if text.len() != 10 || text.contains('-') => {
                Self::of_segments(labeler, product, package)
            }
            _ => Err(InvalidIdentifier::Length),
        }
    }
}

impl Identifier for Ndc {
    fn parse_typed(typed: &str) -> Result<Self, InvalidIdentifier> {
        super::text::plain(typed)
    }
}

impl fmt::Display for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:05}{:04}{:02}", self.labeler, self.product, self.package)
    }
}

impl fmt::Debug for Ndc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ndc({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_gives_the_same_number() {
        let eleven = |text: &str| text.parse::<Ndc>().unwrap().to_string();
        assert_eq!(eleven("0002-0152-01"), "00002015201");
        assert_eq!(eleven("12345-678-90"), "12345067890");
        assert_eq!(eleven("12345-6789-0"), "12345678900");
        assert_eq!(eleven("12345-6789-01"), "12345678901");
        assert_eq!(eleven("12345678901"), "12345678901");
        assert_eq!(eleven("012345678901"), "12345678901");
        assert_eq!(eleven("123456-7890-12"), "123456789012");
        assert_eq!("0002-0152-01".parse::<Ndc>().unwrap().twelve_digits(), "000002015201");
    }

    #[test]
    fn what_fits_several_numbers_or_none_is_refused() {
        let fault = |text: &str| text.parse::<Ndc>().unwrap_err();
        assert_eq!(fault("1234567890"), InvalidIdentifier::Ambiguous);
        for text in
            ["12345-6789-012", "12345-678-9", "1234-567-89", "123-4567-89", "12345-678901", "", "1", "1-2-3-4", "--"]
        {
            assert_eq!(fault(text), InvalidIdentifier::Length, "{text}");
        }
        assert_eq!(fault("12345-67X9-01"), InvalidIdentifier::Character { index: 8 });
        assert_eq!(Ndc::parse_typed(" 0002-0152-01 ").unwrap().labeler(), 2);
    }
}
