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
use super::price::{PriceList, Prices};
use super::report;
use super::script::{
    Act, Captures, Chance, Defaults, Ending, Exhaust, Mismatch, ModelOperation, Moment, Mutation, OnMiss, Performance,
    Reply, Rule, Scene, Script, Session, Sessions, When, ipsum,
};
use super::spending::{Budget, Spending};
use crate::kernel::{Ids, Progress, Timestamp, duration};

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
#[derive(Clone, Debug, Default)]
struct Part {
    seed: Option<u64>,
    defaults: Defaults,
    prices: PriceList,
    budget: Budget,
    rules: Vec<Mounted>,
    sessions: Sessions,
}

/// A rule in force, with what it has done so far.
#[derive(Clone, Debug)]
pub struct Mounted {
    pub title: String,
    /// Its place among the rules.
    place: usize,
    /// All sessions together.
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

    /// Takes over the scripts of another and how far they are. The ledger is its own.
    pub fn fork_of(&self, other: &Self) {
        let (common, accounts) = {
            let other = other.lock();
            (other.common.clone(), other.accounts.clone())
        };
        let mut inner = self.lock();
        (inner.common, inner.accounts) = (common, accounts);
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
        let title = rule.title(inner.common.rules.len());
        rule.check(&title).map_err(|problem| problem.why)?;
        let earlier: Vec<Rule> = inner.common.rules.iter().map(|mounted| mounted.rule.clone()).collect();
        if let Some(why) = rule.shadowed_by(&earlier, &title) {
            return Err(why);
        }
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
        let budget = inner.part_of(account).budget;
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
        self.lock().common.prices = PriceList::new(prices);
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

    /// The same for one account, as far as it can be told apart: its own script at its beginning, and nothing of it in
    /// the ledger.
    pub fn rewind_for(&self, account: &str) {
        let mut inner = self.lock();
        inner.ledger.forget(account);
        if let Some(part) = inner.accounts.get_mut(account) {
            part.rewind();
        }
    }

    /// Asks the model. The answer counts, whatever becomes of it on its way.
    pub fn ask(&self, scene: Scene, asked: Asked, ids: &Ids) -> Cue {
        self.lock().answered(scene, asked, |part, scene, now| part.answer(scene, now, ids))
    }

    /// Asks for what need not be scripted: nothing, and no miss, where no rule fits.
    pub fn ask_if_scripted(&self, scene: Scene, asked: Asked, ids: &Ids) -> Option<Cue> {
        let mut inner = self.lock();
        if !inner.part_of(&asked.account).has_rule_for(&scene) {
            return None;
        }
        Some(inner.answered(scene, asked, |part, scene, now| part.answer(scene, now, ids)))
    }

    /// Asks for vectors. They need no rule: one counts only if its next reply gives them, or fails.
    pub fn ask_for_embedding(&self, scene: Scene, asked: Asked, ids: &Ids) -> Cue {
        self.lock().answered(scene, asked, |part, scene, now| part.embed(scene, now, ids))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// The script that an account follows.
    fn part_of(&self, account: &str) -> &Part {
        self.accounts.get(account).unwrap_or(&self.common)
    }

    /// Has the account's script answer, and writes that down.
    fn answered(
        &mut self,
        scene: Scene,
        asked: Asked,
        answer: impl FnOnce(&mut Part, &Scene, Timestamp) -> (Cue, ledger::Result),
    ) -> Cue {
        let part = self.accounts.get_mut(&asked.account).unwrap_or(&mut self.common);
        let (cue, result) = answer(part, &scene, asked.at);
        let progress = self.ledger.write(asked, scene, result, &mut part.prices);
        Cue { progress, ..cue }
    }

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
        let Script { seed, defaults, price, budget, rules } = script;
        let mut part = Self { seed, defaults, prices: PriceList::new(price), budget, ..Self::default() };
        for rule in rules {
            part.mount(rule);
        }
        Ok(part)
    }

    fn rewind(&mut self) {
        self.sessions = Sessions::default();
        for mounted in &mut self.rules {
            mounted.answered = 0;
        }
    }

    fn mount(&mut self, rule: Rule) {
        let place = self.rules.len();
        self.rules.push(Mounted { title: rule.title(place), place, answered: 0, rule });
    }

    fn answer(&mut self, scene: &Scene, now: Timestamp, ids: &Ids) -> (Cue, ledger::Result) {
        let (index, captures) = match (self.choose(scene), self.defaults.on_miss) {
            (Ok(chosen), _) => chosen,
            (Err(why), OnMiss::Fail) => return missed(why),
            (Err(_), OnMiss::Echo) => return self.demonstrate("echo", &echo(scene), scene, now, ids),
            (Err(_), OnMiss::Lorem) => {
                let text = ipsum(scene.max_tokens, chance(self.seed, "lorem", scene, 0, ids).random());
                return self.demonstrate("lorem", &Reply::text(text), scene, now, ids);
            }
        };
        self.play(index, &captures, scene, now, ids)
    }

    /// The rule gives its next reply.
    fn play(
        &mut self,
        index: usize,
        captures: &Captures,
        scene: &Scene,
        now: Timestamp,
        ids: &Ids,
    ) -> (Cue, ledger::Result) {
        let Self { seed, defaults, rules, sessions, .. } = self;
        let mounted = &mut rules[index];
        let before = mounted.count(sessions.get(&scene.session));
        mounted.answered += 1;
        sessions.answer(&scene.session, index, mounted.rule.to_state.as_deref());
        let (title, reply) = (&mounted.title, mounted.next_reply(before));
        let chance = chance(*seed, title, scene, before, ids);
        let mut moment = Moment { scene, captures, defaults, count: before + 1, now, chance };
        match reply.act(&mut moment) {
            Ok(act) => told(title, Some(title.clone()), reply, act, scene.operation),
            Err(why) => missed(report::unsaid(scene, title, &why)),
        }
    }

    /// What no rule has answered, for a demo.
    fn demonstrate(
        &self,
        title: &str,
        reply: &Reply,
        scene: &Scene,
        now: Timestamp,
        ids: &Ids,
    ) -> (Cue, ledger::Result) {
        let (captures, defaults) = (Captures::new(), &self.defaults);
        let chance = chance(self.seed, title, scene, 0, ids);
        let mut moment = Moment { scene, captures: &captures, defaults, count: 0, now, chance };
        match reply.act(&mut moment) {
            Ok(act) => told(title, None, reply, act, scene.operation),
            Err(why) => missed(why),
        }
    }

    fn embed(&mut self, scene: &Scene, now: Timestamp, ids: &Ids) -> (Cue, ledger::Result) {
        match self.choose_for_vectors(scene) {
            Some((index, captures)) => self.play(index, &captures, scene, now, ids),
            None => computed(scene),
        }
    }

    /// The first rule that fits and has something to say of vectors: gives them, or fails.
    fn choose_for_vectors(&self, scene: &Scene) -> Option<(usize, Captures)> {
        let session = self.sessions.get(&scene.session);
        let has_a_say = |mounted: &Mounted| {
            let reply = mounted.next_reply(mounted.count(session));
            reply.embedding.is_some() || !reply.speaks()
        };
        let mut rules = self.rules.iter().enumerate();
        let (index, mounted) = rules.find(|(_, mounted)| {
            let ready = mounted.is_ready(scene, session) && !mounted.is_exhausted(session);
            ready && has_a_say(mounted) && mounted.rule.when.holds(scene)
        })?;
        Some((index, mounted.rule.when.captures(scene)))
    }

    fn has_rule_for(&self, scene: &Scene) -> bool {
        let session = self.sessions.get(&scene.session);
        self.rules.iter().any(|mounted| mounted.is_ready(scene, session) && mounted.rule.when.holds(scene))
    }

    /// The first rule that fits, or why none does.
    fn choose(&self, scene: &Scene) -> Result<(usize, Captures), String> {
        let session = self.sessions.get(&scene.session);
        for (index, mounted) in self.rules.iter().enumerate() {
            if !mounted.is_ready(scene, session) || !mounted.rule.when.holds(scene) {
                continue;
            }
            if mounted.is_exhausted(session) {
                return Err(report::exhausted(scene, mounted));
            }
            return Ok((index, mounted.rule.when.captures(scene)));
        }
        Err(report::miss(scene, &self.rules, session))
    }
}

impl Mounted {
    /// How often it has answered in this session.
    fn count(&self, session: &Session) -> u32 {
        session.answered(self.place)
    }

