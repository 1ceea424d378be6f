//! A guardrail around a call to a model: it judges what is asked before the model is, and then the answer.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-converse-api.html>
//!
//! An input that is blocked never reaches the model; one that is masked reaches it
//! masked. An answer is judged whole (assumed: AWS judges a stream in parts): a
//! stream that is processed `sync` begins when that is done, one that is `async`
//! passes as it comes, is never masked, and is told at its end.

use std::time::Duration;

use serde::Deserialize;

use super::Guardrails;
use super::assessment::{Content, Outcome};
use super::judge::Judge;
use super::policy::sides::{Action, Source};
use super::refusal;
use crate::kernel::{ApiError, Call, Violations};
use crate::service::bedrock::Attempt;
use crate::service::bedrock::actor::Actor;
use crate::service::bedrock::control::pattern::{GUARDRAIL_IN_USE, GUARDRAIL_VERSION_IN_USE};
use crate::service::bedrock::script::performance::Guarded;
use crate::service::bedrock::script::{Block, Ending, Performance, Piece, StopReason, Usage, cadence};

/// The guardrail that a call names: `guardrailConfig`, or headers that say the same.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GuardrailConfig {
    pub guardrail_identifier: Option<String>,
    pub guardrail_version: Option<String>,
    pub trace: Option<String>,
    pub stream_processing_mode: Option<String>,
}

/// A guardrail that is to judge a call.
#[derive(Debug)]
pub struct Watch {
    judge: Judge,
    traces: bool,
    /// Whether an answer waits until it is judged.
    holds_back: bool,
}

/// What comes of the input.
#[derive(Debug)]
pub enum Heard {
    /// The model is not asked: this is said in its place.
    Blocked(Box<Performance>),
    /// The model is asked with these texts.
    Passed(Box<Watching>, Vec<String>),
}

/// A guardrail that has heard the input, and waits for the answer.
#[derive(Debug)]
pub struct Watching {
    watch: Watch,
    input: Outcome,
    /// The sources and questions that the answer is measured by.
    grounds: Content,
}

impl GuardrailConfig {
    /// The constraints of AWS's model, where the members are under `prefix`.
    pub fn check(&self, violations: &mut Violations, prefix: &str) {
        let at = |name: &str| format!("{prefix}{name}");
        let (identifier, version) = (self.guardrail_identifier.as_deref(), self.guardrail_version.as_deref());
        GUARDRAIL_IN_USE.check(violations, &at("guardrailIdentifier"), identifier, 0, 2048);
        GUARDRAIL_VERSION_IN_USE.check(violations, &at("guardrailVersion"), version, 0, 2048);
        if let Some(trace) = &self.trace {
            violations.one_of(at("trace"), trace, &["enabled", "disabled", "enabled_full"]);
        }
        if let Some(mode) = &self.stream_processing_mode {
            violations.one_of(at("streamProcessingMode"), mode, &["sync", "async"]);
        }
    }
}

impl Watch {
    /// The guardrail, if the call names one. assumed: the wording where one half of the name is missing.
    pub fn of(config: &GuardrailConfig, guardrails: &Guardrails, call: &Call<'_>) -> Result<Option<Self>, ApiError> {
        let named = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
        let (identifier, version) = match (named(&config.guardrail_identifier), named(&config.guardrail_version)) {
            (None, None) => return Ok(None),
            (Some(identifier), Some(version)) => (identifier, version),
            _ => return Err(ApiError::validation("Provide both guardrailIdentifier and guardrailVersion.")),
        };
        let mut judge = Judge::find(guardrails, &identifier, &version, call, refusal::invalid_identifier)?;
        let trace = config.trace.as_deref().unwrap_or("disabled");
        judge.full = trace == "enabled_full";
        let holds_back = config.stream_processing_mode.as_deref() != Some("async");
        Ok(Some(Self { judge, traces: trace != "disabled", holds_back }))
    }

