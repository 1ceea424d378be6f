//! A reply made ready for one call: templates filled, text cut into pieces, tokens counted, time measured.

use std::time::Duration;

use serde_json::Value;

use super::cadence::{self, Pace};
use super::draft::{Cut, Draft, Part, Pieces};
use super::fault::{Break, ErrorFault, Fault};
use super::moment::Moment;
use super::recorded::Recorded;
use super::reply::{Embedding, Reply, StopReason};

/// What the model does.
#[derive(Clone, Debug)]
pub enum Act {
    Speak(Performance),
    Refuse(ErrorFault),
    /// Silence; for ever, or until the connection breaks.
    Hang(Option<Duration>),
    /// The connection breaks after this long.
    Reset(Duration),
    /// A page of a gateway in front of Bedrock, with this status.
    Html(u16),
    /// What was recorded, whatever is asked.
    Recorded(Box<Recorded>),
}

/// What the model says, piece by piece.
#[derive(Clone, Debug)]
pub struct Performance {
    pub first_token_after: Duration,
    pub blocks: Vec<Block>,
    pub stop_reason: StopReason,
    /// The sequence that was met, where that is why the model stopped.
    pub stop_sequence: Option<String>,
    pub usage: Usage,
    /// That a guardrail intervenes, whatever it finds by itself: its assessment in AWS's shape.
    pub guardrail: Option<Value>,
    /// What a guardrail around the call has made of it, where the caller named one.
    pub guarded: Option<Box<Guarded>>,
    /// In place of the vectors that are computed: one for each text.
    pub embedding: Option<Vec<Vec<f32>>>,
    pub ending: Ending,
}

/// The judgement of a guardrail that the caller named.
#[derive(Clone, Debug)]
pub struct Guarded {
    pub id: String,
    pub intervened: bool,
    /// Whether the caller wants to be told.
    pub traces: bool,
    /// The assessments, in AWS's shape.
    pub input: Value,
    pub outputs: Vec<Value>,
    /// What the model said, where something else is said in its place.
    pub model_output: Vec<String>,
    pub reason: &'static str,
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
        /// Its pieces as JSON; where they are none, as a text (assumed of a whole answer, which cannot carry them).
        input: Value,
        pieces: Vec<Piece>,
    },
    Reasoning {
        pieces: Vec<Piece>,
        /// What the model signs it with, so that it may be sent back.
        signature: Option<String>,
    },
    /// Reasoning that nobody may read: base64.
    RedactedReasoning { data: String },
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

impl Reply {
    /// What comes of this reply in one call; or why it cannot be said.
    pub fn act(&self, moment: &mut Moment<'_>) -> Result<Act, String> {
        let in_place = self.fault.as_ref().filter(|_| !moment.scene.operation.is_stream()).and_then(Fault::as_error);
        if let Some(error) = in_place {
            return Ok(Act::Refuse(error));
        }
        if let Some(recorded) = &self.recorded {
            return Ok(Act::Recorded(recorded.clone()));
        }
        Ok(match &self.fault {
            Some(Fault::Error(error)) => Act::Refuse(error.clone()),
            Some(Fault::Hang(until)) => Act::Hang(*until),
            Some(Fault::Reset(after)) => Act::Reset(*after),
            Some(Fault::Html(status)) => Act::Html(*status),
            Some(Fault::Delay(_) | Fault::WithoutMessageStop | Fault::After { .. }) | None => {
                Act::Speak(self.perform(moment)?)
            }
        })
    }

