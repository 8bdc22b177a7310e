//! The text filter of an expansion.

/// The words that a text must have.
pub(super) struct Words(Vec<String>);

impl Words {
    /// `None` if the filter has no word, which lets everything pass.
    pub(super) fn new(filter: &str) -> Option<Self> {
        let words: Vec<String> = words(filter).collect();
        (!words.is_empty()).then_some(Self(words))
    }

    /// Whether each word of the filter begins some word of the text.
    pub(super) fn are_in(&self, text: &str) -> bool {
        let text: Vec<String> = words(text).collect();
        self.0.iter().all(|wanted| text.iter().any(|word| word.starts_with(wanted)))
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_begins_a_word() {
        let words = Words::new("Type 2, diab").unwrap();
        assert!(words.are_in("Diabetes mellitus, type 2"));
        assert!(!words.are_in("Prediabetes, type 2") && !words.are_in("type 2"));
        assert!(Words::new(" - ").is_none());
    }
}
