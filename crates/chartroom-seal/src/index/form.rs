use std::borrow::Cow;
use std::fmt;

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a value is written before its token is made, so that spellings that mean the same have the same token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// As it is, byte by byte.
    Exact,
    /// Letters and digits without accents (Unicode NFKD), large and small alike (Unicode full case folding), one space between words:
    /// for names and addresses.
    Text,
    /// The digits 0 to 9 alone: for telephone numbers, dates and numbers with hyphens.
    Digits,
    /// How an English-speaking clerk may have heard it: the American Soundex of the first word, as the U.S. National Archives describe it.
    /// Empty where there is no letter A to Z.
    Phonetic,
    /// As [`Text`](Self::Text) without spaces, the first so many letters: for a search while someone types.
    Prefix(u8),
}

impl Form {
    /// The value in this form.
    pub fn of(self, value: &str) -> Cow<'_, str> {
        match self {
            Self::Exact => value.into(),
            Self::Text => words(value).into(),
            Self::Digits => value.chars().filter(char::is_ascii_digit).collect(),
            Self::Phonetic => soundex(&words(value)).into(),
            Self::Prefix(length) => words(value).chars().filter(|letter| *letter != ' ').take(length.into()).collect(),
        }
    }

    /// How many values it can tell apart at most, where its length sets a bound.
    pub(super) fn values(self) -> u64 {
        match self {
            Self::Exact | Self::Text | Self::Digits => u64::MAX,
            // A letter, and up to three of six digits.
            Self::Phonetic => 26 * (1 + 6 + 36 + 216),
            // Names are of letters. Counting digits, or other alphabets, would only allow for longer tokens.
            Self::Prefix(length) => 26_u64.saturating_pow(length.into()),
        }
    }

    /// Number and length: what of it stands in the key of an index.
    pub(super) const fn code(self) -> [u8; 2] {
        match self {
            Self::Exact => [1, 0],
            Self::Text => [2, 0],
            Self::Digits => [3, 0],
            Self::Phonetic => [4, 0],
            Self::Prefix(length) => [5, length],
        }
    }
}

impl fmt::Display for Form {
    /// The name of the form, in small letters.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact => f.write_str("exact"),
            Self::Text => f.write_str("text"),
            Self::Digits => f.write_str("digits"),
            Self::Phonetic => f.write_str("phonetic"),
            Self::Prefix(length) => write!(f, "prefix of {length}"),
        }
    }
}

/// Letters and digits without accents, large and small alike, one space between words.
fn words(value: &str) -> String {
    if value.is_ascii() {
        return spaced(value.chars().map(|letter| letter.to_ascii_lowercase()), value.len());
    }
    spaced(folded(value), value.len())
}

/// What is in any script, without accents, large and small alike.
fn folded(value: &str) -> impl Iterator<Item = char> {
    // What is folded may come apart once more.
    let folded = value.nfkd().default_case_fold().map(without_own_capital).nfkd();
    folded.filter(|letter| !is_combining_mark(*letter))
}

/// The letters and digits among these, one space between words.
fn spaced(letters: impl Iterator<Item = char>, length: usize) -> String {
    let mut words = String::with_capacity(length);
    for letter in letters {
        // Some apostrophes are letters to Unicode.
        if is_apostrophe(letter) {
            continue;
        }
        if letter.is_alphanumeric() {
            words.push(letter);
        } else if !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
    }
    words.truncate(words.trim_end().len());
    words
}

/// The dotless i of Turkish as an i: both are written with the same capital, once accents are gone.
const fn without_own_capital(letter: char) -> char {
    if letter == 'ı' { 'i' } else { letter }
}

/// Typed or printed, and as the letters that stand for a glottal stop, such as the ʻokina.
const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}' | '\u{2019}' | '\u{2bb}' | '\u{2bc}')
}

/// The first letter and three digits for the consonants behind it.
fn soundex(words: &str) -> String {
    let mut letters = words.split(' ').next().unwrap_or_default().chars().filter(char::is_ascii_lowercase);
    let Some(first) = letters.next() else { return String::new() };
    let mut code = String::from(first.to_ascii_uppercase());
    let mut before = digit(first);
    for letter in letters {
        let digit = digit(letter);
        if let Some(digit) = digit
            && before != Some(digit)
        {
            code.push(digit);
        }
        // H and W stand between like letters without parting them; vowels part them.
        if !matches!(letter, 'h' | 'w') {
            before = digit;
        }
    }
    code.extend(['0'; 3]);
    code.truncate(4);
    code
}

