//! Filters on the metadata of documents.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrievalFilter.html>
//!
//! A document without the key fits no condition but `notEquals`, as AWS says. A
//! value of another type than the condition's is not equal to it, and neither more
//! nor less. A list equals a list of the same members.

use serde_json::{Map, Value};

/// A condition on metadata.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Attribute { key: String, test: Test },
}

#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    Equals(Value),
    NotEquals(Value),
    GreaterThan(f64),
    GreaterThanOrEquals(f64),
    LessThan(f64),
    LessThanOrEquals(f64),
    In(Vec<Value>),
    NotIn(Vec<Value>),
    StartsWith(String),
    StringContains(String),
    ListContains(Value),
}

impl Filter {
    /// Reads a `RetrievalFilter`, or says what is wrong with the value of a condition. assumed: the wording.
    pub fn read(filter: &Value) -> Result<Self, String> {
        let (name, operand) = filter
            .as_object()
            .and_then(|members| members.iter().find(|(_, value)| !value.is_null()))
            .ok_or_else(|| "The filter must have exactly one operator.".to_owned())?;
        if let ("andAll" | "orAll", Some(filters)) = (name.as_str(), operand.as_array()) {
            let filters = filters.iter().map(Self::read).collect::<Result<_, _>>()?;
            return Ok(if name == "andAll" { Filter::All(filters) } else { Filter::Any(filters) });
        }
        let key = operand.get("key").and_then(Value::as_str).unwrap_or_default().to_owned();
        let test = Test::read(name, operand.get("value").unwrap_or(&Value::Null))
            .map_err(|wanted| format!("The value of the filter {name} on {key} must be {wanted}."))?;
        Ok(Filter::Attribute { key, test })
    }

    pub fn fits(&self, metadata: &Map<String, Value>) -> bool {
        match self {
            Filter::All(filters) => filters.iter().all(|filter| filter.fits(metadata)),
            Filter::Any(filters) => filters.iter().any(|filter| filter.fits(metadata)),
            Filter::Attribute { key, test } => test.fits(metadata.get(key)),
        }
    }
}

impl Test {
    fn read(name: &str, value: &Value) -> Result<Self, &'static str> {
        let number = || value.as_f64().ok_or("a number");
        let text = || value.as_str().map(str::to_owned).ok_or("a string");
        let list = || value.as_array().cloned().ok_or("a list");
        let plain = || {
            if value.is_object() || value.is_null() {
                Err("a string, number, boolean or list")
            } else {
                Ok(value.clone())
            }
        };
        Ok(match name {
            "equals" => Test::Equals(plain()?),
            "notEquals" => Test::NotEquals(plain()?),
            "greaterThan" => Test::GreaterThan(number()?),
            "greaterThanOrEquals" => Test::GreaterThanOrEquals(number()?),
            "lessThan" => Test::LessThan(number()?),
            "lessThanOrEquals" => Test::LessThanOrEquals(number()?),
            "in" => Test::In(list()?),
            "notIn" => Test::NotIn(list()?),
            "startsWith" => Test::StartsWith(text()?),
            "stringContains" => Test::StringContains(text()?),
            "listContains" => Test::ListContains(plain()?),
            _ => return Err("that of an operator"),
        })
    }

    fn fits(&self, value: Option<&Value>) -> bool {
        let Some(value) = value else { return matches!(self, Test::NotEquals(_)) };
        let number = |compare: fn(&f64, &f64) -> bool, wanted: &f64| {
            value.as_f64().is_some_and(|number| compare(&number, wanted))
        };
        let contains = |text: &Value, part: &str| text.as_str().is_some_and(|text| text.contains(part));
        match self {
            Test::Equals(wanted) => same(value, wanted),
            Test::NotEquals(wanted) => !same(value, wanted),
            Test::GreaterThan(wanted) => number(f64::gt, wanted),
            Test::GreaterThanOrEquals(wanted) => number(f64::ge, wanted),
            Test::LessThan(wanted) => number(f64::lt, wanted),
            Test::LessThanOrEquals(wanted) => number(f64::le, wanted),
            Test::In(list) => list.iter().any(|wanted| same(value, wanted)),
            Test::NotIn(list) => !list.iter().any(|wanted| same(value, wanted)),
            Test::StartsWith(beginning) => value.as_str().is_some_and(|text| text.starts_with(beginning)),
            Test::StringContains(part) => {
                contains(value, part)
                    || value.as_array().is_some_and(|list| list.iter().any(|text| contains(text, part)))
            }
            Test::ListContains(wanted) => {
                value.as_array().is_some_and(|list| list.iter().any(|member| same(member, wanted)))
            }
        }
    }
}

