//! The JSON paths of a script: `$.order.items[0]['the name']`; `[-1]` from the end, `[*]` and `.*` for all.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    /// From the end where it is negative.
    Index(i64),
    Any,
}

impl JsonPath {
    pub fn parse(text: &str) -> Result<Self, String> {
        let steps = steps(text).ok_or_else(|| {
            format!("`{text}` is no JSON path: write for example `$.order.items[0].id`, `$['the name']`, `$[*].id`")
        })?;
        Ok(Self { text: text.to_owned(), steps })
    }

    /// Everything the path leads to, in the value's order.
    pub fn find<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        let mut found = vec![value];
        for step in &self.steps {
            found = found.into_iter().flat_map(|value| step.from(value)).collect();
        }
        found
    }

    /// Changes everything the path leads to. Says whether that was anything.
    pub fn change(&self, value: &mut Value, with: &mut dyn FnMut(&mut Value)) -> bool {
        change(value, &self.steps, with)
    }

    /// Takes away everything the path leads to. Says whether that was anything.
    pub fn remove(&self, value: &mut Value) -> bool {
        let Some((last, steps)) = self.steps.split_last() else { return false };
        let mut removed = false;
        change(value, steps, &mut |holder| removed |= last.remove(holder));
        removed
    }
}

fn change(value: &mut Value, steps: &[Step], with: &mut dyn FnMut(&mut Value)) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        with(value);
        return true;
    };
    match (step, value) {
        (Step::Name(name), Value::Object(members)) => {
            members.get_mut(name).is_some_and(|member| change(member, rest, with))
        }
        (Step::Index(index), Value::Array(items)) => {
            let place = place(*index, items.len());
            place.and_then(|place| items.get_mut(place)).is_some_and(|item| change(item, rest, with))
        }
        (Step::Any, Value::Array(items)) => items.iter_mut().fold(false, |any, item| change(item, rest, with) | any),
        (Step::Any, Value::Object(members)) => {
            members.values_mut().fold(false, |any, member| change(member, rest, with) | any)
        }
        _ => false,
    }
}

impl Step {
    fn from<'a>(&self, value: &'a Value) -> Vec<&'a Value> {
        match (self, value) {
            (Step::Name(name), Value::Object(members)) => members.get(name).into_iter().collect(),
            (Step::Index(index), Value::Array(items)) => {
                place(*index, items.len()).and_then(|place| items.get(place)).into_iter().collect()
            }
            (Step::Any, Value::Array(items)) => items.iter().collect(),
            (Step::Any, Value::Object(members)) => members.values().collect(),
            _ => Vec::new(),
        }
    }

    fn remove(&self, holder: &mut Value) -> bool {
        match (self, holder) {
            (Step::Name(name), Value::Object(members)) => members.shift_remove(name).is_some(),
            (Step::Index(index), Value::Array(items)) => {
                let place = place(*index, items.len()).filter(|place| *place < items.len());
                place.map(|place| items.remove(place)).is_some()
            }
            (Step::Any, Value::Array(items)) => !std::mem::take(items).is_empty(),
            (Step::Any, Value::Object(members)) => !std::mem::take(members).is_empty(),
            _ => false,
        }
    }
}

fn place(index: i64, length: usize) -> Option<usize> {
    match usize::try_from(index) {
        Ok(place) => Some(place),
        Err(_) => length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?),
    }
}

fn steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let step;
        (step, rest) = match rest.strip_prefix('.') {
            Some(rest) => after_dot(rest)?,
            None => in_brackets(rest.strip_prefix('[')?)?,
        };
        steps.push(step);
    }
    Some(steps)
}

fn after_dot(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let allowed = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '$' | '@' | '/');
    match name {
        "*" => Some((Step::Any, rest)),
        "" => None,
        _ => name.chars().all(allowed).then(|| (Step::Name(name.to_owned()), rest)),
    }
}

