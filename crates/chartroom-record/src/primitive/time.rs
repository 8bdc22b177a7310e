//! FHIR `date`, `dateTime`, `instant` and `time`: partial dates, leap seconds and offsets, kept as they were written.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;

use super::{InvalidPrimitive, Primitive};
use crate::json::Writer;

/// How much of a date is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// The year alone.
    Year,
    /// Year and month.
    Month,
    /// The whole day.
    Day,
}

/// FHIR `date`: a year, a month or a day.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
    precision: Precision,
}

impl Date {
    pub(crate) const TYPE: &'static str = "date";

    /// How much of the date is known.
    pub const fn precision(self) -> Precision {
        self.precision
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        i32::from(self.year)
    }

    /// The month, 1 to 12, where it is known.
    pub fn month(self) -> Option<u32> {
        (self.precision >= Precision::Month).then_some(u32::from(self.month))
    }

    /// The day of the month, where it is known.
    pub fn day(self) -> Option<u32> {
        (self.precision >= Precision::Day).then_some(u32::from(self.day))
    }

    /// The first day that the date may mean.
    pub fn first_day(self) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year(), self.month().unwrap_or(1), self.day().unwrap_or(1)).unwrap_or_default()
    }

    /// The last day that the date may mean.
    pub fn last_day(self) -> NaiveDate {
        let after = match self.precision {
            Precision::Day => return self.first_day(),
            Precision::Month if self.month < 12 => NaiveDate::from_ymd_opt(self.year(), u32::from(self.month) + 1, 1),
            Precision::Month | Precision::Year => NaiveDate::from_ymd_opt(self.year() + 1, 1, 1),
        };
        after.and_then(|day| day.pred_opt()).unwrap_or_default()
    }

    /// Reads a date at the start of a text; yields what follows it.
    fn split(text: &str) -> Option<(Self, &str)> {
        let (year, rest) = number(text, 4)?;
        let Some((month, rest)) = rest.strip_prefix('-').and_then(|rest| number(rest, 2)) else {
            return Self::checked(year, 1, 1, Precision::Year).zip(Some(rest));
        };
        let Some((day, rest)) = rest.strip_prefix('-').and_then(|rest| number(rest, 2)) else {
            return Self::checked(year, month, 1, Precision::Month).zip(Some(rest));
        };
        Self::checked(year, month, day, Precision::Day).zip(Some(rest))
    }

    fn checked(year: u32, month: u32, day: u32, precision: Precision) -> Option<Self> {
        let known = (1..=9999).contains(&year) && (1..=days_in(year, month)).contains(&day);
        let (year, month, day) = (u16::try_from(year).ok()?, u8::try_from(month).ok()?, u8::try_from(day).ok()?);
        known.then_some(Self { year, month, day, precision })
    }
}

/// The days of a month in the Gregorian calendar; none in what is no month.
const fn days_in(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl From<NaiveDate> for Date {
    fn from(date: NaiveDate) -> Self {
        use chrono::Datelike as _;
        let year = u32::try_from(date.year().clamp(1, 9999)).unwrap_or(1);
        Self::checked(year, date.month(), date.day(), Precision::Day).unwrap_or(Self {
            year: 1,
            month: 1,
            day: 1,
            precision: Precision::Day,
        })
    }
}

impl Spell for Date {
    fn spell(self, out: &mut Spelled) {
        out.digits(self.year.into(), 4);
        if let Some(month) = self.month() {
            out.character(b'-');
            out.digits(month, 2);
        }
        if let Some(day) = self.day() {
            out.character(b'-');
            out.digits(day, 2);
        }
    }
}

/// FHIR `time`: a time of day, with as many digits of the second as were written, at most nine.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Time {
    nanosecond: u32,
    hour: u8,
    minute: u8,
    second: u8,
    digits: u8,
}

impl Time {
    pub(crate) const TYPE: &'static str = "time";

    /// The hour, 0 to 23.
    pub fn hour(self) -> u32 {
        u32::from(self.hour)
    }

    /// The minute, 0 to 59.
    pub fn minute(self) -> u32 {
        u32::from(self.minute)
    }

    /// The second, 0 to 60; 60 is a leap second.
    pub fn second(self) -> u32 {
        u32::from(self.second)
    }

    /// The fraction of the second in nanoseconds.
    pub const fn nanosecond(self) -> u32 {
        self.nanosecond
    }

    fn split(text: &str) -> Option<(Self, &str)> {
        let (hour, rest) = number(text, 2)?;
        let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
        let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
        let (nanosecond, digits, rest) = match rest.strip_prefix('.') {
            None => (0, 0, rest),
            Some(fraction) => {
                let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
                let (value, rest) = (1..=9).contains(&digits).then(|| number(fraction, digits))??;
                let digits = u8::try_from(digits).ok()?;
                (value * 10_u32.pow(9 - u32::from(digits)), digits, rest)
            }
        };
        let (hour, minute, second) = (u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?);
        (hour < 24 && minute < 60 && second <= 60).then_some((Self { nanosecond, hour, minute, second, digits }, rest))
    }
}

