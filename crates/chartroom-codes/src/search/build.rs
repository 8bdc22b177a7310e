//! Building a search index from a table and further texts.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::words::{affirmed, says_nothing_more, telling_words, weight, words};
use super::{FORM, bits};
use crate::image::{push_number, u32_of};
use crate::system::NDC;
use crate::table::{BuildError, Concept, Table};

/// Collects the texts of a [`SearchIndex`](super::SearchIndex).
///
/// ```
/// # use chartroom_codes::table::{Edition, Row, Table, TableBuilder};
/// use chartroom_codes::search::{SearchBuilder, SearchIndex, Wanted};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let row = Row { code: "I219".into(), selectable: true, title: "Acute myocardial infarction, unspecified".into() };
/// # let edition = Edition { label: "2026".into(), from: chrono::NaiveDate::from_ymd_opt(2025, 10, 1).ok_or("date")?, last: None };
/// # let image = TableBuilder::new("http://hl7.org/fhir/sid/icd-10-cm", "ICD-10-CM").dot_after(3).edition(edition, vec![row]).build()?;
/// # let table = Table::from_bytes(image)?;
/// let image = SearchBuilder::new(&table).abbreviation("heart attack", "myocardial infarction").build()?;
/// let index = SearchIndex::from_bytes(table, image)?;
/// assert_eq!(index.search("Heart attack", &Wanted::default())[0].code, "I21.9");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct SearchBuilder<'t> {
    table: &'t Table,
    texts: Vec<Text<'t>>,
    abbreviations: Vec<(String, String)>,
}

impl<'t> SearchBuilder<'t> {
    /// With the latest title of every code of the table.
    pub fn new(table: &'t Table) -> Self {
        let title = |concept: Concept<'t>| {
            let text = concept.latest()?.title.to_string();
            Some(Text { weight: weight(&text), is_title: true, concept, text })
        };
        let concepts = table.concepts().filter(|concept| !is_second_form(table, *concept));
        Self { table, texts: concepts.filter_map(title).collect(), abbreviations: Vec::new() }
    }

    /// Adds a text by which a code can be found, such as an inclusion term. Of a code that the table does not have, nothing is kept.
    #[must_use]
    pub fn text(mut self, code: &str, text: &str) -> Self {
        let (weight, text) = (weight(text), text.to_owned());
        self.texts.extend(self.table.get(code).map(|concept| Text { weight, is_title: false, concept, text }));
        self
    }

    /// Replaces a phrase, where it is typed, by what it stands for.
    #[must_use]
    pub fn abbreviation(mut self, phrase: &str, meaning: &str) -> Self {
        self.abbreviations.push((words(phrase).join(" "), words(meaning).join(" ")));
        self
    }

    /// Makes the image. The same texts make the same bytes.
    ///
    /// # Errors
    ///
    /// If there are more than four gigabytes of something.
    pub fn build(mut self) -> Result<Vec<u8>, BuildError> {
        // The longest phrase first, so that no shorter one takes a part of it.
        self.abbreviations.sort_by_key(|(phrase, _)| (Reverse(phrase.len()), phrase.clone()));
        let ranked = self.ranked();
        let mut holding: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (text, ranked) in ranked.iter().enumerate() {
            for word in words(&ranked.text) {
                holding.entry(word).or_default().insert(text);
            }
        }
        let (mut texts, mut ends, mut letters) = (Vec::new(), vec![0; 4], Vec::new());
        let (mut starts, mut postings) = (Vec::new(), Vec::new());
        for ranked in &ranked {
            texts.extend(u32_of(ranked.index)?);
        }
        for (word, holding) in &holding {
            letters.extend(word.bytes());
            ends.extend(u32_of(letters.len())?);
            starts.extend(u32_of(postings.len())?);
            postings.extend(posting(holding, ranked.len()));
        }
        starts.extend(u32_of(postings.len())?);
        let lines = self.abbreviations.iter().map(|(phrase, meaning)| format!("{phrase}\t{meaning}\n"));
        let fingerprint = self.table.fingerprint().to_le_bytes().to_vec();
        FORM.write(&[fingerprint, texts, ends, letters, starts, postings, lines.collect::<String>().into_bytes()])
    }

    /// Every text, the one that is likeliest meant first: short ones before long ones, codes before headers. Who types the text of a header
    /// means the code under it for when nothing more is known, so that it leads there too: who types "malignant neoplasm of breast" does
    /// not mean the skin of it.
    fn ranked(&mut self) -> Vec<Ranked> {
        let mut least: HashMap<usize, Option<Concept<'t>>> = HashMap::new();
        let of_headers = self.texts.iter().filter(|text| is_header(text.concept));
        let of_codes: Vec<Text<'_>> = of_headers
            .filter_map(|text| {
                let header = text.concept;
                let code = *least.entry(header.index()).or_insert_with(|| least_specified(self.table, header));
                code.filter(|code| !is_in_title(*code, text)).map(|code| Text { concept: code, ..text.clone() })
            })
            .collect();
        self.texts.extend(of_codes);
        let rank = |Text { weight, is_title, concept, text }: Text<'t>| Ranked {
            weight,
            is_header: is_header(concept),
            is_no_title: !is_title,
            code: concept.code(),
            index: concept.index(),
            text,
        };
        let mut ranked: Vec<Ranked> = std::mem::take(&mut self.texts).into_iter().map(rank).collect();
        ranked.sort();
        ranked.dedup();
        ranked
    }
}

