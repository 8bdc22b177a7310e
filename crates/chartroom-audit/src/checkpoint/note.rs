//! Signed checkpoints: C2SP `signed-note` with Ed25519 (RFC 8032), and the cosignatures of witnesses, C2SP `tlog-cosignature`.
//!
//! ```
//! use chartroom_audit::checkpoint::note::{SignedCheckpoint, Signer};
//! use chartroom_audit::{Checkpoint, MemoryTrail, Trail};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (log_seed, witness_seed) = ([1; 32], [2; 32]);
//! let log = Signer::new("north-clinic.example/trail", &log_seed)?;
//! let witness = Signer::new("witness.example/w1", &witness_seed)?;
//!
//! let checkpoint = Checkpoint::new(log.name(), MemoryTrail::new().head()?)?;
//! let mut signed = SignedCheckpoint::sign(checkpoint, &log)?;
//! signed.cosign(&witness, 1_772_000_000)?;
//!
//! // Whoever reads it trusts the log's key and, say, one witness of those they know.
//! let read: SignedCheckpoint = signed.to_string().parse()?;
//! let cosigned = read.verify(&log.log_verifier(), &[witness.witness_verifier()])?;
//! assert_eq!(cosigned.len(), 1);
//! # Ok(())
//! # }
//! ```

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{Checkpoint, InvalidCheckpoint, TrustedHead};
use crate::base64;

/// What a key's signatures mean: the algorithm byte of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Role {
    /// The log says that this is its head.
    Log = 1,
    /// A witness says that it saw the log grow to this head, and when.
    Witness = 4,
}

/// The first four bytes of a hash over name, role and key. It finds the key again and proves nothing.
type KeyId = [u8; 4];

/// Between the text of a note and its signatures.
const GAP: &str = "\n\n";
/// What a signature line begins with: U+2014 and a space.
const SIGNATURE: &str = "\u{2014} ";
/// A note may have this many signatures; more are refused before they are read.
const MOST_SIGNATURES: usize = 64;
/// A time behind this is none: C2SP `tlog-cosignature` leaves the highest bit clear.
const LATEST: u64 = i64::MAX.cast_unsigned();

/// Why a note is not a signed checkpoint, or not one that is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// A name is empty, or holds a space or a plus sign.
    #[error("the name of a key must not be empty, nor hold a space or a plus sign")]
    Name,
    /// The text is not a checkpoint.
    #[error(transparent)]
    Checkpoint(#[from] InvalidCheckpoint),
    /// There is no empty line and signature line behind the text.
    #[error("no signature stands behind the text")]
    Unsigned,
    /// A line behind the text is not a signature, or there are too many.
    #[error("signature {line} cannot be read")]
    Line {
        /// Which of the signatures, from 1.
        line: usize,
    },
    /// The log's name is not that of the key that is to sign or to verify it.
    #[error("the checkpoint is of another log")]
    Origin,
    /// A witness names a time, in seconds since 1970, above 2^63 - 1.
    #[error("the time of a cosignature is above 2^63 - 1")]
    Time,
    /// The log's signature is missing.
    #[error("the log has not signed")]
    NotByLog,
    /// A signature by a known key does not verify. Nothing about the note is to be believed.
    #[error("the signature by a known key does not verify")]
    Forged,
    /// Fewer witnesses that are known have signed than are asked for.
    #[error("{found} of the known witnesses have signed, and {wanted} are asked for")]
    Witnesses {
        /// How many are asked for.
        wanted: usize,
        /// How many have signed.
        found: usize,
    },
    /// A key is not written as a verifier key.
    #[error("not a verifier key")]
    Key,
}

/// A checkpoint with the signatures of its log and of those who saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    signatures: Vec<NoteSignature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    id: KeyId,
    bytes: Vec<u8>,
}

/// A witness that has seen a checkpoint, and when it said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness.
    pub name: String,
    /// Seconds since 1970.
    pub at: u64,
}

impl SignedCheckpoint {
    /// Signs a checkpoint as its log.
    ///
    /// # Errors
    ///
    /// [`NoteError::Origin`] where the checkpoint is of another log than the key: nobody would verify it.
    pub fn sign(checkpoint: Checkpoint, log: &Signer) -> Result<Self, NoteError> {
        if checkpoint.origin() != log.name {
            return Err(NoteError::Origin);
        }
        let bytes = log.key.sign(checkpoint.to_string().as_bytes()).to_bytes().to_vec();
        let signature = NoteSignature { name: log.name.clone(), id: log.log_verifier().id, bytes };
        Ok(Self { checkpoint, signatures: vec![signature] })
    }