    /// Whether it may answer now, whatever is asked: it is not spent, and the session is where it must be.
    fn is_ready(&self, scene: &Scene, session: &Session) -> bool {
        let in_state = &self.rule.in_state;
        // What a guardrail finds is no model's turn: only a rule that names it speaks of it.
        let of_guardrail = scene.operation == ModelOperation::ApplyGuardrail;
        (!of_guardrail || self.rule.when.op.contains(&scene.operation))
            && self.rule.times.is_none_or(|times| self.count(session) < times)
            && (in_state.is_empty() || in_state.contains(&session.state))
    }

    /// Everything that keeps it from answering this call.
    pub fn mismatches(&self, scene: &Scene, session: &Session) -> Vec<Mismatch> {
        let mut mismatches = self.rule.when.mismatches(scene);
        let answered = self.count(session);
        if let Some(times) = self.rule.times.filter(|times| answered >= *times) {
            mismatches.push(Mismatch::new("times", format!("at most {times}"), format!("{answered} answered before")));
        }
        if !self.rule.in_state.is_empty() && !self.rule.in_state.contains(&session.state) {
            mismatches.push(Mismatch::new("in_state", self.rule.in_state.join(" or "), &session.state));
        }
        mismatches
    }

    fn is_exhausted(&self, session: &Session) -> bool {
        self.rule.exhaust == Exhaust::Fail && self.count(session) as usize >= self.rule.replies.len()
    }