/// A text, and the code that it leads to.
#[derive(Clone, Debug)]
struct Text<'t> {
    weight: usize,
    is_title: bool,
    concept: Concept<'t>,
    text: String,
}

/// Whether a code is listed in another form as well, by which it is offered: a package of NDC in digits alone.
fn is_second_form(table: &Table, concept: Concept<'_>) -> bool {
    table.system() == NDC && !concept.code().contains('-')
}

/// Whether the title of a code has all the words of a text, and is no longer, so that it says as much as the text would.
fn is_in_title(code: Concept<'_>, text: &Text<'_>) -> bool {
    let title = code.latest().map(|listing| listing.title.to_string()).unwrap_or_default();
    let of_title = words(&title);
    weight(&title) <= text.weight && words(&text.text).iter().all(|word| of_title.contains(word))
}

fn is_header(concept: Concept<'_>) -> bool {
    concept.latest().is_none_or(|listing| !listing.selectable)
}

/// The code under a header that is for when nothing more is known: at each step down the one whose title adds least to that of the
/// header, and nothing, or that something is unspecified.
fn least_specified<'t>(table: &'t Table, header: Concept<'t>) -> Option<Concept<'t>> {
    let title = |concept: Concept<'_>| concept.latest().map(|listing| listing.title.to_string()).unwrap_or_default();
    let of_header = title(header);
    let known = telling_words(&of_header);
    let mut at = header;
    while is_header(at) {
        let added = |concept: Concept<'t>| {
            let title = title(concept);
            let added = telling_words(&affirmed(&title)).iter().filter(|word| !known.contains(word)).count();
            let vague = says_nothing_more(&title);
            (added == 0 || vague > says_nothing_more(&of_header)).then_some(((added, Reverse(vague)), concept))
        };
        at = table.children(&at.code()).into_iter().filter_map(added).min_by_key(|(added, _)| *added)?.1;
    }
    Some(at)
}

/// A text at its place among the others.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Ranked {
    weight: usize,
    is_header: bool,
    is_no_title: bool,
    code: String,
    index: usize,
    text: String,
}

/// Distances, or bits where those take no more.
fn posting(holding: &BTreeSet<usize>, texts: usize) -> Vec<u8> {
    let (mut distances, mut next) = (Vec::new(), 0);
    for text in holding {
        push_number(&mut distances, text + 1 - next);
        next = text + 1;
    }
    if distances.len() < bits::bytes(texts) {
        return distances;
    }
    let mut posting = vec![0; bits::bytes(texts)];
    for text in holding {
        if let Some(byte) = posting.get_mut(text / 8) {
            *byte |= 1 << (text % 8);
        }
    }
    posting
}

#[cfg(test)]
mod tests {
    use super::super::{SearchIndex, Wanted};
    use super::*;
    use crate::InvalidImage;
    use crate::table::{Edition, Release, Row, TableBuilder, Validity};
    use proptest::prelude::*;

    fn table(codes: &[(&str, bool, &str)]) -> Table {
        let row = |(code, selectable, title): &(&str, bool, &str)| Row {
            code: (*code).into(),
            selectable: *selectable,
            title: (*title).into(),
        };
        let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
        let builder = TableBuilder::new("urn:icd", "ICD").dot_after(3);
        Table::from_bytes(builder.edition(edition, codes.iter().map(row).collect()).build().unwrap()).unwrap()
    }

