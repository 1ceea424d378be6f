//! What the model was used for, in sum, and how much that may be.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Add;

use serde::{Deserialize, Serialize};

/// In sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Spending {
    /// Logical calls: what an SDK sends again is the same call.
    pub calls: u64,
    /// How often the model was asked.
    pub attempts: u64,
    /// Cached ones, too.
    pub input_tokens: u64,
    pub output_tokens: u64,
    /// USD, for the models that have a price.
    pub cost: f64,
    /// Answers of models without a price.
    pub unpriced: u64,
}

impl Add for Spending {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            calls: self.calls + more.calls,
            attempts: self.attempts + more.attempts,
            input_tokens: self.input_tokens + more.input_tokens,
            output_tokens: self.output_tokens + more.output_tokens,
            cost: self.cost + more.cost,
            unpriced: self.unpriced + more.unpriced,
        }
    }
}

/// How much may be spent. What is not given is not limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Budget {
    pub calls: Option<u64>,
    pub attempts: Option<u64>,
    pub input_tokens: Option<u64>,
    pub output_tokens: Option<u64>,
    /// USD.
    pub cost: Option<f64>,
}

impl Budget {
    /// What is over the budget, for people: `3 calls of 2`.
    pub fn exceeded(&self, spent: &Spending) -> Vec<String> {
        let counts = [
            ("calls", spent.calls, self.calls),
            ("attempts", spent.attempts, self.attempts),
            ("input tokens", spent.input_tokens, self.input_tokens),
            ("output tokens", spent.output_tokens, self.output_tokens),
        ];
        let over = counts.into_iter().filter_map(|(what, spent, limit)| {
            let limit = limit.filter(|limit| spent > *limit)?;
            Some(format!("{spent} {what} of {limit}"))
        });
        let cost = self.cost.filter(|limit| spent.cost > *limit);
        over.chain(cost.map(|limit| format!("{} of {}", Usd(spent.cost), Usd(limit)))).collect()
    }

    pub fn problem(&self) -> Option<String> {
        let cost = self.cost.filter(|cost| !cost.is_finite() || *cost < 0.0)?;
        Some(format!("the budget's cost is no amount of USD: {cost}"))
    }
}

/// An amount, to the millionth: a call costs that little.
pub struct Usd(pub f64);

impl fmt::Display for Usd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "${:.6}", self.0)
    }
}

/// Tells logical calls from their attempts, by the id that SDKs give both. Remembers the latest, by their hashes.
#[derive(Debug, Default)]
pub struct Invocations {
    seen: BTreeSet<u64>,
    in_order: VecDeque<u64>,
}

impl Invocations {
    const REMEMBERED: usize = 10_000;

    /// Whether this is the first attempt of its call to come here. Who gives no id makes a call each time.
    pub fn is_new(&mut self, id: &str) -> bool {
        if id.is_empty() {
            return true;
        }
        // The default hasher has fixed keys: the same in every run.
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        let hash = hasher.finish();
        if !self.seen.insert(hash) {
            return false;
        }
        self.in_order.push_back(hash);
        if self.in_order.len() > Self::REMEMBERED
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.seen.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_the_budget_is_named() {
        let spent = Spending { calls: 3, attempts: 5, input_tokens: 10, output_tokens: 20, cost: 0.02, unpriced: 0 };
        let budget = Budget { calls: Some(2), attempts: Some(5), cost: Some(0.01), ..Budget::default() };
        assert_eq!(budget.exceeded(&spent), ["3 calls of 2", "$0.020000 of $0.010000"]);
        assert!(Budget::default().exceeded(&spent).is_empty());
    }

    #[test]
    fn attempts_of_one_call_are_one_call() {
        let mut invocations = Invocations::default();
        let new: Vec<bool> = ["a", "a", "", "", "b"].into_iter().map(|id| invocations.is_new(id)).collect();
        assert_eq!(new, [true, false, true, true, true]);
    }
}
