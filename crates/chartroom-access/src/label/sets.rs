//! Labels from codes: which codes make a record sensitive, as data with its source.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::{LabelSet, Sensitivity};
use crate::text::{self, Fault, Table};
use crate::{PolicyError, ResourceType};

/// Which codes carry which sensitivity labels, read from TOML.
///
/// Codes are compared without regard to case and to dots, so `F11.20`, `f11.20` and `F1120` are one code.
///
/// ```
/// use chartroom_access::label::{LabelSets, Sensitivity};
///
/// let labels = LabelSets::starter();
/// let icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";
/// assert!(labels.of(icd10cm, "B20").contains(Sensitivity::Hiv));
/// assert!(labels.of(icd10cm, "J45.909").is_empty());
///
/// let why = labels.why(icd10cm, "F11.20").next().unwrap();
/// assert_eq!(why.label, Sensitivity::SubstanceUse);
/// assert!(why.source.contains("ICD-10-CM"));
/// ```
#[derive(Clone, Default)]
pub struct LabelSets {
    pub(super) sets: Vec<Set>,
    /// By system: the points of the code space at which the labels change.
    systems: BTreeMap<String, Vec<Step>>,
}

/// Why a code carries a label.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Labelled<'a> {
    /// The label.
    pub label: Sensitivity,
    /// The system of the code.
    pub system: &'a str,
    /// The code, as asked. Empty where the record carries the label by its type or by where it comes from; so is the system.
    pub code: &'a str,
    /// Where the set that lists the code comes from.
    pub source: &'a str,
    /// The date of that source.
    pub dated: NaiveDate,
}

impl Labelled<'_> {
    /// Whether it is about no code: the record carries the label by its type or by where it comes from.
    pub(crate) fn is_without_code(&self) -> bool {
        self.system.is_empty() && self.code.is_empty()
    }
}

impl LabelSets {
    /// Reads label sets from TOML.
    ///
    /// Each `[[set]]` has a `label`, the code `systems` it speaks of (a system's other names too), its `source`, the date of the
    /// source in `dated`, and at least one of `codes` (exactly these), `prefixes` (each code that begins so) and `ranges` (from
    /// the first prefix to the last, such as `"A50-A64"`).
    ///
    /// A set may also ask, or ask instead, for the `types` of records, for their `originators` and for the `organizations` that
    /// keep them: its label is for records of which all of that is true. Such a set does not make anything known about the other
    /// codes of a system, so [`covers`](Self::covers) passes it over. [`facts`](Self::facts) asks it.
    ///
    /// # Errors
    /// When the text is not TOML, or has a field, a label or a date that does not belong there.
    ///
    /// ```
    /// use chartroom_access::label::{LabelSets, Sensitivity};
    ///
    /// let house = LabelSets::from_toml(r#"
    ///     [[set]]
    ///     label = "HIV"
    ///     systems = ["http://loinc.org"]
    ///     source = "House list of HIV tests"
    ///     dated = 2026-01-15
    ///     codes = ["75622-1", "56888-1"]
    /// "#)?;
    /// let labels = LabelSets::starter().and(house);
    /// assert!(labels.of("http://loinc.org", "75622-1").contains(Sensitivity::Hiv));
    ///
    /// let program = LabelSets::from_toml(r#"
    ///     [[set]]
    ///     label = "42CFRPart2"
    ///     organizations = ["harbor-recovery"]
    ///     source = "Our substance use disorder program"
    ///     dated = 2026-01-15
    /// "#)?;
    /// assert!(!program.covers("http://loinc.org"));
    /// # Ok::<(), chartroom_access::PolicyError>(())
    /// ```
    pub fn from_toml(text: &str) -> Result<Self, PolicyError> {
        let sets = text::read::<Document>(text)
            .and_then(|document| document.set.iter().map(|set| Set::read(set)).collect())
            .map_err(|fault| fault.within(text))?;
        Ok(Self::indexed(sets))
    }

    /// The sets that come with this crate: ICD-10-CM for HIV, substance use, mental health, sexual and reproductive health, sexually
    /// transmitted and genetic disease, and violence. A starting point for review by those who answer for it, not legal advice.
    pub fn starter() -> Self {
        // A test holds the shipped text to be right; were it not, a policy would still refuse what it does not permit.
        Self::from_toml(STARTER).unwrap_or_default()
    }

