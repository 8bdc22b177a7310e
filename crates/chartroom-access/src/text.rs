//! Reading policy text: what went wrong, and where.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, MapAccess, Visitor};
use toml::de::{DeTable, DeValue, Deserializer};
use toml::value::Datetime;
use toml::{Spanned, Value};

use crate::vocabulary::Term;

/// What is wrong with the text of a policy or of label sets, and where. The text itself is never quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    line: usize,
    column: usize,
    rule: Option<String>,
    problem: String,
}

impl PolicyError {
    /// The line, counted from one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The column, in characters, counted from one.
    pub fn column(&self) -> usize {
        self.column
    }

    /// The id of the rule in which the problem stands, if it stands in a rule that has one.
    pub fn rule(&self) -> Option<&str> {
        self.rule.as_deref()
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)?;
        if let Some(rule) = &self.rule {
            write!(f, ", rule `{rule}`")?;
        }
        write!(f, ": {}", self.problem)
    }
}

impl std::error::Error for PolicyError {}

/// A problem at a byte of the text, on its way to becoming a [`PolicyError`].
#[derive(Debug)]
pub(crate) struct Fault {
    at: usize,
    problem: String,
}

impl Fault {
    pub(crate) fn new<T>(place: &Spanned<T>, problem: impl Into<String>) -> Self {
        Self { at: place.span().start, problem: problem.into() }
    }

    /// A problem with no place of its own.
    pub(crate) fn of_all(problem: impl Into<String>) -> Self {
        Self { at: 0, problem: problem.into() }
    }

    /// Finds the line, the column and the rule of the problem.
    pub(crate) fn within(self, text: &str) -> PolicyError {
        let [line, column] = place(text, self.at);
        PolicyError { line, column, rule: rule_at(text, self.at), problem: self.problem }
    }
}

/// The line and the column of a byte, counted from one.
pub(crate) fn place(text: &str, at: usize) -> [usize; 2] {
    let before = text.get(..at).unwrap_or(text);
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    [before.matches('\n').count() + 1, column]
}

/// Reads TOML text into its plain form.
pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    // The parser's own messages are fixed phrases; those about values may quote them.
    let table = DeTable::parse(text).map_err(|error| fault_of(&error, error.message().to_owned()))?;
    T::deserialize(Deserializer::from(table)).map_err(|error| fault_of(&error, without_quotes(error.message())))
}

/// A table with these fields. A list is refused, which serde would take for the fields in their order.
pub(crate) struct Table<T>(T);

impl<T> Deref for Table<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Table<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData))
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = Table<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a table")
    }

    fn visit_map<M: MapAccess<'de>>(self, fields: M) -> Result<Self::Value, M::Error> {
        T::deserialize(MapAccessDeserializer::new(fields)).map(Table)
    }
}

fn fault_of(error: &toml::de::Error, problem: String) -> Fault {
    Fault { at: error.span().map_or(0, |span| span.start), problem }
}

/// Keeps the part of a message that speaks of the format, and drops the part that quotes the text.
fn without_quotes(message: &str) -> String {
    if message.starts_with("missing field") {
        return message.to_owned();
    }
    let what = if message.starts_with("unknown field") {
        "unknown field"
    } else if message.starts_with("invalid") {
        "not the right kind of value"
    } else {
        "not understood"
    };
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("{what}, expected {expected}"),
        None => what.to_owned(),
    }
}

/// The id of the rule whose lines include this byte.
fn rule_at(text: &str, at: usize) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    let rules = table.get_ref().get("rule")?.get_ref().as_array()?;
    let rule = rules.iter().rfind(|rule| rule.span().start <= at)?;
    let DeValue::Table(fields) = rule.get_ref() else { return None };
    let end = fields.iter().map(|(_, value)| value.span().end).max().unwrap_or(0).max(rule.span().end);
    let id = fields.get("id")?.get_ref().as_str()?;
    (at <= end && is_name(id)).then(|| id.to_owned())
}

/// Whether this can be the name of a rule or a role: short, lower case, digits, dots and hyphens.
pub(crate) fn is_name(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}

/// Text that is there: not empty and not blank.
pub(crate) fn filled(text: &Spanned<String>) -> Result<String, Fault> {
    match text.get_ref().trim() {
        "" => Err(Fault::new(text, "must not be empty")),
        filled => Ok(filled.to_owned()),
    }
}

/// A whole date.
pub(crate) fn date(value: &Spanned<Datetime>) -> Result<NaiveDate, Fault> {
    day(*value.get_ref()).ok_or_else(|| Fault::new(value, NOT_A_DATE))
}

/// A whole date, which formats other than TOML have as a text.
pub(crate) fn written_date(value: &Spanned<Value>) -> Result<NaiveDate, Fault> {
    let date = match value.get_ref() {
        Value::Datetime(datetime) => day(*datetime),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    date.ok_or_else(|| Fault::new(value, NOT_A_DATE))
}

const NOT_A_DATE: &str = "must be a date, such as 2024-02-16";

fn day(datetime: Datetime) -> Option<NaiveDate> {
    let date = datetime.date.filter(|_| datetime.time.is_none())?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}

/// A name of the vocabulary; `what` says which.
pub(crate) fn term<T: Term>(name: &Spanned<String>, what: &str) -> Result<T, Fault> {
    name.get_ref().parse().map_err(|_| Fault::new(name, format!("unknown {what}; known are {}", T::known())))
}

/// Names of the vocabulary; an empty list says nothing and is refused.
pub(crate) fn terms<T: Term>(names: &Spanned<Vec<Spanned<String>>>, what: &str) -> Result<Vec<T>, Fault> {
    not_empty(names)?.iter().map(|name| term(name, what)).collect()
}

/// A list with something in it.
pub(crate) fn not_empty<T>(list: &Spanned<Vec<T>>) -> Result<&[T], Fault> {
    match list.get_ref().as_slice() {
        [] => Err(Fault::new(list, "an empty list says nothing; leave the line out")),
        filled => Ok(filled),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read, to be refused")]
    struct Sample {
        rule: Vec<Table<Line>>,
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read, to be refused")]
    struct Line {
        id: String,
        count: u8,
    }

    fn refusal(text: &str) -> String {
        read::<Sample>(text).map(|_| ()).expect_err("must be refused").within(text).to_string()
    }

    #[test]
    fn problems_have_a_place_and_no_quotes() {
        let head = "[[rule]]\nid = \"first\"\ncount = 1\n[[rule]]\nid = \"second\"\n";
        assert_eq!(
            refusal(&format!("{head}count = \"Ada Byron, expected\"\n")),
            "line 6, column 9, rule `second`: not the right kind of value, expected u8"
        );
        assert_eq!(
            refusal(&format!("{head}count = 1\nByron = 2\n")),
            "line 7, column 1, rule `second`: unknown field, expected `id` or `count`"
        );
        assert_eq!(refusal(head), "line 4, column 1, rule `second`: missing field `count`");
        assert_eq!(
            refusal("rule = [\n  [\"first\", 1],\n]"),
            "line 2, column 3: not the right kind of value, expected a table"
        );
        assert!(refusal("[[rule]\nByron").starts_with("line 1, column "));
        assert!(!refusal("Byron").contains("Byron"));
    }
}
