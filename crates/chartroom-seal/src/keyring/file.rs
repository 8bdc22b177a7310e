//! The bytes of a keyring: a clear header, then the sealed keys.

use rand_core::CryptoRng;
use zeroize::Zeroizing;

use super::VersionedKey;
use crate::hazmat::{Aes256Gcm, NONCE_LENGTH, TAG_LENGTH};
use crate::passphrase::{Lock, PublicLock};
use crate::reader::Reader;
use crate::secret::Secret;
use crate::{Cost, KeyId, KeyringError};

const MAGIC: &[u8; 8] = b"chartkey";
const FORMAT_VERSION: u8 = 1;
/// Argon2id and AES-256-GCM.
const SUITE: u8 = 1;
const HEADER_LENGTH: usize = 118;
/// Version, state, secret.
const KEY_LENGTH: usize = 4 + 1 + Secret::LENGTH;
const DESTROYED: u8 = 0;
const LIVE: u8 = 1;

/// The bytes of a keyring, of the right length for their header.
pub(super) struct File<'a> {
    pub(super) header: Header,
    header_bytes: &'a [u8; HEADER_LENGTH],
    sealed: &'a [u8],
    tag: &'a [u8; TAG_LENGTH],
}

/// What anyone may see of a keyring.
pub(super) struct Header {
    pub(super) id: KeyId,
    pub(super) lock: PublicLock,
    keys: u32,
    nonce: [u8; NONCE_LENGTH],
}

impl<'a> File<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, KeyringError> {
        let mut reader = Reader::new(bytes);
        if reader.array() != Some(MAGIC) {
            return Err(KeyringError::NotAKeyring);
        }
        let cut = KeyringError::Length { expected: HEADER_LENGTH as u64, found: bytes.len() as u64 };
        match reader.byte().ok_or(cut)? {
            FORMAT_VERSION => {}
            unknown => return Err(KeyringError::UnknownVersion(unknown)),
        }
        match reader.byte().ok_or(cut)? {
            SUITE => {}
            unknown => return Err(KeyringError::UnknownSuite(unknown)),
        }
        let (header_bytes, body) = bytes.split_first_chunk().ok_or(cut)?;
        let header = Header::parse(reader).ok_or(cut)??;
        let wrong = KeyringError::Length { expected: header.file_length(), found: bytes.len() as u64 };
        let (sealed, tag) = body.split_last_chunk().ok_or(wrong)?;
        let file = Self { header, header_bytes, sealed, tag };
        if bytes.len() as u64 == file.header.file_length() { Ok(file) } else { Err(wrong) }
    }

    /// The keys, oldest first.
    pub(super) fn open(&self, lock: &Lock) -> Result<Vec<VersionedKey>, KeyringError> {
        let mut keys = Zeroizing::new(self.sealed.to_vec());
        let cipher = Aes256Gcm::new(lock.key.bytes());
        let opened = cipher.open_in_place(&self.header.nonce, self.header_bytes, &mut keys, self.tag);
        opened.map_err(|_| KeyringError::Damaged)?;
        parse_keys(&keys).ok_or(KeyringError::Damaged)
    }
}

impl Header {
    /// The header behind version and suite; `None` where it is cut off.
    fn parse(mut reader: Reader<'_>) -> Option<Result<Self, KeyringError>> {
        let id = KeyId::from_bytes(*reader.array()?);
        let cost = Cost::new(reader.number()?, reader.number()?, reader.number()?);
        let (salt, check) = (*reader.array()?, *reader.array()?);
        let (keys, nonce) = (reader.number()?, *reader.array()?);
        Some(cost.map(|cost| Self { id, lock: PublicLock { cost, salt, check }, keys, nonce }))
    }

    fn encode(&self) -> Vec<u8> {
        let Self { id, lock: PublicLock { cost, salt, check }, keys, nonce } = self;
        let mut bytes = MAGIC.to_vec();
        bytes.extend([FORMAT_VERSION, SUITE]);
        bytes.extend(id.to_bytes());
        bytes.extend([cost.memory, cost.passes, cost.lanes].map(u32::to_be_bytes).as_flattened());
        bytes.extend(salt);
        bytes.extend(check);
        bytes.extend(keys.to_be_bytes());
        bytes.extend(nonce);
        bytes
    }

    fn file_length(&self) -> u64 {
        HEADER_LENGTH as u64 + u64::from(self.keys) * KEY_LENGTH as u64 + TAG_LENGTH as u64
    }
}

/// The bytes of a keyring with these keys, oldest first.
pub(super) fn write<'a>(
    id: KeyId,
    lock: &Lock,
    keys: impl Iterator<Item = (u32, Option<&'a Secret>)> + Clone,
    rng: &mut (impl CryptoRng + ?Sized),
) -> Result<Vec<u8>, KeyringError> {
    let count = keys.clone().count();
    let mut nonce = [0; NONCE_LENGTH];
    rng.fill_bytes(&mut nonce);
    let header = Header {
        id,
        lock: lock.public,
        keys: u32::try_from(count).map_err(|_| KeyringError::NoFurtherVersion)?,
        nonce,
    };
    let mut bytes = header.encode();
    // Room for all of it from the start: a vector that grew would leave keys behind.
    let mut body = Zeroizing::new(Vec::with_capacity(count * KEY_LENGTH));
    keys.for_each(|(version, secret)| append_key(&mut body, version, secret));
    let tag = Aes256Gcm::new(lock.key.bytes()).seal_in_place(&nonce, &bytes, &mut body);
    bytes.extend_from_slice(&body);
    bytes.extend_from_slice(&tag.map_err(|_| KeyringError::NoFurtherVersion)?);
    Ok(bytes)
}

fn append_key(bytes: &mut Vec<u8>, version: u32, secret: Option<&Secret>) {
    bytes.extend_from_slice(&version.to_be_bytes());
    bytes.push(if secret.is_some() { LIVE } else { DESTROYED });
    bytes.extend_from_slice(secret.map_or(&[0; Secret::LENGTH], |secret| secret.bytes()));
}

/// The keys, if their versions ascend and each is well formed.
fn parse_keys(bytes: &[u8]) -> Option<Vec<VersionedKey>> {
    let keys: Vec<_> = bytes.chunks(KEY_LENGTH).map(parse_key).collect::<Option<_>>()?;
    keys.is_sorted_by(|(one, _), (next, _)| one < next).then_some(keys)
}

fn parse_key(bytes: &[u8]) -> Option<VersionedKey> {
    let mut reader = Reader::new(bytes);
    let (version, state, secret) = (reader.number()?, reader.byte()?, reader.array()?);
    match state {
        LIVE => Some((version, Some(Secret::copied_from(secret)))),
        DESTROYED if *secret == [0; Secret::LENGTH] => Some((version, None)),
        _ => None,
    }
}
