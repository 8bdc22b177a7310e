//! The values that an answer, an option and a condition can have, as one.

use std::cmp::Ordering;

use crate::check::compare;
use crate::code_set::QuestionnaireItemType as Kind;
use crate::datatype::{Coding, ExtensionValue, Quantity, Reference};
use crate::primitive::{Date, DateTime, Decimal, Time};
use crate::resource::{
    QuestionnaireItemAnswerOptionValue, QuestionnaireItemEnableWhenAnswer, QuestionnaireResponseItemAnswerValue,
};

/// The value of an answer, an option or a condition.
#[derive(Clone, Copy)]
pub(super) enum Value<'a> {
    Boolean(bool),
    Number(f64, Option<&'a Decimal>),
    Date(Date),
    DateTime(DateTime),
    Time(Time),
    Text(&'a str),
    Uri,
    Attachment,
    Coding(&'a Coding),
    Quantity(&'a Quantity),
    Reference(&'a Reference),
}

impl<'a> Value<'a> {
    /// Whether a question of this type can have the value. Where options are given, they may be of several types.
    pub(super) const fn answers(self, kind: Kind) -> bool {
        match kind {
            Kind::Group | Kind::Display => false,
            Kind::Question => true,
            Kind::Boolean => matches!(self, Self::Boolean(_)),
            Kind::Decimal => matches!(self, Self::Number(..)),
            Kind::Integer => matches!(self, Self::Number(_, None)),
            Kind::Date => matches!(self, Self::Date(_)),
            Kind::DateTime => matches!(self, Self::DateTime(_)),
            Kind::Time => matches!(self, Self::Time(_)),
            Kind::String | Kind::Text => matches!(self, Self::Text(_)),
            Kind::Url => matches!(self, Self::Uri),
            Kind::Attachment => matches!(self, Self::Attachment),
            Kind::Quantity => matches!(self, Self::Quantity(_)),
            Kind::Reference => matches!(self, Self::Reference(_)),
            Kind::Choice | Kind::OpenChoice => matches!(
                self,
                Self::Coding(_)
                    | Self::Date(_)
                    | Self::Time(_)
                    | Self::Number(_, None)
                    | Self::Text(_)
                    | Self::Reference(_)
            ),
        }
    }

    /// Whether two values are the same; `None` where it cannot be said.
    pub(super) fn equals(self, other: Self) -> Option<bool> {
        match (self, other) {
            (Self::Boolean(one), Self::Boolean(other)) => Some(one == other),
            (Self::Date(one), Self::Date(other)) => Some(one == other),
            (Self::DateTime(one), Self::DateTime(other)) => Some(one == other),
            (Self::Text(one), Self::Text(other)) => Some(one == other),
            (Self::Coding(one), Self::Coding(other)) => {
                Some(one.code == other.code && (one.system == other.system || one.system.is_none()))
            }
            (Self::Reference(one), Self::Reference(other)) => Some(one.reference == other.reference),
            _ => self.order(other).map(Ordering::is_eq),
        }
    }

    /// Which value is the greater; `None` where it cannot be said.
    pub(super) fn order(self, other: Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(one, _), Self::Number(other, _)) => one.partial_cmp(&other),
            (Self::Date(one), Self::Date(other)) => compare::date_times(one.into(), other.into()),
            (Self::DateTime(one), Self::DateTime(other)) => compare::date_times(one, other),
            (Self::Time(one), Self::Time(other)) => Some(parts(one).cmp(&parts(other))),
            (Self::Quantity(one), Self::Quantity(other)) => compare::quantities(one, other),
            _ => None,
        }
    }

    /// A bound that an extension states.
    pub(super) fn of_bound(bound: &'a ExtensionValue) -> Option<Self> {
        match bound {
            ExtensionValue::Integer(number) => Some(Self::from(*number)),
            ExtensionValue::Decimal(number) => Some(Self::from(number)),
            ExtensionValue::Date(date) => Some(Self::Date(*date)),
            ExtensionValue::DateTime(moment) => Some(Self::DateTime(*moment)),
            ExtensionValue::Time(time) => Some(Self::Time(*time)),
            ExtensionValue::Quantity(quantity) => Some(Self::Quantity(quantity)),
            _ => None,
        }
    }
}

fn parts(time: Time) -> (u32, u32, u32, u32) {
    (time.hour(), time.minute(), time.second(), time.nanosecond())
}

impl From<i32> for Value<'_> {
    fn from(number: i32) -> Self {
        Self::Number(number.into(), None)
    }
}

impl<'a> From<&'a Decimal> for Value<'a> {
    fn from(number: &'a Decimal) -> Self {
        Self::Number(number.to_f64(), Some(number))
    }
}

impl<'a> From<&'a QuestionnaireResponseItemAnswerValue> for Value<'a> {
    fn from(value: &'a QuestionnaireResponseItemAnswerValue) -> Self {
        use QuestionnaireResponseItemAnswerValue as Answer;
        match value {
            Answer::Boolean(value) => Self::Boolean(*value),
            Answer::Decimal(number) => Self::from(number),
            Answer::Integer(number) => Self::from(*number),
            Answer::Date(date) => Self::Date(*date),
            Answer::DateTime(moment) => Self::DateTime(*moment),
            Answer::Time(time) => Self::Time(*time),
            Answer::String(text) => Self::Text(text),
            Answer::Uri(_) => Self::Uri,
            Answer::Attachment(_) => Self::Attachment,
            Answer::Coding(coding) => Self::Coding(coding),
            Answer::Quantity(quantity) => Self::Quantity(quantity),
            Answer::Reference(reference) => Self::Reference(reference),
        }
    }
}

impl<'a> From<&'a QuestionnaireItemAnswerOptionValue> for Value<'a> {
    fn from(value: &'a QuestionnaireItemAnswerOptionValue) -> Self {
        use QuestionnaireItemAnswerOptionValue as Option;
        match value {
            Option::Integer(number) => Self::from(*number),
            Option::Date(date) => Self::Date(*date),
            Option::Time(time) => Self::Time(*time),
            Option::String(text) => Self::Text(text),
            Option::Coding(coding) => Self::Coding(coding),
            Option::Reference(reference) => Self::Reference(reference),
        }
    }
}

impl<'a> From<&'a QuestionnaireItemEnableWhenAnswer> for Value<'a> {
    fn from(value: &'a QuestionnaireItemEnableWhenAnswer) -> Self {
        use QuestionnaireItemEnableWhenAnswer as Wanted;
        match value {
            Wanted::Boolean(value) => Self::Boolean(*value),
            Wanted::Decimal(number) => Self::from(number),
            Wanted::Integer(number) => Self::from(*number),
            Wanted::Date(date) => Self::Date(*date),
            Wanted::DateTime(moment) => Self::DateTime(*moment),
            Wanted::Time(time) => Self::Time(*time),
            Wanted::String(text) => Self::Text(text),
            Wanted::Coding(coding) => Self::Coding(coding),
            Wanted::Quantity(quantity) => Self::Quantity(quantity),
            Wanted::Reference(reference) => Self::Reference(reference),
        }
    }
}
