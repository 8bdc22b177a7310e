//! Closed codes of data types, and those that several resource types share.

use crate::primitive::code_set;

code_set! {
    /// The type of an address (physical / postal).
    AddressType: "http://hl7.org/fhir/ValueSet/address-type" {
        /// Postal.
        Postal = "postal" in "http://hl7.org/fhir/address-type",
        /// Physical.
        Physical = "physical" in "http://hl7.org/fhir/address-type",
        /// Postal & Physical.
        Both = "both" in "http://hl7.org/fhir/address-type",
    }
}

code_set! {
    /// The use of an address.
    AddressUse: "http://hl7.org/fhir/ValueSet/address-use" {
        /// Home.
        Home = "home" in "http://hl7.org/fhir/address-use",
        /// Work.
        Work = "work" in "http://hl7.org/fhir/address-use",
        /// Temporary.
        Temp = "temp" in "http://hl7.org/fhir/address-use",
        /// Old / Incorrect.
        Old = "old" in "http://hl7.org/fhir/address-use",
        /// Billing.
        Billing = "billing" in "http://hl7.org/fhir/address-use",
    }
}

code_set! {
    /// The gender of a person used for administrative purposes.
    AdministrativeGender: "http://hl7.org/fhir/ValueSet/administrative-gender" {
        /// Male.
        Male = "male" in "http://hl7.org/fhir/administrative-gender",
        /// Female.
        Female = "female" in "http://hl7.org/fhir/administrative-gender",
        /// Other.
        Other = "other" in "http://hl7.org/fhir/administrative-gender",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/administrative-gender",
    }
}

code_set! {
    /// The purpose of the Claim: predetermination, preauthorization, claim.
    ClaimUse: "http://hl7.org/fhir/ValueSet/claim-use" {
        /// Claim.
        Claim = "claim" in "http://hl7.org/fhir/claim-use",
        /// Preauthorization.
        Preauthorization = "preauthorization" in "http://hl7.org/fhir/claim-use",
        /// Predetermination.
        Predetermination = "predetermination" in "http://hl7.org/fhir/claim-use",
    }
}

code_set! {
    /// The workflow/clinical status of the composition.
    CompositionStatus: "http://hl7.org/fhir/ValueSet/composition-status" {
        /// Preliminary.
        Preliminary = "preliminary" in "http://hl7.org/fhir/composition-status",
        /// Final.
        Final = "final" in "http://hl7.org/fhir/composition-status",
        /// Amended.
        Amended = "amended" in "http://hl7.org/fhir/composition-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/composition-status",
    }
}

code_set! {
    /// Telecommunications form for contact point.
    ContactPointSystem: "http://hl7.org/fhir/ValueSet/contact-point-system" {
        /// Phone.
        Phone = "phone" in "http://hl7.org/fhir/contact-point-system",
        /// Fax.
        Fax = "fax" in "http://hl7.org/fhir/contact-point-system",
        /// Email.
        Email = "email" in "http://hl7.org/fhir/contact-point-system",
        /// Pager.
        Pager = "pager" in "http://hl7.org/fhir/contact-point-system",
        /// URL.
        Url = "url" in "http://hl7.org/fhir/contact-point-system",
        /// SMS.
        Sms = "sms" in "http://hl7.org/fhir/contact-point-system",
        /// Other.
        Other = "other" in "http://hl7.org/fhir/contact-point-system",
    }
}

code_set! {
    /// Use of contact point.
    ContactPointUse: "http://hl7.org/fhir/ValueSet/contact-point-use" {
        /// Home.
        Home = "home" in "http://hl7.org/fhir/contact-point-use",
        /// Work.
        Work = "work" in "http://hl7.org/fhir/contact-point-use",
        /// Temp.
        Temp = "temp" in "http://hl7.org/fhir/contact-point-use",
        /// Old.
        Old = "old" in "http://hl7.org/fhir/contact-point-use",
        /// Mobile.
        Mobile = "mobile" in "http://hl7.org/fhir/contact-point-use",
    }
}

