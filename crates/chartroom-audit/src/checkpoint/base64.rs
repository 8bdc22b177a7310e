//! Base64 of one hash (RFC 4648, section 4), padded, in its one canonical form.

use crate::merkle::Hash;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The 44 characters of a hash.
pub(super) fn encode(hash: &Hash) -> String {
    let mut text = String::with_capacity(44);
    for group in hash.as_bytes().chunks(3) {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let characters = [18, 12, 6, 0].map(|shift| character(bits >> shift & 63));
        text.extend(characters.iter().take(group.len() + 1));
    }
    text.push('=');
    text
}

/// The hash of 44 characters, or `None` for any other text.
pub(super) fn decode(text: &str) -> Option<Hash> {
    let mut bytes = Vec::with_capacity(33);
    for group in text.strip_suffix('=')?.as_bytes().chunks(4) {
        let bits = group.iter().try_fold(0_u32, |bits, byte| Some(bits << 6 | value(*byte)?))?;
        let bits = bits << (6 * (4 - group.len()));
        let [_, decoded @ ..] = bits.to_be_bytes();
        bytes.extend(decoded.iter().take(group.len() - 1));
    }
    let hash = Hash::try_from(bytes.as_slice()).ok()?;
    // Other spellings of the last character would decode to the same bytes.
    (encode(&hash) == text).then_some(hash)
}

fn character(value: u32) -> char {
    ALPHABET.iter().zip(0..).find(|(_, place)| *place == value).map_or('=', |(character, _)| char::from(*character))
}

fn value(character: u8) -> Option<u32> {
    ALPHABET.iter().zip(0..).find(|(found, _)| **found == character).map(|(_, place)| place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_empty_root() {
        assert_eq!(encode(&Hash::of_empty_tree()), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
    }

    #[test]
    fn only_the_canonical_form() {
        let text = encode(&Hash::of_empty_tree());
        assert!(decode(&text.replace("U=", "V=")).is_none());
        assert!(decode(&text.replace('=', "")).is_none());
        assert!(decode(&text.replace('+', "-")).is_none());
        assert!(decode("").is_none() && decode("=").is_none());
    }

    proptest! {
        #[test]
        fn round_trip(bytes: [u8; 32]) {
            let hash = Hash::from(bytes);
            prop_assert_eq!(decode(&encode(&hash)), Some(hash));
        }

        #[test]
        fn garbage_never_panics(text in ".{0,50}") {
            let _ = decode(&text);
        }
    }
}
