//! A pattern's text as JSON tokens that know where they stand.
//!
//! AWS reads patterns with the Jackson parser and shows its messages and
//! positions to callers. Positions are those of Jackson: behind what it has
//! read, which for a text is its opening quote, and for a field's name the
//! beginning of the field's value.

use super::PatternError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    ObjectStart,
    ObjectEnd,
    ArrayStart,
    ArrayEnd,
    Name(String),
    Text(String),
    /// As written.
    Number(String),
    True,
    False,
    Null,
    /// Nothing is left.
    End,
}

pub struct Tokens<'a> {
    source: &'a str,
    /// Where reading goes on.
    next_at: usize,
    /// Where Jackson would be by now.
    shown_at: usize,
    /// The value behind a name that has been handed out.
    pending: Option<Token>,
    /// The objects and arrays that are open.
    open: Vec<Open>,
}

struct Open {
    is_object: bool,
    at: usize,
    has_entries: bool,
}

const LITERALS: [(&str, Token); 3] = [("null", Token::Null), ("true", Token::True), ("false", Token::False)];
const ANY_VALUE: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
/// How much of a pattern Jackson quotes in its messages.
const QUOTED_CHARACTERS_MAX: usize = 500;

impl<'a> Tokens<'a> {
    pub fn new(source: &'a str) -> Self {
        Self { source, next_at: 0, shown_at: 0, pending: None, open: Vec::new() }
    }

    pub fn next(&mut self) -> Result<Token, PatternError> {
        if let Some(token) = self.pending.take() {
            return Ok(token);
        }
        self.skip_space();
        let Some(open) = self.open.last() else {
            return if self.rest().is_empty() { Ok(Token::End) } else { self.value() };
        };
        let (is_object, has_entries) = (open.is_object, open.has_entries);
        match self.peek() {
            None => return Err(self.end_of_input()),
            Some(mark @ (b'}' | b']')) => return self.close(mark),
            Some(b',') if has_entries => self.step(),
            Some(_) if has_entries => {
                let kind = if is_object { "Object" } else { "Array" };
                return Err(self.unexpected(&format!("was expecting comma to separate {kind} entries")));
            }
            Some(_) => {}
        }
        if let Some(open) = self.open.last_mut() {
            open.has_entries = true;
        }
        self.skip_space();
        if is_object { self.name() } else { self.value() }
    }

    /// The text of `token` as Jackson gives it. Reading a text moves to its end.
    pub fn text_of(&mut self, token: &Token) -> String {
        self.shown_at = self.next_at;
        match token {
            Token::ObjectStart => "{".to_owned(),
            Token::ObjectEnd => "}".to_owned(),
            Token::ArrayStart => "[".to_owned(),
            Token::ArrayEnd => "]".to_owned(),
            Token::Name(text) | Token::Text(text) | Token::Number(text) => text.clone(),
            Token::True => "true".to_owned(),
            Token::False => "false".to_owned(),
            Token::Null | Token::End => "null".to_owned(),
        }
    }

    /// `message` with the place where reading stands.
    pub fn error(&self, message: impl AsRef<str>) -> PatternError {
        self.error_at(message.as_ref(), self.shown_at)
    }

    fn error_at(&self, message: &str, at: usize) -> PatternError {
        PatternError::Invalid { reason: message.to_owned(), location: Some(self.location(at)) }
    }

    fn location(&self, at: usize) -> String {
        let before = &self.source[..at];
        let line = before.matches('\n').count() + 1;
        let in_line = before.rfind('\n').map_or(before, |end| &before[end + 1..]);
        // Java counts in UTF-16.
        let column = in_line.encode_utf16().count() + 1;
        let length = self.source.chars().count();
        let quoted: String = self.source.chars().take(QUOTED_CHARACTERS_MAX).collect();
        let cut = match length.checked_sub(QUOTED_CHARACTERS_MAX) {
            Some(rest) if rest > 0 => format!("[truncated {rest} chars]"),
            _ => String::new(),
        };
        format!("[Source: (String)\"{quoted}\"{cut}; line: {line}, column: {column}]")
    }

    fn name(&mut self) -> Result<Token, PatternError> {
        if self.peek() != Some(b'"') {
            return Err(match self.peek() {
                None => self.end_of_input(),
                Some(_) => self.unexpected("was expecting double-quote to start field name"),
            });
        }
        let name = self.string()?;
        self.skip_space();
        match self.peek() {
            Some(b':') => self.step(),
            None => return Err(self.end_of_input()),
            Some(_) => return Err(self.unexpected("was expecting a colon to separate field name and value")),
        }
        self.skip_space();
        self.pending = Some(self.value()?);
        Ok(Token::Name(name))
    }

