//! Any hashes as a proof: no panic, and no proof of what is not so.

#![no_main]

use chartroom_audit::Hash;
use chartroom_audit::merkle::{Consistency, Inclusion, Tree, leaf_hash};
use libfuzzer_sys::fuzz_target;

/// A tree, a place and an older size in it; what is changed of a proof; and a proof that was made up.
type Input<'a> = (u8, u8, u8, Vec<(u8, u8, u8)>, (u64, u64, Vec<[u8; 32]>));

fuzz_target!(|input: Input<'_>| {
    let (size, index, old, edits, (one, other, path)) = input;
    let size = 1 + u64::from(size) % 130;
    let (index, old) = (u64::from(index) % size, 1 + u64::from(old) % size);
    let tree: Tree = (0..size).map(leaf).collect();
    let root = tree.head().root;

    let good = tree.inclusion(index, size).expect("inside the tree");
    assert_eq!(good.verify(&leaf(index), &root), Ok(()));
    let mut proof = good.clone();
    edit(&mut proof.path, &edits);
    for (index, size) in [(good.index, good.size), (one % 140, good.size), (one, other)] {
        let proof = Inclusion { index, size, path: proof.path.clone() };
        // The same path may serve trees of other sizes; it is the head that says which size a root is of.
        let holds = proof.verify(&leaf(index), &root).is_ok();
        assert!(!holds || index < good.size, "no leaf outside the tree is proven");
        assert!(!holds || index != good.index || proof.path == good.path, "a leaf has one proof");
    }

    let good = tree.consistency(old, size).expect("inside the tree");
    let old_root = tree.root(old).expect("inside the tree");
    assert_eq!(good.verify(&old_root, &root), Ok(()));
    let mut proof = good.clone();
    edit(&mut proof.path, &edits);
    assert!(proof == good || proof.verify(&old_root, &root).is_err(), "growth has one proof");
    assert!(good.verify(&leaf(old), &root).is_err() || leaf(old) == old_root, "another past is not proven");

    let path: Vec<Hash> = path.into_iter().map(Hash::from).collect();
    let made_up = Inclusion { index: one, size: other, path: path.clone() };
    assert!(made_up.verify(&leaf(index), &leaf_hash(b"another root")).is_err());
    let made_up = Consistency { old_size: one, new_size: other, path };
    assert!(made_up.verify(&old_root, &leaf_hash(b"another root")).is_err());
});

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

fn edit(path: &mut Vec<Hash>, edits: &[(u8, u8, u8)]) {
    for (place, kind, with) in edits {
        let place = usize::from(*place) % (path.len() + 1);
        match kind % 4 {
            0 => path.insert(place, Hash::from([*with; 32])),
            1 if place < path.len() => drop(path.remove(place)),
            2 if place < path.len() => {
                let mut bytes = *path[place].as_bytes();
                bytes[usize::from(*with) % 32] ^= 1;
                path[place] = bytes.into();
            }
            _ if path.len() > 1 => path.swap(0, place % 2),
            _ => {}
        }
    }
}
