//! Reads a constraint.

use super::{Cardinality, InvalidConstraint, Node, Refinement, Relation, Test, Wanted};
use crate::snomed::Scan;

type Parsed<T> = Result<T, InvalidConstraint>;

/// The longest text that is read, the deepest nesting, and the most dotted attributes, as each of them nests what stands before it.
const LONGEST: usize = 1 << 16;
const DEEPEST: usize = 40;
const MOST_DOTS: usize = 40;

/// The longest symbols first, as they begin alike.
const RELATIONS: [(&str, Relation); 10] = [
    ("!!>", Relation::Top),
    ("!!<", Relation::Bottom),
    ("<<!", Relation::ChildOrSelf),
    ("<<", Relation::DescendantOrSelf),
    ("<!", Relation::Child),
    ("<", Relation::Descendant),
    (">>!", Relation::ParentOrSelf),
    (">>", Relation::AncestorOrSelf),
    (">!", Relation::Parent),
    (">", Relation::Ancestor),
];

const DEEP: &str = "nested too deeply";

/// Reads a whole text.
pub(super) fn constraint(text: &str) -> Parsed<Node> {
    if text.len() > LONGEST {
        return Err(InvalidConstraint { at: LONGEST, problem: "too long for a constraint" });
    }
    let mut parser = Parser { scan: Scan::new(text), depth: 0, dots: 0 };
    let node = parser.expression()?;
    parser.scan.skip_blanks();
    if parser.scan.is_at_end() { Ok(node) } else { Err(parser.unexpected()) }
}

struct Parser<'t> {
    scan: Scan<'t>,
    depth: usize,
    /// Dotted attributes in the whole text. They are not counted along each branch, which keeps every branch short all the more.
    dots: usize,
}

