//! Replies in Rust: what is said first, then how. The words are those of the YAML.

use std::num::NonZeroU32;
use std::time::Duration;

use serde_json::Value;

use super::cadence::Jitter;
use super::fault::{Break, ErrorFault, Fault};
use super::mutation::Mutation;
use super::reply::{Content, Embedding, GivenPiece, Reasoning, Reply, StopReason, ToolUse, UsageGiven};

impl Reply {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    pub fn json(value: Value) -> Self {
        Self { json: Some(value), ..Self::default() }
    }

    /// A text in the pieces in which it leaves.
    pub fn pieces<'a>(pieces: impl IntoIterator<Item = &'a str>) -> Self {
        Self { pieces: Some(pieces.into_iter().map(GivenPiece::from).collect()), ..Self::default() }
    }

    pub fn tool_use(name: &str, input: Value) -> Self {
        Self::default().and_tool_use(name, input)
    }

    /// Blocks in an order of their own.
    pub fn content(content: impl IntoIterator<Item = Content>) -> Self {
        Self { content: content.into_iter().collect(), ..Self::default() }
    }

    /// A guardrail intervenes; its assessment in AWS's shape.
    pub fn guardrail(assessment: Value) -> Self {
        Self { guardrail: Some(assessment), ..Self::default() }
    }

    /// In place of the vectors that are computed: one for each text.
    pub fn embedding(vectors: impl IntoIterator<Item = Vec<f32>>) -> Self {
        Self { embedding: Some(Embedding(vectors.into_iter().collect())), ..Self::default() }
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

    pub fn and_tool_use(self, name: &str, input: Value) -> Self {
        self.and_tool(ToolUse { name: name.to_owned(), input: Some(input), ..ToolUse::default() })
    }

    /// A use of a tool with everything that can be said of it.
    pub fn and_tool(mut self, tool: ToolUse) -> Self {
        self.tool_use.push(tool);
        self
    }

    /// What the model thinks before it speaks: a text, or [`Reasoning`] with its signature.
    pub fn reasoning(mut self, reasoning: impl Into<Reasoning>) -> Self {
        self.reasoning.push(reasoning.into());
        self
    }

    /// What the text rests on, in the shape of Converse's `citationsContent.citations`.
    pub fn citations(mut self, citations: impl IntoIterator<Item = Value>) -> Self {
        self.citations.extend(citations);
        self
    }

    pub fn stop_reason(mut self, reason: StopReason) -> Self {
        self.stop_reason = Some(reason);
        self
    }

    /// The model met this sequence, and stopped for it.
    pub fn stop_sequence(mut self, sequence: &str) -> Self {
        self.stop_sequence = Some(sequence.to_owned());
        self
    }

    pub fn usage(mut self, input_tokens: u32, output_tokens: u32) -> Self {
        self.usage = UsageGiven { input_tokens: Some(input_tokens), output_tokens: Some(output_tokens), ..self.usage };
        self
    }

    /// What was read from a prompt cache, and what was written to it.
    pub fn cache_usage(mut self, read: u32, written: u32) -> Self {
        self.usage.cache_read_input_tokens = Some(read);
        self.usage.cache_write_input_tokens = Some(written);
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

    /// Between the first piece and the second and so on, in place of the pace.
    pub fn gaps(mut self, gaps: impl IntoIterator<Item = Duration>) -> Self {
        self.gaps.extend(gaps);
        self
    }

    pub fn jitter(mut self, jitter: Jitter) -> Self {
        self.jitter = Some(jitter);
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

    pub fn end_without_message_stop(mut self) -> Self {
        self.fault = Some(Fault::WithoutMessageStop);
        self
    }

    /// What is said is wrong in this way; said again for several, one after the other.
    pub fn mutate(mut self, mutation: Mutation) -> Self {
        self.mutate.push(mutation);
        self
    }

    pub fn truncate_json(self) -> Self {
        self.mutate(Mutation::TruncateJson(None))
    }

    pub fn prose_around(self) -> Self {
        self.mutate(Mutation::ProseAround)
    }
}

/// Blocks for [`Reply::content`].
impl Content {
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::default() }
    }

    pub fn json(value: Value) -> Self {
        Self { json: Some(value), ..Self::default() }
    }

    pub fn reasoning(reasoning: impl Into<Reasoning>) -> Self {
        Self { reasoning: Some(reasoning.into()), ..Self::default() }
    }

    pub fn tool_use(name: &str, input: Value) -> Self {
        let tool = ToolUse { name: name.to_owned(), input: Some(input), ..ToolUse::default() };
        Self { tool_use: Some(tool), ..Self::default() }
    }
}
