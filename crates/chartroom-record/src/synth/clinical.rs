//! What happens at the visits of an invented chart.

use chrono::NaiveDate;

use super::random::Random;
use super::tables::{
    ALLERGENS, CONDITIONS, CVX, ICD_10_CM, LOINC, MEASURES, MEDICATIONS, Measure, NOTES, REACTIONS, RXNORM, UCUM,
    VACCINES,
};
use super::{at, coding, concept, known, uri, with_display, words};
use crate::code_set::{
    AllergyIntoleranceCategory, EncounterStatus, ImmunizationStatus, MedicationRequestIntent, MedicationRequestStatus,
    ObservationStatus,
};
use crate::datatype::{Annotation, CodeableConcept, Dosage, Period, Quantity, Reference};
use crate::json::{Json, JsonText};
use crate::primitive::{Date, DateTime, Decimal, Markdown};
use crate::resource::{
    AllergyIntolerance, AllergyIntoleranceReaction, Bundle, Condition, Encounter, EncounterParticipant, Immunization,
    Medication, MedicationRequest, Observation, ObservationComponent, Other, Resource,
};

const CLINICAL_STATUS: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const VERIFICATION: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";

pub(super) fn allergies(bundle: &mut Bundle, random: &mut Random, patient: &Reference, born: NaiveDate) {
    for _ in 0..random.below(3) {
        let allergy = AllergyIntolerance {
            clinical_status: Some(concept(
                "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical",
                "active",
                "Active",
            )),
            category: vec![AllergyIntoleranceCategory::Environment.into()],
            code: Some(words(random.word(ALLERGENS))),
            patient: Some(patient.clone()),
            recorded_date: Some(Date::from(born).into()),
            reaction: vec![AllergyIntoleranceReaction {
                manifestation: vec![words(random.word(REACTIONS))],
                ..AllergyIntoleranceReaction::default()
            }],
            ..AllergyIntolerance::default()
        };
        bundle.add(random.uuid(), allergy);
    }
}

/// One visit of the patient to the clinic.
pub(super) struct Visit<'a> {
    pub(super) day: NaiveDate,
    pub(super) patient: &'a Reference,
    pub(super) physician: &'a Reference,
    pub(super) clinic: &'a Reference,
}

