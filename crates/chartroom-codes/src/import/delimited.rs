//! Files of lines with a character between their fields.

use std::borrow::Cow;
use std::io::Read;

use chrono::NaiveDate;
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::ImportError;

/// How a file is written.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// Whether a field may stand in quotation marks. If not, a quotation mark is a character like any other.
    pub(super) quoted: bool,
}

/// A file whose fields are found by number, or by the names in its first line.
pub(super) struct Delimited<R> {
    reader: Reader<R>,
    record: ByteRecord,
    fields: Vec<Field>,
}

/// A column that is read.
#[derive(Clone, Copy)]
pub(super) struct Field {
    name: &'static str,
    index: usize,
}

/// One line.
pub(super) struct Line<'r> {
    record: &'r ByteRecord,
    fields: &'r [Field],
}

impl<R: Read> Delimited<R> {
    /// A file whose first line names its columns. The fields of a line are then numbered in the order of `wanted`.
    pub(super) fn with_header(source: R, layout: Layout, wanted: &[&'static str]) -> Result<Self, ImportError> {
        let mut file = Self::new(source, layout, Vec::new());
        if !file.advance()? {
            return Err(ImportError::Text { line: 1, column: 1, problem: "no line" });
        }
        let named =
            |name: &str| file.record.iter().position(|found| unmarked(found).eq_ignore_ascii_case(name.as_bytes()));
        let fields = wanted.iter().map(|&name| {
            let index = named(name).ok_or(ImportError::Field { line: 1, field: name, problem: "no such column" })?;
            Ok(Field { name, index })
        });
        file.fields = fields.collect::<Result<_, ImportError>>()?;
        Ok(file)
    }

    /// A file without names of its columns, which are numbered from 0.
    pub(super) fn without_header(source: R, layout: Layout, wanted: &[(&'static str, usize)]) -> Self {
        Self::new(source, layout, wanted.iter().map(|&(name, index)| Field { name, index }).collect())
    }

    fn new(source: R, layout: Layout, fields: Vec<Field>) -> Self {
        let reader = ReaderBuilder::new()
            .delimiter(layout.delimiter)
            // With both characters of a line end as its end, lines would be counted wrong. The other one is trimmed with the blanks.
            .terminator(csv::Terminator::Any(b'\n'))
            .quoting(layout.quoted)
            .has_headers(false)
            .flexible(true)
            .from_reader(source);
        Self { reader, record: ByteRecord::new(), fields }
    }

    /// The next line, or `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, ImportError> {
        let found = self.advance()?;
        Ok(found.then_some(Line { record: &self.record, fields: &self.fields }))
    }

    fn advance(&mut self) -> Result<bool, ImportError> {
        self.reader.read_byte_record(&mut self.record).map_err(|_| ImportError::Unreadable)
    }
}

impl Line<'_> {
    /// A field, by its place among those that were asked for.
    pub(super) fn text(&self, which: usize) -> Result<&str, ImportError> {
        let field = self.fields.get(which).ok_or(ImportError::Unreadable)?;
        let bytes = self.record.get(field.index).ok_or_else(|| self.fault(which, "a line that is too short"))?;
        std::str::from_utf8(bytes).map(str::trim).map_err(|_| self.fault(which, "not UTF-8"))
    }

    /// A field that holds something.
    pub(super) fn filled(&self, which: usize) -> Result<&str, ImportError> {
        let text = self.text(which)?;
        if text.is_empty() { Err(self.fault(which, "empty")) } else { Ok(text) }
    }

    /// A date written year, month, day without anything between, or `None` if the field is empty.
    pub(super) fn date(&self, which: usize) -> Result<Option<NaiveDate>, ImportError> {
        let text = self.text(which)?;
        if text.is_empty() {
            return Ok(None);
        }
        date(text).map(Some).ok_or_else(|| self.fault(which, "not a date"))
    }

    pub(super) fn fault(&self, which: usize, problem: &'static str) -> ImportError {
        let line = self.record.position().map_or(0, csv::Position::line);
        let field = self.fields.get(which).map_or("", |field| field.name);
        ImportError::Field { line: u32::try_from(line).unwrap_or(u32::MAX), field, problem }
    }
}

/// A date written `yyyymmdd`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: Option<&str>| part.and_then(|part| part.parse().ok());
    let (year, month, day) = (text.get(..4), number(text.get(4..6))?, number(text.get(6..))?);
    if digits { NaiveDate::from_ymd_opt(year?.parse().ok()?, month, day) } else { None }
}

/// The text of a file in UTF-8, in UTF-16 with its mark, or else in Windows-1252, as older files of the agencies are.
pub(super) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text.trim_start_matches('\u{feff}')),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
    }
}

/// A field without the byte order mark that may stand before the first of a file.
fn unmarked(field: &[u8]) -> &[u8] {
    field.strip_prefix(b"\xef\xbb\xbf").unwrap_or(field).trim_ascii()
}
