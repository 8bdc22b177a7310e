//! Required value sets whose codes are not an enumeration on the field: those of a concept, and those that a grammar or a
//! list elsewhere gives.

use crate::datatype::{CodeableConcept, Coding};

/// Whether a required set allows a plain code; `None` where this module does not know the set.
pub(super) fn allows(value_set: &str, code: &str) -> Option<bool> {
    match value_set {
        "http://hl7.org/fhir/ValueSet/units-of-time" => Some(["s", "min", "h", "d", "wk", "mo", "a"].contains(&code)),
        "http://hl7.org/fhir/ValueSet/resource-types" => Some(crate::resource::is_r4(code)),
        "http://hl7.org/fhir/ValueSet/currencies" => Some(CURRENCIES.split(' ').any(|known| known == code)),
        "http://hl7.org/fhir/ValueSet/mimetypes" => Some(is_mime_type(code)),
        _ => None,
    }
}

/// ISO 4217 as of 2026, and what was withdrawn from it since 2018: charts of those years hold it.
const CURRENCIES: &str = "\
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
    CHE CHF CHW CLF CLP CNY COP COU CRC CUC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
    GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP \
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRO MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB \
    PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STD STN SVC SYP SZL \
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VEF VES VND VUV WST XAD XAF XAG XAU XBA \
    XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG ZWL";

/// Whether it is of the form `type/subtype`, with or without parameters: RFC 2045, section 5.1. FHIR's own formats have short names.
fn is_mime_type(code: &str) -> bool {
    let is_token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&byte))
    };
    let essence = code.split(';').next().unwrap_or_default().trim();
    match essence.split_once('/') {
        Some((kind, subtype)) => is_token(kind) && is_token(subtype),
        None => ["xml", "json", "ttl"].contains(&essence),
    }
}

/// Whether one of the codings is in a required set; a set that is not listed here is not judged.
pub(super) fn allows_concept(value_set: &str, concept: &CodeableConcept) -> bool {
    let Some((_, system, codes)) = CONCEPTS.iter().find(|(known, ..)| *known == value_set) else { return true };
    let is_in = |coding: &Coding| {
        coding.system.as_deref() == Some(*system)
            && coding.code.as_ref().is_some_and(|code| codes.contains(&code.as_str()))
    };
    // A concept with neither a code nor a text may be one that only says why it is absent.
    concept.coding.iter().any(is_in) || (concept.coding.is_empty() && concept.text.is_none())
}

/// Value set, code system, codes.
const CONCEPTS: &[(&str, &str, &[&str])] = &[
    (
        "http://hl7.org/fhir/ValueSet/allergyintolerance-clinical",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
        &["active", "inactive", "resolved"],
    ),
    (
        "http://hl7.org/fhir/ValueSet/allergyintolerance-verification",
        "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
        &["unconfirmed", "confirmed", "refuted", "entered-in-error"],
    ),
    (
        "http://hl7.org/fhir/ValueSet/condition-clinical",
        "http://terminology.hl7.org/CodeSystem/condition-clinical",
        &["active", "recurrence", "relapse", "inactive", "remission", "resolved"],
    ),
    (
        "http://hl7.org/fhir/ValueSet/condition-ver-status",
        "http://terminology.hl7.org/CodeSystem/condition-ver-status",
        &["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"],
    ),
    (
        "http://hl7.org/fhir/ValueSet/measure-improvement-notation",
        "http://terminology.hl7.org/CodeSystem/measure-improvement-notation",
        &["increase", "decrease"],
    ),
    (
        "http://hl7.org/fhir/ValueSet/supplydelivery-type",
        "http://terminology.hl7.org/CodeSystem/supply-item-type",
        &["medication", "device"],
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_their_form() {
        let of = |code| allows("http://hl7.org/fhir/ValueSet/mimetypes", code) == Some(true);
        assert!(of("application/fhir+json; charset=utf-8") && of("image/svg+xml") && of("json"));
        assert!(!of("application") && !of("text/") && !of("a b/c") && !of(""));
    }

    #[test]
    fn one_coding_of_the_set_is_enough() {
        let coding = |system: &str, code: &str| Coding {
            system: Some(system.parse().unwrap()),
            code: Some(code.parse().unwrap()),
            ..Coding::default()
        };
        let status = "http://terminology.hl7.org/CodeSystem/condition-clinical";
        let of = |coding: Vec<Coding>| {
            let concept = CodeableConcept { coding, ..CodeableConcept::default() };
            allows_concept("http://hl7.org/fhir/ValueSet/condition-clinical", &concept)
        };
        assert!(of(vec![coding("urn:x", "1"), coding(status, "active")]) && of(vec![]));
        assert!(!of(vec![coding(status, "Active")]) && !of(vec![coding("urn:x", "active")]));
    }
}
