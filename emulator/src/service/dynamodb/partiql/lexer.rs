//! Cuts a statement into tokens, each with its place.

use super::keywords::is_keyword;
use super::tree::Position;
use crate::service::dynamodb::expression::ExpressionError;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name as it stands.
    Name,
    /// A name in double quotes.
    QuotedName,
    Keyword,
    Text,
    Number,
    Parameter,
    Sign,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    /// Without quotes.
    pub text: String,
    pub at: Position,
}

impl Token {
    pub fn is_keyword(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Keyword && self.text.eq_ignore_ascii_case(keyword)
    }

    /// A word, reserved or not: some words mean something only where they stand.
    pub fn is_word(&self, word: &str) -> bool {
        matches!(self.kind, TokenKind::Keyword | TokenKind::Name) && self.text.eq_ignore_ascii_case(word)
    }

    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }

    pub fn is_end(&self) -> bool {
        self.kind == TokenKind::End
    }
}

/// AWS's complaint about a statement, with nothing after the colon where the text cannot be cut into tokens.
pub fn not_well_formed(detail: &str) -> ExpressionError {
    ExpressionError(format!("Statement wasn't well formed, can't be processed: {detail}"))
}

/// The longer first.
const SIGNS: [&str; 27] = [
    "<<", ">>", "<=", ">=", "<>", "!=", "||", "<", ">", "=", "+", "-", "*", "/", "%", "(", ")", "[", "]", "{", "}",
    ",", ".", ":", ";", "@", "~",
];

/// All tokens, with one for the end at last.
pub fn tokens(text: &str) -> Result<Vec<Token>, ExpressionError> {
    let mut cutter = Cutter { characters: text.chars().collect(), at: 0, line: 1, line_start: 0 };
    let mut tokens = Vec::new();
    loop {
        cutter.skip_blanks()?;
        let token = cutter.token()?;
        let end = token.is_end();
        tokens.push(token);
        if end {
            return Ok(tokens);
        }
    }
}

struct Cutter {
    characters: Vec<char>,
    at: usize,
    line: usize,
    line_start: usize,
}

