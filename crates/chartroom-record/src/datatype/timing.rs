//! Timing: FHIR R4 <https://hl7.org/fhir/R4/datatypes.html#Timing>.

use super::prelude::*;

/// Specifies an event that may occur multiple times.
#[derive(Default, Record)]
#[record(datatype)]
pub struct Timing {
    /// When the event occurs.
    #[record(summary)]
    pub event: Vec<DateTime>,
    /// When the event is to occur.
    #[record(summary)]
    pub repeat: Option<Box<TimingRepeat>>,
    /// BID | TID | QID | AM | PM | QD | QOD | +.
    #[record(summary, binding(preferred, "http://hl7.org/fhir/ValueSet/timing-abbreviation"))]
    pub code: Option<CodeableConcept>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// When the event is to occur.
#[derive(Default, Record)]
#[record(backbone = "Timing.repeat")]
pub struct TimingRepeat {
    /// Length/Range of lengths, or (Start and/or end) limits.
    #[record(choice, summary)]
    pub bounds: Option<TimingRepeatBounds>,
    /// Number of times to repeat.
    #[record(summary)]
    pub count: Option<NonZeroU32>,
    /// Maximum number of times to repeat.
    #[record(summary)]
    pub count_max: Option<NonZeroU32>,
    /// How long when it happens.
    #[record(summary)]
    pub duration: Option<Decimal>,
    /// How long at most when it happens.
    #[record(summary)]
    pub duration_max: Option<Decimal>,
    /// s | min | h | d | wk | mo | a - unit of time (UCUM).
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/units-of-time"))]
    pub duration_unit: Option<Code>,
    /// How often the event occurs in each period.
    #[record(summary)]
    pub frequency: Option<NonZeroU32>,
    /// How often the event occurs at most in each period.
    #[record(summary)]
    pub frequency_max: Option<NonZeroU32>,
    /// Length of the period in which the event occurs.
    #[record(summary)]
    pub period: Option<Decimal>,
    /// Upper limit of period (3-4 hours).
    #[record(summary)]
    pub period_max: Option<Decimal>,
    /// s | min | h | d | wk | mo | a - unit of time (UCUM).
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/units-of-time"))]
    pub period_unit: Option<Code>,
    /// mon | tue | wed | thu | fri | sat | sun.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/days-of-week"))]
    pub day_of_week: Vec<Code<DayOfWeek>>,
    /// Time of day for action.
    #[record(summary)]
    pub time_of_day: Vec<Time>,
    /// Event in the day that the time is tied to, such as a meal.
    #[record(summary, binding(required, "http://hl7.org/fhir/ValueSet/event-timing"))]
    pub when: Vec<Code<EventTiming>>,
    /// Minutes from event (before or after).
    #[record(summary)]
    pub offset: Option<u32>,
    /// Ids, extensions and whatever else is rare.
    pub extra: Extra,
}

/// The values that `Timing.repeat.bounds[x]` may take.
#[derive(Clone, PartialEq, Record)]
#[record(choice = "bounds")]
#[allow(missing_docs, reason = "the variants are the FHIR type names")]
pub enum TimingRepeatBounds {
    #[record(of = "Duration")]
    Duration(Box<Quantity>),
    Range(Box<Range>),
    Period(Box<Period>),
}
