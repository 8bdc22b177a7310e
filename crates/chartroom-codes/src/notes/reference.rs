//! The codes that a note names: "diabetes (E08-E13 with .40)".
//!
//! A reference is a code, or a range of them in the order of the list, with all that stands under each. A dash or `.-` at the
//! end says the same once more. What follows `with` narrows it by single characters. A part that cannot be understood is left out
//! and the note is marked, so that nothing is concluded from its silence.

/// A code or a range, both ends without their dots, and what narrows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    pub(super) first: String,
    pub(super) last: String,
    pub(super) condition: Condition,
}

/// What the characters of a code must be, each rule at one of some places.
pub(super) type Condition = Vec<Rule>;

/// At one of these places (bit 0 for the first character; [`LAST`] and [`LAST_BUT_ONE`]) stands one of these characters
/// (bit 0 for `0`, bit 10 for `A`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rule {
    pub(super) places: u16,
    pub(super) characters: u64,
}

const LAST: u16 = 1 << 8;
const LAST_BUT_ONE: u16 = 1 << 9;

impl Rule {
    /// Whether a code without its dot follows it.
    pub(super) fn holds(self, code: &[u8]) -> bool {
        let stands = |place: Option<usize>, bit: u16| {
            let found = place.and_then(|place| code.get(place)).and_then(|byte| bit_of(char::from(*byte)));
            self.places & bit != 0 && found.is_some_and(|found| self.characters & found != 0)
        };
        (0..7).any(|place| stands(Some(place), 1 << place))
            || stands(code.len().checked_sub(1), LAST)
            || stands(code.len().checked_sub(2), LAST_BUT_ONE)
    }
}

/// Every code that a note names, and whether all that looks like one was understood.
pub(super) fn named_in(note: &str) -> (Vec<Named>, bool) {
    let (mut named, mut understood) = (Vec::new(), true);
    let mut prose = String::new();
    let mut rest = note;
    while let Some((before, group, after)) = next_group(rest) {
        prose += before;
        match list(group) {
            Some((found, "")) => named.extend(found),
            _ => understood &= !holds_code(group),
        }
        rest = after;
    }
    prose += rest;
    if named.is_empty() && understood && holds_code(&prose) {
        match in_prose(&prose) {
            Some(found) => named = found,
            None => understood = false,
        }
    }
    (named, understood)
}

/// What stands before, in and after the first innermost pair of parentheses.
fn next_group(text: &str) -> Option<(&str, &str, &str)> {
    let (to_end, after) = text.split_once(')')?;
    let (before, group) = to_end.rsplit_once('(')?;
    Some((before, group, after))
}

/// "code from category F17 to identify ...", "as classified in M75-M77", "torticollis NOS M43.6".
fn in_prose(text: &str) -> Option<Vec<Named>> {
    let start = code_starts(text).next()?;
    let (before, from) = text.split_at_checked(start)?;
    let (found, rest) = list(from)?;
    let is_whole =
        rest.is_empty() || rest.starts_with("to ") || rest.starts_with("code to ") || rest.starts_with("Weeks");
    (is_whole && !before.trim_end().ends_with("for codes")).then_some(found)
}

/// As many codes, ranges and conditions as there are at the front, and what follows them.
fn list(text: &str) -> Option<(Vec<Named>, &str)> {
    let mut found: Vec<Named> = Vec::new();
    let mut settled = 0;
    let mut rest = text;
    loop {
        rest = after_separators(rest);
        if let Some((named, after)) = code_or_range(rest) {
            found.push(named);
            rest = after;
        } else if let Some(condition) = rest.strip_prefix("with ").or(rest.strip_prefix('.').map(|_| rest)) {
            let end = end_of_condition(condition);
            let (condition, after) = condition.split_at_checked(end)?;
            narrow(&mut found, settled, condition)?;
            settled = found.len();
            rest = after;
        } else {
            return (!found.is_empty()).then_some((found, rest));
        }
    }
}

