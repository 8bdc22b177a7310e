//! Whole charts read, written and gone through by us and by other models, in one process. The printed form is that of
//! `ratios`. A peer that has no walk of its own is not walked.

#[allow(dead_code, reason = "these benches use one of the units")]
#[path = "../support/lib.rs"]
mod support;

use std::hint::black_box;

use chartroom_record::{Class, Mode, Resource, parse};
use fhirkit::FhirJson;
use support::{Unit, bundles, compare};

fn main() {
    let charts = Charts::new();
    let value = charts.beside("serde_json::Value", general::read, serde_json::Value::to_string);
    charts.walk_beside("serde_json::Value", &value, general::leaves);
    let value = charts.beside("sonic_rs::Value", sonic::read, sonic::write);
    charts.walk_beside("sonic_rs::Value", &value, sonic::leaves);
    let value = charts.beside("fhirkit", kit::read, fhirkit::to_json);
    charts.walk_beside("fhirkit", &value, |resource| kit::leaves(&resource.encode()));
    #[cfg(feature = "fhirbolt")]
    charts.beside("fhirbolt", chartroom_peer_fhirbolt::read, chartroom_peer_fhirbolt::write);
    #[cfg(feature = "fhir")]
    charts.beside("fhir", chartroom_peer_fhir::read, chartroom_peer_fhir::write);
}

/// The charts, as texts and as we read them.
struct Charts {
    texts: Vec<String>,
    records: Vec<Resource>,
}

impl Charts {
    fn new() -> Self {
        let texts = bundles::minified();
        let records = texts.iter().map(|text| ours(text)).collect();
        Self { texts, records }
    }

    fn unit(&self) -> Unit {
        Unit::MegabytesPerSecond(self.texts.iter().map(String::len).sum())
    }

    /// One line for reading and one for writing. What the peer read is given back.
    fn beside<T>(&self, peer: &str, read: impl Fn(&str) -> T, write: impl Fn(&T) -> String) -> Vec<T> {
        compare(
            &format!("parse, {peer}"),
            self.unit(),
            || self.texts.iter().for_each(|text| drop(black_box(ours(text)))),
            || self.texts.iter().for_each(|text| drop(black_box(read(text)))),
        );
        let theirs: Vec<T> = self.texts.iter().map(|text| read(text)).collect();
        compare(
            &format!("write, {peer}"),
            self.unit(),
            || self.records.iter().for_each(|record| drop(black_box(record.to_json()))),
            || theirs.iter().for_each(|value| drop(black_box(write(value)))),
        );
        theirs
    }

    /// One line for going through every value: ours also says of which class each is.
    fn walk_beside<T>(&self, peer: &str, theirs: &[T], leaves: impl Fn(&T) -> usize) {
        compare(
            &format!("walk, {peer}"),
            self.unit(),
            || _ = black_box(self.records.iter().map(names).sum::<usize>()),
            || _ = black_box(theirs.iter().map(&leaves).sum::<usize>()),
        );
    }
}

fn ours(text: &str) -> Resource {
    parse(text.as_bytes(), Mode::Lenient).expect("a bundle").into_resource()
}

fn names(record: &Resource) -> usize {
    let mut count = 0;
    record.for_each_element(|visit| count += usize::from(visit.found().class() == Class::Name));
    count
}

/// `serde_json`, which knows no types.
mod general {
    use serde_json::Value;

    pub fn read(text: &str) -> Value {
        serde_json::from_str(text).expect("JSON")
    }

    pub fn leaves(value: &Value) -> usize {
        match value {
            Value::Array(items) => items.iter().map(leaves).sum(),
            Value::Object(members) => members.values().map(leaves).sum(),
            Value::String(_) => 1,
            _ => 0,
        }
    }
}

/// `sonic_rs`, which knows no types either.
mod sonic {
    use sonic_rs::{JsonContainerTrait, JsonType, JsonValueTrait, Value};

    pub fn read(text: &str) -> Value {
        sonic_rs::from_str(text).expect("JSON")
    }

    pub fn write(value: &Value) -> String {
        sonic_rs::to_string(value).expect("JSON")
    }

    pub fn leaves(value: &Value) -> usize {
        match value.get_type() {
            JsonType::Array => value.as_array().into_iter().flat_map(|items| items.iter()).map(leaves).sum(),
            JsonType::Object => {
                let members = value.as_object().into_iter().flat_map(|members| members.iter());
                members.map(|(_, value)| leaves(value)).sum()
            }
            JsonType::String => 1,
            _ => 0,
        }
    }
}

/// `fhirkit`, which lets a program go through a record by way of its own JSON.
mod kit {
    use fhirkit::Json;
    use fhirkit::r4::Resource;

    pub fn read(text: &str) -> Resource {
        let (resource, _issues) = fhirkit::from_json(text).expect("JSON");
        resource.expect("a resource")
    }

    pub fn leaves(value: &Json) -> usize {
        match value {
            Json::Array(items) => items.iter().map(leaves).sum(),
            Json::Object(members) => members.iter().map(|(_, value)| leaves(value)).sum(),
            Json::String(_) => 1,
            _ => 0,
        }
    }
}
