//! Any text in the forms of a blind index: one form has one token, and a token says no more than its bits.

#![no_main]

use std::sync::LazyLock;

use chartroom_seal::index::{BlindIndex, Form, IndexError, IndexToken, KeyedIndex};
use chartroom_seal::{RandomSource, SubjectKey};
use libfuzzer_sys::fuzz_target;

const BITS: u8 = 11;
const FORMS: [Form; 5] = [Form::Exact, Form::Text, Form::Digits, Form::Phonetic, Form::Prefix(3)];

static INDEXES: LazyLock<[(Form, KeyedIndex); 5]> = LazyLock::new(|| {
    let mut random = RandomSource::from_seed(&[1; 32]);
    let (key, older) = (SubjectKey::generate(&mut random), SubjectKey::generate(&mut random));
    FORMS.map(|form| {
        let index = BlindIndex::new("names", &[form], 50_000, BITS).expect("by the rule");
        (form, index.keyed("north", &key, &[&older]).expect("a short name"))
    })
});

fuzz_target!(|text: &str| {
    for (form, index) in INDEXES.iter() {
        let formed = form.of(text);
        // How a name sounds is no name.
        let again = if *form == Form::Phonetic { text } else { &formed };
        assert_eq!(form.of(again), formed, "what is in a form stays as it is");
        match index.token(&[text]) {
            Ok(token) => {
                assert_eq!(IndexToken::from_bytes(token.to_bytes()), token, "a token comes back");
                let found = index.search(&[again]).expect("its form is not empty");
                assert!(found.first() == Some(&token) && found.len() == 2, "a value is found by its form");
                let [.., a, b, c, d] = token.to_bytes();
                assert!(u32::from_be_bytes([a, b, c, d]) < 1 << BITS, "a token has no more bits");
            }
            Err(IndexError::Empty { .. }) => assert!(formed.is_empty(), "what is not empty has a token"),
            Err(IndexError::TooLong) => assert!(formed.len() > 65_535, "what is short has a token"),
            Err(error) => panic!("one value for one form: {error}"),
        }
    }
});
