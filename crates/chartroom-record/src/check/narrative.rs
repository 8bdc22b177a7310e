//! The `div` of a narrative: the invariants `txt-1` and `txt-2`, section 2.4.0.1. It is read as XML by a small scanner that
//! takes nothing but what a narrative may hold.

use std::collections::HashSet;

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

/// The named references to characters: those of HTML 4.0, section 24, and of XML.
const CHARACTERS: &str = "\
    AElig Aacute Acirc Agrave Alpha Aring Atilde Auml Beta Ccedil Chi Dagger Delta ETH Eacute Ecirc Egrave Epsilon Eta \
    Euml Gamma Iacute Icirc Igrave Iota Iuml Kappa Lambda Mu Ntilde Nu OElig Oacute Ocirc Ograve Omega Omicron Oslash \
    Otilde Ouml Phi Pi Prime Psi Rho Scaron Sigma THORN Tau Theta Uacute Ucirc Ugrave Upsilon Uuml Xi Yacute Yuml Zeta \
    aacute acirc acute aelig agrave alefsym alpha amp and ang apos aring asymp atilde auml bdquo beta brvbar bull cap \
    ccedil cedil cent chi circ clubs cong copy crarr cup curren dArr dagger darr deg delta diams divide eacute ecirc \
    egrave empty emsp ensp epsilon equiv eta eth euml euro exist fnof forall frac12 frac14 frac34 frasl gamma ge gt hArr \
    harr hearts hellip iacute icirc iexcl igrave image infin int iota iquest isin iuml kappa lArr lambda lang laquo larr \
    lceil ldquo le lfloor lowast loz lrm lsaquo lsquo lt macr mdash micro middot minus mu nabla nbsp ndash ne ni not notin \
    nsub ntilde nu oacute ocirc oelig ograve oline omega omicron oplus or ordf ordm oslash otilde otimes ouml para part \
    permil perp phi pi piv plusmn pound prime prod prop psi quot rArr radic rang raquo rarr rceil rdquo real reg rfloor \
    rho rlm rsaquo rsquo sbquo scaron sdot sect shy sigma sigmaf sim spades sub sube sum sup sup1 sup2 sup3 supe szlig tau \
    there4 theta thetasym thinsp thorn tilde times trade uArr uacute uarr ucirc ugrave uml upsih upsilon uuml weierp xi \
    yacute yen yuml zeta zwj zwnj";

/// The schemes of links that are programs.
const SCRIPTS: &[&str] = &["javascript", "vbscript", "livescript"];

const MALFORMED: &str = "txt-1: the narrative is not well-formed XML";
const NO_DIV: &str = "txt-1: the narrative is not one div of the XHTML namespace";
const NO_ELEMENT: &str = "txt-1: the narrative has an element that narratives cannot have";
const NO_ATTRIBUTE: &str = "txt-1: the narrative has an attribute that narratives cannot have";
const UNSAFE: &str = "txt-1: the narrative has a link that could run a script";

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
        if text.contains("]]>") { Err(MALFORMED) } else { entities(text) }
    }

    /// A tag, a comment or a section of plain text.
    fn markup(&mut self) -> Outcome {
        if let Some(rest) = self.rest.strip_prefix("<!--") {
            // XML, section 2.5: two hyphens end a comment, and nothing but a > may follow.
            let (_, rest) = rest.split_once("--").ok_or(MALFORMED)?;
            self.rest = rest.strip_prefix('>').ok_or(MALFORMED)?;
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
        let mut names = HashSet::new();
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
            if !names.insert(attribute) {
                return Err(MALFORMED);
            }
            if attribute == "xmlns" {
                namespace = Some(value);
            } else if !attribute.starts_with("xmlns:") {
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
    let address = matches!(attribute, "href" | "src" | "longdesc" | "cite" | "usemap");
    if address && !is_safe(value) { Err(UNSAFE) } else { Ok(()) }
}

/// Whether a link leads to somewhere, and is not a program. Seen as a browser does: references to characters stand for
/// them, and blanks at the ends, tabs and line ends do not count.
fn is_safe(link: &str) -> bool {
    let mut seen = String::new();
    for (index, part) in link.split('&').enumerate() {
        let (name, rest) = if index == 0 { ("", part) } else { part.split_once(';').unwrap_or(("", part)) };
        seen.extend(character(name));
        seen.push_str(rest);
    }
    seen.retain(|next| !next.is_control());
    let seen = seen.trim();
    let Some((scheme, rest)) = seen.split_once(':') else { return true };
    let is = |known: &str| known.eq_ignore_ascii_case(scheme);
    let image = rest.trim_start().get(..6).is_some_and(|kind| kind.eq_ignore_ascii_case("image/"));
    !SCRIPTS.iter().any(|known| is(known)) && (!is("data") || image)
}

/// The character of a reference by number, and of the few names that a scheme could be written with.
fn character(name: &str) -> Option<char> {
    match name {
        "Tab" | "NewLine" => None,
        "colon" => Some(':'),
        _ => numbered(name.strip_prefix('#')?),
    }
}

/// The character of this number, where XML has it: section 2.2.
fn numbered(number: &str) -> Option<char> {
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |digits| (digits, 16));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| char::from(byte).is_digit(radix));
    let found = char::from_u32(u32::from_str_radix(digits, radix).ok().filter(|_| plain)?)?;
    let held = matches!(found, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    held.then_some(found)
}

/// Each `&` begins a reference to a character.
fn entities(text: &str) -> Outcome {
    for after in text.split('&').skip(1) {
        let (name, _) = after.split_once(';').ok_or(MALFORMED)?;
        let valid = match name.strip_prefix('#') {
            Some(number) => numbered(number).is_some(),
            None => !name.is_empty() && CHARACTERS.split(' ').any(|known| known == name),
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
            "<p xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">x</p>",
            "<a href=\"a/b:c\">x</a><a href='#p'>y</a><a href=\"MAILTO:a@b.example\">z</a>",
            "<img src=\"data: image/png;base64,AAAA\" alt=\"\"/>",
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
            ("<a href=\"&#106;avascript:x\">x</a>", UNSAFE),
            ("<a href=\"java&#x9;script:x\">x</a>", UNSAFE),
            ("<a href=\"java\tscript:x\">x</a>", UNSAFE),
            ("<a href=\"&#32;vbscript:x\">x</a>", UNSAFE),
            ("<a href=\"data:text/html,x\">x</a>", UNSAFE),
            ("<p id=\"a\" id=\"b\">x</p>", MALFORMED),
            ("&foobar;", MALFORMED),
            ("&#0;", MALFORMED),
            ("&#x110000;", MALFORMED),
            ("<!-- a -- b -->x", MALFORMED),
            ("x]]>", MALFORMED),
            ("<p xmlns=\"urn:x\">x</p>", NO_DIV),
            (" <p> </p> ", "txt-2: the narrative shows nothing"),
        ] {
            assert_eq!(of(bad), Some(expected), "{bad}");
        }
        // Each held against all before it, these would take minutes.
        let many: String = (0..200_000).map(|number| format!(" xmlns:a{number}=\"\"")).collect();
        assert_eq!(of(&format!("<p{many}>x</p>")), None);
        for bad in
            ["text", "<p>x</p>", "<div>x</div>", "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div><p/>", "<div"]
        {
            assert!(fault(bad, &mut |_, _, _| {}).is_some(), "{bad}");
        }
    }
}
