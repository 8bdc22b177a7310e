//! AES key wrap with padding: RFC 5649, NIST SP 800-38F (KWP).

use std::fmt;

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use subtle::{ConstantTimeEq, ConstantTimeLess};
use zeroize::Zeroizing;

use crate::secret::Secret;
use crate::service::WRAPPED_LENGTH;
use crate::{OpenError, SealError};

/// Half of a cipher block, the unit of key wrap.
type Half = [u8; 8];

/// The first four bytes of what is wrapped in front of a key (RFC 5649, section 3); its length follows.
const MAGIC: [u8; 4] = [0xa6, 0x59, 0x59, 0xa6];
/// The longest key that is wrapped, in bytes: more than any key has.
const LONGEST: usize = 4096;

/// AES key wrap with padding, its key schedule ready. It needs no nonce: the same key wraps to the same bytes.
pub struct KeyWrap(Cipher);

enum Cipher {
    Aes128(Box<Aes128>),
    Aes192(Box<Aes192>),
    Aes256(Box<Aes256>),
}

impl KeyWrap {
    /// Key wrap under a key of 16, 24 or 32 bytes; `None` for any other length.
    pub fn new(key: &[u8]) -> Option<Self> {
        let cipher = match key.len() {
            16 => Cipher::Aes128(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Cipher::Aes192(Box::new(Aes192::new_from_slice(key).ok()?)),
            32 => Cipher::Aes256(Box::new(Aes256::new_from_slice(key).ok()?)),
            _ => return None,
        };
        Some(Self(cipher))
    }

    /// Key wrap under a 256-bit key.
    pub fn aes_256(key: &[u8; 32]) -> Self {
        Self(Cipher::Aes256(Box::new(Aes256::new(key.into()))))
    }

    /// Wraps a key of 1 to 4096 bytes. Up to fifteen bytes longer, and a multiple of eight.
    ///
    /// # Errors
    ///
    /// [`SealError::ValueTooLong`] for an empty key or a longer one.
    pub fn wrap(&self, key: &[u8]) -> Result<Vec<u8>, SealError> {
        if key.is_empty() || key.len() > LONGEST {
            return Err(SealError::ValueTooLong);
        }
        let mut wrapped = vec![0; 8 + key.len().next_multiple_of(8)];
        let (front, body) = wrapped.as_mut_slice().split_at_mut(8);
        front.copy_from_slice(&front_of(key.len()));
        body.iter_mut().zip(key).for_each(|(byte, key)| *byte = *key);
        self.encrypt(&mut wrapped);
        Ok(wrapped)
    }

    /// Unwraps what [`wrap`](Self::wrap) made under the same key.
    ///
    /// # Errors
    ///
    /// [`OpenError::Unauthentic`] unless it is just that.
    pub fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        if wrapped.len() < 16 || wrapped.len() > 8 + LONGEST || !wrapped.len().is_multiple_of(8) {
            return Err(OpenError::Unauthentic);
        }
        let mut plain = Zeroizing::new(wrapped.to_vec());
        self.decrypt(&mut plain);
        let length = length_of(&plain).ok_or(OpenError::Unauthentic)?;
        plain.drain(..8);
        plain.truncate(length);
        Ok(plain)
    }

    pub(crate) fn wrap_secret(&self, secret: &Secret) -> [u8; WRAPPED_LENGTH] {
        let mut wrapped = [0; WRAPPED_LENGTH];
        let (front, body) = wrapped.as_mut_slice().split_at_mut(8);
        front.copy_from_slice(&front_of(Secret::LENGTH));
        body.copy_from_slice(secret.bytes());
        self.encrypt(&mut wrapped);
        wrapped
    }

    pub(crate) fn unwrap_secret(&self, wrapped: &[u8; WRAPPED_LENGTH]) -> Result<Secret, OpenError> {
        let plain = self.unwrap(wrapped)?;
        let secret = plain.as_slice().try_into().map_err(|_| OpenError::Unauthentic)?;
        Ok(Secret::copied_from(secret))
    }

    /// The wrapping function W of SP 800-38F, section 6.1; a single block where there is but one half behind the front.
    fn encrypt(&self, halves: &mut [u8]) {
        let (halves, _) = halves.as_chunks_mut();
        let Some((front, body)) = halves.split_first_mut() else { return };
        if let [only] = body {
            return self.encrypt_pair(front, only);
        }
        let mut step = 0_u64;
        for _ in 0..6 {
            for half in body.iter_mut() {
                step += 1;
                self.encrypt_pair(front, half);
                *front = (u64::from_be_bytes(*front) ^ step).to_be_bytes();
            }
        }
    }