    fn value(&mut self) -> Result<Token, PatternError> {
        let token = match self.peek() {
            None => return Err(self.end_of_input()),
            Some(b'"') => {
                let opened_at = self.next_at + 1;
                let text = self.string()?;
                self.shown_at = opened_at;
                return Ok(Token::Text(text));
            }
            Some(b'{') => self.open_with(true),
            Some(b'[') => self.open_with(false),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(_) => self.literal()?,
        };
        self.shown_at = self.next_at;
        Ok(token)
    }

    fn open_with(&mut self, is_object: bool) -> Token {
        self.open.push(Open { is_object, at: self.next_at, has_entries: false });
        self.step();
        if is_object { Token::ObjectStart } else { Token::ArrayStart }
    }

    fn close(&mut self, mark: u8) -> Result<Token, PatternError> {
        let fits = |open: &Open| open.is_object == (mark == b'}');
        if let Some(open) = self.open.pop_if(|open| fits(open)) {
            self.step();
            self.shown_at = self.next_at;
            return Ok(if open.is_object { Token::ObjectEnd } else { Token::ArrayEnd });
        }
        let open = self.open.last().expect("a closing mark is looked for inside something open");
        let (kind, expected) = if open.is_object { ("Object", '}') } else { ("Array", ']') };
        let message = format!(
            "Unexpected close marker '{}': expected '{expected}' (for {kind} starting at {})",
            char::from(mark),
            self.location(open.at)
        );
        Err(self.error_at(&message, self.next_at + 1))
    }

    fn number(&mut self) -> Result<Token, PatternError> {
        let length =
            self.rest().bytes().take_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9'));
        let length = length.count();
        let text = &self.rest()[..length];
        // serde_json knows JSON's grammar of numbers.
        if serde_json::from_str::<serde_json::Number>(text).is_err() {
            return Err(self.unexpected(&format!("expected a valid value {ANY_VALUE}")));
        }
        let text = text.to_owned();
        self.next_at += length;
        Ok(Token::Number(text))
    }

    fn literal(&mut self) -> Result<Token, PatternError> {
        let is_part = |character: &char| character.is_alphanumeric() || matches!(character, '_' | '$');
        let word: String = self.rest().chars().take_while(is_part).collect();
        if word.is_empty() {
            return Err(self.unexpected(&format!("expected a valid value {ANY_VALUE}")));
        }
        let end = self.next_at + word.len();
        let Some((_, token)) = LITERALS.into_iter().find(|(literal, _)| *literal == word) else {
            let message = format!("Unrecognized token '{word}': was expecting {ANY_VALUE}");
            return Err(self.error_at(&message, end));
        };
        self.next_at = end;
        Ok(token)
    }

    /// The text that begins at the quote here; goes behind its end.
    fn string(&mut self) -> Result<String, PatternError> {
        let rest = self.rest();
        let mut escaped = false;
        let end = rest.bytes().enumerate().skip(1).find(|(_, byte)| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else {
            let message = "Unexpected end-of-input: was expecting closing quote for a string value";
            return Err(self.error_at(message, self.source.len()));
        };
        let Ok(text) = serde_json::from_str(&rest[..=end]) else {
            return Err(self.error_at("Unrecognized character escape or unescaped control character", self.next_at + 1));
        };
        self.next_at += end + 1;
        Ok(text)
    }

    fn end_of_input(&self) -> PatternError {
        let Some(open) = self.open.last() else {
            return self.error_at("Unexpected end-of-input", self.source.len());
        };
        let kind = if open.is_object { "Object" } else { "Array" };
        let message = format!(
            "Unexpected end-of-input: expected close marker for {kind} (start marker at {})",
            self.location(open.at)
        );
        self.error_at(&message, self.source.len())
    }

    fn unexpected(&self, explanation: &str) -> PatternError {
        let character = self.rest().chars().next().unwrap_or('\0');
        let message = format!("Unexpected character ('{character}' (code {})): {explanation}", u32::from(character));
        self.error_at(&message, self.next_at + character.len_utf8().min(self.rest().len()))
    }

    fn rest(&self) -> &'a str {
        &self.source[self.next_at..]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().bytes().next()
    }

    /// Steps over an ASCII character.
    fn step(&mut self) {
        self.next_at += 1;
    }

    fn skip_space(&mut self) {
        let space = self.rest().bytes().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'));
        self.next_at += space.count();
    }
}
