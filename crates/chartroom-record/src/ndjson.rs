//! NDJSON: one resource a line, read and written as a stream, as FHIR bulk data comes.
//!
//! The caller brings the source and the sink. Memory is bounded by the longest line, and that by a limit.
//!
//! ```
//! use chartroom_record::Mode;
//! use chartroom_record::ndjson::{Lines, Writer};
//!
//! let text = "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Patient\",\"id\":7}\n";
//! let mut kept = Writer::new(Vec::new());
//! for line in Lines::new(text.as_bytes(), Mode::Strict) {
//!     match line {
//!         Ok(line) => kept.write(line.resource())?,
//!         Err(error) => assert_eq!(error.line(), 2),
//!     }
//! }
//! assert_eq!(kept.finish()?, b"{\"resourceType\":\"Patient\",\"id\":\"a\"}\n");
//! # Ok::<(), std::io::Error>(())
//! ```

use std::fmt;
use std::io::{self, BufRead, Read as _, Write};

use crate::issue::Issue;
use crate::json::Position;
use crate::parse::{Issues, Mode, parse};
use crate::resource::Resource;

/// The longest line that is read unless another limit is set: 64 MiB.
pub const LONGEST_LINE: usize = 64 << 20;

/// Reads the resources of an NDJSON source, line by line. A line that cannot be read is an error of its own, and the next line
/// follows; after an error of the source itself nothing follows. Empty lines are passed over.
pub struct Lines<R> {
    source: R,
    mode: Mode,
    longest: usize,
    line: u64,
    buffer: Vec<u8>,
    ended: bool,
}

/// A resource, with the line it came from.
#[derive(Clone, Debug)]
pub struct Line {
    number: u64,
    resource: Resource,
    issues: Vec<Issue>,
}

impl Line {
    /// The line, from 1.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The resource. It is not yet checked.
    pub const fn resource(&self) -> &Resource {
        &self.resource
    }

    /// The resource alone.
    pub fn into_resource(self) -> Resource {
        self.resource
    }

    /// What was odd about the text. Offsets are counted from the start of the line.
    pub fn issues(&self) -> &[Issue] {
        &self.issues
    }
}

/// Why a line could not be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {fault}")]
pub struct LineError {
    line: u64,
    fault: LineFault,
}

/// What is wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum LineFault {
    /// It is longer than the limit.
    #[error("the line is longer than {limit} bytes")]
    TooLong {
        /// The limit, in bytes.
        limit: usize,
    },
    /// It holds no resource, or one that is not valid in strict mode. Offsets are counted from the start of the line.
    #[error("{0}")]
    Record(Issues),
    /// The source failed.
    #[error("the source cannot be read: {0}")]
    Source(io::ErrorKind),
}

impl LineError {
    /// The line, from 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// What is wrong with it.
    pub const fn fault(&self) -> &LineFault {
        &self.fault
    }
}

impl<R: BufRead> Lines<R> {
    /// Reads from a source.
    pub const fn new(source: R, mode: Mode) -> Self {
        Self { source, mode, longest: LONGEST_LINE, line: 0, buffer: Vec::new(), ended: false }
    }

    /// Sets the length of the longest line that is read, in bytes.
    #[must_use]
    pub const fn longest(mut self, bytes: usize) -> Self {
        self.longest = bytes;
        self
    }

    /// Fills the buffer with the next line, without its end. `false` at the end of the source.
    fn fill(&mut self) -> Result<bool, LineFault> {
        self.buffer.clear();
        self.line += 1;
        let limit = u64::try_from(self.longest).unwrap_or(u64::MAX).saturating_add(1);
        let read = self.source.by_ref().take(limit).read_until(b'\n', &mut self.buffer).map_err(source)?;
        if self.buffer.last() == Some(&b'\n') {
            self.buffer.pop();
        } else if self.buffer.len() > self.longest {
            self.buffer.clear();
            self.pass_over()?;
            return Err(LineFault::TooLong { limit: self.longest });
        }
        Ok(read > 0)
    }

    /// Passes over the rest of a line without keeping it.
    fn pass_over(&mut self) -> Result<(), LineFault> {
        loop {
            let chunk = match self.source.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(source(error)),
            };
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let (length, done) = (end.map_or(chunk.len(), |end| end + 1), end.is_some() || chunk.is_empty());
            self.source.consume(length);
            if done {
                return Ok(());
            }
        }
    }

    fn read_line(&mut self) -> Result<Option<Line>, LineFault> {
        while self.fill()? {
            if self.buffer.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let number = self.line;
            let parsed =
                parse(&self.buffer, self.mode).map_err(|issues| LineFault::Record(at_line(issues, number).into()))?;
            return Ok(Some(Line { number, issues: at_line(parsed.issues, number), resource: parsed.resource }));
        }
        Ok(None)
    }
}

