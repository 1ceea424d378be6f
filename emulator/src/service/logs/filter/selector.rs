//! Property selectors: `$.users[0].id`, `$.['cluster.name']`, `$.actions[*]`.

use serde_json::Value;

use super::FilterError;
use super::cursor::{Cursor, is_word};

#[derive(Debug)]
pub struct Selector {
    steps: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Property(String),
    Element(usize),
    /// Every property of an object, or every element of an array.
    Any,
    AnyElement,
}

/// "You can only use up to one wildcard selector in a property selector".
const WILDCARDS_MAX: usize = 1;

impl Selector {
    pub fn parse(cursor: &mut Cursor<'_>) -> Result<Self, FilterError> {
        let start = cursor.rest();
        if !cursor.eat("$") {
            return Err(cursor.complain());
        }
        let mut steps = Vec::new();
        loop {
            if cursor.peek() == Some('[') {
                steps.push(bracketed(cursor)?);
            } else if cursor.eat(".") {
                match cursor.peek() {
                    Some('[') => steps.push(bracketed(cursor)?),
                    Some('*') => {
                        cursor.eat("*");
                        steps.push(Step::Any);
                    }
                    _ => steps.push(Step::Property(name(cursor, start)?)),
                }
            } else {
                break;
            }
        }
        let selector = Self { steps };
        if selector.steps.is_empty() || selector.wildcards() > WILDCARDS_MAX {
            return Err(FilterError::invalid());
        }
        Ok(selector)
    }

    pub fn wildcards(&self) -> usize {
        self.steps.iter().filter(|step| matches!(step, Step::Any | Step::AnyElement)).count()
    }

    /// The values that it points to.
    pub fn find<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![document];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| step.from(value)).collect();
        }
        found
    }
}

impl Step {
    fn from<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match (self, value) {
            (Self::Property(name), Value::Object(properties)) => properties.get(name).into_iter().collect(),
            (Self::Element(index), Value::Array(elements)) => elements.get(*index).into_iter().collect(),
            (Self::Any, Value::Object(properties)) => properties.values().collect(),
            (Self::Any | Self::AnyElement, Value::Array(elements)) => elements.iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn name(cursor: &mut Cursor<'_>, start: &str) -> Result<String, FilterError> {
    let name = cursor.take_while(|next| is_word(next) || next == '-');
    if !name.is_empty() {
        return Ok(name.to_owned());
    }
    // AWS's complaint takes in what the selector had so far: `'$."'` of `$."sc-status"`.
    match cursor.peek() {
        Some(next) if !next.is_whitespace() => {
            let read = start.len() - cursor.rest().len() + next.len_utf8();
            Err(FilterError::characters(&start[..read]))
        }
        _ => Err(FilterError::invalid()),
    }
}

fn bracketed(cursor: &mut Cursor<'_>) -> Result<Step, FilterError> {
    cursor.eat("[");
    let step = match cursor.peek() {
        Some('*') => {
            cursor.eat("*");
            Step::AnyElement
        }
        Some('\'' | '"') => {
            let unclosed = cursor.complain();
            Step::Property(cursor.take_quoted().ok_or(unclosed)?)
        }
        _ => {
            let index = cursor.take_while(|next| next.is_ascii_digit());
            Step::Element(index.parse().map_err(|_| cursor.complain())?)
        }
    };
    if cursor.eat("]") { Ok(step) } else { Err(cursor.complain()) }
}
