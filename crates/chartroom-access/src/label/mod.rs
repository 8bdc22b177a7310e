//! Sensitivity: what makes a record need more than ordinary care, and how that is known.

mod judge;
mod record;
mod sets;

use std::fmt;

use crate::Confidentiality;
use crate::vocabulary::vocabulary;

pub use record::Origin;
pub use sets::{LabelSets, Labelled};

/// The HL7 code system of sensitivity labels.
pub const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
/// The HL7 code system of confidentiality.
pub const CONFIDENTIALITY: &str = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";

/// The HL7 code system of laws, from before ActCode had them.
const PRIVACY_LAW: &str = "http://terminology.hl7.org/CodeSystem/v3-ActUSPrivacyLaw";

/// The HL7 code system of labels that say how far a record can be trusted, and what was done to it.
pub const OBSERVATION_VALUE: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

vocabulary! {
    /// Why a record is sensitive: HL7 v3 ActCode, InformationSensitivityPolicy.
    ///
    /// Each label stands for itself: a rule that names `SUD` says nothing about `OPIOIDUD`.
    /// The numbers are kept with sealed records: they never change, and a new label takes the next free one.
    Sensitivity {
        SubstanceUse = "ETH", "substance use";
        SubstanceUseDisorder = "SUD", "substance use disorder";
        AlcoholUseDisorder = "ETHUD", "alcohol use disorder";
        OpioidUseDisorder = "OPIOIDUD", "opioid use disorder";
        Hiv = "HIV", "HIV or AIDS";
        MentalHealth = "MH", "mental health";
        Psychiatry = "PSY", "psychiatric disorder";
        PsychotherapyNote = "PSYTHPN", "psychotherapy note";
        BehavioralHealth = "BH", "behavioral health";
        CognitiveDisability = "COGN", "cognitive disability";
        DevelopmentalDisability = "DVD", "developmental disability";
        EmotionalDisturbance = "EMOTDIS", "emotional disturbance";
        SexualAndDomesticViolence = "SDV", "sexual assault, abuse or domestic violence";
        MilitarySexualTrauma = "MST", "military sexual trauma";
        Violence = "VIO", "violence";
        SexuallyTransmittedDisease = "STD", "sexually transmitted disease";
        SexualAndReproductiveHealth = "SEX", "sexuality and reproductive health";
        GeneticDisease = "GDIS", "genetic disease";
        SickleCellAnemia = "SCA", "sickle cell anemia";
        SickleCell = "SICKLE", "sickle cell";
        SpeciallyProtected = "SPI", "specially protected information";
        Taboo = "TBOO", "taboo";
        Adolescent = "ADOL", "adolescent";
        Celebrity = "CEL", "celebrity";
        Employee = "EMP", "employee";
        Diagnosis = "DIA", "diagnosis";
        Drug = "DRGIS", "drug";
        PhysicianRequested = "PHY", "withheld at a physician's request";
        PatientRequested = "PRS", "withheld at the patient's request";
        /// A record so labelled is closed to every rule that does not name `UNKNOWN`.
        Unknown = "UNKNOWN", "a label that nobody here knows";
        /// Of a record so labelled nobody here can tell whether it is sensitive.
        Uncovered = "UNCOVERED", "codes or words that no label set covers";
        /// HL7 v3 ActCode has it under ActPrivacyLaw.
        Part2 = "42CFRPart2", "record of a substance use disorder program (42 CFR part 2)";
        /// Ours: HL7 has no code for it.
        CounselingNote = "sud-counseling-note", "substance use disorder counseling note (42 CFR 2.11)";
        /// HL7 v3 ActCode has it under ActPrivacyLaw.
        SelfPay = "HIPAASelfPay", "paid for out of pocket, and not for the health plan (45 CFR 164.522(a)(1)(vi))";
    }
}

/// A set of [`Sensitivity`] labels, as one bit mask.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct LabelSet(u64);

impl LabelSet {
    /// No label.
    pub const NONE: Self = Self(0);

    /// Substance use and its disorders: `substance-use` in a policy.
    pub const SUBSTANCE_USE: Self = Self::of(&[
        Sensitivity::SubstanceUse,
        Sensitivity::SubstanceUseDisorder,
        Sensitivity::AlcoholUseDisorder,
        Sensitivity::OpioidUseDisorder,
    ]);

