//! Comparisons of a value with what a pattern says of it, for properties and fields alike.

use std::cmp::Ordering;

use super::cursor::{Cursor, is_word};
use super::regex::Regex;
use super::{FilterError, REGEXES_MAX};

/// `= "UpdateTrail"`, `>= 500`, `!= %^10\.%`.
#[derive(Debug)]
pub struct Comparison {
    operator: Operator,
    operand: Operand,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
enum Operand {
    /// As a number, and as it is written.
    Number(Number, String),
    Text(Wildcard),
    Regex(Regex),
}

/// A text that may go on where it has an asterisk: before its beginning or behind its end. AWS: "`Ev*ent` will only
/// match the actual string `Ev*ent`".
#[derive(Debug)]
struct Wildcard {
    before: bool,
    text: String,
    behind: bool,
}

/// A number as patterns and messages write it. Whole ones are compared exactly.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    whole: Option<i128>,
    nearly: f64,
}

/// What a pattern has had so far of that of which it may have only some.
#[derive(Debug, Default)]
pub struct Budget {
    regexes: usize,
}

/// Longest first: `=` begins none of them, and ends two.
const OPERATORS: [(&str, Operator); 6] = [
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessOrEqual),
    (">=", Operator::GreaterOrEqual),
    ("=", Operator::Equal),
    ("<", Operator::Less),
    (">", Operator::Greater),
];

impl Comparison {
    /// Reads an operator and its operand.
    pub fn parse(cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Self, FilterError> {
        let operator = OPERATORS.iter().find(|(text, _)| cursor.eat(text)).map(|(_, operator)| *operator);
        let operator = operator.ok_or_else(|| cursor.complain())?;
        cursor.skip_space();
        let operand = Operand::parse(cursor, budget)?;
        let orders = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if orders && !matches!(operand, Operand::Number(..)) {
            return Err(FilterError::invalid());
        }
        Ok(Self { operator, operand })
    }

    /// Whether it holds for a value that is there.
    pub fn holds(&self, value: &str) -> bool {
        match self.operator {
            Operator::Equal => self.operand.is(value),
            Operator::NotEqual => !self.operand.is(value),
            Operator::Less => self.order(value) == Some(Ordering::Less),
            Operator::LessOrEqual => self.order(value).is_some_and(Ordering::is_le),
            Operator::Greater => self.order(value) == Some(Ordering::Greater),
            Operator::GreaterOrEqual => self.order(value).is_some_and(Ordering::is_ge),
        }
    }

    fn order(&self, value: &str) -> Option<Ordering> {
        match &self.operand {
            Operand::Number(number, _) => Number::parse(value)?.compare(*number),
            _ => None,
        }
    }
}

impl Operand {
    fn parse(cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Self, FilterError> {
        match cursor.peek() {
            Some('"') => {
                let unclosed = cursor.complain();
                let text = cursor.take_quoted().ok_or(unclosed)?;
                Ok(Self::Text(Wildcard::new(&text)))
            }
            Some('%') => {
                let unclosed = cursor.complain();
                cursor.eat("%");
                let regex = cursor.take_while(|next| next != '%');
                if !cursor.eat("%") || regex.is_empty() {
                    return Err(unclosed);
                }
                budget.regexes += 1;
                if budget.regexes > REGEXES_MAX {
                    return Err(FilterError::invalid());
                }
                Regex::parse(regex).map(Self::Regex)
            }
            _ => {
                // AWS's examples leave `123.123.*` and `*.html*` without quotes, and numbers have signs.
                let text = cursor.take_while(|next| is_word(next) || matches!(next, '.' | '*' | '+' | '-'));
                let ends = cursor.peek().is_none_or(|next| next.is_whitespace() || ")&|,".contains(next));
                if text.is_empty() || !ends {
                    return Err(cursor.complain());
                }
                Ok(match Number::parse(text) {
                    Some(number) => Self::Number(number, text.to_owned()),
                    None => Self::Text(Wildcard::new(text)),
                })
            }
        }
    }

    fn is(&self, value: &str) -> bool {
        match self {
            Self::Number(number, text) => match Number::parse(value) {
                Some(value) => value.compare(*number) == Some(Ordering::Equal),
                None => value == text,
            },
            Self::Text(wildcard) => wildcard.fits(value),
            Self::Regex(regex) => regex.is_in(value),
        }
    }
}

impl Wildcard {
    fn new(text: &str) -> Self {
        let (before, rest) = text.strip_prefix('*').map_or((false, text), |rest| (true, rest));
        let (behind, rest) = rest.strip_suffix('*').map_or((false, rest), |rest| (true, rest));
        Self { before, text: rest.to_owned(), behind }
    }

    fn fits(&self, value: &str) -> bool {
        let text = self.text.as_str();
        match (self.before, self.behind) {
            (false, false) => value == text,
            (true, false) => value.ends_with(text),
            (false, true) => value.starts_with(text),
            (true, true) => value.contains(text),
        }
    }
}

impl Number {
    /// "An integer or a decimal with an optional + or - sign, followed by 'e', followed by an integer".
    pub fn parse(text: &str) -> Option<Self> {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        let fits = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.')
            && unsigned.bytes().all(|next| next.is_ascii_digit() || b".eE+-".contains(&next));
        if !fits {
            return None;
        }
        Some(Self { whole: text.parse().ok(), nearly: text.parse().ok()? })
    }

    fn compare(self, other: Self) -> Option<Ordering> {
        match (self.whole, other.whole) {
            (Some(this), Some(other)) => Some(this.cmp(&other)),
            _ => self.nearly.partial_cmp(&other.nearly),
        }
    }
}
