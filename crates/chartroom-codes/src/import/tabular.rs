//! The tabular list of ICD-10-CM as XML, which the Centers for Disease Control and Prevention publish.
//!
//! The list does not write out every code. A category may say that each code under it takes a seventh character, with a
//! meaning for each; empty places before it are filled with `X`. And a note may take some of them back in prose, as that of `S06`
//! does for two sixth characters. Both kinds of rule are read here; a note about seventh characters that cannot be understood is
//! an error, because to guess would invent codes or lose them.

use roxmltree::{Document, Node, ParsingOptions};

use super::{ImportError, Row};

/// Reads the tabular list: one row for each code and header, in the order of the list.
///
/// # Errors
///
/// If it is not XML, not laid out as the tabular list is, or has a rule on seventh characters that cannot be understood.
pub fn tabular_xml(text: &str) -> Result<Vec<Row>, ImportError> {
    let document = document(text)?;
    let mut reader = Reader { document: &document, rows: Vec::new() };
    let root = document.root_element();
    for section in root.descendants().filter(|node| node.has_tag_name("section")) {
        for category in children(section, "diag") {
            reader.diagnosis(category, "", &Seventh::default())?;
        }
    }
    if reader.rows.is_empty() { Err(reader.fault(root, "no diagnosis")) } else { Ok(reader.rows) }
}

/// The tabular list as XML, its root element confirmed.
pub(super) fn document(text: &str) -> Result<Document<'_>, ImportError> {
    let document = parsed(text)?;
    if !document.root_element().has_tag_name("ICD10CM.tabular") {
        return Err(fault(&document, document.root_element(), "not the tabular list of ICD-10-CM"));
    }
    Ok(document)
}

pub(super) fn parsed(text: &str) -> Result<Document<'_>, ImportError> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|fault| {
        let place = fault.pos();
        ImportError::Text { line: place.row, column: place.col, problem: "not well-formed XML" }
    })
}

/// Ten times the nodes of the largest list known.
const MOST_NODES: u32 = 10_000_000;
/// A code without its dot has at most so many characters, the last of them the seventh character.
const LONGEST: usize = 7;

struct Reader<'d, 'x> {
    document: &'d Document<'x>,
    rows: Vec<Row>,
}

/// What the codes under a diagnosis take as their seventh character.
#[derive(Clone, Default)]
struct Seventh {
    /// Each character with its meaning.
    meanings: Vec<(char, String)>,
    exceptions: Vec<Exception>,
}

/// Seventh characters that a note takes back from the codes of a category with certain sixth characters.
#[derive(Clone, Debug, PartialEq)]
struct Exception {
    category: String,
    sixth: Vec<char>,
    seventh: Vec<char>,
}

impl Reader<'_, '_> {
    /// Adds a diagnosis and all that stands under it. Names grow longer on the way down, so this ends. They need not
    /// continue the one above: the list of 2021 has `H54.512A` under `H54.511`.
    fn diagnosis(&mut self, node: Node<'_, '_>, parent: &str, inherited: &Seventh) -> Result<(), ImportError> {
        let code = self.child_text(node, "name")?.replace('.', "");
        let title = self.child_text(node, "desc")?;
        let written_right = code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
        let fits = (parent.len().max(2) + 1..=LONGEST).contains(&code.len())
            && code.get(..3).is_some_and(|category| parent.is_empty() || parent.starts_with(category));
        if !written_right || !fits {
            return Err(self.fault(node, "a name that is no code or does not fit the one above it"));
        }
        let seventh = self.seventh(node, inherited)?;
        let mut under = children(node, "diag").peekable();
        let is_last = under.peek().is_none();
        let selectable = is_last && seventh.meanings.is_empty();
        self.rows.push(Row { code: code.clone(), selectable, title: title.clone() });
        for child in under {
            self.diagnosis(child, &code, &seventh)?;
        }
        if is_last && !selectable {
            self.extended(node, &code, &title, &seventh)?;
        }
        Ok(())
    }