/// The issues of one line, with its number in place of the 1 that the line has for itself.
fn at_line(issues: impl IntoIterator<Item = Issue>, number: u64) -> Vec<Issue> {
    let line = usize::try_from(number).unwrap_or(usize::MAX);
    let moved = issues.into_iter().map(|issue| match issue.position() {
        Some(position) => issue.at(Position { line, ..position }),
        None => issue,
    });
    moved.collect()
}

fn source(error: io::Error) -> LineFault {
    LineFault::Source(error.kind())
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = Result<Line, LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let outcome = self.read_line();
        self.ended = matches!(outcome, Ok(None) | Err(LineFault::Source(_)));
        outcome.map_err(|fault| LineError { line: self.line, fault }).transpose()
    }
}

impl<R> fmt::Debug for Lines<R> {
    /// The line number; nothing of what was read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lines(line {}, ..)", self.line)
    }
}

/// Writes resources as NDJSON, each as it is given. What the sink buffers is up to the sink.
pub struct Writer<W> {
    sink: W,
}

impl<W: Write> Writer<W> {
    /// Writes to a sink.
    pub const fn new(sink: W) -> Self {
        Self { sink }
    }

    /// Writes a resource and the end of its line.
    ///
    /// # Errors
    /// The sink cannot be written to.
    pub fn write(&mut self, resource: &Resource) -> io::Result<()> {
        let mut line = resource.to_json();
        line.push('\n');
        self.sink.write_all(line.as_bytes())
    }

    /// Gives the sink back when everything is written through.
    ///
    /// # Errors
    /// The sink cannot be written to.
    pub fn finish(mut self) -> io::Result<W> {
        self.sink.flush()?;
        Ok(self.sink)
    }
}

impl<W> fmt::Debug for Writer<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer(..)")
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    const GOOD: &str = r#"{"resourceType":"Patient","id":"a"}"#;

    fn lines(text: &str, longest: usize) -> Vec<Result<u64, (u64, String)>> {
        // A tiny buffer, so that lines span many reads.
        let source = BufReader::with_capacity(7, text.as_bytes());
        let told = |error: LineError| (error.line(), error.fault().to_string());
        Lines::new(source, Mode::Strict)
            .longest(longest)
            .map(|line| line.map(|line| line.number()).map_err(told))
            .collect()
    }

    #[test]
    fn each_line_stands_for_itself() {
        let text = format!("{GOOD}\r\n\n  \n{{\"resourceType\":\n{GOOD}\n\u{1}\n{GOOD}");
        let read = lines(&text, 100);
        assert_eq!(read.iter().filter_map(|line| line.clone().ok()).collect::<Vec<_>>(), [1, 5, 7]);
        assert_eq!(read.iter().filter_map(|line| line.clone().err()).map(|(line, _)| line).collect::<Vec<_>>(), [4, 6]);
        assert!(lines("", 100).is_empty() && lines("\n\n", 100).is_empty());
    }

    #[test]
    fn a_line_past_the_limit_is_passed_over() {
        let long = format!(r#"{{"resourceType":"Patient","id":"{}"}}"#, "x".repeat(500));
        let read = lines(&format!("{GOOD}\n{long}\n{GOOD}\n{long}"), GOOD.len());
        let too_long = |line| Err((line, format!("the line is longer than {} bytes", GOOD.len())));
        assert_eq!(read, [Ok(1), too_long(2), Ok(3), too_long(4)]);
    }

    #[test]
    fn errors_name_the_line_and_quote_nothing() {
        let text = format!("{GOOD}\n{{\"resourceType\":\"Patient\",\"birthDate\":\"secret\"}}");
        let error = Lines::new(text.as_bytes(), Mode::Strict).nth(1).unwrap().unwrap_err();
        assert!(error.to_string().starts_with("line 2: error format at line 2, column 39, Patient.birthDate"));
        assert!(!error.to_string().contains("secret"));
        let kept = Lines::new(text.as_bytes(), Mode::Lenient).nth(1).unwrap().unwrap();
        assert_eq!((kept.number(), kept.issues().len()), (2, 1));
    }

    #[test]
    fn a_broken_source_ends_it() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut lines = Lines::new(BufReader::new(Broken), Mode::Strict);
        assert!(matches!(lines.next().unwrap().unwrap_err().fault(), LineFault::Source(io::ErrorKind::BrokenPipe)));
        assert!(lines.next().is_none());
    }
}
