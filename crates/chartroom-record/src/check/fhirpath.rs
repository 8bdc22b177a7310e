//! The form of a FHIRPath expression: N1, <http://hl7.org/fhirpath/N1/>, its grammar. Nothing is evaluated.
//!
//! Precedence decides what an expression means, and not whether it is one, so all operators are read alike.

/// Whether a text is an expression. `constants` is shown the name of each `%constant` in it.
pub(super) fn is_expression(text: &str, constants: &mut dyn FnMut(&str)) -> bool {
    let mut parser = Parser { rest: text, depth: 0, constants };
    parser.expression().is_some() && parser.space().is_some_and(|()| parser.rest.is_empty())
}

/// How deeply parentheses and the like may be nested.
const DEEPEST: usize = 64;

/// Operators that are signs, the longer ones first.
const SIGNS: &[&str] = &["<=", ">=", "!=", "!~", "<", ">", "=", "~", "+", "-", "&", "*", "/", "|"];

/// Operators that are words.
const WORDS: &[&str] = &["and", "or", "xor", "implies", "div", "mod", "in", "contains", "is", "as"];

/// Operators that no invocation can be named after.
const RESERVED: &[&str] = &["and", "or", "xor", "implies", "div", "mod"];

struct Parser<'t, 'c> {
    rest: &'t str,
    depth: usize,
    constants: &'c mut dyn FnMut(&str),
}

impl<'t> Parser<'t, '_> {
    fn expression(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        self.operand()?;
        while self.operator() {
            self.operand()?;
        }
        self.depth -= 1;
        Some(())
    }

    /// White space and comments.
    fn space(&mut self) -> Option<()> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix("//") {
                self.rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(rest) = self.rest.strip_prefix("/*") {
                (_, self.rest) = rest.split_once("*/")?;
            } else {
                return Some(());
            }
        }
    }

    /// Takes a sign, if it is the next.
    fn takes(&mut self, sign: &str) -> bool {
        let found = self.space().and_then(|()| self.rest.strip_prefix(sign));
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    /// Takes as many of these characters as there are.
    fn run(&mut self, is_part: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|next| !is_part(next)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        run
    }

    fn operator(&mut self) -> bool {
        if SIGNS.iter().any(|sign| self.takes(sign)) {
            return true;
        }
        let before = self.rest;
        let word = self.run(is_of_name);
        let found = WORDS.contains(&word);
        self.rest = if found { self.rest } else { before };
        found
    }

    /// A term with its signs, and what is asked of it.
    fn operand(&mut self) -> Option<()> {
        while self.takes("+") || self.takes("-") {}
        self.term()?;
        loop {
            if self.takes(".") {
                self.space()?;
                self.invocation()?;
            } else if self.takes("[") {
                self.expression()?;
                self.takes("]").then_some(())?;
            } else {
                return Some(());
            }
        }
    }

    fn term(&mut self) -> Option<()> {
        if self.takes("(") {
            self.expression()?;
            return self.takes(")").then_some(());
        }
        if self.takes("{") {
            return self.takes("}").then_some(());
        }
        match self.rest.chars().next()? {
            '\'' => self.quoted('\''),
            '%' => self.constant(),
            '@' => {
                self.rest = self.rest.strip_prefix('@')?;
                let moment = self.run(|next| next.is_ascii_digit() || "-:TZ.+".contains(next));
                (!moment.is_empty()).then_some(())
            }
            digit if digit.is_ascii_digit() => self.number(),
            _ => self.invocation(),
        }
    }

    /// A number, with its unit where it is a quantity.
    fn number(&mut self) -> Option<()> {
        self.run(|next| next.is_ascii_digit());
        let fraction = self.rest.strip_prefix('.').filter(|rest| rest.starts_with(|next: char| next.is_ascii_digit()));
        if let Some(fraction) = fraction {
            self.rest = fraction;
            self.run(|next| next.is_ascii_digit());
        }
        self.space()?;
        if self.rest.starts_with('\'') {
            return self.quoted('\'');
        }
        let before = self.rest;
        let word = self.run(is_of_name);
        if !UNITS.contains(&word.strip_suffix('s').unwrap_or(word)) {
            self.rest = before;
        }
        Some(())
    }

    /// `%name`, also quoted.
    fn constant(&mut self) -> Option<()> {
        self.rest = self.rest.strip_prefix('%')?;
        let before = self.rest;
        match self.rest.chars().next()? {
            quote @ ('`' | '\'' | '"') => self.quoted(quote)?,
            _ => _ = self.run(|next| is_of_name(next) || matches!(next, '-' | ':')),
        }
        let name = before.strip_suffix(self.rest)?;
        (self.constants)(name.trim_matches(['`', '\'', '"']));
        (!name.is_empty()).then_some(())
    }

    /// The name of an element or a function with its arguments.
    fn invocation(&mut self) -> Option<()> {
        // Before N1, names were quoted as `"name"`.
        if let Some(quote @ ('`' | '"')) = self.rest.chars().next() {
            self.quoted(quote)?;
        } else if let Some(rest) = self.rest.strip_prefix('$') {
            self.rest = rest;
            return ["this", "index", "total"].contains(&self.run(is_of_name)).then_some(());
        } else {
            let name = self.run(is_of_name);
            let starts = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
            (starts && !RESERVED.contains(&name)).then_some(())?;
        }
        if !self.takes("(") || self.takes(")") {
            return Some(());
        }
        self.expression()?;
        while self.takes(",") {
            self.expression()?;
        }
        self.takes(")").then_some(())
    }

    /// A text between two of these quotes, with escapes.
    fn quoted(&mut self, quote: char) -> Option<()> {
        let text = self.rest.strip_prefix(quote)?;
        let mut escaped = false;
        for (index, next) in text.char_indices() {
            if next == quote && !escaped {
                self.rest = text.get(index + next.len_utf8()..)?;
                return Some(());
            }
            escaped = next == '\\' && !escaped;
        }
        None
    }
}