    /// These sets and the others. A code carries the labels of both.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self::indexed(self.sets.into_iter().chain(other.sets).collect())
    }

    /// The labels of a code: one search among the sorted sets of its system.
    pub fn of(&self, system: &str, code: &str) -> LabelSet {
        self.listed(system, code).unwrap_or(LabelSet::NONE)
    }

    /// The same; none where no set covers the system.
    pub(super) fn listed(&self, system: &str, code: &str) -> Option<LabelSet> {
        let steps = self.systems.get(system)?;
        let after = steps.partition_point(|step| step.from.iter().copied().le(normal(code)));
        let step = after.checked_sub(1).and_then(|index| steps.get(index));
        Some(step.map_or(LabelSet::NONE, |step| step.labels))
    }

    /// Whether any set speaks of this code system. Of a system that no set covers, the absence of labels says nothing.
    pub fn covers(&self, system: &str) -> bool {
        self.systems.contains_key(system)
    }

    /// Each set that lists the code: the beginning of the chain from code to label to rule to citation.
    pub fn why<'a>(&'a self, system: &'a str, code: &'a str) -> impl Iterator<Item = Labelled<'a>> {
        self.sets
            .iter()
            .filter(move |set| !set.asks_for_records() && set.lists(system, code))
            .map(move |set| Labelled { label: set.label, system, code, source: &set.source, dated: set.dated })
    }

    fn indexed(sets: Vec<Set>) -> Self {
        let mut edges = BTreeMap::<&String, Vec<Edge>>::new();
        for set in sets.iter().filter(|set| !set.asks_for_records()) {
            for system in &set.systems {
                edges.entry(system).or_default().extend(set.spans.iter().flat_map(|span| span.edges(set.label)));
            }
        }
        let systems = edges.into_iter().map(|(system, edges)| (system.clone(), steps(edges))).collect();
        Self { sets, systems }
    }
}

impl std::fmt::Debug for LabelSets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LabelSets").field("sets", &self.sets.len()).finish_non_exhaustive()
    }
}

/// Leaves out the code: it stands in someone's record.
impl std::fmt::Debug for Labelled<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { label, system, code: _, source, dated } = self;
        let mut out = f.debug_struct("Labelled");
        out.field("label", label).field("system", system).field("source", source).field("dated", dated);
        out.finish_non_exhaustive()
    }
}

const STARTER: &str = include_str!("../../labels/starter.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    set: Vec<Table<SetText>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetText {
    label: Spanned<String>,
    systems: Option<Names>,
    source: Spanned<String>,
    dated: Spanned<Datetime>,
    #[serde(default)]
    codes: Vec<Spanned<String>>,
    #[serde(default)]
    prefixes: Vec<Spanned<String>>,
    #[serde(default)]
    ranges: Vec<Spanned<String>>,
    types: Option<Names>,
    originators: Option<Names>,
    organizations: Option<Names>,
}

/// What carries one label: codes, and records of some types, from somewhere.
#[derive(Clone)]
pub(super) struct Set {
    pub(super) label: Sensitivity,
    pub(super) systems: Vec<String>,
    pub(super) source: String,
    pub(super) dated: NaiveDate,
    spans: Vec<Span>,
    pub(super) types: Option<Vec<ResourceType>>,
    pub(super) originators: Option<Vec<String>>,
    pub(super) organizations: Option<Vec<String>>,
}

impl Set {
    fn read(text: &SetText) -> Result<Self, Fault> {
        let codes = text.codes.iter().map(|code| key(code, code.get_ref()).map(Span::exactly));
        let prefixes =
            text.prefixes.iter().map(|prefix| key(prefix, prefix.get_ref()).map(|key| Span::between(&key, &key)));
        let ranges = text.ranges.iter().map(range);
        let spans = codes.chain(prefixes).chain(ranges).collect::<Result<Vec<_>, _>>()?;
        let set = Self {
            label: text::term(&text.label, "label")?,
            systems: names(text.systems.as_ref())?.unwrap_or_default(),
            source: text::filled(&text.source)?,
            dated: text::date(&text.dated)?,
            types: types(text.types.as_ref())?,
            originators: names(text.originators.as_ref())?,
            organizations: names(text.organizations.as_ref())?,
            spans,
        };
        match (set.systems.is_empty(), set.spans.is_empty()) {
            (true, true) if set.asks_for_records() => Ok(set),
            (false, false) => Ok(set),
            (true, false) => Err(Fault::new(&text.label, "the codes of the set need their `systems`")),
            (_, true) => Err(Fault::new(&text.label, "the set needs `codes`, `prefixes` or `ranges`")),
        }
    }

    /// Whether it is about some records only, and not about codes wherever they stand.
    pub(super) fn asks_for_records(&self) -> bool {
        self.types.is_some() || self.originators.is_some() || self.organizations.is_some()
    }

