//! What an answer must be: the body of a first answer, except for keys and numbers.

use super::request::{KEY_DIGITS, digits};

/// A body with places that differ from call to call. Everything else is compared byte by byte.
#[derive(Clone, Debug)]
pub struct Pattern {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
    Literal(Vec<u8>),
    /// The digits of the key that was asked for.
    Key,
    /// A number of any length: a counter.
    Number,
    /// Letters, digits and signs of base64: a token.
    Token,
}

impl Pattern {
    /// A body that is always the same.
    pub fn constant(body: Vec<u8>) -> Self {
        Self { pieces: vec![Piece::Literal(body)] }
    }

    /// Learns from the answer for `key`. What stands behind one of the texts `varying_after` may be another number,
    /// or another token.
    pub fn learn(body: &[u8], key: u32, varying_after: &[&str]) -> Self {
        let key = digits(key);
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut at = 0;
        while at < body.len() {
            let rest = &body[at..];
            if rest.starts_with(&key) {
                pieces.extend([Piece::Literal(std::mem::take(&mut literal)), Piece::Key]);
                at += KEY_DIGITS;
            } else if let Some(before) = varying_after.iter().find(|before| rest.starts_with(before.as_bytes())) {
                literal.extend_from_slice(before.as_bytes());
                at += before.len();
                let (number, token) = (leading_digits(&body[at..]), token_bytes(&body[at..]));
                let piece = if number == token { Piece::Number } else { Piece::Token };
                pieces.extend([Piece::Literal(std::mem::take(&mut literal)), piece]);
                at += token;
            } else {
                literal.push(body[at]);
                at += 1;
            }
        }
        pieces.push(Piece::Literal(literal));
        Self { pieces }
    }

    /// Whether `body` is this answer for `key`.
    pub fn fits(&self, body: &[u8], key: u32) -> bool {
        let mut rest = body;
        for piece in &self.pieces {
            let stripped = match piece {
                Piece::Literal(literal) => rest.strip_prefix(&literal[..]),
                Piece::Key => rest.strip_prefix(&digits(key)),
                Piece::Number => Some(leading_digits(rest)).filter(|count| *count > 0).map(|count| &rest[count..]),
                Piece::Token => Some(token_bytes(rest)).filter(|count| *count > 0).map(|count| &rest[count..]),
            };
            let Some(stripped) = stripped else { return false };
            rest = stripped;
        }
        rest.is_empty()
    }
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn token_bytes(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_and_counters_may_differ() {
        let body = br#"{"pk":"item-00000003","n":{"N":"41"},"t":"a00000003"}"#;
        let pattern = Pattern::learn(body, 3, &[r#"{"N":""#]);
        for (body, key, fits) in [
            (r#"{"pk":"item-00000003","n":{"N":"41"},"t":"a00000003"}"#, 3, true),
            (r#"{"pk":"item-00000017","n":{"N":"7"},"t":"a00000017"}"#, 17, true),
            (r#"{"pk":"item-00000017","n":{"N":"7"},"t":"a00000017"}"#, 18, false),
            (r#"{"pk":"item-00000017","n":{"N":""},"t":"a00000017"}"#, 17, false),
            (r#"{"pk":"item-00000017","n":{"N":"7"},"t":"b00000017"}"#, 17, false),
            (r#"{"pk":"item-00000017","n":{"N":"7"},"t":"a00000017"} "#, 17, false),
            ("", 3, false),
        ] {
            assert_eq!(pattern.fits(body.as_bytes(), key), fits, "{body}");
        }
    }

    #[test]
    fn tokens_may_differ_where_one_was_learnt() {
        let pattern = Pattern::learn(br#"{"next":"AAb/+=","behind":0}"#, 3, &[r#""next":""#, r#""behind":"#]);
        for (body, fits) in [
            (r#"{"next":"x9","behind":120}"#, true),
            (r#"{"next":"","behind":120}"#, false),
            (r#"{"next":"x9","behind":x}"#, false),
            (r#"{"next":"x 9","behind":1}"#, false),
        ] {
            assert_eq!(pattern.fits(body.as_bytes(), 3), fits, "{body}");
        }
    }
}
