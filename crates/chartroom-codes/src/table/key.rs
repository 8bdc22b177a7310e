//! Codes as numbers: how a code is spelled, numbered, and scattered over the buckets of a table.

use super::packed::{Packed, Text};

/// The way of a table with its codes: alphabet, dot and length.
pub(super) struct Keys {
    /// The value of each character, from 1; 0 for the dot and for padding; `STRANGE` for one that no code has.
    values: [u8; 256],
    /// What a character's value counts for, by its place in the code as FHIR writes it; 0 for the place of the dot.
    weights: [u64; MOST_CHARACTERS],
    alphabet: Vec<u8>,
    /// How many characters stand before the dot. `usize::MAX` if there is no dot.
    dot: usize,
    longest: usize,
    /// Whether no code holds a small letter or a dot of its own, so that neither says anything in what is typed.
    has_one_form: bool,
    /// The short way to the number of a code, where there is one.
    packed: Option<Packed>,
    bits: u32,
    /// The bits that numbers take, all set.
    mask: u64,
}

/// No code is longer, its dot counted.
const MOST_CHARACTERS: usize = 32;
const STRANGE: u8 = 0x80;
/// Stands behind the end of a code. It is in no UTF-8 text.
const PADDING: u8 = 0xFF;

/// A text of no more characters than the longest code has.
pub(super) struct InForm {
    bytes: [u8; MOST_CHARACTERS],
    length: usize,
}

impl InForm {
    fn push(&mut self, byte: u8) -> Option<()> {
        *self.bytes.get_mut(self.length)? = byte;
        self.length += 1;
        Some(())
    }

    /// The text.
    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}

impl Keys {
    /// `None` if codes would be too long or not fit in 63 bits, or if the alphabet is empty or not ascending.
    pub(super) fn new(alphabet: &[u8], dot_after: u8, longest: u8) -> Option<Self> {
        let has_dot = dot_after > 0;
        let sound = alphabet.is_sorted_by(|before, after| before < after)
            && alphabet.iter().all(u8::is_ascii_graphic)
            && !(has_dot && alphabet.contains(&b'.'))
            && usize::from(longest) + usize::from(has_dot) <= MOST_CHARACTERS;
        if !sound {
            return None;
        }
        let mut values = [STRANGE; 256];
        let padding = has_dot.then_some(b'.').into_iter().chain([PADDING]).zip([0, 0]);
        for (character, value) in alphabet.iter().copied().zip(1..).chain(padding) {
            *values.get_mut(usize::from(character))? = value;
        }
        let dot = if has_dot { usize::from(dot_after) } else { usize::MAX };
        let base = alphabet.len() as u64 + 1;
        let bits = bits(base, usize::from(longest))?;
        let mask = u64::MAX >> (64 - bits);
        let packed = Packed::new(alphabet, dot_after, longest, SCATTER, mask);
        let longest = usize::from(longest);
        let mut weights = [0; MOST_CHARACTERS];
        let places = weights.iter_mut().enumerate().filter(|(place, _)| *place != dot).map(|(_, weight)| weight);
        for (weight, power) in places.take(longest).zip((0..longest as u32).rev()) {
            *weight = base.pow(power);
        }
        Some(Self {
            values,
            weights,
            alphabet: alphabet.to_vec(),
            dot,
            longest,
            has_one_form: !alphabet.iter().any(|character| character.is_ascii_lowercase() || *character == b'.'),
            packed,
            bits,
            mask,
        })
    }

    pub(super) fn alphabet(&self) -> &[u8] {
        &self.alphabet
    }

    /// Characters of the longest code, dot left out.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many bits the number of any code takes.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// The number of a code as FHIR writes it. `None` if no code of this system can be written like that.
    pub(super) fn number(&self, code: &[u8]) -> Option<u64> {
        match &self.packed {
            Some(packed) => packed.scattered(packed.text(code)?).map(|scattered| self.gathered(scattered)),
            None => self.weighed_number(code),
        }
    }

    /// The short way to the number of a code, where there is one.
    #[inline(always)]
    pub(super) fn packed(&self) -> Option<&Packed> {
        self.packed.as_ref()
    }

