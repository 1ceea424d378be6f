//! What a target gets of an event: all of it, a part, a constant, or what a template makes of it.

use serde_json::Value;

use super::given_target::GivenTarget;
use super::json_path::JsonPath;
use super::pattern::json_mistake;
use super::transformer::Transformer;
use crate::kernel::{ApiError, Arn, Timestamp};

#[derive(Clone)]
pub enum Input {
    Whole,
    Constant(String),
    Part(JsonPath),
    Transformed(Transformer),
}

/// An event and the rule that it matched.
pub struct Match<'a> {
    pub event: &'a Value,
    pub rule_arn: &'a Arn,
    pub rule_name: &'a str,
    /// When EventBridge took the event.
    pub ingested: Timestamp,
}

impl Input {
    /// Reads what the target of that id says of its input.
    pub fn read(given: &GivenTarget, id: &str) -> Result<Self, ApiError> {
        let GivenTarget { input, input_path, input_transformer, .. } = given;
        match (input, input_path, input_transformer) {
            (None, None, None) => Ok(Self::Whole),
            (Some(input), None, None) => match serde_json::from_str::<serde::de::IgnoredAny>(input) {
                Ok(_) => Ok(Self::Constant(input.clone())),
                Err(_) => Err(ApiError::validation(syntax_error(input, id))),
            },
            (None, Some(path), None) => Ok(Self::Part(parse_path("InputPath", path, id)?)),
            (None, None, Some(transformer)) => Ok(Self::Transformed(transformer.read(id)?)),
            _ => {
                let message =
                    format!("Only one of Input, InputPath, or InputTransformer must be provided for target {id}.");
                Err(ApiError::validation(message))
            }
        }
    }

    /// The bytes that the target gets.
    pub fn of(&self, matched: &Match<'_>) -> String {
        match self {
            Self::Whole => matched.event.to_string(),
            Self::Constant(text) => text.clone(),
            // Assumed: what is not there is delivered as null.
            Self::Part(path) => path.find(matched.event).unwrap_or(Value::Null).to_string(),
            Self::Transformed(transformer) => transformer.apply(matched),
        }
    }
}

/// The path that the target of that id gives in `member`.
pub fn parse_path(member: &str, path: &str, id: &str) -> Result<JsonPath, ApiError> {
    JsonPath::parse(path).ok_or_else(|| ApiError::validation(format!("Invalid {member} for target {id}.")))
}

/// As people have published it: `JSON syntax error in input for target 1: [Source: (String)"env:dev"; line: 1, column: 4]`.
fn syntax_error(input: &str, id: &str) -> String {
    match json_mistake(input) {
        Some(location) => format!("JSON syntax error in input for target {id}: {location}"),
        // Nothing, or more than one value: the wording is assumed.
        None => format!("JSON syntax error in input for target {id}."),
    }
}