    /// Adds the codes that a diagnosis makes with its seventh characters.
    fn extended(&mut self, node: Node<'_, '_>, code: &str, title: &str, seventh: &Seventh) -> Result<(), ImportError> {
        if code.len() >= LONGEST {
            return Err(self.fault(node, "no room for a seventh character"));
        }
        let filled = format!("{code:X<width$}", width = LONGEST - 1);
        for (character, meaning) in &seventh.meanings {
            if !seventh.exceptions.iter().any(|exception| exception.holds(&filled, *character)) {
                let (code, title) = (format!("{filled}{character}"), format!("{title}, {meaning}"));
                self.rows.push(Row { code, selectable: true, title });
            }
        }
        Ok(())
    }

    /// The seventh characters of a diagnosis: its own, else those inherited; and every exception on the way down.
    fn seventh(&self, node: Node<'_, '_>, inherited: &Seventh) -> Result<Seventh, ImportError> {
        let mut seventh = inherited.clone();
        if let Some(definition) = children(node, "sevenChrDef").next() {
            let meanings = children(definition, "extension").map(|extension| self.meaning(extension));
            seventh.meanings = meanings.collect::<Result<_, _>>()?;
        }
        for note in children(node, "notes").flat_map(|notes| children(notes, "note")) {
            let text = note.text().unwrap_or_default();
            if text.contains("7th character") && text.contains("not apply") {
                let exception = Exception::read(text);
                let problem = "an exception to the seventh characters that cannot be understood";
                seventh.exceptions.push(exception.ok_or_else(|| self.fault(note, problem))?);
            }
        }
        Ok(seventh)
    }

    fn meaning(&self, extension: Node<'_, '_>) -> Result<(char, String), ImportError> {
        let character = extension.attribute("char").and_then(only_character);
        let meaning = extension.text().map(str::trim).filter(|meaning| !meaning.is_empty());
        let both = character.zip(meaning.map(str::to_owned));
        both.ok_or_else(|| self.fault(extension, "a seventh character without its meaning"))
    }

    fn child_text(&self, node: Node<'_, '_>, tag: &str) -> Result<String, ImportError> {
        child_text(self.document, node, tag)
    }

    fn fault(&self, node: Node<'_, '_>, problem: &'static str) -> ImportError {
        fault(self.document, node, problem)
    }
}

impl Exception {
    /// Reads a note such as "7th characters D and S do not apply to codes in category S06 with 6th character 7 - (its
    /// meaning), or 8 - (its meaning)."
    fn read(note: &str) -> Option<Self> {
        let (seventh, rest) = note.trim().split_once(" do not apply to codes in category ")?;
        let (category, sixth) = rest.split_once(" with 6th character ")?;
        let characters = |list: &mut dyn Iterator<Item = &str>| list.map(only_character).collect::<Option<Vec<_>>>();
        let mut seventh = seventh.strip_prefix("7th characters ")?.split(", ").flat_map(|part| part.split(" and "));
        let mut sixth = sixth.split(", or ").filter_map(|part| part.split(" - ").next());
        Some(Self {
            category: category.replace('.', ""),
            sixth: characters(&mut sixth)?,
            seventh: characters(&mut seventh)?,
        })
    }

    /// Whether it takes this seventh character back from a code of six characters.
    fn holds(&self, filled: &str, seventh: char) -> bool {
        filled.starts_with(&self.category) && filled.ends_with(self.sixth.as_slice()) && self.seventh.contains(&seventh)
    }
}

pub(super) fn child_text(document: &Document<'_>, node: Node<'_, '_>, tag: &str) -> Result<String, ImportError> {
    let text = children(node, tag).next().and_then(|child| child.text()).map(str::trim);
    let text = text.filter(|text| !text.is_empty()).map(str::to_owned);
    text.ok_or_else(|| fault(document, node, "a diagnosis without its name or title"))
}

