//! A resource taken apart by class, and put together again from the parts that somebody may see.
//!
//! Each part is JSON with just the values of one class and the structure around them. Where a list has items of other
//! classes too, `{}` or `null` keeps their place, so that parts fit together again whichever of them are there.

use crate::class::Class;
use crate::issue::{Issue, IssueCode};
use crate::json::{Halt, Reader};
use crate::parse::{Issues, Mode, parse};
use crate::resource::Resource;
use crate::{split, write};

/// One part of a resource.
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    /// The class of every value in it.
    pub class: Class,
    /// The values, as JSON.
    pub json: String,
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Part({}, {} bytes)", self.class, self.json.len())
    }
}

/// The parts of a resource, one for each class that it holds, in the order of the classes.
pub fn split(resource: &Resource) -> Vec<Part> {
    split_with_codings(resource, |_, _, _| ())
}

/// The same, and shows what [`Resource::for_each_coding`] shows: both in one walk over the resource.
pub fn split_with_codings(resource: &Resource, mut show: impl FnMut(&str, &str, Class)) -> Vec<Part> {
    split::split(resource, &mut show)
}

/// Puts parts of one resource together again. With all of them the resource is as it was; where some are missing, what
/// they held is absent, and so are list items of which nothing is left.
///
/// # Errors
/// The texts are not parts of one resource.
pub fn join<'a>(parts: impl IntoIterator<Item = &'a str>, whole: bool) -> Result<Resource, Issues> {
    let (mut slot, mut places) = (None, false);
    for part in parts {
        places |= !whole && may_hold_places(part);
        let mut reader = Reader::new(part);
        reader.merging = true;
        let outcome = crate::resource::read(&mut slot, &mut reader).and_then(|()| Ok(reader.end()?));
        match outcome {
            Ok(()) => {}
            Err(Halt::Stop(stop)) => return Err(Issues::from(vec![stop.issue(part)])),
            Err(Halt::Misfit(misfit)) => return Err(not_parts(misfit.detail)),
        }
    }
    let resource = slot.ok_or_else(|| not_parts("there is no part"))?;
    if !places {
        return Ok(resource);
    }
    let json = write::without_places(&resource);
    parse(json.as_bytes(), Mode::Lenient).map(crate::Parsed::into_resource)
}

/// Whether something in the text may keep the place of an item of another class: an empty structure, a null, the bare type of a
/// resource inside.
fn may_hold_places(part: &str) -> bool {
    let inside = part.get(1..).unwrap_or_default().trim_start_matches("\"resourceType\"");
    ["{}", "null", "\"resourceType\""].into_iter().any(|place| inside.contains(place))
}

fn not_parts(detail: &'static str) -> Issues {
    Issues::from(vec![Issue::new(IssueCode::NotAResource, "$", detail)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","identifier":[{"system":"urn:mrn","value":"1"},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"2"},{"system":"urn:mrn","value":"3"}],"name":[{"given":[null,"Zoë"],"_given":[{"id":"a"},null],"family":"Fenwarden"}],"birthDate":"1980"}"#;

    fn patient() -> Resource {
        parse(PATIENT.as_bytes(), Mode::Lenient).unwrap().into_resource()
    }

    #[test]
    fn all_parts_together_are_the_whole() {
        let parts = split(&patient());
        let backwards: Vec<_> = parts.iter().rev().map(|part| part.json.as_str()).collect();
        assert_eq!(join(backwards, true).unwrap(), patient());
    }

    #[test]
    fn a_part_holds_its_class_alone() {
        let parts = split(&patient());
        let government = parts.iter().find(|part| part.class == Class::GovernmentId).unwrap();
        let expected =
            r#"{"resourceType":"Patient","identifier":[{},{"system":"http://hl7.org/fhir/sid/us-ssn","value":"2"}]}"#;
        assert_eq!(government.json, expected);
        let shown = parts.iter().filter(|part| part.class == Class::GovernmentId).map(|part| part.json.as_str());
        let without_place = expected.replace("{},", "");
        assert_eq!(join(shown, false).unwrap().to_json(), without_place);
    }
}
