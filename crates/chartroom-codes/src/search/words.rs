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
    let mut plain = format!(" {} ", all_words(&without_parentheses(text)).join(" "));
    for phrase in VAGUE {
        plain = plain.replace(phrase, " ");
    }
    plain.split_whitespace().filter(|word| !EMPTY.contains(word)).count()
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

fn without_parentheses(text: &str) -> String {
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
