//! The closed vocabulary that rules, requests and facts are written in.

use std::fmt;

/// A name that is not in the vocabulary. The name itself is not repeated: it may come from a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name of this vocabulary")]
pub struct UnknownName;

/// Defines an enum whose values each have a code and a few plain words, written down once.
macro_rules! vocabulary {
    ($(#[$about:meta])* $name:ident { $($(#[$note:meta])* $value:ident = $code:literal, $words:literal;)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $name {
            $(#[doc = concat!("`", $code, "`: ", $words, ".")] $(#[$note])* $value,)+
        }

        impl $name {
            /// Every value, in the order of the enum.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// How many values there are.
            #[allow(dead_code, reason = "not every vocabulary is a dimension of rules")]
            pub(crate) const COUNT: usize = Self::ALL.len();

            /// The code in policies and audit entries.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            /// The meaning in a few plain words.
            pub const fn words(self) -> &'static str {
                match self { $(Self::$value => $words,)+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, $crate::UnknownName> {
                Self::ALL.iter().copied().find(|value| value.code() == text).ok_or($crate::UnknownName)
            }
        }

        impl $crate::vocabulary::Term for $name {
            fn number(&self) -> usize {
                *self as usize
            }

            fn known() -> String {
                Self::ALL.iter().map(|value| value.code()).collect::<Vec<_>>().join(", ")
            }
        }
    };
}

pub(crate) use vocabulary;

/// A vocabulary that can list itself, for error messages.
pub(crate) trait Term: std::str::FromStr {
    /// The number of the value.
    fn number(&self) -> usize;

    /// The names there are, separated by commas.
    fn known() -> String;
}

vocabulary! {
    /// What someone wants to do with a record: the interactions of FHIR, handing it on, and reviewing who did any of it.
    Action {
        Read = "read", "look at a record";
        Search = "search", "find records";
        Create = "create", "add a record";
        Update = "update", "change a record";
        Delete = "delete", "withdraw a record";
        Disclose = "disclose", "hand a record to someone outside";
        Audit = "audit", "read why an access was granted or refused";
    }
}

impl Action {
    /// Whether it shows what a record holds. Whoever may add, change or withdraw a record, or review its trail, need not be someone
    /// who may read it.
    pub const fn hands_out(self) -> bool {
        matches!(self, Self::Read | Self::Search | Self::Disclose)
    }
}

vocabulary! {
    /// Why someone wants it: HL7 v3 PurposeOfUse (code system `v3-ActReason`).
    ///
    /// A rule covers exactly the purposes it lists; a wider code does not include its narrower ones.
    Purpose {
        Treatment = "TREAT", "treatment";
        CareCoordination = "COC", "coordination of care";
        EmergencyTreatment = "ETREAT", "emergency treatment";
        BreakTheGlass = "BTG", "break the glass";
        EmergencyRoomTreatment = "ERTREAT", "emergency room treatment";
        ClinicalTrial = "CLINTRL", "clinical trial with treatment";
        PopulationHealth = "POPHLTH", "population health";
        Payment = "HPAYMT", "healthcare payment";
        Eligibility = "ELIGVER", "eligibility verification";
        Operations = "HOPERAT", "healthcare operations";
        CareManagement = "CAREMGT", "care management";
        PatientAdministration = "PATADMIN", "patient administration";
        RecordsManagement = "RECORDMGT", "records management";
        QualityImprovement = "HQUALIMP", "health quality improvement";
        Compliance = "HCOMPL", "health compliance";
        Legal = "HLEGAL", "legal";
        Directory = "HDIRECT", "directory";
        SystemAdministration = "HSYSADMIN", "health system administration";
        Training = "TRAIN", "training";
        Marketing = "HMARKT", "healthcare marketing";
        Research = "HRESCH", "healthcare research";
        ClinicalTrialResearch = "CLINTRCH", "clinical trial research";
        PublicHealth = "PUBHLTH", "public health";
        Threat = "THREAT", "a serious threat to health or safety";
        PatientRequest = "PATRQT", "patient requested";
        FamilyRequest = "FAMRQT", "family requested";
        PowerOfAttorney = "PWATRNY", "power of attorney";
        SupportNetwork = "SUPNWK", "support network";
    }
}

vocabulary! {
    /// What the person asking is to the patient.
    Relationship {
        None = "none", "no known relationship";
        Patient = "self", "is the patient";
        Treating = "treating", "treats the patient";
        CareTeam = "care-team", "on the patient's care team";
        PersonalRepresentative = "personal-representative", "acts for the patient by law";
        Guarantor = "guarantor", "pays for the patient's care";
        Employer = "employer", "employs the patient";
    }
}

vocabulary! {
    /// Where care was given: HL7 v3 ActEncounterCode (code system `v3-ActCode`), the class of the encounter.
    CareSetting {
        Ambulatory = "AMB", "ambulatory";
        Emergency = "EMER", "emergency";
        Field = "FLD", "in the field";
        Home = "HH", "home health";
        Inpatient = "IMP", "inpatient";
        InpatientAcute = "ACUTE", "inpatient, acute";
        InpatientNonAcute = "NONAC", "inpatient, not acute";
        Observation = "OBSENC", "observation";
        PreAdmission = "PRENC", "before admission";
        ShortStay = "SS", "short stay";
        Virtual = "VR", "virtual";
        /// No permit that names care settings covers it; refusals that name any do.
        Unknown = "UNKNOWN", "a care setting that nobody here knows";
    }
}

vocabulary! {
    /// How closely a record is held: HL7 v3 Confidentiality, from open to closed.
    ///
    /// A permit that names no confidentiality covers `U`, `L`, `M` and `N`.
    Confidentiality {
        Unrestricted = "U", "unrestricted";
        Low = "L", "low";
        Moderate = "M", "moderate";
        Normal = "N", "normal";
        Restricted = "R", "restricted";
        VeryRestricted = "V", "very restricted";
        /// Counts as very restricted.
        Unknown = "UNKNOWN", "a confidentiality that nobody here knows";
    }
}

vocabulary! {
    /// What whoever receives something must also do, or must not do.
    ///
    /// Codes in capitals are HL7 v3 ObligationPolicy and RefrainPolicy (code system `v3-ActCode`); the others are ours.
    Obligation {
        AccountForDisclosure = "AOD", "account for the disclosure";
        Audit = "AUDIT", "audit the access";
        Deidentify = "DEID", "keep it de-identified";
        DeleteAfterUse = "DELAU", "delete it after use";
        Encrypt = "ENCRYPT", "encrypt it";
        MinimumNecessary = "MINEC", "use the minimum necessary";
        PersistLabel = "PERSISTLABEL", "keep the security labels on it";
        PrivacyMark = "PRIVMARK", "show the privacy mark";
        NoDisclosureWithoutConsent = "NODSCLCD", "do not disclose it without a consent directive";
        NoRedisclosureWithoutConsent = "NORDSCLCD", "do not redisclose it without a consent directive";
        NoRelinking = "NORELINK", "do not link it back to the person";
        NoReuse = "NOREUSE", "do not use it beyond the purpose";
        NotifyPrivacyOffice = "notify-privacy-office", "tell the privacy office";
        ReviewAccess = "review-access", "have the access reviewed";
        /// Statement 2 of 42 CFR 2.32(a): "42 CFR part 2 prohibits unauthorized use or disclosure of these records."
        Part2Notice = "part-2-notice", "send the notice of 42 CFR 2.32 and a copy of the consent along";
    }
}

impl Obligation {
    /// The code in HL7 v3 ActCode, to label a record with; `None` for an obligation of ours.
    pub fn hl7_code(self) -> Option<&'static str> {
        Some(self.code()).filter(|code| code.bytes().all(|byte| byte.is_ascii_uppercase()))
    }
}

const _: () = assert!(Obligation::COUNT <= 32, "obligations are bits of a word");

/// A set of [`Obligation`]s, as one bit mask.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Obligations(u32);

impl Obligations {
    /// No obligation.
    pub const NONE: Self = Self(0);

    /// Whether the obligation is in the set.
    pub const fn contains(self, obligation: Obligation) -> bool {
        self.0 & (1 << obligation as u32) != 0
    }

    /// Whether there is no obligation.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The obligations of both.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The obligations, in the order of the enum.
    pub fn iter(self) -> impl Iterator<Item = Obligation> {
        Obligation::ALL.iter().copied().filter(move |obligation| self.contains(*obligation))
    }
}

impl FromIterator<Obligation> for Obligations {
    fn from_iter<I: IntoIterator<Item = Obligation>>(obligations: I) -> Self {
        Self(obligations.into_iter().fold(0, |bits, obligation| bits | 1 << obligation as u32))
    }
}

impl fmt::Debug for Obligations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_found_again() {
        assert!(Purpose::ALL.iter().all(|purpose| purpose.code().parse() == Ok(*purpose)));
        assert!(Obligation::ALL.iter().all(|obligation| obligation.code().parse() == Ok(*obligation)));
        assert_eq!("treat".parse::<Purpose>(), Err(UnknownName));
        assert_eq!(Relationship::Patient.to_string(), "self");
    }

    #[test]
    fn confidentiality_rises() {
        assert!(Confidentiality::Normal < Confidentiality::Restricted);
        assert!(Confidentiality::VeryRestricted < Confidentiality::Unknown);
    }

    #[test]
    fn obligations_unite() {
        let one: Obligations = [Obligation::Audit].into_iter().collect();
        let two: Obligations = [Obligation::Deidentify, Obligation::NoRelinking].into_iter().collect();
        assert_eq!(one.union(two).iter().count(), 3);
        assert!(one.union(two).contains(Obligation::Audit));
        assert!(Obligations::NONE.is_empty());
    }
}
