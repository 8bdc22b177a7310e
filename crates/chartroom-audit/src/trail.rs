use crate::accounting::{Accounting, Query, account};
use crate::breach::{self, Worksheet};
use crate::event::Event;
use crate::merkle::{Consistency, Hash, Head, Inclusion, Nodes, Tree, leaf_hash};
use crate::policies::{self, NotAdopted};
use crate::verify::verify;
use crate::{Refusal, TrailError};

/// Where events are written, once and for good.
///
/// A store implements it durably: when `append` returns a receipt, the event survives a crash.
pub trait Trail {
    /// Writes an event behind all others.
    ///
    /// # Errors
    ///
    /// When the event could not be written, or was [refused](TrailError::Refused). Then it is not in the trail, and what depended on
    /// it must not happen.
    fn append(&mut self, event: &Event) -> Result<Receipt, TrailError>;

    /// Writes several events in one go, in their order, as [`append_each`](Self::append_each) does, for what depends on all of them.
    ///
    /// # Errors
    ///
    /// When they could not be written, or one of them was [refused](TrailError::Refused). Some of them may be in the trail all the
    /// same, and what depended on any of them must not happen.
    fn append_all(&mut self, events: &[Event]) -> Result<Vec<Receipt>, TrailError> {
        Ok(self.append_each(events)?.into_iter().collect::<Result<_, _>>()?)
    }

    /// Writes several events in one go, in their order. A trail on a disk makes one write of them. Of each it tells whether it was
    /// written or refused: the refusal of one is none of the others.
    ///
    /// # Errors
    ///
    /// When they could not be written. Some of them may be in the trail all the same, and what depended on any of them
    /// must not happen.
    fn append_each(&mut self, events: &[Event]) -> Result<Vec<Result<Receipt, Refusal>>, TrailError> {
        let each = events.iter().map(|event| match self.append(event) {
            Ok(receipt) => Ok(Ok(receipt)),
            Err(TrailError::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(error),
        });
        each.collect()
    }

    /// The size and the root of the trail as it stands.
    ///
    /// # Errors
    ///
    /// When the trail cannot be read.
    fn head(&self) -> Result<Head, TrailError>;
}

/// Where an event stands in the trail.
///
/// The root is not part of it: one root, from [`Trail::head`], serves for all events that were appended before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Receipt {
    /// The event's place, from 0.
    pub index: u64,
    /// The hash of the event's bytes as a leaf.
    pub leaf_hash: Hash,
}

/// A trail in memory, for tests and small programs.
#[derive(Clone, Default)]
pub struct MemoryTrail {
    entries: Vec<Vec<u8>>,
    tree: Tree,
}

impl Receipt {
    /// The size of the trail right after this event: the smallest for which its inclusion can be proven.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.index + 1
    }
}

impl MemoryTrail {
    /// A trail without events.
    #[must_use]
    pub const fn new() -> Self {
        Self { entries: Vec::new(), tree: Tree::new() }
    }

    /// The bytes of each event, in the order in which they were appended.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.entries.iter().map(Vec::as_slice)
    }

    /// Each event with its place.
    ///
    /// # Errors
    ///
    /// An item is an error when its bytes are not an event.
    pub fn events(&self) -> impl Iterator<Item = Result<(u64, Event), TrailError>> {
        let read = |bytes, index| Event::from_bytes(bytes).map_err(|cause| TrailError::Entry { index, cause });
        self.entries().zip(0..).map(move |(bytes, index)| Ok((index, read(bytes, index)?)))
    }

    /// Proves that the event at `index` is in the trail of the first `size` events.
    ///
    /// # Errors
    ///
    /// When `index` is not below `size`, or the trail is smaller.
    pub fn inclusion(&self, index: u64, size: u64) -> Result<Inclusion, TrailError> {
        self.tree.inclusion(index, size)
    }

    /// Proves that the first `old` events are the beginning of the first `new` events.
    ///
    /// # Errors
    ///
    /// When `old` is zero or beyond `new`, or the trail is smaller.
    pub fn consistency(&self, old: u64, new: u64) -> Result<Consistency, TrailError> {
        self.tree.consistency(old, new)
    }

    /// Confirms that the trail still begins with the entries under a head that was kept elsewhere.
    ///
    /// # Errors
    ///
    /// [`TrailError::Tampered`] with the first bad entry.
    pub fn verify(&self, trusted: &Head) -> Result<(), TrailError> {
        verify(&self.entries().map(leaf_hash).collect(), &self.tree, trusted)
    }

    /// The accounting of disclosures that a query asks for, under the trail's own head.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    pub fn accounting(&self, query: &Query<'_>) -> Result<Accounting, TrailError> {
        account(query, self.events(), &self.tree, self.tree.head())
    }

    /// The worksheet of a breach that a query asks for.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    pub fn breach(&self, query: &breach::Query<'_>) -> Result<Worksheet, TrailError> {
        breach::worksheet(query, self.events())
    }

    /// The entries that were decided by a policy that was not in use.
    ///
    /// # Errors
    ///
    /// When an entry cannot be read.
    pub fn not_adopted(&self) -> Result<Vec<NotAdopted>, TrailError> {
        policies::not_adopted(self.events())
    }
}

