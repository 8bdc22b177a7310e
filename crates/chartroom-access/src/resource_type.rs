//! The resource types of FHIR R4, as small numbers.

use std::fmt;

use chartroom_record::resource::R4_TYPES as NAMES;

/// A FHIR R4 (4.0.1) resource type, or [`ResourceType::UNKNOWN`] for any other name.
///
/// ```
/// use chartroom_access::ResourceType;
///
/// assert_eq!(ResourceType::of("Condition").name(), "Condition");
/// assert_eq!(ResourceType::of("Konditions"), ResourceType::UNKNOWN);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceType(u8);

impl ResourceType {
    /// A type that FHIR R4 does not define. No permit covers it; refusals do.
    pub const UNKNOWN: Self = Self(NAMES.len() as u8);

    /// How many values there are, [`UNKNOWN`](Self::UNKNOWN) among them.
    pub(crate) const COUNT: usize = NAMES.len() + 1;

    /// The type with this name, exactly as the standard spells it.
    pub fn of(name: &str) -> Self {
        // By first letters, then among few: whole names are the costlier part to compare.
        let initial = name.as_bytes().first();
        let start = NAMES.partition_point(|known| known.as_bytes().first() < initial);
        let mut rest = NAMES.iter().skip(start).take_while(|known| known.as_bytes().first() == initial);
        rest.position(|known| *known == name).map_or(Self::UNKNOWN, |index| Self((start + index) as u8))
    }

    /// The name of the type; `unknown` for [`UNKNOWN`](Self::UNKNOWN).
    pub fn name(self) -> &'static str {
        NAMES.get(self.index()).copied().unwrap_or("unknown")
    }

    /// Every type that the standard defines, in the order of their names.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..NAMES.len()).map(|index| Self(index as u8))
    }

    /// The type with this number; unknown where there is none.
    pub(crate) fn with_index(index: usize) -> Self {
        u8::try_from(index).map_or(Self::UNKNOWN, |index| Self(index.min(Self::UNKNOWN.0)))
    }

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

impl fmt::Debug for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for ResourceType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_again() {
        assert!(NAMES.is_sorted());
        for kind in ResourceType::all() {
            assert_eq!(ResourceType::of(kind.name()), kind);
        }
        assert_eq!(ResourceType::of(""), ResourceType::UNKNOWN);
        assert_eq!(ResourceType::of("patient"), ResourceType::UNKNOWN);
        assert_eq!(ResourceType::of("unknown"), ResourceType::UNKNOWN);
    }
}
