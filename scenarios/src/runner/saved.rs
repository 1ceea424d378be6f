//! `${name}`: what an earlier step saved, in what a later one sends or expects.

use std::collections::BTreeMap;

use serde_json::Value;

/// The names that a text asks for. Only letters, digits and `_` make one: other braces are text.
pub fn names(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, name, after)) = next(rest) {
        names.push(name);
        rest = after;
    }
    names
}

pub fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// Fills in every name of `value`: a text that is only `${name}` becomes the saved value itself.
pub fn fill_in(value: &Value, saved: &BTreeMap<String, Value>) -> Value {
    match value {
        Value::String(text) => match next(text) {
            Some(("", name, "")) if saved.contains_key(name) => saved[name].clone(),
            _ => Value::String(fill_in_text(text, saved)),
        },
        Value::Array(items) => items.iter().map(|item| fill_in(item, saved)).collect(),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, member)| (name.clone(), fill_in(member, saved))).collect())
        }
        other => other.clone(),
    }
}

pub fn fill_in_text(text: &str, saved: &BTreeMap<String, Value>) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, name, after)) = next(rest) {
        filled.push_str(before);
        match saved.get(name) {
            Some(Value::String(text)) => filled.push_str(text),
            Some(other) => filled.push_str(&other.to_string()),
            None => filled.push_str(&rest[before.len()..rest.len() - after.len()]),
        }
        rest = after;
    }
    filled + rest
}

/// What stands before the next name, the name, and what follows it.
fn next(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("${").map(|at| from + at) {
        let inside = &text[at + 2..];
        if let Some((name, after)) = inside.split_once('}')
            && is_name(name)
        {
            return Some((&text[..at], name, after));
        }
        from = at + 2;
    }
    None
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_filled_in_and_other_braces_stay() {
        let saved = BTreeMap::from([("n".to_owned(), json!(7)), ("arn".to_owned(), json!("arn:${n}"))]);
        for (text, expected) in [
            ("${n}", json!(7)),
            ("a ${n} b ${arn}", json!("a 7 b arn:${n}")),
            ("${ n } ${} ${a-b} ${n", json!("${ n } ${} ${a-b} ${n")),
            ("${other}", json!("${other}")),
        ] {
            assert_eq!(fill_in(&json!(text), &saved), expected, "{text}");
        }
        assert_eq!(fill_in(&json!({"a": ["${arn}"]}), &saved), json!({"a": ["arn:${n}"]}));
        assert_eq!(names("${n} ${ x } ${arn}"), ["n", "arn"]);
    }
}