const fn digit(letter: char) -> Option<char> {
    match letter {
        'b' | 'f' | 'p' | 'v' => Some('1'),
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => Some('2'),
        'd' | 't' => Some('3'),
        'l' => Some('4'),
        'm' | 'n' => Some('5'),
        'r' => Some('6'),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn each_is_told_by_a_name_of_its_own() {
        let all = [Form::Exact, Form::Text, Form::Digits, Form::Phonetic, Form::Prefix(3)];
        assert_eq!(all.map(|form| form.to_string()), ["exact", "text", "digits", "phonetic", "prefix of 3"]);
    }

    #[test]
    fn spellings_of_one_name_are_one_text() {
        for name in ["Núñez  O'Hara", " NUÑEZ ohara", "Nu\u{301}n\u{303}ez, O\u{2019}Hara.", "ｎúñez O'hara"] {
            assert_eq!(Form::Text.of(name), "nunez ohara");
        }
        assert_eq!(Form::Text.of("Straße 12-b"), "strasse 12 b");
        assert_eq!(Form::Text.of(" \t-"), "");
        assert_eq!(Form::Exact.of(" Osei"), " Osei");
        assert_eq!(Form::Digits.of("+1 (202) 555-0143"), "12025550143");
        assert_eq!(Form::Prefix(3).of("De Boer"), "deb");
    }

    #[test]
    fn capitals_are_no_other_name() {
        for (name, capitals) in [
            ("Παπαδόπουλος", "ΠΑΠΑΔΟΠΟΥΛΟΣ"),
            ("Weiß", "WEISS"),
            ("Weiß", "WEIẞ"),
            ("Işık", "IŞIK"),
            ("Diyarbakır İzmir", "DİYARBAKIR IZMIR"),
            ("O\u{2bc}Hara", "O'HARA"),
            ("Ka\u{2bb}ahumanu", "KA\u{2018}AHUMANU"),
            ("Đặng", "ĐẶNG"),
            ("Ögmundsdóttir", "ÖGMUNDSDÓTTIR"),
        ] {
            assert_eq!(Form::Text.of(name), Form::Text.of(capitals));
        }
        assert_ne!(Form::Text.of("Weiß"), Form::Text.of("Weis"));
    }

    /// The alphabets with capitals, without the blocks behind them to which Unicode still adds letters.
    #[test]
    fn no_letter_tells_how_it_was_written() {
        let letters = '\0'..='\u{2dff}';
        let tells = |letter: &char| {
            let text = Form::Text.of(letter.encode_utf8(&mut [0; 4])).into_owned();
            [letter.to_uppercase().to_string(), letter.to_lowercase().to_string(), text.clone()]
                .iter()
                .any(|other| Form::Text.of(other) != text)
        };
        assert_eq!(letters.filter(tells).collect::<String>(), "");
    }

    proptest! {
        #[test]
        fn letters_without_accents_take_no_other_way(text in "[ -~\t\n]{0,40}") {
            prop_assert_eq!(words(&text), spaced(folded(&text), text.len()));
        }
    }

    /// Letters of Europe. Should a compiler or a crate read one of them otherwise, tokens that are stored would no longer be found: that
    /// is a new version of the forms.
    #[test]
    fn how_letters_are_brought_into_a_text_is_a_promise() {
        let letters = ('\0'..='\u{58f}').chain('\u{1e00}'..='\u{1fff}');
        let forms: String = letters.map(|letter| format!("{}\n", words(letter.encode_utf8(&mut [0; 4])))).collect();
        let hash = Sha256::digest(forms).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        assert_eq!(hash, "ea8e84d7cb7c7f2c1a39e7ecd84419de715d4356d9c8f80adb0568fb22e5b642");
    }

    /// The examples of the U.S. National Archives, "Soundex System".
    #[test]
    fn soundex_is_that_of_the_national_archives() {
        for (name, code) in [
            ("Washington", "W252"),
            ("Lee", "L000"),
            ("Gutierrez", "G362"),
            ("Pfister", "P236"),
            ("Jackson", "J250"),
            ("Tymczak", "T522"),
            ("Ashcraft", "A261"),
            ("VanDeusen", "V532"),
        ] {
            assert_eq!(Form::Phonetic.of(name), code);
        }
        assert_eq!(Form::Phonetic.of("Núñez"), Form::Phonetic.of("Nunes"));
        assert_eq!(Form::Phonetic.of("李"), "");
    }
}
