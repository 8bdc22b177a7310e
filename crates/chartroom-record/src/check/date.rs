//! The date of service of a record: the day on which its codes are judged.

use chrono::NaiveDate;

use crate::class::Class;
use crate::datatype::Period;
use crate::element::Node;
use crate::primitive::Primitive;
use crate::resource::Resource;

/// The first day that a date of care in the record may mean. A date of recording comes first, because the code was
/// chosen on that day; then the elements in the order of the standard.
pub(super) fn of_service(resource: &Resource) -> Option<NaiveDate> {
    let element = resource.as_element()?;
    let elements = element.facts().elements;
    let dated = elements.iter().enumerate().filter(|(_, facts)| facts.class == Some(Class::ServiceDate));
    let recorded = dated.clone().filter(|(_, facts)| facts.name == "recordedDate");
    recorded.chain(dated).find_map(|(index, _)| day(element.member(index).node))
}

fn day(node: Node<'_>) -> Option<NaiveDate> {
    match node {
        Node::Primitive(value) => first_day(value),
        Node::Element(value) => {
            let period = (value as &dyn std::any::Any).downcast_ref::<Period>()?;
            period.start.as_ref().or(period.end.as_ref()).and_then(|day| first_day(day))
        }
        Node::List(list) => (0..list.len()).find_map(|index| day(list.get(index))),
        Node::Absent | Node::Resource(_) => None,
    }
}

fn first_day(value: &dyn Primitive) -> Option<NaiveDate> {
    if !matches!(value.type_name(), "date" | "dateTime" | "instant") {
        return None;
    }
    let text = value.to_plain();
    let date = text.split('T').next()?;
    date.parse::<crate::primitive::Date>().ok().map(crate::primitive::Date::first_day)
}
