//! Texts with `*` in them. `\*` and `\\` stand for the characters themselves.

/// What stands between the stars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wildcard {
    pieces: Vec<String>,
}

impl Wildcard {
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = vec![String::new()];
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            // AWS counts from the quote in front of the text.
            let position = at + 1;
            let next = characters.peek().map(|(_, next)| *next);
            let literal = match (character, next) {
                ('*', Some('*')) => return Err(format!("Consecutive wildcard characters at pos {position}")),
                ('*', _) => {
                    pieces.push(String::new());
                    continue;
                }
                ('\\', Some(escaped @ ('*' | '\\'))) => {
                    characters.next();
                    escaped
                }
                ('\\', _) => return Err(format!("Invalid escape character at pos {position}")),
                (literal, _) => literal,
            };
            pieces.last_mut().expect("there is always a piece").push(literal);
        }
        Ok(Self { pieces })
    }

    /// What every text that matches begins with, and what it ends with.
    pub fn ends(&self) -> (&str, &str) {
        let (first, last) = (self.pieces.first(), self.pieces.last());
        (first.map_or("", String::as_str), last.map_or("", String::as_str))
    }

    /// The characters between the stars, in order: nothing stands for a star.
    pub fn steps(&self) -> Vec<Option<char>> {
        let mut steps = Vec::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if index > 0 {
                steps.push(None);
            }
            steps.extend(piece.chars().map(Some));
        }
        steps
    }

    pub fn matches(&self, text: &str) -> bool {
        let (first, others) = self.pieces.split_first().expect("there is always a piece");
        let Some((last, middle)) = others.split_last() else { return text == first };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else { return false };
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}
