//! The text of an `InputTemplate`: what stands there, and where `<name>` wants a value.

/// A template, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder { name: String, place: Place },
}

/// The most that a target takes is 1 MiB (SQS, Kinesis): what is beyond it is refused there.
const FILLED_BYTES_MAX: usize = 1 << 20;

/// Where a placeholder stands: a value inserted there must fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Inside the quotes of a JSON string.
    String,
    /// Where a JSON value could stand.
    Value,
}

impl Template {
    pub fn parse(text: &str) -> Self {
        let mut pieces = Vec::new();
        let (mut literal, mut place, mut escaped) = (String::new(), Place::Value, false);
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if let Some((name, after)) = placeholder(rest) {
                if !literal.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut literal)));
                }
                pieces.push(Piece::Placeholder { name: name.to_owned(), place });
                (rest, escaped) = (after, false);
                continue;
            }
            match (character, place) {
                ('"', Place::String) if !escaped => place = Place::Value,
                ('"', Place::Value) => place = Place::String,
                _ => {}
            }
            escaped = character == '\\' && !escaped && place == Place::String;
            literal.push(character);
            rest = &rest[character.len_utf8()..];
        }
        if !literal.is_empty() {
            pieces.push(Piece::Text(literal));
        }
        Self { pieces }
    }

    /// The names of all placeholders, as often as they stand there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Placeholder { name, .. } => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text with `value` in the place of each placeholder. It ends where it is longer than any target takes: a
    /// template of 8 KB that asks for an event of 1 MB again and again would come to gigabytes.
    pub fn fill(&self, mut value: impl FnMut(&str, Place) -> String) -> String {
        self.pieces.iter().fold(String::new(), |mut filled, piece| {
            match piece {
                _ if filled.len() > FILLED_BYTES_MAX => {}
                Piece::Text(text) => filled.push_str(text),
                Piece::Placeholder { name, place } => filled.push_str(&value(name, *place)),
            }
            filled
        })
    }
}

/// The name in `<name>`, and what follows.
fn placeholder(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.strip_prefix('<')?.split_once('>')?;
    let allowed = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.');
    (!name.is_empty() && name.chars().all(allowed)).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_know_whether_they_stand_in_a_string() {
        for (text, expected) in [
            ("<a>", "V(a)"),
            (r#""<a>""#, r#""S(a)""#),
            (r#"{"x": <a>, "y": "is <b-1>"}"#, r#"{"x": V(a), "y": "is S(b-1)"}"#),
            (r#""say \"<a>\" and <b>" <c>"#, r#""say \"S(a)\" and S(b)" V(c)"#),
            (r#""\\" <a>"#, r#""\\" V(a)"#),
            ("\"<a>\"\n\"<b>\"", "\"S(a)\"\n\"S(b)\""),
            ("<aws.events.event.json>", "V(aws.events.event.json)"),
            ("a < b, <>, < a>, </a>, <ä>, <a", "a < b, <>, < a>, </a>, <ä>, <a"),
            ("<<a>>", "<V(a)>"),
            ("", ""),
        ] {
            let filled = Template::parse(text).fill(|name, place| match place {
                Place::String => format!("S({name})"),
                Place::Value => format!("V({name})"),
            });
            assert_eq!(filled, expected, "{text}");
        }
    }

    #[test]
    fn a_text_that_no_target_takes_is_not_made_to_its_end() {
        let event = "x".repeat(256 << 10);
        let mut asked = 0;
        let filled = Template::parse(&"<e>".repeat(2730)).fill(|_, _| {
            asked += 1;
            event.clone()
        });
        assert_eq!((asked, filled.len()), (5, 5 * (256 << 10)));
    }
}
