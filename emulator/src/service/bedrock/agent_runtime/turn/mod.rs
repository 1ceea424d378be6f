//! One turn of an agent: from what the user says to what the agent answers, or asks its caller to do.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/agents-how.html>
//!
//! The turn is the body of the answer. It is asked for its next event, and goes one
//! step at a time: it asks the model, waits on the clock while the model speaks,
//! searches, has an action carried out, waits for what comes of it, and asks the
//! model again, until the model says its last word. No state is held in between.

mod ending;
mod guarding;
pub mod model;
pub mod prompt;
mod resumption;
mod saying;

#[cfg(test)]
mod tests;
mod tools;
mod trace;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::sync::Notify;

use self::guarding::Judged;
use self::model::Speaking;
pub use self::resumption::{Pending, Resumption, resume};
use self::saying::Saying;
use self::tools::{Asked, ToolUse, Waiting};
use self::trace::Tracing;
use super::cast::Cast;
use super::invoke_agent::StreamingConfigurations;
use super::session::Key;
use super::session_state::KnowledgeBaseConfiguration;
use crate::kernel::progress::Sender;
use crate::kernel::{Arn, Call, Cell, End, EventId, Feed, Frame, Next, Timestamp};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::PromptType;
use crate::service::bedrock::asking;
use crate::service::bedrock::guardrail::judge::Judge;
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::ledger::Attempt;
use crate::service::bedrock::script::{Break, Said, ToolResult};

/// How the caller wants the turn to be.
#[derive(Debug, Default)]
pub struct Options {
    /// `enableTrace`.
    pub traces: bool,
    /// Whether the answer comes as the model says it, and how a guardrail judges it then.
    pub streaming: StreamingConfigurations,
    /// The memory that the turn is remembered in, if the agent has memory.
    pub memory_id: Option<String>,
    /// "Attributes that persist over a single turn."
    pub prompt_session_attributes: Map<String, Value>,
    /// How to search which knowledge base.
    pub configurations: Vec<KnowledgeBaseConfiguration>,
    pub attempt: Attempt,
    /// The agent's guardrail, as it was when the request came.
    pub judge: Option<Judge>,
}

/// What a turn has come to: all that a continuation needs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Work {
    /// What the user has said.
    input: String,
    /// What the model is told of earlier sessions.
    memory: String,
    /// The conversation so far, with that of the turns before.
    messages: Vec<Said>,
    /// What the tools have brought back since the model spoke last.
    results: Vec<ToolResult>,
    /// What the model has asked for and is not done.
    uses: VecDeque<ToolUse>,
    /// What the caller is to do.
    returning: Vec<Asked>,
    /// By which the caller knows it.
    invocation_id: Option<String>,
    /// How often the model was asked what to do.
    rounds: u32,
    /// What was found in knowledge bases.
    found: Vec<Found>,
    /// What the agent is about to answer.
    answer: String,
}

pub struct Turn {
    cell: Arc<Cell<Bedrock>>,
    cast: Arc<Cast>,
    /// The answer that the caller hears already, as the guardrail lets it.
    judged: Option<Judged>,
    key: Key,
    options: Options,
    work: Work,
    stage: Stage,
    /// What is to be sent now.
    frames: VecDeque<Bytes>,
    tracing: Tracing,
    began: Timestamp,
    /// The step that was taken last, on the timeline.
    event: EventId,
    /// The stream breaks off after so many more frames.
    break_off: Option<(usize, Break)>,
    /// How often the model was asked in this request.
    asked: u32,
    /// The model's answer that is being heard.
    hearing: Option<Sender>,
    /// Of what the model has said last, in AWS's shape.
    citations: Vec<Value>,
    /// How much of the answer the caller has heard, in bytes.
    said: usize,
    /// Actions that the user has said yes to, and the functions that carry them out.
    confirmed: VecDeque<(Asked, Arn)>,
    /// Held for as long as the session has no other turn.
    _under_way: Arc<()>,
    woken: Arc<Notify>,
}

/// What is next.
enum Stage {
    /// The guardrail hears what the user says.
    Hear,
    Ask(PromptType),
    /// The one knowledge base of an agent that only answers from it is searched.
    Search,
    /// The model speaks.
    Speaking(Box<Speaking>),
    /// The model speaks, and the caller hears it.
    Saying(Box<Saying>),
    /// The model is silent; then the connection breaks.
    Silent(Timestamp),
    /// What the model has asked for is done, one after the other.
    Tools,
    /// An action is carried out.
    Waiting(Box<Waiting>),
    Over(End),
}

/// What a step leads to.
enum Step {
    Again,
    Wait(Timestamp),
    End(End),
}

impl Work {
    /// `messages` are the conversation with what the user says now.
    pub fn new(input: String, messages: Vec<Said>, memory: String) -> Self {
        Self { input, messages, memory, ..Self::default() }
    }