    /// Judges the input.
    pub fn hear(self, content: Content, actor: &Actor, attempt: &Attempt, call: &Call<'_>) -> Result<Heard, ApiError> {
        let input = self.judge.judge(Source::Input, &content, actor, attempt.clone(), call)?;
        if input.action == Action::Block {
            let said = self.judge.blocked_message(Source::Input);
            return Ok(Heard::Blocked(Box::new(self.refusal(said, &input))));
        }
        let texts = input.texts.clone();
        let mut grounds = Content::default();
        grounds.texts.extend(content.texts.into_iter().filter(|text| text.is_grounding));
        for text in &mut grounds.texts {
            text.is_guarded = false;
        }
        Ok(Heard::Passed(Box::new(Watching { watch: self, input, grounds }), texts))
    }

    /// What is said where the model was not asked: it costs no tokens and no time.
    fn refusal(&self, said: String, input: &Outcome) -> Performance {
        Performance {
            first_token_after: Duration::ZERO,
            blocks: vec![text_block(&said)],
            stop_reason: StopReason::GuardrailIntervened,
            stop_sequence: None,
            usage: Usage::default(),
            guardrail: None,
            guarded: Some(Box::new(self.guarded(input, None, Vec::new()))),
            embedding: None,
            ending: Ending::Whole,
        }
    }

    fn guarded(&self, input: &Outcome, output: Option<&Outcome>, model_output: Vec<String>) -> Guarded {
        let acted = output.filter(|output| output.intervened()).unwrap_or(input);
        Guarded {
            id: self.judge.id.clone(),
            intervened: acted.intervened(),
            traces: self.traces,
            input: input.assessment.clone().into(),
            outputs: output.map(|output| output.assessment.clone().into()).into_iter().collect(),
            model_output,
            reason: acted.reason(),
        }
    }
}

impl Watching {
    /// Judges the answer, and puts in its place what may be said.
    pub fn judge(
        self,
        performance: &mut Performance,
        actor: &Actor,
        attempt: &Attempt,
        call: &Call<'_>,
    ) -> Result<(), ApiError> {
        let Self { watch, input, grounds } = self;
        let said: Vec<String> = performance.blocks.iter().filter(|block| is_text(block)).map(Block::text).collect();
        let mut content = Content::of(said.iter().cloned());
        content.texts.extend(grounds.texts);
        // A reply that is an intervention says by itself what is found, and what is said instead.
        let scripted = performance.guardrail.take();
        let output = match &scripted {
            Some(script) => watch.judge.measure(Source::Output, &content, Some(script), call),
            None => watch.judge.judge(Source::Output, &content, actor, attempt.clone(), call)?,
        };
        if watch.holds_back {
            hold_back(performance);
            if scripted.is_none() {
                watch.replace(performance, &output);
            }
        }
        if output.intervened() {
            performance.stop_reason = StopReason::GuardrailIntervened;
        }
        let model_output = if output.intervened() { said } else { Vec::new() };
        performance.guarded = Some(Box::new(watch.guarded(&input, Some(&output), model_output)));
        Ok(())
    }
}

impl Watch {
    fn replace(&self, performance: &mut Performance, output: &Outcome) {
        match output.action {
            Action::None => {}
            Action::Block => performance.blocks = vec![text_block(&self.judge.blocked_message(Source::Output))],
            Action::Anonymize => {
                let blocks = performance.blocks.iter_mut().filter(|block| is_text(block));
                for (block, masked) in blocks.zip(&output.texts) {
                    if let Block::Text { pieces, .. } = block {
                        *pieces = pieces_of(masked);
                    }
                }
            }
        }
    }
}

/// All of it leaves when the last of it is there.
fn hold_back(performance: &mut Performance) {
    performance.first_token_after = performance.lasts();
    for block in &mut performance.blocks {
        if let Block::Text { pieces, .. } | Block::ToolUse { pieces, .. } | Block::Reasoning { pieces, .. } = block {
            pieces.iter_mut().for_each(|piece| piece.after = Duration::ZERO);
        }
    }
}

fn is_text(block: &Block) -> bool {
    matches!(block, Block::Text { .. })
}

fn text_block(text: &str) -> Block {
    Block::Text { pieces: pieces_of(text), citations: Vec::new() }
}

fn pieces_of(text: &str) -> Vec<Piece> {
    cadence::words(text).into_iter().map(|text| Piece { after: Duration::ZERO, text }).collect()
}
