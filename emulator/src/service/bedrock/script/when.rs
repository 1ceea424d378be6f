//! Whether a rule fits a call, and if not, why not.

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::one_or_many;
use super::scene::{ModelOperation, Scene, quote};
use crate::kernel::glob;

/// The conditions of a rule: all must hold; what is not given holds always.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// One of these operations.
    #[serde(deserialize_with = "one_or_many::read")]
    pub op: Vec<ModelOperation>,
    /// A glob on the model's id, inference profile or ARN.
    pub model: Option<String>,
    pub last_user: Option<TextCondition>,
    pub system: Option<TextCondition>,
    /// All of these tools are on offer.
    #[serde(deserialize_with = "one_or_many::read")]
    pub tools: Vec<String>,
    /// The model has spoken this often before.
    pub turn: Option<u32>,
}

/// Conditions on a text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextCondition {
    /// All of these, letter by letter.
    #[serde(deserialize_with = "one_or_many::read")]
    pub contains: Vec<String>,
    /// Found anywhere in the text. Its groups are `{{m.NAME}}` in replies, numbered ones `{{m.1}}`.
    pub regex: Option<Pattern>,
}

/// A regular expression, checked when it is read.
#[derive(Clone, Debug)]
pub struct Pattern(pub Regex);

impl Pattern {
    pub fn parse(text: &str) -> Result<Self, String> {
        Regex::new(text).map(Self).map_err(|error| format!("`{text}` is not a regular expression: {error}"))
    }
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

/// What the groups of the regular expression on the last user text matched.
pub type Captures = BTreeMap<String, String>;

/// One condition that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub condition: &'static str,
    pub expected: String,
    pub seen: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, saw {}", self.condition, self.expected, self.seen)
    }
}

impl When {
    /// The captures if all conditions hold; else every one that does not.
    pub fn fits(&self, scene: &Scene) -> Result<Captures, Vec<Mismatch>> {
        let mut mismatches = Vec::new();
        let mut missed = |condition, expected: String, seen: String| {
            mismatches.push(Mismatch { condition, expected, seen });
        };
        if !self.op.is_empty() && !self.op.contains(&scene.operation) {
            let names: Vec<&str> = self.op.iter().map(|operation| operation.name()).collect();
            missed("op", names.join(" or "), scene.operation.name().to_owned());
        }
        if let Some(model) = &self.model
            && !glob::matches(model, &scene.model)
        {
            missed("model", format!("`{model}`"), format!("`{}`", scene.model));
        }
        for (condition, texts, seen) in
            [("last_user", &self.last_user, &scene.last_user), ("system", &self.system, &scene.system)]
        {
            if let Some(expected) = texts.as_ref().and_then(|texts| texts.unmet(seen)) {
                missed(condition, expected, quote(seen));
            }
        }
        for tool in self.tools.iter().filter(|tool| !scene.tools.contains(tool)) {
            missed("tools", format!("`{tool}` on offer"), format!("[{}]", scene.tools.join(", ")));
        }
        if let Some(turn) = self.turn
            && turn != scene.turn
        {
            missed("turn", turn.to_string(), scene.turn.to_string());
        }
        if mismatches.is_empty() { Ok(self.captures(&scene.last_user)) } else { Err(mismatches) }
    }

    fn captures(&self, text: &str) -> Captures {
        let mut captures = Captures::new();
        let Some(Pattern(regex)) = self.last_user.as_ref().and_then(|texts| texts.regex.as_ref()) else {
            return captures;
        };
        let Some(found) = regex.captures(text) else { return captures };
        for (index, name) in regex.capture_names().enumerate() {
            let value = found.get(index).map_or_else(String::new, |group| group.as_str().to_owned());
            captures.insert(index.to_string(), value.clone());
            if let Some(name) = name {
                captures.insert(name.to_owned(), value);
            }
        }
        captures
    }