/// Puts a condition on the last of a list; on one like it if the last has a condition already, as in "with .151, .251".
fn narrow(found: &mut Vec<Named>, settled: usize, condition: &str) -> Option<()> {
    let alternatives = conditions(condition)?;
    let last = if settled < found.len() { found.pop()? } else { found.last()?.clone() };
    found.extend(alternatives.into_iter().map(|condition| Named { condition, ..last.clone() }));
    Some(())
}

fn after_separators(text: &str) -> &str {
    let mut rest = text;
    loop {
        let next = rest.trim_start_matches([' ', ',', ';', '\t']);
        let next = next.strip_prefix(". ").unwrap_or(next);
        let next = next.strip_prefix("and ").or(next.strip_prefix("or ")).unwrap_or(next);
        let next = if next == "." || next == "-" { "" } else { next };
        if next == rest {
            return rest;
        }
        rest = next;
    }
}

fn end_of_condition(text: &str) -> usize {
    let ends = [text.find(','), text.find(';'), text.find(". ")];
    let code = code_starts(text).next();
    ends.into_iter().chain([code]).flatten().min().unwrap_or(text.len())
}

/// A code with the dashes behind it, and the code at the other end of a range.
fn code_or_range(text: &str) -> Option<(Named, &str)> {
    let (first, rest) = code(text)?;
    let single = |rest| Some((Named { first: first.clone(), last: first.clone(), condition: Vec::new() }, rest));
    let gap_end = rest.find(|character: char| !matches!(character, ' ' | '.' | '-')).unwrap_or(rest.len());
    let (gap, after) = rest.split_at_checked(gap_end)?;
    let is_to = after.starts_with("to ");
    let joins = gap.trim_end().ends_with('-') || is_to;
    let other = if is_to { code(after.strip_prefix("to ")?) } else { code(after) };
    match other {
        Some((last, rest)) if joins => {
            let rest = rest.trim_start_matches('.').trim_start_matches('-');
            Some((Named { first: first.clone(), last, condition: Vec::new() }, rest))
        }
        _ => single(after),
    }
}

/// A code at the front, without its dot.
fn code(text: &str) -> Option<(String, &str)> {
    let bytes = text.as_bytes();
    let category = bytes.get(..3)?;
    let is_category = category.first()?.is_ascii_uppercase()
        && category.get(1).is_some_and(|byte| byte.is_ascii_digit() || *byte == b'A')
        && category.get(2).is_some_and(|byte| byte.is_ascii_digit() || matches!(byte, b'A' | b'B'));
    if !is_category {
        return None;
    }
    let (category, rest) = text.split_at_checked(3)?;
    let details =
        |text: &str| text.bytes().take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()).count();
    let length = rest.strip_prefix('.').map_or(0, details);
    if length == 0 && details(rest) > 0 || length > 4 {
        return None;
    }
    let (detail, rest) = rest.split_at_checked(if length == 0 { 0 } else { length + 1 })?;
    Some((category.to_owned() + detail.trim_start_matches('.'), rest))
}

/// Where codes begin that no letter or digit stands before.
fn code_starts(text: &str) -> impl Iterator<Item = usize> {
    let bounds = text.char_indices().scan(' ', |before, (index, character)| {
        let begins = !before.is_ascii_alphanumeric();
        *before = character;
        Some((index, begins))
    });
    bounds.filter(|(_, begins)| *begins).filter_map(move |(index, _)| code(text.get(index..)?).map(|_| index))
}

fn holds_code(text: &str) -> bool {
    code_starts(text).next().is_some()
}

/// The alternatives of a condition: "fifth or sixth character 1-4", ".51-.52", "final characters .00 or .01".
fn conditions(text: &str) -> Option<Vec<Condition>> {
    let text = text.trim().trim_end_matches('.');
    if text.starts_with('.') {
        return Some(vec![suffix(text)?]);
    }
    if let Some(endings) = text.strip_prefix("final characters ") {
        return endings
            .split(" or ")
            .map(|ending| if ending.starts_with('.') { suffix(ending) } else { final_two(ending) })
            .collect();
    }
    let (places, characters) = text.split_once("character")?;
    let characters = characters.trim_start_matches('s').trim();
    let (first, other) = match places.trim().trim_end_matches('-').split_once(' ') {
        None => (place(places.trim().trim_end_matches('-'))?, None),
        Some((first, other)) => (place(first)?, Some(other)),
    };
    match other.and_then(|other| other.split_once(' ')) {
        None if other.is_none() => Some(vec![vec![Rule { places: first, characters: set(characters)? }]]),
        Some(("or", other)) => Some(vec![vec![Rule { places: first | place(other)?, characters: set(characters)? }]]),
        Some(("to", other)) if place(other)? == first << 1 => Some(vec![in_turn(first, characters)?]),
        _ => None,
    }
}

