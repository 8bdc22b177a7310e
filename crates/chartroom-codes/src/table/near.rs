//! Codes near one that is not listed: what a person may have meant.

use std::fmt;

use chrono::NaiveDate;

use super::{Concept, Table};
use crate::terminology::Standing;

/// Codes that can be used on a day and are near the one asked for: the same in another spelling, one slip away,
/// or beside it under the same header. They are looked for only when [`to_vec`](Self::to_vec) asks.
#[derive(Clone, Copy)]
pub struct Suggestions<'t> {
    table: &'t Table,
    code: &'t str,
    on: Option<NaiveDate>,
}

/// How many suggestions are given at most.
const MOST: usize = 8;

impl<'t> Suggestions<'t> {
    /// Codes that can be used on the first day of an edition.
    pub(crate) fn new(table: &'t Table, code: &'t str, edition: usize) -> Self {
        Self { table, code, on: table.editions().get(edition).map(|edition| edition.from) }
    }

    /// Codes that can be used on this day; without a day, on the first of the edition.
    pub(crate) fn on(self, on: Option<NaiveDate>) -> Self {
        Self { on, ..self }
    }

    /// The suggestions, at most eight, the likeliest first.
    pub fn to_vec(self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let spelled = self.table.parse_typed(self.code).filter(|code| self.is_usable(code));
        found.extend(spelled);
        let plain = self.plain();
        if found.is_empty() && (1..=self.longest() + 1).contains(&plain.len()) {
            let slips = self.slips(&plain).filter_map(|slip| self.listed(&slip));
            for code in slips.chain(self.beside(&plain)) {
                if found.len() == MOST {
                    break;
                }
                if !found.contains(&code) {
                    found.push(code);
                }
            }
        }
        found
    }

    /// The code without its dot and blanks, in upper case where the table knows no other.
    fn plain(self) -> Vec<u8> {
        let alphabet = self.table.0.keys.alphabet();
        let known = |byte: u8| if alphabet.contains(&byte) { Some(byte) } else { Some(byte.to_ascii_uppercase()) };
        self.code.bytes().filter_map(known).filter(|byte| alphabet.contains(byte)).take(self.longest() + 2).collect()
    }

    /// What one slip of the pen makes of it: two neighbours swapped, a character too much, a wrong one, one too few.
    fn slips(self, plain: &[u8]) -> impl Iterator<Item = Vec<u8>> {
        let length = plain.len();
        let alphabet = self.table.0.keys.alphabet();
        let edited = move |place: usize, removed: usize, put: &[u8]| {
            let mut slip = plain.to_vec();
            slip.splice(place..place + removed, put.iter().copied());
            slip
        };
        let swapped = (1..length).filter_map(move |place| {
            let mut slip = plain.to_vec();
            slip.get_mut(place - 1..=place)?.reverse();
            Some(slip)
        });
        let removed = (0..length).rev().map(move |place| edited(place, 1, &[]));
        let each = move |places: std::ops::Range<usize>, removed: usize| {
            places.rev().flat_map(move |place| alphabet.iter().map(move |put| edited(place, removed, &[*put])))
        };
        swapped.chain(removed).chain(each(0..length, 1)).chain(each(0..length + 1, 0))
    }

    /// What stands under the longest header that the code begins with.
    fn beside(self, plain: &[u8]) -> Vec<String> {
        let header = (1..=plain.len()).rev().find_map(|length| self.code_of(plain.get(..length)?));
        let children = header.map(|header| self.table.children(&header)).unwrap_or_default();
        children.into_iter().map(|child| child.code()).filter(|code| self.is_usable(code)).collect()
    }

    fn listed(self, plain: &[u8]) -> Option<String> {
        self.code_of(plain).filter(|code| self.is_usable(code))
    }

    fn code_of(self, plain: &[u8]) -> Option<String> {
        self.table.get_plain(std::str::from_utf8(plain).ok()?).map(Concept::code)
    }

    fn is_usable(self, code: &str) -> bool {
        matches!(self.table.lookup(code, self.on).standing, Standing::Active)
    }

    fn longest(self) -> usize {
        self.table.0.keys.longest()
    }
}

impl Table {
    /// Codes that begin so and have a few characters more, the shorter first, until it is enough: of a system that lists no headers on the
    /// way to its codes, as HCPCS and LOINC do not.
    pub(crate) fn with_unlisted_prefix<'t>(&'t self, plain: &str, take: &mut impl FnMut(Concept<'t>) -> bool) {
        let keys = &self.0.keys;
        // Codes with a dot stand under their headers, and are found there.
        let has_dot = keys.in_form(&"0".repeat(keys.longest())).is_some_and(|form| form.bytes().contains(&b'.'));
        if has_dot {
            return;
        }
        let alphabet = keys.alphabet();
        let mut begun = vec![plain.to_owned()];
        while begun.iter().any(|begun| begun.len() < keys.longest()) {
            let longer =
                begun.iter().flat_map(|begun| alphabet.iter().map(move |next| format!("{begun}{}", char::from(*next))));
            begun = longer.collect();
            for plain in &begun {
                if self.get_plain(plain).is_some_and(|concept| !take(concept)) {
                    return;
                }
            }
            if begun.len().saturating_mul(alphabet.len()) > MOST_TRIED {
                return;
            }
        }
    }
}

/// How many texts are tried at most in search of codes with a beginning.
const MOST_TRIED: usize = 50_000;

/// The code asked for may be anything, so it is not shown.
impl fmt::Debug for Suggestions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suggestions").finish_non_exhaustive()
    }
}

impl PartialEq for Suggestions<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.to_vec() == other.to_vec()
    }
}