    /// Other conditions that are sensitive by what they are: `sensitive` in a policy.
    pub const CONDITIONS: Self = Self::of(&[
        Sensitivity::Hiv,
        Sensitivity::MentalHealth,
        Sensitivity::Psychiatry,
        Sensitivity::BehavioralHealth,
        Sensitivity::CognitiveDisability,
        Sensitivity::DevelopmentalDisability,
        Sensitivity::EmotionalDisturbance,
        Sensitivity::SexualAndDomesticViolence,
        Sensitivity::MilitarySexualTrauma,
        Sensitivity::Violence,
        Sensitivity::SexuallyTransmittedDisease,
        Sensitivity::SexualAndReproductiveHealth,
        Sensitivity::GeneticDisease,
        Sensitivity::SickleCellAnemia,
        Sensitivity::SickleCell,
    ]);

    /// The set of these labels.
    pub const fn of(labels: &[Sensitivity]) -> Self {
        let mut bits = 0;
        let mut rest = labels;
        while let [label, tail @ ..] = rest {
            bits |= 1 << *label as u64;
            rest = tail;
        }
        Self(bits)
    }

    /// The set with these bits; bit *n* is the label with number *n*. A bit of no label counts as
    /// [`Sensitivity::Unknown`], so that labels of a newer version stay closed.
    pub const fn from_bits(bits: u64) -> Self {
        let known = bits & ALL_BITS;
        if known == bits { Self(known) } else { Self(known | 1 << Sensitivity::Unknown as u64) }
    }

    /// The mask; bit *n* is the label with number *n*.
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Whether the label is in the set.
    pub const fn contains(self, label: Sensitivity) -> bool {
        self.0 & (1 << label as u64) != 0
    }

    /// Whether there is no label.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The labels of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The labels in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The labels, in the order of their numbers.
    pub fn iter(self) -> impl Iterator<Item = Sensitivity> {
        Sensitivity::ALL.iter().copied().filter(move |label| self.contains(*label))
    }
}

const _: () = assert!(Sensitivity::COUNT < 63, "labels are bits of a word, and so is their absence");

/// One bit for each label.
const ALL_BITS: u64 = (1 << Sensitivity::COUNT) - 1;

impl From<Sensitivity> for LabelSet {
    fn from(label: Sensitivity) -> Self {
        Self::of(&[label])
    }
}

impl FromIterator<Sensitivity> for LabelSet {
    fn from_iter<I: IntoIterator<Item = Sensitivity>>(labels: I) -> Self {
        labels.into_iter().fold(Self::NONE, |set, label| set.union(label.into()))
    }
}

impl fmt::Debug for LabelSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

/// What one coding of `meta.security` says about a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecurityLabel {
    /// The record is sensitive for this reason.
    Sensitivity(Sensitivity),
    /// The record is held this closely.
    Confidentiality(Confidentiality),
    /// How the record is to be handled or was made; it neither opens nor closes anything.
    Handling,
}

impl SecurityLabel {
    /// Reads one coding of `meta.security`.
    ///
    /// A code that is not understood is [`Sensitivity::Unknown`] or [`Confidentiality::Unknown`], which keep the record closed.
    ///
    /// ```
    /// use chartroom_access::label::{ACT_CODE, SecurityLabel, Sensitivity};
    ///
    /// assert_eq!(SecurityLabel::of(ACT_CODE, "HIV"), SecurityLabel::Sensitivity(Sensitivity::Hiv));
    /// assert_eq!(SecurityLabel::of("urn:example:house", "7"), SecurityLabel::Sensitivity(Sensitivity::Unknown));
    /// ```
    pub fn of(system: &str, code: &str) -> Self {
        match system {
            CONFIDENTIALITY => confidentiality(code),
            ACT_CODE if HANDLING_CODES.contains(&code) => Self::Handling,
            ACT_CODE | PRIVACY_LAW if code == "HIPAAPsyNotes" => Self::Sensitivity(Sensitivity::PsychotherapyNote),
            ACT_CODE | PRIVACY_LAW => Self::Sensitivity(code.parse().unwrap_or(Sensitivity::Unknown)),
            _ if HANDLING_SYSTEMS.contains(&system) => Self::Handling,
            _ => Self::Sensitivity(Sensitivity::Unknown),
        }
    }
}

