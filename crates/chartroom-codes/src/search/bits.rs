//! Sets of texts: one bit for each text.

use crate::image::number;

/// A set of texts.
#[derive(Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

/// How many bytes one bit for each text takes.
pub(super) fn bytes(texts: usize) -> usize {
    texts.div_ceil(64) * 8
}

impl Bits {
    pub(super) fn none(texts: usize) -> Self {
        Self { words: vec![0; bytes(texts) / 8] }
    }

    /// Adds the texts of a word, which are bits or distances.
    pub(super) fn add(&mut self, texts: &[u8]) {
        if texts.len() == self.words.len() * 8 {
            let chunks = texts.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes));
            self.words.iter_mut().zip(chunks).for_each(|(word, more)| *word |= more);
            return;
        }
        let (mut rest, mut next) = (texts, 0usize);
        while let Some(distance) = number(&mut rest) {
            next = next.wrapping_add(distance);
            let text = next.wrapping_sub(1);
            if let Some(word) = self.words.get_mut(text / 64) {
                *word |= 1 << (text % 64);
            }
        }
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.words.iter_mut().zip(other.words).for_each(|(word, other)| *word &= other);
        self
    }

    /// The texts, ascending.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> {
        self.words.iter().enumerate().flat_map(|(index, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let lowest = rest.trailing_zeros();
                rest &= rest.checked_sub(1)?;
                Some(index * 64 + lowest as usize)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_and_bits_say_the_same() {
        let mut distances = Bits::none(200);
        distances.add(&[1, 3, 62, 127]);
        let texts: Vec<usize> = distances.ones().collect();
        assert_eq!(texts, [0, 3, 65, 192]);
        let mut bits = Bits::none(200);
        bits.add(&distances.words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>());
        assert!(bits.and(distances).ones().eq(texts));
        let mut damaged = Bits::none(8);
        damaged.add(&[200, 200, 1]);
        assert_eq!(damaged.ones().count(), 0);
    }
}