code_set! {
    /// The type of contributor.
    ContributorType: "http://hl7.org/fhir/ValueSet/contributor-type" {
        /// Author.
        Author = "author" in "http://hl7.org/fhir/contributor-type",
        /// Editor.
        Editor = "editor" in "http://hl7.org/fhir/contributor-type",
        /// Reviewer.
        Reviewer = "reviewer" in "http://hl7.org/fhir/contributor-type",
        /// Endorser.
        Endorser = "endorser" in "http://hl7.org/fhir/contributor-type",
    }
}

code_set! {
    /// The days of the week.
    DayOfWeek: "http://hl7.org/fhir/ValueSet/days-of-week" {
        /// Monday.
        Mon = "mon" in "http://hl7.org/fhir/days-of-week",
        /// Tuesday.
        Tue = "tue" in "http://hl7.org/fhir/days-of-week",
        /// Wednesday.
        Wed = "wed" in "http://hl7.org/fhir/days-of-week",
        /// Thursday.
        Thu = "thu" in "http://hl7.org/fhir/days-of-week",
        /// Friday.
        Fri = "fri" in "http://hl7.org/fhir/days-of-week",
        /// Saturday.
        Sat = "sat" in "http://hl7.org/fhir/days-of-week",
        /// Sunday.
        Sun = "sun" in "http://hl7.org/fhir/days-of-week",
    }
}

code_set! {
    /// The type of relationship between documents.
    DocumentRelationshipType: "http://hl7.org/fhir/ValueSet/document-relationship-type" {
        /// Replaces.
        Replaces = "replaces" in "http://hl7.org/fhir/document-relationship-type",
        /// Transforms.
        Transforms = "transforms" in "http://hl7.org/fhir/document-relationship-type",
        /// Signs.
        Signs = "signs" in "http://hl7.org/fhir/document-relationship-type",
        /// Appends.
        Appends = "appends" in "http://hl7.org/fhir/document-relationship-type",
    }
}

code_set! {
    /// Codes identifying the lifecycle stage of an event.
    EventStatus: "http://hl7.org/fhir/ValueSet/event-status" {
        /// Preparation.
        Preparation = "preparation" in "http://hl7.org/fhir/event-status",
        /// In Progress.
        InProgress = "in-progress" in "http://hl7.org/fhir/event-status",
        /// Not Done.
        NotDone = "not-done" in "http://hl7.org/fhir/event-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/event-status",
        /// Stopped.
        Stopped = "stopped" in "http://hl7.org/fhir/event-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/event-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/event-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/event-status",
    }
}

code_set! {
    /// Real world event relating to the schedule.
    EventTiming: "http://hl7.org/fhir/ValueSet/event-timing" {
        /// Morning.
        Morn = "MORN" in "http://hl7.org/fhir/event-timing",
        /// Early Morning.
        MornEarly = "MORN.early" in "http://hl7.org/fhir/event-timing",
        /// Late Morning.
        MornLate = "MORN.late" in "http://hl7.org/fhir/event-timing",
        /// Noon.
        Noon = "NOON" in "http://hl7.org/fhir/event-timing",
        /// Afternoon.
        Aft = "AFT" in "http://hl7.org/fhir/event-timing",
        /// Early Afternoon.
        AftEarly = "AFT.early" in "http://hl7.org/fhir/event-timing",
        /// Late Afternoon.
        AftLate = "AFT.late" in "http://hl7.org/fhir/event-timing",
        /// Evening.
        Eve = "EVE" in "http://hl7.org/fhir/event-timing",
        /// Early Evening.
        EveEarly = "EVE.early" in "http://hl7.org/fhir/event-timing",
        /// Late Evening.
        EveLate = "EVE.late" in "http://hl7.org/fhir/event-timing",
        /// Night.
        Night = "NIGHT" in "http://hl7.org/fhir/event-timing",
        /// After Sleep.
        Phs = "PHS" in "http://hl7.org/fhir/event-timing",
        /// Before sleep.
        Hs = "HS" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// After waking.
        Wake = "WAKE" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// At a meal.
        C = "C" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// At breakfast.
        Cm = "CM" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// At lunch.
        Cd = "CD" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// At dinner.
        Cv = "CV" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// Before a meal.
        Ac = "AC" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// Before breakfast.
        Acm = "ACM" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// Before lunch.
        Acd = "ACD" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// Before dinner.
        Acv = "ACV" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// After a meal.
        Pc = "PC" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// After breakfast.
        Pcm = "PCM" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// After lunch.
        Pcd = "PCD" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
        /// After dinner.
        Pcv = "PCV" in "http://terminology.hl7.org/CodeSystem/v3-TimingEvent",
    }
}