impl Parser<'_> {
    fn expression(&mut self) -> Parsed<Node> {
        let first = self.operand()?;
        if self.scan.eat(":") {
            return Ok(Node::Refined(Box::new(first), Box::new(self.refinement(true)?)));
        }
        if self.scan.sees(".") {
            return self.dotted(first);
        }
        if self.conjunction() {
            let mut all = vec![first, self.operand()?];
            while self.conjunction() {
                all.push(self.operand()?);
            }
            return self.unmixed(Node::And(all));
        }
        if self.scan.eat_word("OR") {
            let mut all = vec![first, self.operand()?];
            while self.scan.eat_word("OR") {
                all.push(self.operand()?);
            }
            return self.unmixed(Node::Or(all));
        }
        if self.scan.eat_word("MINUS") {
            let without = self.operand()?;
            return self.unmixed(Node::Minus(Box::new(first), Box::new(without)));
        }
        Ok(first)
    }

    fn dotted(&mut self, mut node: Node) -> Parsed<Node> {
        while self.scan.eat(".") {
            self.dots += 1;
            if self.dots > MOST_DOTS {
                return Err(self.problem("too many dotted attributes"));
            }
            node = Node::Dotted(Box::new(node), Box::new(self.operand()?));
        }
        Ok(node)
    }

    /// `AND`, also written as a comma.
    fn conjunction(&mut self) -> bool {
        self.scan.eat(",") || self.scan.eat_word("AND")
    }

    /// Different connectives are put together by parentheses only.
    fn unmixed<T>(&mut self, node: T) -> Parsed<T> {
        let mut ahead = self.scan;
        let mixed = ahead.eat(",") || ["AND", "OR", "MINUS"].iter().any(|word| ahead.eat_word(word));
        if mixed { Err(self.problem("connectives are mixed without parentheses")) } else { Ok(node) }
    }

    /// A constraint without connective or refinement.
    fn operand(&mut self) -> Parsed<Node> {
        let relation = RELATIONS.iter().find(|(symbol, _)| self.scan.eat(symbol)).map(|(_, relation)| *relation);
        let is_membership = self.scan.eat("^");
        if is_membership && self.scan.sees("[") {
            return Err(self.problem("fields of reference sets are not supported"));
        }
        let focus = self.focus()?;
        if self.scan.sees("{{") {
            return Err(self.problem("filters and history in double braces are not supported"));
        }
        let node = if is_membership { Node::MemberOf(Box::new(focus)) } else { focus };
        Ok(match relation {
            Some(relation) => Node::Related(relation, Box::new(node)),
            None => node,
        })
    }

    fn focus(&mut self) -> Parsed<Node> {
        if self.scan.eat("*") {
            return Ok(Node::Any);
        }
        if self.scan.eat("(") {
            return self.nested(|parser| {
                let inner = parser.expression()?;
                parser.closed(")", inner)
            });
        }
        self.scan.concept().map(Node::Concept).ok_or_else(|| self.unexpected())
    }

    /// Attributes and, where they may stand, groups, with one kind of connective between.
    fn refinement(&mut self, with_groups: bool) -> Parsed<Refinement> {
        let first = self.refining(with_groups)?;
        if self.conjunction() {
            let mut all = vec![first, self.refining(with_groups)?];
            while self.conjunction() {
                all.push(self.refining(with_groups)?);
            }
            return self.unmixed(Refinement::And(all));
        }
        if self.scan.eat_word("OR") {
            let mut all = vec![first, self.refining(with_groups)?];
            while self.scan.eat_word("OR") {
                all.push(self.refining(with_groups)?);
            }
            return self.unmixed(Refinement::Or(all));
        }
        Ok(first)
    }

    fn refining(&mut self, with_groups: bool) -> Parsed<Refinement> {
        let cardinality = self.cardinality()?;
        if with_groups && self.scan.sees("{") {
            self.scan.eat("{");
            let group = self.nested(|parser| {
                let inner = parser.refinement(false)?;
                parser.closed("}", inner)
            })?;
            return Ok(Refinement::Group(cardinality.unwrap_or(Cardinality::SOME), Box::new(group)));
        }
        if cardinality.is_none() && self.scan.sees("(") && !self.names_attribute() {
            self.scan.eat("(");
            return self.nested(|parser| {
                let inner = parser.refinement(with_groups)?;
                parser.closed(")", inner)
            });
        }
        let is_reversed = self.reversal();
        if is_reversed && !with_groups {
            return Err(self.problem("a reversed attribute in a group is not supported"));
        }
        let name = self.operand()?;
        let is_negated = self.scan.eat("!=");
        if is_negated || self.scan.eat("=") {
            let value = if self.is_concrete() { Wanted::Concrete } else { Wanted::Concepts(self.operand()?) };
            let cardinality = cardinality.unwrap_or(Cardinality::SOME);
            return Ok(Refinement::Attribute(Test { cardinality, is_reversed, name, is_negated, value }));
        }
        let is_ordered = ["<=", ">=", "<", ">"].iter().any(|symbol| self.scan.eat(symbol));
        if is_ordered && self.scan.number().is_some() {
            let (cardinality, value) = (cardinality.unwrap_or(Cardinality::SOME), Wanted::Concrete);
            return Ok(Refinement::Attribute(Test { cardinality, is_reversed, name, is_negated, value }));
        }
        Err(self.unexpected())
    }

    /// Skips a number, a text or a truth value, if one is next.
    fn is_concrete(&mut self) -> bool {
        self.scan.number().is_some()
            || self.scan.quoted().is_some()
            || self.scan.eat_word("true")
            || self.scan.eat_word("false")
    }

    /// `R`, or in words `reverseOf`.
    fn reversal(&mut self) -> bool {
        self.scan.eat_word("R") || self.scan.eat_word("reverseOf")
    }

    /// Whether what stands between the parentheses here is the name of an attribute, because it is compared behind them. Each character
    /// is looked at once. Where a text or a comment has no end, there is nothing behind.
    fn names_attribute(&self) -> bool {
        let mut ahead = self.scan;
        let mut open = 0usize;
        loop {
            ahead.skip_blanks();
            match ahead.rest().chars().next() {
                None => return false,
                Some('(') => open += 1,
                Some(')') => open = open.saturating_sub(1),
                Some('"') if ahead.quoted().is_some() => continue,
                Some('"') => return false,
                Some('/') if ahead.rest().starts_with("/*") => return false,
                Some('0'..='9') => {
                    if ahead.concept().is_none() {
                        ahead.take_while(|character| character.is_ascii_digit());
                    }
                    continue;
                }
                Some(_) => {}
            }
            ahead.skip_character();
            if open == 0 {
                return ahead.sees("=") || ahead.sees("!=");
            }
        }
    }

    /// `[1..3]` or `[0..*]`.
    fn cardinality(&mut self) -> Parsed<Option<Cardinality>> {
        if !self.scan.eat("[") {
            return Ok(None);
        }
        let least = self.count()?;
        if !(self.scan.eat("..") || self.scan.eat_word("to")) {
            return Err(self.unexpected());
        }
        let most = if self.scan.eat("*") || self.scan.eat_word("many") { None } else { Some(self.count()?) };
        if most.is_some_and(|most| most < least) {
            return Err(self.problem("a cardinality whose end is before its beginning"));
        }
        self.closed("]", Some(Cardinality { least, most }))
    }

    fn count(&mut self) -> Parsed<usize> {
        self.scan.skip_blanks();
        let mut ahead = self.scan;
        let count = ahead.take_while(|character| character.is_ascii_digit()).parse().map_err(|_| self.unexpected())?;
        self.scan = ahead;
        Ok(count)
    }

    fn closed<T>(&mut self, symbol: &str, inner: T) -> Parsed<T> {
        if self.scan.eat(symbol) { Ok(inner) } else { Err(self.unexpected()) }
    }

    fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth >= DEEPEST {
            return Err(self.problem(DEEP));
        }
        self.depth += 1;
        let inner = read(self);
        self.depth -= 1;
        inner
    }

    fn unexpected(&self) -> InvalidConstraint {
        self.problem("something that is not expected there")
    }

    fn problem(&self, problem: &'static str) -> InvalidConstraint {
        let mut ahead = self.scan;
        ahead.skip_blanks();
        InvalidConstraint { at: ahead.at(), problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn problem(text: &str) -> (usize, &'static str) {
        let InvalidConstraint { at, problem } = constraint(text).unwrap_err();
        (at, problem)
    }

    #[test]
    fn each_form_is_read() {
        for text in [
            "*",
            "73211009 |Diabetes mellitus|",
            "<! 73211009",
            ">>! ( 73211009 OR 64572001 )",
            "^ 900000000000526001",
            "< ^ (< 64572001)",
            "!!> (<< 64572001)",
            "<< 64572001 AND << 128241005 , 73211009",
            "<< 64572001 minus << 128241005",
            "< 64572001 . 363698007 . 363698007",
            "< 64572001 : 363698007 = *",
            "< 64572001 : << 363698007 != << 10200004, R 116676008 = < 64572001",
            "< 64572001 : [0..0] 363698007 = *, [1..*] { [1..1] 363698007 = << 10200004 OR 116676008 = 20946005 }",
            "< 64572001 : (363698007 = << 10200004 OR 116676008 = 20946005), 363698007 = *",
            "< 64572001 : (363698007 OR 116676008) = 20946005",
            "< 64572001 : 363698007 = (<< 10200004 : 272741003 = 24028007)",
            "< 64572001 /* with = ) in it */ : 363698007 >= #250, 116676008 = \"a ) text\", 272741003 = TRUE",
        ] {
            assert!(constraint(text).is_ok(), "{text}: {:?}", constraint(text));
        }
    }

    #[test]
    fn what_is_refused_says_where_and_why() {
        assert_eq!(problem("<< 10200004 <<").0, 12);
        assert_eq!(problem("").0, 0);
        assert_eq!(problem("<< 10200005").0, 3);
        assert_eq!(problem("64572001 AND 10200004 OR 73211009"), (22, "connectives are mixed without parentheses"));
        assert_eq!(problem("64572001 MINUS 10200004 MINUS 73211009").0, 24);
        assert!(problem("< 64572001 {{ term = \"heart\" }}").1.contains("not supported"));
        assert!(problem("< 64572001 : [3..1] 363698007 = *").1.contains("cardinality"));
        assert_eq!(problem(&"(".repeat(100_000)).0, LONGEST);
        assert_eq!(problem(&"(".repeat(1_000)).1, DEEP);
        assert_eq!(problem(&format!("64572001:{}", "(".repeat(1_000))).1, DEEP);
        assert_eq!(problem(&vec!["*"; 32_000].join(".")).1, "too many dotted attributes");
        let nested = (0..DEEPEST).fold("*".to_owned(), |inner, _| format!("({inner}.*.*)"));
        assert_eq!(problem(&nested).1, "too many dotted attributes");
        // Looked at again at each character, these would not come to an end.
        for endless in ["1", "\"", "\\\"", "/*", "73211009|"] {
            let text = format!("64572001:{}{}", "(".repeat(38), endless.repeat(60_000 / endless.len()));
            assert!(constraint(&text).is_err(), "{endless}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "([<>!^*:=.,(){}\\[\\]|R#\"]|73211009|363698007|AND|OR|MINUS| ){0,40}") {
            if let Ok(node) = constraint(&text) {
                prop_assert_eq!(constraint(&format!("( {text} )")), Ok(node));
            }
        }
    }
}