pub(super) fn fault(document: &Document<'_>, node: Node<'_, '_>, problem: &'static str) -> ImportError {
    let place = document.text_pos_at(node.range().start);
    ImportError::Text { line: place.row, column: place.col, problem }
}

pub(super) fn children<'n, 'x>(node: Node<'n, 'x>, tag: &str) -> impl Iterator<Item = Node<'n, 'x>> {
    node.children().filter(move |child| child.has_tag_name(tag))
}

fn only_character(text: &str) -> Option<char> {
    let mut characters = text.trim().chars();
    characters.next().filter(|character| characters.next().is_none() && character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "7th characters D and S do not apply to codes in category S06 with 6th character 7 - death due \
                        to one cause, or 8 - death due to another.";

    fn list(diagnoses: &str) -> Result<Vec<Row>, ImportError> {
        tabular_xml(&format!("<ICD10CM.tabular><chapter><section>{diagnoses}</section></chapter></ICD10CM.tabular>"))
    }

    fn diagnosis(name: &str, inner: &str) -> String {
        format!("<diag><name>{name}</name><desc>title of {name}</desc>{inner}</diag>")
    }

    fn codes(rows: &[Row]) -> Vec<(&str, bool)> {
        rows.iter().map(|row| (row.code.as_str(), row.selectable)).collect()
    }

    #[test]
    fn headers_and_codes_are_told_apart() {
        let rows = list(&diagnosis("A00", &(diagnosis("A00.0", "") + &diagnosis("A00.1", "")))).unwrap();
        assert_eq!(codes(&rows), [("A00", false), ("A000", true), ("A001", true)]);
        assert_eq!(rows[1].title, "title of A00.0");
    }

    #[test]
    fn seventh_characters_are_inherited_and_their_place_is_kept() {
        let sevenths = "<sevenChrDef><extension char=\"A\">initial</extension><extension char=\"D\">later</extension></sevenChrDef>";
        let rows = list(&diagnosis("S03", &format!("{sevenths}{}", diagnosis("S03.0", "")))).unwrap();
        assert_eq!(codes(&rows), [("S03", false), ("S030", false), ("S030XXA", true), ("S030XXD", true)]);
        assert_eq!(rows[3].title, "title of S03.0, later");
    }

    #[test]
    fn a_note_takes_seventh_characters_back() {
        let sevenths = "<sevenChrDef><extension char=\"A\">initial</extension><extension char=\"S\">sequela</extension></sevenChrDef>";
        let inner = format!("{sevenths}<notes><note>{NOTE}</note></notes>");
        let under = diagnosis("S06.1X6", "") + &diagnosis("S06.1X7", "");
        let rows = list(&diagnosis("S06", &(inner + &under))).unwrap();
        let billable: Vec<_> = rows.iter().filter(|row| row.selectable).map(|row| row.code.as_str()).collect();
        assert_eq!(billable, ["S061X6A", "S061X6S", "S061X7A"]);
    }

    #[test]
    fn an_exception_that_cannot_be_understood_is_an_error() {
        assert_eq!(Exception::read(NOTE).unwrap().sixth, ['7', '8']);
        let note = "<notes><note>7th character S may not apply here</note></notes>";
        assert!(matches!(list(&diagnosis("S06", note)), Err(ImportError::Text { .. })));
    }

    #[test]
    fn faults_are_named_with_their_place() {
        let line = |text: &str| match tabular_xml(text) {
            Err(ImportError::Text { line, .. }) => line,
            other => panic!("{other:?}"),
        };
        assert_eq!(line("<ICD10CM.tabular>\n<chapter>\n</ICD10CM.tabular>"), 3);
        assert_eq!(line("<other/>"), 1);
        assert!(list(&diagnosis("A00", &diagnosis("B00.0", ""))).is_err());
        assert!(list("<diag><name>A00</name></diag>").is_err());
        let deep = "<diag>".repeat(100_000);
        assert!(tabular_xml(&deep).is_err());
    }
}