/// The code system also holds four sensitivity labels from before ActCode had them.
fn confidentiality(code: &str) -> SecurityLabel {
    match code {
        "ETH" | "HIV" | "PSY" | "SDV" => SecurityLabel::of(ACT_CODE, code),
        _ => SecurityLabel::Confidentiality(code.parse().unwrap_or(Confidentiality::Unknown)),
    }
}

/// HL7 systems of `meta.security` that say why a record may be used or how far it can be trusted.
const HANDLING_SYSTEMS: [&str; 2] = ["http://terminology.hl7.org/CodeSystem/v3-ActReason", OBSERVATION_VALUE];

/// The codes of HL7 v3 ObligationPolicy, and those of RefrainPolicy that bind only whoever has received the record.
/// The refrains left out (such as `NOAUTH`, `NODSCLCD`, `NOPAT`) forbid handing it over, so they close it.
const HANDLING_CODES: [&str; 35] = [
    "ANONY",
    "AOD",
    "AUDIT",
    "AUDTR",
    "CPLYCC",
    "CPLYCD",
    "CPLYJPP",
    "CPLYOPP",
    "CPLYOSP",
    "CPLYPOL",
    "DECLASSIFYLABEL",
    "DEID",
    "DELAU",
    "DOWNGRDLABEL",
    "DRIVLABEL",
    "ENCRYPT",
    "ENCRYPTR",
    "ENCRYPTT",
    "ENCRYPTU",
    "HUAPRV",
    "LABEL",
    "MASK",
    "MINEC",
    "PERSISTLABEL",
    "PRIVMARK",
    "PSEUD",
    "REDACT",
    "UPGRDLABEL",
    "NOCOLLECT",
    "NOINTEGRATE",
    "NOPERSISTP",
    "NORDSCLCD",
    "NORDSCLCDS",
    "NORELINK",
    "NOREUSE",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_fit_the_mask() {
        assert_eq!(Sensitivity::ALL.iter().copied().collect::<LabelSet>().bits(), ALL_BITS);
        assert_eq!(LabelSet::from_bits(1 << 63), Sensitivity::Unknown.into());
    }

    #[test]
    fn what_is_not_understood_stays_closed() {
        let unknown = SecurityLabel::Sensitivity(Sensitivity::Unknown);
        assert_eq!(SecurityLabel::of(ACT_CODE, "hiv"), unknown);
        assert_eq!(SecurityLabel::of(ACT_CODE, "DEMO"), unknown);
        // Not to be shown to the patient: more than a matter of handling.
        assert_eq!(SecurityLabel::of(ACT_CODE, "NOPAT"), unknown);
        assert_eq!(SecurityLabel::of("", "HIV"), unknown);
        let closed = SecurityLabel::Confidentiality(Confidentiality::Unknown);
        assert_eq!(SecurityLabel::of(CONFIDENTIALITY, "X"), closed);
    }

    #[test]
    fn what_is_understood_is_read() {
        assert_eq!(
            SecurityLabel::of(CONFIDENTIALITY, "R"),
            SecurityLabel::Confidentiality(Confidentiality::Restricted)
        );
        assert_eq!(SecurityLabel::of(CONFIDENTIALITY, "HIV"), SecurityLabel::Sensitivity(Sensitivity::Hiv));
        assert_eq!(SecurityLabel::of(ACT_CODE, "NORDSCLCD"), SecurityLabel::Handling);
        assert_eq!(SecurityLabel::of(HANDLING_SYSTEMS[0], "HTEST"), SecurityLabel::Handling);
        for system in [ACT_CODE, PRIVACY_LAW] {
            let of = |code| SecurityLabel::of(system, code);
            assert_eq!(of("HIPAAPsyNotes"), SecurityLabel::Sensitivity(Sensitivity::PsychotherapyNote));
            assert_eq!(of("HIPAASelfPay"), SecurityLabel::Sensitivity(Sensitivity::SelfPay));
            assert_eq!(of("42CFRPart2"), SecurityLabel::Sensitivity(Sensitivity::Part2));
        }
    }
}
