//! Expressions of SNOMED CT's compositional grammar, version 2: concepts put together to say what no single one does.

use std::fmt::Write;
use std::str::FromStr;

use super::{Scan, SnomedCt};

/// An expression, such as `85562004 |Hand structure| : 272741003 |Laterality| = 24028007 |Right|`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expression {
    pub(crate) foci: Vec<u64>,
    /// Attributes outside of groups.
    pub(crate) ungrouped: Vec<(u64, Value)>,
    pub(crate) groups: Vec<Vec<(u64, Value)>>,
}

/// The value of an attribute in an [`Expression`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// A concept.
    Concept(u64),
    /// An expression of its own.
    Expression(Box<Expression>),
    /// A number or a text, as it is written.
    Concrete(String),
}

/// A text that is no expression, and where that shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an expression of SNOMED CT at character {at}")]
pub struct InvalidExpression {
    /// The place in the text, in bytes from 0.
    pub at: usize,
}

/// The longest text that is read, and the deepest nesting.
const LONGEST: usize = 1 << 16;
const DEEPEST: usize = 40;

impl Expression {
    /// The concept, if the expression is nothing but one.
    pub fn as_concept(&self) -> Option<u64> {
        match self.foci.as_slice() {
            [concept] if !self.is_refined() => Some(*concept),
            _ => None,
        }
    }

    /// The concepts that what it describes is all of.
    pub fn foci(&self) -> &[u64] {
        &self.foci
    }

    /// Whether it has attributes.
    pub(crate) fn is_refined(&self) -> bool {
        !self.ungrouped.is_empty() || !self.groups.is_empty()
    }

    /// Whether every concept that it names is there.
    pub fn is_known(&self, snomed: &SnomedCt) -> bool {
        self.is_all(|id| snomed.concept(id).is_some())
    }

    /// Whether every concept that it names passes.
    pub(crate) fn is_all(&self, passes: impl Fn(u64) -> bool + Copy) -> bool {
        let attributes = || self.ungrouped.iter().chain(self.groups.iter().flatten());
        self.foci.iter().all(|focus| passes(*focus))
            && attributes().all(|(name, value)| {
                passes(*name)
                    && match value {
                        Value::Concept(concept) => passes(*concept),
                        Value::Expression(inner) => inner.is_all(passes),
                        Value::Concrete(_) => true,
                    }
            })
    }

    /// The expression with the terms of its concepts, as it is shown to people.
    pub fn shown(&self, snomed: &SnomedCt) -> String {
        let mut text = String::new();
        self.show(snomed, &mut text);
        text
    }

    fn show(&self, snomed: &SnomedCt, text: &mut String) {
        for (index, focus) in self.foci.iter().enumerate() {
            text.push_str(if index > 0 { "+" } else { "" });
            show_concept(*focus, snomed, text);
        }
        let mut mark = ":";
        if !self.ungrouped.is_empty() {
            text.push_str(mark);
            mark = ",";
            show_attributes(&self.ungrouped, snomed, text);
        }
        for group in &self.groups {
            text.push_str(mark);
            mark = ",";
            text.push('{');
            show_attributes(group, snomed, text);
            text.push('}');
        }
    }

    fn read(scan: &mut Scan<'_>, depth: usize) -> Option<Self> {
        let mut read = Self { foci: vec![scan.concept()?], ungrouped: Vec::new(), groups: Vec::new() };
        while scan.eat("+") {
            read.foci.push(scan.concept()?);
        }
        if scan.eat(":") {
            if !scan.sees("{") {
                read.ungrouped = attributes(scan, depth)?;
            }
            while scan.eat("{") {
                read.groups.push(attributes(scan, depth)?);
                if !scan.eat("}") {
                    return None;
                }
                if scan.eat(",") && !scan.sees("{") {
                    return None;
                }
            }
        }
        Some(read)
    }
}

impl FromStr for Expression {
    type Err = InvalidExpression;

