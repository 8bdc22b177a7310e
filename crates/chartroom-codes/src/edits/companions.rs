//! Codes that are reported together, and in which order: "code first", "use additional code", "code also".

use super::{Edit, EditKind, Grounds, Listed, Severity};
use crate::notes::{Note, NoteKind, Notes};

pub(super) fn check(notes: &Notes, listed: &[Listed<'_>], edits: &mut Vec<Edit>) {
    for code in listed {
        let all: Vec<Note<'_>> = notes.of(code.code).collect();
        // Each place has its paragraphs one after the other, so a paragraph never reaches into the next place.
        for paragraph in all.chunk_by(|_, next| !next.opens_paragraph()) {
            let first = paragraph.first().map(|note| note.kind());
            let edit = match first {
                Some(NoteKind::CodeFirst) => code_first(code, paragraph, listed),
                Some(NoteKind::UseAdditional | NoteKind::CodeAlso) => additional(code, paragraph, listed),
                _ => None,
            };
            edits.extend(edit);
        }
    }
}

/// What must come first either stands before the code, or after it, or is not there.
fn code_first(code: &Listed<'_>, paragraph: &[Note<'_>], listed: &[Listed<'_>]) -> Option<Edit> {
    if paragraph.iter().any(|note| note.text().starts_with("for adverse effect")) {
        // Poisoning by the same drug stands before what it does, so the code alone does not tell.
        return None;
    }
    let named = |other: &&Listed<'_>| other.code != code.code && paragraph.iter().any(|note| note.covers(other.code));
    let named: Vec<&Listed<'_>> = listed.iter().filter(named).collect();
    if named.iter().any(|other| other.index < code.index) {
        return None;
    }
    if let Some(later) = named.first() {
        let note = paragraph.iter().find(|note| note.covers(later.code))?;
        let kind = if code.index == 0 { EditKind::ManifestationFirst } else { EditKind::Sequence };
        return Some(Edit::of_two(kind, severity(code), code, later, Grounds::note(*note)));
    }
    let note = *paragraph.first()?;
    if is_optional(paragraph) {
        return None;
    }
    if code.index == 0 {
        return Some(Edit::of_one(EditKind::ManifestationFirst, severity(code), code, Grounds::note(note)));
    }
    is_closed(paragraph).then(|| Edit::of_one(EditKind::MissingCompanion, Severity::Warning, code, Grounds::note(note)))
}

/// A code that goes with this one, in any order: its absence is worth a word only if the note leaves no choice, and
/// speaks of the code and not of a whole block.
fn additional(code: &Listed<'_>, paragraph: &[Note<'_>], listed: &[Listed<'_>]) -> Option<Edit> {
    let of_block = paragraph.iter().any(|note| note.is_of_block());
    let present = listed.iter().any(|other| paragraph.iter().any(|note| note.covers(other.code)));
    if of_block || present || is_optional(paragraph) || !is_closed(paragraph) {
        return None;
    }
    let note = *paragraph.first()?;
    Some(Edit::of_one(EditKind::MissingCompanion, Severity::Advice, code, Grounds::note(note)))
}

/// A manifestation is never reported first; of other codes the chart may say that nothing stands behind them.
fn severity(code: &Listed<'_>) -> Severity {
    if code.title.contains("classified elsewhere") { Severity::Error } else { Severity::Warning }
}

/// Whether a paragraph asks for a code only where something is so.
fn is_optional(paragraph: &[Note<'_>]) -> bool {
    const CONDITIONAL: [&str; 8] =
        ["if ", "any ", "when ", "such as", "as needed", "associated", "adverse effect", "may be"];
    let of_choice = |text: &str, signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
    let additional = |kind| matches!(kind, NoteKind::UseAdditional | NoteKind::CodeAlso);
    paragraph.iter().any(|note| {
        let (text, heading) = (note.text(), note.heading().unwrap_or_default());
        let signs = if additional(note.kind()) { &CONDITIONAL[..] } else { &["if ", "any "][..] };
        of_choice(&text, signs) || of_choice(&heading, signs)
    })
}

/// Whether a paragraph names every code that it asks for: a list of examples does not.
fn is_closed(paragraph: &[Note<'_>]) -> bool {
    let open = |text: String| text.contains("such as") || text.contains("e.g.");
    let names = |note: &Note<'_>| note.names_codes() || note.text().ends_with(':');
    paragraph.iter().any(|note| note.names_codes())
        && paragraph.iter().all(|note| note.is_understood() && names(note) && !open(note.text()))
}
