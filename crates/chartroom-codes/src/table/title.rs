//! Titles, kept as the numbers of their words and put together when they are wanted.

use std::fmt;

use super::image::Image;
use crate::phrases::words_of;

/// The title of a code in one edition. It is spelled out only when it is printed: `title.to_string()`.
#[derive(Clone, Copy)]
pub struct Title<'t> {
    image: &'t Image,
    index: usize,
    which: usize,
}

impl<'t> Title<'t> {
    pub(super) fn new(image: &'t Image, index: usize, which: usize) -> Self {
        Self { image, index, which }
    }

    /// Its words, some of them whole phrases; a blank stands between two.
    fn words(self) -> impl Iterator<Item = &'t str> {
        let text = self.image.titles_from(self.index, self.which).unwrap_or_default();
        let (ends, words) = self.image.words();
        words_of(text, ends, words)
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
