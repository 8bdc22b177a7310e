//! The `div` of a narrative: the invariants `txt-1` and `txt-2`, section 2.4.0.1. It is read as XML by a small scanner that
//! takes nothing but what a narrative may hold.

/// What is wrong with a narrative, with the key in front. `seen` is shown the attributes up to there: element, name, value.
pub(super) fn fault(text: &str, seen: &mut dyn FnMut(&str, &str, &str)) -> Option<&'static str> {
    let mut scanner = Scanner { rest: text, open: Vec::new(), shows: false, seen };
    match scanner.document() {
        Err(detail) => Some(detail),
        Ok(()) if !scanner.shows => Some("txt-2: the narrative shows nothing"),
        Ok(()) => None,
    }
}

const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// The elements of chapters 7 to 11 and 15 of HTML 4.0, without section 4 of chapter 9; links, images and maps.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "area",
    "b",
    "bdo",
    "big",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "kbd",
    "li",
    "map",
    "ol",
    "p",
    "pre",
    "q",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "ul",
    "var",
];

/// Attributes of any element.
const ATTRIBUTES: &[&str] = &[
    "abbr",
    "accesskey",
    "align",
    "axis",
    "char",
    "charoff",
    "class",
    "colspan",
    "dir",
    "headers",
    "id",
    "lang",
    "rowspan",
    "scope",
    "span",
    "style",
    "tabindex",
    "title",
    "valign",
    "width",
    "xml:lang",
    "xml:space",
];

/// Attributes of one element, as `element.attribute`.
const OF_ELEMENT: &[&str] = &[
    "a.charset",
    "a.coords",
    "a.href",
    "a.hreflang",
    "a.name",
    "a.rel",
    "a.rev",
    "a.shape",
    "a.target",
    "a.type",
    "area.alt",
    "area.coords",
    "area.href",
    "area.nohref",
    "area.shape",
    "blockquote.cite",
    "br.clear",
    "hr.noshade",
    "hr.size",
    "img.alt",
    "img.border",
    "img.height",
    "img.hspace",
    "img.ismap",
    "img.longdesc",
    "img.name",
    "img.src",
    "img.usemap",
    "img.vspace",
    "li.type",
    "li.value",
    "map.name",
    "ol.compact",
    "ol.start",
    "ol.type",
    "pre.space",
    "q.cite",
    "table.bgcolor",
    "table.border",
    "table.cellpadding",
    "table.cellspacing",
    "table.frame",
    "table.rules",
    "table.summary",
    "td.bgcolor",
    "td.height",
    "td.nowrap",
    "th.bgcolor",
    "th.height",
    "th.nowrap",
    "tr.bgcolor",
    "ul.compact",
    "ul.type",
];

const MALFORMED: &str = "txt-1: the narrative is not well-formed XML";
const NO_DIV: &str = "txt-1: the narrative is not one div of the XHTML namespace";
const NO_ELEMENT: &str = "txt-1: the narrative has an element that narratives cannot have";
const NO_ATTRIBUTE: &str = "txt-1: the narrative has an attribute that narratives cannot have";
const UNSAFE: &str = "txt-1: the narrative has a link that runs a script";

struct Scanner<'a, 's> {
    rest: &'a str,
    open: Vec<&'a str>,
    shows: bool,
    seen: &'s mut dyn FnMut(&str, &str, &str),
}

type Outcome = Result<(), &'static str>;