    /// Whether it is about records as they are, whatever their codes.
    pub(super) fn is_without_codes(&self) -> bool {
        self.spans.is_empty()
    }

    pub(super) fn lists(&self, system: &str, code: &str) -> bool {
        self.systems.iter().any(|own| own == system) && self.spans.iter().any(|span| span.contains(code))
    }
}

type Names = Spanned<Vec<Spanned<String>>>;

fn names(names: Option<&Names>) -> Result<Option<Vec<String>>, Fault> {
    names.map(|names| text::not_empty(names)?.iter().map(text::filled).collect()).transpose()
}

fn types(names: Option<&Names>) -> Result<Option<Vec<ResourceType>>, Fault> {
    let read = |name: &Spanned<String>| match ResourceType::of(name.get_ref()) {
        ResourceType::UNKNOWN => Err(Fault::new(name, "unknown resource type of FHIR R4")),
        known => Ok(known),
    };
    names.map(|names| text::not_empty(names)?.iter().map(read).collect()).transpose()
}

fn range(text: &Spanned<String>) -> Result<Span, Fault> {
    let (first, last) = text
        .get_ref()
        .split_once('-')
        .ok_or_else(|| Fault::new(text, "a range has a first and a last prefix, with a hyphen between"))?;
    let (first, last) = (key(text, first)?, key(text, last)?);
    if first > last || first.len() != last.len() {
        return Err(Fault::new(text, "a range rises from its first prefix to its last, both of one length"));
    }
    Ok(Span::between(&first, &last))
}

/// The form in which a code of a set is compared.
fn key(place: &Spanned<String>, code: &str) -> Result<Vec<u8>, Fault> {
    let key: Vec<u8> = normal(code.trim()).collect();
    if key.is_empty() || !key.iter().all(u8::is_ascii_graphic) {
        return Err(Fault::new(place, "a code is made of letters, digits and signs"));
    }
    Ok(key)
}

fn normal(code: &str) -> impl Iterator<Item = u8> {
    code.bytes().filter(|byte| *byte != b'.').map(|byte| byte.to_ascii_uppercase())
}

/// A stretch of the code space, in the order of bytes.
#[derive(Clone)]
struct Span {
    from: Vec<u8>,
    until: Vec<u8>,
}

impl Span {
    fn exactly(key: Vec<u8>) -> Self {
        let until = key.iter().copied().chain([0]).collect();
        Self { from: key, until }
    }

    /// From the first code that begins with `first` to the last that begins with `last`.
    fn between(first: &[u8], last: &[u8]) -> Self {
        let mut until = last.to_vec();
        // A key is ASCII, so its last byte has a successor.
        if let Some(byte) = until.last_mut() {
            *byte = byte.saturating_add(1);
        }
        Self { from: first.to_vec(), until }
    }

    fn contains(&self, code: &str) -> bool {
        self.from.iter().copied().le(normal(code)) && self.until.iter().copied().gt(normal(code))
    }

    fn edges(&self, label: Sensitivity) -> [Edge; 2] {
        let edge = |at: &[u8], opens| Edge { at: at.to_vec(), label, opens };
        [edge(&self.from, true), edge(&self.until, false)]
    }
}

/// One end of a span.
struct Edge {
    at: Vec<u8>,
    label: Sensitivity,
    opens: bool,
}

/// From this point of the code space on, codes carry these labels.
#[derive(Clone)]
struct Step {
    from: Box<[u8]>,
    labels: LabelSet,
}

