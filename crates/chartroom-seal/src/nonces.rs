//! How many random nonces a key has used.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rand_core::CryptoRng;

use crate::SealError;
use crate::hazmat::NONCE_LENGTH;

/// Random nonces under one key. NIST SP 800-38D allows 2^32, for a chance of 2^-32 that two are the same; at 2^28 it is 2^-41.
const MOST: u32 = 1 << 28;

/// Draws the random nonces of one key, and refuses long before two of them are likely to be the same.
pub(crate) struct Nonces(AtomicU32);

impl Nonces {
    pub(crate) const fn none_used() -> Self {
        Self(AtomicU32::new(0))
    }

    #[inline]
    pub(crate) fn draw(
        &self,
        nonce: &mut [u8; NONCE_LENGTH],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<(), SealError> {
        self.count(1)?;
        rng.fill_bytes(nonce);
        Ok(())
    }

    /// A nonce into each of these places, or into none.
    pub(crate) fn draw_all(
        &self,
        places: &mut [[u8; NONCE_LENGTH]],
        rng: &mut (impl CryptoRng + ?Sized),
    ) -> Result<(), SealError> {
        self.count(u32::try_from(places.len()).map_err(|_| SealError::KeyUsedUp)?)?;
        rng.fill_bytes(places.as_flattened_mut());
        Ok(())
    }

    #[inline]
    fn count(&self, more: u32) -> Result<(), SealError> {
        let next = |used: u32| used.checked_add(more).filter(|used| *used <= MOST);
        self.0.fetch_update(Relaxed, Relaxed, next).map(drop).map_err(|_| SealError::KeyUsedUp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RandomSource;

    #[test]
    fn the_last_nonce_is_followed_by_refusals_only() {
        let mut random = RandomSource::from_seed(&[1; 32]);
        let nonces = Nonces(AtomicU32::new(MOST - 1));
        let mut nonce = [0; NONCE_LENGTH];
        assert!(nonces.draw(&mut nonce, &mut random).is_ok());
        let mut places = [[0; NONCE_LENGTH]; 2];
        let refused = Nonces(AtomicU32::new(MOST - 1)).draw_all(&mut places, &mut random);
        assert_eq!((refused, places), (Err(SealError::KeyUsedUp), [[0; NONCE_LENGTH]; 2]));
        assert_eq!(Nonces(AtomicU32::new(MOST - 2)).draw_all(&mut places, &mut random), Ok(()));
        assert!(places[0] != places[1] && !places.contains(&[0; NONCE_LENGTH]));
        for _ in 0..3 {
            assert_eq!(nonces.draw(&mut nonce, &mut random), Err(SealError::KeyUsedUp));
        }
    }
}
