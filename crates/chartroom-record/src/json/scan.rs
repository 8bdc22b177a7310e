//! The loops over bytes: the end of a plain string, the end of a number.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// The first byte at or after `from` that ends plain text in a string: a quote, a backslash or a control character.
/// The length of the input if there is none.
#[inline(always)]
pub(super) fn plain_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let special = specials(chunk);
        if special != 0 {
            return at + (special.trailing_zeros() / 8) as usize;
        }
        at += chunk.len();
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| is_special(*byte)).unwrap_or(rest.len())
}

/// A byte of ones for each byte that is special: the whole chunk is compared in a few steps.
#[inline(always)]
fn specials(chunk: &[u8; 16]) -> u128 {
    let mut specials = [0; 16];
    for (special, byte) in specials.iter_mut().zip(chunk) {
        *special = if is_special(*byte) { 0xff } else { 0 };
    }
    u128::from_le_bytes(specials)
}

#[inline(always)]
const fn is_special(byte: u8) -> bool {
    (byte == b'"') | (byte == b'\\') | (byte < b' ')
}

/// Whether the text is one or more ASCII characters and none of them a space or control character.
pub(crate) fn is_plain_word(text: &str) -> bool {
    let bytes = text.as_bytes();
    let special = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        (word | (word & !HIGHS).wrapping_sub(ONES * 0x21)) & HIGHS != 0
    };
    match bytes.last_chunk() {
        // The last word may lie over the one before it.
        Some(last) => !special(last) && !bytes.as_chunks().0.iter().any(special),
        None => !bytes.is_empty() && bytes.iter().all(|byte| (0x21..0x80).contains(byte)),
    }
}

/// The end of the JSON number that starts at `from`, or `None` if none does.
pub(super) fn number_end(bytes: &[u8], from: usize) -> Option<usize> {
    let byte = |at: usize| bytes.get(at).copied().unwrap_or(0);
    let digits = |mut at: usize| {
        while byte(at).is_ascii_digit() {
            at += 1;
        }
        at
    };
    let start = if byte(from) == b'-' { from + 1 } else { from };
    let mut at = if byte(start) == b'0' { start + 1 } else { digits(start) };
    if at == start {
        return None;
    }
    if byte(at) == b'.' {
        let end = digits(at + 1);
        if end == at + 1 {
            return None;
        }
        at = end;
    }
    if matches!(byte(at), b'e' | b'E') {
        let sign = if matches!(byte(at + 1), b'+' | b'-') { at + 2 } else { at + 1 };
        let end = digits(sign);
        if end == sign {
            return None;
        }
        at = end;
    }
    Some(at)
}

/// Whether the whole text is one JSON number.
pub(crate) fn is_number(text: &str) -> bool {
    number_end(text.as_bytes(), 0) == Some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_word_has_no_space_in_any_place() {
        for length in 1..20 {
            for place in 0..length {
                for byte in 0..=0x7f {
                    let mut text = vec![b'!'; length];
                    text[place] = byte;
                    assert_eq!(is_plain_word(str::from_utf8(&text).unwrap()), byte > b' ', "{byte} at {place}");
                }
            }
        }
        assert!(!is_plain_word("") && !is_plain_word("aaaaaaé") && !is_plain_word("aé"));
    }

    #[test]
    fn plain_text_ends_at_the_first_special_byte() {
        for length in 0..40 {
            for special in [b'"', b'\\', 0x1f, b'\n', 0] {
                let mut text = vec![b'a'; length];
                text.push(special);
                text.extend_from_slice(b"\"\\bcdefghijkl");
                assert_eq!(plain_end(&text, 0), length);
            }
        }
        let high = "é€😀 plain ~\u{7f}".repeat(5);
        assert_eq!(plain_end(high.as_bytes(), 0), high.len());
    }
}
