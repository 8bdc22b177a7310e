//! The search in a granular scope, and whether it finds a record.

use std::any::Any;
use std::fmt;

use chartroom_record::datatype::{CodeableConcept, Coding};
use chartroom_record::{Element, Node, Resource};
use smol_str::SmolStr;

/// A search: every parameter must find the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Query {
    /// As it was written.
    text: SmolStr,
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Parameter {
    /// The name of the element, in FHIR's spelling of elements: `clinicalStatus` for `clinical-status`.
    element: String,
    /// Any of these must be there.
    tokens: Vec<Token>,
}

/// A code, and its system where one is named; an empty one is none.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Token {
    system: Option<String>,
    /// Empty for any code of the system.
    code: String,
}

impl Query {
    /// Reads `name=value&name=value`; `None` for anything else.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let parameters = text.split('&').map(Parameter::read).collect::<Option<Vec<_>>>()?;
        Some(Self { text: text.into(), parameters })
    }

    /// Whether it finds the record. A parameter that is not about codes at the top of the record finds nothing.
    pub(crate) fn finds(&self, resource: &Resource) -> bool {
        let Some(element) = resource.as_element() else { return false };
        self.parameters.iter().all(|parameter| parameter.finds(element))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Parameter {
    fn read(text: &str) -> Option<Self> {
        let (name, value) = text.split_once('=')?;
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b':' | b'.');
        if name.is_empty() || !name.bytes().all(is_name) || value.bytes().any(|byte| !byte.is_ascii_graphic()) {
            return None;
        }
        let tokens = decoded(value)?.split(',').map(Token::read).collect::<Option<_>>()?;
        Some(Self { element: element_name(name), tokens })
    }

    fn finds(&self, element: &dyn Element) -> bool {
        let index = element.facts().elements.iter().position(|facts| facts.name == self.element);
        index.is_some_and(|index| match element.member(index).node {
            Node::List(list) => (0..list.len()).any(|index| self.finds_value(list.get(index))),
            single => self.finds_value(single),
        })
    }

    fn finds_value(&self, value: Node<'_>) -> bool {
        match value {
            Node::Primitive(code) if code.type_name() == "code" => self.has(None, &code.to_plain()),
            Node::Element(element) => {
                let value = element as &dyn Any;
                let concept = value.downcast_ref::<CodeableConcept>().map_or(&[][..], |concept| &concept.coding);
                concept.iter().chain(value.downcast_ref::<Coding>()).any(|coding| {
                    let code = coding.code.as_ref().map_or("", |code| code.as_str());
                    self.has(Some(coding.system.as_deref().unwrap_or_default()), code)
                })
            }
            _ => false,
        }
    }

    /// Whether it asks for this code. Of a plain code the system goes without saying.
    fn has(&self, system: Option<&str>, code: &str) -> bool {
        self.tokens.iter().any(|token| {
            let of_system = token.system.as_deref().is_none_or(|wanted| system == Some(wanted));
            of_system && (token.code == code || token.code.is_empty() && token.system.is_some())
        })
    }
}

impl Token {
    fn read(text: &str) -> Option<Self> {
        let (system, code) = match text.split_once('|') {
            Some((system, code)) => (Some(system.to_owned()), code),
            None => (None, text),
        };
        let says_something = !code.is_empty() || system.as_ref().is_some_and(|system| !system.is_empty());
        (says_something && !code.contains('|')).then(|| Self { system, code: code.to_owned() })
    }
}

/// The element that a search parameter of this name is about.
fn element_name(parameter: &str) -> String {
    let mut words = parameter.split('-');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        let mut letters = word.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.extend(letters);
        name
    })
}

/// The text behind its percent signs; `None` where they are not followed by two hexadecimal digits, or give no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'%' => digit(bytes.next()?)? * 16 + digit(bytes.next()?)?,
            plain => plain,
        });
    }
    String::from_utf8(out).ok()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}
