//! The last section of a table: days and successors of single codes.

use std::fmt;

use chrono::NaiveDate;

use super::build::{BuildError, Validity};
use crate::image::{day_number, day_of, u32_of};

/// The codes that take the place of a retired one, where its release says so. They are read only when they are asked for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Successors<'t> {
    /// Each its length in one byte, then the code.
    text: &'t [u8],
}

impl<'t> Successors<'t> {
    /// The codes, as the release has them.
    pub fn iter(self) -> impl Iterator<Item = &'t str> {
        let mut rest = self.text;
        std::iter::from_fn(move || {
            let (length, behind) = rest.split_first()?;
            let (code, behind) = behind.split_at_checked(usize::from(*length))?;
            rest = behind;
            std::str::from_utf8(code).ok()
        })
    }

    /// The codes, as the release has them.
    pub fn to_vec(self) -> Vec<String> {
        self.iter().map(str::to_owned).collect()
    }

    /// Whether the release names none.
    pub fn is_empty(self) -> bool {
        self.text.is_empty()
    }
}

impl fmt::Debug for Successors<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// The first day, the first day past the last, and the successors of a code.
pub(crate) type Days<'t> = (Option<NaiveDate>, Option<NaiveDate>, Successors<'t>);

/// Place, edition, first day, first day past the last, end of the successors.
const RECORD: usize = 20;

/// Whether a section is as long as it says, or not there at all.
pub(super) fn fits(section: &[u8]) -> bool {
    section.is_empty() || parts(section).is_some()
}

/// What a section says of the code of a place in an edition.
pub(super) fn find(section: &[u8], place: u32, edition: u32) -> Option<Days<'_>> {
    let (records, text) = parts(section)?;
    let of_record = |record: &[u8; RECORD]| (number(record, 0), number(record, 1));
    let index = records.binary_search_by_key(&(place, edition), of_record).ok()?;
    let record = records.get(index)?;
    let start = index.checked_sub(1).and_then(|before| records.get(before)).map_or(0, |before| number(before, 4));
    let text = text.get(start as usize..number(record, 4) as usize)?;
    Some((day_of(number(record, 2)), day_of(number(record, 3)), Successors { text }))
}

/// The section that holds what each edition says of the days of its codes, by place and then edition; empty if none says anything.
pub(super) fn section(all: &[(usize, usize, &Validity)]) -> Result<Vec<u8>, BuildError> {
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let mut section = u32_of(all.len())?.to_vec();
    let mut text = Vec::new();
    for (place, edition, validity) in all {
        for successor in &validity.replaced_by {
            text.push(u8::try_from(successor.len()).map_err(|_| BuildError::TooLong)?);
            text.extend(successor.bytes());
        }
        section.extend(u32_of(*place)?);
        section.extend(u32_of(*edition)?);
        section.extend(day_number(validity.from).to_le_bytes());
        section.extend(day_number(validity.until).to_le_bytes());
        section.extend(u32_of(text.len())?);
    }
    section.extend(text);
    Ok(section)
}

/// The records of a section and the text behind them.
fn parts(section: &[u8]) -> Option<(&[[u8; RECORD]], &[u8])> {
    let (count, rest) = section.split_first_chunk::<4>()?;
    let length = (u32::from_le_bytes(*count) as usize).checked_mul(RECORD)?;
    let (records, text) = rest.split_at_checked(length)?;
    Some((records.as_chunks().0, text))
}

fn number(record: &[u8; RECORD], which: usize) -> u32 {
    record.as_chunks::<4>().0.get(which).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}