impl Visit<'_> {
    pub(super) fn add_to(&self, bundle: &mut Bundle, random: &mut Random) {
        let encounter = bundle.add(random.uuid(), self.encounter(random));
        bundle.add(random.uuid(), self.blood_pressure(random, &encounter));
        for measure in MEASURES.iter().filter(|_| !random.once_in(3)).collect::<Vec<_>>() {
            bundle.add(random.uuid(), self.measurement(random, &encounter, measure));
        }
        if random.once_in(3) {
            let condition = bundle.add(random.uuid(), self.condition(random, &encounter));
            bundle.add(random.uuid(), self.prescription(random, &encounter, condition));
        }
        if random.once_in(6) {
            bundle.add(random.uuid(), self.vaccination(random, &encounter));
        }
        if random.once_in(6) {
            bundle.add(random.uuid(), self.assessment(random));
        }
    }

    fn encounter(&self, random: &mut Random) -> Encounter {
        let start = at(self.day, random);
        Encounter {
            status: known(EncounterStatus::Finished),
            class: Some(coding("http://terminology.hl7.org/CodeSystem/v3-ActCode", "AMB", "ambulatory")),
            type_: vec![words("Office visit")],
            subject: Some(self.patient.clone()),
            participant: vec![EncounterParticipant {
                individual: Some(with_display(self.physician, "Attending physician")),
                ..EncounterParticipant::default()
            }],
            period: Some(Period { start, end: start, ..Period::default() }),
            service_provider: Some(self.clinic.clone()),
            ..Encounter::default()
        }
    }

    fn observation(&self, random: &mut Random, encounter: &Reference, category: &str) -> Observation {
        Observation {
            status: known(ObservationStatus::Final),
            category: vec![concept("http://terminology.hl7.org/CodeSystem/observation-category", category, "")],
            subject: Some(self.patient.clone()),
            encounter: Some(encounter.clone()),
            effective: at(self.day, random).map(Into::into),
            performer: vec![self.physician.clone()],
            ..Observation::default()
        }
    }

    fn measurement(&self, random: &mut Random, encounter: &Reference, measure: &Measure) -> Observation {
        let (code, display) = measure.code;
        Observation {
            code: Some(concept(LOINC, code, display)),
            value: Some(amount(random, measure.tenths, measure.unit).into()),
            note: if random.once_in(10) { vec![self.note(random)] } else { Vec::new() },
            ..self.observation(random, encounter, measure.category)
        }
    }

    fn blood_pressure(&self, random: &mut Random, encounter: &Reference) -> Observation {
        let mut part = |code, display, tenths| ObservationComponent {
            code: Some(concept(LOINC, code, display)),
            value: Some(amount(random, tenths, ("mm[Hg]", "mmHg")).into()),
            ..ObservationComponent::default()
        };
        let component = vec![
            part("8480-6", "Systolic blood pressure", (1000, 1700)),
            part("8462-4", "Diastolic blood pressure", (600, 1000)),
        ];
        let code = Some(concept(LOINC, "85354-9", "Blood pressure panel with all children optional"));
        Observation { code, component, ..self.observation(random, encounter, "vital-signs") }
    }

    fn condition(&self, random: &mut Random, encounter: &Reference) -> Condition {
        let (code, display) = random.one_of(CONDITIONS).copied().unwrap_or_default();
        let onset: DateTime = if random.once_in(4) {
            self.day.format("%Y-%m").to_string().parse().unwrap_or_else(|_| Date::from(self.day).into())
        } else {
            Date::from(self.day).into()
        };
        Condition {
            clinical_status: Some(concept(CLINICAL_STATUS, "active", "Active")),
            verification_status: Some(concept(VERIFICATION, "confirmed", "Confirmed")),
            category: vec![concept(
                "http://terminology.hl7.org/CodeSystem/condition-category",
                "encounter-diagnosis",
                "Encounter Diagnosis",
            )],
            code: Some(CodeableConcept { text: Some(display.into()), ..concept(ICD_10_CM, code, display) }),
            subject: Some(self.patient.clone()),
            encounter: Some(encounter.clone()),
            onset: Some(onset.into()),
            recorded_date: Some(Date::from(self.day).into()),
            note: vec![self.note(random)],
            ..Condition::default()
        }
    }

    /// Half of the prescriptions name the medication, half contain it.
    fn prescription(&self, random: &mut Random, encounter: &Reference, reason: Reference) -> MedicationRequest {
        let (code, display) = random.one_of(MEDICATIONS).copied().unwrap_or_default();
        let medication = concept(RXNORM, code, display);
        let request = MedicationRequest {
            status: known(MedicationRequestStatus::Active),
            intent: known(MedicationRequestIntent::Order),
            subject: Some(self.patient.clone()),
            encounter: Some(encounter.clone()),
            authored_on: at(self.day, random),
            requester: Some(self.physician.clone()),
            reason_reference: vec![reason],
            dosage_instruction: vec![Dosage { text: Some("One tablet each morning".into()), ..Dosage::default() }],
            ..MedicationRequest::default()
        };
        if random.once_in(2) {
            return MedicationRequest { medication: Some(medication.into()), ..request };
        }
        let contained = Medication { id: "m1".parse().ok(), code: Some(medication), ..Medication::default() };
        let reference = Reference { reference: Some("#m1".into()), ..Reference::default() };
        MedicationRequest { contained: vec![contained.into()], medication: Some(reference.into()), ..request }
    }

    fn vaccination(&self, random: &mut Random, encounter: &Reference) -> Immunization {
        let (code, display) = random.one_of(VACCINES).copied().unwrap_or_default();
        Immunization {
            status: known(ImmunizationStatus::Completed),
            vaccine_code: Some(concept(CVX, code, display)),
            patient: Some(self.patient.clone()),
            encounter: Some(encounter.clone()),
            occurrence: at(self.day, random).map(Into::into),
            primary_source: Some(true),
            ..Immunization::default()
        }
    }

    /// A resource of a type outside the typed set.
    fn assessment(&self, random: &mut Random) -> Resource {
        let text = |text: &str| Json::String(JsonText(text.into()));
        let subject = text(self.patient.reference.as_deref().unwrap_or_default());
        let probability = format!("0.{}0", random.digits(2));
        let prediction = vec![(JsonText("probabilityDecimal".into()), Json::Number(JsonText(probability.into())))];
        let members = [
            ("resourceType", text("RiskAssessment")),
            ("status", text("final")),
            ("subject", Json::Object(vec![(JsonText("reference".into()), subject)])),
            ("occurrenceDateTime", text(&self.day.to_string())),
            ("prediction", Json::Array(vec![Json::Object(prediction)])),
        ];
        let members = members.map(|(name, value)| (JsonText(name.into()), value));
        Resource::Other(Box::new(Other::new(JsonText("RiskAssessment".into()), Json::Object(members.to_vec()))))
    }

    fn note(&self, random: &mut Random) -> Annotation {
        Annotation {
            time: at(self.day, random),
            text: Some(Markdown::from(random.word(NOTES))),
            ..Annotation::default()
        }
    }
}

/// An amount between two, both in tenths. Now and then its last zeros are kept.
fn amount(random: &mut Random, (least, most): (usize, usize), (code, unit): (&str, &str)) -> Quantity {
    let tenths = random.between(least, most);
    let zeros = if random.once_in(3) { "0" } else { "" };
    let value: Option<Decimal> = format!("{}.{}{zeros}", tenths / 10, tenths % 10).parse().ok();
    Quantity { value, unit: Some(unit.into()), system: uri(UCUM), code: code.parse().ok(), ..Quantity::default() }
}
