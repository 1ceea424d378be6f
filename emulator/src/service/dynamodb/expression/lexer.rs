//! Expression text to tokens.

/// What a token is; its text is kept beside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A keyword, a function or an attribute's name.
    Word,
    /// `#name`
    Name,
    /// `:value`
    Value,
    /// Digits alone: a list index.
    Digits,
    /// An operator or punctuation.
    Sign,
    /// What has no place in any expression.
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub kind: TokenKind,
    pub text: &'a str,
    /// Where it stands, in bytes.
    pub start: usize,
    pub end: usize,
}

impl Token<'_> {
    pub fn is_sign(&self, sign: &str) -> bool {
        self.kind == TokenKind::Sign && self.text == sign
    }

    /// Keywords are read in any case.
    pub fn is_keyword(&self, keyword: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(keyword)
    }
}

/// The tokens of `text`, the last of which is the end.
pub fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = 0;
    loop {
        at += text[at..].len() - text[at..].trim_ascii_start().len();
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else {
            tokens.push(Token { kind: TokenKind::End, text: "<EOF>", start: at, end: at });
            return tokens;
        };
        let (kind, length) = token(rest, first);
        tokens.push(Token { kind, text: &rest[..length], start: at, end: at + length });
        at += length;
    }
}

/// The kind and the length in bytes of the token that `rest` begins with.
fn token(rest: &str, first: char) -> (TokenKind, usize) {
    let word = |from: usize| {
        let bytes = rest.as_bytes()[from..].iter();
        from + bytes.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
    };
    match first {
        'a'..='z' | 'A'..='Z' => (TokenKind::Word, word(0)),
        '0'..='9' => {
            let length = word(0);
            let digits = rest.as_bytes()[..length].iter().all(u8::is_ascii_digit);
            (if digits { TokenKind::Digits } else { TokenKind::Word }, length)
        }
        '#' if word(1) > 1 => (TokenKind::Name, word(1)),
        ':' if word(1) > 1 => (TokenKind::Value, word(1)),
        '<' if rest.starts_with("<>") || rest.starts_with("<=") => (TokenKind::Sign, 2),
        '>' if rest.starts_with(">=") => (TokenKind::Sign, 2),
        '=' | '<' | '>' | '(' | ')' | '[' | ']' | ',' | '.' | '+' | '-' => (TokenKind::Sign, 1),
        _ => (TokenKind::Unknown, word(first.len_utf8())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_falls_into_tokens() {
        for (text, expected) in [
            ("a=:v", "a = :v <EOF>"),
            ("SET #n.b[10] = a_1 - :v", "SET #n . b [ 10 ] = a_1 - :v <EOF>"),
            ("a<>b<=c>=d<e>f", "a <> b <= c >= d < e > f <EOF>"),
            ("1a # é _x", "1a # é _x <EOF>"),
            ("  ", "<EOF>"),
        ] {
            let found: Vec<&str> = tokens(text).iter().map(|token| token.text).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
        assert_eq!(tokens("_x")[0].kind, TokenKind::Unknown);
        assert_eq!(tokens("1a")[0].kind, TokenKind::Word);
    }
}
