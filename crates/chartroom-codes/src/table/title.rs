//! Titles, kept as the numbers of their words and put together when they are wanted.

use std::fmt;

use super::image::Image;

/// The title of a code in one edition. It is spelled out only when it is printed: `title.to_string()`.
#[derive(Clone, Copy)]
pub struct Title<'t> {
    image: &'t Image,
    bucket: usize,
    index: usize,
    which: usize,
}

impl<'t> Title<'t> {
    pub(super) fn new(image: &'t Image, bucket: usize, index: usize, which: usize) -> Self {
        Self { image, bucket, index, which }
    }

    /// Its words, some of them whole phrases; a blank stands between two.
    fn words(self) -> impl Iterator<Item = &'t str> {
        let mut rest = self.image.titles_from(self.bucket, self.index, self.which).unwrap_or_default().iter();
        std::iter::from_fn(move || self.image.word(number(&mut rest)?))
    }
}

impl fmt::Display for Title<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.words().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(word)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Title<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl PartialEq for Title<'_> {
    fn eq(&self, other: &Self) -> bool {
        *self == *other.to_string()
    }
}

impl Eq for Title<'_> {}

impl PartialEq<str> for Title<'_> {
    fn eq(&self, other: &str) -> bool {
        let rest = self.words().enumerate().try_fold(other, |rest, (index, word)| {
            let rest = if index == 0 { rest } else { rest.strip_prefix(' ')? };
            rest.strip_prefix(word)
        });
        rest == Some("")
    }
}

impl PartialEq<&str> for Title<'_> {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

/// Appends a number, seven bits to a byte.
pub(super) fn push_number(bytes: &mut Vec<u8>, mut number: usize) {
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// The next number, or `None` at the end and where the bytes make none.
fn number<'b>(bytes: &mut impl Iterator<Item = &'b u8>) -> Option<usize> {
    let mut number = 0;
    for place in 0..4 {
        let byte = usize::from(*bytes.next()?);
        number |= (byte & 0x7F) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_and_never_hold_a_byte_zero() {
        for wanted in (1..300).chain([16_383, 16_384, 2_097_151]) {
            let mut bytes = Vec::new();
            push_number(&mut bytes, wanted);
            assert!(!bytes.contains(&0));
            assert_eq!(number(&mut bytes.iter()), Some(wanted));
        }
    }

    #[test]
    fn a_number_without_end_is_none() {
        assert_eq!(number(&mut [0xFF; 9].iter()), None);
        assert_eq!(number(&mut [0x80].iter()), None);
    }
}
