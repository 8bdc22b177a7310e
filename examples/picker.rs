//! A code picker and a look over what was picked: words in, codes out, and what the official notes say about them together.
//!
//! ```text
//! cargo run --release --example picker -- "heart attack" "type 2 diab" "type 1 diab"
//! ```

use chartroom::codes::search::{Picker, Wanted};
use chrono::NaiveDate;

fn main() {
    let typed: Vec<String> = std::env::args().skip(1).collect();
    let on = NaiveDate::from_ymd_opt(2026, 4, 1);
    let picker = Picker::new().with(chartroom::icd10cm::search_index().clone());
    let wanted = Wanted { on, selectable: true, limit: 3, ..Wanted::default() };

    let mut picked = Vec::new();
    for typed in &typed {
        println!("{typed}:");
        let hits = picker.search(typed, &wanted);
        hits.iter().for_each(|hit| println!("  {:8} {}", hit.code, hit.display));
        picked.extend(hits.into_iter().next().map(|hit| hit.code));
    }

    let picked: Vec<&str> = picked.iter().map(String::as_str).collect();
    println!("{}, taken together:", picked.join(", "));
    for edit in chartroom::icd10cm::edits().of(&picked, on, &Default::default()) {
        println!("  {:?}: {} {}\n    {}", edit.severity, picked[edit.code], edit.kind, edit.grounds);
    }
}