    fn small() -> Table {
        table(&[
            ("E11", false, "Type 2 diabetes mellitus"),
            ("E119", true, "Type 2 diabetes mellitus without complications"),
            ("E116", false, "Other specified complications"),
            ("E1165", true, "Type 2 diabetes mellitus with hyperglycemia"),
            ("E109", true, "Type 1 diabetes mellitus without complications"),
            ("N390", true, "Urinary tract infection, site not specified"),
            ("P393", true, "Neonatal urinary tract infection"),
            ("C8410", true, "Sézary disease, unspecified site"),
            ("C445", true, "Other malignant neoplasm of skin of breast"),
            ("C50", false, "Malignant neoplasm of breast"),
            ("C500", true, "Malignant neoplasm of nipple of breast"),
            ("C509", false, "Malignant neoplasm of breast of unspecified site"),
            ("C5091", true, "Malignant neoplasm of breast of unspecified site, right female breast"),
            ("C5099", true, "Malignant neoplasm of breast of unspecified site, unspecified female breast"),
            ("C798", true, "Secondary malignant neoplasm of breast"),
        ])
    }

    fn image() -> Vec<u8> {
        let table = small();
        let builder = SearchBuilder::new(&table).text("E11.9", "Diabetes NOS").text("Z99.9", "of no code");
        builder.abbreviation("UTI", "urinary tract infection").build().unwrap()
    }

    fn found(typed: &str, wanted: Wanted<'_>) -> Vec<String> {
        let index = SearchIndex::from_bytes(small(), image()).unwrap();
        index.search(typed, &wanted).into_iter().map(|hit| hit.code).collect()
    }

    #[test]
    fn words_beginnings_abbreviations_and_codes() {
        let all = Wanted::default();
        assert_eq!(found("type 2 diab", all), ["E11.9", "E11.65", "E11"]);
        assert_eq!(found("diabetes nos", all), ["E11.9"]);
        assert_eq!(found("uti", all), ["N39.0", "P39.3"]);
        assert_eq!(found("newborn uti", all), [""; 0]);
        assert_eq!(found("sezary", all), ["C84.10"]);
        assert_eq!(found("e119", all), ["E11.9"]);
        assert_eq!(found("E11.", all), ["E11.65", "E11.9", "E11", "E11.6"]);
        assert_eq!(found("", all), [""; 0]);
    }

    #[test]
    fn the_text_of_a_header_leads_to_the_code_for_when_nothing_more_is_known() {
        let hits = found("breast malignant neoplasm", Wanted::default());
        assert_eq!(hits[0], "C50.99");
        assert_eq!(hits.iter().position(|code| code == "C50"), Some(5), "headers stand behind all codes");
    }

    #[test]
    fn what_a_title_denies_adds_nothing_to_it() {
        let codes = [
            ("G43", false, "Migraine"),
            ("G430", true, "Migraine without aura"),
            ("G438", true, "Other migraine"),
            ("G439", false, "Migraine, unspecified"),
            ("G4390", false, "Migraine, unspecified, not intractable"),
            ("G43901", true, "Migraine, unspecified, not intractable, with status migrainosus"),
            ("G43909", true, "Migraine, unspecified, not intractable, without status migrainosus"),
            ("G4391", true, "Migraine, unspecified, intractable"),
            ("G44", false, "Headache with a cause"),
            ("G440", true, "Headache with a known cause"),
        ];
        let table = table(&codes);
        let least = |code: &str| least_specified(&table, table.get(code).unwrap()).map(|concept| concept.code());
        assert_eq!(least("G43").as_deref(), Some("G43.909"));
        assert_eq!(least("G44"), None, "no code is for when nothing more is known");
    }

    #[test]
    fn a_plural_finds_the_singular_behind_itself() {
        assert_eq!(found("diseases site", Wanted::default()), ["C84.10"]);
        assert_eq!(found("infections", Wanted::default()), ["N39.0", "P39.3"]);
    }

    #[test]
    fn what_is_not_wanted_is_not_found() {
        let wanted = Wanted { selectable: true, limit: 2, ..Wanted::default() };
        assert_eq!(found("diabetes", wanted).len(), 2);
        assert!(!found("type 2", Wanted { selectable: true, ..Wanted::default() }).contains(&"E11".to_owned()));
        assert!(found("uti", Wanted { on: "2020-01-01".parse().ok(), ..Wanted::default() }).is_empty());
    }

