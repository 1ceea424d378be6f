//! What all expressions share: tokens in order, paths, values, and AWS's words for mistakes.
//!
//! A mistake of syntax ends the reading. Any other (a reserved word, a value not
//! defined) is kept and told at the end, since AWS tells mistakes of syntax first.

use super::lexer::{Token, TokenKind, tokens};
use super::tree::{Element, Path};
use super::{ExpressionError, Kind, Symbols, reserved};
use crate::service::dynamodb::value::AttributeValue;

/// "The maximum length of any expression string is 4 KB."
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-expression-parameters>
const EXPRESSION_BYTES_MAX: usize = 4096;

/// "The maximum number of operators or functions allowed in an UpdateExpression
/// is 300", and it holds for the others, too.
const OPERATORS_MAX: usize = 300;

/// How deep parentheses, NOT and functions may nest. AWS's bound is not
/// documented; this one keeps the stack of a 2 MB thread.
const DEPTH_MAX: usize = 150;

pub struct Parser<'a> {
    kind: Kind,
    text: &'a str,
    tokens: Vec<Token<'a>>,
    at: usize,
    symbols: &'a mut Symbols,
    /// The first mistake that is not one of syntax.
    complaint: Option<ExpressionError>,
    operators: usize,
    depth: usize,
    /// The positions of the parentheses that were closed last.
    closed: Option<(usize, usize)>,
}

impl<'a> Parser<'a> {
    pub fn new(kind: Kind, text: &'a str, symbols: &'a mut Symbols) -> Result<Self, ExpressionError> {
        if text.trim_ascii().is_empty() {
            return Err(ExpressionError(format!("Invalid {kind}: The expression can not be empty;")));
        }
        if text.len() > EXPRESSION_BYTES_MAX {
            // Of an update, AWS does not tell the size (as callers report).
            let size = if kind == Kind::Update { String::new() } else { format!(" expression size: {}", text.len()) };
            return Err(ExpressionError(format!(
                "Invalid {kind}: Expression size has exceeded the maximum allowed size;{size}"
            )));
        }
        let tokens = tokens(text);
        Ok(Self { kind, text, tokens, at: 0, symbols, complaint: None, operators: 0, depth: 0, closed: None })
    }

    /// The end must be here. Tells the mistake that was kept, if any.
    pub fn finish(mut self) -> Result<(), ExpressionError> {
        if self.peek().kind != TokenKind::End {
            return Err(self.syntax_error());
        }
        if self.operators > OPERATORS_MAX {
            let count = self.operators;
            self.complain(format!("The expression contains too many operators; operator count: {count}"));
        }
        self.complaint.map_or(Ok(()), Err)
    }

    /// Keeps a mistake that is not one of syntax, unless there was one before.
    pub fn complain(&mut self, detail: impl std::fmt::Display) {
        if self.complaint.is_none() {
            self.complaint = Some(self.error(detail));
        }
    }

    pub fn error(&self, detail: impl std::fmt::Display) -> ExpressionError {
        ExpressionError(format!("Invalid {}: {detail}", self.kind))
    }

    /// A mistake of syntax at the token that is next.
    pub fn syntax_error(&self) -> ExpressionError {
        let token = self.peek();
        let from = self.at.checked_sub(1).map_or(token.start, |before| self.tokens[before].start);
        let to = self.tokens.get(self.at + 1).map_or(token.end, |after| after.end);
        let near = self.text[from..to].trim();
        self.error(format_args!("Syntax error; token: \"{}\", near: \"{near}\"", token.text))
    }

