//! Finding codes by words, as a code picker asks while someone types, beside a look at every title for words that begin so.

use std::hint::black_box;

use chartroom::codes::search::Wanted;
use chartroom_benches::{Unit, compare, median};

/// What people type: words, beginnings of words, what everybody says instead, and codes.
const TYPED: [&str; 15] = [
    "heart attack",
    "copd",
    "uti",
    "type 2 diab",
    "hypert",
    "fracture left fem",
    "chronic kidney disease st",
    "pneumonia",
    "htn",
    "sepsis",
    "low back p",
    "depress",
    "e119",
    "s72.0",
    "t",
];

pub fn run() {
    let index = chartroom::icd10cm::search_index();
    let wanted = Wanted { on: "2026-04-01".parse().ok(), ..Wanted::default() };
    let titles: Vec<(String, String)> = chartroom::icd10cm::table()
        .concepts()
        .filter_map(|concept| Some((concept.code(), concept.in_edition(2)?.title.to_string().to_lowercase())))
        .collect();
    let mut times = Vec::new();
    for typed in TYPED {
        let ours = || assert!(black_box(index.search(black_box(typed), &wanted)).len() <= wanted.limit);
        let peer = || assert!(black_box(scanned(&titles, black_box(typed))).len() <= wanted.limit);
        let (ours, _) = compare(&format!("search, {typed}"), Unit::NanosecondsPer("search", 1), ours, peer);
        times.push(ours);
    }
    println!("search, median of {}: {:.1} microseconds", TYPED.len(), median(times) / 1000.0);
}

/// The first ten titles in which every word that was typed begins one.
fn scanned<'t>(titles: &'t [(String, String)], typed: &str) -> Vec<&'t str> {
    let wanted: Vec<&str> = typed.split(' ').collect();
    let has = |title: &str, wanted: &str| title.split(' ').any(|word| word.starts_with(wanted));
    let found = titles.iter().filter(|(_, title)| wanted.iter().all(|wanted| has(title, wanted)));
    found.map(|(code, _)| code.as_str()).take(10).collect()
}
