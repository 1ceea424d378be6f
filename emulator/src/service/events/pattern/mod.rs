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
//! A dot in a field's name is a step of its path, in patterns and in events alike, as Event Ruler documents it
//! ("Compiled rules and JSON keys with dots"). Many patterns are asked at once through their [`Index`].
//!
//! # Differences
//!
//! - How complex wildcards may be is assumed: AWS does not publish its bound. See `complexity`.
//! - A field that is named twice in one pattern takes the later values (assumed).

mod address;
mod cells;
mod compile;
mod complexity;
mod dots;
mod hook;
mod index;
mod leaves;
mod matching;
mod number;
mod tokens;
mod wildcard;

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use self::matching::Node;
use self::tokens::{Token, Tokens};

pub use self::index::Index;

/// `$or` multiplies: more alternatives than this are refused.
///
/// AWS's guide: "EventBridge throws an error if the event pattern has over 1000 rule combinations."
pub const COMBINATIONS_MAX: usize = 1000;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// What `$or` multiplies out to: the event matches if one of them does.
    alternatives: Arc<[Node]>,
}

/// Why a text is no pattern, in AWS's words: what follows "Event pattern is not valid. Reason: ".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatternError {
    Invalid {
        reason: String,
        /// Where reading stood, as the Jackson parser says it. AWS does not say it of all mistakes.
        location: Option<String>,
    },
    TooManyCombinations,
    TooComplex,
}

impl Pattern {
    pub fn compile(text: &str) -> Result<Self, PatternError> {
        compile::compile(text).map(|alternatives| Self { alternatives: alternatives.into() })
    }

    pub fn matches(&self, event: &Value) -> bool {
        let event = dots::as_paths(event);
        self.alternatives.iter().any(|alternative| alternative.matches(&event))
    }
}

/// Where AWS finds the mistake in a text that is no JSON, in the words of its parser. Several values in a row are fine.
pub fn json_mistake(text: &str) -> Option<String> {
    let mut tokens = Tokens::new(text);
    loop {
        match tokens.next() {
            Ok(Token::End) => return None,
            Ok(_) => {}
            Err(PatternError::Invalid { location, .. }) => return location,
            Err(_) => unreachable!("tokens know no other mistake"),
        }
    }
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid { reason, location: Some(location) } => write!(f, "{reason}\n at {location}"),
            Self::Invalid { reason, location: None } => f.write_str(reason),
            // The wording is assumed.
            Self::TooManyCombinations => {
                write!(f, "Rule is too complex - $or leads to more than {COMBINATIONS_MAX} rule combinations")
            }
            Self::TooComplex => f.write_str(
                "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences \
                 after a wildcard character",
            ),
        }
    }
}

#[cfg(test)]
mod naive;
#[cfg(test)]
mod tests;