    /// Adds what a witness says: that at this time (seconds since 1970) it has seen no longer head of the log than this one, and none
    /// that is not its beginning. To confirm that, with a proof of consistency, comes first: [`Witness`](super::witness::Witness) does.
    ///
    /// # Errors
    ///
    /// [`NoteError::Time`].
    pub fn cosign(&mut self, witness: &Signer, at: u64) -> Result<(), NoteError> {
        if at > LATEST {
            return Err(NoteError::Time);
        }
        let signature = witness.key.sign(&cosigned_message(&self.checkpoint, at));
        let bytes = [&at.to_be_bytes()[..], &signature.to_bytes()].concat();
        let id = witness.witness_verifier().id;
        self.signatures.push(NoteSignature { name: witness.name.clone(), id, bytes });
        Ok(())
    }

    /// Confirms that the log has signed, and gives the witnesses, of those that are known, that have. How many are enough is the reader's
    /// to say. Signatures by keys that are not known mean nothing and are passed over.
    ///
    /// # Errors
    ///
    /// [`NoteError::Origin`], [`NoteError::NotByLog`], [`NoteError::Time`] of a known witness, or [`NoteError::Forged`] where the
    /// signature of a known key does not verify.
    pub fn verify(&self, log: &Verifier, witnesses: &[Verifier]) -> Result<Vec<Cosigned>, NoteError> {
        if self.checkpoint.origin() != log.name {
            return Err(NoteError::Origin);
        }
        let text = self.checkpoint.to_string();
        let mut by_log = self.signatures.iter().filter(|signature| signature.is_by(log)).peekable();
        by_log.peek().filter(|_| log.role == Role::Log).ok_or(NoteError::NotByLog)?;
        by_log.try_for_each(|signature| log.verify(text.as_bytes(), &signature.bytes))?;
        let mut cosigned: Vec<Cosigned> = Vec::new();
        for witness in witnesses.iter().filter(|witness| witness.role == Role::Witness) {
            let found = self.cosigned_by(witness)?;
            // Under whichever of its keys, and however often it is listed, a witness counts once.
            cosigned.extend(found.filter(|found| cosigned.iter().all(|known| known.name != found.name)));
        }
        Ok(cosigned)
    }

    /// The head, to act on what it proves, where the log has signed it and at least so many of the known witnesses have.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify); [`NoteError::Witnesses`] where fewer have.
    pub fn trusted_head(&self, log: &Verifier, witnesses: &[Verifier], least: usize) -> Result<TrustedHead, NoteError> {
        let found = self.verify(log, witnesses)?.len();
        if found < least {
            return Err(NoteError::Witnesses { wanted: least, found });
        }
        Ok(TrustedHead { head: self.checkpoint.head() })
    }

    /// The checkpoint. Until it was verified, nobody has said it.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The newest cosignature of a witness, if there is one and all of them verify.
    fn cosigned_by(&self, witness: &Verifier) -> Result<Option<Cosigned>, NoteError> {
        let mut newest = None;
        for signature in self.signatures.iter().filter(|signature| signature.is_by(witness)) {
            let (at, bytes) = signature.bytes.split_first_chunk().ok_or(NoteError::Forged)?;
            let at = u64::from_be_bytes(*at);
            witness.verify(&cosigned_message(&self.checkpoint, at), bytes)?;
            if at > LATEST {
                return Err(NoteError::Time);
            }
            newest = newest.max(Some(at));
        }
        Ok(newest.map(|at| Cosigned { name: witness.name.clone(), at }))
    }
}

/// What a witness signs.
fn cosigned_message(checkpoint: &Checkpoint, at: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {at}\n{checkpoint}").into_bytes()
}

impl NoteSignature {
    fn is_by(&self, key: &Verifier) -> bool {
        self.name == key.name && self.id == key.id
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix(SIGNATURE)?.split_once(' ')?;
        let bytes = base64::decode(encoded)?;
        let (id, bytes) = bytes.split_first_chunk()?;
        (is_name(name) && !bytes.is_empty()).then(|| Self { name: name.to_owned(), id: *id, bytes: bytes.to_vec() })
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.checkpoint)?;
        self.signatures.iter().try_for_each(|NoteSignature { name, id, bytes }| {
            writeln!(f, "{SIGNATURE}{name} {}", base64::encode(&[&id[..], bytes].concat()))
        })
    }
}

