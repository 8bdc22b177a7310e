//! The closed code lists of FHIR R4 (4.0.1): every required binding to a finite value set, one type each.

mod account;
mod allergy_intolerance;
mod appointment;
mod audit_event;
mod bundle;
mod care_plan;
mod care_team;
mod charge_item;
mod code_system;
mod common;
mod composition;
mod concept_map;
mod consent;
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
mod imaging_study;
mod immunization;
mod list;
mod location;
mod measure_report;
mod medication;
mod medication_administration;
mod medication_dispense;
mod medication_request;
mod medication_statement;
mod message_header;
mod observation;
mod operation_outcome;
mod patient;
mod person;
mod provenance;
mod questionnaire;
mod questionnaire_response;
mod service_request;
mod slot;
mod specimen;
mod supply_delivery;
mod task;

pub use account::AccountStatus;
pub use allergy_intolerance::{
    AllergyIntoleranceCategory, AllergyIntoleranceCriticality, AllergyIntoleranceSeverity, AllergyIntoleranceType,
};
pub use appointment::{AppointmentStatus, ParticipantRequired};
pub use audit_event::{AuditEventAction, AuditEventAgentNetworkType, AuditEventOutcome};
pub use bundle::{BundleType, HttpVerb, SearchEntryMode};
pub use care_plan::{CarePlanActivityKind, CarePlanActivityStatus, CarePlanIntent};
pub use care_team::CareTeamStatus;
pub use charge_item::ChargeItemStatus;
pub use code_system::{CodeSystemContentMode, CodeSystemHierarchyMeaning, ConceptPropertyType};
pub use common::{
    AddressType, AddressUse, AdministrativeGender, ClaimUse, CompositionStatus, ContactPointSystem, ContactPointUse,
    ContributorType, DayOfWeek, DocumentRelationshipType, EventStatus, EventTiming, FilterOperator,
    FinancialResourceStatus, IdentifierUse, ListMode, NameUse, NarrativeStatus, NoteType, ParameterUse,
    ParticipationStatus, PublicationStatus, QuantityComparator, RelatedArtifactType, RemittanceOutcome,
    RequestPriority, RequestStatus, SortDirection, TriggerType,
};
pub use composition::{CompositionAttestationMode, DocumentConfidentiality};
pub use concept_map::{ConceptMapEquivalence, ConceptMapGroupUnmappedMode};
pub use consent::{ConsentDataMeaning, ConsentProvisionType, ConsentState};
pub use coverage_eligibility_request::EligibilityRequestPurpose;
pub use coverage_eligibility_response::EligibilityResponsePurpose;
pub use device::{DeviceNameType, DeviceStatus, UdiEntryType};
pub use diagnostic_report::DiagnosticReportStatus;
pub use document_reference::DocumentReferenceStatus;
pub use encounter::{EncounterLocationStatus, EncounterStatus};
pub use episode_of_care::EpisodeOfCareStatus;
pub use explanation_of_benefit::ExplanationOfBenefitStatus;
pub use family_member_history::FamilyHistoryStatus;
pub use flag::FlagStatus;
pub use goal::GoalLifecycleStatus;
pub use group::GroupType;
pub use imaging_study::ImagingStudyStatus;
pub use immunization::ImmunizationStatus;
pub use list::ListStatus;
pub use location::{LocationMode, LocationStatus};
pub use measure_report::{MeasureReportStatus, MeasureReportType};
pub use medication::MedicationStatus;
pub use medication_administration::MedicationAdministrationStatus;
pub use medication_dispense::MedicationDispenseStatus;
pub use medication_request::{MedicationRequestIntent, MedicationRequestStatus};
pub use medication_statement::MedicationStatementStatus;
pub use message_header::MessageResponseType;
pub use observation::ObservationStatus;
pub use operation_outcome::{IssueSeverity, IssueType};
pub use patient::PatientLinkType;
pub use person::IdentityAssuranceLevel;
pub use provenance::ProvenanceEntityRole;
pub use questionnaire::{EnableWhenBehavior, QuestionnaireItemOperator, QuestionnaireItemType};
pub use questionnaire_response::QuestionnaireResponseStatus;
pub use service_request::RequestIntent;
pub use slot::SlotStatus;
pub use specimen::SpecimenStatus;
pub use supply_delivery::SupplyDeliveryStatus;
pub use task::{TaskIntent, TaskStatus};
