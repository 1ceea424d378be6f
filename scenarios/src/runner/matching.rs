//! Whether an answer has what a scenario expects of it.
//!
//! A map matches a map that has its members and maybe more; a list matches a
//! list of the same length, item by item; anything else matches its equal.
//! Four maps with one key ask other questions:
//!
//! | expected | holds for |
//! |---|---|
//! | `{$any: true}` | anything that is there |
//! | `{$absent: true}` | a member that is not there |
//! | `{$length: 5}` | a list or text of that length |
//! | `{json: ...}` | JSON in a string or in base64 that matches |

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rehearsal_emulator::service::bedrock::script::mistake::unknown;
use serde_json::Value;

const QUESTIONS: &[&str] = &["$any", "$absent", "$length"];

/// What is wrong with an expectation, whatever the answer.
pub fn check(expected: &Value) -> Result<(), String> {
    let members = match expected {
        Value::Array(items) => return items.iter().try_for_each(check),
        Value::Object(members) => members,
        _ => return Ok(()),
    };
    for (name, operand) in members.iter().filter(|(name, _)| name.starts_with('$')) {
        if !QUESTIONS.contains(&name.as_str()) {
            return Err(unknown("question", name, QUESTIONS));
        }
        if members.len() > 1 {
            return Err(format!("`{name}` stands alone in its map"));
        }
        match name.as_str() {
            "$length" if !operand.is_u64() => return Err(format!("`$length` is a whole number, not {operand}")),
            "$any" | "$absent" if *operand != Value::Bool(true) => return Err(format!("write `{{{name}: true}}`")),
            _ => {}
        }
    }
    members.values().try_for_each(check)
}

/// Where and how `actual` differs from `expected`; nothing if it matches.
pub fn difference(expected: &Value, actual: &Value) -> Option<String> {
    differ("$", expected, Some(actual))
}

fn differ(path: &str, expected: &Value, actual: Option<&Value>) -> Option<String> {
    if let Some((question, operand)) = question(expected) {
        return ask(path, question, operand, actual);
    }
    let Some(actual) = actual else {
        return Some(format!("{path} is missing, expected {expected}"));
    };
    match (expected, actual) {
        (Value::Object(expected), Value::Object(members)) => {
            expected.iter().find_map(|(name, expected)| differ(&format!("{path}.{name}"), expected, members.get(name)))
        }
        (Value::Array(expected), Value::Array(items)) if expected.len() == items.len() => expected
            .iter()
            .zip(items)
            .enumerate()
            .find_map(|(index, (expected, item))| differ(&format!("{path}[{index}]"), expected, Some(item))),
        (Value::Array(expected), Value::Array(items)) => {
            Some(format!("{path} has {} items, expected {}: {actual}", items.len(), expected.len()))
        }
        _ if expected == actual => None,
        _ => Some(format!("{path} is {actual}, expected {expected}")),
    }
}

fn question(expected: &Value) -> Option<(&str, &Value)> {
    let members = expected.as_object().filter(|members| members.len() == 1)?;
    let (name, operand) = members.iter().next()?;
    (QUESTIONS.contains(&name.as_str()) || name == "json").then_some((name, operand))
}

fn ask(path: &str, question: &str, operand: &Value, actual: Option<&Value>) -> Option<String> {
    match (question, actual) {
        ("$absent", None) | ("$any", Some(_)) => None,
        ("$absent", Some(actual)) => Some(format!("{path} is {actual}, expected nothing there")),
        ("$any", None) => Some(format!("{path} is missing")),
        ("$length", Some(actual)) => {
            let length = match actual {
                Value::Array(items) => items.len(),
                Value::String(text) => text.chars().count(),
                _ => return Some(format!("{path} is {actual}, which has no length")),
            };
            (Some(length as u64) != operand.as_u64()).then(|| format!("{path} has length {length}, expected {operand}"))
        }
        ("json", Some(Value::String(text))) => {
            let decoded = STANDARD.decode(text).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let inner: Option<Value> = decoded.or_else(|| serde_json::from_str(text).ok());
            match inner {
                Some(inner) => differ(path, operand, Some(&inner)),
                None => Some(format!("{path} holds no JSON: {text}")),
            }
        }
        // A member that happens to be called `json`.
        ("json", Some(Value::Object(members))) => differ(&format!("{path}.json"), operand, members.get("json")),
        (_, None) => Some(format!("{path} is missing")),
        (_, Some(actual)) => Some(format!("{path} is {actual}, expected {{{question}: {operand}}}")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::difference;

    #[test]
    fn an_answer_may_have_more_than_is_expected_but_not_less_or_else() {
        let actual = json!({"Item": {"n": {"N": "1"}, "l": [1, 2]}, "Data": "eyJhIjoxfQ==", "Detail": "{\"a\":1}"});
        for expected in [
            json!({}),
            json!({"Item": {"n": {"N": "1"}}}),
            json!({"Item": {"l": [1, {"$any": true}], "x": {"$absent": true}}}),
            json!({"Item": {"l": {"$length": 2}}}),
            json!({"Data": {"json": {"a": 1}}, "Detail": {"json": {"a": 1}}}),
        ] {
            assert_eq!(difference(&expected, &actual), None, "{expected}");
        }
        for (expected, message) in [
            (json!({"Item": {"n": {"N": "2"}}}), "$.Item.n.N is \"1\", expected \"2\""),
            (json!({"Item": {"l": [1]}}), "$.Item.l has 2 items, expected 1: [1,2]"),
            (json!({"Items": []}), "$.Items is missing, expected []"),
            (json!({"Item": {"$absent": true}}), "expected nothing there"),
            (json!({"Item": {"l": {"$length": 3}}}), "$.Item.l has length 2, expected 3"),
            (json!({"Data": {"json": {"a": 2}}}), "$.Data.a is 1, expected 2"),
        ] {
            let found = difference(&expected, &actual).unwrap_or_default();
            assert!(found.contains(message), "{expected}: {found}");
        }
    }
}