    fn from_str(text: &str) -> Result<Self, InvalidExpression> {
        if text.len() > LONGEST {
            return Err(InvalidExpression { at: LONGEST });
        }
        let mut scan = Scan::new(text);
        // How the expression stands to what it describes does not change what it is a kind of.
        let _ = scan.eat("===") || scan.eat("<<<");
        let read = Self::read(&mut scan, 0);
        scan.skip_blanks();
        read.filter(|_| scan.is_at_end()).ok_or(InvalidExpression { at: scan.at() })
    }
}

/// Attributes with commas between. A comma before a group is left to the caller.
fn attributes(scan: &mut Scan<'_>, depth: usize) -> Option<Vec<(u64, Value)>> {
    let mut found = Vec::new();
    loop {
        let name = scan.concept()?;
        if !scan.eat("=") {
            return None;
        }
        found.push((name, value(scan, depth)?));
        let mut ahead = *scan;
        if !ahead.eat(",") {
            return Some(found);
        }
        *scan = ahead;
        if scan.sees("{") {
            return Some(found);
        }
    }
}

fn value(scan: &mut Scan<'_>, depth: usize) -> Option<Value> {
    if scan.eat("(") {
        let inner = if depth < DEEPEST { Expression::read(scan, depth + 1)? } else { return None };
        return scan.eat(")").then(|| Value::Expression(Box::new(inner)));
    }
    if let Some(number) = scan.number() {
        return Some(Value::Concrete(format!("#{number}")));
    }
    if let Some(text) = scan.quoted() {
        return Some(Value::Concrete(format!("\"{text}\"")));
    }
    scan.concept().map(Value::Concept)
}

fn show_concept(concept: u64, snomed: &SnomedCt, text: &mut String) {
    // Writing to a text does not fail.
    let _ = match snomed.preferred_term(concept) {
        Some(term) => write!(text, "{concept}|{term}|"),
        None => write!(text, "{concept}"),
    };
}

fn show_attributes(attributes: &[(u64, Value)], snomed: &SnomedCt, text: &mut String) {
    for (index, (name, value)) in attributes.iter().enumerate() {
        text.push_str(if index > 0 { "," } else { "" });
        show_concept(*name, snomed, text);
        text.push('=');
        match value {
            Value::Concept(concept) => show_concept(*concept, snomed, text),
            Value::Concrete(concrete) => text.push_str(concrete),
            Value::Expression(inner) => {
                text.push('(');
                inner.show(snomed, text);
                text.push(')');
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<Expression, usize> {
        text.parse().map_err(|InvalidExpression { at }| at)
    }

    #[test]
    fn groups_terms_and_nesting_are_read() {
        let read = read(
            "=== 128045006 |Cellulitis, any| + 64572001 : 272741003 = 24028007, { 363698007 = (85562004 : 272741003 = 24028007), 116676008 = 20946005 } { 363698007 = 10200004 }",
        );
        let read = read.unwrap();
        assert_eq!((read.foci.len(), read.ungrouped.len(), read.groups.len()), (2, 1, 2));
        assert!(matches!(read.groups[0][0].1, Value::Expression(_)));
        assert_eq!("73211009 |Diabetes|".parse::<Expression>().unwrap().as_concept(), Some(73211009));
    }

    #[test]
    fn what_is_no_expression_says_where() {
        assert_eq!(read("freetext"), Err(0));
        assert_eq!(read("73211008"), Err(0), "a wrong check digit");
        assert_eq!(read("73211009 : 363698007"), Err(20));
        assert_eq!(read("73211009 73211009"), Err(9));
        assert!(read("73211009:{363698007=10200004").is_err());
        assert!(read("73211009:{363698007=10200004},").is_err());
        let deep = format!("73211009:363698007={}", "(73211009:363698007=".repeat(5000));
        assert!(read(&deep).is_err());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[0-9|+:={},() #\"<]{0,60}|(73211009|363698007|[:+=,{}()]| ){0,20}") {
            drop(read(&text));
        }
    }
}
