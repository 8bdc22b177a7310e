//! The words and phrases that many texts share, such as the titles of a table.
//!
//! Titles of a code system repeat themselves: "initial encounter for closed fracture" ends thousands. So neighbours that
//! often meet are joined to one word, round by round, and the most frequent words get the shortest numbers. A text is
//! written as the numbers of its words, seven bits to a byte, then a byte 0.

use std::cmp::Reverse;
use std::collections::HashMap;

use crate::image::{number, push_number, u32_at};
use crate::table::BuildError;

/// A numbering of words, and each title as the numbers of its words.
pub(crate) struct Phrases {
    words: Vec<String>,
    titles: HashMap<String, Vec<usize>>,
}

/// How often neighbours are joined; a phrase can double its length in each round.
const ROUNDS: usize = 12;
/// Neighbours that meet less often than this stay apart.
const OFTEN: usize = 12;
/// How many neighbours are joined in one round at most, the most frequent first.
const JOINS: usize = 1_000;

impl Phrases {
    pub(crate) fn found_in<'t>(titles: impl Iterator<Item = &'t str>) -> Self {
        let mut distinct: Vec<&str> = titles.collect();
        distinct.sort_unstable();
        distinct.dedup();
        let mut vocabulary = Vocabulary::default();
        let mut texts: Vec<Vec<usize>> =
            distinct.iter().map(|title| title.split(' ').map(|word| vocabulary.number(word)).collect()).collect();
        for _ in 0..ROUNDS {
            let joins = vocabulary.joins(&texts);
            texts.iter_mut().for_each(|text| *text = joined(text, &joins));
        }
        numbered_by_frequency(&vocabulary, &distinct, &texts)
    }

    /// Appends a title as the numbers of its words, from 1, and the byte 0 that ends it.
    pub(crate) fn write(&self, title: &str, bytes: &mut Vec<u8>) {
        self.titles.get(title).into_iter().flatten().for_each(|number| push_number(bytes, *number));
        bytes.push(0);
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word ends, and the words' text.
    pub(crate) fn sections(&self) -> Result<(Vec<u8>, Vec<u8>), BuildError> {
        let (mut ends, mut text) = (vec![0; 4], Vec::new());
        for word in &self.words {
            text.extend(word.bytes());
            ends.extend(u32::try_from(text.len()).map_err(|_| BuildError::TooLarge)?.to_le_bytes());
        }
        Ok((ends, text))
    }
}

/// The words of a text that stands at the front of some bytes; a blank stands between two.
pub(crate) fn words_of<'b>(mut text: &'b [u8], ends: &'b [u8], words: &'b [u8]) -> impl Iterator<Item = &'b str> {
    std::iter::from_fn(move || word(number(&mut text)?, ends, words))
}

/// A word, by its number from 1.
fn word<'b>(number: usize, ends: &[u8], words: &'b [u8]) -> Option<&'b str> {
    let index = number.checked_sub(1)?;
    std::str::from_utf8(words.get(u32_at(ends, index)?..u32_at(ends, index + 1)?)?).ok()
}

/// Words as they are first met.
#[derive(Default)]
struct Vocabulary {
    words: Vec<String>,
    numbers: HashMap<String, usize>,
}

impl Vocabulary {
    fn number(&mut self, word: &str) -> usize {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let number = self.words.len();
        self.words.push(word.to_owned());
        self.numbers.insert(word.to_owned(), number);
        number
    }

    /// The neighbours to join in this round, and the number of the word that each pair becomes.
    fn joins(&mut self, texts: &[Vec<usize>]) -> HashMap<(usize, usize), usize> {
        let mut counts: HashMap<(usize, usize), usize> = HashMap::new();
        for (first, second) in texts.iter().flat_map(|text| text.iter().zip(text.iter().skip(1))) {
            *counts.entry((*first, *second)).or_default() += 1;
        }
        let mut often: Vec<_> = counts.into_iter().filter(|(_, count)| *count >= OFTEN).collect();
        often.sort_unstable_by_key(|(pair, count)| (Reverse(*count), *pair));
        often.truncate(JOINS);
        often.into_iter().map(|(pair, _)| (pair, self.number(&self.phrase(pair)))).collect()
    }

    fn phrase(&self, (first, second): (usize, usize)) -> String {
        format!("{} {}", self.word(first), self.word(second))
    }

    fn word(&self, number: usize) -> &str {
        self.words.get(number).map(String::as_str).unwrap_or_default()
    }
}

/// A text with neighbours joined, from the left.
fn joined(text: &[usize], joins: &HashMap<(usize, usize), usize>) -> Vec<usize> {
    let mut words = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, after @ ..] = rest {
        let join = after.first().and_then(|second| joins.get(&(*first, *second)));
        words.push(*join.unwrap_or(first));
        rest = if join.is_some() { after.get(1..).unwrap_or_default() } else { after };
    }
    words
}

fn numbered_by_frequency(vocabulary: &Vocabulary, titles: &[&str], texts: &[Vec<usize>]) -> Phrases {
    let mut counts: HashMap<usize, usize> = HashMap::new();
    for word in texts.iter().flatten() {
        *counts.entry(*word).or_default() += 1;
    }
    let mut used: Vec<_> = counts.into_iter().collect();
    used.sort_unstable_by_key(|(word, count)| (Reverse(*count), *word));
    let numbers: HashMap<usize, usize> = used.iter().zip(1..).map(|((word, _), number)| (*word, number)).collect();
    let number = |word: &usize| numbers.get(word).copied().unwrap_or_default();
    Phrases {
        words: used.iter().map(|(word, _)| vocabulary.word(*word).to_owned()).collect(),
        titles: titles
            .iter()
            .zip(texts)
            .map(|(title, text)| ((*title).to_owned(), text.iter().map(number).collect()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_spelled_from_shared_phrases() {
        let titles: Vec<String> =
            (0..40).map(|number| format!("fracture {number}, initial  encounter of it")).collect();
        let phrases = Phrases::found_in(titles.iter().map(String::as_str));
        let (ends, bytes) = phrases.sections().unwrap();
        for title in &titles {
            let mut text = Vec::new();
            phrases.write(title, &mut text);
            let words: Vec<&str> = words_of(&text, &ends, &bytes).collect();
            assert_eq!(words.join(" "), *title);
            assert_eq!(words.len(), 3, "the phrase after the number is one word");
        }
    }
}
