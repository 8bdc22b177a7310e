//! Which concept is a kind of which: the closure of the `is a` relationships of a code system such as SNOMED CT.
//!
//! ```
//! use chartroom_codes::hierarchy::Hierarchy;
//!
//! // Type 2 diabetes is a diabetes mellitus, which is a disease.
//! let hierarchy = Hierarchy::new(&[(44054006, 73211009), (73211009, 64572001)])?;
//! assert!(hierarchy.subsumes(64572001, 44054006));
//! assert!(!hierarchy.subsumes(44054006, 64572001));
//! # Ok::<(), chartroom_codes::hierarchy::Cycle>(())
//! ```

use std::collections::HashSet;
use std::fmt;

/// The closure of `is a` over concepts that are numbers. A concept has a set of all its ancestors, so that a few looks into memory
/// answer whether a concept is a kind of another, whatever the size of the system and however many ancestors there are; mostly
/// it is none, and then one look is enough.
#[derive(Clone, Default)]
pub struct Hierarchy {
    /// The concepts, ascending. All else names them by their index.
    concepts: Vec<u64>,
    /// Each concept where its scattered number says, or not far behind. At least a third of the places is empty.
    places: Vec<Place>,
    parents: Rows,
    children: Rows,
    /// The ancestors of all concepts, one set behind the other.
    ancestors: Vec<u32>,
    /// Each pair of a concept and an ancestor sets some bits of one of these numbers. Where they are not all set there is no such pair.
    filter: Vec<u64>,
}

/// A concept, its index, and where its ancestors stand.
#[derive(Clone, Copy)]
struct Place {
    concept: u64,
    index: u32,
    ancestors: Set,
}

/// A part of a list in which each item stands where its scattered number says, or not far behind; at least one place is empty.
#[derive(Clone, Copy, Default)]
struct Set {
    start: usize,
    places: u32,
}

/// The index of no concept: an empty place.
const NONE: u32 = u32::MAX;

/// Relationships that lead in a circle, so that a concept would be a kind of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the concepts are kinds of one another in a circle")]
pub struct Cycle {
    /// One of the concepts on the circle.
    pub concept: u64,
}

/// A row of indices for each concept, one behind the other.
#[derive(Clone, Default)]
struct Rows {
    /// Where the row of each concept begins, and where the last one ends.
    starts: Vec<usize>,
    items: Vec<u32>,
}

impl Hierarchy {
    /// Works the closure out of relationships, each the more specific concept and the more general one.
    ///
    /// # Errors
    ///
    /// If they lead in a circle.
    pub fn new(is_a: &[(u64, u64)]) -> Result<Self, Cycle> {
        let mut concepts: Vec<u64> = is_a.iter().flat_map(|&(specific, general)| [specific, general]).collect();
        concepts.sort_unstable();
        concepts.dedup();
        let index = |concept: u64| concepts.binary_search(&concept).ok().and_then(|index| u32::try_from(index).ok());
        let mut up: Vec<(u32, u32)> =
            is_a.iter().filter_map(|&(specific, general)| Some((index(specific)?, index(general)?))).collect();
        up.sort_unstable();
        up.dedup();
        let mut down: Vec<(u32, u32)> = up.iter().map(|&(specific, general)| (general, specific)).collect();
        down.sort_unstable();
        let (parents, children) = (Rows::of(concepts.len(), &up), Rows::of(concepts.len(), &down));
        let rows = closure(&parents, &children)
            .map_err(|index| Cycle { concept: concepts.get(index as usize).copied().unwrap_or_default() })?;
        let mut ancestors = Vec::new();
        let sets: Vec<Set> = rows.iter().map(|row| Set::append(&mut ancestors, row)).collect();
        let places = placed(&concepts, &sets);
        let filter = filter(&concepts, &rows);
        Ok(Self { concepts, places, parents, children, ancestors, filter })
    }

    /// How many concepts stand in a relationship.
    pub fn len(&self) -> usize {
        self.concepts.len()
    }

