//! `cargo run --release -p chartroom-benches --bin analysis`: how long exact answers about a policy take, in milliseconds on one
//! core. There is no peer to set beside them: others ask a solver, or sample.

use std::hint::black_box;
use std::time::Instant;

use chartroom::access::Policy;
use chartroom::access::analysis::Question;
use chartroom::access::label::Sensitivity;

fn main() {
    let starter = Policy::starter();
    let all = Policy::from_toml(&everything()).expect("well formed");
    for (name, policy) in [("starter", &starter), ("every condition", &all)] {
        time(&format!("{name}: can, never"), || {
            let question = Question {
                label: Some(Sensitivity::PsychotherapyNote),
                originator: Some(false),
                ..Question::default()
            };
            black_box(policy.can(&question));
        });
        time(&format!("{name}: who can"), || drop(black_box(policy.who_can(&Question::default()))));
        time(&format!("{name}: lint"), || drop(black_box(policy.lint())));
        time(&format!("{name}: diff, itself"), || drop(black_box(policy.diff(policy))));
        time(&format!("{name}: diff, nothing"), || drop(black_box(policy.diff(&Policy::default()))));
    }
    time("diff, wholly unrelated", || drop(black_box(starter.diff(&all))));
    time("diff, wholly unrelated, back", || drop(black_box(all.diff(&starter))));
}

/// The median of three runs.
fn time(name: &str, work: impl Fn()) {
    let mut times = [0.0; 3];
    for time in &mut times {
        let start = Instant::now();
        work();
        *time = start.elapsed().as_secs_f64() * 1e3;
    }
    times.sort_by(f64::total_cmp);
    println!("{name:<36} {:>10.1}  ms", times[1]);
}

/// A policy of sixty rules that ask for everything that rules can ask for, each for some of it.
fn everything() -> String {
    let mut text = "[policy]\nname = \"everything\"\nversion = \"1\"\n".to_owned();
    let roles = ["physician", "nurse", "clinician", "billing-clerk", "front-desk", "researcher", "patient", "auditor"];
    roles.iter().for_each(|role| text += &format!("[roles.{role}]\ntitle = \"{role}\"\n"));
    text += "[places]\ner.title = \"E\"\nward.title = \"W\"\n[organizations]\nclinic.title = \"C\"\nlab.title = \"L\"\n[ages]\n";
    text += "twelve = { years = 12, cites = \"house\", dated = 2026-01-01 }\n";
    text += "adult = { years = 18, cites = \"house\", dated = 2026-01-01 }\n";
    for number in 0..60 {
        let permit = number % 4 != 3;
        text +=
            &format!("[[rule]]\nid = \"r{number:02}\"\neffect = \"{}\"\n", if permit { "permit" } else { "forbid" });
        text += "cites = \"house\"\ndated = 2026-01-01\n";
        text += &format!("roles = {:?}\n", some(&roles, number, 2));
        text += &format!("actions = {:?}\n", some(&["read", "search", "create", "update", "disclose"], number, 2));
        text +=
            &format!("purposes = {:?}\n", some(&["TREAT", "COC", "ETREAT", "HPAYMT", "HOPERAT", "HRESCH"], number, 3));
        text += &format!(
            "classes = {:?}\n",
            some(&["Clinical", "Name", "identity", "Narrative", "Unclassified", "Financial"], number, 2)
        );
        let kinds = ["Patient", "Condition", "Observation", "Encounter", "Claim", "MedicationRequest", "Procedure"];
        let elements = ["Patient.contact", "Condition.note", "Observation.value[x]", "Encounter.participant"];
        let lists: [(&str, &[&str], usize); 7] = [
            ("relationships", &["treating", "care-team", "self", "personal-representative"], 2),
            ("labels", &["unlabelled", "HIV", "PSY", "ETH", "SUD", "PSYTHPN", "SDV", "UNCOVERED"], 2),
            ("confidentiality", &["L", "N", "R", "V"], 2),
            ("places", &["er", "ward"], 5),
            ("organizations", &["clinic", "lab"], 5),
            ("care_settings", &["AMB", "IMP", "EMER"], 5),
            (if number % 5 == 0 { "elements" } else { "types" }, if number % 5 == 0 { &elements } else { &kinds }, 1),
        ];
        for (place, (key, names, every)) in lists.into_iter().enumerate() {
            if (number + place) % every == 0 {
                text += &format!("{key} = {:?}\n", some(names, number + place, 2));
            }
        }
        let flags = ["originator", "break_glass", "own_organization", "cleared", "own_chart", "vip", "deceased"];
        for (place, key) in flags.into_iter().enumerate() {
            if (number + place) % 7 == 0 {
                text += &format!("{key} = {}\n", (number + place) % 2 == 0);
            }
        }
        match number % 9 {
            0 => text += "age_from = \"twelve\"\n",
            1 => text += "age_below = \"adult\"\n",
            _ => {}
        }
    }
    text
}

/// So many of these, from one on.
fn some<'a>(of: &[&'a str], from: usize, count: usize) -> Vec<&'a str> {
    of.iter().cycle().skip(from % of.len()).take(count).copied().collect()
}