/// Walks along the edges and counts which spans are open after each.
fn steps(mut edges: Vec<Edge>) -> Vec<Step> {
    edges.sort_by(|a, b| a.at.cmp(&b.at));
    let mut open = BTreeMap::<Sensitivity, usize>::new();
    let mut steps = Vec::<Step>::new();
    for group in edges.chunk_by(|a, b| a.at == b.at) {
        for edge in group {
            let count = open.entry(edge.label).or_default();
            // Spans may close where others open, in any order, so the count may dip and come back.
            *count = if edge.opens { count.wrapping_add(1) } else { count.wrapping_sub(1) };
        }
        if let Some(edge) = group.first() {
            let labels = open.iter().filter(|(_, count)| **count != 0).map(|(label, _)| *label).collect();
            steps.push(Step { from: edge.at.as_slice().into(), labels });
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

    #[test]
    fn the_starter_reads() {
        let labels = LabelSets::from_toml(STARTER).expect("shipped");
        let of = |code| labels.of(ICD10CM, code);
        assert_eq!(of("B20"), Sensitivity::Hiv.into());
        assert_eq!(of("Z21"), Sensitivity::Hiv.into());
        assert!(of("F11.20").contains(Sensitivity::SubstanceUse));
        assert!(of("f1120").contains(Sensitivity::OpioidUseDisorder));
        assert!(of("F10.20").contains(Sensitivity::AlcoholUseDisorder));
        assert!(of("F33.1").contains(Sensitivity::Psychiatry));
        assert!(of("T74.21XA").contains(Sensitivity::SexualAndDomesticViolence));
        for ordinary in ["I10", "E11.9", "F17.210", "J45.909", "B19.20", "B21", "Z22", "", ".", "ZZZ", "\u{0}", "é"] {
            assert_eq!(of(ordinary), LabelSet::NONE, "{ordinary:?}");
        }
        assert_eq!(labels.of("urn:oid:2.16.840.1.113883.6.90", "B20"), Sensitivity::Hiv.into());
        assert_eq!(labels.of("http://snomed.info/sct", "B20"), LabelSet::NONE);
        assert!(labels.covers(ICD10CM) && !labels.covers("http://snomed.info/sct"));
    }

    #[test]
    fn the_starter_has_a_set_with_its_source_for_each_kind() {
        use Sensitivity::*;
        let labels = LabelSets::starter();
        for label in [
            Hiv,
            SubstanceUse,
            AlcoholUseDisorder,
            OpioidUseDisorder,
            Psychiatry,
            DevelopmentalDisability,
            SexualAndReproductiveHealth,
            SexuallyTransmittedDisease,
            GeneticDisease,
            SickleCell,
            SexualAndDomesticViolence,
            Violence,
        ] {
            let sourced = |set: &&Set| set.label == label && set.source.starts_with("ICD-10-CM: ");
            assert!(labels.sets.iter().any(|set| sourced(&set)), "{label}");
        }
        // An overdose by intent tells of it in its sixth character, and only there.
        assert_eq!(labels.of(ICD10CM, "T39.012A"), Psychiatry.into());
        assert_eq!(labels.of(ICD10CM, "T39.011A"), LabelSet::NONE);
        assert_eq!(labels.of(ICD10CM, "Z29.81"), Hiv.into());
    }

    #[test]
    fn exact_codes_do_not_reach_further() {
        let labels = LabelSets::from_toml(
            "[[set]]\nlabel = \"HIV\"\nsystems = [\"s\"]\nsource = \"x\"\ndated = 2026-01-01\ncodes = [\"123\"]",
        )
        .expect("well formed");
        assert!(!labels.of("s", "123").is_empty());
        assert!(labels.of("s", "1234").is_empty() && labels.of("s", "12").is_empty());
        assert_eq!(labels.clone().and(labels).why("s", "123").count(), 2);
    }

    #[test]
    fn what_does_not_belong_is_refused() {
        let refused = |line: &str| {
            let text =
                format!("[[set]]\nlabel = \"HIV\"\nsystems = [\"s\"]\nsource = \"x\"\ndated = 2026-01-01\n{line}\n");
            LabelSets::from_toml(&text).expect_err("must be refused").to_string()
        };
        assert_eq!(refused(""), "line 2, column 9: the set needs `codes`, `prefixes` or `ranges`");
        assert!(refused("ranges = [\"B20\"]").starts_with("line 6, column 11: a range has"));
        assert!(refused("ranges = [\"B29-B20\"]").starts_with("line 6, column 11: a range rises"));
        assert!(refused("codes = [\"  \"]").starts_with("line 6, column 10: a code is made"));
        assert!(refused("types = [\"Thing\"]").starts_with("line 6, column 10: unknown resource type"));
        assert!(refused("organizations = []").starts_with("line 6, column 17: an empty list"));
        let homeless = "[[set]]\nlabel = \"HIV\"\nsource = \"x\"\ndated = 2026-01-01\ncodes = [\"1\"]";
        assert!(
            LabelSets::from_toml(homeless).expect_err("must be refused").to_string().contains("need their `systems`")
        );
        assert!(refused("kodes = []").starts_with("line 6, column 1: unknown field"));
        assert!(!refused("codes = [7]").contains('7'));
    }

    proptest! {
        #[test]
        fn the_search_agrees_with_the_list(code in "[A-Za-z][0-9][0-9A-Z](\\.?[0-9A-Z]{0,4})") {
            let labels = LabelSets::starter();
            let listed: LabelSet = labels.why(ICD10CM, &code).map(|labelled| labelled.label).collect();
            prop_assert_eq!(labels.of(ICD10CM, &code), listed);
        }

        #[test]
        fn no_text_panics(text in ".{0,200}") {
            let _ = LabelSets::from_toml(&text);
        }
    }
}