    fn perform(&self, moment: &mut Moment<'_>) -> Result<Performance, String> {
        let mut draft = Draft::of(self, moment)?;
        for mutation in &self.mutate {
            mutation.apply(&mut draft, moment);
        }
        let defaults = moment.defaults;
        let jitter = self.jitter.or(defaults.jitter);
        let mut first_token_after = self.first_token_after.unwrap_or(defaults.first_token_after);
        if let Some(jitter) = jitter.filter(|_| !first_token_after.is_zero()) {
            first_token_after = jitter.vary(first_token_after, moment.chance.random());
        }
        if let Some(Fault::Delay(by)) = &self.fault {
            first_token_after = first_token_after.saturating_add(*by);
        }
        let stop_reason = draft.stop_reason();
        let characters = draft.parts.iter().filter_map(Part::cut).map(|cut| cut.text.chars().count()).sum();
        let mut pace = Pace::new(self.tokens_per_second.or(defaults.tokens_per_second), &self.gaps, jitter);
        let blocks = draft.parts.into_iter().map(|part| block(part, &mut pace, moment)).collect();
        Ok(Performance {
            first_token_after,
            blocks,
            stop_reason,
            stop_sequence: self.stop_sequence.clone().filter(|_| stop_reason == StopReason::StopSequence),
            usage: Usage {
                input_tokens: self.usage.input_tokens.unwrap_or(moment.scene.input_tokens),
                output_tokens: self.usage.output_tokens.unwrap_or_else(|| cadence::tokens(characters)),
                cache_read_input_tokens: self.usage.cache_read_input_tokens,
                cache_write_input_tokens: self.usage.cache_write_input_tokens,
            },
            guardrail: self.guardrail.clone(),
            guarded: None,
            embedding: self.embedding.as_ref().map(|Embedding(vectors)| vectors.clone()),
            ending: self.ending(),
        })
    }

    fn ending(&self) -> Ending {
        match &self.fault {
            Some(Fault::After { frames, then }) => Ending::Broken { frames: *frames, then: then.clone() },
            Some(Fault::WithoutMessageStop) => Ending::WithoutMessageStop,
            _ => Ending::Whole,
        }
    }
}

fn block(part: Part, pace: &mut Pace, moment: &mut Moment<'_>) -> Block {
    match part {
        Part::Text { cut, citations } => Block::Text { pieces: timed(cut, pace, moment), citations },
        Part::Reasoning { cut, signature } => Block::Reasoning { pieces: timed(cut, pace, moment), signature },
        Part::Redacted { data } => Block::RedactedReasoning { data },
        Part::ToolUse { id, name, input: cut } => {
            let input = serde_json::from_str(&cut.text).unwrap_or_else(|_| Value::String(cut.text.clone()));
            Block::ToolUse { id, name, input, pieces: timed(cut, pace, moment) }
        }
    }
}

fn timed(cut: Cut, pace: &mut Pace, moment: &mut Moment<'_>) -> Vec<Piece> {
    // A whole answer is put together again: where its time does not hang on its pieces, it is left in one.
    let is_whole = !moment.scene.operation.is_stream() && pace.is_instant();
    let pieces = match cut.pieces {
        Pieces::Words | Pieces::Split(_) if is_whole => vec![(None, cut.text)],
        Pieces::Words => cadence::words(&cut.text).into_iter().map(|text| (None, text)).collect(),
        Pieces::Split(count) => cadence::pieces(&cut.text, count).into_iter().map(|text| (None, text)).collect(),
        Pieces::ByHand(pieces) => pieces,
    };
    let timed = pieces.into_iter().map(|(given, text)| {
        let after = pace.after(&text, given, &mut moment.chance);
        Piece { after, text }
    });
    timed.collect()
}

