//! `{{m.NAME}}` in replies: what the rule's regular expression captured.
//!
//! Only that exact form is a template; other braces are text, as in JSON.

use serde_json::Value;

use super::when::Captures;

/// The text with its captures filled in.
pub fn fill(text: &str, captures: &Captures) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        filled.push_str(captures.get(name).map_or("", String::as_str));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The same in every text of a JSON value, keys left alone.
pub fn fill_json(value: &Value, captures: &Captures) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, captures)),
        Value::Array(items) => items.iter().map(|item| fill_json(item, captures)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(key, value)| (key.clone(), fill_json(value, captures))).collect())
        }
        other => other.clone(),
    }
}

/// The names that a text asks for.
pub fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        names.push(name);
        rest = after;
    }
    names
}

/// What stands before the next template, its name, and what follows it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    const OPEN: &str = "{{m.";
    let mut from = 0;
    while let Some(at) = text[from..].find(OPEN).map(|at| from + at) {
        let inside = &text[at + OPEN.len()..];
        let length = inside.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(inside.len());
        let (name, after) = inside.split_at(length);
        if let Some(after) = after.strip_prefix("}}")
            && !name.is_empty()
        {
            return Some((&text[..at], name, after));
        }
        from = at + OPEN.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captures_are_filled_in_and_other_braces_stay() {
        let captures = Captures::from([("uid".to_owned(), "u_1".to_owned()), ("1".to_owned(), "é".to_owned())]);
        for (text, expected) in [
            ("", ""),
            ("hello {{m.uid}}{{m.1}}!", "hello u_1é!"),
            (r#"{"a":{"b":{{m.uid}}}}"#, r#"{"a":{"b":u_1}}"#),
            ("{{m.}} {{m.uid} {{ m.uid }} {{n.uid}} {{m.{{m.uid}}", "{{m.}} {{m.uid} {{ m.uid }} {{n.uid}} {{m.u_1"),
        ] {
            assert_eq!(fill(text, &captures), expected, "{text}");
        }
        assert_eq!(names("{{m.uid}} {{m.2}} {{m.}}"), ["uid", "2"]);
        let filled = fill_json(&serde_json::json!({"{{m.uid}}": ["{{m.uid}}", 1]}), &captures);
        assert_eq!(filled.to_string(), r#"{"{{m.uid}}":["u_1",1]}"#);
    }
}
