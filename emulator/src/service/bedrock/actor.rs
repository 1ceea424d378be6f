//! The model as an actor: one script for all accounts and regions of an emulator,
//! but for accounts that were given one of their own.
//!
//! It chooses the rule that answers, counts, and keeps the ledger. How a request
//! is read and an answer written is the operations' business; what happens when
//! is the script's.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::builder::RuleBuilder;
use super::ledger::{self, Asked, Ledger, ModelCall};
use super::price::Prices;
use super::report;
use super::script::when::Mismatch;
use super::script::{
    Act, Captures, Defaults, Ending, Exhaust, ModelOperation, OnMiss, Performance, Reply, Rule, Scene, Script, When,
};
use super::spending::{Budget, Spending};
use crate::kernel::{Ids, Progress, duration};

/// The scripted model of one emulator. Cheap to clone: every clone is the same actor.
#[derive(Clone, Debug, Default)]
pub struct Actor {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    /// For every account without a part of its own.
    common: Part,
    accounts: BTreeMap<String, Part>,
    ledger: Ledger,
    forgiven: bool,
}

/// A script in force.
#[derive(Debug, Default)]
struct Part {
    /// Draws for the script's own seed, where it has one.
    own_ids: Option<Ids>,
    seed: Option<u64>,
    defaults: Defaults,
    prices: Prices,
    budget: Budget,
    rules: Vec<Mounted>,
}

/// A rule in force, with what it has done so far.
#[derive(Clone, Debug)]
pub struct Mounted {
    pub title: String,
    pub answered: u32,
    pub rule: Rule,
}

/// What the model does about one call.
#[derive(Debug)]
pub struct Cue {
    /// For the timeline: the rule, and what is said.
    pub detail: String,
    /// What the caller meets that is no whole answer.
    pub fault: Option<String>,
    /// The act, or why no rule fits.
    pub act: Result<Act, String>,
    /// To be told how far the answer comes.
    pub progress: Progress,
}

impl Actor {
    /// Puts a script in the place of the one before. What was called before stays in the ledger.
    pub fn load(&self, script: Script) -> Result<(), String> {
        let part = Part::new(script)?;
        self.lock().common = part;
        Ok(())
    }

    /// Gives one account a script of its own, in the place of the one before.
    pub fn load_for(&self, account: &str, script: Script) -> Result<(), String> {
        let part = Part::new(script)?;
        self.lock().accounts.insert(account.to_owned(), part);
        Ok(())
    }

    /// The account follows the common script again. Says whether it had one of its own.
    pub fn unload_for(&self, account: &str) -> bool {
        self.lock().accounts.remove(account).is_some()
    }

    /// Reads a script in YAML and loads it.
    pub fn load_yaml(&self, text: &str) -> Result<(), String> {
        self.load(Script::from_yaml(text)?)
    }

    /// Starts a rule for calls that fulfil a condition.
    pub fn given(&self, condition: When) -> RuleBuilder {
        RuleBuilder::new(self.clone(), condition)
    }

    /// Puts a rule behind those in force.
    pub fn mount(&self, rule: Rule) -> Result<(), String> {
        let mut inner = self.lock();
        rule.check(&rule.title(inner.common.rules.len()))?;
        inner.common.mount(rule);
        Ok(())
    }

    /// Every attempt that reached the model, oldest first.
    pub fn calls(&self) -> Vec<ModelCall> {
        self.lock().ledger.calls()
    }

    /// The attempts that no rule fitted.
    pub fn misses(&self) -> Vec<ModelCall> {
        self.lock().ledger.misses()
    }

    /// Why the run has failed, if it has: strict misses and unmet expectations.
    pub fn failure(&self) -> Option<String> {
        let inner = self.lock();
        if inner.forgiven {
            return None;
        }
        let rules: Vec<&Mounted> = inner.parts().flat_map(|part| &part.rules).collect();
        let over = inner.over_budget();
        report::failure(&rules, &over, &inner.ledger)
    }

    /// The same of one account alone: its calls, and its own script if it has one.
    pub fn failure_of(&self, account: &str) -> Option<String> {
        let inner = self.lock();
        let rules: Vec<&Mounted> = inner.accounts.get(account).iter().flat_map(|part| &part.rules).collect();
        let budget = inner.accounts.get(account).map_or(inner.common.budget, |part| part.budget);
        let over = budget.exceeded(&inner.ledger.spent(Some(account)));
        report::failure(&rules, &over, &inner.ledger.of(account))
    }

    /// What the model was used for so far: by one account, or by all.
    pub fn spent(&self, account: Option<&str>) -> Spending {
        self.lock().ledger.spent(account)
    }