    /// Whether no concept stands in a relationship.
    pub fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// Whether `specific` is `general` or a kind of it. A concept that stands in no relationship subsumes only itself.
    #[inline]
    pub fn subsumes(&self, general: u64, specific: u64) -> bool {
        let (word, bits) = filtered(general, specific, self.filter.len());
        let may_be = self.filter.get(word).is_some_and(|found| found & bits == bits);
        general == specific || (may_be && self.is_above(general, specific))
    }

    /// As [`subsumes`](Self::subsumes), of two concepts that the filter lets through. Kept apart, so that the common case stays small.
    #[inline(never)]
    fn is_above(&self, general: u64, specific: u64) -> bool {
        let is_above = |(above, below): (&Place, &Place)| below.ancestors.holds(&self.ancestors, above.index);
        self.place(general).zip(self.place(specific)).is_some_and(is_above)
    }

    /// The concepts that this one is directly a kind of.
    pub fn parents(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        self.named(self.parents.row(self.index(concept)))
    }

    /// The concepts that are directly a kind of this one.
    pub fn children(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        self.named(self.children.row(self.index(concept)))
    }

    /// Every concept that this one is a kind of, without itself, ascending.
    pub fn ancestors(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        let set = self.place(concept).map(|place| place.ancestors.items(&self.ancestors)).unwrap_or_default();
        let mut above: Vec<u32> = set.iter().copied().filter(|index| *index != NONE).collect();
        above.sort_unstable();
        above.into_iter().filter_map(|index| self.concepts.get(index as usize).copied())
    }

    /// Every concept that is a kind of this one, without itself, each once, in no order.
    pub fn descendants(&self, concept: u64) -> Vec<u64> {
        let mut seen = vec![false; self.concepts.len()];
        let mut found = Vec::new();
        let mut open = vec![self.index(concept)];
        while let Some(index) = open.pop() {
            for &child in self.children.row(index) {
                if let Some(seen) = seen.get_mut(child as usize).filter(|seen| !**seen) {
                    *seen = true;
                    found.extend(self.concepts.get(child as usize));
                    open.push(child);
                }
            }
        }
        found
    }

    /// As [`descendants`](Self::descendants), found as they are taken: the work is in proportion to what is taken, however large the whole.
    pub(crate) fn below(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        let mut seen = HashSet::new();
        let mut open: Vec<&[u32]> = vec![self.children.row(self.index(concept))];
        let next = move || {
            loop {
                let row = open.last_mut()?;
                let Some((&child, rest)) = row.split_first() else {
                    open.pop();
                    continue;
                };
                *row = rest;
                if seen.insert(child) {
                    open.push(self.children.row(child));
                    return self.concepts.get(child as usize).copied();
                }
            }
        };
        std::iter::from_fn(next)
    }

    fn place(&self, concept: u64) -> Option<&Place> {
        let mut at = home(concept, self.places.len());
        loop {
            let place = self.places.get(at).filter(|place| place.index != NONE)?;
            if place.concept == concept {
                return Some(place);
            }
            at = next(at, self.places.len());
        }
    }

    /// The index of a concept, or that of none, whose rows are empty.
    fn index(&self, concept: u64) -> u32 {
        self.place(concept).map_or(NONE, |place| place.index)
    }

    fn named<'h>(&'h self, row: &'h [u32]) -> impl Iterator<Item = u64> + 'h {
        row.iter().filter_map(|&index| self.concepts.get(index as usize).copied())
    }
}

impl Set {
    /// Puts a set of these items behind those of a list.
    fn append(list: &mut Vec<u32>, items: &[u32]) -> Self {
        let start = list.len();
        let places = items.len() + items.len() / 3 + 1;
        list.resize(start + places, NONE);
        let set = list.get_mut(start..).unwrap_or_default();
        for item in items {
            let mut at = home(u64::from(*item), places);
            while set.get(at).is_some_and(|taken| *taken != NONE) {
                at = next(at, places);
            }
            if let Some(place) = set.get_mut(at) {
                *place = *item;
            }
        }
        Self { start, places: u32::try_from(places).unwrap_or_default() }
    }