impl Trail for MemoryTrail {
    fn append(&mut self, event: &Event) -> Result<Receipt, TrailError> {
        let bytes = event.to_bytes();
        let receipt = Receipt { index: self.tree.size(), leaf_hash: leaf_hash(&bytes) };
        self.tree.append(receipt.leaf_hash);
        self.entries.push(bytes);
        Ok(receipt)
    }

    fn head(&self) -> Result<Head, TrailError> {
        Ok(self.tree.head())
    }
}

impl Nodes for MemoryTrail {
    fn node(&self, level: u32, index: u64) -> Result<Hash, TrailError> {
        self.tree.node(level, index)
    }
}

impl std::fmt::Debug for MemoryTrail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { entries: _, tree } = self;
        f.debug_struct("MemoryTrail").field("head", &tree.head()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::sample;

    #[test]
    fn a_receipt_proves_its_event_under_any_later_head() {
        let mut trail = MemoryTrail::new();
        let receipts: Vec<Receipt> = (0..9)
            .map(|number| {
                let mut event = sample();
                event.patient = Some(number.to_string());
                trail.append(&event).unwrap()
            })
            .collect();
        let head = trail.head().unwrap();
        for receipt in &receipts {
            for size in receipt.size()..=head.size {
                let root = trail.tree.root(size).unwrap();
                trail.inclusion(receipt.index, size).unwrap().verify(&receipt.leaf_hash, &root).unwrap();
            }
        }
        let events: Vec<_> = trail.events().collect::<Result<_, _>>().unwrap();
        assert_eq!(events.len(), 9);
        assert_eq!(events[4].1.patient.as_deref(), Some("4"));
    }

    #[test]
    fn an_entry_that_is_not_an_event_is_named() {
        let mut trail = MemoryTrail::new();
        trail.append(&sample()).unwrap();
        trail.entries[0].pop();
        let error = trail.events().next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "entry 0 of the trail cannot be read");
    }

    /// A trail that refuses what is about one patient, and then fails.
    struct Refusing(MemoryTrail);

    impl Trail for Refusing {
        fn append(&mut self, event: &Event) -> Result<Receipt, TrailError> {
            if self.0.tree.size() == 6 {
                return Err(TrailError::storage("full"));
            }
            let receipt = self.0.append(event)?;
            if event.patient.as_deref() == Some("gone") { Err(Refusal { receipt }.into()) } else { Ok(receipt) }
        }

        fn head(&self) -> Result<Head, TrailError> {
            self.0.head()
        }
    }

    #[test]
    fn a_refusal_is_of_one_event_and_a_failure_of_all() {
        let mut trail = Refusing(MemoryTrail::new());
        let events = ["one", "gone", "other"].map(|patient| {
            let mut event = sample();
            event.patient = Some(patient.to_owned());
            event
        });
        let written = trail.append_each(&events).unwrap();
        let places = written.iter().map(|written| written.map(|at| at.index).map_err(|refusal| refusal.receipt.index));
        assert_eq!(places.collect::<Vec<_>>(), [Ok(0), Err(1), Ok(2)]);
        // Who needs all of them has none; each is in the trail all the same.
        assert!(matches!(trail.append_all(&events), Err(TrailError::Refused(refusal)) if refusal.receipt.index == 4));
        assert_eq!(trail.head().unwrap().size, 6);
        assert!(matches!(trail.append_each(&events), Err(TrailError::Storage(_))));
    }

    #[test]
    fn the_trail_is_a_thing_that_threads_share() {
        fn shared<T: Send + Sync>() {}
        shared::<MemoryTrail>();
        shared::<TrailError>();
        shared::<Box<dyn Trail + Send + Sync>>();
    }
}
