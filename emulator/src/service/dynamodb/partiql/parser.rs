//! The tokens of a statement in order, and AWS's words for what does not belong there.

use super::lexer::{Token, TokenKind, not_well_formed, tokens};
use super::tree::{Expression, Kind, Position, Step};
use crate::service::dynamodb::expression::ExpressionError;

/// How deep expressions may nest. AWS's bound is not known; this one keeps the stack of a 2 MB thread.
const DEPTH_MAX: usize = 100;

/// "The maximum number of operators or functions allowed in an UpdateExpression is 300"; that it holds here, too, is
/// assumed.
const OPERATORS_MAX: usize = 300;

pub struct Parser {
    tokens: Vec<Token>,
    at: usize,
    pub parameters: usize,
    depth: usize,
    operators: usize,
}

impl Parser {
    pub fn new(text: &str) -> Result<Self, ExpressionError> {
        Ok(Self { tokens: tokens(text)?, at: 0, parameters: 0, depth: 0, operators: 0 })
    }

    /// The next token. The end repeats.
    pub fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    pub fn peek_second(&self) -> &Token {
        &self.tokens[(self.at + 1).min(self.tokens.len() - 1)]
    }

    pub fn advance(&mut self) -> Token {
        let token = self.peek().clone();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    pub fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_keyword(keyword);
        if found {
            self.advance();
        }
        found
    }

    pub fn accept_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    pub fn expect_keyword(&mut self, keyword: &str) -> Result<(), ExpressionError> {
        if self.accept_keyword(keyword) { Ok(()) } else { Err(not_well_formed(&format!("Expected {keyword}"))) }
    }

    /// `name` is the sign's, as AWS calls it: `RIGHT_PAREN`.
    pub fn expect_sign(&mut self, sign: &str, name: &str) -> Result<(), ExpressionError> {
        if self.accept_sign(sign) { Ok(()) } else { Err(not_well_formed(&format!("Expected {name}"))) }
    }

    /// The statement must end here, maybe with a semicolon.
    pub fn finish(&mut self) -> Result<(), ExpressionError> {
        self.accept_sign(";");
        if self.peek().is_end() { Ok(()) } else { Err(not_well_formed("Unexpected token after expression")) }
    }

    /// Goes one level deeper; `leave` comes back.
    pub fn enter(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX { Err(not_well_formed("Expression nests too deep")) } else { Ok(()) }
    }

    pub fn count_operator(&mut self) -> Result<(), ExpressionError> {
        self.operators += 1;
        if self.operators <= OPERATORS_MAX {
            return Ok(());
        }
        Err(ExpressionError(format!("The expression contains too many operators; operator count: {}", self.operators)))
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    pub fn at_name(&self) -> bool {
        matches!(self.peek().kind, TokenKind::Name | TokenKind::QuotedName)
    }

    /// Where a path must stand: a table, what is set, what is removed.
    pub fn simple_path(&mut self) -> Result<Expression, ExpressionError> {
        if !self.at_name() {
            return Err(not_well_formed("Expected identifier for simple path"));
        }
        self.path()
    }

    /// `a.b[0]."c"`; the caller saw the name.
    pub fn path(&mut self) -> Result<Expression, ExpressionError> {
        let name = self.advance();
        let mut steps = Vec::new();
        loop {
            if self.accept_sign(".") {
                if !self.at_name() {
                    return Err(not_well_formed("Invalid path dot component"));
                }
                steps.push(Step::Field(self.advance().text));
            } else if self.accept_sign("[") {
                self.enter()?;
                let index = self.expression()?;
                self.leave();
                self.expect_sign("]", "RIGHT_BRACKET")?;
                steps.push(Step::Index(index));
            } else {
                return Ok(Expression { kind: Kind::Path(name.text, steps), at: name.at });
            }
        }
    }

    /// The index of the next parameter.
    pub fn parameter(&mut self) -> usize {
        self.parameters += 1;
        self.parameters - 1
    }
}

/// An expression at a place.
pub fn placed(kind: Kind, at: Position) -> Expression {
    Expression { kind, at }
}
