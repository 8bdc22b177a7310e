//! The resource types, one file each: the shapes of FHIR R4 (4.0.1).

mod account;
mod allergy_intolerance;
mod appointment;
mod appointment_response;
mod audit_event;
mod binary;
mod bundle;
mod care_plan;
mod care_team;
mod charge_item;
mod claim;
mod claim_response;
mod code_system;
mod communication;
mod composition;
mod concept_map;
mod condition;
mod consent;
mod coverage;
mod coverage_eligibility_request;
mod coverage_eligibility_response;
mod device;
mod diagnostic_report;
mod document_reference;
mod encounter;
mod episode_of_care;
mod explanation_of_benefit;
mod family_member_history;
mod flag;
mod goal;
mod group;
mod healthcare_service;
mod imaging_study;
mod immunization;
mod list;
mod location;
mod measure_report;
mod media;
mod medication;
mod medication_administration;
mod medication_dispense;
mod medication_request;
mod medication_statement;
mod message_header;
mod names;
mod observation;
mod operation_outcome;
mod organization;
mod own;
mod parameters;
mod patient;
mod payment_reconciliation;
mod person;
mod practitioner;
mod practitioner_role;
mod procedure;
mod provenance;
mod questionnaire;
mod questionnaire_response;
mod related_person;
mod schedule;
mod service_request;
mod slot;
mod specimen;
mod supply_delivery;
mod task;
mod value_set;

pub use names::R4_TYPES;
pub(crate) use names::{is_r4, path_root};
pub use own::Own;

use std::mem::ManuallyDrop;

use crate::datatype::Meta;
use crate::element::{Element, Node};
use crate::facts::TypeFacts;
use crate::issue::IssueCode;
use crate::json::{Halt, Json, JsonText, Reader};
pub(crate) use crate::prelude;

