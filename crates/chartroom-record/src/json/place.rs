//! Where in a JSON text something stands: worked out only when something is wrong.

use std::collections::HashMap;

use super::reader::{Reader, Stop};

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The offset in bytes, from 0.
    pub offset: usize,
}

/// Where the lines of a text begin, so that many offsets find theirs quickly, also in a text of one line.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How many characters begin before each block of bytes.
    characters: Vec<usize>,
}

/// Bytes that are counted for each offset at most.
const BLOCK: usize = 1024;

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        let mut before = 0;
        let blocks = text.as_bytes().chunks(BLOCK).map(|block| {
            let begins = before;
            before += count(block);
            begins
        });
        Self { text, characters: blocks.collect(), starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    /// How many characters begin before an offset.
    fn characters_before(&self, offset: usize) -> usize {
        let block = offset / BLOCK;
        let Some(before) = self.characters.get(block) else { return self.text.chars().count() };
        before + self.text.as_bytes().get(block * BLOCK..offset).map_or(0, count)
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let column = self.characters_before(offset).saturating_sub(self.characters_before(start)) + 1;
        Position { line, column, offset }
    }
}

/// How many characters begin in these bytes of a text.
fn count(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// The name of a member as it may be printed: `?` for one that no element can have, since anything may stand in it.
pub(crate) fn printable(name: &str) -> &str {
    let begins = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    let is_name =
        begins && name.len() <= LONGEST_NAME && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    if is_name { name } else { "?" }
}

/// No element of the standard has a longer name.
const LONGEST_NAME: usize = 64;

/// The JSON path of each value and member in a text, found in one pass over it.
///
/// A path starts with `root` in place of the outermost value and leaves `resourceType` out:
/// `Bundle.entry[3].resource.birthDate`. A name that no element can have is a `?` in it.
pub(crate) struct Places<'a> {
    lines: Lines<'a>,
    /// Offsets whose path is wanted, in order; the path stands beside each once it is found.
    offsets: Vec<(usize, Option<String>)>,
    /// Paths whose offset is wanted.
    paths: HashMap<String, Option<usize>>,
    /// Where the text is broken, the path of the value that holds the break.
    stopped_at: String,
}

impl<'a> Places<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self { lines: Lines::of(text), offsets: Vec::new(), paths: HashMap::new(), stopped_at: String::new() }
    }

    pub(crate) fn want_path_at(&mut self, offset: usize) {
        self.offsets.push((offset, None));
    }

    pub(crate) fn want_offset_of(&mut self, path: &str) {
        self.paths.insert(path.to_owned(), None);
    }

    /// Reads the text once. A text that is broken further on yields what could be found before.
    pub(crate) fn find(mut self, root: &str) -> Self {
        self.offsets.sort_unstable();
        let mut path = root.to_owned();
        let mut reader = Reader::new(self.lines.text);
        if self.value(&mut reader, &mut path).is_err() {
            self.stopped_at = path;
        } else {
            self.stopped_at = root.to_owned();
        }
        self
    }

    /// The path of the value that holds the break of a broken text; else the root.
    pub(crate) fn stopped_at(self) -> String {
        self.stopped_at
    }

    pub(crate) fn path_at(&self, offset: usize) -> Option<&str> {
        let index = self.offsets.partition_point(|(known, _)| *known < offset);
        self.offsets.get(index).filter(|(known, _)| *known == offset)?.1.as_deref()
    }

    pub(crate) fn position_at(&self, offset: usize) -> Position {
        self.lines.position(offset)
    }

    /// The position of the value at the path, or of the nearest value around it.
    pub(crate) fn position_of(&self, path: &str) -> Option<Position> {
        let offset = (*self.paths.get(path)?)?;
        Some(self.lines.position(offset))
    }

    fn value(&mut self, reader: &mut Reader<'_>, path: &mut String) -> Result<(), Stop> {
        self.visit(reader.value_start(), path);
        let length = path.len();
        match reader.peek() {
            Some(b'{') => {
                let mut first = true;
                reader.enter()?;
                while let Some((key, offset)) = reader.key(&mut first)? {
                    path.push('.');
                    path.push_str(printable(&key));
                    self.visit(offset, path);
                    self.value(reader, path)?;
                    path.truncate(length);
                }
                reader.leave();
            }
            Some(b'[') => {
                let mut index = 0;
                reader.enter()?;
                while reader.item(index == 0)? {
                    path.push_str(&format!("[{index}]"));
                    self.value(reader, path)?;
                    path.truncate(length);
                    index += 1;
                }
                reader.leave();
            }
            _ => reader.skip()?,
        }
        Ok(())
    }

    fn visit(&mut self, offset: usize, path: &str) {
        let start = self.offsets.partition_point(|(known, _)| *known < offset);
        for (known, found) in self.offsets.iter_mut().skip(start) {
            if *known != offset {
                break;
            }
            found.get_or_insert_with(|| path.to_owned());
        }
        if let Some(found) = self.paths.get_mut(path) {
            // A member is visited at its name and again at its value: the value is the place to show.
            *found = Some(offset);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_counted_in_characters_wherever_the_line_begins() {
        let text = format!("{}\n{}x", "é".repeat(1500), "aé€".repeat(2000));
        let lines = Lines::of(&text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = text.get(..offset).unwrap();
            let line = before.rsplit('\n').next().unwrap_or(before);
            let position = lines.position(offset);
            assert_eq!((position.line, position.column), (before.matches('\n').count() + 1, line.chars().count() + 1));
        }
    }
}
