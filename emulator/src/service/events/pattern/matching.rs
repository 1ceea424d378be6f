//! A compiled pattern, and how an event is held against it.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::address::Network;
use super::number::{Comparable, POSITION_MAX};
use super::wildcard::Wildcard;

/// What must hold of an object: for its fields, and for the fields of objects in them.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// By name.
    fields: Vec<(String, Field)>,
    /// Absences that are asked of a whole array, not of one element. See [`Node::matches_array`].
    leading_absences: Vec<Vec<String>>,
}

/// A field's own values, the fields below it, or both.
#[derive(Clone, Debug, Default)]
struct Field {
    values: Vec<Matcher>,
    below: Option<Node>,
}

/// What one value of a field may be.
#[derive(Clone, Debug)]
pub enum Matcher {
    Text(String),
    /// As written, and to six decimals where that is possible.
    Number(String, Option<Comparable>),
    Boolean(bool),
    Null,
    Prefix(String),
    Suffix(String),
    /// Folded to lower case, like those below.
    EqualsIgnoreCase(String),
    PrefixIgnoreCase(String),
    SuffixIgnoreCase(String),
    Wildcard(Wildcard),
    NumericRange(NumericRange),
    Address(Network),
    Exists,
    Absent,
    AnythingBut(Vec<Matcher>),
}

#[derive(Clone, Copy, Debug)]
pub struct NumericRange {
    /// With whether it is part of the range.
    pub low: Option<(Comparable, bool)>,
    pub high: Option<(Comparable, bool)>,
}

impl Node {
    /// Sets what the field at `path` may be, in place of what was said before.
    pub fn set(&mut self, path: &[String], values: Vec<Matcher>) {
        let Some((name, rest)) = path.split_first() else { return };
        let at = self.fields.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.fields.push((name.clone(), Field::default()));
            self.fields.len() - 1
        });
        let field = &mut self.fields[at].1;
        if rest.is_empty() {
            field.values = values;
        } else {
            field.below.get_or_insert_default().set(rest, values);
        }
    }

    /// Works out what depends on all fields. To be called once, when they are set.
    pub fn finish(&mut self) {
        let mut paths = Vec::new();
        self.collect_paths(&mut Vec::new(), &mut paths);
        paths.sort();
        let absent_first = paths.into_iter().take_while(|(_, absent)| *absent);
        self.leading_absences = absent_first.map(|(path, _)| path).collect();
        for (_, field) in &mut self.fields {
            if let Some(below) = &mut field.below {
                below.finish();
            }
        }
    }

    /// Calls `each` with the path of every field whose values are asked for, and what they may be.
    pub fn for_each_field<'a>(&'a self, path: &mut Vec<&'a str>, each: &mut impl FnMut(&[&'a str], &'a [Matcher])) {
        for (name, field) in &self.fields {
            path.push(name);
            if !field.values.is_empty() {
                each(path, &field.values);
            }
            if let Some(below) = &field.below {
                below.for_each_field(path, each);
            }
            path.pop();
        }
    }

    /// Every path with whether it asks for absence and nothing else.
    fn collect_paths(&self, prefix: &mut Vec<String>, paths: &mut Vec<(Vec<String>, bool)>) {
        for (name, field) in &self.fields {
            prefix.push(name.clone());
            if !field.values.is_empty() {
                let absent = field.values.iter().all(|matcher| matches!(matcher, Matcher::Absent));
                paths.push((prefix.clone(), absent));
            }
            if let Some(below) = &field.below {
                below.collect_paths(prefix, paths);
            }
            prefix.pop();
        }
    }

    pub fn matches(&self, event: &Value) -> bool {
        match event {
            Value::Object(object) => self.matches_object(object),
            Value::Array(elements) => self.matches_array(elements),
            // A value where fields are asked for has none of them.
            _ => self.matches_object(&Map::new()),
        }
    }

    fn matches_object(&self, object: &Map<String, Value>) -> bool {
        self.fields.iter().all(|(name, field)| {
            let value = object.get(name);
            let values_match = field.values.is_empty() || any_value_matches(&field.values, value);
            values_match && field.below.as_ref().is_none_or(|below| below.matches(value.unwrap_or(&Value::Null)))
        })
    }

    /// One element must meet all fields.
    ///
    /// Event Ruler asks for fields by name in order, and an absence only counts
    /// against the element that fields before it have settled on. Absences
    /// before any such field are asked of all elements.
    fn matches_array(&self, elements: &[Value]) -> bool {
        let mut objects = Vec::new();
        collect_objects(elements, &mut objects);
        let absent = |path: &Vec<String>| !objects.iter().any(|object| has_value_at(object, path));
        if !self.leading_absences.iter().all(absent) {
            return false;
        }
        if objects.is_empty() {
            return self.matches_object(&Map::new());
        }
        objects.iter().any(|object| self.matches_object(object))
    }
}

