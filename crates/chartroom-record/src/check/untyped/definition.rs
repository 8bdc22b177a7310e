//! The official definitions of types that have no struct, as the text beside this file holds them.

const DEFINITIONS: &str = include_str!("definitions.txt");
const VALUE_SETS: &str = include_str!("value-sets.txt");

/// The elements of one type, in the order of the standard.
pub(super) struct Definition(Vec<Known>);

/// What is known about one element.
pub(super) struct Known {
    /// The path inside the type, such as `prediction.probability`.
    pub(super) path: &'static str,
    pub(super) min: usize,
    /// The most items; `None` for any number.
    pub(super) max: Option<usize>,
    types: &'static str,
    /// The value set that a code must come from.
    pub(super) value_set: Option<&'static str>,
}

/// What an item of an element holds.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    /// A structure, whose elements stand below this path.
    Structure(&'static str),
    /// A value of a data type; for a reference, the types that it may point at.
    Value { type_name: &'static str, targets: &'static str },
}

impl Definition {
    /// The definition of a type.
    pub(super) fn of(name: &str) -> Option<Self> {
        let mut lines = DEFINITIONS.lines().skip_while(|line| *line != name);
        lines.next()?;
        Some(Self(lines.map_while(Known::of).collect()))
    }

    /// The elements right below a path; the empty one is the type itself.
    pub(super) fn below<'d>(&'d self, path: &str) -> impl Iterator<Item = &'d Known> {
        self.0.iter().filter(move |known| known.path.rsplit_once('.').map_or("", |(above, _)| above) == path)
    }
}

impl Known {
    fn of(line: &'static str) -> Option<Self> {
        let mut words = line.strip_prefix(' ')?.split(' ');
        let (path, (min, max)) = (words.next()?, words.next()?.split_once("..")?);
        let (min, max, types) = (min.parse().ok()?, max.parse().ok(), words.next()?);
        Some(Self { path, min, max, types, value_set: words.next() })
    }

    pub(super) fn is_list(&self) -> bool {
        self.max != Some(1)
    }

    pub(super) fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or(self.path)
    }

    /// The JSON members that may hold the element, each with what an item then is. `any` gives the types of an open choice.
    pub(super) fn members(&self, any: fn() -> Vec<&'static str>) -> Vec<(String, Kind)> {
        match (self.types, self.types.strip_prefix('@')) {
            ("-", _) => vec![(self.name().to_owned(), Kind::Structure(self.path))],
            (_, Some(path)) => vec![(self.name().to_owned(), Kind::Structure(path))],
            ("*", _) => any().into_iter().map(|name| self.choice(name)).collect(),
            (types, _) if types.contains('|') => types.split_terminator('|').map(|name| self.choice(name)).collect(),
            (types, _) => vec![(self.name().to_owned(), Kind::value(types))],
        }
    }

    fn choice(&self, name: &'static str) -> (String, Kind) {
        let kind = Kind::value(name);
        let Kind::Value { type_name, .. } = kind else { return (self.name().to_owned(), kind) };
        let (first, rest) = type_name.split_at_checked(1).unwrap_or((type_name, ""));
        (format!("{}{}{rest}", self.name(), first.to_ascii_uppercase()), kind)
    }
}

impl Kind {
    /// `code`, or `Reference(Patient,Group)`.
    fn value(text: &'static str) -> Self {
        let (type_name, targets) = text.split_once('(').unwrap_or((text, ""));
        Self::Value { type_name, targets: targets.trim_end_matches(')') }
    }

    pub(super) fn is_primitive(self) -> bool {
        matches!(self, Self::Value { type_name, .. } if type_name.starts_with(|first: char| first.is_ascii_lowercase()))
    }
}

/// Whether a value set of the definitions has a code.
pub(super) fn has_code(value_set: &str, code: &str) -> bool {
    let mut sets = VALUE_SETS.lines().map(|line| line.split(' '));
    let set = sets.find_map(|mut words| (words.next() == Some(value_set)).then_some(words));
    set.is_none_or(|mut codes| codes.any(|known| known == code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_understood() {
        let mut types = Vec::new();
        for line in DEFINITIONS.lines().filter(|line| !line.starts_with('#')) {
            match line.strip_prefix(' ') {
                Some(_) => assert!(Known::of(line).is_some_and(|known| !known.types.is_empty()), "{line}"),
                None => types.push(line),
            }
        }
        assert_eq!(types.len(), 86);
        for name in types {
            let definition = Definition::of(name).unwrap();
            for known in &definition.0 {
                let set = known.value_set;
                assert!(set.is_none_or(|set| VALUE_SETS.lines().any(|line| line.split(' ').next() == Some(set))));
                for (_, kind) in known.members(Vec::new) {
                    let Kind::Structure(path) = kind else { continue };
                    assert!(definition.below(path).next().is_some(), "{name}.{path}");
                }
            }
        }
    }

    #[test]
    fn an_element_says_which_members_hold_it() {
        let definition = Definition::of("RiskAssessment").unwrap();
        let of = |path: &str, name: &str| {
            let known = definition.below(path).find(|known| known.name() == name).unwrap();
            known.members(Vec::new).into_iter().map(|(member, _)| member).collect::<Vec<_>>()
        };
        assert_eq!(of("", "subject"), ["subject"]);
        assert_eq!(of("", "occurrence"), ["occurrenceDateTime", "occurrencePeriod"]);
        assert_eq!(of("prediction", "probability"), ["probabilityDecimal", "probabilityRange"]);
        assert!(has_code("observation-status", "final") && !has_code("observation-status", "Final"));
    }
}
