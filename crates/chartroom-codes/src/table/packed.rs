//! Codes of no more than eight characters, digits or digits and capital letters, read in one piece.
//!
//! What is typed differs in length, case, blanks and dot from one code to the next, so that whatever hangs on them cannot be
//! foreseen. The eight characters are one number here, and are all worked on at once.

/// How a system of such codes numbers them: as [`Keys`](super::key::Keys) does, in fewer steps.
pub(super) struct Packed {
    /// What must be set in a character beyond the digits: the high bit of each where letters are of the alphabet.
    letters: u64,
    /// The characters before the dot, all bits set; all of them if there is no dot.
    before_dot: u64,
    /// How many bits stand before the dot; 0 if there is none.
    dot_shift: u32,
    /// The dot, or a byte that is in no text if there is none.
    dot: u8,
    /// Characters before the dot, `usize::MAX` if there is none.
    dot_after: usize,
    longest: usize,
    /// Bits that are free beside the longest code.
    free: u32,
    /// What the alphabet and the place behind a code's end make together.
    base: u64,
    /// What each pair of characters counts for in a scattered number.
    weights: [u64; WIDTH / 2],
    /// The bits of a scattered number.
    mask: u64,
}

/// A text of up to eight characters without its dot, the first the lowest byte, and how many there are.
#[derive(Clone, Copy)]
pub(super) struct Text {
    word: u64,
    length: usize,
}

/// The alphabets of packed codes.
const DIGITS: &[u8] = b"0123456789";
const DIGITS_AND_LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The alphabet with which codes of these characters can be packed, or none if they cannot.
pub(super) fn alphabet_over(characters: &[u8], dot_after: u8, longest: u8) -> Option<&'static [u8]> {
    let has_room = usize::from(longest) + usize::from(dot_after > 0) <= WIDTH;
    let holds = |alphabet: &&[u8]| has_room && characters.iter().all(|character| alphabet.contains(character));
    [DIGITS, DIGITS_AND_LETTERS].into_iter().find(holds)
}

impl Packed {
    /// `None` if codes of this kind cannot be packed. Their numbers are scattered by multiplication, within the bits of the mask.
    pub(super) fn new(alphabet: &[u8], dot_after: u8, longest: u8, scatter: u64, mask: u64) -> Option<Self> {
        if alphabet_over(alphabet, dot_after, longest)? != alphabet {
            return None;
        }
        let base = alphabet.len() as u64 + 1;
        let has_dot = dot_after > 0 && usize::from(dot_after) < WIDTH;
        let dot_shift = if has_dot { 8 * u32::from(dot_after) } else { 0 };
        Some(Self {
            letters: if alphabet == DIGITS { 0 } else { HIGH },
            before_dot: if has_dot { (1 << dot_shift) - 1 } else { u64::MAX },
            dot_shift,
            dot: if has_dot { b'.' } else { 0xFF },
            dot_after: if has_dot { usize::from(dot_after) } else { usize::MAX },
            longest: usize::from(longest),
            free: 8 * (WIDTH as u32).checked_sub(u32::from(longest))?,
            base,
            weights: [6, 4, 2, 0].map(|power| base.pow(power).wrapping_mul(scatter)),
            mask,
        })
    }

    /// What may be a code as FHIR writes it. `None` if no code of this system can be written like that.
    #[inline(always)]
    pub(super) fn text(&self, code: &[u8]) -> Option<Text> {
        let word = loaded(code)?;
        let has_dot = (word >> self.dot_shift) as u8 == self.dot;
        let text = self.without_dot(word, code.len(), has_dot);
        (has_dot == (text.length > self.dot_after)).then_some(text)
    }

