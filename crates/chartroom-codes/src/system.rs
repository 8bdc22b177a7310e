//! The code systems that records name most: their URLs as FHIR writes them, and what a code of theirs must look like.

use crate::identifier::{
    CptCode, HcpcsCode, Icd10CmCode, Icd10PcsCode, Identifier, InvalidIdentifier, LoincNumber, Mbi, Ndc, Npi,
    Partition, ProcedureModifier, SnomedId, Ssn, shape,
};

/// ICD-10-CM, diagnoses in the United States.
pub const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
/// ICD-10-PCS, inpatient procedures in the United States.
pub const ICD_10_PCS: &str = "http://www.cms.gov/Medicare/Coding/ICD10";
/// ICD-10 of the World Health Organization. Its codes are not those of ICD-10-CM.
pub const ICD_10: &str = "http://hl7.org/fhir/sid/icd-10";
/// ICD-9-CM, diagnoses in the United States until 30 September 2015.
pub const ICD_9_CM: &str = "http://hl7.org/fhir/sid/icd-9-cm";
/// LOINC, observations and documents.
pub const LOINC: &str = "http://loinc.org";
/// SNOMED CT, clinical terms.
pub const SNOMED_CT: &str = "http://snomed.info/sct";
/// RxNorm, medications in the United States.
pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
/// NDC, packaged medications in the United States.
pub const NDC: &str = "http://hl7.org/fhir/sid/ndc";
/// CVX, vaccines administered.
pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
/// MVX, makers of vaccines.
pub const MVX: &str = "http://hl7.org/fhir/sid/mvx";
/// CPT, procedures of physicians in the United States.
pub const CPT: &str = "http://www.ama-assn.org/go/cpt";
/// HCPCS Level II, supplies and services in the United States.
pub const HCPCS: &str = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets";
/// UCUM, units of measure.
pub const UCUM: &str = "http://unitsofmeasure.org";
/// National Provider Identifier of the United States.
pub const NPI: &str = "http://hl7.org/fhir/sid/us-npi";
/// Social Security number of the United States.
pub const SSN: &str = "http://hl7.org/fhir/sid/us-ssn";
/// Medicare Beneficiary Identifier of the United States.
pub const MBI: &str = "http://hl7.org/fhir/sid/us-mbi";

/// Whether a code has the shape and the check digit that its system demands, or `None` where no rule is known here.
///
/// It needs no table: a wrong LOINC number is known as such even where LOINC is not loaded. That a code is well formed
/// does not say that it exists.
///
/// ```
/// use chartroom_codes::{system, well_formed};
///
/// assert_eq!(well_formed(system::LOINC, "4548-4"), Some(Ok(())));
/// assert!(well_formed(system::LOINC, "4548-3").is_some_and(|rule| rule.is_err()));
/// assert_eq!(well_formed("https://example.org/colours", "blue"), None);
/// ```
pub fn well_formed(system: &str, code: &str) -> Option<Result<(), InvalidIdentifier>> {
    match system {
        ICD_10_CM => Some(code.parse::<Icd10CmCode>().map(drop)),
        ICD_10_PCS => Some(code.parse::<Icd10PcsCode>().map(drop)),
        LOINC => Some(loinc(code)),
        SNOMED_CT => snomed_ct(code),
        CPT => Some(either::<CptCode, ProcedureModifier>(code)),
        HCPCS => Some(either::<HcpcsCode, ProcedureModifier>(code)),
        NPI => Some(code.parse::<Npi>().map(drop)),
        NDC => Some(code.parse::<Ndc>().map(drop)),
        MBI => Some(code.parse::<Mbi>().map(drop)),
        SSN => Some(code.parse::<Ssn>().map(drop)),
        _ => None,
    }
}

/// A code of the one kind or, if it is so short that it cannot be meant for one, of the other. CPT and HCPCS have codes and modifiers.
fn either<Code: Identifier, Modifier: Identifier>(code: &str) -> Result<(), InvalidIdentifier> {
    if code.len() == 2 { code.parse::<Modifier>().map(drop) } else { code.parse::<Code>().map(drop) }
}

/// A LOINC number. Answers, parts, groups and lists have two letters before their number and another check digit.
fn loinc(code: &str) -> Result<(), InvalidIdentifier> {
    if !code.starts_with('L') {
        return code.parse::<LoincNumber>().map(drop);
    }
    let hyphen = code.len().saturating_sub(2);
    shape(code, |index, byte| match index {
        0 | 1 => byte.is_ascii_uppercase(),
        index if index == hyphen => byte == b'-',
        _ => byte.is_ascii_digit(),
    })?;
    if code.len() > 4 { Ok(()) } else { Err(InvalidIdentifier::Length) }
}

/// A concept's identifier. What holds anything but digits is an expression, of which nothing is known here.
fn snomed_ct(code: &str) -> Option<Result<(), InvalidIdentifier>> {
    if code.contains([':', '+', '|', '=', '{', '(', ' ', '<', '#']) {
        return None;
    }
    Some(code.parse::<SnomedId>().and_then(|id| match id.partition() {
        Partition::Concept => Ok(()),
        Partition::Description | Partition::Relationship => Err(InvalidIdentifier::Partition),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right(system: &str, code: &str) -> bool {
        well_formed(system, code) == Some(Ok(()))
    }

    #[test]
    fn icd_10_cm_codes() {
        for code in ["I10", "E11.9", "S06.0X0A", "C4A.9", "QA0.0101", "Z3A.01", "M1A.9XX0"] {
            assert!(right(ICD_10_CM, code), "{code}");
        }
        for code in ["", "I1", "I10.", "E119", "e11.9", "E11.99999", "11E.9", "E11-9", "É11"] {
            assert!(!right(ICD_10_CM, code), "{code}");
        }
    }

    #[test]
    fn icd_10_pcs_codes() {
        assert!(right(ICD_10_PCS, "0FB03ZX") && right(ICD_10_PCS, "001"));
        assert!(!right(ICD_10_PCS, "0FB03ZO") && !right(ICD_10_PCS, "0FB03Z"));
    }

    #[test]
    fn loinc_codes_and_answers() {
        assert!(right(LOINC, "4548-4") && right(LOINC, "LA18976-3") && right(LOINC, "LP14559-6"));
        assert!(!right(LOINC, "4548-3") && !right(LOINC, "LA18976") && !right(LOINC, "L-1"));
    }

    #[test]
    fn snomed_concepts_and_expressions() {
        assert!(right(SNOMED_CT, "73211009"));
        assert_eq!(well_formed(SNOMED_CT, "121589010"), Some(Err(InvalidIdentifier::Partition)));
        assert_eq!(well_formed(SNOMED_CT, "73211009:363698007=113331007"), None);
    }
}