    /// The next of the sequence. A loop of tools is given again and again.
    fn next_reply(&self, answered: u32) -> &Reply {
        let replies = &self.rule.replies;
        let next = match self.rule.exhaust {
            Exhaust::Loop => answered as usize % replies.len().max(1),
            Exhaust::Repeat | Exhaust::Fail => answered as usize,
        };
        let sticky = replies.iter().position(|reply| reply.mutate.contains(&Mutation::ToolLoop));
        let next = next.min(sticky.unwrap_or(next));
        replies.get(next).or(replies.last()).expect("a rule is checked to have replies")
    }
}

/// What is left to chance in one call, by the script's seed if it has one.
fn chance<'a>(seed: Option<u64>, title: &str, scene: &Scene, count: u32, ids: &'a Ids) -> Chance<'a> {
    match seed {
        Some(seed) => Chance::seeded(seed, title, &scene.session, count, ids),
        None => Chance::of_world(ids),
    }
}

fn echo(scene: &Scene) -> Reply {
    // What a user says is no template.
    let said = super::script::template::escape(&scene.last_user);
    Reply::text(if said.is_empty() { "...".to_owned() } else { said })
}

/// Vectors that no rule gives.
fn computed(scene: &Scene) -> (Cue, ledger::Result) {
    let performance = Performance::of_embedding(scene.input_tokens);
    let said = "embedding".to_owned();
    let result = ledger::Result { rule: None, outcome: said.clone(), usage: Some(performance.usage), miss: None };
    let act = Ok(Act::Speak(performance));
    (Cue { detail: said, fault: None, act, progress: Progress::default() }, result)
}

fn missed(why: String) -> (Cue, ledger::Result) {
    let result = ledger::Result { rule: None, outcome: "miss".to_owned(), usage: None, miss: Some(why.clone()) };
    (
        Cue { detail: String::new(), fault: Some("miss".to_owned()), act: Err(why), progress: Progress::default() },
        result,
    )
}

/// An act, with what the timeline and the ledger say of it.
fn told(
    title: &str,
    rule: Option<String>,
    reply: &Reply,
    act: Act,
    operation: ModelOperation,
) -> (Cue, ledger::Result) {
    let (said, fault, usage) = match &act {
        Act::Speak(performance) => {
            (said(reply, performance), broken(reply, performance, operation), Some(performance.usage))
        }
        Act::Recorded(recorded) => {
            let frames = recorded.frames.len().max(1);
            let plural = if frames == 1 { "" } else { "s" };
            (format!("recorded, status {}, {frames} frame{plural}", recorded.status()), None, reply.usage.given())
        }
        _ => (String::new(), reply.fault.as_ref().map(ToString::to_string), None),
    };
    let detail = if said.is_empty() { title.to_owned() } else { format!("{title}: {said}") };
    let outcome = fault.clone().unwrap_or(said);
    let cue = Cue { detail, fault, act: Ok(act), progress: Progress::default() };
    (cue, ledger::Result { rule, outcome, usage, miss: None })
}

/// What is said, how it is wrong, and how long it takes.
fn said(reply: &Reply, performance: &Performance) -> String {
    let mut said = performance.summary();
    for mutation in &reply.mutate {
        said.push_str(&format!(", {mutation}"));
    }
    if !performance.lasts().is_zero() {
        said.push_str(&format!(" in {}", duration::format(performance.lasts())));
    }
    said
}

