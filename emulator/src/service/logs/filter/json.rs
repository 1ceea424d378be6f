//! Patterns in braces: conditions on the properties of a message that is JSON.

use serde_json::Value;

use super::FilterError;
use super::comparison::{Budget, Comparison};
use super::cursor::Cursor;
use super::selector::Selector;

/// "() > && > ||".
#[derive(Debug)]
pub enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Condition(Selector, Condition),
}

#[derive(Debug)]
pub enum Condition {
    Compares(Comparison),
    /// `IS NULL`, `IS TRUE`, `IS FALSE`.
    Is(Value),
    NotExists,
}

/// "up to three wildcard selectors in a filter pattern with compound expressions".
const WILDCARDS_MAX: usize = 3;
/// A pattern has at most 1,024 characters: this only keeps our stack.
const DEPTH_MAX: usize = 100;

struct Parser<'a> {
    cursor: Cursor<'a>,
    budget: Budget,
    wildcards: usize,
    depth: usize,
}

impl Expression {
    /// Reads what stands between the braces.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        let mut parser = Parser { cursor: Cursor::new(text), budget: Budget::default(), wildcards: 0, depth: 0 };
        let expression = parser.any()?;
        parser.cursor.skip_space();
        match parser.cursor.peek() {
            None => Ok(expression),
            Some(_) => Err(parser.cursor.complain()),
        }
    }

    /// A message that is no JSON matches no such pattern.
    pub fn holds_for(&self, message: &str) -> bool {
        serde_json::from_str(message).is_ok_and(|document: Value| self.holds(&document))
    }

    fn holds(&self, document: &Value) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(document)),
            Self::All(parts) => parts.iter().all(|part| part.holds(document)),
            Self::Condition(selector, condition) => {
                let found = selector.find(document);
                match condition {
                    Condition::NotExists => found.is_empty(),
                    Condition::Is(value) => found.contains(&value),
                    Condition::Compares(comparison) => found.into_iter().any(|value| compares(comparison, value)),
                }
            }
        }
    }
}

/// "If a property selector points to an array or object, the filter pattern won't match the log format": with `!=` as
/// with `=`. So it is taken to be for null and booleans, which have `IS`.
fn compares(comparison: &Comparison, value: &Value) -> bool {
    match value {
        Value::String(text) => comparison.holds(text),
        Value::Number(number) => comparison.holds(&number.to_string()),
        _ => false,
    }
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.all()?];
        while self.eat("||") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, FilterError> {
        let mut parts = vec![self.unit()?];
        while self.eat("&&") {
            parts.push(self.unit()?);
        }
        Ok(one_or(parts, Expression::All))
    }

    fn unit(&mut self) -> Result<Expression, FilterError> {
        if !self.eat("(") {
            return self.condition();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(FilterError::invalid());
        }
        let inside = self.any()?;
        self.depth -= 1;
        if self.eat(")") { Ok(inside) } else { Err(self.cursor.complain()) }
    }

    fn condition(&mut self) -> Result<Expression, FilterError> {
        self.cursor.skip_space();
        let selector = Selector::parse(&mut self.cursor)?;
        self.wildcards += selector.wildcards();
        if self.wildcards > WILDCARDS_MAX {
            return Err(FilterError::invalid());
        }
        self.cursor.skip_space();
        let condition = if self.cursor.eat_word("IS") {
            self.cursor.skip_space();
            Condition::Is(self.constant()?)
        } else if self.cursor.eat_word("NOT") {
            self.cursor.skip_space();
            if !self.cursor.eat_word("EXISTS") {
                return Err(self.cursor.complain());
            }
            Condition::NotExists
        } else {
            Condition::Compares(Comparison::parse(&mut self.cursor, &mut self.budget)?)
        };
        Ok(Expression::Condition(selector, condition))
    }

    fn constant(&mut self) -> Result<Value, FilterError> {
        let constants = [("NULL", Value::Null), ("TRUE", Value::Bool(true)), ("FALSE", Value::Bool(false))];
        let found = constants.into_iter().find(|(word, _)| self.cursor.eat_word(word));
        found.map(|(_, value)| value).ok_or_else(|| self.cursor.complain())
    }

    fn eat(&mut self, text: &str) -> bool {
        self.cursor.skip_space();
        self.cursor.eat(text)
    }
}

fn one_or(mut parts: Vec<Expression>, several: fn(Vec<Expression>) -> Expression) -> Expression {
    if parts.len() == 1 { parts.remove(0) } else { several(parts) }
}
