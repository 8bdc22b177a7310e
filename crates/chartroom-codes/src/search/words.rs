//! Words, as they are compared: in lower case, without accents, and without those that say nothing.

/// The words of a text, in their order. Words without meaning are left out, unless there are no others.
pub(super) fn words(text: &str) -> Vec<String> {
    let all = all_words(text);
    let telling: Vec<String> = all.iter().filter(|word| !EMPTY.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

/// How long a text is for ranking. What says that nothing more is known does not count, nor what stands in parentheses,
/// which a classification uses for words that may be there or not.
pub(super) fn weight(text: &str) -> usize {
    telling_words(&without_parentheses(text)).len()
}

/// The words of a text that say what it is about, and not that nothing more is known.
pub(super) fn telling_words(text: &str) -> Vec<String> {
    let mut plain = format!(" {} ", all_words(text).join(" "));
    for phrase in VAGUE {
        plain = plain.replace(phrase, " ");
    }
    plain.split_whitespace().filter(|word| !EMPTY.contains(word)).map(str::to_owned).collect()
}

/// A text without what it denies: "migraine, not intractable, without aura" is a migraine.
pub(super) fn affirmed(text: &str) -> String {
    let denies = |part: &&str| part.trim_start().starts_with("not ") || part.trim_start().starts_with("without ");
    let parts = text.split(',').filter(|part| !denies(part));
    parts.map(|part| part.split(" without ").next().unwrap_or_default()).collect::<Vec<_>>().join(",")
}

/// How often a text says that something is unspecified.
pub(super) fn says_nothing_more(text: &str) -> usize {
    all_words(text).iter().filter(|word| *word == "unspecified").count()
}

/// A word without the letter that makes it a plural, if it can be one.
pub(super) fn singular(word: &str) -> &str {
    let stem = word.strip_suffix('s').filter(|stem| stem.len() >= 4 && !stem.ends_with(['s', 'u', 'i']));
    stem.unwrap_or(word)
}

const EMPTY: [&str; 12] = ["a", "an", "and", "by", "for", "in", "of", "on", "or", "s", "the", "to"];

const VAGUE: [&str; 10] = [
    " initial encounter ",
    " for closed fracture ",
    " unspecified organism ",
    " without complications ",
    " without complication ",
    " uncomplicated ",
    " site not specified ",
    " not otherwise specified ",
    " unspecified ",
    " nos ",
];

/// A text without what it has in parentheses, unless that begins with "of" and so completes the name: "hilus (of lung)".
fn without_parentheses(text: &str) -> String {
    let text = text.replace("(of ", "of ");
    let mut depth = 0usize;
    let outside = text.chars().filter(|letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    });
    outside.collect()
}

fn all_words(text: &str) -> Vec<String> {
    let folded: String = text.chars().flat_map(char::to_lowercase).map(without_accent).collect();
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The letters that titles of code systems have in words of other languages.
fn without_accent(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_compared_by_their_plain_letters() {
        assert_eq!(words("Sézary's disease, of the (left) eye"), ["sezary", "disease", "left", "eye"]);
        assert_eq!(words("of the"), ["of", "the"]);
        assert!(words(" ,.- ").is_empty());
    }

    #[test]
    fn vague_words_have_no_weight() {
        assert_eq!(weight("Type 2 diabetes mellitus without complications"), 4);
        assert_eq!(weight("Urinary tract infection, site not specified"), 3);
        assert_eq!(weight("Essential (primary) hypertension"), 2);
        assert_eq!(weight("Neonatal urinary tract infection"), 4);
    }
}
