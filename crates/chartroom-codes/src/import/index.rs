//! The alphabetic index of ICD-10-CM as XML, which the Centers for Disease Control and Prevention publish.
//!
//! Main terms have terms under them, and those further ones; any of them may name a code. What leads to a code is the words from the
//! main term down to it. The index of drugs and that of neoplasms are tables and have no such terms, so they are left aside.

use roxmltree::{Document, Node};

use super::ImportError;
use super::tabular::{children, fault, parsed};

/// What the alphabetic index leads to a code by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// The code, as FHIR writes it. A header where the index leaves the last characters to the tabular list.
    pub code: String,
    /// The words from the main term down, such as `Attack, heart`.
    pub text: String,
}

/// Reads the alphabetic index: every term that names a code. What [`SearchBuilder::text`](crate::search::SearchBuilder::text) takes.
///
/// # Errors
///
/// If it is not XML, or not laid out as the alphabetic index is.
pub fn index_xml(text: &str) -> Result<Vec<IndexEntry>, ImportError> {
    let document = parsed(text)?;
    if !document.root_element().has_tag_name("ICD10CM.index") {
        return Err(fault(&document, document.root_element(), "not the alphabetic index of ICD-10-CM"));
    }
    let mut found = Vec::new();
    for letter in children(document.root_element(), "letter") {
        for term in children(letter, "mainTerm") {
            read(&document, term, "", MOST_LEVELS, &mut found)?;
        }
    }
    Ok(found)
}

/// More levels than an index has.
const MOST_LEVELS: usize = 16;

fn read(
    document: &Document<'_>,
    term: Node<'_, '_>,
    above: &str,
    levels: usize,
    found: &mut Vec<IndexEntry>,
) -> Result<(), ImportError> {
    let levels = levels.checked_sub(1).ok_or_else(|| fault(document, term, "too many levels"))?;
    let title = children(term, "title").next().ok_or_else(|| fault(document, term, "a term without its title"))?;
    // What a title has in brackets is an element of its own, with no blank before it in some years.
    let texts = title.descendants().filter(Node::is_text).filter_map(|node| node.text());
    let words = texts.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let text = if above.is_empty() { words } else { format!("{above}, {words}") };
    if let Some(code) = children(term, "code").next().and_then(|code| code.text()) {
        let code = code.trim().trim_end_matches('-').trim_end_matches('.');
        found.push(IndexEntry { code: code.to_owned(), text: text.clone() });
    }
    for under in children(term, "term") {
        read(document, under, &text, levels, found)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const INDEX: &str = "<ICD10CM.index><letter><title>A</title><mainTerm><title>Attack, attacks</title><see>Seizure</see>\
        <term level=\"1\"><title>heart <nemod>(acute)</nemod></title><code>I21.9</code><term level=\"2\"><title>old</title>\
        <code>I25.-</code></term></term></mainTerm></letter></ICD10CM.index>";

    #[test]
    fn terms_lead_to_codes() {
        let entry = |code: &str, text: &str| IndexEntry { code: code.into(), text: text.into() };
        let wanted =
            [entry("I21.9", "Attack, attacks, heart (acute)"), entry("I25", "Attack, attacks, heart (acute), old")];
        assert_eq!(index_xml(INDEX).unwrap(), wanted);
        assert_eq!(index_xml(&INDEX.replace("heart <nemod>", "heart<nemod>")).unwrap(), wanted);
    }

    #[test]
    fn what_is_no_index_is_refused() {
        assert!(index_xml("<ICD10CM.tabular/>").is_err());
        assert!(index_xml(&INDEX.replace("<title>old</title>", "")).is_err());
        let deep = format!("<ICD10CM.index><letter><mainTerm><title>x</title>{}", "<term><title>x</title>".repeat(20));
        let deep = deep + &"</term>".repeat(20) + "</mainTerm></letter></ICD10CM.index>";
        assert!(index_xml(&deep).is_err());
    }

    proptest! {
        #[test]
        fn mutated_indexes_do_no_harm(damage in proptest::collection::vec((0usize..400, "[<>/a-z0-9=\" ]"), 1..6)) {
            let mut text = INDEX.to_owned();
            for (place, put) in damage {
                let place = place % text.len();
                text.replace_range(place..place + 1, &put);
            }
            if let Ok(found) = index_xml(&text) {
                prop_assert!(found.len() <= 2);
            }
        }
    }
}
