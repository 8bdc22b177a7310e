//! What can go wrong, in each direction.

use std::io;

use crate::KeyLabel;
use crate::index::LEAST_VALUES;

/// Why a value, a record or a key was not sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// A component of the place is longer than 65,535 bytes.
    #[error("a component of the place is longer than 65535 bytes")]
    PlaceTooLong,
    /// The value is longer than AES-GCM takes under one nonce: 2^36 - 32 bytes.
    #[error("the value is longer than AES-GCM takes")]
    ValueTooLong,
    /// Two parts of one record have the same name.
    #[error("two parts of the record have the same name")]
    DuplicatePart,
    /// An entry in a list of sealed parts is no sealed value of this format.
    #[error("a listed part is not a sealed value")]
    NotSealed,
    /// The key has no further version number.
    #[error("the key has no further version number")]
    NoFurtherVersion,
    /// The key has sealed as much as it may, long before two of its nonces are likely to be the same. Take a new one.
    #[error("the key has sealed as much as one key may")]
    KeyUsedUp,
    /// The field has too few different values: equal bytes would tell them.
    #[error("a field with fewer than {LEAST_VALUES} different values is not sealed deterministically")]
    TooFewValues,
    /// A chunk of a stream is not as long as the stream's chunks are.
    #[error("a chunk not of the length of the stream's chunks")]
    ChunkLength,
    /// The key service did not answer; another try may succeed.
    #[error("the key service did not answer")]
    ServiceUnavailable,
    /// The key service refused: the program has no right to the key, or the key is disabled. Another try is refused too.
    #[error("the key service refused")]
    ServiceRefused,
}

/// Why something sealed did not open.
///
/// Only public facts have errors of their own. Whatever did not verify, for whatever reason, is [`OpenError::Unauthentic`], so
/// that an error tells an attacker nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Too short or too long to be what it should be.
    #[error("not of the length or layout of the sealed format")]
    Malformed,
    /// Written in a format version this program does not know.
    #[error("sealed in format version {0}, which this program does not know")]
    UnknownVersion(u8),
    /// Sealed with a suite of algorithms this program does not know.
    #[error("sealed with suite {0}, which this program does not know")]
    UnknownSuite(u8),
    /// Sealed with a key that is not at hand.
    #[error("sealed with key {0}, which is not at hand")]
    UnknownKey(KeyLabel),
    /// The key was destroyed on purpose; nothing sealed with it can be read again.
    #[error("key {0} was destroyed")]
    KeyDestroyed(KeyLabel),
    /// Key, place or bytes are not those it was sealed with.
    #[error("does not verify")]
    Unauthentic,
    /// It opened, but its bytes are no value of the type that was asked for.
    #[error("opened, but not a value of its type")]
    NotOfItsType,
    /// The key service did not answer; another try may succeed.
    #[error("the key service did not answer")]
    ServiceUnavailable,
    /// The key service refused: the program has no right to the key, or the key is disabled. Another try is refused too.
    #[error("the key service refused")]
    ServiceRefused,
}

impl From<SealError> for io::Error {
    fn from(error: SealError) -> Self {
        Self::new(io::ErrorKind::InvalidInput, error)
    }
}

impl From<OpenError> for io::Error {
    fn from(error: OpenError) -> Self {
        Self::new(io::ErrorKind::InvalidData, error)
    }
}

/// Why a wrapped key was not wrapped anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RewrapError {
    /// It did not unwrap.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It was not wrapped again.
    #[error(transparent)]
    Seal(#[from] SealError),
}

/// Why a keyring was not created, opened or changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// The bytes do not begin like a keyring.
    #[error("not a keyring")]
    NotAKeyring,
    /// Written in a format version this program does not know.
    #[error("a keyring of format version {0}, which this program does not know")]
    UnknownVersion(u8),
    /// Protected with a suite of algorithms this program does not know.
    #[error("a keyring of suite {0}, which this program does not know")]
    UnknownSuite(u8),
    /// Cut off, or with something after its end.
    #[error("a keyring of {found} bytes where its header asks for {expected}")]
    Length {
        /// The length its header asks for, in bytes; the length of a header if it is shorter than that.
        expected: u64,
        /// Its length in bytes.
        found: u64,
    },
    /// The Argon2id parameters are outside the bounds of [`Cost`](crate::Cost).
    #[error("Argon2id parameters outside the accepted bounds")]
    Cost,
    /// There is not the memory that the Argon2id parameters ask for.
    #[error("not enough memory for the Argon2id parameters")]
    OutOfMemory,
    /// The passphrase is empty.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// The passphrase is another one, or the header of the keyring is damaged.
    #[error("the passphrase does not fit, or the header of the keyring is damaged")]
    Passphrase,
    /// The passphrase is right, but the keyring was damaged or edited.
    #[error("the passphrase fits, but the keyring is damaged")]
    Damaged,
    /// The keyring has no key of this version.
    #[error("the keyring has no key of version {0}")]
    NoSuchVersion(u32),
    /// The current key cannot be destroyed; rotate first.
    #[error("key version {0} is the current one")]
    CurrentVersion(u32),
    /// The keyring has no further version number.
    #[error("the keyring has no further version number")]
    NoFurtherVersion,
}
