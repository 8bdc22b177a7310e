//! Element paths: a place in a record by the names of the standard, to read, to change and to go through.

mod get;
mod remove;
mod set;
mod visit;

use std::fmt;
use std::str::FromStr;

use crate::shared::Shared;

use crate::facts::{ElementFacts, TypeFacts, TypeKind};

pub use get::Found;
pub use set::SetError;
pub use visit::Visit;

/// Longer paths than this lead nowhere.
const MOST_STEPS: usize = 100;

/// A place in a record: `Patient.name[0].given[1]`, `Observation.valueQuantity.value`.
///
/// - A step without an index stands for every item of a list.
/// - A choice may be named with its type, `valueQuantity`, or without, `value`, for whichever is there.
/// - `extension('http://example.org/x')` stands for the extensions with this URL, `contained('p1')` for the contained
///   resource with this id.
/// - The extensions of a primitive value are steps from it: `Patient.birthDate.extension[0]`. The member of JSON that holds
///   them, `_birthDate`, may be named too.
/// - The type in front may be left out: `name[0].given[1]`.
///
/// A resource outside the typed set has the same paths, by the names of its JSON.
///
/// ```
/// use chartroom_record::{Mode, Path, parse};
///
/// let text = br#"{"resourceType":"Patient","name":[{"given":["Ada","Lark"]}]}"#;
/// let mut patient = parse(text, Mode::Strict)?.into_resource();
///
/// let path: Path = "Patient.name[0].given[1]".parse()?;
/// assert_eq!(path.get(&patient).and_then(|found| found.text()).as_deref(), Some("Lark"));
///
/// "Patient.name[0].family".parse::<Path>()?.set(&mut patient, r#""Fenwarden""#)?;
/// path.remove(&mut patient);
/// assert_eq!(patient.to_json(), r#"{"resourceType":"Patient","name":[{"family":"Fenwarden","given":["Ada"]}]}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Path {
    root: Option<Shared>,
    steps: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Step {
    name: Shared,
    key: Option<Shared>,
    index: Option<usize>,
}

impl Path {
    /// The resource type in front, where it is named.
    pub fn resource_type(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// Whether the path may lead into a resource of this type.
    fn fits(&self, type_name: &str) -> bool {
        self.root.as_ref().is_none_or(|root| root == type_name || root == "Resource" || root == "DomainResource")
    }
}

/// A text that is no element path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an element path: {detail} at offset {offset}")]
pub struct InvalidPath {
    offset: usize,
    detail: &'static str,
}

impl InvalidPath {
    /// Where the text goes wrong, in bytes.
    pub const fn offset(self) -> usize {
        self.offset
    }
}

impl FromStr for Path {
    type Err = InvalidPath;

    fn from_str(text: &str) -> Result<Self, InvalidPath> {
        let mut path = Self { root: None, steps: Vec::new() };
        let mut rest = text;
        loop {
            let fault = |left: &str, detail| InvalidPath { offset: text.len() - left.len(), detail };
            let (step, after) = Step::split(rest).map_err(|(left, detail)| fault(left, detail))?;
            if path.root.is_none() && path.steps.is_empty() && step.names_a_type() {
                path.root = Some(step.name);
            } else if path.steps.len() < MOST_STEPS {
                path.steps.push(step);
            } else {
                return Err(fault(rest, "too many steps"));
            }
            rest = match after.strip_prefix('.') {
                Some(next) => next,
                None if after.is_empty() => return Ok(path),
                None => return Err(fault(after, "a dot belongs here")),
            };
        }
    }
}

impl fmt::Debug for Path {
    /// The steps by name and index. What chooses an item, an id for one, does not show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = self.clone();
        shown.steps.iter_mut().filter_map(|step| step.key.as_mut()).for_each(|key| *key = "..".into());
        write!(f, "Path({shown})")
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut dot = "";
        if let Some(root) = &self.root {
            f.write_str(root)?;
            dot = ".";
        }
        for step in &self.steps {
            write!(f, "{dot}{step}")?;
            dot = ".";
        }
        Ok(())
    }
}

type Fault<'a> = (&'a str, &'static str);

impl Step {
    /// Takes a step off the front of a text. A fault comes with what was left where it was met.
    fn split(text: &str) -> Result<(Self, &str), Fault<'_>> {
        let end =
            text.find(|letter: char| letter.is_whitespace() || letter.is_control() || ".[]()'\"".contains(letter));
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        if name.trim_start_matches('_').is_empty() {
            return Err((text, "a name belongs here"));
        }
        let rest = rest.strip_prefix("[x]").unwrap_or(rest);
        let (key, rest) = split_key(rest)?;
        let (index, rest) = split_index(rest)?;
        Ok((Self { name: name.into(), key: key.map(Shared::from), index }, rest))
    }

    fn names_a_type(&self) -> bool {
        self.name.starts_with(|first: char| first.is_ascii_uppercase()) && self.key.is_none() && self.index.is_none()
    }

    /// Whether the item at this position is meant.
    fn takes(&self, position: usize) -> bool {
        self.index.is_none_or(|index| index == position)
    }

    /// Whether an item whose key is this one is meant.
    fn has_key(&self, key: Option<&str>) -> bool {
        self.key.is_none() || self.key.as_deref() == key
    }

    /// Whether the step stands for a list as a whole.
    const fn is_whole(&self) -> bool {
        self.index.is_none() && self.key.is_none()
    }
}

