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

/// Where the lines of a text begin, so that many offsets find theirs quickly.
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let after_newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(offset, _)| offset + 1);
        Self { text, starts: std::iter::once(0).chain(after_newlines).collect() }
    }

    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1, offset }
    }
}

/// The JSON path of each value and member in a text, found in one pass over it.
///
/// A path starts with `root` in place of the outermost value and leaves `resourceType` out:
/// `Bundle.entry[3].resource.birthDate`.
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
                    path.push_str(&key);
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
