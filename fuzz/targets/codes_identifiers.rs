//! Any text as an identifier of each kind, and as a code of each system.

#![no_main]

use std::fmt::Debug;

use chartroom_codes::identifier::*;
use chartroom_codes::units::Unit;
use chartroom_codes::{system, well_formed};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    same::<Npi>(text);
    same::<Dea>(text);
    same::<Mbi>(text);
    same::<Ssn>(text);
    same::<Ein>(text);
    same::<Ndc>(text);
    same::<Clia>(text);
    same::<Gtin>(text);
    same::<NhsNumber>(text);
    same::<LoincNumber>(text);
    same::<SnomedId>(text);
    same::<CptCode>(text);
    same::<HcpcsCode>(text);
    same::<ProcedureModifier>(text);
    same::<PlaceOfService>(text);
    same::<Zip>(text);
    same::<Icd10CmCode>(text);
    same::<Icd10PcsCode>(text);
    if let Ok(unit) = Unit::parse_typed(text) {
        assert_eq!(unit.as_str().parse::<Unit>().as_ref(), Ok(&unit));
    }
    for system in [system::ICD_10_CM, system::LOINC, system::SNOMED_CT, system::NDC, system::HCPCS, system::CPT] {
        let _ = std::hint::black_box(well_formed(system, text));
    }
});

/// What is read, however it was typed, is written so that it is read again as the same.
fn same<T: Identifier + PartialEq + Debug>(text: &str) {
    if let Ok(strict) = text.parse::<T>() {
        assert!(T::parse_typed(text).is_ok_and(|typed| typed == strict), "what is right stays right");
    }
    if let Ok(typed) = T::parse_typed(text) {
        assert!(T::parse_typed(&typed.to_string()).is_ok_and(|again| again == typed));
    }
}