    /// The next token. The end repeats.
    pub fn peek(&self) -> Token<'a> {
        self.tokens[self.at]
    }

    pub fn peek_second(&self) -> Token<'a> {
        self.tokens[(self.at + 1).min(self.tokens.len() - 1)]
    }

    pub fn advance(&mut self) -> Token<'a> {
        let token = self.peek();
        self.at = (self.at + 1).min(self.tokens.len() - 1);
        token
    }

    pub fn accept_sign(&mut self, sign: &str) -> bool {
        let found = self.peek().is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    pub fn accept_keyword(&mut self, keyword: &str) -> bool {
        let found = self.peek().is_keyword(keyword);
        if found {
            self.advance();
        }
        found
    }

    pub fn expect_sign(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.accept_sign(sign) { Ok(()) } else { Err(self.syntax_error()) }
    }

    pub fn count_operator(&mut self) {
        self.operators += 1;
    }

    /// Goes one level deeper; `leave` comes back.
    pub fn enter(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(
                self.error(format_args!("The expression contains too many operators; operator count: {}", self.depth))
            );
        }
        Ok(())
    }

    pub fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Reads an opening parenthesis, and tells where it stands.
    pub fn open(&mut self) -> Result<usize, ExpressionError> {
        let open = self.at;
        self.expect_sign("(")?;
        self.enter()?;
        Ok(open)
    }

    /// Reads the parenthesis that closes the one at `open`. A pair right inside another is one too many.
    pub fn close(&mut self, open: usize) -> Result<(), ExpressionError> {
        self.leave();
        let close = self.at;
        self.expect_sign(")")?;
        if self.closed == Some((open + 1, close - 1)) {
            self.complain("The expression has redundant parentheses;");
        }
        self.closed = Some((open, close));
        Ok(())
    }

    /// Whether the next token begins a path rather than a keyword of this grammar.
    pub fn at_path(&self) -> bool {
        let token = self.peek();
        match token.kind {
            TokenKind::Name => true,
            TokenKind::Word => !self.keywords().iter().any(|keyword| token.is_keyword(keyword)),
            _ => false,
        }
    }

    fn keywords(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Condition | Kind::Filter | Kind::KeyCondition => &["AND", "OR", "NOT", "BETWEEN", "IN"],
            Kind::Update => &["SET", "REMOVE", "ADD", "DELETE"],
            Kind::Projection => &[],
        }
    }

    /// `a.#b[0].c`
    pub fn path(&mut self) -> Result<Path, ExpressionError> {
        if !self.at_path() {
            return Err(self.syntax_error());
        }
        let mut elements = vec![self.field()?];
        loop {
            if self.accept_sign(".") {
                elements.push(self.field()?);
            } else if self.accept_sign("[") {
                elements.push(self.index()?);
                self.expect_sign("]")?;
            } else {
                return Ok(Path(elements));
            }
        }
    }

    fn field(&mut self) -> Result<Element, ExpressionError> {
        let token = self.peek();
        match token.kind {
            TokenKind::Word => {
                if reserved::is_reserved(token.text) {
                    self.complain(format_args!(
                        "Attribute name is a reserved keyword; reserved keyword: {}",
                        token.text
                    ));
                }
                self.advance();
                Ok(Element::Field(token.text.to_owned()))
            }
            TokenKind::Name => {
                self.advance();
                let name = self.symbols.name(token.text);
                if name.is_none() {
                    self.complain(format_args!(
                        "An expression attribute name used in the document path is not defined; attribute name: {}",
                        token.text
                    ));
                }
                Ok(Element::Field(name.unwrap_or_else(|| token.text.to_owned())))
            }
            _ => Err(self.syntax_error()),
        }
    }

    /// "List index is not within the allowable range" is AWS's bound of an index; the number in it is assumed.
    fn index(&mut self) -> Result<Element, ExpressionError> {
        let token = self.peek();
        if token.kind != TokenKind::Digits {
            return Err(self.syntax_error());
        }
        self.advance();
        let index = token.text.parse().ok().filter(|index| *index < 100_000_000);
        if index.is_none() {
            self.complain(format_args!("List index is not within the allowable range; index: [{}]", token.text));
        }
        Ok(Element::Index(index.unwrap_or(0)))
    }

    /// `:value`, or AWS's null in its place where it is not defined.
    pub fn value(&mut self) -> Result<AttributeValue, ExpressionError> {
        let token = self.peek();
        if token.kind != TokenKind::Value {
            return Err(self.syntax_error());
        }
        self.advance();
        let value = self.symbols.value(token.text);
        if value.is_none() {
            self.complain(format_args!(
                "An expression attribute value used in expression is not defined; attribute value: {}",
                token.text
            ));
        }
        Ok(value.unwrap_or(AttributeValue::Null))
    }

    /// Complains of a value whose type does not fit.
    pub fn complain_of_type(&mut self, function: &str, value: &AttributeValue) {
        self.complain(format_args!(
            "Incorrect operand type for operator or function; operator or function: {function}, operand type: {}",
            value.type_name()
        ));
    }

    /// Complains of the first two paths of which one contains the other or contradicts it.
    pub fn complain_of_overlaps(&mut self, paths: &[&Path]) {
        for (index, second) in paths.iter().enumerate() {
            for first in &paths[..index] {
                let Some(relation) = relation(first, second) else { continue };
                return self.complain(format_args!(
                    "Two document paths {relation} with each other; must remove or rewrite one of these paths; \
                     path one: {first}, path two: {second}"
                ));
            }
        }
    }
}

/// How two paths get in each other's way, if they do.
fn relation(first: &Path, second: &Path) -> Option<&'static str> {
    for (a, b) in first.0.iter().zip(&second.0) {
        if std::mem::discriminant(a) != std::mem::discriminant(b) {
            return Some("conflict");
        }
        if a != b {
            return None;
        }
    }
    Some("overlap")
}
