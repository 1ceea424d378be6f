//! One thing the model does when it is asked.

use std::num::NonZeroU32;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::fault::{Break, ErrorFault, Fault};
use super::one_or_many;
use crate::kernel::duration;

/// What the model says, how fast, and how it fails. Text comes before tool use.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reply {
    pub text: Option<String>,
    /// A value that is said as JSON text.
    pub json: Option<Value>,
    #[serde(deserialize_with = "one_or_many::read")]
    pub tool_use: Vec<ToolUse>,
    /// Otherwise `tool_use` where a tool is used, else `end_turn`.
    pub stop_reason: Option<StopReason>,
    /// Otherwise estimated.
    pub usage: UsageGiven,
    #[serde(with = "duration::option")]
    pub first_token_after: Option<Duration>,
    pub tokens_per_second: Option<NonZeroU32>,
    pub fault: Option<Fault>,
    /// The text breaks off at two thirds. The stop reason stays what it is.
    pub truncate_json: bool,
    /// A sentence before the text and one after it.
    pub prose_around: bool,
    /// A stream ends cleanly, but without `messageStop`. Other operations have no such end and are not changed.
    pub end_without_message_stop: bool,
}

/// The model asks for a tool.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToolUse {
    pub name: String,
    #[serde(default = "no_input")]
    pub input: Value,
    /// Otherwise generated: `tooluse_` and 22 letters and digits.
    #[serde(default)]
    pub id: Option<String>,
    /// In how many fragments a stream carries the input.
    #[serde(default = "one")]
    pub split: usize,
}

fn no_input() -> Value {
    Value::Object(serde_json::Map::new())
}

fn one() -> usize {
    1
}

/// Token counts that take the place of estimates.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsageGiven {
    pub input_tokens: Option<u32>,
    pub output_tokens: Option<u32>,
}

/// Why the model stopped, in Converse's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    EndTurn,
    ToolUse,
    MaxTokens,
    StopSequence,
    GuardrailIntervened,
    ContentFiltered,
    MalformedModelOutput,
    MalformedToolUse,
    ModelContextWindowExceeded,
}

impl StopReason {
    pub fn as_str(self) -> &'static str {
        match self {
            StopReason::EndTurn => "end_turn",
            StopReason::ToolUse => "tool_use",
            StopReason::MaxTokens => "max_tokens",
            StopReason::StopSequence => "stop_sequence",
            StopReason::GuardrailIntervened => "guardrail_intervened",
            StopReason::ContentFiltered => "content_filtered",
            StopReason::MalformedModelOutput => "malformed_model_output",
            StopReason::MalformedToolUse => "malformed_tool_use",
            StopReason::ModelContextWindowExceeded => "model_context_window_exceeded",
        }
    }
}

/// Replies in Rust: what is said first, then how.
impl Reply {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    pub fn json(value: Value) -> Self {
        Self { json: Some(value), ..Self::default() }
    }

    pub fn tool_use(name: &str, input: Value) -> Self {
        Self::default().and_tool_use(name, input)
    }

    /// One of Bedrock's errors. Panics on a name that Bedrock does not have.
    #[track_caller]
    pub fn error(name: &str) -> Self {
        let error = ErrorFault::named(name, None).unwrap_or_else(|problem| panic!("{problem}"));
        Self::fault(Fault::Error(error))
    }

    /// Silence for ever.
    pub fn hang() -> Self {
        Self::fault(Fault::Hang(None))
    }

    /// The connection breaks before any answer.
    pub fn reset() -> Self {
        Self::fault(Fault::Reset(Duration::ZERO))
    }

    pub fn fault(fault: Fault) -> Self {
        Self { fault: Some(fault), ..Self::default() }
    }

    pub fn and_tool_use(mut self, name: &str, input: Value) -> Self {
        self.tool_use.push(ToolUse { name: name.to_owned(), input, id: None, split: 1 });
        self
    }

    pub fn stop_reason(mut self, reason: StopReason) -> Self {
        self.stop_reason = Some(reason);
        self
    }

    pub fn usage(mut self, input_tokens: u32, output_tokens: u32) -> Self {
        self.usage = UsageGiven { input_tokens: Some(input_tokens), output_tokens: Some(output_tokens) };
        self
    }

    pub fn first_token_after(mut self, duration: Duration) -> Self {
        self.first_token_after = Some(duration);
        self
    }

    /// Panics on zero: a model that never goes on is [`Break::Stall`].
    #[track_caller]
    pub fn tokens_per_second(mut self, tokens: u32) -> Self {
        self.tokens_per_second = Some(NonZeroU32::new(tokens).expect("a pace is at least one token a second"));
        self
    }

    pub fn delayed_by(mut self, duration: Duration) -> Self {
        self.fault = Some(Fault::Delay(duration));
        self
    }

    pub fn broken_after(mut self, frames: usize, then: Break) -> Self {
        self.fault = Some(Fault::After { frames, then });
        self
    }

    pub fn truncate_json(mut self) -> Self {
        self.truncate_json = true;
        self
    }

    pub fn prose_around(mut self) -> Self {
        self.prose_around = true;
        self
    }

    pub fn end_without_message_stop(mut self) -> Self {
        self.end_without_message_stop = true;
        self
    }

    /// Whether anything of the reply is said.
    pub fn speaks(&self) -> bool {
        !matches!(self.fault, Some(Fault::Error(_) | Fault::Hang(_) | Fault::Reset(_)))
    }
}