impl Spell for Time {
    fn spell(self, out: &mut Spelled) {
        out.digits(self.hour(), 2);
        out.character(b':');
        out.digits(self.minute(), 2);
        out.character(b':');
        out.digits(self.second(), 2);
        if self.digits > 0 {
            out.character(b'.');
            out.digits(self.nanosecond / 10_u32.pow(9_u32.saturating_sub(self.digits.into())), self.digits.into());
        }
    }
}

/// The offset of a time from UTC, as it was written: `Z` and `+00:00` differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Offset {
    /// `Z`.
    Utc,
    /// Minutes east of Greenwich, at most 14 hours.
    East(i16),
    /// `-00:00`: UTC, with the local offset unknown (RFC 3339, section 4.3).
    Unknown,
}

impl Offset {
    /// Minutes east of Greenwich.
    pub fn minutes(self) -> i32 {
        match self {
            Self::Utc | Self::Unknown => 0,
            Self::East(minutes) => minutes.into(),
        }
    }

    fn parse(text: &str) -> Option<Self> {
        if text == "Z" {
            return Some(Self::Utc);
        }
        let (east, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('-')?),
        };
        let (hours, rest) = number(rest, 2)?;
        let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
        if !rest.is_empty() || minutes > 59 || hours * 60 + minutes > 14 * 60 {
            return None;
        }
        let minutes = i16::try_from(hours * 60 + minutes).ok()?;
        Some(match (east, minutes) {
            (false, 0) => Self::Unknown,
            (false, _) => Self::East(-minutes),
            (true, _) => Self::East(minutes),
        })
    }
}

impl Spell for Offset {
    fn spell(self, out: &mut Spelled) {
        let (sign, minutes) = match self {
            Self::Utc => return out.character(b'Z'),
            Self::Unknown => (b'-', 0),
            Self::East(minutes) => (if minutes < 0 { b'-' } else { b'+' }, u32::from(minutes.unsigned_abs())),
        };
        out.character(sign);
        out.digits(minutes / 60, 2);
        out.character(b':');
        out.digits(minutes % 60, 2);
    }
}

/// FHIR `dateTime`: a date, or a day with a time and its offset.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct DateTime {
    date: Date,
    time: Option<(Time, Offset)>,
}

impl DateTime {
    pub(crate) const TYPE: &'static str = "dateTime";

    /// The date.
    pub const fn date(self) -> Date {
        self.date
    }

    /// The time of day and its offset, where they are known.
    pub const fn time(self) -> Option<(Time, Offset)> {
        self.time
    }
}

impl From<Date> for DateTime {
    fn from(date: Date) -> Self {
        Self { date, time: None }
    }
}

impl From<Instant> for DateTime {
    fn from(instant: Instant) -> Self {
        Self { date: instant.date, time: Some((instant.time, instant.offset)) }
    }
}

impl Spell for DateTime {
    fn spell(self, out: &mut Spelled) {
        self.date.spell(out);
        if let Some((time, offset)) = self.time {
            out.character(b'T');
            time.spell(out);
            offset.spell(out);
        }
    }
}

/// FHIR `instant`: a moment, with at least the second and the offset.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Instant {
    date: Date,
    time: Time,
    offset: Offset,
}

impl Instant {
    pub(crate) const TYPE: &'static str = "instant";

    /// The day, where the offset holds.
    pub const fn date(self) -> Date {
        self.date
    }

    /// The time of day, where the offset holds.
    pub const fn time(self) -> Time {
        self.time
    }

    /// The offset from UTC.
    pub const fn offset(self) -> Offset {
        self.offset
    }

    /// The moment in UTC. A leap second becomes the second before it.
    pub fn to_utc(self) -> chrono::DateTime<chrono::Utc> {
        let time = self.date.first_day().and_hms_nano_opt(
            self.time.hour(),
            self.time.minute(),
            self.time.second().min(59),
            self.time.nanosecond(),
        );
        let offset = chrono::TimeDelta::minutes(i64::from(self.offset.minutes()));
        time.and_then(|time| time.checked_sub_signed(offset)).unwrap_or_default().and_utc()
    }
}

impl Spell for Instant {
    fn spell(self, out: &mut Spelled) {
        DateTime::from(self).spell(out);
    }
}

impl FromStr for Date {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        match Self::split(text) {
            Some((date, "")) => Ok(date),
            _ => Err(InvalidPrimitive::of(Self::TYPE)),
        }
    }
}

impl FromStr for Time {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        match Self::split(text) {
            Some((time, "")) => Ok(time),
            _ => Err(InvalidPrimitive::of(Self::TYPE)),
        }
    }
}

