//! CareTeam: FHIR R4 <https://hl7.org/fhir/R4/careteam.html>.

use super::prelude::*;

/// The Care Team includes all the people and organizations who plan to participate in the coordination and delivery of
/// care for a patient.
#[derive(Default, Record)]
#[record(resource)]
pub struct CareTeam {
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
    /// External Ids for this team.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// proposed | active | suspended | inactive | entered-in-error.
    #[record(
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/care-team-status")
    )]
    pub status: Option<Code<CareTeamStatus>>,
    /// Type of team.
    #[record(class = Clinical, summary, binding(example, "http://hl7.org/fhir/ValueSet/care-team-category"))]
    pub category: Vec<CodeableConcept>,
    /// Name of the team, such as crisis assessment team.
    #[record(class = Narrative, summary)]
    pub name: Option<Text>,
    /// Who care team is for.
    #[record(class = Relation, summary, targets(Patient, Group))]
    pub subject: Option<Reference>,
    /// Encounter created as part of.
    #[record(class = Relation, summary, targets(Encounter))]
    pub encounter: Option<Reference>,
    /// Time period team covers.
    #[record(class = ServiceDate, summary)]
    pub period: Option<Period>,
    /// Members of the team.
    #[record(class = Participant)]
    pub participant: Vec<CareTeamParticipant>,
    /// Why the care team exists.
    #[record(class = Clinical, binding(example, "http://hl7.org/fhir/ValueSet/clinical-findings"))]
    pub reason_code: Vec<CodeableConcept>,
    /// Why the care team exists.
    #[record(class = Clinical, targets(Condition))]
    pub reason_reference: Vec<Reference>,
    /// Organization responsible for the care team.
    #[record(class = Participant, summary, targets(Organization))]
    pub managing_organization: Vec<Reference>,
    /// A contact detail for the care team (that applies to all members).
    #[record(class = Participant)]
    pub telecom: Vec<ContactPoint>,
    /// Comments made about the CareTeam.
    #[record(class = Narrative)]
    pub note: Vec<Annotation>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// Members of the team.
#[derive(Default, Record)]
#[record(backbone = "CareTeam.participant")]
pub struct CareTeamParticipant {
    /// Type of involvement.
    #[record(summary, binding(example, "http://hl7.org/fhir/ValueSet/participant-role"))]
    pub role: Vec<CodeableConcept>,
    /// Who is involved.
    #[record(summary, targets(Practitioner, PractitionerRole, RelatedPerson, Patient, Organization, CareTeam))]
    pub member: Option<Reference>,
    /// Organization of the practitioner.
    #[record(summary, targets(Organization))]
    pub on_behalf_of: Option<Reference>,
    /// Time period of participant.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