impl Performance {
    /// Nothing is said, and at once: the vectors are computed.
    pub fn of_embedding(input_tokens: u32) -> Self {
        Self {
            first_token_after: Duration::ZERO,
            blocks: Vec::new(),
            stop_reason: StopReason::EndTurn,
            stop_sequence: None,
            usage: Usage { input_tokens, ..Usage::default() },
            guardrail: None,
            guarded: None,
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
        if self.blocks.is_empty() && self.embedding.is_some() {
            return "embedding".to_owned();
        }
        let mut said = if self.blocks.is_empty() { "nothing".to_owned() } else { String::new() };
        for (index, block) in self.blocks.iter().enumerate() {
            said.push_str(if index == 0 { "" } else { " and " });
            match block {
                Block::Text { .. } => said.push_str("text"),
                Block::ToolUse { name, .. } => said.extend(["tool use ", name]),
                Block::Reasoning { .. } | Block::RedactedReasoning { .. } => said.push_str("reasoning"),
            }
        }
        let count = self.usage.output_tokens;
        let plural = if count == 1 { "" } else { "s" };
        said.extend([", ", &count.to_string(), " token", plural]);
        said
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
    use crate::kernel::{Ids, Timestamp};
    use crate::service::bedrock::script::chance::Chance;
    use crate::service::bedrock::script::{Captures, Defaults, ModelOperation, Scene};

    fn perform(yaml: &str) -> Performance {
        perform_in(ModelOperation::ConverseStream, yaml)
    }

    fn perform_in(operation: ModelOperation, yaml: &str) -> Performance {
        let scene = Scene { operation, model: "m.m".to_owned(), input_tokens: 3, ..Scene::default() };
        let captures = Captures::from([("uid".to_owned(), "u_1".to_owned())]);
        let reply: Reply = serde_saphyr::from_str(yaml).expect(yaml);
        let ids = Ids::seeded(7);
        let mut moment = Moment {
            scene: &scene,
            captures: &captures,
            defaults: &Defaults::default(),
            count: 1,
            now: Timestamp::from_secs(0),
            chance: Chance::of_world(&ids),
        };
        match reply.act(&mut moment) {
            Ok(Act::Speak(performance)) => performance,
            other => panic!("{yaml}: {other:?}"),
        }
    }

    #[test]
    fn templates_are_filled_and_pieces_by_hand_stay() {
        for (yaml, expected) in [
            ("{text: 'hello {{m.uid}}'}", "hello |u_1"),
            ("{json: [{user: '{{m.uid}}', n: 0.93}]}", r#"[{"user":"u_1","|n":0.93}]"#),
            ("{pieces: [he, 'llo {{m.uid}}']}", "he|llo u_1"),
            ("{content: [{reasoning: {pieces: [a, b]}}]}", "a|b"),
            ("{tool_use: {name: get, pieces: ['{', '}']}}", "{|}"),
        ] {
            let spoken = perform(yaml);
            let pieces: Vec<&str> = spoken.blocks[0].pieces().iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(pieces.join("|"), expected, "{yaml}");
        }
    }

    #[test]
    fn a_whole_answer_is_left_in_one_piece_unless_time_hangs_on_its_pieces() {
        for (yaml, expected) in [
            ("{text: 'hello {{m.uid}}'}", "hello u_1"),
            ("{tool_use: {name: get, input: {a: 1}, split: 3}}", "{\"a\":1}"),
            ("{text: one two, tokens_per_second: 10}", "one |two"),
            ("{text: one two, gaps: [1s]}", "one |two"),
            ("{pieces: [he, llo]}", "he|llo"),
        ] {
            let spoken = perform_in(ModelOperation::Converse, yaml);
            let pieces: Vec<&str> = spoken.blocks[0].pieces().iter().map(|piece| piece.text.as_str()).collect();
            assert_eq!(pieces.join("|"), expected, "{yaml}");
            assert_eq!(spoken.lasts(), perform(yaml).lasts(), "{yaml}");
        }
    }

    #[test]
    fn a_whole_answer_carries_an_input_that_is_no_json_as_text() {
        let spoken = perform("{tool_use: {name: get, input_text: '{\"a'}}");
        let Block::ToolUse { input, .. } = &spoken.blocks[0] else { panic!("{spoken:?}") };
        assert_eq!(*input, Value::String("{\"a".to_owned()));
    }

    #[test]
    fn an_exception_of_a_stream_is_an_error_of_a_whole_answer() {
        let reply: Reply = serde_saphyr::from_str("{text: a, fault: {do: 'exception:modelTimeoutException'}}").unwrap();
        let error = reply.fault.as_ref().and_then(Fault::as_error).unwrap();
        assert_eq!((&*error.name, error.status), ("ModelTimeoutException", 408));
    }

    #[test]
    fn time_runs_from_the_first_token_at_the_pace_of_the_rest() {
        let spoken = perform("{text: one two six ten, first_token_after: 300ms, tokens_per_second: 10}");
        assert_eq!(spoken.lasts(), Duration::from_millis(600));
        assert_eq!(spoken.summary(), "text, 4 tokens");
        let delayed = perform("{text: a, fault: {delay: 5s}}");
        assert_eq!(delayed.lasts(), Duration::from_secs(5));
        let by_hand = perform("{pieces: [a, {after: 2s, text: b}, c], gaps: [7s, 1s]}");
        assert_eq!(by_hand.lasts(), Duration::from_secs(3));
        let varied = perform("{text: one two six ten, first_token_after: 1s, tokens_per_second: 10, jitter: 100ms}");
        assert!((900..=1700).contains(&varied.lasts().as_millis()) && varied.lasts() != Duration::from_millis(1300));
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
