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

use std::fmt;

/// The closure of `is a` over concepts that are numbers. A concept has a row with all its ancestors, sorted, so that one search in a
/// row of some tens of numbers answers whether a concept is a kind of another, whatever the size of the system.
#[derive(Clone, Default)]
pub struct Hierarchy {
    /// The concepts, ascending. Rows name them by their index.
    concepts: Vec<u64>,
    /// Where each concept's index stands, by its scattered number: one behind it, or 0 for an empty place.
    places: Vec<u32>,
    parents: Rows,
    children: Rows,
    ancestors: Rows,
}

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
        let places = scattered(&concepts);
        let (parents, children) = (Rows::of(concepts.len(), &up), Rows::of(concepts.len(), &down));
        let ancestors = closure(&parents, &children)
            .map_err(|index| Cycle { concept: concepts.get(index as usize).copied().unwrap_or_default() })?;
        Ok(Self { concepts, places, parents, children, ancestors })
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
    pub fn subsumes(&self, general: u64, specific: u64) -> bool {
        let above = || {
            let (general, specific) = (self.index(general)?, self.index(specific)?);
            Some(self.ancestors.row(specific).binary_search(&general).is_ok())
        };
        general == specific || above().unwrap_or_default()
    }

    /// The concepts that this one is directly a kind of.
    pub fn parents(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        self.named(&self.parents, concept)
    }

    /// The concepts that are directly a kind of this one.
    pub fn children(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        self.named(&self.children, concept)
    }

    /// Every concept that this one is a kind of, without itself, ascending.
    pub fn ancestors(&self, concept: u64) -> impl Iterator<Item = u64> + '_ {
        self.named(&self.ancestors, concept)
    }

    /// Every concept that is a kind of this one, without itself, each once, in no order.
    pub fn descendants(&self, concept: u64) -> Vec<u64> {
        let mut seen = vec![false; self.concepts.len()];
        let mut found = Vec::new();
        let mut open: Vec<u32> = self.index(concept).into_iter().collect();
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

    fn index(&self, concept: u64) -> Option<u32> {
        let mut place = home(concept, self.places.len());
        loop {
            // A third of the places is empty, so one is soon met.
            let index = self.places.get(place)?.checked_sub(1)?;
            if self.concepts.get(index as usize) == Some(&concept) {
                return Some(index);
            }
            place = (place + 1) & (self.places.len() - 1);
        }
    }

    fn named<'h>(&'h self, rows: &'h Rows, concept: u64) -> impl Iterator<Item = u64> + 'h {
        let row = self.index(concept).map(|index| rows.row(index)).unwrap_or_default();
        row.iter().filter_map(|&index| self.concepts.get(index as usize).copied())
    }
}

/// The places of concepts: a power of two of them, of which at least a third stays empty.
fn scattered(concepts: &[u64]) -> Vec<u32> {
    let mut places = vec![0; (concepts.len() + concepts.len() / 2 + 1).next_power_of_two()];
    for (behind, concept) in (1u32..).zip(concepts) {
        let mut place = home(*concept, places.len());
        while places.get(place).is_some_and(|taken| *taken > 0) {
            place = (place + 1) & (places.len() - 1);
        }
        if let Some(place) = places.get_mut(place) {
            *place = behind;
        }
    }
    places
}

/// The place at which a concept is looked for first. (Fibonacci hashing.)
fn home(concept: u64, places: usize) -> usize {
    let scattered = concept.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((u128::from(scattered) * places as u128) >> 64) as usize
}

/// The ancestors of every concept, or a concept on a circle. Parents are done before their children.
fn closure(parents: &Rows, children: &Rows) -> Result<Rows, u32> {
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
        None => Ok(Rows::joined(&rows)),
    }
}

impl Rows {
    /// Rows of sorted pairs, each a concept and an item of its row.
    fn of(count: usize, pairs: &[(u32, u32)]) -> Self {
        let starts = (0..=count).map(|index| pairs.partition_point(|(first, _)| (*first as usize) < index)).collect();
        Self { starts, items: pairs.iter().map(|(_, item)| *item).collect() }
    }

    fn joined(rows: &[Vec<u32>]) -> Self {
        let ends = rows.iter().scan(0, |end, row| {
            *end += row.len();
            Some(*end)
        });
        Self { starts: std::iter::once(0).chain(ends).collect(), items: rows.concat() }
    }

    fn len(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    fn row(&self, index: u32) -> &[u32] {
        let bounds = (self.starts.get(index as usize), self.starts.get(index as usize + 1));
        let (Some(start), Some(end)) = bounds else { return &[] };
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
