//! Conditions on a text, the same wherever a rule looks at one.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use regex::Regex;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::difference::{self, Difference};
use super::json_path::{self, JsonPath};
use super::one_or_many;
use super::scene::quote;
use crate::kernel::glob;

/// What the groups of a rule's regular expressions matched, by name and by number.
pub type Captures = BTreeMap<String, String>;

/// Conditions on a text: all must hold. A text alone is a glob on the whole.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct TextCondition {
    /// All of these, letter by letter.
    #[serde(deserialize_with = "one_or_many::read")]
    pub contains: Vec<String>,
    /// The whole text, letter by letter.
    pub equals: Option<String>,
    /// Found anywhere in the text. Its groups are `{{m.NAME}}` in replies, numbered ones `{{m.1}}`.
    pub regex: Option<Pattern>,
    /// The whole text: `*` is any run of letters, `?` any one.
    pub glob: Option<String>,
    /// What stands at places of the text's JSON, which may have words around it.
    pub json: Places,
    /// None of these holds.
    #[serde(deserialize_with = "one_or_many::read")]
    pub not: Vec<TextCondition>,
    pub all: Vec<TextCondition>,
    /// One of these holds.
    pub any: Vec<TextCondition>,
}

/// What is expected at places of a JSON document: `{'$.order.id': 7, '$.user': {regex: '^u_'}}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Places(pub Vec<(JsonPath, At)>);

/// What is expected at one place. One thing found there is enough.
#[derive(Clone, Debug, PartialEq)]
pub enum At {
    Value(Value),
    /// On the text, or on what is no text as JSON.
    Text(TextCondition),
}

/// A regular expression, checked when it is read.
#[derive(Clone, Debug)]
pub struct Pattern(pub Regex);

impl Pattern {
    pub fn parse(text: &str) -> Result<Self, String> {
        Regex::new(text).map(Self).map_err(|error| format!("`{text}` is not a regular expression: {error}"))
    }

    fn capture(&self, text: &str, captures: &mut Captures) {
        let Some(found) = self.0.captures(text) else { return };
        for (index, name) in self.0.capture_names().enumerate() {
            let value = found.get(index).map_or("", |group| group.as_str());
            for name in [Some(index.to_string()), name.map(str::to_owned)].into_iter().flatten() {
                captures.entry(name).or_insert_with(|| value.to_owned());
            }
        }
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

/// A condition that does not hold: what was expected, and how far off the text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    pub expected: String,
    pub difference: Difference,
}

impl TextCondition {
    pub fn glob(glob: impl Into<String>) -> Self {
        Self { glob: Some(glob.into()), ..Self::default() }
    }

    pub fn contains(text: impl Into<String>) -> Self {
        Self { contains: vec![text.into()], ..Self::default() }
    }

    pub fn equals(text: impl Into<String>) -> Self {
        Self { equals: Some(text.into()), ..Self::default() }
    }

    pub fn regex(pattern: Pattern) -> Self {
        Self { regex: Some(pattern), ..Self::default() }
    }

    /// Whether it holds of every text.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub fn holds(&self, text: &str) -> bool {
        self.contains.iter().all(|part| text.contains(part.as_str()))
            && self.equals.as_ref().is_none_or(|equals| equals == text)
            && self.regex.as_ref().is_none_or(|Pattern(regex)| regex.is_match(text))
            && self.glob.as_ref().is_none_or(|glob| glob::matches(glob, text))
            && self.json.hold(text)
            && !self.not.iter().any(|not| not.holds(text))
            && self.all.iter().all(|each| each.holds(text))
            && (self.any.is_empty() || self.any.iter().any(|one| one.holds(text)))
    }

    /// The first part that does not hold.
    pub fn unmet(&self, text: &str) -> Option<Unmet> {
        let unmet = |expected: String, difference| Some(Unmet { expected, difference });
        let far = || Difference { letters: text.chars().count(), ..Difference::default() };
        if let Some(missing) = self.contains.iter().find(|part| !text.contains(part.as_str())) {
            return unmet(format!("a text containing {}", quote(missing)), difference::part(missing, text));
        }
        if let Some(equals) = self.equals.as_ref().filter(|equals| *equals != text) {
            return unmet(quote(equals), difference::whole(equals, text));
        }
        if let Some(Pattern(regex)) = self.regex.as_ref().filter(|Pattern(regex)| !regex.is_match(text)) {
            return unmet(format!("a text matching `{regex}`"), far());
        }
        if let Some(glob) = self.glob.as_ref().filter(|glob| !glob::matches(glob, text)) {
            let letters = difference::part(&glob.replace('*', ""), text).letters;
            return unmet(format!("`{glob}`"), Difference { letters, ..Difference::default() });
        }
        if let Some(expected) = self.json.unmet(text) {
            return unmet(expected, far());
        }
        if let Some(not) = self.not.iter().find(|not| not.holds(text)) {
            return unmet(format!("a text of which does not hold that it {not}"), far());
        }
        if let Some(found) = self.all.iter().find_map(|each| each.unmet(text)) {
            return Some(found);
        }
        if self.any.is_empty() || self.any.iter().any(|one| one.holds(text)) {
            return None;
        }
        let all = self.any.iter().filter_map(|one| one.unmet(text)).map(|unmet| unmet.expected);
        unmet(all.collect::<Vec<_>>().join(" or "), far())
    }