    /// How much may be spent by those who follow the common script. What is over it fails the run.
    pub fn set_budget(&self, budget: Budget) {
        self.lock().common.budget = budget;
    }

    /// What tokens cost, before the built-in table.
    pub fn set_prices(&self, prices: Prices) {
        self.lock().common.prices = prices;
    }

    /// Nothing of the script is held against this run, now or later.
    pub fn forgive(&self) {
        self.lock().forgiven = true;
    }

    /// Back to the script's beginning: counters at zero, ledger empty. The script stays.
    pub fn rewind(&self) {
        let mut inner = self.lock();
        let Inner { common, accounts, ledger, .. } = &mut *inner;
        *ledger = Ledger::default();
        for part in accounts.values_mut().chain([common]) {
            part.rewind();
        }
    }

    /// Asks the model. The answer counts, whatever becomes of it on its way.
    pub fn ask(&self, scene: Scene, asked: Asked, ids: &Ids) -> Cue {
        let mut inner = self.lock();
        let Inner { common, accounts, ledger, .. } = &mut *inner;
        let part = accounts.get_mut(&asked.account).unwrap_or(common);
        let (cue, result) = part.answer(&scene, ids);
        let progress = ledger.write(asked, scene, result, &part.prices);
        Cue { progress, ..cue }
    }

    /// Asks for vectors. They need no rule: one counts only if its next reply gives them, or fails.
    pub fn ask_for_embedding(&self, scene: Scene, asked: Asked, ids: &Ids) -> Cue {
        let mut inner = self.lock();
        let Inner { common, accounts, ledger, .. } = &mut *inner;
        let part = accounts.get_mut(&asked.account).unwrap_or(common);
        let (cue, result) = part.embed(&scene, ids);
        let progress = ledger.write(asked, scene, result, &part.prices);
        Cue { progress, ..cue }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// What the accounts with a script of their own have spent beyond theirs, and all others together beyond the common one.
    fn over_budget(&self) -> Vec<String> {
        let own = self.accounts.iter().flat_map(|(account, part)| {
            let over = part.budget.exceeded(&self.ledger.spent(Some(account)));
            over.into_iter().map(move |over| format!("account {account}: {over}"))
        });
        let common =
            self.common.budget.exceeded(&self.ledger.spent_by_all_but(|account| self.accounts.contains_key(account)));
        common.into_iter().chain(own).collect()
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        [&self.common].into_iter().chain(self.accounts.values())
    }
}

impl Part {
    fn new(script: Script) -> Result<Self, String> {
        script.check()?;
        let Script { seed, defaults, price: prices, budget, rules } = script;
        let mut part = Self { own_ids: seed.map(Ids::seeded), seed, defaults, prices, budget, rules: Vec::new() };
        for rule in rules {
            part.mount(rule);
        }
        Ok(part)
    }

    fn rewind(&mut self) {
        self.own_ids = self.seed.map(Ids::seeded);
        for mounted in &mut self.rules {
            mounted.answered = 0;
        }
    }

    fn mount(&mut self, rule: Rule) {
        let title = rule.title(self.rules.len());
        self.rules.push(Mounted { title, answered: 0, rule });
    }

    fn answer(&mut self, scene: &Scene, ids: &Ids) -> (Cue, ledger::Result) {
        let (title, reply, captures) = match (self.choose(scene), self.defaults.on_miss) {
            (Ok((index, captures)), _) => {
                let mounted = &mut self.rules[index];
                let reply = mounted.next_reply().clone();
                mounted.answered += 1;
                (Some(mounted.title.clone()), reply, captures)
            }
            (Err(_), OnMiss::Echo) => (None, echo(scene), Captures::new()),
            (Err(why), OnMiss::Fail) => {
                let result =
                    ledger::Result { rule: None, outcome: "miss".to_owned(), usage: None, miss: Some(why.clone()) };
                let progress = Progress::default();
                return (
                    Cue { detail: String::new(), fault: Some("miss".to_owned()), act: Err(why), progress },
                    result,
                );
            }
        };
        let ids = self.own_ids.as_ref().unwrap_or(ids);
        let act = reply.act(&captures, scene, &self.defaults, || new_tool_use_id(ids));
        let (said, fault, usage) = describe(&reply, &act, scene.operation);
        let detail = match (&title, said.as_str()) {
            (Some(title), "") => title.clone(),
            (Some(title), said) => format!("{title}: {said}"),
            (None, said) => format!("echo: {said}"),
        };
        let outcome = fault.clone().unwrap_or(said);
        let result = ledger::Result { rule: title, outcome, usage, miss: None };
        (Cue { detail, fault, act: Ok(act), progress: Progress::default() }, result)
    }

