//! Codes of no more than eight characters, digits and capital letters, read in one piece.
//!
//! What is typed differs in length, case, blanks and dot from one code to the next, so that whatever hangs on them cannot be
//! foreseen. The eight characters are one number here, and are all worked on at once.

/// How a system of such codes numbers them: six bits to a character, the first the lowest, 0 behind the end.
pub(super) struct Packed {
    /// The characters before the dot, all bits set; all of them if there is no dot.
    before_dot: u64,
    /// How many bits stand before the dot; all but the highest if there is none.
    dot_shift: u32,
    longest: usize,
}

/// A text of up to eight characters without its dot, the first the lowest byte, and how many there are.
#[derive(Clone, Copy)]
pub(super) struct Text {
    word: u64,
    length: usize,
}

impl Packed {
    /// `None` if codes of this kind cannot be packed.
    pub(super) fn new(alphabet: &[u8], dot_after: u8, longest: u8) -> Option<Self> {
        let fits = !alphabet.is_empty()
            && usize::from(longest) + usize::from(dot_after > 0) <= WIDTH
            && alphabet.iter().all(|character| character.is_ascii_digit() || character.is_ascii_uppercase());
        let has_dot = dot_after > 0 && usize::from(dot_after) < WIDTH;
        let dot_shift = if has_dot { 8 * u32::from(dot_after) } else { u64::BITS - 1 };
        let before_dot = if has_dot { (1 << dot_shift) - 1 } else { u64::MAX };
        fits.then_some(Self { before_dot, dot_shift, longest: usize::from(longest) })
    }

    /// How many bits the number of any code takes.
    pub(super) fn bits(&self) -> u32 {
        CHARACTER * self.longest as u32
    }

    /// What may be a code as FHIR writes it. `None` if no code of this system can be written like that.
    #[inline(always)]
    pub(super) fn text(&self, code: &[u8]) -> Option<Text> {
        let word = loaded(code)?;
        let from_dot = word >> self.dot_shift;
        if from_dot == 0 {
            return Some(Text { word, length: code.len() });
        }
        let is_dotted = from_dot as u8 == b'.' && from_dot > 0xFF;
        is_dotted.then(|| Text { word: self.without_dot(word), length: code.len() - 1 })
    }

    /// What may be a code as most people type it: in letters of any case, with its dot or without, with a blank before or
    /// behind it. `None` if it is too long to tell.
    #[inline(always)]
    pub(super) fn typed_text(&self, typed: &[u8]) -> Option<Text> {
        let (before, behind) = (typed.first() == Some(&b' '), typed.last() == Some(&b' '));
        let body = typed.get(usize::from(before)..typed.len() - usize::from(behind))?;
        let word = loaded(body)?;
        // A small letter loses the bit that makes it small. What else loses it is no character of a code.
        let word = word & !((word & SMALL << 1) >> 1);
        let has_dot = (word >> self.dot_shift) as u8 == b'.';
        let length = body.len() - usize::from(has_dot);
        Some(Text { word: if has_dot { self.without_dot(word) } else { word }, length })
    }

    /// What may be a code written without its dot.
    pub(super) fn plain_text(&self, plain: &[u8]) -> Option<Text> {
        Some(Text { word: loaded(plain)?, length: plain.len() })
    }

    #[inline(always)]
    fn without_dot(&self, word: u64) -> u64 {
        word & self.before_dot | word >> 8 & !self.before_dot
    }

    /// The number of a text: that of a code only if it is this code. `None` if it is too long, or is not told apart from others.
    #[inline(always)]
    pub(super) fn number(&self, text: Text) -> Option<u64> {
        (text.length <= self.longest && text.is_told_apart()).then(|| text.number())
    }

    /// The text of a number.
    pub(super) fn plain(number: u64) -> impl Iterator<Item = u8> {
        let characters = (0..u64::BITS).step_by(CHARACTER as usize).map(move |shift| (number >> shift & 0x3F) as u8);
        characters.take_while(|bits| *bits != 0).map(|bits| if bits & 0x20 == 0 { bits | 0x40 } else { bits })
    }
}

impl Text {
    /// What a code has its place by. More can be told from it than from its number, and sooner.
    #[inline(always)]
    pub(super) fn key(self) -> u64 {
        self.word
    }

    /// Whether its characters are told apart by their six low bits, and each from the end: those from blank to `?` are, which have the
    /// bit that small letters have, and those from `A` to `_`, which do not.
    #[inline(always)]
    fn is_told_apart(self) -> bool {
        let from_a_on = self.word.wrapping_add(ONES * u64::from(0x80 - b'A')) >> 1;
        let kinds = (from_a_on ^ self.word << 1) & KIND | self.word & HIGH;
        kinds == KIND >> ((8 * (WIDTH - self.length)) & 63)
    }

    /// Six bits of each character, side by side.
    #[inline(always)]
    fn number(self) -> u64 {
        let pairs = self.word & 0x003F_003F_003F_003F | self.word >> 2 & 0x0FC0_0FC0_0FC0_0FC0;
        let fours = pairs & 0x0000_0FFF_0000_0FFF | pairs >> 4 & 0x00FF_F000_00FF_F000;
        fours & 0x00FF_FFFF | fours >> 8 & 0xFFFF_FF00_0000
    }

    /// Whether it has no blank, no dot and nothing that is not ASCII, so that nothing of it can be left out.
    #[inline]
    pub(super) fn is_in_one_piece(self) -> bool {
        let from_digits_on = self.word.wrapping_add(ONES * u64::from(0x80 - b'0'));
        self.word & HIGH == 0 && from_digits_on & HIGH == HIGH >> ((8 * (WIDTH - self.length)) & 63)
    }
}

/// Characters that are read in one piece.
const WIDTH: usize = 8;
/// Bits of a character in a number.
const CHARACTER: u32 = 6;
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES << 7;
const KIND: u64 = ONES << 6;
const SMALL: u64 = ONES << 5;

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