impl FromStr for DateTime {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        let invalid = InvalidPrimitive::of(Self::TYPE);
        let (date, rest) = Date::split(text).ok_or(invalid)?;
        if rest.is_empty() {
            return Ok(date.into());
        }
        let (time, offset) = rest.strip_prefix('T').and_then(Time::split).ok_or(invalid)?;
        let offset = Offset::parse(offset).ok_or(invalid)?;
        if date.precision < Precision::Day {
            return Err(invalid);
        }
        Ok(Self { date, time: Some((time, offset)) })
    }
}

impl FromStr for Instant {
    type Err = InvalidPrimitive;

    fn from_str(text: &str) -> Result<Self, InvalidPrimitive> {
        match text.parse() {
            Ok(DateTime { date, time: Some((time, offset)) }) => Ok(Self { date, time, offset }),
            _ => Err(InvalidPrimitive::of(Self::TYPE)),
        }
    }
}

macro_rules! time_primitive {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }

        impl Primitive for $name {
            fn type_name(&self) -> &'static str {
                Self::TYPE
            }

            fn to_plain(&self) -> Cow<'_, str> {
                Cow::Owned(self.to_string())
            }

            fn write(&self, writer: &mut Writer) {
                writer.quoted(Spelled::of(*self).as_str());
            }
        }
    )*};
}
time_primitive!(Date, Time, DateTime, Instant);

/// A value of this file as it stands in JSON.
trait Spell: Copy {
    fn spell(self, out: &mut Spelled);
}

/// The text of a value: formatting each number by itself took longer than all else in writing a chart.
struct Spelled {
    bytes: [u8; Self::LONGEST],
    len: usize,
}

impl Spelled {
    /// `2015-02-07T13:28:17.123456789+02:00`
    const LONGEST: usize = 35;

    fn of(value: impl Spell) -> Self {
        let mut spelled = Self { bytes: [0; Self::LONGEST], len: 0 };
        value.spell(&mut spelled);
        spelled
    }

    fn as_str(&self) -> &str {
        self.bytes.get(..self.len).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn character(&mut self, character: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = character;
            self.len += 1;
        }
    }

    fn digits(&mut self, number: u32, width: usize) {
        let mut rest = number;
        for place in self.bytes.iter_mut().skip(self.len).take(width).rev() {
            *place = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        self.len += width;
    }
}

macro_rules! displayed {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(Spelled::of(*self).as_str())
            }
        }
    )*};
}
displayed!(Date, Time, Offset, DateTime, Instant);

/// Takes just so many digits (at most nine) off the start of a text.
#[inline]
fn number(text: &str, digits: usize) -> Option<(u32, &str)> {
    let (head, rest) = text.split_at_checked(digits)?;
    let mut number = 0;
    for byte in head.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u32::from(digit);
    }
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_was_read() {
        for text in ["2024", "2024-02", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
            assert_eq!(text.parse::<DateTime>().unwrap().to_string(), text);
        }
        for text in ["2015-02-07T13:28:17.239+02:00", "2015-06-30T23:59:60Z", "2015-02-07T13:28:17.100000000-00:00"] {
            assert_eq!(text.parse::<DateTime>().unwrap().to_string(), text);
            assert_eq!(text.parse::<Instant>().unwrap().to_string(), text);
        }
        assert_eq!("07:05:09.050".parse::<Time>().unwrap().to_string(), "07:05:09.050");
        let longest = "2015-02-07T13:28:17.123456789+02:00";
        assert_eq!(longest.parse::<Instant>().unwrap().to_string(), longest);
    }

    #[test]
    fn what_no_calendar_or_clock_knows_is_refused() {
        for text in ["2023-02-29", "2023-13", "0000", "23", "2023-1-01", "2023-01-01 ", "+2023", "2023-01-"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        for text in [
            "2023T10:00:00Z",
            "2023-01-01T24:00:00Z",
            "2023-01-01T10:00Z",
            "2023-01-01T10:00:00",
            "2023-01-01T10:00:00+15:00",
            "2023-01-01T10:00:00.Z",
        ] {
            assert!(text.parse::<DateTime>().is_err(), "{text}");
        }
        assert!("2023-01-01".parse::<Instant>().is_err());
    }

    #[test]
    fn a_partial_date_spans_days() {
        let february: Date = "2024-02".parse().unwrap();
        assert_eq!(february.last_day(), NaiveDate::from_ymd_opt(2024, 2, 29).unwrap());
        let year: Date = "2024".parse().unwrap();
        assert_eq!(
            (year.first_day().to_string(), year.last_day().to_string()),
            ("2024-01-01".into(), "2024-12-31".into())
        );
    }

    #[test]
    fn small_enough_for_a_field() {
        assert_eq!(size_of::<Option<DateTime>>(), 20);
    }
}
