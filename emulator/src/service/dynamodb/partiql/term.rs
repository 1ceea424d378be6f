//! Reads expressions: operators by how tightly they bind, and terms.
//!
//! From loose to tight: OR, AND, NOT, equality (`=`, `<>`, IS, IN, LIKE), order (`<`, BETWEEN), `||`, `+`, `*`.

use super::keywords::{is_function, is_operator};
use super::lexer::{TokenKind, not_well_formed};
use super::parser::{Parser, placed};
use super::tree::{Expression, Kind, Position};
use crate::service::dynamodb::expression::ExpressionError;

/// How tightly NOT binds what follows it.
const NOT: u8 = 3;

/// The types that IS may name, with how AWS's dialect writes them.
const TYPES: [&str; 29] = [
    "NULL",
    "MISSING",
    "BOOL",
    "BOOLEAN",
    "SMALLINT",
    "INT",
    "INT2",
    "INT4",
    "INT8",
    "INTEGER",
    "FLOAT",
    "REAL",
    "DECIMAL",
    "NUMERIC",
    "TIMESTAMP",
    "DATE",
    "TIME",
    "CHAR",
    "CHARACTER",
    "VARCHAR",
    "STRING",
    "SYMBOL",
    "CLOB",
    "BLOB",
    "STRUCT",
    "TUPLE",
    "LIST",
    "SEXP",
    "BAG",
];

/// An operator between two expressions: its name, whether NOT stood before it, and how tightly it binds.
struct Operator {
    name: String,
    negated: bool,
    tightness: u8,
    at: Position,
}

impl Parser {
    pub fn expression(&mut self) -> Result<Expression, ExpressionError> {
        self.joined(0)
    }

    /// Terms joined by operators that bind more tightly than `least`.
    fn joined(&mut self, least: u8) -> Result<Expression, ExpressionError> {
        self.enter()?;
        let mut left = self.unary()?;
        while let Some(operator) = self.operator().filter(|operator| operator.tightness > least) {
            self.count_operator()?;
            self.advance();
            if operator.negated {
                self.advance();
            }
            let found = self.right_side(&operator, left)?;
            left = if operator.negated { placed(Kind::Not(Box::new(found)), operator.at) } else { found };
        }
        self.leave();
        Ok(left)
    }

    fn right_side(&mut self, operator: &Operator, left: Expression) -> Result<Expression, ExpressionError> {
        let at = operator.at;
        let left = Box::new(left);
        match operator.name.as_str() {
            "IS" => {
                let negated = self.accept_keyword("NOT");
                let found = placed(Kind::Is(left, self.type_name()?), at);
                return Ok(if negated { placed(Kind::Not(Box::new(found)), at) } else { found });
            }
            "BETWEEN" => {
                let low = self.operand(operator)?;
                if !self.accept_keyword("AND") {
                    return Err(not_well_formed("Expected AND after BETWEEN"));
                }
                let high = self.operand(operator)?;
                return Ok(placed(Kind::Between(Box::new([*left, low, high])), at));
            }
            "IN" if self.peek().is_sign("(") => {
                let start = self.advance().at;
                let list = self.listed(")", "RIGHT_PAREN")?;
                let list = placed(Kind::List(list), start);
                return Ok(placed(Kind::Infix("IN".to_owned(), left, Box::new(list)), at));
            }
            _ => {}
        }
        let right = self.operand(operator)?;
        Ok(placed(Kind::Infix(operator.name.clone(), left, Box::new(right)), at))
    }

    fn operand(&mut self, operator: &Operator) -> Result<Expression, ExpressionError> {
        if self.peek().is_end() {
            return Err(not_well_formed("Missing right-hand side expression of infix operator"));
        }
        self.joined(operator.tightness)
    }

    /// The operator that is next, if one is.
    fn operator(&self) -> Option<Operator> {
        let token = self.peek();
        let negated = token.is_keyword("NOT");
        let (word, at) = (if negated { self.peek_second() } else { token }, token.at);
        let name = word.text.to_ascii_uppercase();
        let tightness = match (word.kind.clone(), name.as_str()) {
            (TokenKind::Keyword, "IN" | "LIKE") => 4,
            (TokenKind::Keyword, "BETWEEN") => 5,
            _ if negated => return None,
            (TokenKind::Keyword, "OR") => 1,
            (TokenKind::Keyword, "AND") => 2,
            (TokenKind::Keyword, "IS") | (TokenKind::Sign, "=" | "<>" | "!=") => 4,
            (TokenKind::Sign, "<" | "<=" | ">" | ">=") => 5,
            (TokenKind::Sign, "||") => 6,
            (TokenKind::Sign, "+" | "-") => 7,
            (TokenKind::Sign, "*" | "/" | "%") => 8,
            _ => return None,
        };
        let name = if name == "!=" { "<>".to_owned() } else { name };
        Some(Operator { name, negated, tightness, at })
    }

    fn type_name(&mut self) -> Result<String, ExpressionError> {
        let name = self.peek().text.to_ascii_uppercase();
        let word = matches!(self.peek().kind, TokenKind::Keyword | TokenKind::Name);
        if word && name == "DOUBLE" && self.peek_second().is_word("PRECISION") {
            self.advance();
        } else if !word || !TYPES.contains(&name.as_str()) {
            return Err(not_well_formed("Expected type name"));
        }
        self.advance();
        if name == "CHARACTER" && self.peek().is_word("VARYING") {
            self.advance();
        }
        Ok(name)
    }

