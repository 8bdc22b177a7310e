//! ChargeItem: FHIR R4 <https://hl7.org/fhir/R4/chargeitem.html>.

use super::prelude::*;

/// The provision of healthcare products or services to a patient, with what is needed to bill it.
#[derive(Default, Record)]
#[record(resource)]
pub struct ChargeItem {
    /// Logical id of this artifact.
    #[record(class = Technical, summary)]
    pub id: Option<Id>,
    /// Metadata about the resource.
    #[record(class = Technical, summary)]
    pub meta: Option<Box<Meta>>,
    /// A set of rules under which this content was created.
    #[record(class = Technical, summary, modifier)]
    pub implicit_rules: Option<Uri>,
    /// Language of the resource content.
    #[record(class = Technical, binding(preferred, "http://hl7.org/fhir/ValueSet/languages"))]
    pub language: Option<Code>,
    /// Text summary of the resource, for human interpretation.
    #[record(class = Narrative)]
    pub text: Option<Narrative>,
    /// Contained, inline Resources.
    pub contained: Vec<Resource>,
    /// Business Identifier for item.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// Defining information about the code of this charge item.
    #[record(class = Technical)]
    pub definition_uri: Vec<Uri>,
    /// Resource defining the code of this ChargeItem.
    #[record(class = Technical, targets(ChargeItemDefinition))]
    pub definition_canonical: Vec<Canonical>,
    /// planned | billable | not-billable | aborted | billed | entered-in-error | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/chargeitem-status")
    )]
    pub status: Option<Code<ChargeItemStatus>>,
    /// Part of referenced ChargeItem.
    #[record(class = Relation, targets(ChargeItem))]
    pub part_of: Vec<Reference>,
    /// A code that identifies the charge, like a billing code.
    #[record(
        required,
        class = Clinical,
        summary,
        binding(example, "http://hl7.org/fhir/ValueSet/chargeitem-billingcodes")
    )]
    pub code: Option<CodeableConcept>,
    /// Individual service was done for/to.
    #[record(required, class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter / Episode associated with event.
    #[record(class = Relation, summary, targets(Encounter, EpisodeOfCare))]
    pub context: Option<Reference>,
    /// When the charged service was applied.
    #[record(choice, class = ServiceDate, summary)]
    pub occurrence: Option<ChargeItemOccurrence>,
    /// Who performed charged service.
    #[record(class = Participant)]
    pub performer: Vec<ChargeItemPerformer>,
    /// Organization providing the charged service.
    #[record(class = Participant, targets(Organization))]
    pub performing_organization: Option<Reference>,
    /// Organization requesting the charged service.
    #[record(class = Participant, targets(Organization))]
    pub requesting_organization: Option<Reference>,
    /// Organization that has ownership of the (potential, future) revenue.
    #[record(class = Financial, targets(Organization))]
    pub cost_center: Option<Reference>,
    /// Quantity of which the charge item has been serviced.
    #[record(class = Financial, summary)]
    pub quantity: Option<Quantity>,
    /// Anatomical location, if relevant.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/body-site"))]
    pub bodysite: Vec<CodeableConcept>,
    /// Factor overriding the associated rules.
    #[record(class = Financial)]
    pub factor_override: Option<Decimal>,
    /// Price overriding the associated rules.
    #[record(class = Financial)]
    pub price_override: Option<Money>,
    /// Reason for overriding the list price/factor.
    #[record(class = Narrative)]
    pub override_reason: Option<Text>,
    /// Individual who was entering.
    #[record(
        class = Participant,
        summary,
        targets(Practitioner, PractitionerRole, Organization, Patient, Device, RelatedPerson)
    )]
    pub enterer: Option<Reference>,
    /// Date the charge item was entered.
    #[record(class = ServiceDate, summary)]
    pub entered_date: Option<DateTime>,
    /// Why was the charged service rendered?
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/icd-10"))]
    pub reason: Vec<CodeableConcept>,
    /// Which rendered service is being charged?
    #[record(
        class = Relation,
        targets(
            DiagnosticReport,
            ImagingStudy,
            Immunization,
            MedicationAdministration,
            MedicationDispense,
            Observation,
            Procedure,
            SupplyDelivery
        )
    )]
    pub service: Vec<Reference>,
    /// Product charged.
    #[record(choice, class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/device-kind"))]
    pub product: Option<ChargeItemProduct>,
    /// Account to place this charge.
    #[record(class = Financial, summary, targets(Account))]
    pub account: Vec<Reference>,
    /// Comments made about the ChargeItem.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Further information supporting this charge.
    #[record(class = Relation)]
    pub supporting_information: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `ChargeItem.occurrence[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "occurrence")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ChargeItemOccurrence {
    DateTime(DateTime),
    Period(Box<Period>),
    Timing(Box<Timing>),
}

/// The values that `ChargeItem.product[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "product")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ChargeItemProduct {
    #[record(targets(Device, Medication, Substance))]
    Reference(Box<Reference>),
    CodeableConcept(Box<CodeableConcept>),
}

/// Who performed charged service.
#[derive(Default, Record)]
#[record(backbone = "ChargeItem.performer")]
pub struct ChargeItemPerformer {
    /// What type of performance was done.
    #[record(binding(example, "http://hl7.org/fhir/ValueSet/performer-role"))]
    pub function: Option<CodeableConcept>,
    /// Individual who was performing.
    #[record(
        required,
        targets(Practitioner, PractitionerRole, Organization, CareTeam, Patient, Device, RelatedPerson)
    )]
    pub actor: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
