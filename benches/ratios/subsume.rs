//! Whether a concept is a kind of another, in a system of the size of SNOMED CT, beside a hash set of all such pairs, beside a
//! walk up the hierarchy, and beside a system a hundred times smaller.

use std::hint::black_box;

use ahash::AHashSet;
use chartroom::codes::hierarchy::Hierarchy;
use chartroom_benches::{Unit, compare};

/// An invented system: each concept but the first has one to three parents among those before it, more often general ones.
fn system(concepts: u64) -> Vec<(u64, u64)> {
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let parent = |random: &mut Random, concept: u64| {
        let near = random.below(concept);
        random.below(near + 1)
    };
    (1..concepts)
        .flat_map(|concept| {
            let parents: Vec<u64> = (0..=random.below(3)).map(|_| parent(&mut random, concept)).collect();
            parents.into_iter().map(move |parent| (code(concept), code(parent)))
        })
        .collect()
}

/// A number as sparse as SNOMED CT's.
fn code(concept: u64) -> u64 {
    concept * 2_741 + 100_005
}

pub fn run() {
    let (small, large) = (3_500, 350_000);
    let few = Hierarchy::new(&system(small)).expect("no circle");
    let many = Hierarchy::new(&system(large)).expect("no circle");
    let pairs: AHashSet<(u64, u64)> = (0..large)
        .flat_map(|concept| many.ancestors(code(concept)).map(move |above| (above, code(concept))).collect::<Vec<_>>())
        .collect();
    let (asked_few, asked_many) = (questions(small), questions(large));
    let unit = Unit::NanosecondsPer("question", asked_many.len());
    let count = |hierarchy: &Hierarchy, asked: &[(u64, u64)]| {
        asked.iter().filter(|(general, specific)| hierarchy.subsumes(*general, *specific)).count()
    };
    let in_pairs = || {
        let listed = |(above, below): &&(u64, u64)| above == below || pairs.contains(&(*above, *below));
        asked_many.iter().filter(listed).count()
    };
    let expected = in_pairs();
    let ours = || assert_eq!(black_box(count(&many, &asked_many)), expected);
    compare("subsumes, all pairs", unit, ours, || assert_eq!(black_box(in_pairs()), expected));
    let walk = || asked_many.iter().filter(|(general, specific)| is_above(&many, *general, *specific)).count();
    compare("subsumes, a walk up", unit, ours, || assert_eq!(black_box(walk()), expected));
    let of_few = count(&few, &asked_few);
    compare("subsumes, 100 times smaller", unit, ours, || assert_eq!(black_box(count(&few, &asked_few)), of_few));
}

/// Whether a concept is met on the way up from another.
fn is_above(hierarchy: &Hierarchy, general: u64, specific: u64) -> bool {
    let (mut seen, mut open) = (AHashSet::new(), vec![specific]);
    while let Some(next) = open.pop() {
        if next == general {
            return true;
        }
        open.extend(hierarchy.parents(next).filter(|parent| seen.insert(*parent)));
    }
    false
}

/// Fifty thousand pairs, the more general concept mostly near the root, as questions are.
fn questions(concepts: u64) -> Vec<(u64, u64)> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    (0..50_000).map(|_| (code(random.below(concepts / 100)), code(random.below(concepts)))).collect()
}

/// A plain generator: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}