    /// What may be a code as most people type it: in letters of any case, with its dot or without, with a blank before or
    /// behind it. `None` if it is typed in another way, with blanks or dots elsewhere, or is too long to tell.
    #[inline(always)]
    pub(super) fn typed_text(&self, typed: &[u8]) -> Option<Text> {
        let (before, behind) = (typed.first() == Some(&b' '), typed.last() == Some(&b' '));
        let body = typed.get(usize::from(before)..typed.len() - usize::from(behind))?;
        let word = loaded(body)?;
        // A small letter loses the bit that makes it small. What else loses it is no character of a code.
        let word = word & !((word & SMALL << 1) >> 1);
        let has_dot = (word >> self.dot_shift) as u8 == self.dot;
        let text = self.without_dot(word, body.len(), has_dot);
        text.is_in_one_piece().then_some(text)
    }

    /// What may be a code written without its dot.
    pub(super) fn plain_text(&self, plain: &[u8]) -> Option<Text> {
        Some(Text { word: loaded(plain)?, length: plain.len() })
    }

    #[inline(always)]
    fn without_dot(&self, word: u64, length: usize, has_dot: bool) -> Text {
        let behind_dot = word >> (8 * u32::from(has_dot)) & !self.before_dot;
        Text { word: word & self.before_dot | behind_dot, length: length - usize::from(has_dot) }
    }

    /// The scattered number of a code. `None` if it has a character that no code has, or too many.
    #[inline(always)]
    pub(super) fn scattered(&self, text: Text) -> Option<u64> {
        if !self.is_spelled_right(text) {
            return None;
        }
        // From 1 for the first character of the alphabet, and 0 behind the end.
        let letters = text.word >> 6 & ONES;
        let values = (text.word & ((ONES * 0x0F) | (letters << 4))) + letters * 9 + (text.high_bits() >> 7);
        let values = values << self.free;
        let pairs = (values & EACH_SECOND).wrapping_mul(self.base) + (values >> 8 & EACH_SECOND);
        let weighed = [0, 16, 32, 48].into_iter().zip(self.weights);
        let sum =
            weighed.fold(0u64, |sum, (shift, weight)| sum.wrapping_add((pairs >> shift & 0xFFFF).wrapping_mul(weight)));
        Some(sum & self.mask)
    }

    /// Whether all characters are of the alphabet, and there are not too many.
    #[inline(always)]
    fn is_spelled_right(&self, text: Text) -> bool {
        let past = |limit: u8| text.word.wrapping_add(ONES * u64::from(limit));
        let within = |first: u8, last: u8| past(0x80 - first) & !past(0x7F - last);
        let known = (within(b'0', b'9') | within(b'A', b'Z') & self.letters) & HIGH;
        // The sums above are right for characters of seven bits.
        text.word & HIGH == 0 && known == text.high_bits() && text.length <= self.longest
    }
}

impl Text {
    /// Whether it has no blank, no dot and nothing that is not ASCII, so that nothing of it can be left out.
    #[inline(always)]
    fn is_in_one_piece(self) -> bool {
        let from_digits_on = self.word.wrapping_add(ONES * u64::from(0x80 - b'0'));
        self.word & HIGH == 0 && from_digits_on & HIGH == self.high_bits()
    }

    /// What the filter knows it by.
    #[inline(always)]
    pub(super) fn filter_key(self) -> u64 {
        self.word
    }

    /// The high bit of each of its bytes. All, too, of a text without any, which no code is.
    #[inline(always)]
    fn high_bits(self) -> u64 {
        HIGH >> ((8 * (WIDTH - self.length)) & 63)
    }
}

const WIDTH: usize = 8;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;
const SMALL: u64 = ONES << 5;
const EACH_SECOND: u64 = 0x00FF_00FF_00FF_00FF;

/// A text of one to eight bytes as a number, the first byte the lowest. `None` if it is empty or longer.
#[inline(always)]
fn loaded(text: &[u8]) -> Option<u64> {
    let length = text.len();
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        let last = u64::from(u32::from_le_bytes(*last));
        let shift = 8 * (length - 4);
        return (length <= WIDTH).then(|| u64::from(u32::from_le_bytes(*first)) | last << (shift & 63));
    }
    let byte = |place: usize| text.get(place).map(|byte| u64::from(*byte) << (8 * place));
    Some(byte(0)? | byte(length / 2)? | byte(length - 1)?)
}
