//! Whether the limits of throughput and of calls hold: for every account, or for one.
//!
//! Sizes are always limited, as on AWS. Rates are not until this is switched on,
//! since most tests put more in a moment than a shard takes in a second.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::settings::Limits;

/// The switch of one emulator. Cheap to clone: every clone is the same switch.
#[derive(Clone, Debug)]
pub struct Enforcement {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// Whether there is anybody to whom limits may apply: every put and every read asks.
    anywhere: AtomicBool,
    choice: Mutex<Choice>,
}

#[derive(Clone, Debug)]
pub struct Choice {
    /// For every account without a choice of its own.
    pub common: Limits,
    pub accounts: BTreeMap<String, Limits>,
}

impl Enforcement {
    pub fn new(limits: Limits) -> Self {
        let choice = Mutex::new(Choice { common: limits, accounts: BTreeMap::new() });
        Self { inner: Arc::new(Inner { anywhere: AtomicBool::new(limits == Limits::Enforced), choice }) }
    }

    /// For every account that was not given a choice of its own.
    pub fn set(&self, limits: Limits) {
        self.change(|choice| choice.common = limits);
    }

    /// For one account, whatever holds for the others.
    pub fn set_for(&self, account: &str, limits: Limits) {
        self.change(|choice| {
            choice.accounts.insert(account.to_owned(), limits);
        });
    }

    /// The account follows the others again. Says whether it had a choice of its own.
    pub fn unset_for(&self, account: &str) -> bool {
        self.change(|choice| choice.accounts.remove(account).is_some())
    }

    pub fn of(&self, account: &str) -> Limits {
        if !self.inner.anywhere.load(Ordering::Relaxed) {
            return Limits::Off;
        }
        let choice = self.lock();
        choice.accounts.get(account).copied().unwrap_or(choice.common)
    }

    pub fn choice(&self) -> Choice {
        self.lock().clone()
    }

    fn change<T>(&self, change: impl FnOnce(&mut Choice) -> T) -> T {
        let mut choice = self.lock();
        let changed = change(&mut choice);
        let anywhere = choice.accounts.values().chain([&choice.common]).any(|limits| *limits == Limits::Enforced);
        self.inner.anywhere.store(anywhere, Ordering::Relaxed);
        changed
    }

    fn lock(&self) -> MutexGuard<'_, Choice> {
        self.inner.choice.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_may_differ_from_the_others() {
        let limits = Enforcement::new(Limits::Off);
        let of = |limits: &Enforcement| (limits.of("1"), limits.of("2"));
        assert_eq!(of(&limits), (Limits::Off, Limits::Off));
        limits.set_for("1", Limits::Enforced);
        assert_eq!(of(&limits), (Limits::Enforced, Limits::Off));
        limits.set(Limits::Enforced);
        limits.set_for("1", Limits::Off);
        assert_eq!(of(&limits), (Limits::Off, Limits::Enforced));
        assert!(limits.unset_for("1"));
        assert!(!limits.unset_for("1"));
        assert_eq!(of(&limits), (Limits::Enforced, Limits::Enforced));
        limits.set(Limits::Off);
        assert_eq!(of(&limits), (Limits::Off, Limits::Off));
    }
}