/// The calendar units of a quantity.
const UNITS: &[&str] = &["year", "month", "week", "day", "hour", "minute", "second", "millisecond"];

const fn is_of_name(next: char) -> bool {
    next.is_ascii_alphanumeric() || next == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_valid(text: &str) -> bool {
        is_expression(text, &mut |_| {})
    }

    #[test]
    fn the_grammar_is_kept() {
        for good in [
            "name",
            "Patient.name.where(use = 'official' and given.exists()).first().given[0]",
            "(value as Quantity).value > 4 'mg' or value.is(FHIR.string)",
            "$this.length() <= 10 and $index < 3",
            "-1 + +2.5 * (3 div 2) mod 4",
            "%resource.item.where(linkId='1.2').answer.value",
            "%`ext-race` | %'vs-x' | %p-inactive",
            "today() - 18 years >= birthDate",
            "@2015-02-04T14:34:28+09:00 < now() and @T14:30 != time",
            "iif({}.empty(), 'it\\'s', \"an item\".toString())",
            "contained.contains('x').not() // why\n and /* or */ true",
            "`a b`.`is` xor as.in",
            "code in ('a' | 'b') implies 'a' !~ 'b'",
            "descendants().where($this is Reference)",
            "1.toString()",
        ] {
            assert!(is_valid(good), "{good}");
        }
        for bad in [
            "", " ", "$", "$ and %x", "a.", "a..b", "(a", "a)", "a b", "'a", "a[0", "a[]", "a(1,)", "a(,1)", "1 2",
            "and", "a and", "{a}", "%", "a = = b", "@", "#x", "/* a", "a == b",
        ] {
            assert!(!is_valid(bad), "{bad}");
        }
        assert!(!is_valid(&"(".repeat(100_000)));
    }

    #[test]
    fn constants_are_shown() {
        let mut found = Vec::new();
        assert!(is_expression("%a + f(%`b c`)", &mut |name| found.push(name.to_owned())));
        assert_eq!(found, ["a", "b c"]);
    }
}
