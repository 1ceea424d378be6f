//! A reply made ready for one call: templates filled, text cut into pieces, tokens counted, time measured.

use std::time::Duration;

use serde_json::Value;

use super::cadence::{self, Pace};
use super::fault::{Break, ErrorFault, Fault};
use super::reply::{Reply, StopReason, ToolUse};
use super::template;
use super::when::Captures;
use super::{Defaults, Scene};

/// What the model does.
#[derive(Clone, Debug)]
pub enum Act {
    Speak(Performance),
    Refuse(ErrorFault),
    /// Silence; for ever, or until the connection breaks.
    Hang(Option<Duration>),
    /// The connection breaks after this long.
    Reset(Duration),
}

/// What the model says, piece by piece.
#[derive(Clone, Debug)]
pub struct Performance {
    pub first_token_after: Duration,
    pub blocks: Vec<Block>,
    pub stop_reason: StopReason,
    pub usage: Usage,
    /// That a guardrail intervenes, whatever it finds by itself: its assessment in AWS's shape.
    pub guardrail: Option<Value>,
    /// In place of the vectors that are computed: one for each text.
    pub embedding: Option<Vec<Vec<f32>>>,
    pub ending: Ending,
}

#[derive(Clone, Debug)]
pub enum Block {
    Text {
        pieces: Vec<Piece>,
        /// In the shape of Converse's `citationsContent.citations`.
        citations: Vec<Value>,
    },
    ToolUse {
        id: String,
        name: String,
        input: Value,
        pieces: Vec<Piece>,
    },
    Reasoning {
        pieces: Vec<Piece>,
        /// What the model signs it with, so that it may be sent back.
        signature: Option<String>,
    },
    /// Reasoning that nobody may read: base64.
    RedactedReasoning {
        data: String,
    },
}

/// Text that leaves together, `after` the piece before it.
#[derive(Clone, Debug)]
pub struct Piece {
    pub after: Duration,
    pub text: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Without those below.
    pub input_tokens: u32,
    pub output_tokens: u32,
    /// Read from a prompt cache, where the script says so.
    pub cache_read_input_tokens: Option<u32>,
    /// Written to a prompt cache, where the script says so.
    pub cache_write_input_tokens: Option<u32>,
}

/// How the answer ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    Whole,
    WithoutMessageStop,
    Broken { frames: usize, then: Break },
}

const PROSE_BEFORE: &str = "Sure! Here is the JSON you asked for:\n\n";
const PROSE_AFTER: &str = "\n\nLet me know if you would like me to change anything.";

impl Reply {
    /// What comes of this reply in one call. `new_id` gives ids to tool uses that have none.
    pub fn act(&self, captures: &Captures, scene: &Scene, defaults: &Defaults, new_id: impl FnMut() -> String) -> Act {
        match &self.fault {
            Some(Fault::Error(error)) => Act::Refuse(error.clone()),
            Some(Fault::Hang(until)) => Act::Hang(*until),
            Some(Fault::Reset(after)) => Act::Reset(*after),
            Some(Fault::Delay(_) | Fault::After { .. }) | None => {
                Act::Speak(self.perform(captures, scene, defaults, new_id))
            }
        }
    }

    fn perform(
        &self,
        captures: &Captures,
        scene: &Scene,
        defaults: &Defaults,
        mut new_id: impl FnMut() -> String,
    ) -> Performance {
        let mut pace = Pace::new(self.tokens_per_second.or(defaults.tokens_per_second));
        let mut paced = |texts: Vec<String>| -> Vec<Piece> {
            texts.into_iter().map(|text| Piece { after: pace.after(&text), text }).collect()
        };
        let (mut blocks, mut characters) = (Vec::new(), 0);
        if let Some(text) = self.said(captures) {
            characters += text.chars().count();
            blocks.push(Block::Text { pieces: paced(cadence::words(&text)), citations: Vec::new() });
        }
        for ToolUse { name, input, id, split } in &self.tool_use {
            let input = template::fill_json(input, captures);
            let written = input.to_string();
            characters += written.chars().count();
            let pieces = paced(cadence::pieces(&written, *split));
            let id = id.clone().unwrap_or_else(&mut new_id);
            blocks.push(Block::ToolUse { id, name: name.clone(), input, pieces });
        }
        let delay = if let Some(Fault::Delay(by)) = &self.fault { *by } else { Duration::ZERO };
        let stop_reason = if self.tool_use.is_empty() { StopReason::EndTurn } else { StopReason::ToolUse };
        Performance {
            first_token_after: self.first_token_after.unwrap_or(defaults.first_token_after).saturating_add(delay),
            blocks,
            stop_reason: self.stop_reason.unwrap_or(stop_reason),
            usage: Usage {
                input_tokens: self.usage.input_tokens.unwrap_or(scene.input_tokens),
                output_tokens: self.usage.output_tokens.unwrap_or_else(|| cadence::tokens(characters)),
                cache_read_input_tokens: None,
                cache_write_input_tokens: None,
            },
            guardrail: None,
            embedding: None,
            ending: self.ending(),
        }
    }