    /// The names that replies may use for captures.
    pub fn capture_names(&self) -> Vec<String> {
        let Some(Pattern(regex)) = self.last_user.as_ref().and_then(|texts| texts.regex.as_ref()) else {
            return Vec::new();
        };
        let names = regex.capture_names().enumerate();
        names.flat_map(|(index, name)| [Some(index.to_string()), name.map(str::to_owned)]).flatten().collect()
    }
}

impl TextCondition {
    /// What was expected of `text` and does not hold.
    pub fn unmet(&self, text: &str) -> Option<String> {
        if let Some(missing) = self.contains.iter().find(|part| !text.contains(part.as_str())) {
            return Some(format!("a text containing {}", quote(missing)));
        }
        let Pattern(regex) = self.regex.as_ref().filter(|Pattern(regex)| !regex.is_match(text))?;
        Some(format!("a text matching `{regex}`"))
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.op.is_empty() {
            let names: Vec<&str> = self.op.iter().map(|operation| operation.name()).collect();
            parts.push(format!("op is {}", names.join(" or ")));
        }
        if let Some(model) = &self.model {
            parts.push(format!("model is `{model}`"));
        }
        for (name, texts) in [("last_user", &self.last_user), ("system", &self.system)] {
            let Some(texts) = texts else { continue };
            parts.extend(texts.contains.iter().map(|part| format!("{name} contains {}", quote(part))));
            parts.extend(texts.regex.iter().map(|Pattern(regex)| format!("{name} matches `{regex}`")));
        }
        parts.extend(self.tools.iter().map(|tool| format!("tool `{tool}` is on offer")));
        parts.extend(self.turn.map(|turn| format!("turn is {turn}")));
        f.write_str(&if parts.is_empty() { "always".to_owned() } else { parts.join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scene() -> Scene {
        Scene {
            operation: ModelOperation::Converse,
            model: "us.anthropic.claude-sonnet-4-5".to_owned(),
            system: "You are an agent.".to_owned(),
            last_user: "items for user u_8821, please".to_owned(),
            tools: vec!["get_order".to_owned()],
            turn: 1,
            input_tokens: 12,
            ..Scene::default()
        }
    }

    #[test]
    fn conditions_hold_or_say_why_not() {
        for (when, expected) in [
            ("{}", ""),
            ("{op: [Converse, InvokeModel], model: '*sonnet*', turn: 1, tools: get_order}", ""),
            ("{last_user: {contains: [items, u_8821]}, system: {contains: agent}}", ""),
            ("{op: ConverseStream}", "op: expected ConverseStream, saw Converse"),
            ("{model: '*haiku*'}", "model: expected `*haiku*`, saw `us.anthropic.claude-sonnet-4-5`"),
            (
                "{last_user: {contains: [items, refund]}}",
                "last_user: expected a text containing `refund`, saw `items for user u_8821, please`",
            ),
            ("{system: {regex: '^agent'}}", "system: expected a text matching `^agent`, saw `You are an agent.`"),
            ("{tools: [pay], turn: 0}", "tools: expected `pay` on offer, saw [get_order]; turn: expected 0, saw 1"),
        ] {
            let when: When = serde_saphyr::from_str(when).unwrap();
            let found = when.fits(&scene()).err().unwrap_or_default();
            let found: Vec<String> = found.iter().map(Mismatch::to_string).collect();
            assert_eq!(found.join("; "), expected);
        }
    }

    #[test]
    fn groups_are_captured_by_name_and_number() {
        let when: When = serde_saphyr::from_str(r"{last_user: {regex: 'user (?<uid>u_(\d+))( now)?'}}").unwrap();
        let captures = when.fits(&scene()).unwrap();
        let expected = [("0", "user u_8821"), ("1", "u_8821"), ("2", "8821"), ("3", ""), ("uid", "u_8821")];
        assert_eq!(captures, expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into());
        assert_eq!(when.capture_names(), ["0", "1", "uid", "2", "3"]);
    }
}
