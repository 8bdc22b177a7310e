//! Looking codes up on a day of service, beside a hash map that knows nothing but the codes.

use std::collections::HashSet;
use std::hint::black_box;

use ahash::AHashMap;
use chartroom::codes::{Table, Terminology, Validation, system};
use chartroom_benches::{Unit, compare};
use chrono::NaiveDate;

/// The table as a program would carry it.
static IMAGE: &[u8] = include_bytes!("../../crates/chartroom-icd10cm/data/icd10cm.table");

/// Every code of ICD-10-CM in random order, then as many that are one character off; both as FHIR writes them, and as people type them.
/// "lookup" also says how a code stands on the day, which the map does not know; "find" is the code alone, on both sides.
/// Of typed codes, the peer is given the code as FHIR writes it, and so is spared the work of reading what was typed; where it is not
/// ("peer reads"), it must bring it into that form too.
pub fn run() {
    let terminology = chartroom::icd10cm::terminology();
    let on = NaiveDate::from_ymd_opt(2026, 4, 1);
    let mut listed: Vec<String> = chartroom::icd10cm::table().concepts().map(|concept| concept.code()).collect();
    listed.sort();
    let map: AHashMap<&str, u32> = listed.iter().map(String::as_str).zip(0..).collect();
    // The queries are texts of their own, one after the other in memory, as those of a record would be.
    let mut codes = listed.clone();
    shuffle(&mut codes);
    let codes = codes.clone();
    let misses = near_misses(&codes);
    for (name, queries) in [("lookup, listed", &codes), ("lookup, one character off", &misses)] {
        let unit = Unit::NanosecondsPer("code", queries.len());
        let ours = || assert!(black_box(usable(&terminology, queries, on)) <= queries.len());
        let peer = || assert!(black_box(contained(&map, queries)) <= queries.len());
        compare(name, unit, ours, peer);
    }
    for (name, queries) in [("find, listed", &codes), ("find, one character off", &misses)] {
        let unit = Unit::NanosecondsPer("code", queries.len());
        let table = chartroom::icd10cm::table();
        let expected = contained(&map, queries);
        let peer = || assert_eq!(black_box(contained(&map, queries)), expected);
        compare(name, unit, || assert_eq!(black_box(found(table, queries)), expected), peer);
        let typed: Vec<String> = (0..).zip(queries).map(|(index, code)| as_typed(index, code)).collect();
        let ours = || assert_eq!(black_box(found_typed(table, &typed)), expected);
        compare(&format!("{name}, as typed"), unit, ours, peer);
    }
    for (name, queries) in [("typed, listed", &codes), ("typed, one character off", &misses)] {
        let unit = Unit::NanosecondsPer("code", queries.len());
        let typed: Vec<String> = (0..).zip(queries).map(|(index, code)| as_typed(index, code)).collect();
        let expected = usable(&terminology, queries, on);
        let ours = || assert_eq!(black_box(usable_typed(&terminology, &typed, on)), expected);
        let peer = || assert!(black_box(contained(&map, queries)) <= queries.len());
        compare(name, unit, ours, peer);
        let reading = || assert_eq!(black_box(contained_typed(&map, &typed)), contained(&map, queries));
        compare(&format!("{name}, peer reads"), unit, ours, reading);
    }
    sizes(&map);
    let ready = || drop(black_box(Table::from_bytes(black_box(IMAGE)).expect("a table")));
    let filled = || drop(black_box(listed.iter().map(String::as_str).zip(0..).collect::<AHashMap<&str, u32>>()));
    compare("ready to answer", Unit::NanosecondsPer("table", 1), ready, filled);
}

/// A code as one person or another types it.
fn as_typed(index: usize, code: &str) -> String {
    match index % 4 {
        0 => code.to_owned(),
        1 => code.to_ascii_lowercase(),
        2 => code.replace('.', ""),
        _ => format!(" {} ", code.to_ascii_lowercase().replace('.', "")),
    }
}

/// Bytes for each code beside the titles, and those of the map beside the texts of its keys.
fn sizes(map: &AHashMap<&str, u32>) {
    let table = chartroom::icd10cm::table();
    let ours = (table.size() - table.size_of_titles()) as f64 / table.len() as f64;
    // The map is filled to seven eighths at most, and keeps a byte beside each place.
    let places = (map.capacity() * 8).div_ceil(7);
    let peer = (places * (size_of::<(&str, u32)>() + 1)) as f64 / map.len() as f64;
    println!("{:<28} {:>9.3} {ours:>12.2} {peer:>12.2}  bytes per code beside titles", "size", ours / peer);
}

fn usable_typed(terminology: &Terminology, typed: &[String], on: Option<NaiveDate>) -> usize {
    let usable =
        |code: &&String| matches!(terminology.validate_typed(system::ICD_10_CM, code, on), Validation::Usable(_));
    typed.iter().filter(usable).count()
}

fn usable(terminology: &Terminology, queries: &[String], on: Option<NaiveDate>) -> usize {
    let usable =
        |code: &&String| matches!(terminology.validate_code(system::ICD_10_CM, code, on), Validation::Usable(_));
    queries.iter().filter(usable).count()
}

fn found(table: &Table, queries: &[String]) -> usize {
    queries.iter().filter(|code| table.get(code).is_some()).count()
}

fn found_typed(table: &Table, typed: &[String]) -> usize {
    typed.iter().filter(|code| table.get_typed(code).is_some()).count()
}

fn contained(map: &AHashMap<&str, u32>, queries: &[String]) -> usize {
    queries.iter().filter(|code| map.contains_key(code.as_str())).count()
}

/// As [`contained`], of codes as people type them: each is brought into the form of the keys first, in a buffer that is used again.
fn contained_typed(map: &AHashMap<&str, u32>, typed: &[String]) -> usize {
    let mut form = String::new();
    let mut contains = |typed: &&String| {
        form.clear();
        for character in typed.chars().filter(|character| !character.is_whitespace() && *character != '.') {
            if form.len() == 3 {
                form.push('.');
            }
            form.push(character.to_ascii_uppercase());
        }
        map.contains_key(form.as_str())
    };
    typed.iter().filter(|typed| contains(typed)).count()
}

/// The codes, each with another last character, so that none of them is a code.
fn near_misses(codes: &[String]) -> Vec<String> {
    let listed: HashSet<&str> = codes.iter().map(String::as_str).collect();
    let other = |code: &String| {
        let last = code.len() - 1;
        let changed = ('0'..='9').chain('A'..='Z').map(|character| format!("{}{character}", &code[..last]));
        changed.into_iter().find(|changed| !listed.contains(changed.as_str()))
    };
    codes.iter().filter_map(other).collect()
}

/// Fisher and Yates's shuffle, with a plain generator: the same order in every run.
fn shuffle(codes: &mut [String]) {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    for index in (1..codes.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        codes.swap(index, (state % (index as u64 + 1)) as usize);
    }
}
