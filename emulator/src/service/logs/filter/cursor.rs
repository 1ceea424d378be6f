//! A place in a pattern that is being read.

use super::FilterError;

#[derive(Clone, Debug)]
pub struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub fn rest(&self) -> &'a str {
        self.rest
    }

    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Steps over `text`, if it is next.
    pub fn eat(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Steps over a word that ends where `text` does.
    pub fn eat_word(&mut self, text: &str) -> bool {
        let mut ahead = self.clone();
        let whole = ahead.eat(text) && !ahead.peek().is_some_and(is_word);
        if whole {
            *self = ahead;
        }
        whole
    }

    /// Takes the characters that `wanted` accepts.
    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|next: char| !wanted(next)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at(end);
        self.rest = rest;
        taken
    }

    /// What stands between two quotation marks, the first of which is next, without its backslashes. Nothing, if it
    /// does not end.
    pub fn take_quoted(&mut self) -> Option<String> {
        let quote = self.peek()?;
        let mut text = String::new();
        let mut letters = self.rest.char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            if letter == quote {
                self.rest = &self.rest[at + quote.len_utf8()..];
                return Some(text);
            }
            match letter {
                '\\' => text.push(letters.next()?.1),
                _ => text.push(letter),
            }
        }
        None
    }

    /// What is wrong about what is next: characters that belong nowhere, or a pattern that ends too early or too late.
    pub fn complain(&self) -> FilterError {
        let end = self.rest.find(|next: char| is_word(next) || next.is_whitespace()).unwrap_or(self.rest.len());
        match &self.rest[..end] {
            "" => FilterError::invalid(),
            these => FilterError::characters(these),
        }
    }
}

/// AWS: "terms that include characters other than alphanumeric or underscore must be placed inside double quotes".
pub fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
