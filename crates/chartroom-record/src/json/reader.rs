//! A pull reader over one JSON text: names, strings and numbers as they stand, bounded depth, and the problems that a
//! record reader notes on its way.

use std::borrow::Cow;

use crate::shared::Shared;

use super::Places;
use super::intern::Interner;
use super::scan::{number_end, plain_end};
use super::value::{Json, JsonText};
use crate::facts::TypeFacts;
use crate::guess::{Guess, Guesses};
use crate::issue::{Issue, IssueCode};
use crate::read::Slot;

/// How deep arrays and objects may be nested. FHIR records seldom pass thirty.
const DEEPEST: u32 = 128;

/// Text that is no JSON: nothing after it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) offset: usize,
    pub(crate) fault: SyntaxFault,
}

/// What is wrong with a text that is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SyntaxFault {
    End,
    Token,
    Number,
    Escape,
    Control,
    Depth,
    Trailing,
}

impl Stop {
    pub(crate) fn issue(self, text: &str) -> Issue {
        let (code, detail) = match self.fault {
            SyntaxFault::End => (IssueCode::Truncated, "the text ends inside a value"),
            SyntaxFault::Token => (IssueCode::Syntax, "this character cannot stand here"),
            SyntaxFault::Number => (IssueCode::Syntax, "this is no JSON number"),
            SyntaxFault::Escape => (IssueCode::Syntax, "this escape stands for no character"),
            SyntaxFault::Control => (IssueCode::Syntax, "a control character inside a string must be escaped"),
            SyntaxFault::Depth => (IssueCode::TooDeep, "arrays and objects are nested more than 128 deep"),
            SyntaxFault::Trailing => (IssueCode::Trailing, "something follows the end of the value"),
        };
        let named = Reader::new(text).resource_type().unwrap_or_default();
        let places = Places::of(text).find(crate::resource::path_root(named.as_deref().unwrap_or_default()));
        let position = places.position_at(self.offset);
        Issue::new(code, places.stopped_at(), detail).at(position)
    }
}

/// A value that does not fit where it stands; it can be read as plain JSON all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misfit {
    pub(crate) code: IssueCode,
    pub(crate) detail: &'static str,
}

/// Why reading a value ended early.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Halt {
    Misfit(Misfit),
    Stop(Stop),
}

impl Halt {
    pub(crate) const fn misfit(code: IssueCode, detail: &'static str) -> Self {
        Self::Misfit(Misfit { code, detail })
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// A problem at an offset; its path is worked out at the end, if ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) offset: usize,
    pub(crate) misfit: Misfit,
}

/// A member name with its quotes and colon, and the brace or comma before it, ready to be compared eight bytes at a time.
#[derive(Clone, Copy)]
pub(crate) struct Name {
    words: [u64; Self::WORDS],
    masks: [u64; Self::WORDS],
    len: usize,
}

impl Name {
    const WORDS: usize = 4;
    const BYTES: usize = 8 * Self::WORDS;

    /// The name, unless it is too long: few are.
    pub(crate) fn of(text: &str, first: bool) -> Option<Self> {
        let len = text.len() + 4;
        let (mut bytes, mut mask) = ([0; Self::BYTES], [0; Self::BYTES]);
        let begin = if first { b"{\"" } else { b",\"" };
        bytes.get_mut(..2)?.copy_from_slice(begin);
        bytes.get_mut(2..len - 2)?.copy_from_slice(text.as_bytes());
        bytes.get_mut(len - 2..len)?.copy_from_slice(b"\":");
        mask.get_mut(..len)?.fill(0xff);
        Some(Self { words: words(&bytes), masks: words(&mask), len })
    }

