//! What all compiled forms share: numbers and texts as bytes, and parts that stand one behind the other.

use std::borrow::Cow;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use crate::table::{BuildError, Edition};

/// Why some bytes are not what they are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImage {
    /// The bytes do not begin as such an image does.
    #[error("not compiled {what}")]
    Other {
        /// What was wanted.
        what: &'static str,
    },
    /// An image of another version of the format.
    #[error("compiled {what} of version {version}, where version 1 is read")]
    Version {
        /// What was wanted.
        what: &'static str,
        /// The version that the image claims.
        version: u16,
    },
    /// The parts of the image do not fit its length or one another.
    #[error("damaged: compiled {what}")]
    Damaged {
        /// What was wanted.
        what: &'static str,
    },
    /// The image was compiled for another table, or for other editions of it.
    #[error("compiled {what} of another table")]
    OtherTable {
        /// What was wanted.
        what: &'static str,
    },
}

/// A kind of image: the eight bytes it begins with, what an error calls it, and how many parts it has.
pub(crate) struct Form {
    pub(crate) magic: &'static [u8; 8],
    pub(crate) what: &'static str,
    pub(crate) parts: usize,
}

/// An image of parts: magic, version (`u16`, 1), the length of each part (`u32`), then the parts without gaps.
pub(crate) struct Parts {
    bytes: Cow<'static, [u8]>,
    places: Vec<Range<usize>>,
}

const VERSION: u16 = 1;

impl Form {
    /// Looks at the front only.
    pub(crate) fn read(&self, bytes: Cow<'static, [u8]>) -> Result<Parts, InvalidImage> {
        let Self { magic, what, parts } = *self;
        let mut front = Cursor { bytes: &bytes, at: 0 };
        if front.take(magic.len()) != Some(magic.as_slice()) {
            return Err(InvalidImage::Other { what });
        }
        let version = front.u16().ok_or(InvalidImage::Damaged { what })?;
        if version != VERSION {
            return Err(InvalidImage::Version { what, version });
        }
        let places = places(&mut front, parts).filter(|places| places.last().map(|last| last.end) == Some(bytes.len()));
        Ok(Parts { places: places.ok_or(InvalidImage::Damaged { what })?, bytes })
    }

    pub(crate) fn write(&self, parts: &[Vec<u8>]) -> Result<Vec<u8>, BuildError> {
        let mut image = self.magic.to_vec();
        image.extend(VERSION.to_le_bytes());
        for part in parts {
            image.extend(u32_of(part.len())?);
        }
        parts.iter().for_each(|part| image.extend_from_slice(part));
        Ok(image)
    }

    pub(crate) fn damaged(&self) -> InvalidImage {
        InvalidImage::Damaged { what: self.what }
    }
}

impl Parts {
    /// A part by its index; nothing if there is none.
    pub(crate) fn part(&self, index: usize) -> &[u8] {
        self.places.get(index).and_then(|place| self.bytes.get(place.clone())).unwrap_or_default()
    }

    /// How many bytes the whole image has.
    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }
}

fn places(front: &mut Cursor<'_>, parts: usize) -> Option<Vec<Range<usize>>> {
    let lengths = (0..parts).map(|_| front.u32()).collect::<Option<Vec<_>>>()?;
    let mut end = front.at;
    let place = |length: usize| {
        let start = end;
        end = start.checked_add(length)?;
        Some(start..end)
    };
    lengths.into_iter().map(place).collect()
}

/// Reads from the front on, as far as there is anything.
pub(crate) struct Cursor<'b> {
    pub(crate) bytes: &'b [u8],
    pub(crate) at: usize,
}

impl<'b> Cursor<'b> {
    pub(crate) fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let taken = self.bytes.get(self.at..)?.get(..length)?;
        self.at += length;
        Some(taken)
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }

    pub(crate) fn u16(&mut self) -> Option<u16> {
        self.take(2).map(|bytes| little_endian(bytes) as u16)
    }

    pub(crate) fn u32(&mut self) -> Option<usize> {
        self.take(4).map(|bytes| little_endian(bytes) as usize)
    }

    pub(crate) fn text(&mut self) -> Option<String> {
        let length = usize::from(self.u16()?);
        String::from_utf8(self.take(length)?.to_vec()).ok()
    }

    pub(crate) fn edition(&mut self) -> Option<Edition> {
        let (from, last) = (self.day()??, self.day()?);
        Some(Edition { label: self.text()?, from, last })
    }

    fn day(&mut self) -> Option<Option<NaiveDate>> {
        let number = self.u32()? as u32;
        if number == 0 { Some(None) } else { day_of(number).map(Some) }
    }
}