    fn embed(&mut self, scene: &Scene, ids: &Ids) -> (Cue, ledger::Result) {
        let ids = self.own_ids.as_ref().unwrap_or(ids);
        let mut chosen = None;
        for mounted in &mut self.rules {
            let Ok(captures) = mounted.fits(scene) else { continue };
            if mounted.is_exhausted() {
                continue;
            }
            let act = mounted.next_reply().act(&captures, scene, &self.defaults, || new_tool_use_id(ids));
            if !matches!(&act, Act::Speak(performance) if performance.embedding.is_none()) {
                let fault = mounted.next_reply().fault.as_ref().map(ToString::to_string);
                mounted.answered += 1;
                chosen = Some((mounted.title.clone(), fault, act));
                break;
            }
        }
        let (title, fault, act) = match chosen {
            Some((title, fault, act)) => (Some(title), fault, act),
            None => (None, None, Act::Speak(Performance::of_embedding(scene.input_tokens))),
        };
        let said = if let Act::Speak(_) = act { "embedding" } else { "" };
        let detail = match (&title, said) {
            (Some(title), "") => title.clone(),
            (Some(title), said) => format!("{title}: {said}"),
            (None, said) => said.to_owned(),
        };
        let usage = if let Act::Speak(performance) = &act { Some(performance.usage) } else { None };
        let outcome = fault.clone().unwrap_or_else(|| said.to_owned());
        let result = ledger::Result { rule: title, outcome, usage, miss: None };
        (Cue { detail, fault, act: Ok(act), progress: Progress::default() }, result)
    }

    /// The first rule that fits, or why none does.
    fn choose(&self, scene: &Scene) -> Result<(usize, Captures), String> {
        let mut nearest: Option<(&Mounted, Vec<Mismatch>)> = None;
        for (index, mounted) in self.rules.iter().enumerate() {
            match mounted.fits(scene) {
                Ok(_) if mounted.is_exhausted() => return Err(report::exhausted(scene, mounted)),
                Ok(captures) => return Ok((index, captures)),
                Err(mismatches) => {
                    if nearest.as_ref().is_none_or(|(_, fewest)| mismatches.len() < fewest.len()) {
                        nearest = Some((mounted, mismatches));
                    }
                }
            }
        }
        Err(report::miss(scene, nearest))
    }
}

impl Mounted {
    /// Whether the rule answers this call: its conditions hold, and it is not spent.
    pub fn fits(&self, scene: &Scene) -> Result<Captures, Vec<Mismatch>> {
        let spent = self.rule.times.filter(|times| self.answered >= *times).map(|times| Mismatch {
            condition: "times",
            expected: format!("at most {times}"),
            seen: format!("{} answered before", self.answered),
        });
        match (self.rule.when.fits(scene), spent) {
            (Ok(captures), None) => Ok(captures),
            (found, spent) => Err(found.err().unwrap_or_default().into_iter().chain(spent).collect()),
        }
    }

    fn is_exhausted(&self) -> bool {
        self.rule.exhaust == Exhaust::Fail && self.answered as usize >= self.rule.replies.len()
    }

    /// The next of the sequence; the last repeats.
    fn next_reply(&self) -> &Reply {
        let replies = &self.rule.replies;
        replies.get(self.answered as usize).or(replies.last()).expect("a rule is checked to have replies")
    }
}

fn echo(scene: &Scene) -> Reply {
    Reply::text(if scene.last_user.is_empty() { "..." } else { scene.last_user.as_str() })
}

/// What is said, what goes wrong, and what it costs.
fn describe(
    reply: &Reply,
    act: &Act,
    operation: ModelOperation,
) -> (String, Option<String>, Option<super::script::Usage>) {
    let Act::Speak(performance) = act else {
        return (String::new(), reply.fault.as_ref().map(ToString::to_string), None);
    };
    let mut said = performance.summary();
    for (flag, what) in [(reply.truncate_json, ", truncated"), (reply.prose_around, ", prose around it")] {
        said.push_str(if flag { what } else { "" });
    }
    if !performance.lasts().is_zero() {
        said.push_str(&format!(" in {}", duration::format(performance.lasts())));
    }
    let fault = match &performance.ending {
        Ending::Broken { .. } => reply.fault.as_ref().map(ToString::to_string),
        Ending::WithoutMessageStop if operation.streams() => Some("ended without messageStop".to_owned()),
        Ending::WithoutMessageStop | Ending::Whole => None,
    };
    (said, fault, Some(performance.usage))
}

/// `tooluse_` and 22 letters and digits, as Bedrock's are.
fn new_tool_use_id(ids: &Ids) -> String {
    let letters: String = ids.draw(|random| (0..22).map(|_| random.alphanumeric()).collect());
    format!("tooluse_{letters}")
}
