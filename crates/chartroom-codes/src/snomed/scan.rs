//! Reads along a text in one of SNOMED's languages: expressions, and constraints on them.

use crate::identifier::{Partition, SnomedId};

/// A place in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Scan<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// The place, in bytes.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// Skips blanks and comments.
    pub(crate) fn skip_blanks(&mut self) {
        loop {
            self.skip_while(|character| matches!(character, ' ' | '\t' | '\r' | '\n'));
            let comment = self.rest().strip_prefix("/*").and_then(|inner| inner.find("*/"));
            let Some(length) = comment else { return };
            self.at += length + 4;
        }
    }

    /// Skips a symbol, and blanks before it, if it is next.
    pub(crate) fn eat(&mut self, symbol: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_blanks();
        let is_next = ahead.rest().starts_with(symbol);
        if is_next {
            ahead.at += symbol.len();
            *self = ahead;
        }
        is_next
    }

    /// Skips a word, in any case, and blanks before it, if it is next and whole.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let mut ahead = *self;
        ahead.skip_blanks();
        let is_next = ahead.rest().get(..word.len()).is_some_and(|next| next.eq_ignore_ascii_case(word))
            && !ahead
                .rest()
                .get(word.len()..)
                .is_some_and(|rest| rest.starts_with(|next: char| next.is_alphanumeric()));
        if is_next {
            ahead.at += word.len();
            *self = ahead;
        }
        is_next
    }

    /// Whether a symbol is next, behind blanks.
    pub(crate) fn sees(&self, symbol: &str) -> bool {
        let mut ahead = *self;
        ahead.eat(symbol)
    }

    /// Takes the characters that pass.
    pub(crate) fn take_while(&mut self, passes: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|character| !passes(character)).unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Skips one character, whatever it is.
    pub(crate) fn skip_character(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    fn skip_while(&mut self, passes: impl Fn(char) -> bool) {
        self.take_while(passes);
    }

    /// A concept's identifier and, between bars, its term, which says nothing. The place stays if there is none.
    pub(crate) fn concept(&mut self) -> Option<u64> {
        let mut ahead = *self;
        ahead.skip_blanks();
        let digits = ahead.take_while(|character| character.is_ascii_digit());
        let id: SnomedId = digits.parse().ok().filter(|id: &SnomedId| id.partition() == Partition::Concept)?;
        if ahead.eat("|") {
            ahead.skip_while(|character| character != '|');
            if !ahead.eat("|") {
                return None;
            }
        }
        *self = ahead;
        Some(id.number())
    }

    /// A text between quotation marks, as it stands between them.
    pub(crate) fn quoted(&mut self) -> Option<&'t str> {
        let mut ahead = *self;
        ahead.skip_blanks();
        let inner = ahead.rest().strip_prefix('"')?;
        let mut is_escaped = false;
        let end = inner.find(|character| {
            let ends = character == '"' && !is_escaped;
            is_escaped = character == '\\' && !is_escaped;
            ends
        })?;
        ahead.at += end + 2;
        *self = ahead;
        inner.get(..end)
    }

    /// A number behind `#`, as it stands.
    pub(crate) fn number(&mut self) -> Option<&'t str> {
        let mut ahead = *self;
        if !ahead.eat("#") {
            return None;
        }
        let number = ahead.take_while(|character| character.is_ascii_digit() || matches!(character, '+' | '-' | '.'));
        number.parse::<f64>().ok().filter(|value| value.is_finite())?;
        *self = ahead;
        Some(number)
    }
}