pub use account::{Account, AccountCoverage, AccountGuarantor};
pub use allergy_intolerance::{AllergyIntolerance, AllergyIntoleranceOnset, AllergyIntoleranceReaction};
pub use appointment::{Appointment, AppointmentParticipant};
pub use appointment_response::AppointmentResponse;
pub use audit_event::{
    AuditEvent, AuditEventAgent, AuditEventAgentNetwork, AuditEventEntity, AuditEventEntityDetail,
    AuditEventEntityDetailValue, AuditEventSource,
};
pub use binary::Binary;
pub use bundle::{Bundle, BundleEntry, BundleEntryRequest, BundleEntryResponse, BundleEntrySearch, BundleLink};
pub use care_plan::{
    CarePlan, CarePlanActivity, CarePlanActivityDetail, CarePlanActivityDetailProduct, CarePlanActivityDetailScheduled,
};
pub use care_team::{CareTeam, CareTeamParticipant};
pub use charge_item::{ChargeItem, ChargeItemOccurrence, ChargeItemPerformer, ChargeItemProduct};
pub use claim::{
    Claim, ClaimAccident, ClaimAccidentLocation, ClaimCareTeam, ClaimDiagnosis, ClaimDiagnosisDiagnosis,
    ClaimInsurance, ClaimItem, ClaimItemDetail, ClaimItemDetailSubDetail, ClaimItemLocation, ClaimItemServiced,
    ClaimPayee, ClaimProcedure, ClaimProcedureProcedure, ClaimRelated, ClaimSupportingInfo, ClaimSupportingInfoTiming,
    ClaimSupportingInfoValue,
};
pub use claim_response::{
    ClaimResponse, ClaimResponseAddItem, ClaimResponseAddItemDetail, ClaimResponseAddItemDetailSubDetail,
    ClaimResponseAddItemLocation, ClaimResponseAddItemServiced, ClaimResponseError, ClaimResponseInsurance,
    ClaimResponseItem, ClaimResponseItemAdjudication, ClaimResponseItemDetail, ClaimResponseItemDetailSubDetail,
    ClaimResponsePayment, ClaimResponseProcessNote, ClaimResponseTotal,
};
pub use code_system::{
    CodeSystem, CodeSystemConcept, CodeSystemConceptDesignation, CodeSystemConceptProperty,
    CodeSystemConceptPropertyValue, CodeSystemFilter, CodeSystemProperty,
};
pub use communication::{Communication, CommunicationPayload, CommunicationPayloadContent};
pub use composition::{
    Composition, CompositionAttester, CompositionEvent, CompositionRelatesTo, CompositionRelatesToTarget,
    CompositionSection,
};
pub use concept_map::{
    ConceptMap, ConceptMapGroup, ConceptMapGroupElement, ConceptMapGroupElementTarget,
    ConceptMapGroupElementTargetDependsOn, ConceptMapGroupUnmapped, ConceptMapSource, ConceptMapTarget,
};
pub use condition::{Condition, ConditionAbatement, ConditionEvidence, ConditionOnset, ConditionStage};
pub use consent::{
    Consent, ConsentPolicy, ConsentProvision, ConsentProvisionActor, ConsentProvisionData, ConsentSource,
    ConsentVerification,
};
pub use coverage::{
    Coverage, CoverageClass, CoverageCostToBeneficiary, CoverageCostToBeneficiaryException,
    CoverageCostToBeneficiaryValue,
};
pub use coverage_eligibility_request::{
    CoverageEligibilityRequest, CoverageEligibilityRequestInsurance, CoverageEligibilityRequestItem,
    CoverageEligibilityRequestItemDiagnosis, CoverageEligibilityRequestItemDiagnosisDiagnosis,
    CoverageEligibilityRequestServiced, CoverageEligibilityRequestSupportingInfo,
};
pub use coverage_eligibility_response::{
    CoverageEligibilityResponse, CoverageEligibilityResponseError, CoverageEligibilityResponseInsurance,
    CoverageEligibilityResponseInsuranceItem, CoverageEligibilityResponseInsuranceItemBenefit,
    CoverageEligibilityResponseInsuranceItemBenefitAllowed, CoverageEligibilityResponseInsuranceItemBenefitUsed,
    CoverageEligibilityResponseServiced,
};
pub use device::{Device, DeviceDeviceName, DeviceProperty, DeviceSpecialization, DeviceUdiCarrier, DeviceVersion};
pub use diagnostic_report::{DiagnosticReport, DiagnosticReportEffective, DiagnosticReportMedia};
pub use document_reference::{
    DocumentReference, DocumentReferenceContent, DocumentReferenceContext, DocumentReferenceRelatesTo,
};
pub use encounter::{
    Encounter, EncounterClassHistory, EncounterDiagnosis, EncounterHospitalization, EncounterLocation,
    EncounterParticipant, EncounterStatusHistory,
};
pub use episode_of_care::{EpisodeOfCare, EpisodeOfCareDiagnosis, EpisodeOfCareStatusHistory};
pub use explanation_of_benefit::{
    ExplanationOfBenefit, ExplanationOfBenefitAccident, ExplanationOfBenefitAccidentLocation,
    ExplanationOfBenefitAddItem, ExplanationOfBenefitAddItemDetail, ExplanationOfBenefitAddItemDetailSubDetail,
    ExplanationOfBenefitAddItemLocation, ExplanationOfBenefitAddItemServiced, ExplanationOfBenefitBenefitBalance,
    ExplanationOfBenefitBenefitBalanceFinancial, ExplanationOfBenefitBenefitBalanceFinancialAllowed,
    ExplanationOfBenefitBenefitBalanceFinancialUsed, ExplanationOfBenefitCareTeam, ExplanationOfBenefitDiagnosis,
    ExplanationOfBenefitDiagnosisDiagnosis, ExplanationOfBenefitInsurance, ExplanationOfBenefitItem,
    ExplanationOfBenefitItemAdjudication, ExplanationOfBenefitItemDetail, ExplanationOfBenefitItemDetailSubDetail,
    ExplanationOfBenefitItemLocation, ExplanationOfBenefitItemServiced, ExplanationOfBenefitPayee,
    ExplanationOfBenefitPayment, ExplanationOfBenefitProcedure, ExplanationOfBenefitProcedureProcedure,
    ExplanationOfBenefitProcessNote, ExplanationOfBenefitRelated, ExplanationOfBenefitSupportingInfo,
    ExplanationOfBenefitSupportingInfoTiming, ExplanationOfBenefitSupportingInfoValue, ExplanationOfBenefitTotal,
};
pub use family_member_history::{
    FamilyMemberHistory, FamilyMemberHistoryAge, FamilyMemberHistoryBorn, FamilyMemberHistoryCondition,
    FamilyMemberHistoryConditionOnset, FamilyMemberHistoryDeceased,
};
pub use flag::Flag;
pub use goal::{Goal, GoalStart, GoalTarget, GoalTargetDetail, GoalTargetDue};
pub use group::{Group, GroupCharacteristic, GroupCharacteristicValue, GroupMember};
pub use healthcare_service::{
    HealthcareService, HealthcareServiceAvailableTime, HealthcareServiceEligibility, HealthcareServiceNotAvailable,
};
pub use imaging_study::{ImagingStudy, ImagingStudySeries, ImagingStudySeriesInstance, ImagingStudySeriesPerformer};
pub use immunization::{
    Immunization, ImmunizationEducation, ImmunizationOccurrence, ImmunizationPerformer, ImmunizationProtocolApplied,
    ImmunizationProtocolAppliedDoseNumber, ImmunizationProtocolAppliedSeriesDoses, ImmunizationReaction,
};
pub use list::{List, ListEntry};
pub use location::{Location, LocationHoursOfOperation, LocationPosition};
pub use measure_report::{
    MeasureReport, MeasureReportGroup, MeasureReportGroupPopulation, MeasureReportGroupStratifier,
    MeasureReportGroupStratifierStratum, MeasureReportGroupStratifierStratumComponent,
    MeasureReportGroupStratifierStratumPopulation,
};
pub use media::{Media, MediaCreated};
pub use medication::{Medication, MedicationBatch, MedicationIngredient, MedicationIngredientItem};
pub use medication_administration::{
    MedicationAdministration, MedicationAdministrationDosage, MedicationAdministrationDosageRate,
    MedicationAdministrationEffective, MedicationAdministrationMedication, MedicationAdministrationPerformer,
};
pub use medication_dispense::{
    MedicationDispense, MedicationDispenseMedication, MedicationDispensePerformer, MedicationDispenseStatusReason,
    MedicationDispenseSubstitution,
};
pub use medication_request::{
    MedicationRequest, MedicationRequestDispenseRequest, MedicationRequestDispenseRequestInitialFill,
    MedicationRequestMedication, MedicationRequestReported, MedicationRequestSubstitution,
    MedicationRequestSubstitutionAllowed,
};
pub use medication_statement::{MedicationStatement, MedicationStatementEffective, MedicationStatementMedication};
pub use message_header::{
    MessageHeader, MessageHeaderDestination, MessageHeaderEvent, MessageHeaderResponse, MessageHeaderSource,
};
pub use observation::{
    Observation, ObservationComponent, ObservationComponentValue, ObservationEffective, ObservationReferenceRange,
    ObservationValue,
};
pub use operation_outcome::{OperationOutcome, OperationOutcomeIssue};
pub use organization::{Organization, OrganizationContact};
pub use parameters::{Parameters, ParametersParameter, ParametersParameterValue};
pub use patient::{Patient, PatientCommunication, PatientContact, PatientDeceased, PatientLink, PatientMultipleBirth};
pub use payment_reconciliation::{
    PaymentReconciliation, PaymentReconciliationDetail, PaymentReconciliationProcessNote,
};
pub use person::{Person, PersonLink};
pub use practitioner::{Practitioner, PractitionerQualification};
pub use practitioner_role::{PractitionerRole, PractitionerRoleAvailableTime, PractitionerRoleNotAvailable};
pub use procedure::{Procedure, ProcedureFocalDevice, ProcedurePerformed, ProcedurePerformer};
pub use provenance::{Provenance, ProvenanceAgent, ProvenanceEntity, ProvenanceOccurred};
pub use questionnaire::{
    Questionnaire, QuestionnaireItem, QuestionnaireItemAnswerOption, QuestionnaireItemAnswerOptionValue,
    QuestionnaireItemEnableWhen, QuestionnaireItemEnableWhenAnswer, QuestionnaireItemInitial,
    QuestionnaireItemInitialValue,
};
pub use questionnaire_response::{
    QuestionnaireResponse, QuestionnaireResponseItem, QuestionnaireResponseItemAnswer,
    QuestionnaireResponseItemAnswerValue,
};
pub use related_person::{RelatedPerson, RelatedPersonCommunication};
pub use schedule::Schedule;
pub use service_request::{ServiceRequest, ServiceRequestAsNeeded, ServiceRequestOccurrence, ServiceRequestQuantity};
pub use slot::Slot;
pub use specimen::{
    Specimen, SpecimenCollection, SpecimenCollectionCollected, SpecimenCollectionFastingStatus, SpecimenContainer,
    SpecimenContainerAdditive, SpecimenProcessing, SpecimenProcessingTime,
};
pub use supply_delivery::{
    SupplyDelivery, SupplyDeliveryOccurrence, SupplyDeliverySuppliedItem, SupplyDeliverySuppliedItemItem,
};
pub use task::{Task, TaskInput, TaskInputValue, TaskOutput, TaskOutputValue, TaskRestriction};
pub use value_set::{
    ValueSet, ValueSetCompose, ValueSetComposeInclude, ValueSetComposeIncludeConcept,
    ValueSetComposeIncludeConceptDesignation, ValueSetComposeIncludeFilter, ValueSetExpansion,
    ValueSetExpansionContains, ValueSetExpansionParameter, ValueSetExpansionParameterValue,
};

