//! Reads conditions: ConditionExpression, FilterExpression and KeyConditionExpression.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>
//!
//! From loose to tight: OR, AND, NOT, then comparisons, BETWEEN and IN.

use super::lexer::TokenKind;
use super::parser::Parser;
use super::tree::{Comparator, Condition, Operand};
use super::{ExpressionError, Kind, Symbols};
use crate::service::dynamodb::value::AttributeValue;

/// AWS's order of them in its message.
const TYPE_NAMES: [&str; 10] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/// "The IN operator can have up to 100 operands."
const IN_OPERANDS_MAX: usize = 100;

pub fn parse(kind: Kind, text: &str, symbols: &mut Symbols) -> Result<Condition, ExpressionError> {
    let mut reader = Reader { parser: Parser::new(kind, text, symbols)? };
    let node = reader.joined(Tightness::Or)?;
    let condition = reader.condition(node)?;
    reader.parser.finish()?;
    Ok(condition)
}

struct Reader<'a> {
    parser: Parser<'a>,
}

/// How tightly a connective binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Or,
    And,
    Not,
}

/// Parentheses may hold either; only what follows tells which was meant.
enum Node {
    Condition(Condition),
    Operand(Operand),
}

impl Reader<'_> {
    /// Conditions joined by connectives that bind at least as tightly as `least`.
    ///
    /// One function for all levels, since every level of parentheses costs stack.
    fn joined(&mut self, least: Tightness) -> Result<Node, ExpressionError> {
        let mut left = if self.parser.accept_keyword("NOT") { self.negation()? } else { self.comparison()? };
        loop {
            let token = self.parser.peek();
            let (tightness, next) = if token.is_keyword("AND") {
                (Tightness::And, Tightness::Not)
            } else if token.is_keyword("OR") {
                (Tightness::Or, Tightness::And)
            } else {
                return Ok(left);
            };
            if tightness < least {
                return Ok(left);
            }
            let before = Box::new(self.condition(left)?);
            self.parser.advance();
            self.parser.count_operator();
            let right = self.joined(next)?;
            let right = Box::new(self.condition(right)?);
            left = Node::Condition(match tightness {
                Tightness::Or => Condition::Or(before, right),
                Tightness::And | Tightness::Not => Condition::And(before, right),
            });
        }
    }

    fn negation(&mut self) -> Result<Node, ExpressionError> {
        self.parser.count_operator();
        self.parser.enter()?;
        let inner = self.joined(Tightness::Not)?;
        self.parser.leave();
        Ok(Node::Condition(Condition::Not(Box::new(self.condition(inner)?))))
    }

    fn comparison(&mut self) -> Result<Node, ExpressionError> {
        let left = self.primary()?;
        let token = self.parser.peek();
        let comparator = if token.kind == TokenKind::Sign { Comparator::parse(token.text) } else { None };
        if let Some(comparator) = comparator {
            let left = self.operand(left)?;
            self.parser.advance();
            let right = self.primary()?;
            let right = self.operand(right)?;
            return Ok(Node::Condition(self.compare(comparator, left, right)));
        }
        if token.is_keyword("BETWEEN") {
            let value = self.operand(left)?;
            self.parser.advance();
            return self.between(value);
        }
        if token.is_keyword("IN") {
            let value = self.operand(left)?;
            self.parser.advance();
            return self.in_list(value);
        }
        Ok(left)
    }

    fn compare(&mut self, comparator: Comparator, left: Operand, right: Operand) -> Condition {
        self.parser.count_operator();
        for operand in [&left, &right] {
            if let Operand::Value(value) = operand
                && comparator.needs_order()
                && !value.is_ordered()
            {
                self.parser.complain_of_type(comparator.sign(), value);
            }
        }
        self.check_distinct(comparator.sign(), &left, &right);
        Condition::Compare(comparator, left, right)
    }

    fn check_distinct(&mut self, operator: &str, first: &Operand, second: &Operand) {
        if let (Operand::Path(path), true) = (first, first == second) {
            self.parser.complain(format_args!(
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: {operator}, first operand: {path}"
            ));
        }
    }

    fn between(&mut self, value: Operand) -> Result<Node, ExpressionError> {
        self.parser.count_operator();
        let low = self.primary()?;
        let low = self.operand(low)?;
        if !self.parser.accept_keyword("AND") {
            return Err(self.parser.syntax_error());
        }
        let high = self.primary()?;
        let high = self.operand(high)?;
        for operand in [&value, &low, &high] {
            if let Operand::Value(value) = operand
                && !value.is_ordered()
            {
                self.parser.complain_of_type("BETWEEN", value);
            }
        }
        self.check_distinct("BETWEEN", &value, &low);
        self.check_distinct("BETWEEN", &value, &high);
        if let (Operand::Value(low), Operand::Value(high)) = (&low, &high) {
            self.check_bounds(low, high);
        }
        Ok(Node::Condition(Condition::Between { value, low, high }))
    }

    fn check_bounds(&mut self, low: &AttributeValue, high: &AttributeValue) {
        let requirement = match low.compare(high) {
            None => "same data type for lower and upper bounds",
            Some(order) if order.is_gt() => "upper bound to be greater than or equal to lower bound",
            Some(_) => return,
        };
        self.parser.complain(format_args!(
            "The BETWEEN operator requires {requirement}; lower bound operand: {}, upper bound operand: {}",
            shown(low),
            shown(high)
        ));
    }

    fn in_list(&mut self, value: Operand) -> Result<Node, ExpressionError> {
        self.parser.count_operator();
        self.parser.expect_sign("(")?;
        let list = self.operands()?;
        if list.len() > IN_OPERANDS_MAX {
            self.parser.complain(format_args!(
                "The IN operator is provided with too many operands; number of operands: {}",
                list.len()
            ));
        }
        for one in &list {
            self.check_distinct("IN", &value, one);
        }
        Ok(Node::Condition(Condition::In(value, list)))
    }

    /// Operands between commas, and the parenthesis that closes them.
    fn operands(&mut self) -> Result<Vec<Operand>, ExpressionError> {
        let mut operands = Vec::new();
        loop {
            let node = self.primary()?;
            operands.push(self.operand(node)?);
            if !self.parser.accept_sign(",") {
                self.parser.expect_sign(")")?;
                return Ok(operands);
            }
        }
    }

    fn primary(&mut self) -> Result<Node, ExpressionError> {
        let token = self.parser.peek();
        if token.is_sign("(") {
            return self.parentheses();
        }
        if token.kind == TokenKind::Value {
            return Ok(Node::Operand(Operand::Value(self.parser.value()?)));
        }
        if token.kind == TokenKind::Word && self.parser.at_path() && self.parser.peek_second().is_sign("(") {
            return self.function(token.text);
        }
        Ok(Node::Operand(Operand::Path(self.parser.path()?)))
    }

    fn parentheses(&mut self) -> Result<Node, ExpressionError> {
        let open = self.parser.open()?;
        let node = self.joined(Tightness::Or)?;
        self.parser.close(open)?;
        Ok(node)
    }

    fn function(&mut self, name: &str) -> Result<Node, ExpressionError> {
        let arity = match name {
            "attribute_exists" | "attribute_not_exists" | "size" => 1,
            "attribute_type" | "begins_with" | "contains" => 2,
            "if_not_exists" | "list_append" => {
                let detail = format!("The function is not allowed in a condition expression; function: {name}");
                return Err(self.parser.error(detail));
            }
            _ => return Err(self.parser.error(format_args!("Invalid function name; function: {name}"))),
        };
        self.parser.count_operator();
        self.parser.advance();
        self.parser.advance();
        self.parser.enter()?;
        let operands = self.operands()?;
        self.parser.leave();
        if operands.len() != arity {
            return Err(self.parser.error(format_args!(
                "Incorrect number of operands for operator or function; operator or function: {name}, \
                 number of operands: {}",
                operands.len()
            )));
        }
        let mut operands = operands.into_iter();
        let first = operands.next().expect("every function has an operand");
        match (name, operands.next()) {
            ("begins_with", Some(second)) => Ok(Node::Condition(self.begins_with(first, second))),
            ("contains", Some(second)) => {
                self.check_distinct("contains", &first, &second);
                Ok(Node::Condition(Condition::Contains(first, second)))
            }
            (name, second) => self.path_function(name, first, second),
        }
    }

    /// The functions whose first operand must be a path.
    fn path_function(&mut self, name: &str, first: Operand, second: Option<Operand>) -> Result<Node, ExpressionError> {
        let Operand::Path(path) = first else {
            return Err(self
                .parser
                .error(format_args!("Operator or function requires a document path; operator or function: {name}")));
        };
        Ok(match (name, second) {
            ("attribute_exists", _) => Node::Condition(Condition::AttributeExists(path)),
            ("attribute_not_exists", _) => Node::Condition(Condition::AttributeNotExists(path)),
            ("attribute_type", Some(second)) => {
                let name = self.type_name(&second)?;
                Node::Condition(Condition::AttributeType(path, name))
            }
            _ => Node::Operand(Operand::Size(path)),
        })
    }

    fn begins_with(&mut self, first: Operand, second: Operand) -> Condition {
        for operand in [&first, &second] {
            if let Operand::Value(value) = operand
                && !matches!(value, AttributeValue::S(_) | AttributeValue::B(_))
            {
                self.parser.complain_of_type("begins_with", value);
            }
        }
        self.check_distinct("begins_with", &first, &second);
        Condition::BeginsWith(first, second)
    }

    /// The second operand of `attribute_type`: a value that names a type.
    fn type_name(&mut self, operand: &Operand) -> Result<String, ExpressionError> {
        let Operand::Value(value) = operand else { return Err(self.parser.syntax_error()) };
        let AttributeValue::S(name) = value else {
            self.parser.complain_of_type("attribute_type", value);
            return Ok(String::new());
        };
        if !TYPE_NAMES.contains(&name.as_str()) {
            self.parser.complain(format_args!(
                "Invalid attribute type name found; type: {name}, valid types: {{{}}}",
                TYPE_NAMES.join(",")
            ));
        }
        Ok(name.clone())
    }

    fn condition(&self, node: Node) -> Result<Condition, ExpressionError> {
        match node {
            Node::Condition(condition) => Ok(condition),
            Node::Operand(Operand::Size(_)) => Err(self.misplaced("size")),
            Node::Operand(_) => Err(self.parser.syntax_error()),
        }
    }

    fn operand(&self, node: Node) -> Result<Operand, ExpressionError> {
        let function = match node {
            Node::Operand(operand) => return Ok(operand),
            Node::Condition(Condition::AttributeExists(_)) => "attribute_exists",
            Node::Condition(Condition::AttributeNotExists(_)) => "attribute_not_exists",
            Node::Condition(Condition::AttributeType(..)) => "attribute_type",
            Node::Condition(Condition::BeginsWith(..)) => "begins_with",
            Node::Condition(Condition::Contains(..)) => "contains",
            Node::Condition(_) => return Err(self.parser.syntax_error()),
        };
        Err(self.misplaced(function))
    }

    fn misplaced(&self, function: &str) -> ExpressionError {
        self.parser.error(format_args!(
            "The function is not allowed to be used this way in an expression; function: {function}"
        ))
    }
}