fn split_key(text: &str) -> Result<(Option<&str>, &str), Fault<'_>> {
    let Some(inside) = text.strip_prefix('(') else { return Ok((None, text)) };
    let quote = inside.chars().next().filter(|quote| matches!(quote, '\'' | '"'));
    let quote = quote.ok_or((inside, "a quote belongs here"))?;
    let Some((key, rest)) = inside.strip_prefix(quote).and_then(|quoted| quoted.split_once(quote)) else {
        return Err((inside, "the quote does not end"));
    };
    let rest = rest.strip_prefix(')').ok_or((rest, "a closing parenthesis belongs here"))?;
    Ok((Some(key), rest))
}

fn split_index(text: &str) -> Result<(Option<usize>, &str), Fault<'_>> {
    let Some(inside) = text.strip_prefix('[') else { return Ok((None, text)) };
    let Some((digits, rest)) = inside.split_once(']') else { return Err((inside, "the bracket does not end")) };
    let plain = (1..=9).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let index = digits.parse().ok().filter(|_| plain);
    Ok((Some(index.ok_or((inside, "an index belongs here"))?), rest))
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        if let Some(key) = &self.key {
            let quote = if key.contains('\'') { '"' } else { '\'' };
            write!(f, "({quote}{}{quote})", &**key)?;
        }
        match self.index {
            Some(index) => write!(f, "[{index}]"),
            None => Ok(()),
        }
    }
}

/// The types of the element that a name of a step stands for: one by its full name, all by the name without a type.
fn choices(facts: &ElementFacts, name: &str) -> Option<Choices> {
    if let Some(choice) = facts.types.iter().position(|kind| kind.member == name) {
        return Some(Choices::Only(choice));
    }
    (facts.name == name).then_some(Choices::Any)
}

/// Which types of a choice a step means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Choices {
    Any,
    Only(usize),
}

impl Choices {
    fn take(self, choice: usize) -> bool {
        self == Self::Any || self == Self::Only(choice)
    }
}

/// What the name of a step stands for in a type.
enum Target {
    Id,
    Extension,
    ModifierExtension,
    Member {
        index: usize,
        choices: Choices,
    },
    /// The member `_name` of a primitive element.
    Twin {
        index: usize,
        choices: Choices,
    },
    Unknown,
}

impl Target {
    fn of(facts: &TypeFacts, name: &str) -> Self {
        match name {
            "extension" => return Self::Extension,
            "modifierExtension" => return Self::ModifierExtension,
            "id" if facts.kind != TypeKind::Resource => return Self::Id,
            _ => {}
        }
        let plain = name.strip_prefix('_').unwrap_or(name);
        let found = facts.elements.iter().enumerate().find_map(|(index, facts)| Some((index, choices(facts, plain)?)));
        match found {
            Some((index, choices)) if plain.len() == name.len() => Self::Member { index, choices },
            Some((index, choices)) => Self::Twin { index, choices },
            None => Self::Unknown,
        }
    }
}

/// Whether a member of plain JSON is meant by the name of a choice without its type.
fn is_choice_member(member: &str, name: &str) -> bool {
    member.strip_prefix(name).is_some_and(|type_name| {
        let types = crate::datatype::Extension::facts().elements.iter().flat_map(|facts| facts.types);
        !type_name.is_empty()
            && types.filter_map(|kind| kind.member.strip_prefix("value")).any(|known| known == type_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_is_what_was_read() {
        for text in [
            "Patient",
            "Patient.name[0].given[1]",
            "id",
            "Observation.value",
            "Patient._birthDate.extension[0].valueString",
            "Patient.extension('http://example.org/it.is').extension('a')[2].valueCode",
            "Patient.contained(\"it's\").name",
            "x-vendor.$comment",
        ] {
            assert_eq!(text.parse::<Path>().unwrap().to_string(), text);
        }
        assert_eq!("Observation.value[x].unit".parse::<Path>().unwrap().to_string(), "Observation.value.unit");
    }

    #[test]
    fn debug_shows_no_key() {
        let path: Path = "Patient.contained('p-4711').name[1]".parse().unwrap();
        assert_eq!(format!("{path:?}"), "Path(Patient.contained('..').name[1])");
    }

    #[test]
    fn what_is_no_path_is_refused_with_its_place() {
        let too_long = "a.".repeat(200);
        for (text, offset) in [
            ("", 0),
            (".", 0),
            ("Patient.", 8),
            ("Patient..name", 8),
            ("a b", 1),
            ("name[", 5),
            ("name[-1]", 5),
            ("name[99999999999]", 5),
            ("extension(x)", 10),
            ("extension('x)", 10),
            ("extension('x'", 13),
            ("name[0]x", 7),
            ("_", 0),
            (too_long.as_str(), 200),
        ] {
            assert_eq!(text.parse::<Path>().map_err(InvalidPath::offset), Err(offset), "{text}");
        }
    }
}