    /// What the filter knows a code by, written without its dot.
    pub(super) fn filter_key(&self, plain: &str) -> Option<u64> {
        match &self.packed {
            Some(packed) => packed.plain_text(plain.as_bytes()).map(Text::filter_key),
            None => self.plain_number(plain),
        }
    }

    /// A dot that stands where it should not makes a number that no code has, because its value is 0; only at the end
    /// that would go unnoticed.
    fn weighed_number(&self, code: &[u8]) -> Option<u64> {
        let has_dot = code.len() > self.dot;
        let dot_fits = !has_dot || (code.get(self.dot) == Some(&b'.') && code.last() != Some(&b'.'));
        if code.is_empty() || code.len() > self.longest + usize::from(has_dot) || !dot_fits {
            return None;
        }
        match padded(code) {
            Some(eight) => self.weighed(eight.iter().zip(&self.weights)),
            None => self.weighed(code.iter().zip(&self.weights)),
        }
    }

    /// The number of a code written without its dot.
    pub(super) fn plain_number(&self, plain: &str) -> Option<u64> {
        if plain.is_empty() || plain.len() > self.longest || (self.dot != usize::MAX && plain.contains('.')) {
            return None;
        }
        let weights = self.weights.iter().enumerate().filter(|(place, _)| *place != self.dot);
        self.weighed(plain.as_bytes().iter().zip(weights.map(|(_, weight)| weight)))
    }

    /// Whether no code holds a small letter or a dot of its own, so that neither says anything in what is typed.
    pub(super) fn has_one_form(&self) -> bool {
        self.has_one_form
    }

    /// What was typed, as FHIR would write it if it were a code: without blanks, in capital letters, the dot in its place. `None` if it is
    /// longer than any code.
    #[inline]
    pub(super) fn in_form(&self, typed: &str) -> Option<InForm> {
        let mut form = InForm { bytes: [0; MOST_CHARACTERS], length: 0 };
        let plain = typed.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'.');
        for byte in plain {
            if form.length == self.dot {
                form.push(b'.')?;
            }
            form.push(byte.to_ascii_uppercase())?;
        }
        Some(form)
    }

    /// The code of a number, as FHIR writes it.
    pub(super) fn text(&self, number: u64) -> String {
        let mut rest = number;
        let mut text = String::with_capacity(self.longest + 1);
        for (place, weight) in self.weights.iter().take(self.longest + usize::from(self.dot != usize::MAX)).enumerate()
        {
            let value = rest.checked_div(*weight).unwrap_or_default();
            rest -= value * weight;
            let character =
                if place == self.dot { Some(&b'.') } else { self.alphabet.get((value as usize).wrapping_sub(1)) };
            match character {
                Some(character) if place != self.dot || rest > 0 => text.push(char::from(*character)),
                _ => break,
            }
        }
        text
    }

    /// A code without its dot, if it is written the way of this system.
    pub(super) fn plain(&self, code: &str) -> Option<String> {
        self.number(code.as_bytes())?;
        Some(if self.dot == usize::MAX { code.to_owned() } else { code.replace('.', "") })
    }

    /// Spreads numbers over all that have so many bits, each to one of its own.
    pub(super) fn scattered(&self, number: u64) -> u64 {
        number.wrapping_mul(SCATTER) & self.mask
    }

    /// Undoes [`scattered`](Self::scattered).
    pub(super) fn gathered(&self, scattered: u64) -> u64 {
        scattered.wrapping_mul(inverse(SCATTER)) & self.mask
    }

    #[inline]
    fn weighed<'w>(&self, characters: impl Iterator<Item = (&'w u8, &'w u64)>) -> Option<u64> {
        let (mut number, mut seen) = (0u64, 0);
        for (character, weight) in characters {
            let value = self.values.get(usize::from(*character)).copied().unwrap_or(STRANGE);
            number = number.wrapping_add(u64::from(value).wrapping_mul(*weight));
            seen |= value;
        }
        (seen & STRANGE == 0).then_some(number)
    }
}

