//! Codes as numbers: how a code is spelled and numbered.

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
        let packed = Packed::new(alphabet, dot_after, longest);
        let longest = usize::from(longest);
        let bits = packed.as_ref().map_or_else(|| bits(base, longest), |packed| Some(packed.bits()));
        let bits = bits.filter(|bits| (1..64).contains(bits))?;
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
        })
    }

    pub(super) fn alphabet(&self) -> &[u8] {
        &self.alphabet
    }

    /// Characters of the longest code, dot left out.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// How many characters stand before the dot. `usize::MAX` if there is no dot.
    pub(super) fn dot(&self) -> usize {
        self.dot
    }

    /// How many bits the number of any code takes.
    pub(super) fn bits(&self) -> u32 {
        self.bits
    }

    /// The number of a code as FHIR writes it. What is written in another way has none, or one that no code has.
    pub(super) fn number(&self, code: &[u8]) -> Option<u64> {
        match &self.packed {
            Some(packed) => packed.number(packed.text(code)?),
            None => self.weighed_number(code),
        }
    }

    /// The short way to the number of a code, where there is one.
    #[inline(always)]
    pub(super) fn packed(&self) -> Option<&Packed> {
        self.packed.as_ref()
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

    /// What a code has its place by, written without its dot.
    pub(super) fn place_key(&self, plain: &str) -> Option<u64> {
        match &self.packed {
            Some(packed) => packed.plain_text(plain.as_bytes()).map(Text::key),
            None => self.plain_number(plain),
        }
    }

    /// The number of a code written without its dot.
    pub(super) fn plain_number(&self, plain: &str) -> Option<u64> {
        if let Some(packed) = &self.packed {
            return packed.number(packed.plain_text(plain.as_bytes())?);
        }
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
    /// longer than any code, or has a dot in another place: that is a slip, and who knows which code was meant.
    #[inline]
    pub(super) fn in_form(&self, typed: &str) -> Option<InForm> {
        let mut form = InForm { bytes: [0; MOST_CHARACTERS], length: 0 };
        let mut is_dotted = false;
        for byte in typed.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
            if byte == b'.' {
                if form.length != self.dot || is_dotted {
                    return None;
                }
                is_dotted = true;
                continue;
            }
            if form.length == self.dot {
                form.push(b'.')?;
            }
            form.push(byte.to_ascii_uppercase())?;
        }
        Some(form)
    }

    /// The code of a number, as FHIR writes it.
    pub(super) fn text(&self, number: u64) -> String {
        let mut text = String::with_capacity(self.longest + 1);
        if self.packed.is_some() {
            let known = |character: &u8| self.alphabet.contains(character);
            for (place, character) in Packed::plain(number).take_while(known).enumerate() {
                if place == self.dot {
                    text.push('.');
                }
                text.push(char::from(character));
            }
            return text;
        }
        let mut rest = number;
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
        if self.text(self.number(code.as_bytes())?) != code {
            return None;
        }
        Some(if self.dot == usize::MAX { code.to_owned() } else { code.replace('.', "") })
    }

    #[inline]
    fn weighed<'w>(&self, characters: impl Iterator<Item = (&'w u8, &'w u64)>) -> Option<u64> {
        let (mut number, mut seen) = (0u64, 0);
        for (character, weight) in characters {
            let value = self.values.get(usize::from(*character)).copied().unwrap_or(STRANGE);
            number = number.wrapping_add(u64::from(value).wrapping_mul(*weight));
            seen |= value;
        }
        (seen & STRANGE == 0 && number != 0).then_some(number)
    }
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
    Some(u64::BITS - largest.leading_zeros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn icd() -> Keys {
        Keys::new(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 3, 7).unwrap()
    }

    /// Which code a text is taken for.
    fn taken_for(keys: &Keys, text: &str) -> Option<String> {
        let number = keys.number(text.as_bytes())?;
        let code = keys.text(number);
        (keys.number(code.as_bytes()) == Some(number)).then_some(code)
    }

    /// Whether a text is digits and capital letters, not too many, with the dot where it belongs.
    fn has_form(text: &str, dot: usize, longest: usize) -> bool {
        let mut plain = text.replace('.', "");
        let is_spelled = plain.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        let is_long = (1..=longest).contains(&plain.len());
        if is_spelled && dot > 0 && plain.len() > dot {
            plain.insert(dot, '.');
        }
        is_spelled && is_long && plain == text
    }

    proptest! {
        #[test]
        fn a_code_comes_back_from_its_number(code in "[0-9A-Z]{3}(\\.[0-9A-Z]{1,4})?|[0-9A-Z]{1,2}") {
            let keys = icd();
            prop_assert_eq!(keys.text(keys.number(code.as_bytes()).unwrap()), code);
        }

        #[test]
        fn any_text_has_a_number_or_none(text in ".*") {
            prop_assert!(taken_for(&icd(), &text).is_none_or(|code| code == text));
        }

        #[test]
        fn a_packed_number_is_that_of_one_code(text in "[0-9A-Z.a-z@Z{/:é \\PC]{0,9}|[A-Z][0-9]{2}\\.?[0-9A-Z]{0,5}", dot in 0u8..9, longest in 1u8..9) {
            let keys = Keys::new(b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", dot, longest).unwrap();
            if let Some(packed) = keys.packed() {
                prop_assert_eq!(taken_for(&keys, &text), has_form(&text, usize::from(dot), usize::from(longest)).then(|| text.clone()));
                let form = keys.in_form(&text).and_then(|form| keys.number(form.bytes()));
                let typed = packed.typed_text(text.as_bytes());
                let number = typed.and_then(|typed| packed.number(typed));
                let is_code = |number: &u64| keys.number(keys.text(*number).as_bytes()) == Some(*number);
                match number.filter(is_code) {
                    Some(number) => prop_assert_eq!(Some(number), form),
                    None => prop_assert!(typed.is_none_or(|typed| !typed.is_in_one_piece()) || form.filter(is_code).is_none()),
                }
            }
        }
    }

    #[test]
    fn the_dot_has_one_place() {
        for wrong in ["", "E119", "E.119", "E11.", "E11.9.", "E11.9\0", ".E11", "e11.9", "E11.99999"] {
            assert_eq!(taken_for(&icd(), wrong), None, "{wrong}");
        }
        assert_eq!(taken_for(&icd(), "E11..9"), None);
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
