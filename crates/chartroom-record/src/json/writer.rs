//! Writes JSON, minified.

use std::fmt::{Display, Write as _};

use super::scan::plain_end;

/// A JSON text in the making.
#[derive(Default)]
pub struct Writer {
    out: String,
}

impl Writer {
    /// How much is written; see [`Self::cut`].
    pub(crate) fn mark(&self) -> usize {
        self.out.len()
    }

    /// Takes back what was written after the mark.
    pub(crate) fn cut(&mut self, mark: usize) {
        self.out.truncate(mark);
    }

    /// What was written after the mark.
    pub(crate) fn since(&self, mark: usize) -> &str {
        self.out.get(mark..).unwrap_or_default()
    }

    /// What was written between two marks.
    pub(crate) fn between(&self, from: usize, to: usize) -> &str {
        self.out.get(from..to).unwrap_or_default()
    }

    /// Puts text in at a mark.
    pub(crate) fn put_in(&mut self, mark: usize, text: &str) {
        self.out.insert_str(mark, text);
    }

    /// Takes out what was written between two marks.
    pub(crate) fn take_out(&mut self, from: usize, to: usize) {
        self.out.replace_range(from..to, "");
    }

    /// Makes room for so many bytes more.
    pub(crate) fn reserve(&mut self, length: usize) {
        self.out.reserve(length);
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    pub(crate) fn open(&mut self, bracket: char) {
        self.out.push(bracket);
    }

    pub(crate) fn close(&mut self, bracket: char) {
        self.out.push(bracket);
    }

    /// Begins an array item.
    pub(crate) fn item(&mut self) {
        self.comma();
    }

    /// Begins a member whose name needs no escapes.
    pub(crate) fn member(&mut self, name: &str) {
        self.comma();
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\":");
    }

    /// Begins a member of any name.
    pub(crate) fn unknown_member(&mut self, name: &str) {
        self.comma();
        self.string(name);
        self.out.push(':');
    }

    /// A string that needs no escapes.
    pub(crate) fn quoted(&mut self, text: &str) {
        self.out.push('"');
        self.out.push_str(text);
        self.out.push('"');
    }

    pub(crate) fn number(&mut self, number: impl Display) {
        let _ = write!(self.out, "{number}");
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.out.push('"');
        let bytes = text.as_bytes();
        let mut from = 0;
        loop {
            let end = plain_end(bytes, from);
            self.out.push_str(text.get(from..end).unwrap_or_default());
            let Some(byte) = bytes.get(end) else { break };
            self.escape(*byte);
            from = end + 1;
        }
        self.out.push('"');
    }

    fn escape(&mut self, byte: u8) {
        match byte {
            b'"' => self.out.push_str("\\\""),
            b'\\' => self.out.push_str("\\\\"),
            b'\n' => self.out.push_str("\\n"),
            b'\r' => self.out.push_str("\\r"),
            b'\t' => self.out.push_str("\\t"),
            _ => {
                let _ = write!(self.out, "\\u{byte:04x}");
            }
        }
    }

    /// A comma, unless a bracket was opened just before. A value can end in neither bracket.
    fn comma(&mut self) {
        if !matches!(self.out.as_bytes().last(), None | Some(b'{' | b'[')) {
            self.out.push(',');
        }
    }
}