/// Defines [`Resource`]: the typed resources, and everything else as [`Resource::Other`].
macro_rules! resources {
    ($($name:ident)*) => {
        /// A resource of any type.
        #[non_exhaustive]
        pub enum Resource {
            $(
                #[doc = concat!("A [`", stringify!($name), "`].")]
                $name(Own<$name>),
            )*
            /// A resource of a type outside the typed set, kept whole.
            Other(Box<Other>),
        }

        impl Resource {
            /// The names of the typed resources.
            pub const TYPES: &'static [&'static str] = &[$(stringify!($name)),*];

            /// The resource as an element, to walk over; `None` outside the typed set.
            pub fn as_element(&self) -> Option<&dyn Element> {
                match self {
                    $(Self::$name(resource) => resource.as_element(),)*
                    Self::Other(_) => None,
                }
            }

            /// The resource as an element, to change; `None` outside the typed set.
            pub fn as_element_mut(&mut self) -> Option<&mut dyn Element> {
                match self {
                    $(Self::$name(resource) => resource.as_element_mut(),)*
                    Self::Other(_) => None,
                }
            }

            /// The resource type, such as `Patient`.
            pub fn type_name(&self) -> &str {
                match self {
                    $(Self::$name(_) => stringify!($name),)*
                    Self::Other(other) => other.type_name(),
                }
            }

            /// What is known about a typed resource, by its name, such as `Patient`.
            pub fn facts_of(type_name: &str) -> Option<&'static TypeFacts> {
                match type_name {
                    $(stringify!($name) => Some($name::facts()),)*
                    _ => None,
                }
            }

            /// The id, where there is one.
            pub fn id(&self) -> Option<&str> {
                match self {
                    $(Self::$name(resource) => resource.id.as_deref(),)*
                    Self::Other(other) => other.json().get("id").and_then(Json::as_str),
                }
            }
        }

        // Written out, and not derived: derived ones are inlined, and so compiled anew in every crate that uses them.
        impl Clone for Resource {
            fn clone(&self) -> Self {
                match self {
                    $(Self::$name(resource) => Self::$name(resource.clone()),)*
                    Self::Other(other) => Self::Other(other.clone()),
                }
            }
        }

        impl PartialEq for Resource {
            fn eq(&self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$name(one), Self::$name(other)) => one == other,)*
                    (Self::Other(one), Self::Other(other)) => one == other,
                    _ => false,
                }
            }
        }

        /// A typed resource with nothing in it.
        fn empty(type_name: &str) -> Option<Resource> {
            match type_name {
                $(stringify!($name) => Some(Resource::$name(Own::empty())),)*
                _ => None,
            }
        }
    };
}

