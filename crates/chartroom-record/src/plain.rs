//! What of a record may be printed: by default its shape, and everything only by asking.

use std::fmt;

use crate::element::{Element, Node};

/// `Debug` of a structure: which elements it has, and nothing of what they hold.
pub(crate) fn redacted(name: &str, element: &dyn Element, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut out = f.debug_struct(name);
    for (index, facts) in element.facts().elements.iter().enumerate() {
        match element.member(index).node {
            Node::Absent => {}
            Node::List(list) => {
                out.field(facts.name, &format_args!("[{}]", list.len()));
            }
            _ => {
                out.field(facts.name, &format_args!(".."));
            }
        }
    }
    out.finish_non_exhaustive()
}

/// The whole element as JSON, for tests and for programs that know where it goes. It is the patient's data: a search for
/// `plain(` finds every place that prints it.
pub fn plain(element: &dyn Element) -> String {
    crate::write::element(element)
}
