//! Where HL7's terminology tests contradict themselves: what a response expects is not what the suite's own resources or its
//! other responses say. Such an expectation cannot be met, and the finding says where the contradiction lies.

use std::collections::BTreeMap;

use serde_json::Value;

/// How often each message is worded how, over all responses.
#[derive(Default)]
pub struct Wordings {
    /// By the wording without quotation marks, the wordings with them.
    by_bare: BTreeMap<String, BTreeMap<String, usize>>,
}

impl Wordings {
    /// Counts the texts of the issues in a response.
    pub fn count(&mut self, response: &Value) {
        issue_texts(response).into_iter().for_each(|text| self.count_text(text));
    }

    /// Counts a text.
    pub fn count_text(&mut self, text: &str) {
        let quoted = skeleton(text);
        *self.by_bare.entry(bare(&quoted)).or_default().entry(quoted).or_default() += 1;
    }

    /// If a response words a message otherwise than more responses do: the contradiction, and the response as they word it.
    pub fn contradiction(&self, response: &Value) -> Option<(String, Value)> {
        let (text, usual) = issue_texts(response).into_iter().find_map(|text| {
            let own = skeleton(text);
            let usual = self.by_bare.get(&bare(&own))?.iter().max_by_key(|(_, count)| **count)?.0;
            (*usual != own).then_some((text, usual))
        })?;
        let quoted: Vec<_> =
            text.split(' ').map(|word| if is_url(word) { format!("'{word}'") } else { word.to_owned() }).collect();
        let quoted = quoted.join(" ");
        let reason =
            format!("expects a message without quotation marks that other responses expect with them: {usual}");
        (skeleton(&quoted) == *usual).then(|| (reason, replaced(response, text, &quoted)))
    }
}

/// If a response expects a display that the code has in none of the resources: the contradiction, and the response with the
/// display that the resources say.
pub fn display_contradiction(response: &Value, resources: &[Value]) -> Option<(String, Value)> {
    let mut corrected = response.clone();
    let mut reasons = Vec::new();
    for entry in corrected["expansion"]["contains"].as_array_mut()? {
        let of_entry = resources.iter().filter(|resource| {
            resource["url"] == entry["system"]
                && (entry["version"].is_null() || resource["version"] == entry["version"])
        });
        let latest = of_entry.max_by_key(|resource| resource["version"].as_str().unwrap_or_default().to_owned());
        let Some(display) = latest.and_then(|system| display_in(&system["concept"], &entry["code"])) else { continue };
        if display != entry["display"] {
            reasons.push(format!("expects the display {} where its code system says {display}", entry["display"]));
            entry["display"] = display;
        }
    }
    (!reasons.is_empty()).then(|| (reasons.join("; "), corrected))
}

fn display_in(concepts: &Value, code: &Value) -> Option<Value> {
    concepts.as_array()?.iter().find_map(|concept| {
        if concept["code"] == *code { Some(concept["display"].clone()) } else { display_in(&concept["concept"], code) }
    })
}

fn issue_texts(response: &Value) -> Vec<&str> {
    let outcomes = response["parameter"].as_array().into_iter().flatten().map(|parameter| &parameter["resource"]);
    let issues = outcomes.chain([response]).filter_map(|outcome| outcome["issue"].as_array()).flatten();
    issues.filter_map(|issue| issue["details"]["text"].as_str()).collect()
}

/// A text without the URLs in it.
fn skeleton(text: &str) -> String {
    let words = text.split(' ').map(|word| match word.find("http") {
        Some(0) => "URL",
        Some(1) => "'URL'",
        _ => word,
    });
    words.collect::<Vec<_>>().join(" ")
}

fn bare(text: &str) -> String {
    text.replace('\'', "")
}

fn is_url(word: &str) -> bool {
    word.starts_with("http")
}

fn replaced(value: &Value, from: &str, to: &str) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace(from, to)),
        Value::Array(items) => items.iter().map(|item| replaced(item, from, to)).collect(),
        Value::Object(members) => members
            .iter()
            .map(|(name, member)| (name.clone(), replaced(member, from, to)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        other => other.clone(),
    }
}