resources! {
    Account AllergyIntolerance Appointment AppointmentResponse AuditEvent Binary Bundle CarePlan CareTeam ChargeItem
    Claim ClaimResponse CodeSystem Communication Composition ConceptMap Condition Consent Coverage
    CoverageEligibilityRequest CoverageEligibilityResponse Device DiagnosticReport DocumentReference Encounter
    EpisodeOfCare ExplanationOfBenefit FamilyMemberHistory Flag Goal Group HealthcareService ImagingStudy Immunization
    List Location MeasureReport Media Medication MedicationAdministration MedicationDispense MedicationRequest
    MedicationStatement MessageHeader Observation OperationOutcome Organization Parameters Patient
    PaymentReconciliation Person Practitioner PractitionerRole Procedure Provenance Questionnaire
    QuestionnaireResponse RelatedPerson Schedule ServiceRequest Slot Specimen SupplyDelivery Task ValueSet
}

/// A resource of a type outside the typed set: its JSON, whole. All of it is [`Class::Unclassified`](crate::Class).
#[derive(Clone, PartialEq, Eq)]
pub struct Other {
    type_name: JsonText,
    json: Whole,
}

/// JSON that is let go by a C function, because the compiler knows that such a one does not unwind.
#[derive(Clone, PartialEq, Eq)]
struct Whole(ManuallyDrop<Json>);