fn collect_objects<'a>(elements: &'a [Value], objects: &mut Vec<&'a Map<String, Value>>) {
    for element in elements {
        match element {
            Value::Object(object) => objects.push(object),
            Value::Array(inner) => collect_objects(inner, objects),
            _ => {}
        }
    }
}

fn has_value_at(object: &Map<String, Value>, path: &[String]) -> bool {
    let Some((name, rest)) = path.split_first() else { return false };
    let Some(value) = object.get(name) else { return false };
    if rest.is_empty() {
        return any_value(value, &mut |_| true);
    }
    let mut objects = Vec::new();
    collect_objects(std::slice::from_ref(value), &mut objects);
    objects.iter().any(|object| has_value_at(object, rest))
}

/// Whether `test` holds of the value or of one in its arrays. Objects are no values.
fn any_value(value: &Value, test: &mut impl FnMut(&Value) -> bool) -> bool {
    match value {
        Value::Object(_) => false,
        Value::Array(elements) => elements.iter().any(|element| any_value(element, test)),
        scalar => test(scalar),
    }
}

fn any_value_matches(matchers: &[Matcher], value: Option<&Value>) -> bool {
    let absent = value.is_none_or(|value| !any_value(value, &mut |_| true));
    if absent {
        return matchers.iter().any(|matcher| matches!(matcher, Matcher::Absent));
    }
    value.is_some_and(|value| any_value(value, &mut |value| matchers.iter().any(|matcher| matcher.matches(value))))
}

impl Matcher {
    fn matches(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Exists, _) => true,
            (Self::Absent, _) => false,
            (Self::AnythingBut(matchers), _) => !matchers.iter().any(|matcher| matcher.matches(value)),
            (Self::Boolean(expected), Value::Bool(boolean)) => expected == boolean,
            (Self::Null, Value::Null) => true,
            (Self::Number(literal, comparable), Value::Number(number)) => {
                (comparable.is_some() && number.as_f64().and_then(Comparable::from_f64) == *comparable)
                    || *literal == number.to_string()
            }
            (Self::NumericRange(range), Value::Number(number)) => {
                number.as_f64().and_then(Comparable::from_f64).is_some_and(|number| range.contains(number))
            }
            (_, Value::String(text)) => self.matches_text(text),
            _ => false,
        }
    }

    fn matches_text(&self, text: &str) -> bool {
        match self {
            Self::Text(expected) => text == expected,
            Self::Prefix(prefix) => text.starts_with(prefix),
            Self::Suffix(suffix) => text.ends_with(suffix),
            Self::EqualsIgnoreCase(expected) => fold(text) == *expected,
            Self::PrefixIgnoreCase(prefix) => fold(text).starts_with(prefix),
            Self::SuffixIgnoreCase(suffix) => fold(text).ends_with(suffix),
            Self::Wildcard(wildcard) => wildcard.matches(text),
            Self::Address(network) => network.contains(text),
            _ => false,
        }
    }
}

impl NumericRange {
    /// The positions of the numbers in it.
    pub fn positions(&self) -> RangeInclusive<u128> {
        let low = self.low.map_or(0, |(low, included)| low.position() + u128::from(!included));
        let high = self.high.map_or(POSITION_MAX + 1, |(high, included)| high.position() + u128::from(included));
        // Empty ranges, too, must stay above zero.
        low + 1..=high
    }

    fn contains(&self, number: Comparable) -> bool {
        let above = self.low.is_none_or(|(low, included)| low < number || (included && low == number));
        let below = self.high.is_none_or(|(high, included)| number < high || (included && number == high));
        above && below
    }
}

/// Texts that differ only in case fold to the same.
pub fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}