    /// The inverse of [`encrypt`](Self::encrypt): section 6.2.
    fn decrypt(&self, halves: &mut [u8]) {
        let (halves, _) = halves.as_chunks_mut();
        let Some((front, body)) = halves.split_first_mut() else { return };
        if let [only] = body {
            return self.decrypt_pair(front, only);
        }
        let mut step = 6 * body.len() as u64;
        for _ in 0..6 {
            for half in body.iter_mut().rev() {
                *front = (u64::from_be_bytes(*front) ^ step).to_be_bytes();
                step -= 1;
                self.decrypt_pair(front, half);
            }
        }
    }

    fn encrypt_pair(&self, front: &mut Half, half: &mut Half) {
        let mut block = join(front, half);
        match &self.0 {
            Cipher::Aes128(cipher) => cipher.encrypt_block((&mut *block).into()),
            Cipher::Aes192(cipher) => cipher.encrypt_block((&mut *block).into()),
            Cipher::Aes256(cipher) => cipher.encrypt_block((&mut *block).into()),
        }
        split(&block, front, half);
    }

    fn decrypt_pair(&self, front: &mut Half, half: &mut Half) {
        let mut block = join(front, half);
        match &self.0 {
            Cipher::Aes128(cipher) => cipher.decrypt_block((&mut *block).into()),
            Cipher::Aes192(cipher) => cipher.decrypt_block((&mut *block).into()),
            Cipher::Aes256(cipher) => cipher.decrypt_block((&mut *block).into()),
        }
        split(&block, front, half);
    }
}

/// What is wrapped in front of a key of this length.
fn front_of(length: usize) -> Half {
    let [a, b, c, d] = MAGIC;
    let [e, f, g, h] = (length as u32).to_be_bytes();
    [a, b, c, d, e, f, g, h]
}

/// The length of the key behind the front, if the front and the zeros behind the key are right. Which of them is wrong takes no
/// other time.
fn length_of(plain: &[u8]) -> Option<usize> {
    let (front, body) = plain.split_first_chunk::<8>()?;
    let (magic, length) = front.split_first_chunk::<4>()?;
    let length = u32::from_be_bytes(*length.first_chunk()?);
    let padding = (body.len() as u32).wrapping_sub(length);
    let mut sound = magic.ct_eq(&MAGIC) & padding.ct_lt(&8);
    for (byte, left) in body.iter().rev().zip(0_u32..8) {
        sound &= !left.ct_lt(&padding) | byte.ct_eq(&0);
    }
    bool::from(sound).then_some(length as usize)
}

fn join(front: &Half, half: &Half) -> Zeroizing<[u8; 16]> {
    let mut block = Zeroizing::new([0; 16]);
    block.iter_mut().zip(front.iter().chain(half)).for_each(|(byte, from)| *byte = *from);
    block
}

fn split(block: &[u8; 16], front: &mut Half, half: &mut Half) {
    front.iter_mut().chain(half).zip(block).for_each(|(byte, from)| *byte = *from);
}

impl fmt::Debug for KeyWrap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyWrap(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrap() -> KeyWrap {
        KeyWrap::aes_256(&[3; 32])
    }

    #[test]
    fn every_length_comes_back_and_every_bit_counts() {
        for length in 1..=40 {
            let key = vec![7; length];
            let wrapped = wrap().wrap(&key).expect("wrapped");
            assert_eq!(wrapped.len(), 8 + length.next_multiple_of(8));
            assert_eq!(*wrap().unwrap(&wrapped).expect("unwrapped"), key);
            for (place, bit) in (0..wrapped.len()).flat_map(|place| (0..8).map(move |bit| (place, bit))) {
                let mut edited = wrapped.clone();
                edited[place] ^= 1 << bit;
                assert_eq!(wrap().unwrap(&edited), Err(OpenError::Unauthentic));
            }
        }
    }

    #[test]
    fn what_is_wrapped_wrongly_is_refused() {
        for (front, body) in [
            (front_of(8), [1; 16]),
            (front_of(17), [1; 16]),
            (front_of(9), [1; 16]),
            (front_of(0), [0; 16]),
            ([0; 8], [1; 16]),
        ] {
            let mut wrapped = [&front[..], &body].concat();
            wrap().encrypt(&mut wrapped);
            assert_eq!(wrap().unwrap(&wrapped), Err(OpenError::Unauthentic));
        }
    }

    #[test]
    fn lengths_outside_the_bounds_are_refused() {
        assert_eq!(wrap().wrap(&[]), Err(SealError::ValueTooLong));
        assert_eq!(wrap().wrap(&vec![0; LONGEST + 1]), Err(SealError::ValueTooLong));
        for length in [0, 8, 15, 17, LONGEST + 16] {
            assert_eq!(wrap().unwrap(&vec![0; length]), Err(OpenError::Unauthentic));
        }
        assert!(KeyWrap::new(&[0; 31]).is_none());
    }
}
