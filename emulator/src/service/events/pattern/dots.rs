//! Events whose fields have dots in their names, as patterns see them.
//!
//! Event Ruler joins the names on a field's path by dots, so that `{"a.b": 1}` and `{"a": {"b": 1}}` are the same to
//! it. Patterns are compiled as paths; events with dots, which are rare, are rewritten as such before they are asked.
//!
//! # Differences
//!
//! - Names that would lead deeper than [`STEPS_MAX`] stay one name, so that no event is deeper than a thread's stack.

use std::borrow::Cow;

use serde_json::map::Entry;
use serde_json::{Map, Value};

/// How deep dots lead.
const STEPS_MAX: usize = 128;

/// The steps that a name stands for, where `depth` steps lead to its object.
pub fn steps(name: &str, depth: usize) -> Vec<&str> {
    let too_deep = name.split('.').nth(STEPS_MAX.saturating_sub(depth)).is_some();
    if too_deep { vec![name] } else { name.split('.').collect() }
}

/// The event with every dot in a name taken for a step.
pub fn as_paths(event: &Value) -> Cow<'_, Value> {
    if has_dots(event) { Cow::Owned(rewritten(event, 0)) } else { Cow::Borrowed(event) }
}

fn has_dots(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.iter().any(|(name, field)| name.contains('.') || has_dots(field)),
        Value::Array(elements) => elements.iter().any(has_dots),
        _ => false,
    }
}

fn rewritten(value: &Value, depth: usize) -> Value {
    match value {
        Value::Object(fields) => {
            let mut paths = Map::new();
            for (name, field) in fields {
                let steps = steps(name, depth);
                let Some((first, below)) = steps.split_first() else { continue };
                let field = rewritten(field, depth + steps.len());
                let field = below
                    .iter()
                    .rfold(field, |field, name| Value::Object(Map::from_iter([((*name).to_owned(), field)])));
                join(&mut paths, first, field);
            }
            Value::Object(paths)
        }
        Value::Array(elements) => Value::Array(elements.iter().map(|element| rewritten(element, depth)).collect()),
        scalar => scalar.clone(),
    }
}

/// Both of two fields with one path stay: objects are joined, other values stand side by side.
fn join(fields: &mut Map<String, Value>, name: &str, field: Value) {
    match fields.entry(name) {
        Entry::Vacant(entry) => {
            entry.insert(field);
        }
        Entry::Occupied(mut entry) => match (entry.get_mut(), field) {
            (Value::Object(known), Value::Object(others)) => {
                for (name, other) in others {
                    join(known, &name, other);
                }
            }
            (known, field) => *known = Value::Array(vec![known.take(), field]),
        },
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_with_dots_become_paths() {
        for (event, expected) in [
            (json!({"a": {"b": 1}}), json!({"a": {"b": 1}})),
            (json!({"a.b": 1}), json!({"a": {"b": 1}})),
            (json!({"a.b.c": 1, "a.b.d": 2}), json!({"a": {"b": {"c": 1, "d": 2}}})),
            (json!({"a": {"b": 1}, "a.c": 2}), json!({"a": {"b": 1, "c": 2}})),
            (json!({"a": {"b": 1}, "a.b": 2}), json!({"a": {"b": [1, 2]}})),
            (json!({"a": [{"b.c": 1}]}), json!({"a": [{"b": {"c": 1}}]})),
            (json!({".": 1}), json!({"": {"": 1}})),
        ] {
            assert_eq!(*as_paths(&event), expected, "{event}");
        }
    }

    #[test]
    fn dots_lead_no_deeper_than_a_stack_allows() {
        let long = ".".repeat(100_000);
        let event = json!({ &long: 1 });
        assert_eq!(*as_paths(&event), event);
        let nested = (0..120).fold(json!(1), |below, _| json!({ &*"a.".repeat(90): below }));
        let mut depth = 0;
        let mut at = &*as_paths(&nested);
        while let Some(field) = at.as_object().and_then(|fields| fields.values().next()) {
            (depth, at) = (depth + 1, field);
        }
        assert_eq!(depth, 91 + 119);
    }
}
