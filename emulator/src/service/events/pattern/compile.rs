//! From a pattern's text to what it asks of an event. Checks come in Event Ruler's order, with its words.

use super::address::Network;
use super::complexity;
use super::dots;
use super::matching::{Matcher, Node, NumericRange, fold};
use super::number::Comparable;
use super::tokens::{Token, Tokens};
use super::wildcard::Wildcard;
use super::{COMBINATIONS_MAX, PatternError};

/// Names that fields of `$or` cannot have, so that a forgotten array is noticed.
const RESERVED_IN_OR: [&str; 25] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "html",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];
const ONE_KEY: &str = "Only one key allowed in match expression";
const TOO_MANY_ELEMENTS: &str = "Too many elements in numeric expression";

pub fn compile(text: &str) -> Result<Vec<Node>, PatternError> {
    let mut compiler = Compiler { tokens: Tokens::new(text), path: Vec::new() };
    if compiler.tokens.next()? != Token::ObjectStart {
        return Err(compiler.tokens.error("Filter is not an object"));
    }
    let mut alternatives = vec![Node::default()];
    compiler.object(&mut alternatives, false)?;
    for alternative in &mut alternatives {
        alternative.finish();
    }
    Ok(alternatives)
}

struct Compiler<'a> {
    tokens: Tokens<'a>,
    path: Vec<String>,
}

