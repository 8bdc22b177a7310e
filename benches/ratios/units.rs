//! Reading units of measure: refusing what is none beside accepting what is one.

use std::hint::black_box;

use chartroom::codes::units::Unit as UcumUnit;
use chartroom_benches::{Unit, compare};

const UNITS: [&str; 8] = ["mg/dL", "10*3/uL", "mm[Hg]", "mmol/L", "g/dL", "ug/kg/min", "meq/L", "/min"];
const NO_UNITS: [&str; 8] = ["mg/dX", "K3/uQ", "mmHg", "mmolar/L", "grams/dL", "mcg/kg/min", "mEq/L", "bpm"];

pub fn run() {
    let unit = Unit::NanosecondsPer("unit", UNITS.len());
    let refuse = || assert_eq!(black_box(accepted(&NO_UNITS)), 0);
    compare("units, refused by accepted", unit, refuse, || assert_eq!(black_box(accepted(&UNITS)), UNITS.len()));
}

fn accepted(texts: &[&str]) -> usize {
    texts.iter().filter(|text| text.parse::<UcumUnit>().is_ok()).count()
}
