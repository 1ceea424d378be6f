//! The JSON paths of `InputPath` and `PartitionKeyPath`: `$.detail.items[0]['the name']`.
//!
//! AWS's guide: dot notation, dashes, underscores, alphanumeric characters,
//! array indices, wildcards (*), forward slashes; and brackets for names.
//!
//! # Differences
//!
//! - A path with a wildcard finds an array of everything it meets (assumed).

use serde_json::Value;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath {
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    Any,
}

impl JsonPath {
    /// Nothing if the text is no path.
    pub fn parse(text: &str) -> Option<Self> {
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
        Some(Self { steps })
    }

    pub fn find(&self, value: &Value) -> Option<Value> {
        let mut found = Vec::new();
        collect(value, &self.steps, &mut found);
        if self.steps.contains(&Step::Any) {
            return Some(Value::Array(found.into_iter().cloned().collect()));
        }
        found.first().map(|value| (*value).clone())
    }
}

fn after_dot(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let allowed = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '/');
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

fn collect<'a>(value: &'a Value, steps: &[Step], found: &mut Vec<&'a Value>) {
    let Some((step, rest)) = steps.split_first() else {
        found.push(value);
        return;
    };
    match (step, value) {
        (Step::Name(name), Value::Object(fields)) => {
            if let Some(field) = fields.get(name) {
                collect(field, rest, found);
            }
        }
        (Step::Index(index), Value::Array(elements)) => {
            if let Some(element) = elements.get(*index) {
                collect(element, rest, found);
            }
        }
        (Step::Any, Value::Array(elements)) => elements.iter().for_each(|element| collect(element, rest, found)),
        (Step::Any, Value::Object(fields)) => fields.values().for_each(|field| collect(field, rest, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_finds_what_it_names() {
        let event = r#"{"id":"e","detail":{"user-id":7,"items":[{"n":1},{"n":2}],"a b":null,"x/y":true}}"#;
        let event: Value = serde_json::from_str(event).unwrap();
        for (path, expected) in [
            ("$.id", Some(r#""e""#)),
            ("$.detail.user-id", Some("7")),
            ("$.detail.items[1].n", Some("2")),
            ("$.detail['items'][0]", Some(r#"{"n":1}"#)),
            ("$[\"id\"]", Some(r#""e""#)),
            ("$.detail['a b']", Some("null")),
            ("$.detail.x/y", Some("true")),
            ("$.detail.items[*].n", Some("[1,2]")),
            ("$.detail.items.*", Some(r#"[{"n":1},{"n":2}]"#)),
            ("$.detail.items[2]", None),
            ("$.detail.missing", None),
            ("$.id.deeper", None),
        ] {
            let found = JsonPath::parse(path).unwrap().find(&event).map(|value| value.to_string());
            assert_eq!(found.as_deref(), expected, "{path}");
        }
        assert_eq!(JsonPath::parse("$").unwrap().find(&event), Some(event));
    }

    #[test]
    fn other_texts_are_no_paths() {
        for text in ["", "detail", "$detail", "$.", "$..a", "$.a[", "$.a[b]", "$.a[-1]", "$['a", "$.a b", "$.a['b'"] {
            assert_eq!(JsonPath::parse(text), None, "{text}");
        }
    }
}
