//! What a code in a record says about how sensitive the record is, where no set covers its system too.

use super::{LabelSet, LabelSets, Sensitivity};

impl LabelSets {
    /// The labels that one code gives the record it stands in.
    ///
    /// Of a code whose system no set covers, nobody here can tell whether it is sensitive: it gives
    /// [`Sensitivity::Uncovered`], which closes the record to every rule that does not name `UNCOVERED`. So does a
    /// clinical concept in words alone, shown with system and code empty. Systems that say nothing about anyone's health
    /// give no label.
    ///
    /// ```
    /// use chartroom_access::label::{LabelSet, LabelSets, Sensitivity};
    ///
    /// let labels = LabelSets::starter();
    /// assert_eq!(labels.judge("http://hl7.org/fhir/sid/icd-10-cm", "I10"), LabelSet::NONE);
    /// assert!(labels.judge("http://snomed.info/sct", "86406008").contains(Sensitivity::Uncovered));
    /// assert_eq!(labels.judge("http://unitsofmeasure.org", "mg/dL"), LabelSet::NONE);
    /// ```
    pub fn judge(&self, system: &str, code: &str) -> LabelSet {
        match self.listed(system, code) {
            Some(labels) => labels,
            None if is_silent(system) => LabelSet::NONE,
            None => Sensitivity::Uncovered.into(),
        }
    }
}

/// Whether the codes of a system say nothing about anyone's health: HL7's own vocabularies of status, role and form, units,
/// languages, places, currencies, race and ethnicity, who pays.
fn is_silent(system: &str) -> bool {
    let of_hl7 = system.starts_with("http://terminology.hl7.org/")
        || (system.starts_with("http://hl7.org/fhir/") && !system.starts_with("http://hl7.org/fhir/sid/"));
    of_hl7 || SILENT.contains(&system)
}

/// So few that to compare their lengths is quicker than a search.
const SILENT: [&str; 12] = [
    "http://dicom.nema.org/resources/ontology/DCM",
    "http://unitsofmeasure.org",
    "https://nahdo.org/sopt",
    "urn:ietf:bcp:13",
    "urn:ietf:bcp:47",
    "urn:ietf:rfc:3986",
    "urn:iso:std:iso:3166",
    "urn:iso:std:iso:3166:-2",
    "urn:iso:std:iso:4217",
    "urn:oid:1.2.840.10008.2.6.1",
    "urn:oid:2.16.840.1.113883.6.238",
    "urn:oid:2.16.840.1.113883.6.259",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_for_vocabularies_of_form() {
        for silent in ["http://terminology.hl7.org/CodeSystem/v3-ActCode", "http://hl7.org/fhir/administrative-gender"]
        {
            assert!(is_silent(silent), "{silent}");
        }
        for telling in ["", "http://hl7.org/fhir/sid/cvx", "http://loinc.org", "urn:example:house"] {
            assert!(!is_silent(telling), "{telling}");
        }
    }

    #[test]
    fn words_alone_close_the_record() {
        assert!(LabelSets::starter().judge("", "").contains(Sensitivity::Uncovered));
    }
}
