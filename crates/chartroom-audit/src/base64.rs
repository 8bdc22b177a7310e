//! Base64 (RFC 4648, section 4), padded, in its one canonical form.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The characters of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let characters = [18, 12, 6, 0].map(|shift| character(bits >> shift & 63));
        text.extend(characters.iter().take(group.len() + 1));
        text.extend(std::iter::repeat_n('=', 3 - group.len()));
    }
    text
}

/// The bytes of these characters, or `None` for any other text.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    for group in text.trim_end_matches('=').as_bytes().chunks(4) {
        let bits = group.iter().try_fold(0_u32, |bits, byte| Some(bits << 6 | value(*byte)?))?;
        let bits = bits << (6 * (4 - group.len()));
        let [_, decoded @ ..] = bits.to_be_bytes();
        bytes.extend(decoded.iter().take(group.len() - 1));
    }
    // Other spellings would decode to the same bytes.
    (encode(&bytes) == text).then_some(bytes)
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

    /// RFC 4648, section 10.
    #[test]
    fn the_vectors_of_the_standard() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text).as_deref(), Some(bytes.as_bytes()));
        }
    }

    #[test]
    fn only_the_canonical_form() {
        for text in
            ["=", "Zg", "Zg=", "Zh==", "Zm8", "Zm9=", "Zm9v=", "Zm9v====", "Z", "Zg==Zg==", "Z-9v", "Zm 9v", "Zm9v\n"]
        {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes: Vec<u8>) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn garbage_never_panics(text in ".{0,50}") {
            let _ = decode(&text);
        }
    }
}