/// How the answer breaks, if it does.
fn broken(reply: &Reply, performance: &Performance, operation: ModelOperation) -> Option<String> {
    match &performance.ending {
        Ending::Broken { .. } => reply.fault.as_ref().map(ToString::to_string),
        Ending::WithoutMessageStop if has_message_stop(operation) => Some("ended without messageStop".to_owned()),
        Ending::WithoutMessageStop | Ending::Whole => None,
    }
}

/// Whether the answer's end is told in the stream itself.
fn has_message_stop(operation: ModelOperation) -> bool {
    matches!(operation, ModelOperation::ConverseStream | ModelOperation::InvokeModelWithResponseStream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::EventId;
    use crate::service::bedrock::ledger::Attempt;
    use crate::service::bedrock::script::Block;

    /// What the model says to one session after the other, `miss` where it has no answer.
    fn said(actor: &Actor, ids: &Ids, sessions: &[&str]) -> String {
        let said = sessions.iter().map(|session| {
            let scene = Scene { session: (*session).to_owned(), ..Scene::default() };
            let (at, account) = (Timestamp::from_secs(0), "000000000000".to_owned());
            let asked = Asked { event: EventId(1), at, account, attempt: Attempt::default() };
            match actor.ask(scene, asked, ids).act {
                Ok(Act::Speak(performance)) => performance.blocks.iter().map(Block::text).collect(),
                Ok(other) => format!("{other:?}"),
                Err(_) => "miss".to_owned(),
            }
        });
        said.collect::<Vec<String>>().join(" ")
    }

    #[test]
    fn counters_and_states_are_each_session_s_own() {
        for (rules, sessions, expected) in [
            ("- replies: [text: a, text: b]", ["", "", ""], "a b b"),
            ("- replies: [text: a, text: b]", ["s", "t", "s"], "a a b"),
            ("- {exhaust: loop, replies: [text: a, text: b]}", ["s", "s", "s"], "a b a"),
            ("- {exhaust: fail, replies: [text: a]}", ["s", "s", "t"], "a miss a"),
            ("- {times: 1, replies: [text: a]}\n- replies: [text: b]", ["s", "s", "t"], "a b a"),
            ("- replies: [text: '{{count}}']", ["s", "t", "s"], "1 1 2"),
            (
                "- {in_state: start, to_state: told, replies: [text: a]}\n- {in_state: told, replies: [text: b]}",
                ["s", "t", "s"],
                "a a b",
            ),
            ("- {when: {session: 's*'}, replies: [text: a]}\n- replies: [text: b]", ["s-1", "t", ""], "a b b"),
            ("- replies: [{mutate: {refusal: no}}, text: b]", ["s", "s", "t"], "no b no"),
        ] {
            let actor = Actor::default();
            actor.load_yaml(rules).expect(rules);
            assert_eq!(said(&actor, &Ids::seeded(7), &sessions), expected, "{rules}");
            actor.rewind();
            assert_eq!(said(&actor, &Ids::seeded(7), &sessions), expected, "{rules}, once more");
            actor.forgive();
        }
    }

    #[test]
    fn expectations_count_all_sessions_together() {
        let actor = Actor::default();
        actor.load_yaml("- {expect: 3, replies: [text: a]}").unwrap();
        said(&actor, &Ids::seeded(7), &["s", "t"]);
        assert!(actor.failure().is_some_and(|failure| failure.contains("answered 2 times")));
        said(&actor, &Ids::seeded(7), &["u"]);
        assert_eq!(actor.failure(), None);
    }

    #[test]
    fn what_a_session_hears_does_not_depend_on_others() {
        let script = "seed: 7\nrules:\n- replies: [text: '{{int 1 1000000}}']";
        let hear = |sessions: &[&str]| {
            let actor = Actor::default();
            actor.load_yaml(script).unwrap();
            said(&actor, &Ids::seeded(7), sessions)
        };
        let alone = hear(&["s", "s"]);
        let (first, second) = alone.split_once(' ').unwrap();
        assert_ne!(first, second);
        let among = hear(&["t", "s", "u", "s"]);
        let among: Vec<&str> = among.split(' ').collect();
        assert_eq!([among[1], among[3]], [first, second]);
    }
}
