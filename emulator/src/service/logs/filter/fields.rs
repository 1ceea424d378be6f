//! Patterns in brackets: conditions on the fields of a message that has spaces between them.

use super::FilterError;
use super::comparison::{Budget, Comparison};
use super::cursor::{Cursor, is_word};

#[derive(Debug)]
pub struct Fields {
    /// Those before the ellipsis, or all.
    first: Vec<Field>,
    /// Those behind the ellipsis, if there is one.
    last: Option<Vec<Field>>,
}

#[derive(Debug, Default)]
struct Field {
    /// A field may have none; it is then known by its number.
    name: String,
    condition: Option<Condition>,
}

#[derive(Debug)]
enum Condition {
    Any(Vec<Condition>),
    All(Vec<Condition>),
    Compares(Comparison),
}

/// A pattern has at most 1,024 characters: this only keeps our stack.
const DEPTH_MAX: usize = 100;

struct Parser<'a> {
    cursor: Cursor<'a>,
    budget: Budget,
    /// The name that the conditions of the field at hand have.
    name: Option<&'a str>,
    depth: usize,
}

impl Fields {
    /// Reads what stands between the brackets.
    pub fn parse(text: &str) -> Result<Self, FilterError> {
        if text.trim().is_empty() {
            return Err(FilterError::invalid());
        }
        let mut parser = Parser { cursor: Cursor::new(text), budget: Budget::default(), name: None, depth: 0 };
        let mut fields = Self { first: Vec::new(), last: None };
        loop {
            parser.cursor.skip_space();
            if parser.cursor.eat("...") {
                if fields.last.is_some() {
                    return Err(FilterError::invalid());
                }
                fields.last = Some(Vec::new());
            } else {
                let field = parser.field()?;
                fields.last.as_mut().unwrap_or(&mut fields.first).push(field);
            }
            parser.cursor.skip_space();
            if parser.cursor.peek().is_none() {
                return Ok(fields);
            }
            if !parser.cursor.eat(",") {
                return Err(parser.cursor.complain());
            }
        }
    }

    /// The fields of a message that matches, each as `$name` or `$7`.
    pub fn values(&self, message: &str) -> Option<Vec<(String, String)>> {
        let values = split(message);
        let (count, fields) = (values.len(), self.first.len() + self.last.as_ref().map_or(0, Vec::len));
        if count < fields {
            return None;
        }
        let mut values = values;
        if self.last.is_none() && count > fields {
            // All that the pattern does not tell apart belongs to its last field.
            let rest = values.split_off(fields - 1).join(" ");
            values.push(rest);
        }
        let behind = values.len() - self.last.as_ref().map_or(0, Vec::len);
        let mut named = Vec::new();
        for (index, value) in values.into_iter().enumerate() {
            let last = self.last.as_ref().filter(|_| index >= behind);
            let field = last.map_or_else(|| self.first.get(index), |last| last.get(index - behind));
            if !field.is_none_or(|field| field.wants(&value)) {
                return None;
            }
            let name = match field {
                Some(Field { name, .. }) if !name.is_empty() => format!("${name}"),
                _ => format!("${}", index + 1),
            };
            named.push((name, value));
        }
        Some(named)
    }
}

impl Field {
    fn wants(&self, value: &str) -> bool {
        self.condition.as_ref().is_none_or(|condition| condition.holds(value))
    }
}

impl Condition {
    fn holds(&self, value: &str) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(value)),
            Self::All(parts) => parts.iter().all(|part| part.holds(value)),
            Self::Compares(comparison) => comparison.holds(value),
        }
    }
}

/// "Characters between brackets and double quotation marks are considered single fields."
fn split(message: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = message.trim();
    while let Some(first) = rest.chars().next() {
        let closing = match first {
            '[' => Some(']'),
            '"' => Some('"'),
            _ => None,
        };
        let closed = closing.and_then(|closing| rest[1..].find(closing).map(|at| at + 1));
        let field = match closed {
            Some(end) => {
                let field = &rest[1..end];
                rest = &rest[end + 1..];
                field
            }
            None => {
                let (field, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
                rest = behind;
                field
            }
        };
        fields.push(field.to_owned());
        rest = rest.trim_start();
    }
    fields
}

impl<'a> Parser<'a> {
    fn field(&mut self) -> Result<Field, FilterError> {
        self.name = None;
        let mut ahead = self.cursor.clone();
        let name = ahead.take_while(is_name);
        ahead.skip_space();
        if ahead.peek().is_none_or(|next| next == ',') {
            self.cursor = ahead;
            return Ok(Field { name: name.to_owned(), condition: None });
        }
        let condition = self.any()?;
        Ok(Field { name: self.name.unwrap_or_default().to_owned(), condition: Some(condition) })
    }

    fn any(&mut self) -> Result<Condition, FilterError> {
        let mut parts = vec![self.all()?];
        while self.eat("||") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Condition::Any))
    }

    fn all(&mut self) -> Result<Condition, FilterError> {
        let mut parts = vec![self.unit()?];
        while self.eat("&&") {
            parts.push(self.unit()?);
        }
        Ok(one_or(parts, Condition::All))
    }

    fn unit(&mut self) -> Result<Condition, FilterError> {
        if !self.eat("(") {
            return self.comparison();
        }
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err(FilterError::invalid());
        }
        let inside = self.any()?;
        self.depth -= 1;
        if self.eat(")") { Ok(inside) } else { Err(self.cursor.complain()) }
    }

    /// The conditions of one field all name that field: AWS refuses `[status_code = 4* && bytes > 1000]`.
    /// <https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/issues/21>
    fn comparison(&mut self) -> Result<Condition, FilterError> {
        self.cursor.skip_space();
        let name = self.cursor.take_while(is_name);
        if name.is_empty() {
            return Err(self.cursor.complain());
        }
        if *self.name.get_or_insert(name) != name {
            return Err(FilterError::invalid());
        }
        self.cursor.skip_space();
        Comparison::parse(&mut self.cursor, &mut self.budget).map(Condition::Compares)
    }

    fn eat(&mut self, text: &str) -> bool {
        self.cursor.skip_space();
        self.cursor.eat(text)
    }
}

fn is_name(letter: char) -> bool {
    is_word(letter) || letter == '-'
}

fn one_or(mut parts: Vec<Condition>, several: fn(Vec<Condition>) -> Condition) -> Condition {
    if parts.len() == 1 { parts.remove(0) } else { several(parts) }
}