    #[test]
    fn codes_are_typed_whole_or_in_part_whatever_their_system() {
        let find = |codes: &[&str], typed: &str| {
            let edition = Edition { label: "2026".into(), from: "2025-10-01".parse().unwrap(), last: None };
            let row = |code: &&str| Row { code: (*code).into(), selectable: true, title: "a title".into() };
            let builder = TableBuilder::new("urn:s", "S").edition(edition, codes.iter().map(row).collect());
            let table = Table::from_bytes(builder.build().unwrap()).unwrap();
            let index = SearchIndex::from_bytes(table.clone(), SearchBuilder::new(&table).build().unwrap()).unwrap();
            let hits = index.search(typed, &Wanted::default());
            hits.into_iter().map(|hit| hit.code).collect::<Vec<_>>().join(" ")
        };
        let loinc = ["4548-4", "45484-1", "2160-0", "718-7", "LA6576-8"];
        assert_eq!(find(&loinc, "4548-4"), "4548-4");
        assert_eq!(find(&loinc, "4548"), "4548-4 45484-1");
        assert_eq!(find(&loinc, " 718- "), "718-7");
        assert_eq!(find(&loinc, "la6576-8"), "LA6576-8");
        let hcpcs = ["A0425", "A0428", "A0999", "J3490", "LT"];
        assert_eq!(find(&hcpcs, "a0425"), "A0425");
        for typed in ["a042", "a04", "A 04"] {
            assert_eq!(find(&hcpcs, typed), "A0425 A0428", "{typed}");
        }
        assert_eq!(find(&hcpcs, "a0"), "A0425 A0428 A0999");
        assert_eq!(find(&hcpcs, "lt"), "LT");
        assert_eq!(find(&hcpcs, "z9"), "");
    }

    #[test]
    fn no_more_is_read_than_a_person_types() {
        let long = format!("type 2 diabetes {}", "x".repeat(1 << 22));
        assert_eq!(found(&long, Wanted::default()), [""; 0]);
        assert_eq!(found(&format!("{} diab", "type 2 ".repeat(1 << 20)), Wanted::default()).len(), 3);
    }

    #[test]
    fn a_code_is_offered_on_its_own_days_only() {
        let row = |code: &str| Row { code: code.into(), selectable: true, title: format!("Glucose {code}") };
        let day = |text: &str| text.parse().ok();
        let days = |code: &str, from, until| Validity { code: code.into(), from, until, replaced_by: Vec::new() };
        let validity = vec![days("1", None, day("2025-06-01")), days("2", day("2025-06-01"), None)];
        let edition = Edition { label: "2025".into(), from: "2025-01-01".parse().unwrap(), last: None };
        let builder = TableBuilder::new("urn:s", "S");
        let builder = builder.release(edition, Release { rows: vec![row("1"), row("2"), row("3")], validity });
        let table = Table::from_bytes(builder.build().unwrap()).unwrap();
        let image = SearchBuilder::new(&table).build().unwrap();
        let index = SearchIndex::from_bytes(table, image).unwrap();
        let found = |selectable, on: &str| {
            let hits = index.search("glucose", &Wanted { selectable, on: day(on), ..Wanted::default() });
            hits.iter().map(|hit| (hit.code.clone(), hit.selectable)).collect::<Vec<_>>()
        };
        let hit = |code: &str, selectable| (code.to_owned(), selectable);
        assert_eq!(found(true, "2025-05-31"), [hit("1", true), hit("3", true)]);
        assert_eq!(found(true, "2025-06-01"), [hit("2", true), hit("3", true)]);
        assert_eq!(found(false, "2025-06-01"), [hit("2", true), hit("3", true), hit("1", false)]);
    }

    #[test]
    fn an_index_of_another_table_is_refused() {
        let other = table(&[("I10", true, "Essential (primary) hypertension")]);
        let refused = SearchIndex::from_bytes(other, image()).err();
        assert_eq!(refused, Some(InvalidImage::OtherTable { what: "search index" }));
    }

    proptest! {
        #[test]
        fn damage_does_not_stop_the_program(damage in proptest::collection::vec((0usize..900, any::<u8>()), 1..8), typed in ".{0,12}") {
            let mut image = image();
            for (place, byte) in damage {
                let length = image.len();
                image[place % length] = byte;
            }
            if let Ok(index) = SearchIndex::from_bytes(small(), image) {
                for typed in ["type 2 diab", "uti", "d", typed.as_str()] {
                    prop_assert!(index.search(typed, &Wanted::default()).len() <= 10);
                }
            }
        }
    }
}
