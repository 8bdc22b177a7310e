//! What the examples share.

use chrono::NaiveDate;

/// `FROM..LAST`, or `FROM..` where the last day is not known.
pub fn days_of_use(text: &str) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let (from, last) = text.split_once("..")?;
    let last = if last.is_empty() { None } else { Some(last.parse().ok()?) };
    Some((from.parse().ok()?, last))
}
