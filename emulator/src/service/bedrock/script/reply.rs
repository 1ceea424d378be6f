//! One thing the model does when it is asked.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::cadence::Jitter;
use super::fault::Fault;
use super::mutation::Mutation;
use super::one_or_many;
use super::performance::Usage;
use super::recorded::Recorded;
use crate::kernel::duration;

/// What the model says, how fast, and how it fails.
///
/// Reasoning comes before text and text before tool use; `content` says them in an order of its own.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reply {
    pub text: Option<String>,
    /// A value that is said as JSON text.
    pub json: Option<Value>,
    /// A text in the pieces in which it leaves.
    pub pieces: Option<Vec<GivenPiece>>,
    /// What the text rests on, in the shape of Converse's `citationsContent.citations`.
    pub citations: Vec<Value>,
    #[serde(deserialize_with = "one_or_many::read")]
    pub reasoning: Vec<Reasoning>,
    #[serde(deserialize_with = "one_or_many::read")]
    pub tool_use: Vec<ToolUse>,
    pub content: Vec<Content>,
    /// Otherwise what the content brings with it: `tool_use` where a tool is used, else `end_turn`.
    pub stop_reason: Option<StopReason>,
    /// The sequence that was met; the stop reason is then `stop_sequence`.
    pub stop_sequence: Option<String>,
    /// Otherwise estimated.
    pub usage: UsageGiven,
    /// A guardrail intervenes: its assessment in AWS's shape. The text is what is said instead.
    pub guardrail: Option<Value>,
    /// In place of the vectors that are computed.
    pub embedding: Option<Embedding>,
    #[serde(with = "duration::option")]
    pub first_token_after: Option<Duration>,
    pub tokens_per_second: Option<NonZeroU32>,
    /// Between the first piece and the second and so on, in place of the pace.
    #[serde(deserialize_with = "gaps")]
    pub gaps: Vec<Duration>,
    /// How much the gaps and the time to the first token vary, by the seed.
    pub jitter: Option<Jitter>,
    /// What is wrong with what is said, one after the other.
    #[serde(deserialize_with = "one_or_many::read")]
    pub mutate: Vec<Mutation>,
    pub fault: Option<Fault>,
    /// An answer as it was recorded; what else the reply has is its usage.
    pub recorded: Option<Box<Recorded>>,
}

/// One block of an answer.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Content {
    pub text: Option<String>,
    pub json: Option<Value>,
    pub pieces: Option<Vec<GivenPiece>>,
    pub citations: Vec<Value>,
    pub reasoning: Option<Reasoning>,
    pub tool_use: Option<ToolUse>,
}

/// The model asks for a tool.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ToolUse {
    pub name: String,
    /// Otherwise an empty object.
    pub input: Option<Value>,
    /// The input as text, which need not be JSON.
    pub input_text: Option<String>,
    /// The input in the fragments in which a stream carries it.
    pub pieces: Option<Vec<GivenPiece>>,
    /// Otherwise generated: `tooluse_` and 22 letters and digits.
    pub id: Option<String>,
    /// In how many fragments a stream carries the input.
    pub split: Option<NonZeroU32>,
}

/// What the model thinks before it speaks. A text alone is its text.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct Reasoning {
    pub text: Option<String>,
    pub pieces: Option<Vec<GivenPiece>>,
    /// What the model signs it with, so that it may be sent back.
    pub signature: Option<String>,
    /// Reasoning that nobody may read: base64.
    pub redacted: Option<String>,
}

/// A piece of a text, and how long after the piece before it it leaves, if that is said. A text alone is its text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, remote = "Self")]
pub struct GivenPiece {
    #[serde(with = "duration::option")]
    pub after: Option<Duration>,
    pub text: String,
}

/// Vectors: one list of numbers, or a list of them, one for each text.
#[derive(Clone, Debug, PartialEq)]
pub struct Embedding(pub Vec<Vec<f32>>);

/// Token counts that take the place of estimates.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct UsageGiven {
    pub input_tokens: Option<u32>,
    pub output_tokens: Option<u32>,
    pub cache_read_input_tokens: Option<u32>,
    pub cache_write_input_tokens: Option<u32>,
}

impl UsageGiven {
    /// What is said to be used, if anything is: what was recorded has no estimate.
    pub fn given(self) -> Option<Usage> {
        let Self { input_tokens, output_tokens, cache_read_input_tokens, cache_write_input_tokens } = self;
        let any = input_tokens.or(output_tokens).or(cache_read_input_tokens).or(cache_write_input_tokens);
        any.map(|_| Usage {
            input_tokens: input_tokens.unwrap_or_default(),
            output_tokens: output_tokens.unwrap_or_default(),
            cache_read_input_tokens,
            cache_write_input_tokens,
        })
    }
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

/// One block as it is to be said, from whichever form it was written in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Saying<'a> {
    Text(&'a str, &'a [Value]),
    Json(&'a Value, &'a [Value]),
    Pieces(&'a [GivenPiece], &'a [Value]),
    Reasoning(&'a Reasoning),
    ToolUse(&'a ToolUse),
}

impl Reply {
    /// Whether anything of the reply is said.
    pub fn speaks(&self) -> bool {
        !matches!(self.fault, Some(Fault::Error(_) | Fault::Hang(_) | Fault::Reset(_) | Fault::Html(_)))
    }

    /// Its blocks in their order.
    pub(super) fn sayings(&self) -> Vec<Saying<'_>> {
        let mut sayings: Vec<Saying> = self.reasoning.iter().map(Saying::Reasoning).collect();
        sayings.extend(text(self.text.as_deref(), self.json.as_ref(), self.pieces.as_deref(), &self.citations));
        sayings.extend(self.tool_use.iter().map(Saying::ToolUse));
        for content in &self.content {
            let Content { text: said, json, pieces, citations, reasoning, tool_use } = content;
            sayings.extend(reasoning.as_ref().map(Saying::Reasoning));
            sayings.extend(text(said.as_deref(), json.as_ref(), pieces.as_deref(), citations));
            sayings.extend(tool_use.as_ref().map(Saying::ToolUse));
        }
        sayings
    }
}

fn text<'a>(
    text: Option<&'a str>,
    json: Option<&'a Value>,
    pieces: Option<&'a [GivenPiece]>,
    citations: &'a [Value],
) -> Option<Saying<'a>> {
    let text = text.map(|text| Saying::Text(text, citations));
    let json = json.map(|json| Saying::Json(json, citations));
    text.or(json).or(pieces.map(|pieces| Saying::Pieces(pieces, citations)))
}