code_set! {
    /// The kind of operation to perform as a part of a property based filter.
    FilterOperator: "http://hl7.org/fhir/ValueSet/filter-operator" {
        /// Equals.
        Equals = "=" in "http://hl7.org/fhir/filter-operator",
        /// Is A (by subsumption).
        IsA = "is-a" in "http://hl7.org/fhir/filter-operator",
        /// Descendent Of (by subsumption).
        DescendentOf = "descendent-of" in "http://hl7.org/fhir/filter-operator",
        /// Not (Is A) (by subsumption).
        IsNotA = "is-not-a" in "http://hl7.org/fhir/filter-operator",
        /// Regular Expression.
        Regex = "regex" in "http://hl7.org/fhir/filter-operator",
        /// In Set.
        In = "in" in "http://hl7.org/fhir/filter-operator",
        /// Not in Set.
        NotIn = "not-in" in "http://hl7.org/fhir/filter-operator",
        /// Generalizes (by Subsumption).
        Generalizes = "generalizes" in "http://hl7.org/fhir/filter-operator",
        /// Exists.
        Exists = "exists" in "http://hl7.org/fhir/filter-operator",
    }
}

code_set! {
    /// A code specifying the state of the resource instance.
    FinancialResourceStatus: "http://hl7.org/fhir/ValueSet/fm-status" {
        /// Active.
        Active = "active" in "http://hl7.org/fhir/fm-status",
        /// Cancelled.
        Cancelled = "cancelled" in "http://hl7.org/fhir/fm-status",
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/fm-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/fm-status",
    }
}

code_set! {
    /// Identifies the purpose for this identifier, if known.
    IdentifierUse: "http://hl7.org/fhir/ValueSet/identifier-use" {
        /// Usual.
        Usual = "usual" in "http://hl7.org/fhir/identifier-use",
        /// Official.
        Official = "official" in "http://hl7.org/fhir/identifier-use",
        /// Temp.
        Temp = "temp" in "http://hl7.org/fhir/identifier-use",
        /// Secondary.
        Secondary = "secondary" in "http://hl7.org/fhir/identifier-use",
        /// Old.
        Old = "old" in "http://hl7.org/fhir/identifier-use",
    }
}

code_set! {
    /// The processing mode that applies to this list.
    ListMode: "http://hl7.org/fhir/ValueSet/list-mode" {
        /// Working List.
        Working = "working" in "http://hl7.org/fhir/list-mode",
        /// Snapshot List.
        Snapshot = "snapshot" in "http://hl7.org/fhir/list-mode",
        /// Change List.
        Changes = "changes" in "http://hl7.org/fhir/list-mode",
    }
}