/// Appends an edition: its first day and its last, each year·10000 + month·100 + day or 0, and its label.
pub(crate) fn push_edition(bytes: &mut Vec<u8>, edition: &Edition) -> Result<(), BuildError> {
    bytes.extend(day_number(Some(edition.from)).to_le_bytes());
    bytes.extend(day_number(edition.last).to_le_bytes());
    push_text(bytes, &edition.label)
}

/// Appends a text behind its length.
pub(crate) fn push_text(bytes: &mut Vec<u8>, text: &str) -> Result<(), BuildError> {
    let length = u16::try_from(text.len()).map_err(|_| BuildError::TooLarge)?;
    bytes.extend(length.to_le_bytes());
    bytes.extend(text.bytes());
    Ok(())
}

/// Appends a number, seven bits to a byte, the lowest first, the high bit set on all but the last.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front, or `None` at the end and where the bytes make none.
#[inline]
pub(crate) fn number(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0;
    for place in 0..4 {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(*byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// A number made of all bytes, by which one piece is told from another (FNV-1a).
pub(crate) fn sum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xCBF2_9CE4_8422_2325, |sum: u64, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

pub(crate) fn u32_of(number: usize) -> Result<[u8; 4], BuildError> {
    u32::try_from(number).map(u32::to_le_bytes).map_err(|_| BuildError::TooLarge)
}

/// The number at an index of a part that holds numbers of four bytes.
#[inline]
pub(crate) fn u32_at(part: &[u8], index: usize) -> Option<usize> {
    part.as_chunks::<4>().0.get(index).map(|bytes| u32::from_le_bytes(*bytes) as usize)
}

/// The number at an index of a part that holds numbers of eight bytes.
#[inline]
pub(crate) fn u64_at(part: &[u8], index: usize) -> Option<u64> {
    part.as_chunks::<8>().0.get(index).map(|bytes| u64::from_le_bytes(*bytes))
}

/// The number of up to eight bytes, the lowest first.
#[inline]
pub(crate) fn little_endian(bytes: &[u8]) -> u64 {
    match *bytes {
        [a, b, c, d] => u64::from(u32::from_le_bytes([a, b, c, d])),
        _ => bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// A day as an image writes it: year·10000 + month·100 + day, or 0.
pub(crate) fn day_number(day: Option<NaiveDate>) -> u32 {
    day.map_or(0, |day| day.year().unsigned_abs() * 10_000 + day.month() * 100 + day.day())
}

/// The day that a number of an image stands for.
pub(crate) fn day_of(number: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt((number / 10_000) as i32, number / 100 % 100, number % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_never_hold_a_byte_zero() {
        for wanted in (1..300).chain([16_383, 16_384, 2_097_151]) {
            let mut bytes = Vec::new();
            push_number(&mut bytes, wanted);
            assert!(!bytes.contains(&0));
            assert_eq!(number(&mut bytes.as_slice()), Some(wanted));
        }
    }

    #[test]
    fn a_number_without_end_is_none() {
        assert_eq!(number(&mut [0xFF; 9].as_slice()), None);
        assert_eq!(number(&mut [0x80].as_slice()), None);
    }

    #[test]
    fn parts_come_back_and_damage_is_refused() {
        let form = Form { magic: b"CHRTTEST", what: "trials", parts: 2 };
        let image = form.write(&[b"one".to_vec(), b"another".to_vec()]).unwrap();
        let parts = form.read(image.clone().into()).unwrap();
        assert_eq!((parts.part(0), parts.part(1), parts.part(2)), (&b"one"[..], &b"another"[..], &b""[..]));
        for length in 0..image.len() {
            assert!(form.read(image[..length].to_vec().into()).is_err(), "{length}");
        }
        let mut newer = image.clone();
        newer[8] = 2;
        assert_eq!(form.read(newer.into()).err(), Some(InvalidImage::Version { what: "trials", version: 2 }));
    }
}