    /// What the user has said is heard in other words.
    fn rephrase_input(&mut self, text: String) {
        if let Some(said) = self.messages.last_mut() {
            said.text = text.clone();
        }
        self.input = text;
    }
}

impl Turn {
    /// A turn that begins, or one that goes on with `work`.
    pub fn new(
        cell: Arc<Cell<Bedrock>>,
        cast: Arc<Cast>,
        key: Key,
        options: Options,
        work: Work,
        under_way: Arc<()>,
        call: &Call<'_>,
    ) -> Self {
        let tracing = Tracing::new(call.ids().uuid());
        let stage = if work.rounds == 0 { Stage::Hear } else { Stage::Tools };
        Self {
            cell,
            cast,
            judged: None,
            key,
            options,
            work,
            stage,
            frames: VecDeque::new(),
            tracing,
            began: call.now,
            event: call.event,
            break_off: None,
            asked: 0,
            hearing: None,
            citations: Vec::new(),
            said: 0,
            confirmed: VecDeque::new(),
            _under_way: under_way,
            woken: Arc::new(Notify::new()),
        }
    }

    fn step(&mut self, call: &mut Call<'_>) -> Step {
        match std::mem::replace(&mut self.stage, Stage::Over(End::Clean)) {
            Stage::Hear => self.hear_user(call),
            Stage::Ask(kind) => self.ask(kind, call),
            Stage::Search => self.search_at_once(call),
            Stage::Speaking(speaking) if speaking.until > call.now => {
                let until = speaking.until;
                self.stage = Stage::Speaking(speaking);
                return Step::Wait(until);
            }
            Stage::Speaking(speaking) => self.heard(*speaking, call),
            Stage::Saying(saying) => return self.say_on(saying, call),
            Stage::Silent(until) if until > call.now => {
                self.stage = Stage::Silent(until);
                return Step::Wait(until);
            }
            Stage::Silent(_) => self.stage = Stage::Over(End::Reset),
            Stage::Tools => self.next_tool(call),
            Stage::Waiting(waiting) => return self.look_for_answer(waiting, call),
            Stage::Over(end) => {
                self.stage = Stage::Over(end);
                return Step::End(end);
            }
        }
        Step::Again
    }

    /// The next frame, unless the script has the stream break off before it.
    fn next_frame(&mut self) -> Option<Next> {
        let Some((left, then)) = self.break_off.take() else { return self.frames.pop_front().map(Next::Frame) };
        if left > 0 {
            let frame = self.frames.pop_front();
            self.break_off = Some((left - usize::from(frame.is_some()), then));
            return frame.map(Next::Frame);
        }
        let spoils = matches!(then, Break::HalfFrame | Break::BadCrc | Break::BadPreludeCrc | Break::InvalidJson);
        if spoils && self.frames.is_empty() && !matches!(self.stage, Stage::Over(_)) {
            // There is nothing to spoil yet.
            self.break_off = Some((0, then));
            return None;
        }
        let mut last: Vec<Frame> =
            self.frames.pop_front().map(|bytes| Frame { after: Duration::ZERO, bytes }).into_iter().collect();
        let end = match asking::break_off(&mut last, 0, &then) {
            // A body that goes on has no length that it could fall short of.
            End::Short(_) => End::Reset,
            end => end,
        };
        let ending = self.over(end);
        Some(last.pop().map_or(ending, |frame| Next::Frame(frame.bytes)))
    }

    fn over(&mut self, end: End) -> Next {
        self.frames.clear();
        self.break_off = None;
        if let Some(hearing) = self.hearing.take() {
            hearing.ended();
        }
        self.stage = Stage::Over(end);
        Next::End(end)
    }
}

/// What an agent does first with what it is told.
fn first_stage(cast: &Cast) -> Stage {
    if cast.prompts.enabled(PromptType::PreProcessing).is_some() {
        return Stage::Ask(PromptType::PreProcessing);
    }
    after_pre_processing(cast)
}

fn after_pre_processing(cast: &Cast) -> Stage {
    match cast.only_answers_from() {
        Some(_) => Stage::Search,
        None => Stage::Ask(PromptType::Orchestration),
    }
}

impl Feed for Turn {
    fn next(&mut self, call: &mut Call<'_>) -> Next {
        loop {
            if let Some(next) = self.next_frame() {
                return next;
            }
            // What a step does comes of the step before.
            call.event = self.event;
            let step = self.step(call);
            self.event = call.event;
            match step {
                Step::Again => {}
                Step::Wait(until) if self.frames.is_empty() => return Next::Wait(until),
                Step::End(end) if self.frames.is_empty() => return Next::End(end),
                // What was made in this step goes first.
                Step::Wait(_) | Step::End(_) => {}
            }
        }
    }

    fn woken(&self) -> Arc<Notify> {
        Arc::clone(&self.woken)
    }
}