impl From<&str> for GivenPiece {
    fn from(text: &str) -> Self {
        Self { after: None, text: text.to_owned() }
    }
}

impl From<&str> for Reasoning {
    fn from(text: &str) -> Self {
        Self { text: Some(text.to_owned()), ..Self::default() }
    }
}

/// Reads a text alone, or a map.
macro_rules! text_or_map {
    ($type:ty, $expected:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct TextOrMap;

                impl<'de> Visitor<'de> for TextOrMap {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_str<E: Error>(self, text: &str) -> Result<$type, E> {
                        Ok(text.into())
                    }

                    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<$type, A::Error> {
                        // The derived reading of a map; this one is of the trait.
                        <$type>::deserialize(MapAccessDeserializer::new(map))
                    }
                }
                deserializer.deserialize_any(TextOrMap)
            }
        }
    };
}

text_or_map!(GivenPiece, "a text, or `{after: 200ms, text: ...}`");
text_or_map!(Reasoning, "a text, or `{text: ..., signature: ...}`, or `{redacted: ...}`");

fn gaps<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Duration>, D::Error> {
    #[derive(Deserialize)]
    struct Gap(#[serde(with = "duration")] Duration);

    let gaps = Vec::<Gap>::deserialize(deserializer)?;
    Ok(gaps.into_iter().map(|Gap(gap)| gap).collect())
}

impl<'de> Deserialize<'de> for Embedding {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut vectors = Vec::new();
        let mut numbers = Vec::new();
        for item in Vec::<NumberOrVector>::deserialize(deserializer)? {
            match item {
                NumberOrVector::Number(number) => numbers.push(number),
                NumberOrVector::Vector(vector) => vectors.push(vector),
            }
        }
        match (vectors.is_empty(), numbers.is_empty()) {
            (_, true) => Ok(Self(vectors)),
            (true, false) => Ok(Self(vec![numbers])),
            (false, false) => Err(D::Error::custom("an embedding is a list of numbers, or a list of such lists")),
        }
    }
}

enum NumberOrVector {
    Number(f32),
    Vector(Vec<f32>),
}

impl<'de> Deserialize<'de> for NumberOrVector {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrVectorVisitor;

        impl<'de> Visitor<'de> for NumberOrVectorVisitor {
            type Value = NumberOrVector;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number, or a list of numbers")
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<NumberOrVector, E> {
                f32::deserialize(number.into_deserializer()).map(NumberOrVector::Number)
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<NumberOrVector, E> {
                self.visit_f64(number as f64)
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<NumberOrVector, E> {
                self.visit_f64(number as f64)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<NumberOrVector, A::Error> {
                let mut vector = Vec::new();
                while let Some(number) = list.next_element()? {
                    vector.push(number);
                }
                Ok(NumberOrVector::Vector(vector))
            }
        }
        deserializer.deserialize_any(NumberOrVectorVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_and_content_say_the_same() {
        for (short, long) in [
            ("{text: a}", "{content: [{text: a}]}"),
            ("{json: [1], citations: [{title: t}]}", "{content: [{json: [1], citations: [{title: t}]}]}"),
            (
                "{text: a, reasoning: b, tool_use: {name: c}}",
                "{content: [{reasoning: b}, {text: a}, {tool_use: {name: c}}]}",
            ),
            (
                "{reasoning: [{redacted: YQ==}, {text: b, signature: s}], pieces: [a, {after: 1s, text: b}]}",
                "{content: [{reasoning: {redacted: YQ==}}, {reasoning: {text: b, signature: s}},
                            {pieces: [a, {after: 1s, text: b}]}]}",
            ),
        ] {
            let said = |yaml: &str| {
                let reply: Reply = serde_saphyr::from_str(yaml).expect(yaml);
                format!("{:?}", reply.sayings())
            };
            assert_eq!(said(short), said(long));
        }
    }

    #[test]
    fn an_embedding_is_one_vector_or_several() {
        for (yaml, expected) in [
            ("[1, 0.5]", Some(vec![vec![1.0, 0.5]])),
            ("[[1, 0.5], [0, -1]]", Some(vec![vec![1.0, 0.5], vec![0.0, -1.0]])),
            ("[1, [2]]", None),
            ("[a]", None),
            ("7", None),
        ] {
            assert_eq!(serde_saphyr::from_str(yaml).ok().map(|Embedding(vectors)| vectors), expected, "{yaml}");
        }
    }
}