    /// Whether the bytes begin with the name, where not all bits of the first word count.
    #[inline(always)]
    fn begins(&self, bytes: &[u8; Self::BYTES], first: u64) -> bool {
        let next = words(bytes);
        let pairs = next.iter().zip(&self.words).zip(&self.masks).zip([first, !0, !0, !0]);
        pairs.fold(0, |odd, (((next, word), mask), counts)| odd | ((next ^ word) & mask & counts)) == 0
    }
}

#[inline(always)]
fn words(bytes: &[u8; Name::BYTES]) -> [u64; Name::WORDS] {
    let (chunks, _) = bytes.as_chunks();
    let mut words = [0; Name::WORDS];
    for (word, chunk) in words.iter_mut().zip(chunks) {
        *word = u64::from_le_bytes(*chunk);
    }
    words
}

/// The reader. Its offset is always on a character boundary.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u32,
    pub(crate) interner: Interner,
    /// Which member followed which.
    pub(crate) guesses: Guesses,
    /// Problems met so far, in the order of the text.
    pub(crate) problems: Vec<Problem>,
    /// Indexes of the nulls in the primitive list read last.
    pub(crate) nulls: Vec<usize>,
    /// Where the item stands for which the list read last does not fit.
    pub(crate) odd_item: Option<usize>,
    /// Whether this text adds to what other texts gave: lists are merged item by item, and `{}` and `null` stand for
    /// what another text gives.
    pub(crate) merging: bool,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            depth: 0,
            interner: Interner::for_document(text.len()),
            guesses: Guesses::for_document(text.len()),
            problems: Vec::new(),
            nulls: Vec::new(),
            odd_item: None,
            merging: false,
        }
    }

    /// The next byte that is no white space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                other => return other.copied(),
            }
        }
    }

    /// The offset of the next value.
    pub(crate) fn value_start(&mut self) -> usize {
        self.peek();
        self.at
    }

    pub(crate) const fn offset(&self) -> usize {
        self.at
    }

    pub(crate) const fn depth(&self) -> u32 {
        self.depth
    }

    /// Goes back to an offset and depth, out of whatever was entered since.
    pub(crate) fn go_back(&mut self, offset: usize, depth: u32) {
        (self.at, self.depth) = (offset, depth);
    }

    /// Goes into the array or object that begins here.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), Stop> {
        if self.depth == DEEPEST {
            return Err(self.stop(SyntaxFault::Depth));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    /// Leaves the array or object whose end [`Self::key`] or [`Self::item`] met.
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// The next member's name and its offset; `None` at the end of the object.
    pub(crate) fn key(&mut self, first: &mut bool) -> Result<Option<(Cow<'a, str>, usize)>, Stop> {
        if !self.more(*first, b'}')? {
            return Ok(None);
        }
        *first = false;
        let offset = self.value_start();
        Ok(Some((self.name()?, offset)))
    }

    /// The name at the cursor, with its colon.
    pub(crate) fn name(&mut self) -> Result<Cow<'a, str>, Stop> {
        if self.peek() != Some(b'"') {
            return Err(self.stop(SyntaxFault::Token));
        }
        let name = self.string()?;
        if self.peek() != Some(b':') {
            return Err(self.stop(SyntaxFault::Token));
        }
        self.at += 1;
        Ok(name)
    }

    /// Passes over the next member's name, if it is one of those that followed last and no space stands before it; yields its
    /// meaning. The cursor is behind the brace or the member before.
    #[inline(always)]
    pub(crate) fn guessed(&mut self, facts: &'static TypeFacts, last: Slot) -> Option<Slot> {
        self.guessed_from(self.at - usize::from(last == Slot::NONE), !0, facts, last)
    }

    /// Passes over the name at the cursor, if it is one of those that followed last; yields its meaning.
    pub(crate) fn guessed_here(&mut self, facts: &'static TypeFacts, last: Slot) -> Option<Slot> {
        self.guessed_from(self.at - 1, !0xff, facts, last)
    }

    #[inline(always)]
    fn guessed_from(&mut self, start: usize, first: u64, facts: &'static TypeFacts, last: Slot) -> Option<Slot> {
        let next = self.text.as_bytes().get(start..)?.first_chunk()?;
        let fits = |guess: &&Guess| guess.name.begins(next, first);
        let guess = self.guesses.after(facts, last).filter(fits);
        let guess = guess.or_else(|| self.guesses.once_after(facts, last).filter(fits))?;
        self.at = start + guess.name.len;
        Some(guess.next)
    }

    /// Whether the bracket that ends an object or array is next; the cursor is then behind it.
    #[inline(always)]
    pub(crate) fn closes(&mut self, bracket: u8) -> bool {
        let closes = self.text.as_bytes().get(self.at) == Some(&bracket);
        self.at += usize::from(closes);
        closes
    }

    /// Whether another item follows in the array.
    pub(crate) fn item(&mut self, first: bool) -> Result<bool, Stop> {
        self.more(first, b']')
    }

    /// Whether another item or member follows before the closing bracket.
    #[inline]
    pub(crate) fn more(&mut self, first: bool, end: u8) -> Result<bool, Stop> {
        match self.peek() {
            Some(byte) if byte == end => {
                self.at += 1;
                Ok(false)
            }
            Some(b',') if !first => {
                self.at += 1;
                Ok(true)
            }
            Some(_) if first => Ok(true),
            _ => Err(self.stop(SyntaxFault::Token)),
        }
    }

    /// The string that begins here, borrowed unless it holds escapes.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>, Stop> {
        let start = self.at + 1;
        let end = plain_end(self.text.as_bytes(), start);
        if self.text.as_bytes().get(end) == Some(&b'"') {
            self.at = end + 1;
            return Ok(Cow::Borrowed(self.text.get(start..end).unwrap_or_default()));
        }
        self.escaped_string(start, end).map(Cow::Owned)
    }

    /// The string at the cursor, if it holds no escapes and is not empty. The cursor stays before any other value.
    #[inline]
    pub(crate) fn plain_string(&mut self) -> Option<&'a str> {
        if self.peek() != Some(b'"') {
            return None;
        }
        let start = self.at + 1;
        let end = plain_end(self.text.as_bytes(), start);
        if end == start || self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        self.at = end + 1;
        self.text.get(start..end)
    }

    fn escaped_string(&mut self, start: usize, first_special: usize) -> Result<String, Stop> {
        let mut out = String::new();
        let (mut from, mut end) = (start, first_special);
        loop {
            out.push_str(self.text.get(from..end).unwrap_or_default());
            self.at = end;
            match self.text.as_bytes().get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(out);
                }
                Some(b'\\') => {
                    self.at = end + 1;
                    out.push(self.escape().ok_or_else(|| self.stop(SyntaxFault::Escape))?);
                }
                _ => return Err(self.stop(SyntaxFault::Control)),
            }
            from = self.at;
            end = plain_end(self.text.as_bytes(), from);
        }
    }

    /// The character of the escape whose letter is next.
    fn escape(&mut self) -> Option<char> {
        let letter = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match letter {
            b'"' | b'\\' | b'/' => letter.into(),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let unit = self.hex()?;
                if !(0xd800..0xdc00).contains(&unit) {
                    return char::from_u32(unit);
                }
                self.at += self.text.get(self.at..)?.starts_with("\\u").then_some(2)?;
                let low = self.hex()?;
                return char::decode_utf16([u16::try_from(unit).ok()?, u16::try_from(low).ok()?]).next()?.ok();
            }
            _ => return None,
        })
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// The text of the number that begins here.
    pub(crate) fn number(&mut self) -> Result<&'a str, Stop> {
        let Some(end) = number_end(self.text.as_bytes(), self.at) else { return Err(self.stop(SyntaxFault::Number)) };
        let number = self.text.get(self.at..end).unwrap_or_default();
        self.at = end;
        Ok(number)
    }

    fn literal(&mut self, word: &str) -> Result<(), Stop> {
        if !self.text.get(self.at..).is_some_and(|rest| rest.starts_with(word)) {
            return Err(self.stop(SyntaxFault::Token));
        }
        self.at += word.len();
        Ok(())
    }

    pub(crate) fn boolean(&mut self) -> Result<bool, Stop> {
        let value = self.peek() == Some(b't');
        self.literal(if value { "true" } else { "false" })?;
        Ok(value)
    }

    pub(crate) fn null(&mut self) -> Result<(), Stop> {
        self.peek();
        self.literal("null")
    }

    /// Text that may repeat in this document.
    #[inline]
    pub(crate) fn intern(&mut self, text: &str) -> Shared {
        self.interner.text(text)
    }

    /// Passes over the next value.
    pub(crate) fn skip(&mut self) -> Result<(), Stop> {
        match self.peek() {
            Some(b'{') => {
                self.enter()?;
                let mut first = true;
                while self.key(&mut first)?.is_some() {
                    self.skip()?;
                }
                self.leave();
                Ok(())
            }
            Some(b'[') => {
                self.enter()?;
                let mut first = true;
                while self.item(first)? {
                    first = false;
                    self.skip()?;
                }
                self.leave();
                Ok(())
            }
            _ => self.scalar().map(drop),
        }
    }

    /// The next value, whole.
    pub(crate) fn json(&mut self) -> Result<Json, Stop> {
        match self.peek() {
            Some(b'{') => {
                let start = self.at;
                self.enter()?;
                let (mut members, mut first) = (Vec::new(), true);
                while let Some((key, _)) = self.key(&mut first)? {
                    let name = JsonText(self.intern(&key));
                    members.push((name, self.json()?));
                }
                self.leave();
                members.shrink_to_fit();
                if has_twice(&members) {
                    self.problem(
                        start,
                        Misfit { code: IssueCode::DuplicateMember, detail: "a member stands here twice" },
                    );
                }
                Ok(Json::Object(members))
            }
            Some(b'[') => {
                self.enter()?;
                let mut items = Vec::new();
                while self.item(items.is_empty())? {
                    items.push(self.json()?);
                }
                self.leave();
                items.shrink_to_fit();
                Ok(Json::Array(items))
            }
            _ => self.scalar(),
        }
    }

    fn scalar(&mut self) -> Result<Json, Stop> {
        Ok(match self.peek() {
            Some(b'"') => {
                let text = self.string()?;
                Json::String(JsonText(self.intern(&text)))
            }
            Some(b't' | b'f') => Json::Bool(self.boolean()?),
            Some(b'n') => {
                self.null()?;
                Json::Null
            }
            Some(b'-' | b'0'..=b'9') => Json::Number(JsonText(Shared::from(self.number()?))),
            _ => return Err(self.stop(SyntaxFault::Token)),
        })
    }

    /// Nothing but white space may be left.
    pub(crate) fn end(&mut self) -> Result<(), Stop> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.stop(SyntaxFault::Trailing)),
        }
    }

    /// The `resourceType` of the object that begins here, wherever it stands in it. The reader does not move.
    pub(crate) fn resource_type(&mut self) -> Result<Option<Cow<'a, str>>, Stop> {
        let (start, depth) = (self.value_start(), self.depth);
        let found = self.find_resource_type();
        (self.at, self.depth) = (start, depth);
        found
    }

    fn find_resource_type(&mut self) -> Result<Option<Cow<'a, str>>, Stop> {
        if self.peek() != Some(b'{') {
            return Ok(None);
        }
        self.enter()?;
        let mut first = true;
        while let Some((key, _)) = self.key(&mut first)? {
            if key == "resourceType" {
                return if self.peek() == Some(b'"') { self.string().map(Some) } else { Ok(None) };
            }
            self.skip()?;
        }
        Ok(None)
    }

    /// Notes a problem and goes on.
    pub(crate) fn problem(&mut self, offset: usize, misfit: Misfit) {
        self.problems.push(Problem { offset, misfit });
    }

    fn stop(&self, fault: SyntaxFault) -> Stop {
        let at_end = self.at >= self.text.len();
        let fault = match fault {
            SyntaxFault::Token | SyntaxFault::Number | SyntaxFault::Escape | SyntaxFault::Control if at_end => {
                SyntaxFault::End
            }
            other => other,
        };
        Stop { offset: self.at, fault }
    }
}

fn has_twice(members: &[(JsonText, Json)]) -> bool {
    let mut names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| matches!(pair, [one, other] if one == other))
}
