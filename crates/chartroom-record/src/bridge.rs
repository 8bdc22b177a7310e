//! serde's traits on our types: thin bridges over our own reading and writing.
//!
//! A record travels through serde as one piece of raw JSON, so that the text of its numbers survives and a user's crate
//! compiles next to nothing. Formats other than JSON cannot carry it.

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::element::Element;
use crate::json::{Halt, Reader};
use crate::parse::{Issues, Mode};
use crate::resource::Resource;

pub(crate) fn serialize<S: Serializer>(element: &dyn Element, serializer: S) -> Result<S::Ok, S::Error> {
    raw(crate::write::element(element)).map_err(S::Error::custom)?.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>, E: Element + Default>(deserializer: D) -> Result<E, D::Error> {
    let text = Box::<RawValue>::deserialize(deserializer)?;
    read(text.get()).map_err(D::Error::custom)
}

fn raw(json: String) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(json)
}

/// Reads one element of any type. Like `Strict`, it refuses what no field can hold.
fn read<E: Element + Default>(text: &str) -> Result<E, Issues> {
    let mut element = E::default();
    read_into(&mut element, text)?;
    Ok(element)
}

fn read_into(element: &mut dyn Element, text: &str) -> Result<(), Issues> {
    let mut reader = Reader::new(text);
    let root = element.facts().name;
    let outcome = crate::read::object(element, &mut reader).and_then(|()| Ok(reader.end()?));
    match outcome {
        Ok(()) => {}
        Err(Halt::Stop(stop)) => return Err(Issues::from(vec![stop.issue(text)])),
        Err(Halt::Misfit(misfit)) => reader.problem(0, misfit),
    }
    let issues = crate::parse::located(text, root, &reader.problems);
    if issues.is_empty() { Ok(()) } else { Err(Issues::from(issues)) }
}

impl Serialize for Resource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        raw(crate::write::resource(self)).map_err(S::Error::custom)?.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        let parsed = crate::parse::parse(text.get().as_bytes(), Mode::Strict).map_err(D::Error::custom)?;
        Ok(parsed.into_resource())
    }
}