    /// What the groups of its regular expressions match; what another has captured before stays.
    pub fn capture(&self, text: &str, captures: &mut Captures) {
        if let Some(pattern) = &self.regex {
            pattern.capture(text, captures);
        }
        for (path, at) in &self.json.0 {
            let At::Text(condition) = at else { continue };
            let document = json_path::json_in(text).unwrap_or_default();
            let found = path.find(&document).into_iter().map(as_text).find(|text| condition.holds(text));
            if let Some(found) = found {
                condition.capture(&found, captures);
            }
        }
        for condition in self.all.iter().chain(self.any.iter().find(|one| one.holds(text))) {
            condition.capture(text, captures);
        }
    }

    /// Every regular expression whose groups replies may use.
    pub fn patterns<'a>(&'a self, found: &mut Vec<&'a Pattern>) {
        found.extend(&self.regex);
        for (_, at) in &self.json.0 {
            if let At::Text(condition) = at {
                condition.patterns(found);
            }
        }
        for condition in self.all.iter().chain(&self.any) {
            condition.patterns(found);
        }
    }
}

impl Places {
    fn hold(&self, text: &str) -> bool {
        self.0.is_empty() || self.unmet(text).is_none()
    }

    fn unmet(&self, text: &str) -> Option<String> {
        if self.0.is_empty() {
            return None;
        }
        let Some(document) = json_path::json_in(text) else { return Some("a text with JSON in it".to_owned()) };
        let missing = self.0.iter().find(|(path, at)| !path.find(&document).into_iter().any(|value| at.holds(value)));
        missing.map(|(path, at)| format!("JSON in which `{path}` {at}"))
    }
}

impl At {
    fn holds(&self, value: &Value) -> bool {
        match self {
            At::Value(expected) => json_path::same(expected, value),
            At::Text(condition) => condition.holds(&as_text(value)),
        }
    }
}

/// A string's text; of anything else, its JSON.
pub fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Value(value) => write!(f, "is {}", quote(&value.to_string())),
            At::Text(condition) => condition.fmt(f),
        }
    }
}

/// What must be of the text: `contains `refund`, matches `^a``.
impl fmt::Display for TextCondition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts: Vec<String> = self.contains.iter().map(|part| format!("contains {}", quote(part))).collect();
        parts.extend(self.equals.iter().map(|equals| format!("is {}", quote(equals))));
        parts.extend(self.regex.iter().map(|Pattern(regex)| format!("matches `{regex}`")));
        parts.extend(self.glob.iter().map(|glob| format!("is `{glob}`")));
        parts.extend(self.json.0.iter().map(|(path, at)| format!("has JSON in which `{path}` {at}")));
        parts.extend(self.not.iter().map(|not| format!("not ({not})")));
        parts.extend(self.all.iter().map(ToString::to_string));
        if !self.any.is_empty() {
            let any: Vec<String> = self.any.iter().map(ToString::to_string).collect();
            parts.push(format!("({})", any.join(" or ")));
        }
        f.write_str(&if parts.is_empty() { "is there".to_owned() } else { parts.join(", ") })
    }
}

impl From<String> for TextCondition {
    fn from(glob: String) -> Self {
        Self::glob(glob)
    }
}

impl<'de> Deserialize<'de> for TextCondition {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Form(TextCondition);
        impl<'de> Deserialize<'de> for Form {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                TextCondition::deserialize(deserializer).map(Form)
            }
        }
        glob_or::<Self, Form, D>(deserializer, |Form(condition)| condition)
    }
}

/// Reads a glob alone, or a map of conditions.
pub fn glob_or<'de, T: From<String>, F: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
    from_form: fn(F) -> T,
) -> Result<T, D::Error> {
    struct GlobOr<T, F>(fn(F) -> T, PhantomData<T>);

    impl<'de, T: From<String>, F: Deserialize<'de>> Visitor<'de> for GlobOr<T, F> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(
                "a glob such as `*refund*`, or a map such as `{contains: refund}` (a number as text needs quotes)",
            )
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
            Ok(T::from(text.to_owned()))
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
            F::deserialize(MapAccessDeserializer::new(map)).map(self.0)
        }
    }
    deserializer.deserialize_any(GlobOr(from_form, PhantomData))
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PlacesVisitor;

        impl<'de> Visitor<'de> for PlacesVisitor {
            type Value = Places;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from JSON paths to what is expected there, such as `{'$.order.id': 7}`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Places, A::Error> {
                let mut places = Vec::new();
                while let Some(path) = map.next_key()? {
                    places.push((path, map.next_value()?));
                }
                Ok(Places(places))
            }
        }
        deserializer.deserialize_map(PlacesVisitor)
    }
}

