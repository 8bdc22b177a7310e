//! Languages: what was asked for, and whether a designation is in one of them.
//!
//! Tags are BCP 47; a list of them is written as in the HTTP header `Accept-Language` (RFC 9110, 12.5.4).

use std::fmt;

/// A list of languages in order of preference, such as `en-AU, en; q=0.8, *; q=0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Languages {
    ranges: Vec<Range>,
}

#[derive(Clone, Debug, PartialEq)]
struct Range {
    tag: String,
    quality: f32,
    /// The quality as it was written, which a message repeats.
    stated: Option<String>,
}

/// How much of two tags must agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// All parts.
    Whole,
    /// Language and region.
    Region,
    /// The language alone.
    Language,
}

impl Likeness {
    /// From the strictest to the kindest.
    pub(super) const ALL: [Self; 3] = [Self::Whole, Self::Region, Self::Language];
}

/// The text is not a list of languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a list of language tags")]
pub struct InvalidLanguages;

impl Languages {
    /// Reads a list of languages.
    ///
    /// # Errors
    ///
    /// If a tag in it is not well formed.
    pub fn parse(text: &str) -> Result<Self, InvalidLanguages> {
        let ranges = text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Range::parse);
        let ranges: Vec<Range> = ranges.collect::<Result<_, _>>()?;
        if ranges.is_empty() {
            return Err(InvalidLanguages);
        }
        Ok(Self { ranges })
    }

    /// The tags that are wanted, the preferred first.
    pub(super) fn wanted(&self) -> impl Iterator<Item = &str> {
        let mut ranges: Vec<&Range> = self.ranges.iter().filter(|range| range.quality > 0.0).collect();
        ranges.sort_by(|a, b| b.quality.total_cmp(&a.quality));
        ranges.into_iter().map(|range| range.tag.as_str())
    }

    /// Whether any wanted language is like the tag.
    pub(super) fn accept(&self, tag: &str, likeness: Likeness) -> bool {
        self.wanted().any(|wanted| alike(wanted, tag, likeness))
    }

    /// The list as an expansion repeats it. Only before a quality stands a space.
    pub(super) fn as_parameter(&self) -> String {
        let written = |(index, range): (usize, &Range)| match (index, &range.stated) {
            (0, _) => range.to_string(),
            (_, None) => format!(",{range}"),
            _ => format!(", {range}"),
        };
        self.ranges.iter().enumerate().map(written).collect()
    }

    /// Whether another language does, where there is nothing in those asked for. It does unless `*` is told to be unwanted.
    pub(super) fn allow_others(&self) -> bool {
        !self.ranges.iter().any(|range| range.tag == "*" && range.quality <= 0.0)
    }
}

impl fmt::Display for Languages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, range) in self.ranges.iter().enumerate() {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{range}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.stated {
            Some(quality) => write!(f, "{}; q={quality}", self.tag),
            None => f.write_str(&self.tag),
        }
    }
}

impl Range {
    fn parse(text: &str) -> Result<Self, InvalidLanguages> {
        let mut parts = text.split(';').map(str::trim);
        let tag = parts.next().filter(|tag| well_formed(tag)).ok_or(InvalidLanguages)?;
        let stated = parts.find_map(|part| part.strip_prefix("q="));
        let quality = stated.and_then(|quality| quality.parse().ok()).unwrap_or(1.0);
        Ok(Self { tag: tag.to_owned(), quality, stated: stated.map(str::to_owned) })
    }
}

/// Whether a wanted tag and a stated one agree. `*` agrees with all.
pub(super) fn alike(wanted: &str, stated: &str, likeness: Likeness) -> bool {
    if wanted == "*" {
        return true;
    }
    match likeness {
        Likeness::Whole => wanted.eq_ignore_ascii_case(stated),
        Likeness::Region => language(wanted).eq_ignore_ascii_case(language(stated)) && same_region(wanted, stated),
        Likeness::Language => language(wanted).eq_ignore_ascii_case(language(stated)),
    }
}

fn well_formed(tag: &str) -> bool {
    let subtag = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let letters = |part: &str| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_alphabetic());
    tag == "*" || (letters(language(tag)) && tag.split('-').all(subtag))
}

fn language(tag: &str) -> &str {
    tag.split('-').next().unwrap_or_default()
}

fn same_region(a: &str, b: &str) -> bool {
    match (region(a), region(b)) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        (None, None) => true,
        _ => false,
    }
}

/// The region of a tag: two letters or three digits.
fn region(tag: &str) -> Option<&str> {
    tag.split('-').skip(1).find(|part| match part.len() {
        2 => part.bytes().all(|byte| byte.is_ascii_alphabetic()),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference_is_by_quality_then_order() {
        let languages = Languages::parse("de; q=0.5, en-AU, fr;q=0.5, *;q=0").unwrap();
        assert_eq!(languages.wanted().collect::<Vec<_>>(), ["en-AU", "de", "fr"]);
        assert!(!languages.accept("nl", Likeness::Language) && !languages.allow_others());
        assert_eq!(languages.to_string(), "de; q=0.5, en-AU, fr; q=0.5, *; q=0");
        assert_eq!(languages.as_parameter(), "de; q=0.5,en-AU, fr; q=0.5, *; q=0");
    }

    #[test]
    fn likeness_goes_from_whole_to_language() {
        assert!(!alike("en", "en-AU", Likeness::Whole) && alike("en", "en-AU", Likeness::Language));
        assert!(alike("EN-au", "en-AU-x-a", Likeness::Region) && !alike("en-GB", "en-AU", Likeness::Region));
    }

    #[test]
    fn what_is_no_tag_is_refused() {
        for text in ["-", "", "e", "1-2", "toolongalanguage"] {
            assert_eq!(Languages::parse(text), Err(InvalidLanguages), "{text:?}");
        }
    }
}