    /// The places of the set in its list, the empty ones as well.
    fn items(self, list: &[u32]) -> &[u32] {
        list.get(self.start..).and_then(|list| list.get(..self.places as usize)).unwrap_or_default()
    }

    fn holds(self, list: &[u32], item: u32) -> bool {
        let set = self.items(list);
        let mut at = home(u64::from(item), set.len());
        loop {
            match set.get(at) {
                Some(found) if *found == item => return true,
                None | Some(&NONE) => return false,
                Some(_) => at = next(at, set.len()),
            }
        }
    }
}

/// The concepts, each at its place.
fn placed(concepts: &[u64], sets: &[Set]) -> Vec<Place> {
    let empty = Place { concept: 0, index: NONE, ancestors: Set::default() };
    let mut places = vec![empty; concepts.len() + concepts.len() / 2 + 1];
    for (index, (concept, ancestors)) in (0..NONE).zip(concepts.iter().zip(sets)) {
        let mut at = home(*concept, places.len());
        while places.get(at).is_some_and(|taken| taken.index != NONE) {
            at = next(at, places.len());
        }
        if let Some(place) = places.get_mut(at) {
            *place = Place { concept: *concept, index, ancestors: *ancestors };
        }
    }
    places
}

/// The place behind another, in a circle.
fn next(place: usize, places: usize) -> usize {
    if place + 1 < places { place + 1 } else { 0 }
}

/// The filter of all pairs of a concept and one of its ancestors, of about ten bits for each.
fn filter(concepts: &[u64], rows: &[Vec<u32>]) -> Vec<u64> {
    let pairs: usize = rows.iter().map(Vec::len).sum();
    let mut filter = vec![0; pairs / 6 + 1];
    for (concept, row) in concepts.iter().zip(rows) {
        for above in row.iter().filter_map(|index| concepts.get(*index as usize)) {
            let (word, bits) = filtered(*above, *concept, filter.len());
            if let Some(word) = filter.get_mut(word) {
                *word |= bits;
            }
        }
    }
    filter
}

/// Which number of a filter a pair has, and which bits of it.
#[inline]
fn filtered(general: u64, specific: u64, words: usize) -> (usize, u64) {
    let mixed = mixed(general.rotate_left(32) ^ mixed(specific));
    let bits = [0, 6, 12, 18].into_iter().fold(0, |bits, shift| bits | 1 << (mixed >> shift & 63));
    (scaled(mixed, words), bits)
}

/// The place at which a number is looked for first.
fn home(number: u64, places: usize) -> usize {
    scaled(mixed(number), places)
}

/// A number below a limit, by the high bits of one that is well mixed.
#[inline]
fn scaled(mixed: u64, limit: usize) -> usize {
    ((u128::from(mixed) * limit as u128) >> 64) as usize
}

