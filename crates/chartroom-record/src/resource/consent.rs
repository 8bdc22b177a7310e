//! Consent: FHIR R4 <https://hl7.org/fhir/R4/consent.html>.

use super::prelude::*;

/// A record of a healthcare consumer's choices, which permits or denies identified recipient(s) or recipient role(s) to
/// perform one or more actions within a given policy context, for specific purposes and periods of time.
#[derive(Default, Record)]
#[record(resource)]
pub struct Consent {
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
    /// Identifier for this record (external references).
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// draft | proposed | active | rejected | inactive | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/consent-state-codes")
    )]
    pub status: Option<Code<ConsentState>>,
    /// Which of the four areas this resource covers (extensible).
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(extensible, "http://hl7.org/fhir/ValueSet/consent-scope")
    )]
    pub scope: Option<CodeableConcept>,
    /// Classification of the consent statement - for indexing/retrieval.
    #[record(
        required,
        class = Administrative,
        summary,
        binding(extensible, "http://hl7.org/fhir/ValueSet/consent-category")
    )]
    pub category: Vec<CodeableConcept>,
    /// Who the consent applies to.
    #[record(class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// When this Consent was created or indexed.
    #[record(class = ServiceDate, summary)]
    pub date_time: Option<DateTime>,
    /// Who is agreeing to the policy and rules.
    #[record(
        class = Participant,
        summary,
        targets(Organization, Patient, Practitioner, RelatedPerson, PractitionerRole)
    )]
    pub performer: Vec<Reference>,
    /// Custodian of the consent.
    #[record(class = Participant, summary, targets(Organization))]
    pub organization: Vec<Reference>,
    /// Source from which this consent is taken.
    #[record(choice, class = Attachment, summary)]
    pub source: Option<ConsentSource>,
    /// Policies covered by this consent.
    #[record(class = Administrative)]
    pub policy: Vec<ConsentPolicy>,
    /// Regulation that this consents to.
    #[record(class = Administrative, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/consent-policy"))]
    pub policy_rule: Option<CodeableConcept>,
    /// Consent Verified by patient or family.
    #[record(class = Administrative, summary)]
    pub verification: Vec<ConsentVerification>,
    /// Constraints to the base Consent.policyRule.
    #[record(class = Administrative, summary)]
    pub provision: Option<Box<ConsentProvision>>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Consent.source[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "source")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum ConsentSource {
    Attachment(Box<Attachment>),
    #[record(targets(Consent, DocumentReference, Contract, QuestionnaireResponse))]
    Reference(Box<Reference>),
}

/// Policies covered by this consent.
#[derive(Default, Record)]
#[record(backbone = "Consent.policy")]
pub struct ConsentPolicy {
    /// Enforcement source for policy.
    pub authority: Option<Uri>,
    /// Specific policy covered by this consent.
    pub uri: Option<Uri>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Consent Verified by patient or family.
#[derive(Default, Record)]
#[record(backbone = "Consent.verification")]
pub struct ConsentVerification {
    /// Has been verified.
    #[record(required, summary)]
    pub verified: Option<bool>,
    /// Person who verified.
    #[record(class = Relation, targets(Patient, RelatedPerson))]
    pub verified_with: Option<Reference>,
    /// When consent verified.
    #[record(class = ServiceDate)]
    pub verification_date: Option<DateTime>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A rule of the consent, and the exceptions to it.
#[derive(Default, Record)]
#[record(backbone = "Consent.provision")]
pub struct ConsentProvision {
    /// deny | permit.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/consent-provision-type"))]
    pub type_: Option<Code<ConsentProvisionType>>,
    /// Timeframe for this rule.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Who or what this rule controls (or group, by role).
    #[record(class = Participant)]
    pub actor: Vec<ConsentProvisionActor>,
    /// Actions controlled by this rule.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/consent-action"))]
    pub action: Vec<CodeableConcept>,
    /// Security Labels that define affected resources.
    #[record(class = Clinical, summary, binding(extensible, "http://hl7.org/fhir/ValueSet/security-labels"))]
    pub security_label: Vec<Coding>,
    /// Context of activities covered by this rule.
    #[record(summary, binding(extensible, "http://terminology.hl7.org/ValueSet/v3-PurposeOfUse"))]
    pub purpose: Vec<Coding>,
    /// E.g. Resource Type, Profile, CDA, etc.
    #[record(summary, binding(extensible, "http://hl7.org/fhir/ValueSet/consent-content-class"))]
    pub class: Vec<Coding>,
    /// E.g. LOINC or SNOMED CT code, etc. in the content.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/consent-content-code"))]
    pub code: Vec<CodeableConcept>,
    /// Timeframe for data controlled by this rule.
    #[record(class = ServiceDate, summary)]
    pub data_period: Option<Period>,
    /// Data controlled by this rule.
    #[record(class = Relation, summary)]
    pub data: Vec<ConsentProvisionData>,
    /// Nested Exception Rules.
    pub provision: Vec<ConsentProvision>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Who or what a rule controls (or group, by role).
#[derive(Default, Record)]
#[record(backbone = "Consent.provision.actor")]
pub struct ConsentProvisionActor {
    /// How the actor is involved.
    #[record(required, binding(extensible, "http://hl7.org/fhir/ValueSet/security-role-type"))]
    pub role: Option<CodeableConcept>,
    /// Resource for the actor (or group, by role).
    #[record(
        required,
        targets(Device, Group, CareTeam, Organization, Patient, Practitioner, RelatedPerson, PractitionerRole)
    )]
    pub reference: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Data controlled by this rule.
#[derive(Default, Record)]
#[record(backbone = "Consent.provision.data")]
pub struct ConsentProvisionData {
    /// instance | related | dependents | authoredby.
    #[record(required, summary, binding(required, "http://hl7.org/fhir/ValueSet/consent-data-meaning"))]
    pub meaning: Option<Code<ConsentDataMeaning>>,
    /// The actual data reference.
    #[record(required, summary)]
    pub reference: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
