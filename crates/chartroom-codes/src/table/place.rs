//! A place of its own for each code, told by its key and a seed.
//!
//! Keys fall into groups of a few. When the table is built, a seed is found for each group with which all its keys come to
//! places that no other key has. So a code stands in one place or nowhere, and a single look tells which. Beside its seed a group
//! has marks of its keys, by which most texts that are no code are known before that.

use std::cmp::Reverse;

/// How many groups and places there are.
#[derive(Clone, Copy)]
pub(super) struct Places {
    /// The high bits of a spread key, which tell its group, stand above so many others.
    group_shift: u32,
    /// By what keys are multiplied to spread them.
    spread: u64,
    count: usize,
}

/// What is known of a group: the seed in the low half, and a bit for each mark that one of its keys has in the high half.
#[derive(Clone, Copy, Default)]
pub(super) struct Group(u32);

/// What stands in each place, what is known of each group, and how keys come to them.
pub(super) struct Seated {
    pub(super) group_bits: u8,
    pub(super) spread: u8,
    pub(super) groups: Vec<Group>,
    /// For each place the index of its key among those given, or none.
    pub(super) seats: Vec<Option<usize>>,
}

const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;
/// Ways to spread keys. More than one is only tried with keys that the first one leaves close together.
const SPREADS: u8 = 8;
/// Bytes of a group.
pub(super) const GROUP: usize = 4;

impl Group {
    #[inline(always)]
    pub(super) fn from_bytes(bytes: [u8; GROUP]) -> Self {
        Self(u32::from_le_bytes(bytes))
    }

    pub(super) fn bytes(self) -> [u8; GROUP] {
        self.0.to_le_bytes()
    }

    fn with_seed(self, seed: u16) -> Self {
        Self(self.0 | u32::from(seed))
    }

    fn with_mark(self, mark: u32) -> Self {
        Self(self.0 | 1 << 16 << mark)
    }

    #[inline(always)]
    fn has_mark(self, mark: u32) -> bool {
        self.0 >> 16 >> mark & 1 == 1
    }

    #[inline(always)]
    fn seed(self) -> u16 {
        self.0 as u16
    }
}

impl Places {
    /// One place in 64 is left free, so that a seed is found even for the last groups. `None` if there are too many groups or codes.
    pub(super) fn new(group_bits: u8, spread: u8, codes: usize) -> Option<Self> {
        let count = codes.checked_add(codes / 64)?.checked_add(1)?;
        let fits = (1..32).contains(&group_bits) && u32::try_from(count).is_ok();
        let spread = SPREAD.wrapping_pow(u32::from(spread) + 1);
        fits.then(|| Self { group_shift: u64::BITS - u32::from(group_bits), spread, count })
    }

    pub(super) fn groups(self) -> usize {
        1 << (u64::BITS - self.group_shift)
    }

    pub(super) fn count(self) -> usize {
        self.count
    }

    /// The index of a key's group.
    #[inline(always)]
    pub(super) fn group(self, key: u64) -> usize {
        (self.spread(key) >> (self.group_shift & 63)) as usize
    }

    /// Whether a key may be one of its group's. If not, it is that of no code.
    #[inline(always)]
    pub(super) fn may_hold(self, key: u64, group: Group) -> bool {
        group.has_mark(self.mark(key))
    }

    /// The place of a key of a group.
    #[inline(always)]
    pub(super) fn place(self, key: u64, group: Group) -> usize {
        let spread = self.spread(key).wrapping_mul(2 * u64::from(group.seed()) + 1);
        (((spread >> 32) * self.count as u64) >> 32) as usize
    }

    #[inline(always)]
    fn spread(self, key: u64) -> u64 {
        key.wrapping_mul(self.spread)
    }

    /// One of sixteen, by the bits of the spread key below those that tell its group.
    #[inline(always)]
    fn mark(self, key: u64) -> u32 {
        (self.spread(key) >> ((self.group_shift - 4) & 63)) as u32 & 15
    }