fn place(ordinal: &str) -> Option<u16> {
    let place = match ordinal {
        "fourth" | "4th" => 3,
        "fifth" | "5th" => 4,
        "six" | "sixth" | "6th" => 5,
        "seventh" | "7th" => 6,
        _ => return None,
    };
    Some(1 << place)
}

/// What stands behind the dot: `.40`, or `.51-.52` where only the last character differs.
fn suffix(text: &str) -> Option<Condition> {
    let text = text.strip_prefix('.')?.trim_end_matches('-');
    let (first, last) = text.split_once("-.").unwrap_or((text, text));
    let mut rules = in_turn(1 << 3, first)?;
    let (start, end) = (first.split_at_checked(first.len() - 1)?, last.split_at_checked(last.len().checked_sub(1)?)?);
    if start.0 != end.0 {
        return None;
    }
    rules.last_mut()?.characters = set(&format!("{}-{}", start.1, end.1))?;
    Some(rules)
}

/// `-23`: the last two characters.
fn final_two(text: &str) -> Option<Condition> {
    let mut characters = text.strip_prefix('-')?.chars();
    let both = [(LAST_BUT_ONE, characters.next()?), (LAST, characters.next()?)];
    let rules = both.into_iter().map(|(places, character)| Some(Rule { places, characters: bit_of(character)? }));
    if characters.next().is_none() { rules.collect() } else { None }
}

/// Each character at the place after that of the one before it.
fn in_turn(first: u16, characters: &str) -> Option<Condition> {
    let rule = |(character, shift)| Some(Rule { places: first.checked_shl(shift)?, characters: bit_of(character)? });
    let rules: Condition = characters.chars().zip(0..).map(rule).collect::<Option<_>>()?;
    (1..=4).contains(&rules.len()).then_some(rules)
}

/// `5`, `.6`, `B or C`, `1-4 or 6`.
fn set(text: &str) -> Option<u64> {
    text.split(" or ").try_fold(0, |set, part| {
        let mut ends = part.trim().trim_start_matches('.').split('-').map(|end| only_bit(end.trim()));
        let first = ends.next()??;
        let last = ends.next().unwrap_or(Some(first))?;
        (ends.next().is_none() && first <= last).then(|| set | ((last << 1) - first))
    })
}

fn only_bit(text: &str) -> Option<u64> {
    let mut characters = text.chars();
    characters.next().filter(|_| characters.next().is_none()).and_then(bit_of)
}

