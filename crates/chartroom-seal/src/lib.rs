//! Keys and sealed values: authenticated encryption bound to its place.
//!
//! A sealed value opens only with the right key and only where it was sealed: in the same part of the same version of the
//! same record of the same patient. Moved, swapped, cut or edited, it does not open.
//!
//! ```
//! use chartroom_seal::{
//!     Cost, KeyContext, KeyService, Keyring, Part, Passphrase, RandomSource, RecordIdentity, SubjectKey,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut random = RandomSource::try_from_rng(&mut getrandom::SysRng)?;
//!
//! // Once for the house: the keyring, a few bytes to keep in a file.
//! let passphrase = Passphrase::from("correct horse battery staple".to_owned());
//! let keyring = Keyring::create(&passphrase, Cost::LEAST, &mut random)?;
//!
//! // Once for each patient: a random key, kept wrapped.
//! let context = KeyContext { tenant: "north-clinic", subject: "5f1c" };
//! let subject_key = SubjectKey::generate(&mut random);
//! let wrapped = keyring.wrap(&subject_key, &context, &mut random)?;
//!
//! // Once for each record version: its own key. The derivation stands in clear beside the record.
//! let identity = RecordIdentity { tenant: "north-clinic", subject: "5f1c", kind: "Condition", id: "a7", version: 1 };
//! let record_key = subject_key.new_record_key(&identity, &mut random)?;
//! let derivation = record_key.derivation();
//! let part = Part { name: "Clinical", value_type: "json" };
//! let sealed = record_key.seal(part, b"asthma", &mut random)?;
//!
//! // Later, from what was stored:
//! let keyring = Keyring::open(keyring.to_bytes(), &passphrase)?;
//! let subject_key = keyring.unwrap(&wrapped, &context)?;
//! let record_key = subject_key.record_key(&identity, &derivation)?;
//! assert_eq!(record_key.open(part, &sealed)?.expose(), b"asthma");
//!
//! // The same bytes at another place are refused.
//! assert!(record_key.open(Part { name: "Narrative", value_type: "json" }, &sealed).is_err());
//! # Ok(())
//! # }
//! ```
//!
//! # The keys
//!
//! ```text
//! passphrase ──Argon2id──▶ keyring (or a key management service)
//!                             │ wraps
//!                          subject key: random, one for each patient; destroy it and every copy is unreadable
//!                             │ HKDF-SHA-256, once for each record version, with a random salt
//!                          record key ─▶ AES-256-GCM for the parts and over their list; commitment
//! ```
//!
//! A record key opens nothing before its commitment was compared, in constant time, with the stored one: there is no way to
//! get such a key that skips the comparison. [`RecordKey::tag`] covers the list of sealed parts, so that a part taken out of a
//! record, added to it or replaced by an older one is noticed.
//!
//! Every byte is laid down in `FORMAT.md`. What a later version of the format writes, this one refuses.
//!
//! # Attachments
//!
//! What is too long to be held in memory is sealed as a stream of chunks, each of them authenticated before it is given out.
//!
//! ```
//! # use chartroom_seal::{ChunkLength, Part, RandomSource, RecordIdentity, SubjectKey};
//! # use std::io::{Cursor, Read, Seek, SeekFrom, Write};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let mut random = RandomSource::from_seed(&[1; 32]);
//! # let identity = RecordIdentity { tenant: "north-clinic", subject: "5f1c", kind: "DocumentReference", id: "a7", version: 1 };
//! # let record_key = SubjectKey::generate(&mut random).new_record_key(&identity, &mut random)?;
//! let scan = Part { name: "content[0].attachment", value_type: "application/pdf" };
//! let mut writer = record_key.seal_stream(scan, ChunkLength::default(), Vec::new(), &mut random)?;
//! writer.write_all(&[7; 200_000])?;
//! let sealed = writer.finish()?; // A stream that was not finished does not open.
//!
//! let mut reader = record_key.open_stream(scan, Cursor::new(sealed))?;
//! let mut page = [0; 10];
//! reader.seek(SeekFrom::Start(150_000))?;
//! reader.read_exact(&mut page)?;
//! assert_eq!(page, [7; 10]);
//! # Ok(())
//! # }
//! ```
//!
//! # Search
//!
//! [`index`] makes tokens by which sealed values are found again, and says what each kind of token gives away.
//! [`deterministic`] seals values so that equal ones have equal bytes, and says what that gives away.
//!
//! # What this crate does not do
//!
//! - It reads and writes no file and asks no clock. Bytes go in and out; random numbers come from the caller, best through a
//!   [`RandomSource`].
//! - It does not notice a whole record being replaced by an older version of itself. That takes a witness outside the record,
//!   such as the head of the audit log.
//! - It does not hide how long a value is, unless a [`Padding`] is asked for.
//! - It wipes keys and opened values when they are dropped, but cannot promise that the compiler, the processor or the
//!   operating system left no copy in a register, on the stack, in swap or in a core dump.
//!
//! # Features
//!
//! - `async`: `AsyncKeyService`, for a key service that answers by futures, and what makes a [`KeyService`] of it. No runtime.
//! - `serde`: [`Sealed`] as serde data, as base64url text or as bytes.
//! - `aws-lc-rs`: AES-256-GCM by AWS-LC instead of RustCrypto. The bytes are the same; it compiles C.
//!
//! # Speed
//!
//! The AES instructions are found at run time. A program built for its own machine (`-C target-cpu=native`) seals small values
//! faster. RustCrypto's AES sets up wide instructions at each call, so a value of up to 1008 bytes is sealed in one,
//! and so are all such parts of a record in a [`Batch`].

#[cfg(feature = "async")]
mod asynchronous;
mod batch;
mod cache;
mod derive;
pub mod deterministic;
mod envelope;
mod error;
#[cfg(test)]
mod golden;
pub mod hazmat;
pub mod index;
mod keyring;
mod label;
mod nonces;
mod padding;
mod passphrase;
mod place;
mod random;
mod reader;
mod record;
mod sealed;
mod secret;
mod service;
mod stream;
mod subject;

#[cfg(feature = "async")]
pub use asynchronous::{AsyncKeyService, Blocking};
pub use batch::Batch;
pub use cache::{CacheHandle, CacheLimits, KeyCache};
pub use error::{KeyringError, OpenError, RewrapError, SealError};
pub use keyring::Keyring;
pub use label::{KeyId, KeyLabel};
pub use padding::Padding;
pub use passphrase::{Cost, Passphrase};
pub use place::{Part, RecordIdentity};
pub use rand_core::CryptoRng;
pub use random::RandomSource;
pub use record::{Derivation, RECORD_TAG_LENGTH, RecordKey};
pub use sealed::{Exposed, Sealable, Sealed};
pub use service::{KeyContext, KeyService, WrappedKey};
pub use stream::{ChunkLength, STREAM_HEADER_LENGTH, StreamOpener, StreamReader, StreamSealer, StreamWriter};
pub use subject::SubjectKey;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_may_cross_threads() {
        fn crosses<T: Send + Sync>() {}
        crosses::<Keyring>();
        crosses::<Passphrase>();
        crosses::<RandomSource>();
        crosses::<SubjectKey>();
        crosses::<WrappedKey>();
        crosses::<RecordKey>();
        crosses::<Batch<'_>>();
        crosses::<Sealed<String>>();
        crosses::<Exposed<String>>();
        crosses::<Box<dyn KeyService>>();
        crosses::<OpenError>();
        crosses::<SealError>();
        crosses::<KeyringError>();
    }
}
