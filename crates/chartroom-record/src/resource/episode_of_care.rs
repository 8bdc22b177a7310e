//! EpisodeOfCare: FHIR R4 <https://hl7.org/fhir/R4/episodeofcare.html>.

use super::prelude::*;

/// An association between a patient and an organization / healthcare provider(s) during which time encounters may
/// occur.
#[derive(Default, Record)]
#[record(resource)]
pub struct EpisodeOfCare {
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
    /// Business Identifier(s) relevant for this EpisodeOfCare.
    #[record(class = Identifier)]
    pub identifier: Vec<Identifier>,
    /// planned | waitlist | active | onhold | finished | cancelled | entered-in-error.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/episode-of-care-status")
    )]
    pub status: Option<Code<EpisodeOfCareStatus>>,
    /// Past list of status codes (the current status may be included to cover the start date of the status).
    #[record(class = Administrative)]
    pub status_history: Vec<EpisodeOfCareStatusHistory>,
    /// Type/class - e.g. specialist referral, disease management.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/episodeofcare-type"))]
    pub type_: Vec<CodeableConcept>,
    /// The list of diagnosis relevant to this episode of care.
    #[record(class = Clinical, summary)]
    pub diagnosis: Vec<EpisodeOfCareDiagnosis>,
    /// The patient who is the focus of this episode of care.
    #[record(required, class = Relation, summary, targets(Patient))]
    pub patient: Option<Reference>,
    /// Organization that assumes care.
    #[record(class = Participant, summary, targets(Organization))]
    pub managing_organization: Option<Reference>,
    /// Interval during responsibility is assumed.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Originating Referral Request(s).
    #[record(class = Relation, targets(ServiceRequest))]
    pub referral_request: Vec<Reference>,
    /// Care manager/care coordinator for the patient.
    #[record(class = Participant, targets(Practitioner, PractitionerRole))]
    pub care_manager: Option<Reference>,
    /// Other practitioners facilitating this episode of care.
    #[record(class = Participant, targets(CareTeam))]
    pub team: Vec<Reference>,
    /// The set of accounts that may be used for billing for this EpisodeOfCare.
    #[record(class = Financial, targets(Account))]
    pub account: Vec<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A past status of the episode.
#[derive(Default, Record)]
#[record(backbone = "EpisodeOfCare.statusHistory")]
pub struct EpisodeOfCareStatusHistory {
    /// planned | waitlist | active | onhold | finished | cancelled | entered-in-error.
    #[record(required, binding(required, "http://hl7.org/fhir/ValueSet/episode-of-care-status"))]
    pub status: Option<Code<EpisodeOfCareStatus>>,
    /// Duration the EpisodeOfCare was in the specified status.
    #[record(required, class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// A diagnosis relevant to the episode of care.
#[derive(Default, Record)]
#[record(backbone = "EpisodeOfCare.diagnosis")]
pub struct EpisodeOfCareDiagnosis {
    /// Conditions/problems/diagnoses this episode of care is for.
    #[record(required, summary, targets(Condition))]
    pub condition: Option<Reference>,
    /// Role that this diagnosis has within the episode of care (e.g. admission, billing, discharge ...).
    #[record(summary, binding(preferred, "http://hl7.org/fhir/ValueSet/diagnosis-role"))]
    pub role: Option<CodeableConcept>,
    /// Ranking of the diagnosis (for each role type).
    #[record(summary)]
    pub rank: Option<NonZeroU32>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