/// A map is a condition; anything else is a value.
impl<'de> Deserialize<'de> for At {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AtVisitor;

        impl<'de> Visitor<'de> for AtVisitor {
            type Value = At;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value, or a condition such as `{contains: refund}`")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<At, A::Error> {
                TextCondition::deserialize(MapAccessDeserializer::new(map)).map(At::Text)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<At, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = list.next_element()? {
                    items.push(item);
                }
                Ok(At::Value(Value::Array(items)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<At, E> {
                Ok(At::Value(text.into()))
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<At, E> {
                Ok(At::Value(value.into()))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<At, E> {
                Ok(At::Value(value.into()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<At, E> {
                Ok(At::Value(value.into()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<At, E> {
                Ok(At::Value(value.into()))
            }

            fn visit_unit<E: Error>(self) -> Result<At, E> {
                Ok(At::Value(Value::Null))
            }
        }
        deserializer.deserialize_any(AtVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_holds_or_says_what_it_expects() {
        for (yaml, text, expected) in [
            ("'*refund*'", "a refund, please", ""),
            ("'refund'", "a refund, please", "`refund`"),
            ("{contains: [a, refund]}", "a refund", ""),
            ("{contains: refund}", "no", "a text containing `refund`"),
            ("{equals: refund}", "refund!", "`refund`"),
            ("{regex: '^\\w+$'}", "one two", "a text matching `^\\w+$`"),
            ("{glob: 'a?c'}", "abc", ""),
            ("{json: {'$.order.id': 7}}", r#"Handle {"order":{"id":7.0}} now"#, ""),
            ("{json: {'$.order.id': 7}}", r#"{"order":{"id":8}}"#, "JSON in which `$.order.id` is `7`"),
            ("{json: {'$.order.id': 7}}", "no JSON", "a text with JSON in it"),
            ("{json: {'$.items[*].n': {regex: '^u_'}}}", r#"{"items":[{"n":"x"},{"n":"u_1"}]}"#, ""),
            ("{json: {'$.a': {}}}", r#"{"a":null}"#, ""),
            ("{json: {'$.a': {contains: x}}}", r#"{"a":["y"]}"#, "JSON in which `$.a` contains `x`"),
            ("{json: {'$.a': [1, {b: true}, null]}}", r#"{"a":[1,{"b":true},null]}"#, ""),
            ("{not: {contains: refund}}", "hello", ""),
            ("{not: '*refund*'}", "a refund", "a text of which does not hold that it is `*refund*`"),
            ("{any: [{contains: a}, {equals: b}]}", "b", ""),
            ("{any: [{contains: a}, {equals: b}]}", "c", "a text containing `a` or `b`"),
            ("{all: [{contains: a}, {contains: b}]}", "ac", "a text containing `b`"),
        ] {
            let condition: TextCondition = serde_saphyr::from_str(yaml).expect(yaml);
            let unmet = condition.unmet(text).map_or_else(String::new, |unmet| unmet.expected);
            assert_eq!(unmet, expected, "{yaml} of {text}");
            assert_eq!(condition.holds(text), expected.is_empty(), "{yaml} of {text}");
        }
    }

    #[test]
    fn groups_are_captured_from_wherever_they_match() {
        for (yaml, expected) in [
            (r"{regex: 'user (?<uid>u_(\d+))( now)?'}", "0=user u_88 1=u_88 2=88 3= uid=u_88"),
            (r"{all: [{regex: 'u_(?<a>\d)'}, {regex: '(?<b>user)'}]}", "0=u_8 1=8 a=8 b=user"),
            (r"{any: [{regex: '(?<a>none)'}, {regex: '(?<b>u_)'}]}", "0=u_ 1=u_ b=u_"),
            (r"{json: {'$.id': {regex: '(?<id>\d+)'}}}", "0=7 1=7 id=7"),
            (r"{not: {regex: '(?<a>none)'}}", ""),
        ] {
            let condition: TextCondition = serde_saphyr::from_str(yaml).expect(yaml);
            let mut captures = Captures::new();
            condition.capture(r#"items for user u_88 {"id":7}"#, &mut captures);
            let captures: Vec<String> = captures.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(captures.join(" "), expected, "{yaml}");
        }
    }

    #[test]
    fn what_is_no_condition_is_refused() {
        for yaml in ["7", "{contain: a}", "{regex: '('}", "{json: {order: 7}}", "{json: ['$.a']}", "[a]"] {
            assert!(serde_saphyr::from_str::<TextCondition>(yaml).is_err(), "{yaml}");
        }
    }
}