/// As AWS shows the bounds of BETWEEN: `AttributeValue: {N:5}`.
fn shown(value: &AttributeValue) -> String {
    let text = match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(number) => number.to_string(),
        AttributeValue::B(bytes) => format!("{} bytes", bytes.len()),
        _ => String::new(),
    };
    format!("AttributeValue: {{{}:{text}}}", value.type_name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::dynamodb::attribute_json::{self, GivenItem};

    fn symbols() -> Symbols {
        let values: GivenItem =
            serde_json::from_str(r#"{":n":{"N":"5"},":m":{"N":"1"},":s":{"S":"a"},":l":{"L":[]},":t":{"S":"X"}}"#)
                .unwrap();
        Symbols::new([("#n".to_owned(), "name".to_owned())].into(), attribute_json::item(values).unwrap())
    }

    #[test]
    fn mistakes_are_told_in_awss_words() {
        for (text, detail) in [
            ("", "The expression can not be empty;"),
            ("a", r#"Syntax error; token: "<EOF>", near: "a""#),
            ("a = ", r#"Syntax error; token: "<EOF>", near: "=""#),
            ("a = :n b", r#"Syntax error; token: "b", near: ":n b""#),
            ("a == :n", r#"Syntax error; token: "=", near: "== :n""#),
            ("a ! :n", r#"Syntax error; token: "!", near: "a ! :n""#),
            ("(a = :n", r#"Syntax error; token: "<EOF>", near: ":n""#),
            ("a = :n AND", r#"Syntax error; token: "<EOF>", near: "AND""#),
            ("_a = :n", r#"Syntax error; token: "_a", near: "_a =""#),
            ("a[b] = :n", r#"Syntax error; token: "b", near: "[b]""#),
            ("name = :n", "Attribute name is a reserved keyword; reserved keyword: name"),
            ("a.Status = :n", "Attribute name is a reserved keyword; reserved keyword: Status"),
            ("#x = :n", "An expression attribute name used in the document path is not defined; attribute name: #x"),
            ("a = :x", "An expression attribute value used in expression is not defined; attribute value: :x"),
            // Syntax comes first.
            ("name = :x AND", r#"Syntax error; token: "<EOF>", near: "AND""#),
            ("foo(a)", "Invalid function name; function: foo"),
            ("if_not_exists(a, :n)", "The function is not allowed in a condition expression; function: if_not_exists"),
            (
                "attribute_exists(:n)",
                "Operator or function requires a document path; operator or function: attribute_exists",
            ),
            (
                "size(a, b) = :n",
                "Incorrect number of operands for operator or function; operator or function: size, \
                 number of operands: 2",
            ),
            ("size(a)", "The function is not allowed to be used this way in an expression; function: size"),
            (
                "contains(a, :s) = :n",
                "The function is not allowed to be used this way in an expression; function: contains",
            ),
            (
                "begins_with(a, :n)",
                "Incorrect operand type for operator or function; operator or function: begins_with, operand type: N",
            ),
            ("a < :l", "Incorrect operand type for operator or function; operator or function: <, operand type: L"),
            (
                "a = a",
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: =, first operand: [a]",
            ),
            (
                "contains(a.b[0], a.b[0])",
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: contains, first operand: [a, b, [0]]",
            ),
            (
                "a BETWEEN :n AND :m",
                "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound \
                 operand: AttributeValue: {N:5}, upper bound operand: AttributeValue: {N:1}",
            ),
            (
                "a BETWEEN :n AND :s",
                "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: \
                 AttributeValue: {N:5}, upper bound operand: AttributeValue: {S:a}",
            ),
            (
                "attribute_type(a, :t)",
                "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
            ),
            (
                "a IN (:n, a)",
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: IN, first operand: [a]",
            ),
            (
                "a BETWEEN :n AND a",
                "The first operand must be distinct from the remaining operands for this operator or function; \
                 operator: BETWEEN, first operand: [a]",
            ),
            ("((a = :n))", "The expression has redundant parentheses;"),
            ("a = :n AND ((b = :n) )", "The expression has redundant parentheses;"),
        ] {
            let error = parse(Kind::Condition, text, &mut symbols()).unwrap_err();
            assert_eq!(error.0, format!("Invalid ConditionExpression: {detail}"), "{text}");
        }
    }

    #[test]
    fn what_looks_odd_but_is_right_is_read() {
        for text in [
            "a=:n",
            "(a = :n)",
            "(a = :n) AND (b = :n)",
            "((a = :n) OR b = :n) and not c = :n",
            "NOT NOT a = :n",
            "(a) = :n",
            "#n = :n",
            ":n = a",
            "a IN (:n, :s, b)",
            "a between :m and :n or size(b[0].c) >= :n",
        ] {
            parse(Kind::Filter, text, &mut symbols()).unwrap_or_else(|error| panic!("{text}: {error:?}"));
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic_or_overflow() {
        for text in ["(".repeat(4096), "NOT ".repeat(1000), "a[".repeat(2000), "size(".repeat(800), "é".repeat(9)] {
            assert!(parse(Kind::Condition, &text, &mut symbols()).is_err());
        }
    }

    proptest::proptest! {
        #[test]
        fn any_tokens_are_read_or_refused(words in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", "#n", ":n", ":s", "(", ")", "AND", "OR", "NOT", "=", "<", "BETWEEN", "IN", ",", ".", "[", "0", "]",
                "size", "contains", "SET", "REMOVE", "ADD", "+", "if_not_exists", "é",
            ]), 0..20)) {
            let text = words.join(" ");
            let _ = parse(Kind::Condition, &text, &mut symbols());
            let _ = super::super::update::parse(&text, &mut symbols());
            let _ = super::super::projection::parse(&text, &mut symbols());
            let _ = super::super::key_condition::parse(&text, &mut symbols());
        }
    }
}