fn in_brackets(text: &str) -> Option<(Step, &str)> {
    if let Some(quote @ ('\'' | '"')) = text.chars().next() {
        let (name, rest) = text[1..].split_once(quote)?;
        return Some((Step::Name(name.to_owned()), rest.strip_prefix(']')?));
    }
    let (inside, rest) = text.split_once(']')?;
    let step = if inside == "*" { Step::Any } else { Step::Index(inside.parse().ok()?) };
    Some((step, rest))
}

impl FromStr for JsonPath {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::parse(text)
    }
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for JsonPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// Equal as JSON is: `7` and `7.0` are one number.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let in_other = |(name, value)| other.get(name).is_some_and(|there| same(value, there));
            one.len() == other.len() && one.iter().all(in_other)
        }
        _ => one == other,
    }
}

/// The JSON of a text: all of it, or the first object or array in it, as prompts carry documents.
pub fn json_in(text: &str) -> Option<Value> {
    /// Where a value could begin: more are not tried, or a text of brackets would take for ever.
    const TRIED: usize = 32;
    if let Ok(value) = serde_json::from_str(text) {
        return Some(value);
    }
    let starts = text.match_indices(['{', '[']).take(TRIED);
    starts.into_iter().find_map(|(at, _)| serde_json::Deserializer::from_str(&text[at..]).into_iter().next()?.ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_what_it_names() {
        let value: Value =
            serde_json::from_str(r#"{"id":"e","items":[{"n":1},{"n":2}],"a b":null,"x":{"y":true}}"#).unwrap();
        for (path, expected) in [
            ("$", r#"[{"id":"e","items":[{"n":1},{"n":2}],"a b":null,"x":{"y":true}}]"#),
            ("$.id", r#"["e"]"#),
            ("$['a b']", "[null]"),
            ("$.items[1].n", "[2]"),
            ("$.items[-1].n", "[2]"),
            ("$.items[*].n", "[1,2]"),
            ("$.x.*", "[true]"),
            ("$.items[2]", "[]"),
            ("$.items[-3]", "[]"),
            ("$.id.deeper", "[]"),
        ] {
            let found: Vec<Value> = JsonPath::parse(path).expect(path).find(&value).into_iter().cloned().collect();
            assert_eq!(Value::Array(found).to_string(), expected, "{path}");
        }
        for path in ["", "id", "$id", "$.", "$..id", "$[", "$[x]", "$['a'", "$.a b"] {
            assert!(JsonPath::parse(path).is_err(), "{path}");
        }
    }

    #[test]
    fn what_a_path_leads_to_is_changed_or_removed() {
        for (path, without) in [
            ("$[0].a", r#"[{"b":2},{"a":3}]"#),
            ("$[*].a", r#"[{"b":2},{}]"#),
            ("$[1]", r#"[{"a":1,"b":2}]"#),
            ("$[7]", r#"[{"a":1,"b":2},{"a":3}]"#),
            ("$", r#"[{"a":1,"b":2},{"a":3}]"#),
        ] {
            let mut value: Value = serde_json::from_str(r#"[{"a":1,"b":2},{"a":3}]"#).unwrap();
            JsonPath::parse(path).unwrap().remove(&mut value);
            assert_eq!(value.to_string(), without, "{path}");
        }
        let mut value: Value = serde_json::from_str(r#"[{"a":1,"b":2},{"a":3}]"#).unwrap();
        assert!(JsonPath::parse("$[*].a").unwrap().change(&mut value, &mut |it| *it = Value::Null));
        assert_eq!(value.to_string(), r#"[{"a":null,"b":2},{"a":null}]"#);
    }

    #[test]
    fn a_prompt_carries_json_among_words() {
        for (text, expected) in [
            ("7", Some("7")),
            (r#"Handle {this}: {"a":[1]} at once"#, Some(r#"{"a":[1]}"#)),
            ("see [1] for more", Some("[1]")),
            ("no JSON {at all", None),
            ("", None),
        ] {
            assert_eq!(json_in(text).map(|value| value.to_string()).as_deref(), expected, "{text}");
        }
        assert!(same(&serde_json::json!({"a": [7]}), &serde_json::json!({"a": [7.0]})));
        assert!(!same(&serde_json::json!({"a": 7}), &serde_json::json!({"a": 7, "b": 1})));
    }
}