impl FromStr for SignedCheckpoint {
    type Err = NoteError;

    fn from_str(note: &str) -> Result<Self, NoteError> {
        let (text, signatures) = note.rsplit_once(GAP).ok_or(NoteError::Unsigned)?;
        let checkpoint = format!("{text}\n").parse()?;
        let lines = signatures.strip_suffix('\n').ok_or(NoteError::Unsigned)?.split('\n');
        let read = |(number, line)| match NoteSignature::parse(line) {
            Some(signature) if number <= MOST_SIGNATURES => Ok(signature),
            _ => Err(NoteError::Line { line: number }),
        };
        Ok(Self { checkpoint, signatures: (1..).zip(lines).map(read).collect::<Result<_, _>>()? })
    }
}

/// A name and a private key. The same key must never sign as a log and as a witness.
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl Signer {
    /// The key of this seed, 32 random bytes that stay secret, under this name: best a URL without its scheme.
    ///
    /// # Errors
    ///
    /// [`NoteError::Name`].
    pub fn new(name: impl Into<String>, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let name = name.into();
        if is_name(&name) { Ok(Self { name, key: SigningKey::from_bytes(seed) }) } else { Err(NoteError::Name) }
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What verifies its signatures as a log.
    #[must_use]
    pub fn log_verifier(&self) -> Verifier {
        Verifier::new(self.name.clone(), Role::Log, self.key.verifying_key())
    }

    /// What verifies its signatures as a witness.
    #[must_use]
    pub fn witness_verifier(&self) -> Verifier {
        Verifier::new(self.name.clone(), Role::Witness, self.key.verifying_key())
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, key: _ } = self;
        f.debug_struct("Signer").field("name", name).finish_non_exhaustive()
    }
}

/// A name and a public key, of a log or a witness. Written `NAME+ID+KEY`, as C2SP `signed-note` writes verifier keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    role: Role,
    id: KeyId,
    key: VerifyingKey,
}

impl Verifier {
    fn new(name: String, role: Role, key: VerifyingKey) -> Self {
        let id = key_id(&name, role, &key);
        Self { name, role, id, key }
    }

    /// The name of the key.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), NoteError> {
        let signature = Signature::from_slice(signature).map_err(|_| NoteError::Forged)?;
        self.key.verify_strict(message, &signature).map_err(|_| NoteError::Forged)
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, role, id, key } = self;
        let key = [&[*role as u8][..], key.as_bytes()].concat();
        write!(f, "{name}+{:08x}+{}", u32::from_be_bytes(*id), base64::encode(&key))
    }
}

impl FromStr for Verifier {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut fields = text.splitn(3, '+');
        let name = fields.next().filter(|name| is_name(name)).ok_or(NoteError::Name)?;
        let encoded = fields.nth(1).and_then(base64::decode).ok_or(NoteError::Key)?;
        let (role, key) = encoded.split_first().ok_or(NoteError::Key)?;
        let role = [Role::Log, Role::Witness].into_iter().find(|known| *known as u8 == *role).ok_or(NoteError::Key)?;
        let key = key.try_into().ok().and_then(|key| VerifyingKey::from_bytes(key).ok()).ok_or(NoteError::Key)?;
        let verifier = Self::new(name.to_owned(), role, key);
        if verifier.to_string() == text { Ok(verifier) } else { Err(NoteError::Key) }
    }
}

