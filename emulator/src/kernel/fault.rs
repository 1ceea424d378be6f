//! Faults are rules, asked at one place in the gateway; services do not know them.
//!
//! Rules are asked in the order in which they were added; the first whose
//! verdict falls decides. A rule may let its first calls pass (`skip`), act a
//! limited number of times (`times`), or by chance (`probability`, seeded).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{ApiError, Circumstances, duration, glob};

/// What happens to a call instead of, or besides, what it asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Verdict {
    /// The answer comes later.
    Delay(#[serde(with = "duration")] Duration),
    /// This error is answered; the call is not made.
    Error(FaultError),
    /// The service's own throttling error is answered; nothing is written or read.
    Throttle,
    /// The call is not made and nothing is ever answered.
    Hang,
    /// The call is not made and the connection breaks.
    Reset,
    /// The call is made, and then the connection breaks.
    LoseResponse,
    /// The call is made; its answer breaks off after this much.
    CutAfter(Cut),
    /// The call is made; this body is answered in place of its own.
    Replace(String),
    /// The call is made; another transaction holds the first item that it is about.
    Conflict,
    /// The call is made; so many parts of the batch are left undone for want of throughput.
    Unprocessed(usize),
    /// The call is made; what it does not read consistently is as it stood this long ago.
    Stale(#[serde(with = "duration")] Duration),
    /// The call is made; so many parts of the batch fail inside the service.
    InternalFailure(usize),
    /// The call is made; a reader is given the last so many records again, or so many messages that are in flight or
    /// were deleted.
    Duplicate(u64),
    /// The call is made; what comes in no certain order comes in one that is drawn from the seed.
    Reorder,
    /// The call is made; its iterator or token has expired.
    Expired,
}

impl Verdict {
    /// What it is to the service that runs the call.
    pub fn circumstances(&self) -> Circumstances {
        let mut circumstances = Circumstances::default();
        match self {
            Self::Throttle => circumstances.throttled = true,
            Self::Conflict => circumstances.conflict = true,
            Self::Unprocessed(count) => circumstances.unprocessed = *count,
            Self::Stale(by) => circumstances.stale = Some(*by),
            Self::InternalFailure(count) => circumstances.internal_failures = *count,
            Self::Duplicate(count) => circumstances.repeated = *count,
            Self::Reorder => circumstances.reordered = true,
            Self::Expired => circumstances.expired = true,
            _ => {}
        }
        circumstances
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Cut {
    /// Frames of an event stream.
    Frames(usize),
    Bytes(usize),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultError {
    pub code: String,
    #[serde(default)]
    pub message: String,
    #[serde(default = "bad_request")]
    pub status: u16,
}

fn bad_request() -> u16 {
    400
}

impl From<FaultError> for ApiError {
    fn from(fault: FaultError) -> ApiError {
        ApiError::with_status(fault.status, &fault.code, fault.message)
    }
}

/// One rule. What is not given matches everything; texts are globs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    #[serde(default)]
    pub name: String,
    #[serde(default = "anything")]
    pub service: String,
    #[serde(default = "anything")]
    pub operation: String,
    /// A table, a stream, a model, an event bus: what the operation is done to.
    #[serde(default = "anything")]
    pub resource: String,
    /// The caller's application name or access key id.
    #[serde(default = "anything")]
    pub caller: String,
    /// This many matching calls pass first.
    #[serde(default)]
    pub skip: u32,
    /// The rule is spent after acting this often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// The chance, from 0 to 1, that a matching call is hit.
    #[serde(default = "always")]
    pub probability: f64,
    #[serde(rename = "fault")]
    pub verdict: Verdict,
}

fn anything() -> String {
    "*".to_owned()
}

fn always() -> f64 {
    1.0
}

/// Starts a rule for one operation of one service; both may be globs.
pub fn on(service: &str, operation: &str) -> RuleBuilder {
    let rule = Rule {
        name: String::new(),
        service: service.to_owned(),
        operation: operation.to_owned(),
        resource: anything(),
        caller: anything(),
        skip: 0,
        times: None,
        probability: 1.0,
        verdict: Verdict::Throttle,
    };
    RuleBuilder { rule }
}

/// A rule in the making: conditions first, the verdict with [`RuleBuilder::throttle`] and its kin.
#[derive(Clone, Debug)]
pub struct RuleBuilder {
    rule: Rule,
}

impl RuleBuilder {
    pub fn named(mut self, name: &str) -> Self {
        self.rule.name = name.to_owned();
        self
    }

    pub fn resource(mut self, glob: &str) -> Self {
        self.rule.resource = glob.to_owned();
        self
    }

    pub fn caller(mut self, glob: &str) -> Self {
        self.rule.caller = glob.to_owned();
        self
    }

    pub fn skip(mut self, calls: u32) -> Self {
        self.rule.skip = calls;
        self
    }

    pub fn times(mut self, times: u32) -> Self {
        self.rule.times = Some(times);
        self
    }

    pub fn probability(mut self, probability: f64) -> Self {
        self.rule.probability = probability;
        self
    }

    pub fn throttle(self) -> Self {
        self.verdict(Verdict::Throttle)
    }

    pub fn hang(self) -> Self {
        self.verdict(Verdict::Hang)
    }

    pub fn reset(self) -> Self {
        self.verdict(Verdict::Reset)
    }

    pub fn lose_response(self) -> Self {
        self.verdict(Verdict::LoseResponse)
    }

    pub fn delay(self, duration: Duration) -> Self {
        self.verdict(Verdict::Delay(duration))
    }

    pub fn fail(self, status: u16, code: &str, message: &str) -> Self {
        self.verdict(Verdict::Error(FaultError { code: code.to_owned(), message: message.to_owned(), status }))
    }

    pub fn cut_after(self, cut: Cut) -> Self {
        self.verdict(Verdict::CutAfter(cut))
    }

    pub fn replace(self, body: impl Into<String>) -> Self {
        self.verdict(Verdict::Replace(body.into()))
    }

    /// Another transaction holds what the call is about: of DynamoDB's writes and transactions.
    pub fn conflict(self) -> Self {
        self.verdict(Verdict::Conflict)
    }

    /// Leaves parts of a batch undone for want of throughput: the last ones of BatchGetItem and BatchWriteItem, and
    /// records of PutRecords that are drawn from the seed.
    pub fn unprocessed(self, count: usize) -> Self {
        self.verdict(Verdict::Unprocessed(count))
    }

    /// Reads that do not ask for consistency answer what stood this long ago: of DynamoDB. What stood before the rule
    /// was in force is forgotten, so the rule comes before the writes that are to be missed. Of Kinesis, GetRecords
    /// does not see yet what was put since, and stays before it; a subscription gets each record this much later.
    pub fn stale(self, by: Duration) -> Self {
        self.verdict(Verdict::Stale(by))
    }

    /// Lets records of PutRecords, drawn from the seed, fail with InternalFailure.
    pub fn internal_failure(self, count: usize) -> Self {
        self.verdict(Verdict::InternalFailure(count))
    }

    /// Steps a reader of a stream back so many records before it reads, as another worker that takes over from an
    /// older checkpoint: of GetRecords and SubscribeToShard. Gives a consumer so many messages again that are in flight
    /// or were just deleted: of ReceiveMessage, on standard queues.
    pub fn duplicate(self, count: u64) -> Self {
        self.verdict(Verdict::Duplicate(count))
    }

    /// Gives messages in an order drawn from the seed: of ReceiveMessage, on standard queues.
    pub fn reorder(self) -> Self {
        self.verdict(Verdict::Reorder)
    }

    /// Lets the call's iterator or token have expired: of GetRecords and ListShards.
    pub fn expired(self) -> Self {
        self.verdict(Verdict::Expired)
    }

    pub fn verdict(mut self, verdict: Verdict) -> Self {
        self.rule.verdict = verdict;
        self
    }
}

impl From<RuleBuilder> for Rule {
    fn from(builder: RuleBuilder) -> Rule {
        builder.rule
    }
}

/// The call a rule is asked about.
pub struct Question<'a> {
    pub service: &'a str,
    pub operation: &'a str,
    pub resource: &'a str,
    pub app: &'a str,
    pub access_key_id: &'a str,
}

/// All rules of an emulator.
#[derive(Debug)]
pub struct Faults {
    book: Mutex<Book>,
    /// How far back the stalest rule reaches, in milliseconds.
    reach: AtomicU64,
}

#[derive(Debug)]
struct Book {
    rules: Vec<Mounted>,
    next: u64,
    random: fastrand::Rng,
}

/// A rule in force, with what it has done so far.
#[derive(Clone, Debug, Serialize)]
pub struct Mounted {
    pub id: u64,
    pub matched: u32,
    pub acted: u32,
    #[serde(flatten)]
    pub rule: Rule,
}

impl Faults {
    pub fn seeded(seed: u64) -> Self {
        let book = Book { rules: Vec::new(), next: 1, random: fastrand::Rng::with_seed(seed) };
        Self { book: Mutex::new(book), reach: AtomicU64::new(0) }
    }

    /// Takes over the rules of another world, and its draws.
    pub fn fork_of(&self, other: &Faults) {
        let other_book = other.book.lock().unwrap_or_else(PoisonError::into_inner);
        let Book { rules, next, random } = &*other_book;
        let copy = Book { rules: rules.clone(), next: *next, random: random.clone() };
        *self.book.lock().unwrap_or_else(PoisonError::into_inner) = copy;
        self.reach.store(other.reach.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// How long states must remember what was overwritten, for reads that are to be stale: as long as there is a rule
    /// that makes them so.
    pub fn reach(&self) -> Option<Duration> {
        let millis = self.reach.load(Ordering::Relaxed);
        (millis > 0).then(|| Duration::from_millis(millis))
    }

    /// Puts a rule behind those in force and returns its id.
    pub fn add(&self, rule: impl Into<Rule>) -> u64 {
        let mut book = self.lock();
        let id = book.next;
        book.next += 1;
        book.rules.push(Mounted { id, matched: 0, acted: 0, rule: rule.into() });
        self.measure(&book);
        id
    }

    /// Takes a rule out of force. Returns it with its counts, if it was there.
    pub fn remove(&self, id: u64) -> Option<Mounted> {
        let mut book = self.lock();
        let at = book.rules.iter().position(|rule| rule.id == id)?;
        let removed = book.rules.remove(at);
        self.measure(&book);
        Some(removed)
    }

    pub fn list(&self) -> Vec<Mounted> {
        self.lock().rules.clone()
    }

    /// Takes every rule out of force and draws chances from `seed` again.
    pub fn clear(&self, seed: u64) {
        let mut book = self.lock();
        book.rules.clear();
        book.random = fastrand::Rng::with_seed(seed);
        self.measure(&book);
    }

    fn measure(&self, book: &Book) {
        let stale = book.rules.iter().filter_map(|mounted| mounted.rule.verdict.circumstances().stale);
        let millis = stale.map(|by| u64::try_from(by.as_millis()).unwrap_or(u64::MAX)).max().unwrap_or(0);
        self.reach.store(millis, Ordering::Relaxed);
    }

    /// The verdict on a call, with the name of the rule that gave it.
    pub fn ask(&self, question: &Question<'_>) -> Option<(String, Verdict)> {
        let mut book = self.lock();
        let Book { rules, random, .. } = &mut *book;
        for mounted in rules.iter_mut().filter(|mounted| mounted.rule.fits(question)) {
            mounted.matched += 1;
            let Rule { skip, times, probability, .. } = mounted.rule;
            let spent = times.is_some_and(|times| mounted.acted >= times);
            if mounted.matched <= skip || spent || (probability < 1.0 && random.f64() >= probability) {
                continue;
            }
            mounted.acted += 1;
            return Some((mounted.title(), mounted.rule.verdict.clone()));
        }
        None
    }

    fn lock(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mounted {
    /// The rule's name, or its number where it has none.
    pub fn title(&self) -> String {
        if self.rule.name.is_empty() { format!("fault {}", self.id) } else { self.rule.name.clone() }
    }
}

impl Rule {
    /// Says what can never be meant.
    pub fn check(&self) -> Result<(), String> {
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(format!("`probability` is a chance from 0 to 1, not {}", self.probability));
        }
        if self.times == Some(0) {
            return Err("a fault with `times` 0 never acts".to_owned());
        }
        match &self.verdict {
            Verdict::Error(error) if !(400..600).contains(&error.status) => {
                Err(format!("the `status` of an error is from 400 to 599, not {}", error.status))
            }
            Verdict::Unprocessed(0) => Err("a fault that leaves 0 parts of a batch undone changes nothing".to_owned()),
            Verdict::InternalFailure(0) => Err("a fault that lets 0 parts of a batch fail changes nothing".to_owned()),
            Verdict::Duplicate(0) => Err("a fault that gives 0 records or messages again changes nothing".to_owned()),
            Verdict::Stale(Duration::ZERO) => Err("a fault that makes reads stale by 0s changes nothing".to_owned()),
            _ => Ok(()),
        }
    }

    fn fits(&self, question: &Question<'_>) -> bool {
        glob::matches(&self.service, question.service)
            && glob::matches(&self.operation, question.operation)
            && self.fits_resource(question.resource)
            && (glob::matches(&self.caller, question.app) || glob::matches(&self.caller, question.access_key_id))
    }

    /// Of a call on several resources, one is enough.
    fn fits_resource(&self, resource: &str) -> bool {
        resource.split(',').any(|one| glob::matches(&self.resource, one))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(faults: &Faults, operation: &str) -> Option<Verdict> {
        let question =
            Question { service: "dynamodb", operation, resource: "rec-cache", app: "worker", access_key_id: "test" };
        faults.ask(&question).map(|(_, verdict)| verdict)
    }

    #[test]
    fn a_rule_skips_acts_and_is_spent() {
        let faults = Faults::seeded(7);
        faults.add(on("dynamodb", "Put*").skip(1).times(2).throttle());
        let verdicts: Vec<bool> = (0..5).map(|_| ask(&faults, "PutItem").is_some()).collect();
        assert_eq!(verdicts, [false, true, true, false, false]);
        assert_eq!(ask(&faults, "GetItem"), None);
    }

    #[test]
    fn the_first_rule_that_acts_wins() {
        let faults = Faults::seeded(7);
        let first = faults.add(on("*", "PutItem").caller("worker").hang());
        faults.add(on("dynamodb", "*").resource("rec-*").reset());
        assert_eq!(ask(&faults, "PutItem"), Some(Verdict::Hang));
        assert_eq!(ask(&faults, "GetItem"), Some(Verdict::Reset));
        assert_eq!(faults.remove(first).map(|rule| rule.acted), Some(1));
        assert_eq!(ask(&faults, "PutItem"), Some(Verdict::Reset));
    }

    #[test]
    fn chance_repeats_with_the_seed() {
        let run = |seed| {
            let faults = Faults::seeded(seed);
            faults.add(on("*", "*").probability(0.5).throttle());
            (0..64).map(|_| ask(&faults, "PutItem").is_some()).collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }

    #[test]
    fn states_remember_as_long_as_the_stalest_rule_reaches() {
        let faults = Faults::seeded(7);
        assert_eq!(faults.reach(), None);
        let long = faults.add(on("dynamodb", "*").stale(Duration::from_secs(9)));
        faults.add(on("dynamodb", "GetItem").stale(Duration::from_secs(2)));
        assert_eq!(faults.reach(), Some(Duration::from_secs(9)));
        faults.remove(long);
        assert_eq!(faults.reach(), Some(Duration::from_secs(2)));
        faults.clear(7);
        assert_eq!(faults.reach(), None);
    }

    #[test]
    fn a_call_on_several_resources_is_hit_through_one() {
        let faults = Faults::seeded(7);
        faults.add(on("dynamodb", "*").resource("rec-*").conflict());
        let hit = |resource| {
            let (operation, app, access_key_id) = ("TransactWriteItems", "worker", "test");
            faults.ask(&Question { service: "dynamodb", operation, resource, app, access_key_id }).is_some()
        };
        assert_eq!([hit("orders,rec-cache"), hit("orders,carts")], [true, false]);
    }

    #[test]
    fn a_rule_reads_from_the_form_the_admin_api_takes() {
        let rule: Rule =
            serde_json::from_str(r#"{"service":"bedrock","operation":"Converse","times":2,"fault":{"delay":"5s"}}"#)
                .unwrap();
        assert_eq!(rule.verdict, Verdict::Delay(Duration::from_secs(5)));
        let cut: Verdict = serde_json::from_str(r#"{"cut_after":{"frames":3}}"#).unwrap();
        assert_eq!(cut, Verdict::CutAfter(Cut::Frames(3)));
        let stale: Verdict = serde_json::from_str(r#"{"stale":"2s"}"#).unwrap();
        assert_eq!(stale, Verdict::Stale(Duration::from_secs(2)));
        let unprocessed: Verdict = serde_json::from_str(r#"{"unprocessed":3}"#).unwrap();
        assert_eq!(unprocessed, Verdict::Unprocessed(3));
        let duplicate: Verdict = serde_json::from_str(r#"{"duplicate":3}"#).unwrap();
        assert_eq!(duplicate, Verdict::Duplicate(3));
        let failing: Verdict = serde_json::from_str(r#"{"internal_failure":2}"#).unwrap();
        assert_eq!(failing, Verdict::InternalFailure(2));
        assert_eq!(serde_json::from_str::<Verdict>(r#""expired""#).unwrap(), Verdict::Expired);
        assert_eq!(serde_json::from_str::<Verdict>(r#""conflict""#).unwrap(), Verdict::Conflict);
        assert!(serde_json::from_str::<Rule>(r#"{"servise":"x","fault":"hang"}"#).is_err());
    }
}
