//! Every attempt that reached the model: what was asked, and what came of it.
//!
//! Requests that Bedrock refuses, and calls that a fault rule of the gateway
//! stops, never reach the model: they are on the timeline only.

use std::collections::{BTreeMap, VecDeque};

use serde::Serialize;

use super::price::PriceList;
use super::script::{Scene, Usage};
use super::spending::{Invocations, Spending};
use crate::kernel::progress::{Progress, Way};
use crate::kernel::{EventId, Timestamp};

/// How many calls are kept. The oldest make room for new ones.
pub const CALLS_KEPT: usize = 10_000;
/// How many misses are kept. The first tell most: later ones make no room for themselves.
pub const MISSES_KEPT: usize = 1_000;

/// Bytes of questions that are kept: a question may have 25 MB, and then fewer calls are kept.
const BYTES_KEPT: usize = 64 << 20;
/// The same for misses.
const MISSED_BYTES_KEPT: usize = 16 << 20;

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
    /// USD; nothing, where nothing was answered or the model has no price.
    pub cost: Option<f64>,
    /// Why no rule fits, if none does.
    pub miss: Option<String>,
    /// How much of the answer left; an answer in one piece is one frame.
    pub frames_sent: u32,
    /// When the last of it left.
    pub ended: Option<Timestamp>,
    /// When the caller left without waiting for the end.
    pub left: Option<Timestamp>,
}

/// The calls so far.
#[derive(Debug, Default)]
pub struct Ledger {
    calls: VecDeque<Entry>,
    misses: Vec<Entry>,
    /// Of the calls that are kept, and of the misses.
    bytes: usize,
    missed_bytes: usize,
    calls_so_far: u64,
    invocations: Invocations,
    /// By account.
    spent: BTreeMap<String, Spending>,
}

/// A call, and the way of its answer, which may still go on.
#[derive(Clone, Debug)]
struct Entry {
    call: ModelCall,
    bytes: usize,
    progress: Progress,
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
    /// Writes a call down. `prices` are those of its script.
    pub fn write(&mut self, asked: Asked, mut scene: Scene, result: Result, prices: &mut PriceList) -> Progress {
        let Result { rule, outcome, usage, miss } = result;
        let Asked { event, at, account, attempt } = asked;
        self.calls_so_far += 1;
        scene.input_tokens = usage.map_or(scene.input_tokens, |usage| usage.input_tokens);
        let cost = usage.and_then(|usage| Some(prices.of(&scene.model)?.of(usage)));
        self.spend(&account, &attempt, usage, cost);
        let call = ModelCall {
            number: self.calls_so_far,
            event,
            at,
            account,
            attempt,
            scene,
            rule,
            outcome,
            output_tokens: usage.map_or(0, |usage| usage.output_tokens),
            cost,
            miss,
            frames_sent: 0,
            ended: None,
            left: None,
        };
        let progress = Progress::default();
        let entry = Entry { bytes: call.scene.text_bytes(), call, progress: progress.clone() };
        let is_missed = entry.call.miss.is_some() && self.misses.len() < MISSES_KEPT;
        if is_missed && (self.missed_bytes + entry.bytes <= MISSED_BYTES_KEPT || self.misses.is_empty()) {
            self.missed_bytes += entry.bytes;
            self.misses.push(entry.clone());
        }
        self.keep(entry);
        progress
    }

    /// The newest call stays, however large it is.
    fn keep(&mut self, entry: Entry) {
        self.bytes += entry.bytes;
        while self.calls.len() >= CALLS_KEPT || self.bytes > BYTES_KEPT {
            let Some(oldest) = self.calls.pop_front() else { break };
            self.bytes -= oldest.bytes;
        }
        self.calls.push_back(entry);
    }

    /// Forgets what one account has asked and spent.
    pub fn forget(&mut self, account: &str) {
        self.calls.retain(|entry| entry.call.account != account);
        self.misses.retain(|entry| entry.call.account != account);
        self.bytes = self.calls.iter().map(|entry| entry.bytes).sum();
        self.missed_bytes = self.misses.iter().map(|entry| entry.bytes).sum();
        self.spent.remove(account);
    }

    fn spend(&mut self, account: &str, attempt: &Attempt, usage: Option<Usage>, cost: Option<f64>) {
        let is_new = self.invocations.is_new(&attempt.invocation_id);
        let spent = self.spent.entry(account.to_owned()).or_default();
        spent.attempts += 1;
        spent.calls += u64::from(is_new);
        let Some(usage) = usage else { return };
        let cached = [usage.cache_read_input_tokens, usage.cache_write_input_tokens];
        let input = cached.into_iter().flatten().fold(u64::from(usage.input_tokens), |sum, more| sum + u64::from(more));
        spent.input_tokens += input;
        spent.output_tokens += u64::from(usage.output_tokens);
        match cost {
            Some(cost) => spent.cost += cost,
            None => spent.unpriced += 1,
        }
    }

    pub fn calls(&self) -> Vec<ModelCall> {
        self.calls.iter().map(Entry::now).collect()
    }

    pub fn misses(&self) -> Vec<ModelCall> {
        self.misses.iter().map(Entry::now).collect()
    }

    /// What one account has spent, or all.
    pub fn spent(&self, account: Option<&str>) -> Spending {
        let of_account = |(name, _): &(&String, &Spending)| account.is_none_or(|account| *name == account);
        self.spent.iter().filter(of_account).fold(Spending::default(), |sum, (_, spent)| sum + *spent)
    }

    /// What all accounts but some have spent.
    pub fn spent_by_all_but(&self, excluded: impl Fn(&str) -> bool) -> Spending {
        let others = self.spent.iter().filter(|(account, _)| !excluded(account));
        others.fold(Spending::default(), |sum, (_, spent)| sum + *spent)
    }

    /// The part of one account, as far as it is kept.
    pub fn of(&self, account: &str) -> Self {
        let ours = |entry: &&Entry| entry.call.account == account;
        let calls: VecDeque<Entry> = self.calls.iter().filter(ours).cloned().collect();
        let misses = self.misses.iter().filter(ours).cloned().collect();
        let spent = self.spent.get_key_value(account).map(|(name, spent)| (name.clone(), *spent));
        Self {
            calls_so_far: calls.len() as u64,
            calls,
            misses,
            bytes: 0,
            missed_bytes: 0,
            invocations: Invocations::default(),
            spent: spent.into_iter().collect(),
        }
    }

    pub fn calls_so_far(&self) -> u64 {
        self.calls_so_far
    }
}

impl Entry {
    fn now(&self) -> ModelCall {
        let Way { frames, ended, left } = self.progress.way();
        ModelCall { frames_sent: frames, ended, left, ..self.call.clone() }
    }
}