/// A number in whose place others stand as if by chance, also where numbers grow by equal steps.
#[inline]
fn mixed(number: u64) -> u64 {
    let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ (mixed >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
}

/// The ancestors of every concept, sorted, or a concept on a circle. Parents are done before their children.
fn closure(parents: &Rows, children: &Rows) -> Result<Vec<Vec<u32>>, u32> {
    let count = parents.len();
    let mut waiting: Vec<usize> = (0..count).map(|index| parents.row(index as u32).len()).collect();
    let mut ready: Vec<u32> = (0..count as u32).filter(|&index| parents.row(index).is_empty()).collect();
    let mut rows: Vec<Vec<u32>> = vec![Vec::new(); count];
    while let Some(index) = ready.pop() {
        let mut row: Vec<u32> = Vec::new();
        for &parent in parents.row(index) {
            row.push(parent);
            row.extend(rows.get(parent as usize).into_iter().flatten());
        }
        row.sort_unstable();
        row.dedup();
        row.shrink_to_fit();
        if let Some(place) = rows.get_mut(index as usize) {
            *place = row;
        }
        for &child in children.row(index) {
            let Some(left) = waiting.get_mut(child as usize) else { continue };
            *left -= 1;
            if *left == 0 {
                ready.push(child);
            }
        }
    }
    match waiting.iter().position(|left| *left > 0) {
        Some(index) => Err(index as u32),
        None => Ok(rows),
    }
}

impl Rows {
    /// Rows of sorted pairs, each a concept and an item of its row.
    fn of(count: usize, pairs: &[(u32, u32)]) -> Self {
        let starts = (0..=count).map(|index| pairs.partition_point(|(first, _)| (*first as usize) < index)).collect();
        Self { starts, items: pairs.iter().map(|(_, item)| *item).collect() }
    }

    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn row(&self, index: u32) -> &[u32] {
        let next = (index as usize).checked_add(1).and_then(|next| self.starts.get(next));
        let (Some(start), Some(end)) = (self.starts.get(index as usize), next) else { return &[] };
        self.items.get(*start..*end).unwrap_or_default()
    }
}

impl fmt::Debug for Hierarchy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hierarchy").field("concepts", &self.concepts.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 1 over 2 and 3, both over 4, which is over 5; 9 stands alone.
    fn diamond() -> Hierarchy {
        Hierarchy::new(&[(2, 1), (3, 1), (4, 2), (4, 3), (5, 4), (5, 4)]).unwrap()
    }

    #[test]
    fn a_concept_may_have_several_parents() {
        let hierarchy = diamond();
        assert_eq!(hierarchy.parents(4).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(hierarchy.children(1).collect::<Vec<_>>(), [2, 3]);
        assert_eq!(hierarchy.ancestors(5).collect::<Vec<_>>(), [1, 2, 3, 4]);
        let mut below = hierarchy.descendants(2);
        below.sort_unstable();
        assert_eq!(below, [4, 5]);
        assert_eq!(hierarchy.below(1).collect::<Vec<_>>(), [2, 4, 5, 3]);
        assert!(hierarchy.subsumes(1, 5) && hierarchy.subsumes(5, 5) && !hierarchy.subsumes(2, 3));
        assert!(hierarchy.subsumes(9, 9) && !hierarchy.subsumes(1, 9) && hierarchy.descendants(9).is_empty());
    }

    #[test]
    fn a_circle_is_refused() {
        assert!(matches!(Hierarchy::new(&[(1, 2), (2, 3), (3, 2)]), Err(Cycle { concept: 1..=3 })));
        assert_eq!(Hierarchy::new(&[(7, 7)]).unwrap_err(), Cycle { concept: 7 });
        assert!(Hierarchy::new(&[]).unwrap().is_empty());
    }

    proptest! {
        #[test]
        fn the_closure_agrees_with_a_walk(pairs in proptest::collection::vec((0u64..40, 0u64..40), 0..120)) {
            // Larger numbers are kinds of smaller ones, so there is no circle.
            let is_a: Vec<_> = pairs.into_iter().filter(|(a, b)| a != b).map(|(a, b)| (a.max(b), a.min(b))).collect();
            let hierarchy = Hierarchy::new(&is_a).unwrap();
            let parents = |concept: u64| is_a.iter().filter(move |(specific, _)| *specific == concept).map(|(_, general)| *general);
            for specific in 0..40 {
                let mut above = vec![specific];
                let mut next = 0;
                while let Some(&concept) = above.get(next) {
                    above.extend(parents(concept).filter(|parent| !above.contains(parent)).collect::<Vec<_>>());
                    above.dedup();
                    next += 1;
                }
                for general in 0..40 {
                    prop_assert_eq!(hierarchy.subsumes(general, specific), above.contains(&general));
                }
            }
        }
    }
}