const SCATTER: u64 = 0x9E37_79B9_7F4A_7C15;

/// The number that undoes multiplication by an odd number, by Newton's method: each step doubles the right bits.
const fn inverse(odd: u64) -> u64 {
    let mut inverse = odd;
    let mut step = 0;
    while step < 5 {
        inverse = inverse.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(inverse)));
        step += 1;
    }
    inverse
}

/// A code of four to eight characters as eight bytes, so that none of the work on it hangs on its length.
#[inline]
fn padded(code: &[u8]) -> Option<[u8; 8]> {
    let (first, last) = (code.first_chunk::<4>()?, code.last_chunk::<4>()?);
    let shift = 8 * (code.len() as u32 - 4);
    let both = u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)).checked_shl(shift)?;
    let padding = u64::MAX.checked_shl(shift + 32).unwrap_or(0);
    (code.len() <= 8).then(|| (both | padding).to_le_bytes())
}

/// How many bits the largest number of so many characters takes. `None` if it is nothing or too large.
fn bits(base: u64, longest: usize) -> Option<u32> {
    let largest = base.checked_pow(u32::try_from(longest).ok()?)?.checked_sub(1)?;
    Some(u64::BITS - largest.leading_zeros()).filter(|bits| (1..64).contains(bits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn icd() -> Keys {
        Keys::new(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3, 7).unwrap()
    }

    proptest! {
        #[test]
        fn a_code_comes_back_from_its_number(code in "[0-9A-Z]{3}(\\.[0-9A-Z]{1,4})?|[0-9A-Z]{1,2}") {
            let keys = icd();
            let scattered = keys.scattered(keys.number(code.as_bytes()).unwrap());
            prop_assert_eq!(keys.text(keys.gathered(scattered)), code);
        }

        #[test]
        fn any_text_has_a_number_or_none(text in ".*") {
            if let Some(number) = icd().number(text.as_bytes()) {
                prop_assert!(text.contains('.') || icd().text(number) == text);
            }
        }

        #[test]
        fn both_ways_to_a_number_agree(text in "[0-9A-Z.a-z@Z{/:é \\PC]{0,9}|[A-Z][0-9]{2}\\.?[0-9A-Z]{0,5}", dot in 0u8..9, longest in 1u8..9) {
            for alphabet in [&b"0123456789"[..], b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"] {
                let keys = Keys::new(alphabet, dot, longest).unwrap();
                if keys.packed.is_some() {
                    let listed = |number: u64| keys.text(number) == text;
                    let (packed, weighed) = (keys.number(text.as_bytes()), keys.weighed_number(text.as_bytes()));
                    prop_assert_eq!(packed, weighed.filter(|number| listed(*number)));
                    let form = keys.in_form(&text).and_then(|form| keys.number(form.bytes()));
                    let packed = keys.packed().unwrap();
                    if let Some(typed) = packed.typed_text(text.as_bytes()) {
                        prop_assert_eq!(packed.scattered(typed), form.map(|form| keys.scattered(form)));
                    }
                }
            }
        }
    }

    #[test]
    fn the_dot_has_one_place() {
        for wrong in ["", "E119", "E.119", "E11.", "E11.9.", "E11.9\0", ".E11", "e11.9", "E11.99999"] {
            assert_eq!(icd().number(wrong.as_bytes()), None, "{wrong}");
        }
        assert_eq!(icd().number(b"E11..9"), None);
        assert_eq!(icd().number(b"E11.9"), icd().plain_number("E119"));
        let dashed = Keys::new(b"-0123456789", 2, 7).unwrap();
        let misplaced = dashed.number(b"12..9").unwrap();
        assert_ne!(misplaced, dashed.number(b"12.9").unwrap());
        assert_ne!(dashed.text(misplaced), "12..9", "a number that no code has");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert!(Keys::new(b"0123456789", 0, 18).is_some());
        assert!(Keys::new(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3, 13).is_none());
        assert!(Keys::new(b"", 0, 3).is_none());
        assert!(Keys::new(b"BA", 0, 3).is_none());
        assert!(Keys::new(b"AA", 0, 3).is_none());
    }
}