code_set! {
    /// The use of a human name.
    NameUse: "http://hl7.org/fhir/ValueSet/name-use" {
        /// Usual.
        Usual = "usual" in "http://hl7.org/fhir/name-use",
        /// Official.
        Official = "official" in "http://hl7.org/fhir/name-use",
        /// Temp.
        Temp = "temp" in "http://hl7.org/fhir/name-use",
        /// Nickname.
        Nickname = "nickname" in "http://hl7.org/fhir/name-use",
        /// Anonymous.
        Anonymous = "anonymous" in "http://hl7.org/fhir/name-use",
        /// Old.
        Old = "old" in "http://hl7.org/fhir/name-use",
        /// Name changed for Marriage.
        Maiden = "maiden" in "http://hl7.org/fhir/name-use",
    }
}

code_set! {
    /// The status of a resource narrative.
    NarrativeStatus: "http://hl7.org/fhir/ValueSet/narrative-status" {
        /// Generated.
        Generated = "generated" in "http://hl7.org/fhir/narrative-status",
        /// Extensions.
        Extensions = "extensions" in "http://hl7.org/fhir/narrative-status",
        /// Additional.
        Additional = "additional" in "http://hl7.org/fhir/narrative-status",
        /// Empty.
        Empty = "empty" in "http://hl7.org/fhir/narrative-status",
    }
}

code_set! {
    /// The presentation types of notes.
    NoteType: "http://hl7.org/fhir/ValueSet/note-type" {
        /// Display.
        Display = "display" in "http://hl7.org/fhir/note-type",
        /// Print (Form).
        Print = "print" in "http://hl7.org/fhir/note-type",
        /// Print (Operator).
        PrintOper = "printoper" in "http://hl7.org/fhir/note-type",
    }
}

code_set! {
    /// Whether the parameter is input or output.
    ParameterUse: "http://hl7.org/fhir/ValueSet/operation-parameter-use" {
        /// In.
        In = "in" in "http://hl7.org/fhir/operation-parameter-use",
        /// Out.
        Out = "out" in "http://hl7.org/fhir/operation-parameter-use",
    }
}

code_set! {
    /// Whether a participant accepts an appointment.
    ParticipationStatus: "http://hl7.org/fhir/ValueSet/participationstatus" {
        /// Accepted.
        Accepted = "accepted" in "http://hl7.org/fhir/participationstatus",
        /// Declined.
        Declined = "declined" in "http://hl7.org/fhir/participationstatus",
        /// Tentative.
        Tentative = "tentative" in "http://hl7.org/fhir/participationstatus",
        /// Needs Action.
        NeedsAction = "needs-action" in "http://hl7.org/fhir/participationstatus",
    }
}

code_set! {
    /// The lifecycle status of an artifact.
    PublicationStatus: "http://hl7.org/fhir/ValueSet/publication-status" {
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/publication-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/publication-status",
        /// Retired.
        Retired = "retired" in "http://hl7.org/fhir/publication-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/publication-status",
    }
}

code_set! {
    /// How the Quantity should be understood and represented.
    QuantityComparator: "http://hl7.org/fhir/ValueSet/quantity-comparator" {
        /// Less than.
        LessThan = "<" in "http://hl7.org/fhir/quantity-comparator",
        /// Less or Equal to.
        LessOrEqual = "<=" in "http://hl7.org/fhir/quantity-comparator",
        /// Greater or Equal to.
        GreaterOrEqual = ">=" in "http://hl7.org/fhir/quantity-comparator",
        /// Greater than.
        GreaterThan = ">" in "http://hl7.org/fhir/quantity-comparator",
    }
}

code_set! {
    /// The type of relationship to the related artifact.
    RelatedArtifactType: "http://hl7.org/fhir/ValueSet/related-artifact-type" {
        /// Documentation.
        Documentation = "documentation" in "http://hl7.org/fhir/related-artifact-type",
        /// Justification.
        Justification = "justification" in "http://hl7.org/fhir/related-artifact-type",
        /// Citation.
        Citation = "citation" in "http://hl7.org/fhir/related-artifact-type",
        /// Predecessor.
        Predecessor = "predecessor" in "http://hl7.org/fhir/related-artifact-type",
        /// Successor.
        Successor = "successor" in "http://hl7.org/fhir/related-artifact-type",
        /// Derived From.
        DerivedFrom = "derived-from" in "http://hl7.org/fhir/related-artifact-type",
        /// Depends On.
        DependsOn = "depends-on" in "http://hl7.org/fhir/related-artifact-type",
        /// Composed Of.
        ComposedOf = "composed-of" in "http://hl7.org/fhir/related-artifact-type",
    }
}

