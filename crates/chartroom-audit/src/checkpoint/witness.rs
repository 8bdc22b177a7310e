//! A witness: signs a log's checkpoint only when the log has grown out of the one it saw before.

use super::note::{NoteError, SignedCheckpoint, Signer, Verifier};
use crate::merkle::{Consistency, Head, ProofError};

/// Someone outside the house who keeps the last head of its log, and signs the next.
///
/// ```
/// use chartroom_audit::checkpoint::note::{SignedCheckpoint, Signer};
/// use chartroom_audit::checkpoint::witness::Witness;
/// use chartroom_audit::event::{Action, Agent, Event, Kind};
/// use chartroom_audit::{Checkpoint, MemoryTrail, Trail};
/// # use chrono::DateTime;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let (log_seed, witness_seed) = ([1; 32], [2; 32]);
/// let log = Signer::new("north-clinic.example/trail", &log_seed)?;
/// let key = Signer::new("witness.example/w1", &witness_seed)?;
/// let mut witness = Witness::new(key, log.log_verifier(), None);
///
/// let mut trail = MemoryTrail::new();
/// let opening = Event::new(DateTime::UNIX_EPOCH, Kind::Disclosure, Action::Read, Agent::new("staff-7", "physician"));
/// trail.append(&opening)?;
/// let mut first = SignedCheckpoint::sign(Checkpoint::new(log.name(), trail.head()?)?, &log)?;
/// witness.cosign(&mut first, None, 1_772_000_000)?;
///
/// trail.append(&opening)?;
/// let mut next = SignedCheckpoint::sign(Checkpoint::new(log.name(), trail.head()?)?, &log)?;
/// witness.cosign(&mut next, Some(&trail.consistency(1, 2)?), 1_772_086_400)?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Witness {
    key: Signer,
    log: Verifier,
    seen: Option<Head>,
}

/// Why a witness does not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// The checkpoint is not one that the log has signed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The log is shorter than it was: something was cut off, or this is an old checkpoint.
    #[error("the log had {seen} entries before, and now has {found}")]
    Shorter {
        /// How many entries were seen.
        seen: u64,
        /// How many there are now.
        found: u64,
    },
    /// The log is as long as it was, with another root: its past was changed.
    #[error("the log has another root at the same size")]
    Forked,
    /// There is no proof that the log has grown out of the one that was seen.
    #[error("no proof from {seen} entries to {found} was given")]
    Unproven {
        /// How many entries were seen.
        seen: u64,
        /// How many there are now.
        found: u64,
    },
    /// The proof does not hold.
    #[error("the log has not grown out of the one that was seen")]
    Proof(#[from] ProofError),
}

impl Witness {
    /// A witness of one log, with the head that it has seen last. One that has seen none takes the first as it comes.
    #[must_use]
    pub const fn new(key: Signer, log: Verifier, seen: Option<Head>) -> Self {
        Self { key, log, seen }
    }

    /// The head that was seen last. It must be kept safely before a signature is given away, or the witness could be made to sign
    /// two pasts.
    #[must_use]
    pub const fn seen(&self) -> Option<Head> {
        self.seen
    }

    /// Signs a checkpoint of the log, with the time in seconds since 1970, and remembers it. The proof goes from the head that was
    /// [seen](Self::seen) to that of the checkpoint; where none was seen, or an empty or the same one, there is nothing to prove.
    ///
    /// # Errors
    ///
    /// The log has not signed it, or it has not grown out of the one that was seen, or the time is none. Then nothing is signed nor
    /// remembered.
    pub fn cosign(
        &mut self,
        note: &mut SignedCheckpoint,
        proof: Option<&Consistency>,
        at: u64,
    ) -> Result<(), WitnessError> {
        note.verify(&self.log, &[])?;
        let head = note.checkpoint().head();
        if let Some(seen) = self.seen {
            grown(&seen, &head, proof)?;
        }
        note.cosign(&self.key, at)?;
        self.seen = Some(head);
        Ok(())
    }
}