impl Cutter {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied()
    }

    fn advance(&mut self) {
        if self.peek(0) == Some('\n') {
            self.line += 1;
            self.line_start = self.at + 1;
        }
        self.at += 1;
    }

    /// White space, and comments: `-- to the end of the line` and `/* between */`.
    fn skip_blanks(&mut self) -> Result<(), ExpressionError> {
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some(blank), _) if blank.is_whitespace() => self.advance(),
                (Some('-'), Some('-')) => {
                    while !matches!(self.peek(0), None | Some('\n')) {
                        self.advance();
                    }
                }
                (Some('/'), Some('*')) => {
                    self.at += 2;
                    while (self.peek(0), self.peek(1)) != (Some('*'), Some('/')) {
                        if self.peek(0).is_none() {
                            return Err(not_well_formed(""));
                        }
                        self.advance();
                    }
                    self.at += 2;
                }
                _ => return Ok(()),
            }
        }
    }

    fn token(&mut self) -> Result<Token, ExpressionError> {
        let (start, line, column) = (self.at, self.line, self.at - self.line_start + 1);
        let (kind, text) = match self.peek(0) {
            None => (TokenKind::End, String::new()),
            Some('\'') => (TokenKind::Text, self.quoted('\'')?),
            Some('"') => (TokenKind::QuotedName, self.quoted('"')?),
            Some('?') => {
                self.advance();
                (TokenKind::Parameter, "?".to_owned())
            }
            Some(first) if first.is_ascii_digit() => (TokenKind::Number, self.number()?),
            Some('.') if self.peek(1).is_some_and(|next| next.is_ascii_digit()) && !self.after_name() => {
                (TokenKind::Number, self.number()?)
            }
            Some(first) if first.is_alphabetic() || first == '_' || first == '$' => {
                let word = self.word();
                (if is_keyword(&word) { TokenKind::Keyword } else { TokenKind::Name }, word)
            }
            Some(_) => (TokenKind::Sign, self.sign()?),
        };
        Ok(Token { kind, text, at: Position { line, column, length: self.at - start } })
    }

    /// Whether a path stands directly before, which a point would go on with.
    fn after_name(&self) -> bool {
        let before = self.at.checked_sub(1).map(|before| self.characters[before]);
        before.is_some_and(|before| before.is_alphanumeric() || "_$\"]".contains(before))
    }

    fn word(&mut self) -> String {
        let start = self.at;
        while self.peek(0).is_some_and(|next| next.is_alphanumeric() || next == '_' || next == '$') {
            self.advance();
        }
        self.characters[start..self.at].iter().collect()
    }

    /// A quote stands for itself when it is doubled.
    fn quoted(&mut self, quote: char) -> Result<String, ExpressionError> {
        self.advance();
        let mut text = String::new();
        loop {
            let Some(next) = self.peek(0) else { return Err(not_well_formed("")) };
            self.advance();
            if next == quote {
                if self.peek(0) != Some(quote) {
                    return Ok(text);
                }
                self.advance();
            }
            text.push(next);
        }
    }

    /// `1`, `1.5`, `.5`, `1e-3`. Neither the exponent nor the scale may leave 32 bits.
    fn number(&mut self) -> Result<String, ExpressionError> {
        let start = self.at;
        self.digits();
        let mut fraction = 0;
        if self.peek(0) == Some('.') {
            self.advance();
            fraction = self.digits();
        }
        let mut exponent = 0;
        if matches!(self.peek(0), Some('e' | 'E')) {
            self.advance();
            let sign = self.peek(0).filter(|sign| "+-".contains(*sign));
            if sign.is_some() {
                self.advance();
            }
            let digits_start = self.at;
            self.digits();
            let digits: String = self.characters[digits_start..self.at].iter().collect();
            let size = digits.parse::<i32>().map(i64::from).map_err(|_| not_well_formed(""))?;
            exponent = if sign == Some('-') { -size } else { size };
        }
        if self.peek(0).is_some_and(|next| next.is_alphanumeric() || next == '_') {
            return Err(not_well_formed(""));
        }
        let scale = i64::try_from(fraction).unwrap_or(i64::MAX).saturating_sub(exponent);
        i32::try_from(scale).map_err(|_| not_well_formed(""))?;
        Ok(self.characters[start..self.at].iter().collect())
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while self.peek(0).is_some_and(|next| next.is_ascii_digit()) {
            self.advance();
        }
        self.at - start
    }

    fn sign(&mut self) -> Result<String, ExpressionError> {
        let fits = |sign: &&&str| sign.chars().enumerate().all(|(index, expected)| self.peek(index) == Some(expected));
        let Some(sign) = SIGNS.iter().find(fits) else { return Err(not_well_formed("")) };
        self.at += sign.len();
        Ok((*sign).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_statement_is_cut_into_tokens_with_their_places() {
        let shown = |text: &str| {
            let tokens = tokens(text).unwrap();
            tokens.iter().map(|token| format!("{} {}", token.text, token.at)).collect::<Vec<_>>()
        };
        assert_eq!(shown("a = 'it''s'"), ["a 1:1:1", "= 1:3:1", "it's 1:5:7", " 1:12:0"]);
        assert_eq!(shown("-- note\n\"a b\"/* x\n */.5"), ["a b 2:1:5", ".5 3:4:2", " 3:6:0"]);
        assert_eq!(
            shown("a.b[0]<<?>>"),
            [
                "a 1:1:1",
                ". 1:2:1",
                "b 1:3:1",
                "[ 1:4:1",
                "0 1:5:1",
                "] 1:6:1",
                "<< 1:7:2",
                "? 1:9:1",
                ">> 1:10:2",
                " 1:12:0"
            ]
        );
    }

    #[test]
    fn what_cannot_be_cut_is_not_well_formed() {
        for text in ["'open", "\"open", "/* open", "a # b", "1e2147483648", "1.5e-2147483647", "1x", "1e", "a!b"] {
            assert_eq!(tokens(text), Err(not_well_formed("")), "{text}");
        }
        for number in ["1", "1.5", ".5", "5.", "1e6", "731E+4", "1.5e-2147483646"] {
            assert_eq!(tokens(number).unwrap()[0].kind, TokenKind::Number, "{number}");
        }
    }
}