code_set! {
    /// How far the processing of a request for payment has come.
    RemittanceOutcome: "http://hl7.org/fhir/ValueSet/remittance-outcome" {
        /// Queued.
        Queued = "queued" in "http://hl7.org/fhir/remittance-outcome",
        /// Processing Complete.
        Complete = "complete" in "http://hl7.org/fhir/remittance-outcome",
        /// Error.
        Error = "error" in "http://hl7.org/fhir/remittance-outcome",
        /// Partial Processing.
        Partial = "partial" in "http://hl7.org/fhir/remittance-outcome",
    }
}

code_set! {
    /// How urgent a request is.
    RequestPriority: "http://hl7.org/fhir/ValueSet/request-priority" {
        /// Routine.
        Routine = "routine" in "http://hl7.org/fhir/request-priority",
        /// Urgent.
        Urgent = "urgent" in "http://hl7.org/fhir/request-priority",
        /// ASAP.
        Asap = "asap" in "http://hl7.org/fhir/request-priority",
        /// STAT.
        Stat = "stat" in "http://hl7.org/fhir/request-priority",
    }
}

code_set! {
    /// Codes identifying the lifecycle stage of a request.
    RequestStatus: "http://hl7.org/fhir/ValueSet/request-status" {
        /// Draft.
        Draft = "draft" in "http://hl7.org/fhir/request-status",
        /// Active.
        Active = "active" in "http://hl7.org/fhir/request-status",
        /// On Hold.
        OnHold = "on-hold" in "http://hl7.org/fhir/request-status",
        /// Revoked.
        Revoked = "revoked" in "http://hl7.org/fhir/request-status",
        /// Completed.
        Completed = "completed" in "http://hl7.org/fhir/request-status",
        /// Entered in Error.
        EnteredInError = "entered-in-error" in "http://hl7.org/fhir/request-status",
        /// Unknown.
        Unknown = "unknown" in "http://hl7.org/fhir/request-status",
    }
}

code_set! {
    /// The possible sort directions, ascending or descending.
    SortDirection: "http://hl7.org/fhir/ValueSet/sort-direction" {
        /// Ascending.
        Ascending = "ascending" in "http://hl7.org/fhir/sort-direction",
        /// Descending.
        Descending = "descending" in "http://hl7.org/fhir/sort-direction",
    }
}

code_set! {
    /// The type of trigger.
    TriggerType: "http://hl7.org/fhir/ValueSet/trigger-type" {
        /// Named Event.
        NamedEvent = "named-event" in "http://hl7.org/fhir/trigger-type",
        /// Periodic.
        Periodic = "periodic" in "http://hl7.org/fhir/trigger-type",
        /// Data Changed.
        DataChanged = "data-changed" in "http://hl7.org/fhir/trigger-type",
        /// Data Added.
        DataAdded = "data-added" in "http://hl7.org/fhir/trigger-type",
        /// Data Updated.
        DataModified = "data-modified" in "http://hl7.org/fhir/trigger-type",
        /// Data Removed.
        DataRemoved = "data-removed" in "http://hl7.org/fhir/trigger-type",
        /// Data Accessed.
        DataAccessed = "data-accessed" in "http://hl7.org/fhir/trigger-type",
        /// Data Access Ended.
        DataAccessEnded = "data-access-ended" in "http://hl7.org/fhir/trigger-type",
    }
}