    /// Seats distinct keys, the largest groups first. `None` if there are too many.
    pub(super) fn seat(keys: &[u64]) -> Option<Seated> {
        let least = (keys.len() / 3).max(2).ilog2() as u8;
        let ways = (0..SPREADS).flat_map(|spread| [least, least + 1].map(|group_bits| (group_bits, spread)));
        ways.into_iter().find_map(|(group_bits, spread)| {
            let (groups, seats) = Self::new(group_bits, spread, keys.len())?.seated(keys)?;
            Some(Seated { group_bits, spread, groups, seats })
        })
    }

    /// The groups, and for each place the index of its key. `None` if no seed serves one of the groups.
    fn seated(self, keys: &[u64]) -> Option<(Vec<Group>, Vec<Option<usize>>)> {
        let mut members = vec![Vec::new(); self.groups()];
        for (index, key) in keys.iter().enumerate() {
            members.get_mut(self.group(*key))?.push((index, *key));
        }
        let mut order: Vec<_> = (0..).zip(&members).collect();
        order.sort_by_key(|(_, members)| Reverse(members.len()));
        let (mut groups, mut seats) = (vec![Group::default(); members.len()], vec![None; self.count]);
        for (index, members) in order {
            let marked = members.iter().fold(Group::default(), |group, (_, key)| group.with_mark(self.mark(*key)));
            let mut seeded = (0..=u16::MAX).map(|seed| marked.with_seed(seed));
            let group = seeded.find(|group| self.serves(*group, members, &seats))?;
            *groups.get_mut::<usize>(index)? = group;
            for (index, key) in members {
                *seats.get_mut(self.place(*key, group))? = Some(*index);
            }
        }
        Some((groups, seats))
    }

    /// Whether a seed gives each member of a group a place of its own that is free.
    fn serves(self, group: Group, members: &[(usize, u64)], seats: &[Option<usize>]) -> bool {
        let place = |(_, key): &(usize, u64)| self.place(*key, group);
        let is_free = |place: usize| matches!(seats.get(place), Some(None));
        members.iter().enumerate().all(|(nth, member)| {
            let wanted = place(member);
            is_free(wanted) && members.iter().take(nth).all(|earlier| place(earlier) != wanted)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn assert_all_seated(keys: &[u64]) {
        let Seated { group_bits, spread, groups, seats } = Places::seat(keys).unwrap();
        let places = Places::new(group_bits, spread, keys.len()).unwrap();
        for (index, key) in keys.iter().enumerate() {
            let group = Group::from_bytes(groups[places.group(*key)].bytes());
            assert!(places.may_hold(*key, group));
            assert_eq!(seats[places.place(*key, group)], Some(index));
        }
        assert_eq!(seats.iter().flatten().count(), keys.len());
    }

    #[test]
    fn most_keys_of_no_code_are_known_by_their_marks() {
        let Seated { group_bits, spread, groups, .. } = Places::seat(&(0..20_000).collect::<Vec<_>>()).unwrap();
        let places = Places::new(group_bits, spread, 20_000).unwrap();
        let passes = |key: &u64| places.may_hold(*key, groups[places.group(*key)]);
        let passing = (20_000..40_000).filter(passes).count();
        assert!(passing < 5_000, "{passing}");
    }

    proptest! {
        #[test]
        fn any_keys_are_seated(keys in prop::collection::hash_set(any::<u64>(), 1..300)) {
            assert_all_seated(&keys.into_iter().collect::<Vec<_>>());
        }

        #[test]
        fn close_keys_are_seated(start in any::<u64>(), step in 1u64..1 << 42, count in 1u64..300) {
            assert_all_seated(&(0..count).map(|nth| start.wrapping_add(nth.wrapping_mul(step))).collect::<Vec<_>>());
        }
    }
}
