//! The same chart, as four people see it.

use std::collections::{BTreeMap, BTreeSet};

use chartroom::access::label::Labelled;
use chartroom::access::{Decision, Effect, Purpose, Reason, Relationship};
use chartroom::record::{ClassSet, Json, Resource};
use chartroom::store::Store as _;
use chartroom::vault::{PatientKey, RecordId, SealedRecord};

use crate::house::{Failure, House, Opened, PHYSICIAN, Reader};
use crate::intake::Taken;

const READERS: [Reader; 4] = [
    PHYSICIAN,
    Reader {
        title: "billing clerk",
        id: "clerk-okafor",
        role: "billing-clerk",
        purpose: Purpose::Payment,
        relationship: Relationship::None,
        break_glass: None,
    },
    Reader {
        title: "front desk",
        id: "desk-lindqvist",
        role: "front-desk",
        purpose: Purpose::Operations,
        relationship: Relationship::None,
        break_glass: None,
    },
    Reader {
        title: "researcher",
        id: "study-17",
        role: "researcher",
        purpose: Purpose::Research,
        relationship: Relationship::None,
        break_glass: None,
    },
];

/// How wide a line of the side-by-side view may be.
const WIDTH: usize = 130;

/// The chart that is shown.
pub struct Chart {
    pub token: RecordId,
    pub key: PatientKey,
    pub records: Vec<SealedRecord>,
    /// Positions of the records that are shown one by one, each with the codes that make it sensitive.
    shown: Vec<(usize, Vec<OwnedLabel>)>,
}

impl Chart {
    /// The kinds of sensitivity among the records that are shown.
    fn kinds(&self) -> impl Iterator<Item = &str> {
        let labels: BTreeSet<_> = self.shown.iter().flat_map(|(_, labels)| labels).map(|found| &*found.label).collect();
        labels.into_iter()
    }

    /// The last of the records that are shown: a sensitive one, where there is any.
    pub fn shown_last(&self) -> Option<&SealedRecord> {
        self.shown.iter().max_by_key(|(_, labels)| labels.len()).and_then(|(index, _)| self.records.get(*index))
    }
}

/// Why a record is sensitive: the code, the label, the list.
#[derive(Clone, PartialEq)]
pub struct OwnedLabel {
    pub label: String,
    pub code: String,
    pub source: String,
}

impl From<Labelled<'_>> for OwnedLabel {
    fn from(found: Labelled<'_>) -> Self {
        Self { label: found.label.code().to_owned(), code: found.code.to_owned(), source: found.source.to_owned() }
    }
}

/// How many charts are looked at to find the one to show.
const CANDIDATES: usize = 8;

/// The charts of the first patients, the one with the most kinds of sensitive records first. Choosing opens them as the
/// physician does, and so on record.
pub fn most_telling(house: &mut House, taken: &Taken) -> Result<Vec<Chart>, Failure> {
    let mut charts = Vec::new();
    for token in taken.patients.iter().copied().take(CANDIDATES) {
        let key = house.patient_key(token)?;
        let records = house.store.records_of(token)?;
        let opened = house.open_for(&PHYSICIAN, &key, &records)?;
        charts.push(Chart { token, key, records, shown: choose(house, &opened) });
    }
    charts.sort_by_key(|chart| std::cmp::Reverse(chart.kinds().count()));
    let mut known: BTreeSet<String> = BTreeSet::new();
    for chart in &mut charts {
        // Of the further charts, only what is sensitive in a way not shown before.
        let first = known.is_empty();
        chart.shown.retain(|(_, labels)| first || labels.iter().any(|found| !known.contains(&found.label)));
        known.extend(chart.kinds().map(str::to_owned));
        known.insert(String::new());
    }
    charts.retain(|chart| !chart.shown.is_empty());
    Ok(charts)
}

/// The patient, the first plain condition, and the first record of each kind of sensitivity.
fn choose(house: &House, opened: &[Opened]) -> Vec<(usize, Vec<OwnedLabel>)> {
    let mut shown: Vec<(usize, Vec<OwnedLabel>)> = Vec::new();
    let mut plain_types = vec!["Patient", "Condition", "Observation", "Encounter"];
    for (index, view) in opened.iter().enumerate() {
        let Ok(view) = view else { continue };
        let labels = labels_of(house, view.get());
        let fresh = labels.iter().any(|label| !shown.iter().any(|(_, known)| known.contains(label)));
        let plain = labels.is_empty() && plain_types.contains(&view.get().type_name());
        if plain {
            plain_types.retain(|name| *name != view.get().type_name());
        }
        if plain || (fresh && view.get().type_name() == "Condition") {
            shown.push((index, labels));
        }
    }
    shown
}