fn bit_of(character: char) -> Option<u64> {
    let upper = character.is_ascii_digit() || character.is_ascii_uppercase();
    character.to_digit(36).filter(|_| upper).map(|digit| 1 << digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// First and last code of each range, with the codes among `tried` that fulfil its condition.
    fn read(note: &str) -> Vec<(String, String)> {
        let (named, understood) = named_in(note);
        assert!(understood, "{note}");
        named.into_iter().map(|named| (named.first, named.last)).collect()
    }

    fn pairs(wanted: &[(&str, &str)]) -> Vec<(String, String)> {
        wanted.iter().map(|(first, last)| ((*first).to_owned(), (*last).to_owned())).collect()
    }

    #[test]
    fn codes_ranges_and_dashes() {
        assert_eq!(read("dermatitis (L23-L25, L27.-)"), pairs(&[("L23", "L25"), ("L27", "L27")]));
        assert_eq!(read("head injury (S00 - S09)"), pairs(&[("S00", "S09")]));
        assert_eq!(read("defects (Q62.0-Q62.3)"), pairs(&[("Q620", "Q623")]));
        assert_eq!(read("x (M05.00 to M05.8A)"), pairs(&[("M0500", "M058A")]));
        assert_eq!(read("x (S12.0--S12.6.-)"), pairs(&[("S120", "S126")]));
        assert_eq!(read("x (I60.-. I61.-)"), pairs(&[("I60", "I60"), ("I61", "I61")]));
        assert_eq!(read("x (J00-J06; J20-J22)"), pairs(&[("J00", "J06"), ("J20", "J22")]));
        assert_eq!(read("x (A00-R94 and T80-T88.6)"), pairs(&[("A00", "R94"), ("T80", "T886")]));
        assert_eq!(read("Sjogren syndrome (primary) (M35.04)"), pairs(&[("M3504", "M3504")]));
        assert_eq!(read("herpesviral infection (any)"), pairs(&[]));
    }

    #[test]
    fn codes_in_prose() {
        assert_eq!(read("code from category F17 to identify type"), pairs(&[("F17", "F17")]));
        assert_eq!(read("code(s) from F11-F16 and F18-F19 to identify it"), pairs(&[("F11", "F16"), ("F18", "F19")]));
        assert_eq!(read("torticollis NOS M43.6"), pairs(&[("M436", "M436")]));
        assert_eq!(
            read("conditions classifiable to S06.0- to S06.8-code to specified injury"),
            pairs(&[("S060", "S068")])
        );
        assert_eq!(read("tuberculosis, any type in A15 (J65)"), pairs(&[("J65", "J65")]));
        assert_eq!(read("vitamin B12 deficiency anemia (D51.-)"), pairs(&[("D51", "D51")]));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for note in [
            "diabetic acidosis - see categories E08-E10, E11, E13 with ketoacidosis",
            "code, if applicable, for codes G31.0-G31.83, G31.85-G31.9, to identify:",
            "poisoning (T51-T65 with fifth or sixth character to indicate intent)",
            "open fracture (S52.- with open fracture 7th character)",
            "underdosing (T36-T50 with final character 6)",
        ] {
            assert_eq!(named_in(note), (Vec::new(), false), "{note}");
        }
    }

    #[test]
    fn conditions_narrow_by_characters() {
        let holds = |note: &str, code: &str| {
            let (named, understood) = named_in(note);
            assert!(understood, "{note}");
            named.iter().any(|named| named.condition.iter().all(|rule| rule.holds(code.as_bytes())))
        };
        let adverse = "drug (T36-T50 with fifth or sixth character 5)";
        assert!(holds(adverse, "T360X5A") && holds(adverse, "T3695XA") && !holds(adverse, "T360X1A"));
        let diabetic = "retinopathy (E08-E13 with .31-.35)";
        assert!(holds(diabetic, "E11311") && holds(diabetic, "E1135") && !holds(diabetic, "E1136"));
        let side = "dysphasia (I69. with final characters -23)";
        assert!(holds(side, "I69323") && !holds(side, "I69322"));
        let several = "anxiety (F10-F19 with .180, .280, .980)";
        assert!(holds(several, "F10280") && holds(several, "F19980") && !holds(several, "F10281"));
        let either = "diabetes (E13 with final characters .00 or .01)";
        assert!(holds(either, "E1300") && holds(either, "E1301") && !holds(either, "E1310"));
        let intent = "poisoning (T36-T65 with fifth or sixth character 1-4 or 6)";
        assert!(holds(intent, "T360X6A") && holds(intent, "T3693XA") && !holds(intent, "T360X5A"));
        assert!(holds("sleep (F11-F19 with fifth to sixth characters 51)", "F11151"));
    }

    #[test]
    fn each_condition_is_that_of_its_own_codes() {
        let (named, _) = named_in("x (T36.8X- with sixth character 1-4, T43.1X, M54.1-)");
        let narrowed: Vec<bool> = named.iter().map(|named| !named.condition.is_empty()).collect();
        assert_eq!(narrowed, [true, false, false]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_without_fault(text in "([A-Z][0-9]{2}|[.,;() -]|with|fifth|character|to|or|[0-9é.]){0,20}") {
            let (named, _) = named_in(&text);
            proptest::prop_assert!(named.len() <= text.len());
        }
    }
}
