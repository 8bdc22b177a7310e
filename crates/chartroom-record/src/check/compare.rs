//! Which of two values is the greater, where their precision and units let one say so.

use std::cmp::Ordering;

use chrono::NaiveDateTime;

use crate::datatype::Quantity;
use crate::primitive::{DateTime, Offset, Time};

/// Compares two points in time; `None` where one is partial and they may be the same.
pub(super) fn date_times(one: DateTime, other: DateTime) -> Option<Ordering> {
    if let (Some(one), Some(other)) = (utc(one), utc(other)) {
        return Some(one.cmp(&other));
    }
    // Without a time there is no offset, so the days are compared as each was written.
    if one.date().first_day() > other.date().last_day() {
        Some(Ordering::Greater)
    } else if one.date().last_day() < other.date().first_day() {
        Some(Ordering::Less)
    } else {
        None
    }
}

fn utc(value: DateTime) -> Option<NaiveDateTime> {
    let (time, offset): (Time, Offset) = value.time()?;
    // A leap second is as much later than the 59th as any other.
    let second = time.second().min(59);
    let leap = chrono::TimeDelta::seconds((time.second() - second).into());
    let local = value.date().first_day().and_hms_nano_opt(time.hour(), time.minute(), second, time.nanosecond())?;
    local.checked_add_signed(leap)?.checked_sub_signed(chrono::TimeDelta::minutes(offset.minutes().into()))
}

/// Compares two quantities of the same unit; `None` where the units differ, or one has no value.
pub(super) fn quantities(one: &Quantity, other: &Quantity) -> Option<Ordering> {
    let same_unit = match (&one.code, &other.code) {
        (Some(code), Some(other_code)) => code == other_code && one.system == other.system,
        _ => one.unit == other.unit,
    };
    let (one, other) = one.value.as_ref().zip(other.value.as_ref()).filter(|_| same_unit)?;
    one.to_f64().partial_cmp(&other.to_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(one: &str, other: &str) -> Option<Ordering> {
        date_times(one.parse().unwrap(), other.parse().unwrap())
    }

    #[test]
    fn times_are_compared_where_it_can_be_said() {
        assert_eq!(of("2020-01-02T00:30:00+02:00", "2020-01-01T23:00:00Z"), Some(Ordering::Less));
        assert_eq!(of("2020-01-01T10:00:00Z", "2020-01-01T12:00:00.0+02:00"), Some(Ordering::Equal));
        assert_eq!(of("2016-12-31T23:59:59.900Z", "2016-12-31T23:59:60.100Z"), Some(Ordering::Less));
        assert_eq!(of("2020-01-02", "2020-01-01"), Some(Ordering::Greater));
        assert_eq!(of("2020-03", "2020-02-28T10:00:00Z"), Some(Ordering::Greater));
        assert_eq!(of("2020-02", "2020"), None);
        assert_eq!(of("2020-01-01T10:00:00Z", "2020-01-01"), None);
    }

    #[test]
    fn quantities_are_compared_in_one_unit() {
        let of = |value: i32, unit: &str| Quantity {
            value: Some(value.into()),
            unit: Some(unit.into()),
            ..Quantity::default()
        };
        assert_eq!(quantities(&of(2, "mg"), &of(1, "mg")), Some(Ordering::Greater));
        assert_eq!(quantities(&of(2, "mg"), &of(1, "g")), None);
    }
}
