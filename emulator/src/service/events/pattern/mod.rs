//! The event pattern language, whole: compiled once, asked often.
//!
//! A pattern is a JSON object in the shape of the event. Fields are joined by
//! "and", the values of one field by "or"; an array in the event matches if one
//! of its elements does, and fields of objects in an array must be met by the
//! same element. `$or` joins alternatives by "or".
//!
//! Behaviour and wording follow AWS's guide and Event Ruler, the library that
//! EventBridge itself matches with:
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>,
//! <https://github.com/aws/event-ruler>. This module knows only std and serde_json's values.
//!
//! # Differences
//!
//! - Patterns with many wildcards are accepted; AWS refuses those it finds too complex.
//! - A field name with a dot in it is one name; Event Ruler also reads it as a path.
//! - A field that is named twice in one pattern takes the later values (assumed).

mod address;
mod compile;
mod matching;
mod number;
mod tokens;
mod wildcard;

use serde_json::Value;

use self::matching::Node;

/// `$or` multiplies: more alternatives than this are refused.
///
/// AWS's guide: "EventBridge throws an error if the event pattern has over 1000 rule combinations."
pub const COMBINATIONS_MAX: usize = 1000;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What `$or` multiplies out to: the event matches if one of them does.
    alternatives: Vec<Node>,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    /// What follows "Event pattern is not valid. Reason: ".
    Invalid(String),
    TooManyCombinations,
}

impl Pattern {
    pub fn compile(text: &str) -> Result<Self, PatternError> {
        compile::compile(text).map(|alternatives| Self { alternatives })
    }

    pub fn matches(&self, event: &Value) -> bool {
        self.alternatives.iter().any(|alternative| alternative.matches(event))
    }
}

#[cfg(test)]
mod tests;
