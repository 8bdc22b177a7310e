//! The notes of the tabular list of ICD-10-CM as XML, at codes, sections and chapters.

use roxmltree::{Document, Node};

use super::ImportError;
use super::tabular::{child_text, children, document, fault};
use crate::notes::{NoteKind, NoteRow, Place};

/// What the tabular list says beside codes and titles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TabularNotes {
    /// Every category, in the order of the list.
    pub categories: Vec<String>,
    /// Every note, in the order of the list.
    pub rows: Vec<NoteRow>,
}

/// Reads the notes of the tabular list. What [`NotesBuilder`](crate::notes::NotesBuilder) takes.
///
/// # Errors
///
/// If it is not XML, or not laid out as the tabular list is.
pub fn tabular_notes(text: &str) -> Result<TabularNotes, ImportError> {
    let document = document(text)?;
    let mut reader = Reader { document: &document, found: TabularNotes { categories: Vec::new(), rows: Vec::new() } };
    for chapter in children(document.root_element(), "chapter") {
        reader.chapter(chapter)?;
    }
    Ok(reader.found)
}

struct Reader<'d, 'x> {
    document: &'d Document<'x>,
    found: TabularNotes,
}

impl Reader<'_, '_> {
    /// The sections first: the chapter's own extent is from the first of them to the last.
    fn chapter(&mut self, chapter: Node<'_, '_>) -> Result<(), ImportError> {
        let before = self.found.categories.len();
        for section in children(chapter, "section") {
            self.section(section)?;
        }
        let mut own = self.found.categories.iter().skip(before);
        if let Some(first) = own.next().cloned() {
            let last = own.next_back().cloned().unwrap_or_else(|| first.clone());
            let name = format!("Chapter {}", child_text(self.document, chapter, "name")?);
            self.notes(chapter, &Place::Block { name, first, last });
        }
        Ok(())
    }

    /// A section is named by its categories. Some only hold notes for a range whose categories stand in others.
    fn section(&mut self, section: Node<'_, '_>) -> Result<(), ImportError> {
        for category in children(section, "diag") {
            self.found.categories.push(child_text(self.document, category, "name")?);
            self.diagnosis(category, MOST_LEVELS)?;
        }
        let name = section.attribute("id").ok_or_else(|| fault(self.document, section, "a section without its id"))?;
        let (first, last) = name.split_once('-').unwrap_or((name, name));
        self.notes(section, &Place::Block { name: name.to_owned(), first: first.to_owned(), last: last.to_owned() });
        Ok(())
    }

    fn diagnosis(&mut self, node: Node<'_, '_>, levels: usize) -> Result<(), ImportError> {
        let code = child_text(self.document, node, "name")?.replace('.', "");
        self.notes(node, &Place::Code(code));
        for under in children(node, "diag") {
            let levels = levels.checked_sub(1).ok_or_else(|| fault(self.document, node, "too many levels"))?;
            self.diagnosis(under, levels)?;
        }
        Ok(())
    }

    fn notes(&mut self, node: Node<'_, '_>, place: &Place) {
        for paragraph in node.children() {
            match kind(paragraph.tag_name().name()) {
                Some(NoteKind::SeventhCharacter) => self.seventh_characters(paragraph, place),
                Some(kind) => self.paragraph(paragraph, kind, place),
                None => {}
            }
        }
    }

    /// A line that ends with a colon introduces those after it.
    fn paragraph(&mut self, paragraph: Node<'_, '_>, kind: NoteKind, place: &Place) {
        let mut heading: Option<String> = None;
        for (index, note) in children(paragraph, "note").enumerate() {
            let text = plain(note.text().unwrap_or_default());
            if kind != NoteKind::Note && text.ends_with(':') {
                heading = Some(text.clone());
            }
            let heading = heading.clone().filter(|heading| *heading != text);
            self.push(place, kind, index == 0, heading, text);
        }
    }

