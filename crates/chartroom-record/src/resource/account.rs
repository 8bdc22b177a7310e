//! Account: FHIR R4 <https://hl7.org/fhir/R4/account.html>.

use super::prelude::*;

/// A financial tool for tracking value accrued for a particular purpose.
#[derive(Default, Record)]
#[record(resource)]
pub struct Account {
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
    /// Account number.
    #[record(class = Identifier, summary)]
    pub identifier: Vec<Identifier>,
    /// active | inactive | entered-in-error | on-hold | unknown.
    #[record(
        required,
        class = Administrative,
        summary,
        modifier,
        binding(required, "http://hl7.org/fhir/ValueSet/account-status")
    )]
    pub status: Option<Code<AccountStatus>>,
    /// E.g. patient, expense, depreciation.
    #[record(class = Financial, summary, binding(example, "http://hl7.org/fhir/ValueSet/account-type"))]
    pub type_: Option<CodeableConcept>,
    /// Human-readable label.
    #[record(class = Narrative, summary)]
    pub name: Option<Text>,
    /// The entity that caused the expenses.
    #[record(
        class = Relation,
        summary,
        targets(Patient, Device, Practitioner, PractitionerRole, Location, HealthcareService, Organization)
    )]
    pub subject: Vec<Reference>,
    /// Transaction window.
    #[record(class = ServiceDate, summary)]
    pub service_period: Option<Period>,
    /// The party(s) that are responsible for covering the payment of this account, and what order should they be
    /// applied to the account.
    #[record(class = Financial, summary)]
    pub coverage: Vec<AccountCoverage>,
    /// Entity managing the Account.
    #[record(class = Participant, summary, targets(Organization))]
    pub owner: Option<Reference>,
    /// Explanation of purpose/use.
    #[record(class = Narrative, summary)]
    pub description: Option<Text>,
    /// The parties ultimately responsible for balancing the Account.
    #[record(class = Relation)]
    pub guarantor: Vec<AccountGuarantor>,
    /// Reference to a parent Account.
    #[record(class = Relation, targets(Account))]
    pub part_of: Option<Reference>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The party(s) that are responsible for covering the payment of this account, and what order should they be applied to
/// the account.
#[derive(Default, Record)]
#[record(backbone = "Account.coverage")]
pub struct AccountCoverage {
    /// The party(s), such as insurances, that may contribute to the payment of this account.
    #[record(required, summary, targets(Coverage))]
    pub coverage: Option<Reference>,
    /// The priority of the coverage in the context of this account.
    #[record(summary)]
    pub priority: Option<NonZeroU32>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The parties ultimately responsible for balancing the Account.
#[derive(Default, Record)]
#[record(backbone = "Account.guarantor")]
pub struct AccountGuarantor {
    /// Responsible entity.
    #[record(required, targets(Patient, RelatedPerson, Organization))]
    pub party: Option<Reference>,
    /// Credit or other hold applied.
    #[record(class = Financial)]
    pub on_hold: Option<bool>,
    /// Guarantee account during.
    #[record(class = ServiceDate)]
    pub period: Option<Period>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}