    fn unary(&mut self) -> Result<Expression, ExpressionError> {
        let at = self.peek().at;
        if self.accept_keyword("NOT") {
            let inner = self.joined(NOT)?;
            return Ok(placed(Kind::Not(Box::new(inner)), at));
        }
        let sign = self.peek().text.clone();
        if !self.peek().is_sign("-") && !self.peek().is_sign("+") {
            return self.term();
        }
        self.advance();
        self.enter()?;
        let inner = self.unary()?;
        self.leave();
        match (inner.kind, sign.as_str()) {
            (Kind::Number(digits), "-") => {
                let number = digits.strip_prefix('-').map_or_else(|| format!("-{digits}"), str::to_owned);
                Ok(placed(Kind::Number(number), at))
            }
            (Kind::Number(digits), _) => Ok(placed(Kind::Number(digits), at)),
            (kind, _) => {
                let (zero, inner) = (placed(Kind::Number("0".to_owned()), at), placed(kind, inner.at));
                Ok(placed(Kind::Infix(sign, Box::new(zero), Box::new(inner)), at))
            }
        }
    }

    fn term(&mut self) -> Result<Expression, ExpressionError> {
        let token = self.peek().clone();
        let kind = match token.kind {
            TokenKind::Name | TokenKind::QuotedName if self.peek_second().is_sign("(") => return self.call(),
            TokenKind::Name | TokenKind::QuotedName => return self.path(),
            TokenKind::Keyword => return self.keyword_term(),
            TokenKind::Sign => return self.bracketed(),
            TokenKind::End => return Err(not_well_formed("Unexpected term")),
            TokenKind::Text => Kind::Text(token.text),
            TokenKind::Number => Kind::Number(token.text),
            TokenKind::Parameter => Kind::Parameter(self.parameter()),
        };
        self.advance();
        Ok(placed(kind, token.at))
    }

    fn keyword_term(&mut self) -> Result<Expression, ExpressionError> {
        let token = self.peek().clone();
        if is_operator(&token.text) {
            return Err(not_well_formed("Unexpected operator"));
        }
        if is_function(&token.text) && self.peek_second().is_sign("(") {
            return self.call();
        }
        let kind = match token.text.to_ascii_uppercase().as_str() {
            "NULL" => Kind::Null,
            "MISSING" => Kind::Missing,
            "TRUE" => Kind::Boolean(true),
            "FALSE" => Kind::Boolean(false),
            "SELECT" => {
                let select = self.select()?;
                return Ok(placed(Kind::Select(Box::new(select)), token.at));
            }
            // An expression that begins with FROM ends in SET or REMOVE; anywhere but at the start, that is no value.
            "FROM" => {
                self.from_first()?;
                return Err(not_well_formed("Unexpected term"));
            }
            _ => return Err(not_well_formed("Unexpected keyword")),
        };
        self.advance();
        Ok(placed(kind, token.at))
    }

    fn call(&mut self) -> Result<Expression, ExpressionError> {
        let name = self.advance();
        self.advance();
        let arguments = self.listed(")", "RIGHT_PAREN")?;
        Ok(placed(Kind::Call(name.text.to_ascii_lowercase(), arguments), name.at))
    }

    fn bracketed(&mut self) -> Result<Expression, ExpressionError> {
        let sign = self.peek().clone();
        match sign.text.as_str() {
            "(" => {
                self.advance();
                let mut inner = self.listed(")", "RIGHT_PAREN")?;
                if inner.len() == 1 {
                    return Ok(inner.remove(0));
                }
                Ok(placed(Kind::List(inner), sign.at))
            }
            "[" => {
                self.advance();
                let inner = self.listed("]", "RIGHT_BRACKET")?;
                Ok(placed(Kind::List(inner), sign.at))
            }
            "<<" => {
                self.advance();
                let inner = self.listed(">>", "RIGHT_DOUBLE_ANGLE_BRACKET")?;
                Ok(placed(Kind::Bag(inner), sign.at))
            }
            "{" => self.map(),
            "=" | "<>" | "!=" | "<" | "<=" | ">" | ">=" | "||" | "/" | "%" => {
                Err(not_well_formed("Unexpected operator"))
            }
            _ => Err(not_well_formed("Unexpected term")),
        }
    }

    /// Expressions with commas between them up to the closing sign; the opening one is behind.
    fn listed(&mut self, closing: &str, name: &str) -> Result<Vec<Expression>, ExpressionError> {
        let mut listed = Vec::new();
        if self.accept_sign(closing) {
            return Ok(listed);
        }
        loop {
            if self.peek().is_sign("*") {
                listed.push(placed(Kind::Star, self.advance().at));
            } else {
                listed.push(self.expression()?);
            }
            if !self.accept_sign(",") {
                self.expect_sign(closing, name)?;
                return Ok(listed);
            }
        }
    }

    fn map(&mut self) -> Result<Expression, ExpressionError> {
        let at = self.advance().at;
        let mut fields = Vec::new();
        if self.accept_sign("}") {
            return Ok(placed(Kind::Map(fields), at));
        }
        loop {
            let name = self.expression()?;
            self.expect_sign(":", "COLON")?;
            fields.push((name, self.expression()?));
            if !self.accept_sign(",") {
                self.expect_sign("}", "RIGHT_CURLY")?;
                return Ok(placed(Kind::Map(fields), at));
            }
        }
    }
}
