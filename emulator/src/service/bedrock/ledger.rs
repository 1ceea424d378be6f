//! Every attempt that reached the model: what was asked, and what came of it.
//!
//! Requests that Bedrock refuses, and calls that a fault rule of the gateway
//! stops, never reach the model: they are on the timeline only.

use std::collections::VecDeque;

use serde::Serialize;

use super::script::{Scene, Usage};
use crate::kernel::{EventId, Timestamp};

/// How many calls are kept. The oldest make room for new ones.
pub const CALLS_KEPT: usize = 10_000;
/// How many misses are kept. The first tell most: later ones make no room for themselves.
pub const MISSES_KEPT: usize = 1_000;

/// Which attempt of which logical call this is, as the SDK says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Attempt {
    /// `amz-sdk-invocation-id`: the same for every attempt of a call. Empty where none was sent.
    pub invocation_id: String,
    pub attempt: u32,
}

/// One attempt.
#[derive(Clone, Debug, Serialize)]
pub struct ModelCall {
    /// Counts from 1.
    pub number: u64,
    /// The model's event on the timeline.
    pub event: EventId,
    pub at: Timestamp,
    /// Whose call it was.
    pub account: String,
    #[serde(flatten)]
    pub attempt: Attempt,
    #[serde(flatten)]
    pub scene: Scene,
    /// The rule that answered.
    pub rule: Option<String>,
    /// For people: `text, 5 tokens`, `hung`, `ThrottlingException`, `miss`.
    pub outcome: String,
    pub output_tokens: u32,
    /// Why no rule fits, if none does.
    pub miss: Option<String>,
}

/// The calls so far.
#[derive(Debug, Default)]
pub struct Ledger {
    calls: VecDeque<ModelCall>,
    misses: Vec<ModelCall>,
    calls_so_far: u64,
}

/// When and by whom the model was asked.
#[derive(Debug)]
pub struct Asked {
    pub event: EventId,
    pub at: Timestamp,
    pub account: String,
    pub attempt: Attempt,
}

/// What came of a call.
#[derive(Debug)]
pub struct Result {
    pub rule: Option<String>,
    pub outcome: String,
    pub usage: Option<Usage>,
    pub miss: Option<String>,
}

impl Ledger {
    pub fn write(&mut self, asked: Asked, mut scene: Scene, result: Result) {
        let Result { rule, outcome, usage, miss } = result;
        self.calls_so_far += 1;
        scene.input_tokens = usage.map_or(scene.input_tokens, |usage| usage.input_tokens);
        let output_tokens = usage.map_or(0, |usage| usage.output_tokens);
        let Asked { event, at, account, attempt } = asked;
        let number = self.calls_so_far;
        let call = ModelCall { number, event, at, account, attempt, scene, rule, outcome, output_tokens, miss };
        if call.miss.is_some() && self.misses.len() < MISSES_KEPT {
            self.misses.push(call.clone());
        }
        if self.calls.len() == CALLS_KEPT {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub fn calls(&self) -> Vec<ModelCall> {
        self.calls.iter().cloned().collect()
    }

    pub fn misses(&self) -> Vec<ModelCall> {
        self.misses.clone()
    }

    /// The part of one account, as far as it is kept.
    pub fn of(&self, account: &str) -> Self {
        let calls: VecDeque<ModelCall> = self.calls.iter().filter(|call| call.account == account).cloned().collect();
        let misses = self.misses.iter().filter(|call| call.account == account).cloned().collect();
        Self { calls_so_far: calls.len() as u64, calls, misses }
    }

    pub fn calls_so_far(&self) -> u64 {
        self.calls_so_far
    }
}