impl Compiler<'_> {
    /// The fields of an object whose opening brace is read.
    fn object(&mut self, alternatives: &mut Vec<Node>, inside_or: bool) -> Result<(), PatternError> {
        let mut empty = true;
        while let Token::Name(name) = self.tokens.next()? {
            empty = false;
            if name == "$or" {
                self.or(alternatives)?;
                continue;
            }
            if inside_or && RESERVED_IN_OR.contains(&name.as_str()) {
                let message = format!("{name} is Ruler reserved fieldName which cannot be used inside $or.");
                return Err(self.tokens.error(message));
            }
            let value = self.tokens.next()?;
            let depth = self.path.len();
            self.path.extend(dots::steps(&name, depth).into_iter().map(str::to_owned));
            match value {
                Token::ObjectStart => self.object(alternatives, inside_or)?,
                Token::ArrayStart => {
                    let values = self.values()?;
                    for alternative in alternatives.iter_mut() {
                        alternative.set(&self.path, values.clone());
                    }
                }
                _ => {
                    return Err(self.tokens.error(format!("\"{name}\" must be an object or an array")));
                }
            }
            self.path.truncate(depth);
        }
        if empty { Err(self.tokens.error("Empty objects are not allowed")) } else { Ok(()) }
    }

    /// Each object of `$or` continues every alternative so far.
    fn or(&mut self, alternatives: &mut Vec<Node>) -> Result<(), PatternError> {
        if self.tokens.next()? != Token::ArrayStart {
            return Err(self.tokens.error("It must be an Array followed with $or."));
        }
        let before = std::mem::take(alternatives);
        let mut objects = 0;
        loop {
            match self.tokens.next()? {
                Token::ArrayEnd => break,
                Token::ObjectStart => {}
                _ => return Err(self.tokens.error("Only JSON object is allowed in array of $or relationship.")),
            }
            objects += 1;
            let mut continued = before.clone();
            self.object(&mut continued, true)?;
            alternatives.append(&mut continued);
            if alternatives.len() > COMBINATIONS_MAX {
                return Err(PatternError::TooManyCombinations);
            }
        }
        if objects < 2 {
            return Err(self.tokens.error("There must have at least 2 Objects in $or relationship."));
        }
        Ok(())
    }

    /// The values of an array whose opening bracket is read.
    fn values(&mut self) -> Result<Vec<Matcher>, PatternError> {
        let mut values = Vec::new();
        loop {
            values.push(match self.tokens.next()? {
                Token::ArrayEnd => break,
                Token::ObjectStart => self.expression()?,
                Token::Text(text) => exact(text),
                Token::Number(text) => {
                    let comparable = Comparable::parse(&text).ok();
                    Matcher::Number(text, comparable)
                }
                Token::Null => Matcher::Null,
                Token::True => Matcher::Boolean(true),
                Token::False => Matcher::Boolean(false),
                _ => return Err(self.tokens.error("Match value must be String, number, true, false, or null")),
            });
        }
        if values.is_empty() {
            return Err(self.tokens.error("Empty arrays are not allowed"));
        }
        if complexity::is_too_high(&values) {
            return Err(PatternError::TooComplex);
        }
        Ok(values)
    }

    /// `{"prefix": "a"}` and its kin, whose opening brace is read.
    fn expression(&mut self) -> Result<Matcher, PatternError> {
        let Token::Name(operator) = self.tokens.next()? else {
            return Err(self.tokens.error("Match expression name not found"));
        };
        let matcher = match operator.as_str() {
            "exactly" => exact(self.text("exact match pattern must be a string")?),
            "prefix" => return self.prefix_or_suffix("prefix", Matcher::Prefix, Matcher::PrefixIgnoreCase),
            "suffix" => return self.prefix_or_suffix("suffix", Matcher::Suffix, Matcher::SuffixIgnoreCase),
            "numeric" => {
                if self.tokens.next()? != Token::ArrayStart {
                    return Err(self.tokens.error("Value of numeric must be an array."));
                }
                let range = self.numeric()?;
                self.object_end(TOO_MANY_ELEMENTS)?;
                return Ok(range);
            }
            "anything-but" => return self.anything_but(),
            "exists" => match self.tokens.next()? {
                Token::True => Matcher::Exists,
                Token::False => Matcher::Absent,
                _ => return Err(self.tokens.error("exists match pattern must be either true or false.")),
            },
            // AWS says "prefix" here, too.
            "cidr" => {
                let text = self.text("prefix match pattern must be a string")?;
                Matcher::Address(Network::parse(&text).map_err(without_location)?)
            }
            "equals-ignore-case" => {
                Matcher::EqualsIgnoreCase(fold(&self.text("equals-ignore-case match pattern must be a string")?))
            }
            "wildcard" => {
                let text = self.text("wildcard match pattern must be a string")?;
                self.wildcard(&text)?
            }
            _ => return Err(self.tokens.error(format!("Unrecognized match type {operator}"))),
        };
        self.object_end(ONE_KEY)?;
        Ok(matcher)
    }

    fn prefix_or_suffix(
        &mut self,
        operator: &str,
        plain: fn(String) -> Matcher,
        ignoring_case: fn(String) -> Matcher,
    ) -> Result<Matcher, PatternError> {
        let matcher = match self.tokens.next()? {
            token @ Token::Text(_) => plain(self.tokens.text_of(&token)),
            Token::ObjectStart => {
                let mut capitalised = operator.to_owned();
                capitalised[..1].make_ascii_uppercase();
                match self.tokens.next()? {
                    Token::Name(name) if name == "equals-ignore-case" => {}
                    Token::Name(name) => {
                        return Err(self.tokens.error(format!("Unsupported {operator} pattern: {name}")));
                    }
                    _ => return Err(self.tokens.error(format!("{capitalised} expression name not found"))),
                }
                let text = self.text("equals-ignore-case match pattern must be a string")?;
                self.object_end(ONE_KEY)?;
                ignoring_case(fold(&text))
            }
            _ => return Err(self.tokens.error(format!("{operator} match pattern must be a string"))),
        };
        self.object_end(ONE_KEY)?;
        Ok(matcher)
    }

    fn anything_but(&mut self) -> Result<Matcher, PatternError> {
        let mut first = self.tokens.next()?;
        let mut of = None;
        if first == Token::ObjectStart {
            let Token::Name(operator) = self.tokens.next()? else {
                return Err(self.tokens.error("Anything-But expression name not found"));
            };
            if !["equals-ignore-case", "prefix", "suffix", "wildcard"].contains(&operator.as_str()) {
                return Err(self.tokens.error(format!("Unsupported anything-but pattern: {operator}")));
            }
            of = Some(operator);
            first = self.tokens.next()?;
        }
        let values = match first {
            Token::ArrayStart => {
                let mut values = Vec::new();
                loop {
                    match self.tokens.next()? {
                        Token::ArrayEnd => break values,
                        token => values.push(self.anything_but_value(of.as_deref(), token)?),
                    }
                }
            }
            Token::Text(_) | Token::Number(_) => vec![self.anything_but_value(of.as_deref(), first)?],
            _ => {
                let message = "Value of anything-but must be an array or single string/number value.";
                return Err(self.tokens.error(message));
            }
        };
        let numbers = values.iter().filter(|value| matches!(value, Matcher::Number(..))).count();
        if of.is_none() && (values.is_empty() || (numbers > 0 && numbers < values.len())) {
            let message =
                "Inside anything but list, either all values are number or string, mixed type is not supported";
            return Err(self.tokens.error(message));
        }
        self.object_end(TOO_MANY_ELEMENTS)?;
        if of.is_some() {
            self.object_end(TOO_MANY_ELEMENTS)?;
        }
        Ok(Matcher::AnythingBut(values))
    }

    fn anything_but_value(&mut self, of: Option<&str>, token: Token) -> Result<Matcher, PatternError> {
        let text = match (of, &token) {
            (_, Token::Text(_)) => self.tokens.text_of(&token),
            (None, Token::Number(text)) => {
                let comparable = Comparable::parse(text).map_err(|message| self.tokens.error(message))?;
                return Ok(Matcher::Number(text.clone(), Some(comparable)));
            }
            _ => {
                return Err(self.tokens.error(match of {
                    None => "Inside anything but list, start|null|boolean is not supported.",
                    Some("equals-ignore-case") => {
                        "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
                    }
                    Some("wildcard") => "wildcard match pattern must be a string",
                    Some(_) => "prefix/suffix match pattern must be a string",
                }));
            }
        };
        match of {
            Some("prefix" | "suffix") if text.is_empty() => Err(self.tokens.error("Null prefix/suffix not allowed")),
            Some("prefix") => Ok(Matcher::Prefix(text)),
            Some("suffix") => Ok(Matcher::Suffix(text)),
            Some("equals-ignore-case") => Ok(Matcher::EqualsIgnoreCase(fold(&text))),
            Some(_) => self.wildcard(&text),
            None => Ok(Matcher::Text(text)),
        }
    }

    /// The members of `numeric`, whose opening bracket is read.
    fn numeric(&mut self) -> Result<Matcher, PatternError> {
        let first = self.tokens.next()?;
        if !matches!(first, Token::Text(_)) {
            let text = self.tokens.text_of(&first);
            return Err(self.tokens.error(format!("Invalid member in numeric match: {text}")));
        }
        let operator = self.tokens.text_of(&first);
        let name = match operator.as_str() {
            "=" => "equals",
            ">" | ">=" | "<" | "<=" => operator.as_str(),
            _ => {
                self.tokens.next()?;
                return Err(self.tokens.error(format!("Unrecognized numeric range operator: {operator}")));
            }
        };
        let (literal, number) = self.number(name)?;
        let bound = |included| Some((number, included));
        let range = match (operator.as_str(), self.tokens.next()?) {
            ("=", Token::ArrayEnd) => return Ok(Matcher::Number(literal, Some(number))),
            ("<", Token::ArrayEnd) => NumericRange { low: None, high: bound(false) },
            ("<=", Token::ArrayEnd) => NumericRange { low: None, high: bound(true) },
            (">", Token::ArrayEnd) => NumericRange { low: bound(false), high: None },
            (">=", Token::ArrayEnd) => NumericRange { low: bound(true), high: None },
            (">" | ">=", token) => {
                NumericRange { low: bound(operator == ">="), high: Some(self.upper_bound(&token, number)?) }
            }
            _ => return Err(self.tokens.error(TOO_MANY_ELEMENTS)),
        };
        Ok(Matcher::NumericRange(range))
    }

    fn upper_bound(&mut self, token: &Token, low: Comparable) -> Result<(Comparable, bool), PatternError> {
        let operator = self.tokens.text_of(token);
        if !matches!(token, Token::Text(_)) {
            return Err(self.tokens.error(format!("Bad value in numeric range: {operator}")));
        }
        if !["<", "<="].contains(&operator.as_str()) {
            return Err(self.tokens.error(format!("Bad numeric range operator: {operator}")));
        }
        let (_, high) = self.number(&operator)?;
        if self.tokens.next()? != Token::ArrayEnd {
            return Err(self.tokens.error("Too many terms in numeric range expression"));
        }
        if low >= high {
            return Err(self.tokens.error("Bottom must be less than top"));
        }
        Ok((high, operator == "<="))
    }

    fn number(&mut self, operator: &str) -> Result<(String, Comparable), PatternError> {
        let Token::Number(text) = self.tokens.next()? else {
            return Err(self.tokens.error(format!("Value of {operator} must be numeric")));
        };
        let number = Comparable::parse(&text).map_err(|message| self.tokens.error(message))?;
        Ok((text, number))
    }

    fn wildcard(&mut self, text: &str) -> Result<Matcher, PatternError> {
        Wildcard::parse(text).map(Matcher::Wildcard).map_err(|message| self.tokens.error(message))
    }

    fn text(&mut self, otherwise: &str) -> Result<String, PatternError> {
        match self.tokens.next()? {
            token @ Token::Text(_) => Ok(self.tokens.text_of(&token)),
            _ => Err(self.tokens.error(otherwise)),
        }
    }

    fn object_end(&mut self, otherwise: &str) -> Result<(), PatternError> {
        if self.tokens.next()? == Token::ObjectEnd { Ok(()) } else { Err(self.tokens.error(otherwise)) }
    }
}

/// AWS says of a range of addresses what is wrong, and not where.
fn without_location(reason: String) -> PatternError {
    PatternError::Invalid { reason, location: None }
}

/// A text as such. An IP address also matches its other spellings.
fn exact(text: String) -> Matcher {
    match Network::of_address(&text) {
        Some(address) => Matcher::Address(address),
        None => Matcher::Text(text),
    }
}