fn labels_of(house: &House, resource: &Resource) -> Vec<OwnedLabel> {
    let mut found = Vec::new();
    resource.for_each_coding(|system, code, _| {
        for label in house.labels.why(system, code).map(OwnedLabel::from) {
            if !found.contains(&label) {
                found.push(label);
            }
        }
    });
    found
}

/// The chart as each reader sees it: first in numbers, then some records side by side with the reason for each mask.
pub fn side_by_side(house: &mut House, chart: &Chart) -> Result<(), Failure> {
    println!("{:<14} {:>8} {:>8} {:>8}", "reader", "whole", "in part", "refused");
    for reader in &READERS {
        let opened = house.open_for(reader, &chart.key, &chart.records)?;
        let whole = opened.iter().flatten().filter(|view| view.masked_classes().is_empty()).count();
        let refused = opened.iter().filter(|view| view.is_err()).count();
        println!("{:<14} {whole:>8} {:>8} {refused:>8}", reader.title, opened.len() - whole - refused);
    }
    shown_records(house, chart)
}

/// The records of a chart that are shown one by one.
pub fn shown_records(house: &mut House, chart: &Chart) -> Result<(), Failure> {
    for (index, labels) in &chart.shown {
        let Some(record) = chart.records.get(*index) else { continue };
        println!("\n{} {}", record.resource_type(), record.id());
        for OwnedLabel { label, code, source } in labels {
            println!("  sensitive: {code} is on the list \"{source}\", which makes the record {label}");
        }
        for reader in &READERS {
            let opened = house.open_for(reader, &chart.key, std::slice::from_ref(record))?;
            opened.iter().for_each(|opened| show(reader, opened));
        }
    }
    Ok(())
}

/// One record as one reader sees it.
pub fn show(reader: &Reader, opened: &Opened) {
    match opened {
        Ok(view) => {
            println!("  {:<14} {}", reader.title, clip(&gist(&view.to_json())));
            masks(view.decision());
        }
        Err(denial) => {
            println!("  {:<14} nothing", reader.title);
            masks(denial.decision());
        }
    }
}

/// The masked classes, those with the same reason together.
fn masks(decision: &Decision) {
    let mut grounds: BTreeMap<String, ClassSet> = BTreeMap::new();
    for reason in decision.reasons().filter(|reason| reason.effect != Effect::Granted) {
        grounds.entry(words(&reason)).or_default().insert(reason.class);
    }
    for (ground, classes) in grounds {
        let names: Vec<_> = classes.iter().map(|class| class.name()).collect();
        println!("  {:<14}   masked: {} ({ground})", "", names.join(", "));
    }
}

fn words(reason: &Reason<'_>) -> String {
    match (reason.rule_id(), reason.citation()) {
        (Some(rule), Some(citation)) => format!("{rule}, {}", citation.source),
        (Some(rule), None) => rule.to_owned(),
        (None, _) => "no rule permits it".to_owned(),
    }
}

/// What stands in a record, without the addresses and codes around it.
fn gist(json: &str) -> String {
    let mut texts = Vec::new();
    if let Ok(value) = Json::parse(json) {
        gather(&value, &mut texts);
    }
    if texts.is_empty() { "(nothing that has words)".to_owned() } else { texts.join(" · ") }
}

fn gather(value: &Json, texts: &mut Vec<String>) {
    match value {
        Json::String(text) if !texts.iter().any(|known| known == text.as_str()) => texts.push(text.as_str().to_owned()),
        Json::Number(text) => texts.push(text.as_str().to_owned()),
        Json::Array(items) => items.iter().for_each(|item| gather(item, texts)),
        Json::Object(members) => {
            let telling = members.iter().filter(|(name, value)| {
                let frame = FRAME.contains(&name.as_str());
                !frame || (matches!(value, Json::Object(_)) && name.as_str() == "code")
            });
            telling.for_each(|(_, value)| gather(value, texts));
        }
        _ => {}
    }
}

/// Members that frame what a record says.
const FRAME: [&str; 15] = [
    "resourceType",
    "id",
    "meta",
    "text",
    "extension",
    "system",
    "url",
    "use",
    "type",
    "code",
    "reference",
    "status",
    "div",
    "valueCode",
    "category",
];

fn clip(text: &str) -> String {
    let mut letters = text.chars();
    let clipped: String = letters.by_ref().take(WIDTH).collect();
    if letters.next().is_some() { clipped + "…" } else { clipped }
}