/// Equal as AWS sees it: 1 is 1.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn conditions_look_at_a_documents_attributes() {
        let metadata = json!({"animal": "cat", "year": 1989, "tame": true, "tags": ["soft", "small"], "price": 1.5});
        let Value::Object(metadata) = metadata else { unreachable!() };
        let on = |operator: &str, key: &str, value: Value| json!({operator: {"key": key, "value": value}});
        for (filter, expected) in [
            (on("equals", "animal", json!("cat")), true),
            (on("equals", "animal", json!("Cat")), false),
            (on("equals", "year", json!(1989.0)), true),
            (on("equals", "year", json!("1989")), false),
            (on("equals", "tame", json!(true)), true),
            (on("equals", "tags", json!(["soft", "small"])), true),
            (on("equals", "tags", json!("soft")), false),
            (on("equals", "missing", json!("cat")), false),
            (on("notEquals", "animal", json!("cat")), false),
            (on("notEquals", "animal", json!("dog")), true),
            (on("notEquals", "missing", json!("dog")), true),
            (on("greaterThan", "year", json!(1989)), false),
            (on("greaterThan", "year", json!(1988.5)), true),
            (on("greaterThan", "animal", json!(1)), false),
            (on("greaterThanOrEquals", "year", json!(1989)), true),
            (on("lessThan", "price", json!(1.5)), false),
            (on("lessThan", "price", json!(2)), true),
            (on("lessThan", "missing", json!(2)), false),
            (on("lessThanOrEquals", "price", json!(1.5)), true),
            (on("in", "animal", json!(["dog", "cat"])), true),
            (on("in", "animal", json!(["dog"])), false),
            (on("in", "missing", json!(["dog"])), false),
            (on("notIn", "animal", json!(["dog"])), true),
            (on("notIn", "animal", json!(["cat"])), false),
            (on("notIn", "missing", json!(["cat"])), false),
            (on("startsWith", "animal", json!("ca")), true),
            (on("startsWith", "animal", json!("at")), false),
            (on("stringContains", "animal", json!("at")), true),
            (on("stringContains", "tags", json!("oft")), true),
            (on("stringContains", "tags", json!("hard")), false),
            (on("stringContains", "year", json!("9")), false),
            (on("listContains", "tags", json!("small")), true),
            (on("listContains", "tags", json!("smal")), false),
            (on("listContains", "animal", json!("cat")), false),
            (json!({"andAll": [on("equals", "animal", json!("cat")), on("equals", "tame", json!(true))]}), true),
            (json!({"andAll": [on("equals", "animal", json!("cat")), on("equals", "tame", json!(false))]}), false),
            (json!({"orAll": [on("equals", "animal", json!("dog")), on("equals", "tame", json!(true))]}), true),
            (json!({"orAll": [on("equals", "animal", json!("dog")), on("equals", "tame", json!(false))]}), false),
            (
                json!({"andAll": [
                    on("lessThan", "year", json!(2000)),
                    {"orAll": [on("equals", "animal", json!("dog")), on("listContains", "tags", json!("soft"))]},
                ]}),
                true,
            ),
        ] {
            assert_eq!(Filter::read(&filter).unwrap().fits(&metadata), expected, "{filter}");
        }
    }

    #[test]
    fn a_value_must_be_of_the_operators_type() {
        for (operator, value, expected) in [
            ("greaterThan", json!("1"), "The value of the filter greaterThan on k must be a number."),
            ("in", json!("cat"), "must be a list."),
            ("notIn", json!(7), "must be a list."),
            ("startsWith", json!(7), "must be a string."),
            ("stringContains", json!(["a"]), "must be a string."),
            ("equals", json!({}), "must be a string, number, boolean or list."),
        ] {
            let refused = Filter::read(&json!({operator: {"key": "k", "value": value}})).unwrap_err();
            assert!(refused.contains(expected), "{operator}: {refused}");
        }
        assert!(Filter::read(&json!({"orAll": [{"in": {"key": "k", "value": 1}}, {}]})).is_err());
    }
}
