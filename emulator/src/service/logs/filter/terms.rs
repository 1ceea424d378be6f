//! Terms: words and phrases that a message must have, may have, or must not have.

use super::FilterError;
use super::cursor::{Cursor, is_word};

#[derive(Debug, Default)]
pub struct Terms {
    included: Vec<String>,
    excluded: Vec<String>,
    optional: Vec<String>,
}

impl Terms {
    pub fn parse(pattern: &str) -> Result<Self, FilterError> {
        let mut terms = Self::default();
        let mut cursor = Cursor::new(pattern);
        loop {
            cursor.skip_space();
            if cursor.peek().is_none() {
                return Ok(terms);
            }
            let list = if cursor.eat("?") {
                &mut terms.optional
            } else if cursor.eat("-") {
                &mut terms.excluded
            } else {
                &mut terms.included
            };
            // AWS's examples have been written with a space here.
            cursor.skip_space();
            list.push(term(&mut cursor)?);
        }
    }

    /// "Filter patterns are case sensitive", and a term may be a part of a word.
    pub fn match_in(&self, message: &str) -> bool {
        let has = |term: &String| term.trim().is_empty() || message.contains(term.as_str());
        // "If you combine "?" with other filter patterns, all question mark terms will be ignored."
        if self.included.is_empty() && self.excluded.is_empty() {
            return self.optional.iter().any(has);
        }
        self.included.iter().all(has) && !self.excluded.iter().any(has)
    }
}

fn term(cursor: &mut Cursor<'_>) -> Result<String, FilterError> {
    let before = cursor.clone();
    let term = if cursor.peek() == Some('"') {
        cursor.take_quoted().filter(|term| !term.is_empty())
    } else {
        Some(cursor.take_while(is_word).to_owned()).filter(|term| !term.is_empty())
    };
    let ends = cursor.peek().is_none_or(char::is_whitespace);
    match term {
        Some(term) if ends => Ok(term),
        Some(_) => Err(cursor.complain()),
        None => Err(before.complain()),
    }
}
