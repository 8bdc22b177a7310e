//! Sides: codes for the same condition that differ in nothing but the side of the body.

use std::collections::BTreeMap;

use super::{Edit, EditKind, Grounds, Listed, Severity};
use crate::table::Table;

/// The side of the body that a code speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Laterality {
    /// The right side.
    Right,
    /// The left side.
    Left,
    /// Both sides.
    Bilateral,
    /// A side, but it is not said which.
    Unspecified,
}

impl Laterality {
    /// The side that a title names, and the title without it. `None` if it names none, or more than one.
    ///
    /// ```
    /// use chartroom_codes::edits::Laterality;
    ///
    /// let (side, condition) = Laterality::in_title("Age-related nuclear cataract, right eye").unwrap();
    /// assert_eq!((side, condition.as_str()), (Laterality::Right, "age-related nuclear cataract"));
    /// assert!(Laterality::in_title("Right heart failure with left arm pain").is_none());
    /// assert!(Laterality::in_title("Essential (primary) hypertension").is_none());
    /// ```
    pub fn in_title(title: &str) -> Option<(Self, String)> {
        let lower = title.to_lowercase();
        let words: Vec<&str> = lower.split([' ', ',']).filter(|word| !word.is_empty()).collect();
        let sided = |wanted: fn(Self) -> bool| words.iter().filter(move |word| Self::of_word(word).is_some_and(wanted));
        let mut sides = sided(|side| side != Self::Unspecified).chain(sided(|side| side == Self::Unspecified));
        let named = *sides.next()?;
        let side = Self::of_word(named)?;
        let is_only = sides.next().is_none_or(|other| Self::of_word(other) == Some(Self::Unspecified));
        let of_side = |word: &&str| *word == named || matches!(*word, "unilateral" | "of" | "eye" | "eyes");
        let condition: Vec<&str> = words.iter().copied().filter(|word| !of_side(word)).collect();
        is_only.then(|| (side, condition.join(" ")))
    }

    fn of_word(word: &str) -> Option<Self> {
        match word {
            "right" => Some(Self::Right),
            "left" => Some(Self::Left),
            "bilateral" => Some(Self::Bilateral),
            "unspecified" => Some(Self::Unspecified),
            _ => None,
        }
    }

    fn is_of_one_side(self) -> bool {
        matches!(self, Self::Right | Self::Left)
    }
}

/// Codes of one category, whose titles differ in the side alone.
pub(super) fn check(table: &Table, listed: &[Listed<'_>], edits: &mut Vec<Edit>) {
    let mut alike: BTreeMap<(&str, String), Vec<(&Listed<'_>, Laterality)>> = BTreeMap::new();
    for code in listed {
        if let Some((side, condition)) = Laterality::in_title(&code.title) {
            alike.entry((category(code.code), condition)).or_default().push((code, side));
        }
    }
    for ((_, condition), sided) in alike {
        let others = |index: usize| sided.iter().skip(index + 1);
        let pairs = sided.iter().enumerate().flat_map(|(index, one)| others(index).map(move |two| (one, two)));
        for ((one, side), (two, other)) in pairs {
            // Two sides of one condition go together only where no code says both.
            let may_go_together = side.is_of_one_side() && other.is_of_one_side();
            if may_go_together && !has_bilateral(table, one, &condition) {
                continue;
            }
            let text = match (side, other) {
                (Laterality::Unspecified, _) | (_, Laterality::Unspecified) => {
                    "the code for the side is reported where the side is known"
                }
                _ => "where there is a code for both sides, it is reported, and not one for each side",
            };
            let grounds = Grounds::guideline("I.B.13", text);
            edits.push(Edit::of_two(EditKind::Laterality, Severity::Warning, one, two, grounds));
        }
    }
}

fn has_bilateral(table: &Table, code: &Listed<'_>, condition: &str) -> bool {
    let parents = std::iter::successors(table.parent(code.code), |parent| table.parent(&parent.code()));
    parents.take(2).flat_map(|parent| table.children(&parent.code())).filter_map(|child| child.latest()).any(
        |listing| {
            Laterality::in_title(&listing.title.to_string())
                .is_some_and(|(side, same)| side == Laterality::Bilateral && same == condition)
        },
    )
}

fn category(code: &str) -> &str {
    code.get(..3).unwrap_or(code)
}
