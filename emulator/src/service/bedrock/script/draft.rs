//! What a reply says in one call, before it is damaged, cut into pieces and timed.

use std::time::Duration;

use serde_json::{Map, Value};

use super::moment::Moment;
use super::reply::{GivenPiece, Reasoning, Reply, Saying, StopReason, ToolUse};
use super::template::{fill, fill_json};

/// The text that a guardrail says where the script gives none (AWS's console proposes it).
const BLOCKED: &str = "Sorry, the model cannot answer this question.";

/// The blocks of an answer and why it ends.
#[derive(Debug)]
pub struct Draft {
    pub parts: Vec<Part>,
    pub stop_reason: Option<StopReason>,
}

#[derive(Clone, Debug)]
pub enum Part {
    Text { cut: Cut, citations: Vec<Value> },
    Reasoning { cut: Cut, signature: Option<String> },
    Redacted { data: String },
    ToolUse { id: String, name: String, input: Cut },
}

/// A text, and how it is cut in pieces.
#[derive(Clone, Debug)]
pub struct Cut {
    pub text: String,
    pub pieces: Pieces,
}

#[derive(Clone, Debug)]
pub enum Pieces {
    /// About a word at a time.
    Words,
    /// So many of about the same length.
    Split(usize),
    ByHand(Vec<(Option<Duration>, String)>),
}

impl Cut {
    pub fn words(text: impl Into<String>) -> Self {
        Self { text: text.into(), pieces: Pieces::Words }
    }

    /// Another text: what was cut by hand no longer fits.
    pub fn say(&mut self, text: String) {
        self.text = text;
        if matches!(self.pieces, Pieces::ByHand(_)) {
            self.pieces = Pieces::Words;
        }
    }

    fn by_hand(pieces: &[GivenPiece], moment: &mut Moment<'_>) -> Result<Self, String> {
        let filled = pieces.iter().map(|GivenPiece { after, text }| Ok((*after, fill(text, moment)?)));
        let pieces = filled.collect::<Result<Vec<_>, String>>()?;
        let text = pieces.iter().map(|(_, text)| text.as_str()).collect();
        Ok(Self { text, pieces: Pieces::ByHand(pieces) })
    }
}

impl Part {
    /// A use of a tool with this input.
    pub fn tool_use(id: String, name: &str, input: &Value) -> Self {
        let input = Cut { text: input.to_string(), pieces: Pieces::Split(1) };
        Self::ToolUse { id, name: name.to_owned(), input }
    }

    /// What counts as output.
    pub fn cut(&self) -> Option<&Cut> {
        match self {
            Self::Text { cut, .. } | Self::Reasoning { cut, .. } | Self::ToolUse { input: cut, .. } => Some(cut),
            Self::Redacted { .. } => None,
        }
    }

    pub fn cut_mut(&mut self) -> Option<&mut Cut> {
        match self {
            Self::Text { cut, .. } | Self::Reasoning { cut, .. } | Self::ToolUse { input: cut, .. } => Some(cut),
            Self::Redacted { .. } => None,
        }
    }
}

impl Draft {
    pub fn of(reply: &Reply, moment: &mut Moment<'_>) -> Result<Self, String> {
        let sayings = reply.sayings();
        let mut parts = Vec::with_capacity(sayings.len());
        for saying in sayings {
            parts.push(part(saying, moment)?);
        }
        if reply.guardrail.is_some() && parts.is_empty() {
            parts.push(Part::Text { cut: Cut::words(BLOCKED), citations: Vec::new() });
        }
        let of_guardrail = reply.guardrail.as_ref().map(|_| StopReason::GuardrailIntervened);
        let of_sequence = reply.stop_sequence.as_ref().map(|_| StopReason::StopSequence);
        Ok(Self { parts, stop_reason: reply.stop_reason.or(of_guardrail).or(of_sequence) })
    }

    /// What is said, else what the parts bring with them.
    pub fn stop_reason(&self) -> StopReason {
        let asks = self.parts.iter().any(|part| matches!(part, Part::ToolUse { .. }));
        self.stop_reason.unwrap_or(if asks { StopReason::ToolUse } else { StopReason::EndTurn })
    }
}

fn part(saying: Saying<'_>, moment: &mut Moment<'_>) -> Result<Part, String> {
    Ok(match saying {
        Saying::Text(text, citations) => {
            Part::Text { cut: Cut::words(fill(text, moment)?), citations: citations.to_vec() }
        }
        Saying::Json(value, citations) => {
            Part::Text { cut: Cut::words(fill_json(value, moment)?.to_string()), citations: citations.to_vec() }
        }
        Saying::Pieces(pieces, citations) => {
            Part::Text { cut: Cut::by_hand(pieces, moment)?, citations: citations.to_vec() }
        }
        Saying::Reasoning(Reasoning { redacted: Some(data), .. }) => Part::Redacted { data: data.clone() },
        Saying::Reasoning(Reasoning { text, pieces, signature, .. }) => {
            let cut = match pieces {
                Some(pieces) => Cut::by_hand(pieces, moment)?,
                None => Cut::words(fill(text.as_deref().unwrap_or_default(), moment)?),
            };
            Part::Reasoning { cut, signature: signature.clone() }
        }
        Saying::ToolUse(ToolUse { name, input, input_text, pieces, id, split }) => {
            let split = split.map_or(1, |split| split.get() as usize);
            let input = match (pieces, input_text) {
                (Some(pieces), _) => Cut::by_hand(pieces, moment)?,
                (None, Some(text)) => Cut { text: fill(text, moment)?, pieces: Pieces::Split(split) },
                (None, None) => {
                    let nothing = Value::Object(Map::new());
                    let input = fill_json(input.as_ref().unwrap_or(&nothing), moment)?;
                    Cut { text: input.to_string(), pieces: Pieces::Split(split) }
                }
            };
            let id = id.clone().unwrap_or_else(|| moment.chance.tool_use_id());
            Part::ToolUse { id, name: name.clone(), input }
        }
    })
}
