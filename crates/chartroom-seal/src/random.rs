//! Random numbers from a seed the caller gives.

use std::convert::Infallible;
use std::fmt;

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng, TryCryptoRng, TryRng};
use zeroize::{Zeroize, Zeroizing};

/// Length of the key for the next refill, in bytes.
const SEED: usize = 32;
/// Bytes made by one refill.
const POOL: usize = 1024;

/// A buffered generator for nonces, salts and keys: ChaCha20 with fast key erasure.
///
/// Asking the operating system for twelve random bytes costs more than sealing a short value; this costs a tenth of it.
/// Bytes are wiped as they are handed out and every refill replaces the key, so whoever reads the memory learns nothing about
/// earlier numbers.
///
/// Make one for each thread, from the operating system's source. There is no `Clone`, and a process that forks must make a new
/// one in the child: two equal generators give equal nonces.
pub struct RandomSource {
    /// The key of the next refill, then bytes not yet handed out.
    pool: Box<Zeroizing<[u8; POOL]>>,
    used: usize,
}

impl RandomSource {
    /// A generator seeded by another, such as the operating system's.
    ///
    /// # Errors
    ///
    /// That of the other generator.
    pub fn try_from_rng<R: TryCryptoRng>(rng: &mut R) -> Result<Self, R::Error> {
        let mut seed = Zeroizing::new([0; SEED]);
        rng.try_fill_bytes(seed.as_mut())?;
        Ok(Self::from_seed(&seed))
    }

    /// A generator with this seed, which must be random and never used again. Equal seeds give equal numbers.
    pub fn from_seed(seed: &[u8; SEED]) -> Self {
        let mut pool = Box::new(Zeroizing::new([0; POOL]));
        refill(&mut pool, *seed);
        Self { pool, used: SEED }
    }

    /// Hands out what the pool has left, up to the length of `out`, and gives the length handed out.
    fn draw(&mut self, out: &mut [u8]) -> usize {
        if self.used == POOL {
            let seed = self.pool.first_chunk().copied().unwrap_or_default();
            refill(&mut self.pool, seed);
            self.used = SEED;
        }
        let left = self.pool.get_mut(self.used..).unwrap_or_default();
        let length = out.len().min(left.len());
        let (out, drawn) = (out.split_at_mut(length).0, left.split_at_mut(length).0);
        out.copy_from_slice(drawn);
        drawn.zeroize();
        self.used += length;
        length
    }
}

/// Fills the pool with the stream of this seed and wipes the seed.
fn refill(pool: &mut [u8; POOL], mut seed: [u8; SEED]) {
    ChaCha20Rng::from_seed(seed).fill_bytes(pool);
    seed.zeroize();
}

impl TryRng for RandomSource {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, mut out: &mut [u8]) -> Result<(), Infallible> {
        while !out.is_empty() {
            let drawn = self.draw(out);
            out = out.get_mut(drawn..).unwrap_or_default();
        }
        Ok(())
    }
}

impl TryCryptoRng for RandomSource {}

impl fmt::Debug for RandomSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RandomSource(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn numbers_never_repeat_across_refills() {
        let mut source = RandomSource::from_seed(&[1; 32]);
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let mut nonce = [0; 12];
            source.fill_bytes(&mut nonce);
            assert!(seen.insert(nonce));
        }
    }

    #[test]
    fn the_stream_does_not_depend_on_how_it_is_drawn() {
        let mut whole = vec![0; 5000];
        RandomSource::from_seed(&[2; 32]).fill_bytes(&mut whole);
        let mut pieces = RandomSource::from_seed(&[2; 32]);
        for piece in whole.chunks(7) {
            let mut drawn = vec![0; piece.len()];
            pieces.fill_bytes(&mut drawn);
            assert_eq!(drawn, piece);
        }
    }

    #[test]
    fn what_was_handed_out_is_wiped() {
        let mut source = RandomSource::from_seed(&[3; 32]);
        source.fill_bytes(&mut [0; 100]);
        assert_eq!(source.pool[SEED..SEED + 100], [0; 100]);
        assert_ne!(source.pool[SEED + 100..SEED + 200], [0; 100]);
    }
}
