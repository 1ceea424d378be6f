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
}

impl Pattern {
    /// A body that is always the same.
    pub fn constant(body: Vec<u8>) -> Self {
        Self { pieces: vec![Piece::Literal(body)] }
    }

    /// Learns from the answer for `key`. With `counter_after`, the digits behind this text may be others.
    pub fn learn(body: &[u8], key: u32, counter_after: Option<&str>) -> Self {
        let (key, counter) = (digits(key), counter_after.map(str::as_bytes));
        let mut pieces = Vec::new();
        let mut literal = Vec::new();
        let mut at = 0;
        while at < body.len() {
            let rest = &body[at..];
            if rest.starts_with(&key) {
                pieces.extend([Piece::Literal(std::mem::take(&mut literal)), Piece::Key]);
                at += KEY_DIGITS;
            } else if let Some(counter) = counter.filter(|counter| rest.starts_with(counter)) {
                literal.extend_from_slice(counter);
                pieces.extend([Piece::Literal(std::mem::take(&mut literal)), Piece::Number]);
                at += counter.len();
                at += leading_digits(&body[at..]);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_and_counters_may_differ() {
        let body = br#"{"pk":"item-00000003","n":{"N":"41"},"t":"a00000003"}"#;
        let pattern = Pattern::learn(body, 3, Some(r#"{"N":""#));
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
}