impl<'a> Scanner<'a, '_> {
    fn document(&mut self) -> Outcome {
        self.rest = self.rest.trim();
        if !self.rest.starts_with("<div") {
            return Err(NO_DIV);
        }
        loop {
            self.markup()?;
            if self.open.is_empty() {
                return if self.rest.is_empty() { Ok(()) } else { Err(NO_DIV) };
            }
            self.text()?;
        }
    }

    /// Text up to the next tag.
    fn text(&mut self) -> Outcome {
        let (text, rest) = self.rest.split_at_checked(self.rest.find('<').ok_or(MALFORMED)?).ok_or(MALFORMED)?;
        self.rest = rest;
        self.shows |= !text.trim().is_empty();
        entities(text)
    }

    /// A tag, a comment or a section of plain text.
    fn markup(&mut self) -> Outcome {
        if let Some(rest) = self.rest.strip_prefix("<!--") {
            (_, self.rest) = rest.split_once("-->").ok_or(MALFORMED)?;
        } else if let Some(rest) = self.rest.strip_prefix("<![CDATA[") {
            let (text, rest) = rest.split_once("]]>").ok_or(MALFORMED)?;
            self.shows |= !text.trim().is_empty();
            self.rest = rest;
        } else if let Some(rest) = self.rest.strip_prefix("</") {
            let (name, rest) = rest.split_once('>').ok_or(MALFORMED)?;
            self.rest = rest;
            if self.open.pop() != Some(name.trim_end()) {
                return Err(MALFORMED);
            }
        } else if let Some(rest) = self.rest.strip_prefix('<') {
            self.rest = rest;
            return self.tag();
        }
        Ok(())
    }

    fn tag(&mut self) -> Outcome {
        let name = self.name()?;
        if !ELEMENTS.contains(&name) {
            return Err(NO_ELEMENT);
        }
        self.shows |= name == "img";
        let root = self.open.is_empty();
        let mut namespace = None;
        loop {
            let spaced = self.rest.starts_with(|next: char| next.is_ascii_whitespace());
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                break;
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                self.open.push(name);
                break;
            }
            let (attribute, value) = self.attribute().filter(|_| spaced).ok_or(MALFORMED)?;
            entities(value)?;
            if attribute == "xmlns" {
                namespace = Some(value);
            } else {
                allowed(name, attribute, value)?;
                (self.seen)(name, attribute, value);
            }
        }
        match namespace {
            Some(XHTML) => Ok(()),
            None if !root => Ok(()),
            _ => Err(NO_DIV),
        }
    }

    fn name(&mut self) -> Result<&'a str, &'static str> {
        let end = self.rest.find(|next: char| !(next.is_alphanumeric() || matches!(next, ':' | '-' | '_' | '.')));
        let (name, rest) = self.rest.split_at_checked(end.ok_or(MALFORMED)?).ok_or(MALFORMED)?;
        self.rest = rest;
        if name.is_empty() { Err(MALFORMED) } else { Ok(name) }
    }

    /// `name="value"`.
    fn attribute(&mut self) -> Option<(&'a str, &'a str)> {
        let name = self.name().ok()?;
        let rest = self.rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, rest) = rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        (!value.contains('<')).then_some((name, value))
    }
}

fn allowed(element: &str, attribute: &str, value: &str) -> Outcome {
    let own = |known: &&str| known.split_once('.') == Some((element, attribute));
    if !ATTRIBUTES.contains(&attribute) && !OF_ELEMENT.iter().any(own) {
        return Err(NO_ATTRIBUTE);
    }
    let address = matches!(attribute, "href" | "src");
    let script = value.trim_start().get(..11).is_some_and(|start| start.eq_ignore_ascii_case("javascript:"));
    if address && script { Err(UNSAFE) } else { Ok(()) }
}

/// Each `&` begins a reference to a character.
fn entities(text: &str) -> Outcome {
    for after in text.split('&').skip(1) {
        let (name, _) = after.split_once(';').ok_or(MALFORMED)?;
        let valid = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix('x') {
                Some(hexadecimal) => {
                    !hexadecimal.is_empty() && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit())
                }
                None => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
            },
            None => (2..=8).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        };
        if !valid {
            return Err(MALFORMED);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(inside: &str) -> Option<&'static str> {
        fault(&format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inside}</div>"), &mut |_, _, _| {})
    }

    #[test]
    fn a_narrative_is_a_div_of_plain_formatting() {
        for good in [
            "text",
            "<p>a &lt; b &#233; &eacute;</p>",
            "<img src='#a' alt=\"a\"/>",
            "<!-- x --><b>y</b><br />",
            "<table border=\"1\"><tr><td colspan=\"2\">x</td></tr></table>",
            "<p xmlns=\"http://www.w3.org/1999/xhtml\">x</p>",
        ] {
            assert_eq!(of(good), None, "{good}");
        }
        for (bad, expected) in [
            ("<p>x", MALFORMED),
            ("a & b", MALFORMED),
            ("<p class=x>x</p>", MALFORMED),
            ("<script>x</script>", NO_ELEMENT),
            ("<tr idref=\"x\"></tr>", NO_ATTRIBUTE),
            ("<p onclick=\"x\">x</p>", NO_ATTRIBUTE),
            ("<a href=\" JavaScript:x\">x</a>", UNSAFE),
            ("<p xmlns=\"urn:x\">x</p>", NO_DIV),
            (" <p> </p> ", "txt-2: the narrative shows nothing"),
        ] {
            assert_eq!(of(bad), Some(expected), "{bad}");
        }
        for bad in
            ["text", "<p>x</p>", "<div>x</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div><p/>", "<div"]
        {
            assert!(fault(bad, &mut |_, _, _| {}).is_some(), "{bad}");
        }
    }
}