    /// The text with its captures and its damage.
    fn said(&self, captures: &Captures) -> Option<String> {
        let mut text = match (&self.text, &self.json) {
            (Some(text), _) => template::fill(text, captures),
            (None, Some(json)) => template::fill_json(json, captures).to_string(),
            (None, None) => return None,
        };
        if self.truncate_json {
            let kept = text.chars().count() * 2 / 3;
            text = text.chars().take(kept).collect();
        }
        if self.prose_around {
            text = format!("{PROSE_BEFORE}{text}{PROSE_AFTER}");
        }
        Some(text)
    }

    fn ending(&self) -> Ending {
        match &self.fault {
            Some(Fault::After { frames, then }) => Ending::Broken { frames: *frames, then: then.clone() },
            _ if self.end_without_message_stop => Ending::WithoutMessageStop,
            _ => Ending::Whole,
        }
    }
}

impl Performance {
    /// Nothing is said, and at once: the vectors are computed.
    pub fn of_embedding(input_tokens: u32) -> Self {
        Self {
            first_token_after: Duration::ZERO,
            blocks: Vec::new(),
            stop_reason: StopReason::EndTurn,
            usage: Usage { input_tokens, ..Usage::default() },
            guardrail: None,
            embedding: None,
            ending: Ending::Whole,
        }
    }

    /// From the request to the last token.
    pub fn lasts(&self) -> Duration {
        let pieces = self.blocks.iter().flat_map(Block::pieces);
        pieces.fold(self.first_token_after, |total, piece| total.saturating_add(piece.after))
    }

    /// For the timeline: `text and tool use get_order, 6 tokens`.
    pub fn summary(&self) -> String {
        let parts = self.blocks.iter().map(|block| match block {
            Block::Text { .. } => "text".to_owned(),
            Block::ToolUse { name, .. } => format!("tool use {name}"),
            Block::Reasoning { .. } | Block::RedactedReasoning { .. } => "reasoning".to_owned(),
        });
        let parts: Vec<String> = parts.collect();
        let count = self.usage.output_tokens;
        let plural = if count == 1 { "" } else { "s" };
        format!("{}, {count} token{plural}", parts.join(" and "))
    }
}

impl Block {
    pub fn pieces(&self) -> &[Piece] {
        match self {
            Block::Text { pieces, .. } | Block::ToolUse { pieces, .. } | Block::Reasoning { pieces, .. } => pieces,
            Block::RedactedReasoning { .. } => &[],
        }
    }

    /// The block's text in one.
    pub fn text(&self) -> String {
        self.pieces().iter().map(|piece| piece.text.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn perform(yaml: &str) -> Performance {
        let scene = Scene { model: "m.m".to_owned(), input_tokens: 3, ..Scene::default() };
        let captures = Captures::from([("uid".to_owned(), "u_1".to_owned())]);
        let reply: Reply = serde_saphyr::from_str(yaml).expect(yaml);
        match reply.act(&captures, &scene, &Defaults::default(), || "id".to_owned()) {
            Act::Speak(performance) => performance,
            other => panic!("{yaml}: {other:?}"),
        }
    }

    #[test]
    fn a_text_is_filled_and_damaged_as_the_reply_says() {
        for (yaml, expected) in [
            ("{text: 'hello {{m.uid}}'}", "hello u_1"),
            ("{json: [{user: '{{m.uid}}', n: 0.93}]}", r#"[{"user":"u_1","n":0.93}]"#),
            ("{json: [1], truncate_json: true}", "[1"),
            (
                "{text: '[]', prose_around: true}",
                "Sure! Here is the JSON you asked for:\n\n[]\n\nLet me know if you would like me to change anything.",
            ),
        ] {
            assert_eq!(perform(yaml).blocks[0].text(), expected, "{yaml}");
        }
    }

    #[test]
    fn time_runs_from_the_first_token_at_the_pace_of_the_rest() {
        let spoken = perform("{text: one two six ten, first_token_after: 300ms, tokens_per_second: 10}");
        assert_eq!(spoken.lasts(), Duration::from_millis(600));
        assert_eq!(spoken.summary(), "text, 4 tokens");
        let delayed = perform("{text: a, fault: {delay: 5s}}");
        assert_eq!(delayed.lasts(), Duration::from_secs(5));
    }

    #[test]
    fn a_tool_use_brings_its_stop_reason_and_usage_is_estimated() {
        let spoken = perform("{text: let me see, tool_use: {name: get_order, input: {id: '{{m.uid}}'}, split: 3}}");
        assert_eq!(spoken.stop_reason, StopReason::ToolUse);
        assert_eq!(spoken.usage, Usage { input_tokens: 3, output_tokens: 6, ..Usage::default() });
        assert_eq!(spoken.blocks[1].text(), r#"{"id":"u_1"}"#);
        assert_eq!(spoken.blocks[1].pieces().len(), 3);
        assert_eq!(spoken.summary(), "text and tool use get_order, 6 tokens");
    }
}