/// Confirms that a log with one head has grown into one with the other.
fn grown(seen: &Head, head: &Head, proof: Option<&Consistency>) -> Result<(), WitnessError> {
    let (old, new) = (seen.size, head.size);
    if new < old {
        return Err(WitnessError::Shorter { seen: old, found: new });
    }
    if new == old {
        return if head.root == seen.root { Ok(()) } else { Err(WitnessError::Forked) };
    }
    if old == 0 {
        return Ok(());
    }
    let fits = |proof: &&Consistency| (proof.old_size, proof.new_size) == (old, new);
    let proof = proof.filter(fits).ok_or(WitnessError::Unproven { seen: old, found: new })?;
    Ok(proof.verify(&seen.root, &head.root)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::InvalidCheckpoint;
    use crate::merkle::{Hash, Tree, leaf_hash};
    use crate::{Checkpoint, base64};

    fn log() -> Signer {
        Signer::new("north-clinic.example/trail", &[1; 32]).unwrap()
    }

    fn witness(seen: Option<Head>) -> Witness {
        Witness::new(Signer::new("witness.example/w1", &[2; 32]).unwrap(), log().log_verifier(), seen)
    }

    fn tree(size: u64) -> Tree {
        (0..size).map(|leaf| leaf_hash(&leaf.to_be_bytes())).collect()
    }

    fn signed(head: Head) -> SignedCheckpoint {
        SignedCheckpoint::sign(Checkpoint::new(log().name(), head).unwrap(), &log()).unwrap()
    }

    #[test]
    fn a_log_that_grows_is_signed_each_time() {
        let whole = tree(20);
        let mut witness = witness(None);
        let verifier = Signer::new("witness.example/w1", &[2; 32]).unwrap().witness_verifier();
        for (old, new) in [(0, 0), (0, 1), (1, 1), (1, 7), (7, 16), (16, 20)] {
            let proof = (old > 0 && old < new).then(|| whole.consistency(old, new).unwrap());
            let head = Head { size: new, root: whole.root(new).unwrap() };
            let mut note = signed(head);
            witness.cosign(&mut note, proof.as_ref(), new).unwrap();
            assert_eq!(witness.seen(), Some(head));
            let cosigned = note.verify(&log().log_verifier(), std::slice::from_ref(&verifier)).unwrap();
            assert_eq!(cosigned.iter().map(|by| by.at).collect::<Vec<_>>(), [new]);
        }
    }

    #[test]
    fn another_past_is_not_signed_and_not_remembered() {
        let (whole, mut other) = (tree(20), tree(6));
        (6..20).for_each(|_| other.append(leaf_hash(b"another")));
        let (seen, forked) = (Head { size: 7, root: whole.root(7).unwrap() }, other.root(7).unwrap());
        let refused = |head: Head, proof: Option<&Consistency>| {
            let (mut witness, mut note) = (witness(Some(seen)), signed(head));
            let before = note.clone();
            let refusal = witness.cosign(&mut note, proof, 1).unwrap_err();
            assert_eq!((witness.seen(), &note), (Some(seen), &before));
            refusal
        };
        let short = Head { size: 6, root: whole.root(6).unwrap() };
        assert_eq!(refused(short, None), WitnessError::Shorter { seen: 7, found: 6 });
        assert_eq!(refused(Head { size: 7, root: forked }, None), WitnessError::Forked);
        let missing = WitnessError::Unproven { seen: 7, found: 20 };
        assert_eq!(refused(whole.head(), None), missing);
        assert_eq!(refused(whole.head(), Some(&whole.consistency(6, 20).unwrap())), missing, "from another head");
        let proof = other.consistency(7, 20).unwrap();
        assert_eq!(refused(other.head(), Some(&proof)), WitnessError::Proof(ProofError::OldRoot));
        assert!(matches!(refused(whole.head(), Some(&proof)), WitnessError::Proof(_)));
    }

    #[test]
    fn an_empty_log_with_a_root_is_nothing_to_sign() {
        // As a log that does not use this crate signs it: the text of the note is made by hand.
        let honest = signed(tree(0).head());
        let false_root = base64::encode(&[9; 32]);
        let forged = honest.to_string().replace(&base64::encode(Hash::of_empty_tree().as_bytes()), &false_root);
        assert!(forged.contains(&false_root));
        assert!(matches!(forged.parse::<SignedCheckpoint>(), Err(NoteError::Checkpoint(InvalidCheckpoint::EmptyRoot))));
    }

    #[test]
    fn only_the_log_is_heard() {
        let stranger = Signer::new(log().name(), &[9; 32]).unwrap();
        let mut note =
            SignedCheckpoint::sign(Checkpoint::new(log().name(), tree(3).head()).unwrap(), &stranger).unwrap();
        let mut witness = witness(None);
        assert_eq!(witness.cosign(&mut note, None, 1), Err(WitnessError::Note(NoteError::NotByLog)));
        assert_eq!(witness.seen(), None);
        let refusal = witness.cosign(&mut signed(tree(3).head()), None, u64::MAX);
        assert_eq!((refusal, witness.seen()), (Err(WitnessError::Note(NoteError::Time)), None));
    }
}