impl Drop for Whole {
    #[inline]
    fn drop(&mut self) {
        let_go(&mut self.0);
    }
}

#[inline(never)]
extern "C" fn let_go(json: &mut Json) {
    *json = Json::Null;
}

impl Other {
    /// Whether nothing but the type is known of it: what stands in a part for a resource of other classes.
    fn is_placeholder(&self) -> bool {
        matches!(self.json(), Json::Object(members) if members.len() == 1)
    }

    /// The resource type.
    pub fn type_name(&self) -> &str {
        self.type_name.as_str()
    }

    /// The resource as JSON.
    pub fn json(&self) -> &Json {
        &self.json.0
    }

    pub(crate) const fn new(type_name: JsonText, json: Json) -> Self {
        Self { type_name, json: Whole(ManuallyDrop::new(json)) }
    }

    pub(crate) fn json_mut(&mut self) -> &mut Json {
        &mut self.json.0
    }
}

impl Resource {
    /// What the resource says of itself: version, profiles, security labels. `None` where it says nothing, and for a resource
    /// outside the typed set.
    pub fn meta(&self) -> Option<&Meta> {
        let element = self.as_element()?;
        let index = element.facts().elements.iter().position(|facts| facts.name == "meta")?;
        match element.member(index).node {
            Node::Element(meta) => (meta as &dyn std::any::Any).downcast_ref(),
            _ => None,
        }
    }

    /// The resource as minified JSON, as it was read: number text, unknown members and all.
    pub fn to_json(&self) -> String {
        crate::write::resource(self)
    }
}

impl std::fmt::Debug for Resource {
    /// The type and which elements there are; nothing of what they hold.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.as_element() {
            Some(element) => crate::plain::redacted(self.type_name(), element, f),
            None => write!(f, "{}(..)", self.type_name()),
        }
    }
}

/// Reads the resource at the cursor into the slot.
pub(crate) fn read(slot: &mut Option<Resource>, reader: &mut Reader<'_>) -> Result<(), Halt> {
    if reader.peek() != Some(b'{') {
        return Err(Halt::misfit(IssueCode::NotAResource, "a resource is an object"));
    }
    let Some(name) = reader.resource_type()? else {
        return Err(Halt::misfit(IssueCode::NotAResource, "the object has no resourceType"));
    };
    let begun = slot.take().filter(|begun| begun.type_name() == name);
    *slot = begun.or_else(|| empty(&name));
    if let Some(element) = slot.as_mut().and_then(Resource::as_element_mut) {
        return Ok(crate::read::members(element, reader)?);
    }
    if !name.starts_with(|first: char| first.is_ascii_uppercase()) || !name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(Halt::misfit(IssueCode::ResourceType, "this is no resource type"));
    }
    let type_name = JsonText(reader.intern(&name));
    let json = reader.json()?;
    *slot = Some(Resource::Other(Box::new(Other::new(type_name, json))));
    Ok(())
}

/// Reads more of a resource that another text began.
pub(crate) fn read_again(resource: &mut Resource, reader: &mut Reader<'_>) -> Result<(), Halt> {
    let name = reader.resource_type()?;
    if name.as_deref() != Some(resource.type_name()) {
        return Err(Halt::misfit(IssueCode::ResourceType, "two texts give resources of different types"));
    }
    if let Some(element) = resource.as_element_mut() {
        return Ok(crate::read::members(element, reader)?);
    }
    let mut whole = None;
    read(&mut whole, reader)?;
    if let Some(Resource::Other(other)) = whole
        && !other.is_placeholder()
    {
        *resource = Resource::Other(other);
    }
    Ok(())
}
