//! Files of lines with a character between their fields.

use std::borrow::Cow;
use std::io::{self, ErrorKind, Read};

use chrono::NaiveDate;
use csv::{ByteRecord, Reader, ReaderBuilder};

use super::{ImportError, MOST_BYTES};

/// How a file is written.
#[derive(Clone, Copy)]
pub(super) struct Layout {
    pub(super) delimiter: u8,
    /// Whether a field may stand in quotation marks. If not, a quotation mark is a character like any other.
    pub(super) quoted: bool,
}

/// A file whose fields are found by number, or by the names in its first line.
pub(super) struct Delimited<R> {
    reader: Reader<Bounded<R>>,
    record: ByteRecord,
    fields: Vec<Field>,
    /// How many fields each line has, where the first line says so.
    width: Option<usize>,
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
        file.width = Some(file.record.len());
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
            .from_reader(Bounded { source, all: 0, line: 0, quoted: layout.quoted, is_open: false });
        Self { reader, record: ByteRecord::new(), fields, width: None }
    }

    /// The next line, or `None` at the end. One with more fields than the first has taken others in, by a quotation mark that is not closed.
    pub(super) fn next(&mut self) -> Result<Option<Line<'_>>, ImportError> {
        if !self.advance()? {
            return Ok(None);
        }
        let line = Line { record: &self.record, fields: &self.fields };
        match self.width {
            Some(width) if width < self.record.len() => Err(line.fault(0, "a line that is too long")),
            _ => Ok(Some(line)),
        }
    }

    fn advance(&mut self) -> Result<bool, ImportError> {
        let line = u32::try_from(self.reader.position().line()).unwrap_or(u32::MAX);
        self.reader.read_byte_record(&mut self.record).map_err(|fault| match fault.kind() {
            csv::ErrorKind::Io(fault) if fault.kind() == ErrorKind::FileTooLarge => ImportError::TooLarge,
            csv::ErrorKind::Io(fault) if fault.kind() == ErrorKind::InvalidData => {
                ImportError::Text { line, column: 1, problem: "a quotation mark that is not closed" }
            }
            _ => ImportError::Unreadable,
        })
    }
}

/// A source that is not read beyond what any release has, because an archive can claim to hold anything; and one without an odd number
/// of quotation marks, of which one is not closed and has all the lines to the end for its field.
struct Bounded<R> {
    source: R,
    all: u64,
    /// Bytes since the last line end.
    line: usize,
    quoted: bool,
    is_open: bool,
}

/// The largest file that is read line by line. It is never held whole, and the relationships of SNOMED CT take more than other files.
const MOST_STREAMED: u64 = 8 * MOST_BYTES;
/// The longest line, beyond any that a release is known to have.
const MOST_OF_LINE: usize = 1 << 20;

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        let bytes = buffer.get(..count).unwrap_or_default();
        let marks = bytes.iter().filter(|byte| **byte == b'"').count();
        self.is_open ^= self.quoted && marks % 2 == 1;
        if count == 0 && self.is_open {
            return Err(ErrorKind::InvalidData.into());
        }
        self.all += count as u64;
        self.line = match bytes.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => count - end - 1,
            None => self.line + count,
        };
        let is_too_large = self.all > MOST_STREAMED || self.line > MOST_OF_LINE;
        if is_too_large { Err(ErrorKind::FileTooLarge.into()) } else { Ok(count) }
    }
}

impl Line<'_> {
    /// A field, by its place among those that were asked for.
    pub(super) fn text(&self, which: usize) -> Result<&str, ImportError> {
        let field = self.fields.get(which).ok_or(ImportError::Unreadable)?;
        let bytes = self.record.get(field.index).ok_or_else(|| self.fault(which, "a line that is too short"))?;
        let text = std::str::from_utf8(bytes).map(str::trim).map_err(|_| self.fault(which, "not UTF-8"))?;
        if bytes.contains(&b'\n') { Err(self.fault(which, "more than one line")) } else { Ok(text) }
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

    /// A date, as [`date`](Self::date), of a field that must hold one.
    pub(super) fn day(&self, which: usize) -> Result<NaiveDate, ImportError> {
        self.date(which)?.ok_or_else(|| self.fault(which, "empty"))
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

#[cfg(test)]
mod tests {
    use super::*;

    const CSV: Layout = Layout { delimiter: b',', quoted: true };

    /// The texts of the two columns, or the first fault.
    fn read(source: impl Read) -> Result<Vec<String>, ImportError> {
        let mut file = Delimited::with_header(source, CSV, &["CODE", "NAME"])?;
        let mut found = Vec::new();
        while let Some(line) = file.next()? {
            found.push(format!("{} {}", line.filled(0)?, line.filled(1)?));
        }
        Ok(found)
    }

    #[test]
    fn an_open_quotation_mark_does_not_take_lines_in() {
        let fault = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        let rest = "\"2\",\"b\",\"\"\r\n\"3\",\"c\",\"\"\r\n";
        assert_eq!(read(format!("CODE,NAME,NOTE\r\n{rest}").as_bytes()).unwrap(), ["2 b", "3 c"]);
        assert_eq!(read("CODE,NAME,NOTE\n1,a,\"two\nlines\"\n".as_bytes()).unwrap(), ["1 a"]);
        for open in ["\"1,\"a\",\"\"", "\"1\",\"a,\"\"", "\"1\",\"a\",\""] {
            fault(&format!("CODE,NAME,NOTE\r\n{open}\r\n{rest}"));
            fault(&format!("CODE,NAME,NOTE\r\n{open}\r\n{}", rest.replace('"', "")));
        }
        assert_eq!(fault("CODE,NAME\r\n1,\"a\r\n"), "line 2, column 1: a quotation mark that is not closed");
        assert_eq!(fault("CODE,NAME\r\n1,\"a\r\n\"\r\n"), "line 2, field NAME: more than one line");
        assert_eq!(fault("CODE,NAME\r\n1,a,b\r\n"), "line 2, field CODE: a line that is too long");
    }

    #[test]
    fn no_more_is_read_than_any_release_has() {
        let endless = || "CODE,NAME\n".as_bytes().chain(io::repeat(b'x'));
        assert_eq!(read(endless()), Err(ImportError::TooLarge));
    }
}