fn key_id(name: &str, role: Role, key: &VerifyingKey) -> KeyId {
    let hash =
        Sha256::new().chain_update(name).chain_update([b'\n', role as u8]).chain_update(key.as_bytes()).finalize();
    hash.first_chunk().copied().unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|letter: char| letter.is_whitespace() || letter.is_control() || letter == '+')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::{Head, leaf_hash};

    const AT: u64 = 1_772_000_000;

    fn signer(name: &str, seed: u8) -> Signer {
        Signer::new(name, &[seed; 32]).unwrap()
    }

    fn log() -> Signer {
        signer("north-clinic.example/trail", 1)
    }

    fn checkpoint() -> Checkpoint {
        Checkpoint::new(log().name(), Head { size: 7, root: leaf_hash(b"root") }).unwrap()
    }

    fn witnessed() -> SignedCheckpoint {
        let mut signed = SignedCheckpoint::sign(checkpoint(), &log()).unwrap();
        signed.cosign(&signer("witness.example/w1", 2), AT).unwrap();
        signed.cosign(&signer("witness.example/w2", 3), AT + 1).unwrap();
        signed
    }

    /// The text with another character in this place; `None` inside a character.
    fn edited(text: &str, place: usize, other: &str) -> Option<String> {
        let (before, rest) = text.split_at_checked(place)?;
        let mut rest = rest.chars();
        rest.next()?;
        Some(format!("{before}{other}{}", rest.as_str()))
    }

    /// The example of C2SP `signed-note`.
    #[test]
    fn a_foreign_note_verifies() {
        let key = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
        let key: Verifier = key.parse().unwrap();
        let line = "\u{2014} example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=";
        let signature = NoteSignature::parse(line).unwrap();
        assert!(signature.is_by(&key));
        assert_eq!(key.verify(b"This is an example message.\n", &signature.bytes), Ok(()));
        assert_eq!(key.verify(b"This is an example message!\n", &signature.bytes), Err(NoteError::Forged));
    }

    /// The signature lines of the example of C2SP `tlog-cosignature`.
    #[test]
    fn a_foreign_cosignature_reads() {
        let note = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
            \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
            \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";
        let signed: SignedCheckpoint = note.parse().unwrap();
        assert_eq!(signed.to_string(), note);
        assert_eq!(signed.checkpoint().head().size, 20_852_163);
        let (at, _) = signed.signatures[1].bytes.split_first_chunk().unwrap();
        assert_eq!(u64::from_be_bytes(*at), 1_679_315_147);
    }

    #[test]
    fn known_witnesses_are_named_and_strangers_passed_over() {
        let read: SignedCheckpoint = witnessed().to_string().parse().unwrap();
        assert_eq!(read, witnessed());
        let [one, other] =
            [("witness.example/w1", 2), ("witness.example/w2", 3)].map(|(name, seed)| signer(name, seed));
        let cosigned = read.verify(&log().log_verifier(), &[one.witness_verifier()]).unwrap();
        assert_eq!(cosigned, [Cosigned { name: "witness.example/w1".into(), at: AT }]);
        let twice = [one.witness_verifier(), other.witness_verifier(), one.witness_verifier()];
        assert_eq!(read.verify(&log().log_verifier(), &twice).unwrap().len(), 2, "a witness counts once");
        assert_eq!(read.verify(&log().log_verifier(), &[one.log_verifier()]), Ok(vec![]), "a log is no witness");
    }

    #[test]
    fn only_the_log_speaks_for_itself() {
        let stranger = signer(log().name(), 9);
        let forged = SignedCheckpoint::sign(checkpoint(), &stranger).unwrap();
        assert_eq!(forged.verify(&log().log_verifier(), &[]), Err(NoteError::NotByLog));
        assert_eq!(witnessed().verify(&signer("other.example", 1).log_verifier(), &[]), Err(NoteError::Origin));
        assert_eq!(witnessed().verify(&log().witness_verifier(), &[]), Err(NoteError::NotByLog));
    }

    #[test]
    fn a_log_signs_under_its_own_name_alone() {
        assert_eq!(SignedCheckpoint::sign(checkpoint(), &signer("other.example", 1)), Err(NoteError::Origin));
    }

    #[test]
    fn a_time_has_no_more_than_63_bits() {
        let witness = signer("witness.example/w3", 4);
        let verdict = |note: &SignedCheckpoint| note.verify(&log().log_verifier(), &[witness.witness_verifier()]);
        let (mut latest, mut later) = (witnessed(), witnessed());
        latest.cosign(&witness, LATEST).unwrap();
        assert_eq!(verdict(&latest), Ok(vec![Cosigned { name: witness.name.clone(), at: LATEST }]));
        assert_eq!(later.cosign(&witness, LATEST + 1), Err(NoteError::Time));
        assert_eq!(later, witnessed());
        // As a witness that does not use this crate signs it.
        let at = LATEST + 1;
        let signature = witness.key.sign(&cosigned_message(&later.checkpoint, at)).to_bytes();
        let bytes = [&at.to_be_bytes()[..], &signature].concat();
        later.signatures.push(NoteSignature { bytes, ..latest.signatures[3].clone() });
        assert_eq!(verdict(&later), Err(NoteError::Time));
    }

    #[test]
    fn a_head_is_trusted_when_log_and_witnesses_have_signed_it() {
        let witnesses = [("witness.example/w1", 2), ("witness.example/w2", 3), ("witness.example/w3", 4)]
            .map(|(name, seed)| signer(name, seed).witness_verifier());
        let trusted = |log: &Signer, least| witnessed().trusted_head(&log.log_verifier(), &witnesses, least);
        for least in 0..=2 {
            assert_eq!(*trusted(&log(), least).unwrap().head(), checkpoint().head());
        }
        assert_eq!(trusted(&log(), 3), Err(NoteError::Witnesses { wanted: 3, found: 2 }));
        assert_eq!(trusted(&signer(log().name(), 9), 0), Err(NoteError::NotByLog));
        let mut forged = witnessed();
        forged.checkpoint = Checkpoint::new(log().name(), Head { size: 8, root: leaf_hash(b"root") }).unwrap();
        assert_eq!(forged.trusted_head(&log().log_verifier(), &witnesses, 0), Err(NoteError::Forged));
    }

    #[test]
    fn every_letter_counts() {
        let note = witnessed().to_string();
        let witness = signer("witness.example/w1", 2).witness_verifier();
        let until = note.find("\u{2014} witness.example/w2").unwrap();
        for (place, other) in (0..until).flat_map(|place| ["A", "+", " ", "\n", "0"].map(|other| (place, other))) {
            let Some(edited) = edited(&note, place, other).filter(|edited| *edited != note) else { continue };
            let read = edited.parse::<SignedCheckpoint>();
            let verdict = read.and_then(|note| note.verify(&log().log_verifier(), std::slice::from_ref(&witness)));
            assert!(verdict.is_err() || verdict == Ok(vec![]), "{place}");
        }
        let cut = |end: usize| note.get(..end).and_then(|cut| cut.parse::<SignedCheckpoint>().ok());
        for end in (0..note.len()).filter(|end| note.get(..*end).is_some_and(|cut| !cut.ends_with('\n'))) {
            assert_eq!(cut(end), None, "{end}");
        }
    }

    #[test]
    fn a_signature_moved_to_another_head_does_not_verify() {
        let mut moved = witnessed();
        moved.checkpoint = Checkpoint::new(log().name(), Head { size: 8, root: leaf_hash(b"root") }).unwrap();
        assert_eq!(moved.verify(&log().log_verifier(), &[]), Err(NoteError::Forged));
        let mut moved = witnessed();
        moved.signatures[1].bytes[7] ^= 1;
        let witness = signer("witness.example/w1", 2).witness_verifier();
        assert_eq!(moved.verify(&log().log_verifier(), &[witness]), Err(NoteError::Forged), "another time");
    }

    #[test]
    fn a_key_is_written_in_one_way() {
        let key = log().log_verifier();
        assert_eq!(key.to_string().parse(), Ok(key.clone()));
        let text = key.to_string();
        for place in 0..text.len() {
            let edited = edited(&text, place, "B").unwrap();
            assert!(edited == text || edited.parse::<Verifier>().is_err(), "{place}");
        }
        for name in ["", "two words", "a+b", "line\n"] {
            assert_eq!(Signer::new(name, &[0; 32]).err(), Some(NoteError::Name));
        }
    }

    #[test]
    fn a_note_is_strict() {
        let parse = |text: &str| text.parse::<SignedCheckpoint>().err();
        let text = checkpoint().to_string();
        assert_eq!(parse(&text), Some(NoteError::Unsigned));
        assert_eq!(parse(&format!("{text}\n")), Some(NoteError::Unsigned));
        assert_eq!(parse(&format!("{text}\n- log AAAAAAA=\n")), Some(NoteError::Line { line: 1 }));
        let many = "\u{2014} log AAAAAAA=\n".repeat(MOST_SIGNATURES + 1);
        assert_eq!(parse(&format!("{text}\n{many}")), Some(NoteError::Line { line: MOST_SIGNATURES + 1 }));
    }
}