    fn seventh_characters(&mut self, definition: Node<'_, '_>, place: &Place) {
        for (index, extension) in children(definition, "extension").enumerate() {
            let character = extension.attribute("char").unwrap_or_default();
            let text = format!("{character} {}", plain(extension.text().unwrap_or_default()));
            self.push(place, NoteKind::SeventhCharacter, index == 0, None, text);
        }
    }

    fn push(&mut self, place: &Place, kind: NoteKind, opens_paragraph: bool, heading: Option<String>, text: String) {
        if !text.is_empty() {
            self.found.rows.push(NoteRow { place: place.clone(), kind, opens_paragraph, heading, text });
        }
    }
}

/// The deepest list known has five levels of codes.
const MOST_LEVELS: usize = 8;

fn kind(tag: &str) -> Option<NoteKind> {
    Some(match tag {
        "inclusionTerm" => NoteKind::Inclusion,
        "includes" => NoteKind::Includes,
        "excludes1" => NoteKind::Excludes1,
        "excludes2" => NoteKind::Excludes2,
        "codeFirst" => NoteKind::CodeFirst,
        "useAdditionalCode" => NoteKind::UseAdditional,
        "codeAlso" => NoteKind::CodeAlso,
        "notes" => NoteKind::Note,
        "sevenChrDef" => NoteKind::SeventhCharacter,
        _ => return None,
    })
}

/// A note on one line. Many begin with the comma that follows the words "Code first" in print.
fn plain(text: &str) -> String {
    let words: Vec<&str> = text.trim_start_matches([' ', ',', '\t', '\n', '\r']).split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LIST: &str = "<ICD10CM.tabular><chapter><name>4</name><excludes1><note>not these (P70-P74)</note></excludes1>\
        <section id=\"E08-E13\"><diag><name>E08</name><desc>Diabetes</desc><codeFirst><note>underlying condition, such as:</note>\
        <note>, if applicable,\n cystic fibrosis (E84.-)</note></codeFirst><sevenChrDef><extension char=\"1\">right eye</extension></sevenChrDef>\
        <diag><name>E08.0</name><desc>d</desc><inclusionTerm><note>Term</note></inclusionTerm></diag></diag></section></chapter></ICD10CM.tabular>";

    #[test]
    fn notes_keep_their_place_kind_and_heading() {
        let found = tabular_notes(LIST).unwrap();
        assert_eq!(found.categories, ["E08"]);
        let rows: Vec<_> = found.rows.iter().map(|row| (row.kind, row.opens_paragraph, row.text.as_str())).collect();
        let wanted = [
            (NoteKind::CodeFirst, true, "underlying condition, such as:"),
            (NoteKind::CodeFirst, false, "if applicable, cystic fibrosis (E84.-)"),
            (NoteKind::SeventhCharacter, true, "1 right eye"),
            (NoteKind::Inclusion, true, "Term"),
            (NoteKind::Excludes1, true, "not these (P70-P74)"),
        ];
        assert_eq!(rows, wanted);
        assert_eq!(found.rows[1].heading.as_deref(), Some("underlying condition, such as:"));
        assert_eq!(found.rows[3].place, Place::Code("E080".into()));
        let chapter = Place::Block { name: "Chapter 4".into(), first: "E08".into(), last: "E08".into() };
        assert_eq!(found.rows[4].place, chapter);
    }

    #[test]
    fn what_is_no_tabular_list_is_refused() {
        assert!(tabular_notes("<other/>").is_err());
        assert!(tabular_notes(&LIST.replace(" id=\"E08-E13\"", "")).is_err());
        assert!(tabular_notes(&LIST.replace("<name>E08</name>", "")).is_err());
    }

    proptest! {
        #[test]
        fn mutated_lists_do_no_harm(damage in proptest::collection::vec((0usize..700, "[<>/a-z0-9=\" ]"), 1..6)) {
            let mut text = LIST.to_owned();
            for (place, put) in damage {
                let place = place % text.len();
                text.replace_range(place..place + 1, &put);
            }
            if let Ok(found) = tabular_notes(&text) {
                prop_assert!(found.rows.len() < 20);
            }
        }
    }
}
