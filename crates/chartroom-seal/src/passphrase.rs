//! From a passphrase to a key, at a cost.

use std::fmt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use rand_core::CryptoRng;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize as _, Zeroizing};

use crate::KeyringError;
use crate::secret::Secret;

/// What opens a keyring. Wiped when dropped; never printed.
///
/// Its bytes are used as they stand. Where people type it on different machines, bring it into one Unicode form first.
pub struct Passphrase(Zeroizing<String>);

impl From<String> for Passphrase {
    fn from(passphrase: String) -> Self {
        Self(Zeroizing::new(passphrase))
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(..)")
    }
}

/// What one try at a passphrase costs: the parameters of Argon2id (RFC 9106).
///
/// They stand in the keyring's header. A header that asks for more than the bounds here is refused before anything is allocated,
/// so that an edited file cannot keep a program busy or fill its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    pub(crate) memory: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

impl Cost {
    /// The least that is accepted: 8 MiB, one pass, one lane. For tests and very small devices.
    pub const LEAST: Self = Self { memory: 8 * 1024, passes: 1, lanes: 1 };
    /// The most that is accepted: 1 GiB, 16 passes, 16 lanes.
    pub const MOST: Self = Self { memory: 1024 * 1024, passes: 16, lanes: 16 };

    /// A cost of `memory` KiB, `passes` over it, and `lanes` that could run side by side.
    ///
    /// # Errors
    ///
    /// [`KeyringError::Cost`] outside the bounds [`LEAST`](Self::LEAST) and [`MOST`](Self::MOST).
    pub const fn new(memory: u32, passes: u32, lanes: u32) -> Result<Self, KeyringError> {
        let enough = memory >= Self::LEAST.memory && passes >= Self::LEAST.passes && lanes >= Self::LEAST.lanes;
        let bearable = memory <= Self::MOST.memory && passes <= Self::MOST.passes && lanes <= Self::MOST.lanes;
        if enough && bearable { Ok(Self { memory, passes, lanes }) } else { Err(KeyringError::Cost) }
    }
}

impl Default for Cost {
    /// 64 MiB, three passes, four lanes: the second recommended option of RFC 9106, section 4.
    fn default() -> Self {
        Self { memory: 64 * 1024, passes: 3, lanes: 4 }
    }
}

/// What a passphrase makes: the key of a keyring's file, and a check that tells a wrong passphrase from a damaged file.
pub(crate) struct Lock {
    pub(crate) public: PublicLock,
    pub(crate) key: Secret,
}

/// The side of a lock that everyone may see. It stands in the file's header.
#[derive(Clone, Copy)]
pub(crate) struct PublicLock {
    pub(crate) cost: Cost,
    pub(crate) salt: [u8; 32],
    pub(crate) check: [u8; 32],
}

impl Lock {
    /// A lock with a new random salt.
    pub(crate) fn new(
        passphrase: &Passphrase,
        cost: Cost,
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<Self, KeyringError> {
        let mut salt = [0; 32];
        rng.fill_bytes(&mut salt);
        Self::derive(passphrase, cost, salt)
    }

    /// The lock that this passphrase makes, if it is the one whose public side is known.
    pub(crate) fn again(passphrase: &Passphrase, known: &PublicLock) -> Result<Self, KeyringError> {
        let lock = Self::derive(passphrase, known.cost, known.salt)?;
        let same = lock.public.check.ct_eq(&known.check);
        if same.into() { Ok(lock) } else { Err(KeyringError::Passphrase) }
    }

    fn derive(passphrase: &Passphrase, cost: Cost, salt: [u8; 32]) -> Result<Self, KeyringError> {
        if passphrase.0.is_empty() {
            return Err(KeyringError::EmptyPassphrase);
        }
        let mut made = Zeroizing::new([[0; 32]; 2]);
        hash(passphrase, cost, &salt, made.as_flattened_mut())?;
        let [key, check] = &*made;
        Ok(Self { public: PublicLock { cost, salt, check: *check }, key: Secret::copied_from(key) })
    }
}

fn hash(passphrase: &Passphrase, cost: Cost, salt: &[u8], out: &mut [u8]) -> Result<(), KeyringError> {
    let refusal = |error| match error {
        argon2::Error::OutOfMemory => KeyringError::OutOfMemory,
        _ => KeyringError::Cost,
    };
    let params = Params::new(cost.memory, cost.passes, cost.lanes, Some(out.len())).map_err(refusal)?;
    let blocks = params.block_count();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    // Memory of our own: the key follows from its last block, and argon2 gives back what it takes itself without wiping it.
    let mut memory = Zeroizing::new(Vec::new());
    memory.try_reserve_exact(blocks).map_err(|_| KeyringError::OutOfMemory)?;
    memory.resize(blocks, Block::new());
    let hashed = argon2.hash_password_into_with_memory(passphrase.0.as_bytes(), salt, out, memory.as_mut_slice());
    overwrite_stack();
    hashed.map_err(refusal)
}

/// Argon2 passes blocks by value, and leaves them on the stack below the frame that called it: some ten, of 1 KiB each.
#[inline(never)]
fn overwrite_stack() {
    let mut below = [0_u8; 32 * 1024];
    below.zeroize();
    std::hint::black_box(&below);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cost_has_bounds() {
        let Cost { memory, passes, lanes } = Cost::LEAST;
        assert_eq!(Cost::new(memory, passes, lanes), Ok(Cost::LEAST));
        for (memory, passes, lanes) in [(memory - 1, passes, lanes), (memory, 0, lanes), (memory, passes, 0)] {
            assert_eq!(Cost::new(memory, passes, lanes), Err(KeyringError::Cost));
        }
        let Cost { memory, passes, lanes } = Cost::MOST;
        assert_eq!(Cost::new(memory, passes, lanes), Ok(Cost::MOST));
        for (memory, passes, lanes) in
            [(memory + 1, passes, lanes), (memory, passes + 1, lanes), (memory, passes, lanes + 1)]
        {
            assert_eq!(Cost::new(memory, passes, lanes), Err(KeyringError::Cost));
        }
        let Cost { memory, passes, lanes } = Cost::default();
        assert_eq!(Cost::new(memory, passes, lanes), Ok(Cost::default()));
    }

    #[test]
    fn a_passphrase_is_never_printed() {
        assert_eq!(format!("{:?}", Passphrase::from("open sesame".to_owned())), "Passphrase(..)");
    }
}
