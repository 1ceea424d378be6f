//! The bus against a receiver that does as it is told.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::super::bus_rule::{BusRule, between};
use super::super::timeline::Event;
use super::super::{AnyOperation, Clock, Kernel, Protocol, Realm, Scope, Service, ServiceDescription};
use super::*;
use crate::kernel::Arn;

const DAY: Duration = Duration::from_hours(24);
const MANY: u32 = 185;

/// What the receiver says to the next delivery. When nothing is left, it takes all.
enum Say {
    Take,
    Error(u16, &'static str),
    Later(Duration),
    Errand(Result<&'static str, (u16, &'static str)>),
    ErrandThatPanics,
    Panic,
}

/// What came, and when, and what is said to what comes.
#[derive(Default)]
struct Notes {
    say: VecDeque<Say>,
    /// Said when nothing else is left to say.
    for_ever: Option<(u16, &'static str)>,
    came: Vec<(u64, String)>,
    letters: Vec<(String, Vec<(String, String)>)>,
}

struct Depot {
    notes: Arc<Mutex<Notes>>,
    began: Timestamp,
}

impl Service for Depot {
    const DESCRIPTION: &'static ServiceDescription = &ServiceDescription {
        name: "depot",
        title: "Depot",
        signing_name: "depot",
        target_prefix: "Depot",
        protocol: Protocol::AwsJson1_1,
        body_bytes_max: 0,
        error_namespace: |_| "",
        crc32: false,
        cbor: false,
        throttled: |_| ApiError::internal(),
        not_implemented: &[],
        not_implemented_at: &[],
        differences: &[],
    };
    const OPERATIONS: &'static [&'static dyn AnyOperation<Self>] = &[];

    fn explain(failure: &Failure) -> Vec<(&'static str, String)> {
        let exhausted = failure.exhausted.map_or("none", Exhausted::as_str).to_owned();
        vec![("CODE", failure.error.code.clone()), ("RETRIES", failure.retries.to_string()), ("EXHAUSTED", exhausted)]
    }

    fn receive(&mut self, delivery: &Delivery, call: &mut Call<'_>) -> Result<Receipt, ApiError> {
        let mut notes = self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let body = String::from_utf8_lossy(&delivery.body).into_owned();
        if delivery.to.resource == "letters" {
            notes.letters.push((body, delivery.attributes.clone()));
            return Ok(Receipt::Taken);
        }
        let at = u64::try_from(call.now.since(self.began).as_millis()).unwrap_or(u64::MAX);
        notes.came.push((at, body));
        let error = |status, code| ApiError::with_status(status, code, "as told");
        match (notes.say.pop_front(), notes.for_ever) {
            (Some(Say::Error(status, code)), _) | (None, Some((status, code))) => Err(error(status, code)),
            (Some(Say::Later(by)), _) => Ok(Receipt::NotBefore(call.now + by)),
            (Some(Say::Panic), _) => panic!("the gate fell"),
            (Some(Say::ErrandThatPanics), _) => Ok(Receipt::Errand(Box::new(|| panic!("the van broke down")))),
            (Some(Say::Errand(ends)), _) => Ok(Receipt::Errand(Box::new(move || {
                // Long enough that a clock that goes on would be seen to.
                (0..1000).for_each(|_| std::thread::yield_now());
                ends.map(str::to_owned).map_err(|(status, code)| error(status, code))
            }))),
            (Some(Say::Take) | None, _) => Ok(Receipt::Taken),
        }
    }
}

struct Stage {
    world: Arc<World>,
    notes: Arc<Mutex<Notes>>,
}

impl Stage {
    fn new(seed: u64) -> Self {
        let kernel = Kernel::new(Clock::fitting_the_runtime(), seed);
        let (notes, began) = (Arc::new(Mutex::new(Notes::default())), kernel.clock.now());
        let shared = Arc::clone(&notes);
        let realm = Realm::new(move |_: &Scope| Depot { notes: Arc::clone(&shared), began });
        Self { world: World::start(kernel, seed, vec![Box::new(realm)]), notes }
    }

    fn saying(self, say: impl IntoIterator<Item = Say>) -> Self {
        self.notes().say.extend(say);
        self
    }

    fn refusing(self, status: u16, code: &'static str) -> Self {
        self.notes().for_ever = Some((status, code));
        self
    }

    fn notes(&self) -> std::sync::MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn send(&self, body: &str, effort: Option<Effort>) {
        let now = self.world.kernel.clock.now();
        let delivery = Delivery::new(arn("depot", "gate"), arn("depot", "hall"), body.to_owned());
        self.world.bus.post(now, delivery.with_effort(effort.map(Arc::new)), EventId(0));
        self.world.carry(now);
        self.world.look_again();
    }

    async fn advance(&self, by: Duration) {
        self.world.advance(by).await;
    }

    /// When something came, in milliseconds from the beginning.
    fn times(&self) -> Vec<u64> {
        self.notes().came.iter().map(|(at, _)| *at).collect()
    }

    fn bodies(&self) -> Vec<String> {
        self.notes().came.iter().map(|(_, body)| body.clone()).collect()
    }

    fn letters(&self) -> Vec<(String, Vec<(String, String)>)> {
        self.notes().letters.clone()
    }

    fn events(&self) -> Vec<Event> {
        self.world.kernel.timeline.events()
    }

    /// When and why the bus gave up.
    fn given_up(&self) -> Vec<(u64, String)> {
        let events = self.events().into_iter().filter(|event| event.action == "give up");
        events.map(|event| (event.at_ms, event.detail)).collect()
    }
}

fn arn(service: &str, resource: &str) -> Arn {
    Arn::new(service, &Scope::default(), resource)
}

fn effort(max_age: Duration, max_retries: u32) -> Effort {
    Effort { max_age, max_retries, dead_letter: None }
}

/// The same with a letter to that queue.
fn with_letter(max_retries: u32, queue: Arn) -> Effort {
    let attributes = vec![("RULE".to_owned(), "r".to_owned())];
    let letter = DeadLetter { queue, body: "what was sent".into(), attributes };
    Effort { dead_letter: Some(letter), ..effort(DAY, max_retries) }
}

#[tokio::test(start_paused = true)]
async fn retries_are_ever_further_apart_until_the_day_is_over() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    stage.send("x", Some(effort(DAY, MANY)));
    stage.advance(2 * DAY).await;
    let times = stage.times();
    for (tried, pair) in times.windows(2).enumerate() {
        let longest = (1000 << tried.min(16)).min(600_000);
        let gap = pair[1] - pair[0];
        assert!((longest * 8 / 10 - 1..=longest).contains(&gap), "{gap} ms after {} tries", tried + 1);
    }
    assert!((140..=185).contains(&times.len()), "{} attempts in a day", times.len());
    assert_eq!(stage.given_up(), [(86_400_000, "MaximumEventAgeInSeconds, no dead-letter queue".to_owned())]);
    let attempts: Vec<u32> =
        stage.events().iter().filter(|event| event.action == "deliver").map(|it| it.attempt).collect();
    assert_eq!(attempts, (1..=u32::try_from(times.len()).unwrap()).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn the_seed_repeats_them() {
    let mut seen = BTreeSet::new();
    for seed in [7, 7, 8] {
        let stage = Stage::new(seed).refusing(503, "ServiceUnavailable");
        stage.send("x", Some(effort(DAY, 20)));
        stage.advance(DAY).await;
        assert_eq!(stage.times().len(), 21);
        seen.insert(stage.times());
    }
    assert_eq!(seen.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn so_many_retries_and_no_more() {
    for retries in [0, 1, 3] {
        let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
        stage.send("x", Some(effort(DAY, retries)));
        stage.advance(DAY).await;
        assert_eq!(stage.times().len() as u32, retries + 1);
        let [(at, why)] = &stage.given_up()[..] else { panic!("{:?}", stage.given_up()) };
        assert_eq!(why, "MaximumRetryAttempts, no dead-letter queue");
        assert_eq!(Some(at), stage.times().last(), "as soon as the last attempt has failed");
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_old_is_given_up_to_the_millisecond() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    stage.send("x", Some(effort(Duration::from_millis(60_001), MANY)));
    stage.advance(Duration::from_mins(1)).await;
    assert_eq!(stage.given_up(), []);
    stage.advance(Duration::from_millis(1)).await;
    assert_eq!(stage.given_up().first().map(|(at, _)| *at), Some(60_001));
    assert!(stage.times().iter().all(|at| *at < 60_001), "{:?}", stage.times());
    stage.advance(DAY).await;
    assert_eq!(stage.given_up().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_error_that_no_retry_mends_is_the_end() {
    for (status, code, tries) in [
        (400, "ValidationException", 1),
        (404, "ResourceNotFoundException", 1),
        (501, "NotImplemented", 1),
        (400, "ThrottlingException", 2),
        (400, "ProvisionedThroughputExceededException", 2),
        (429, "Busy", 2),
        (500, "InternalFailure", 2),
    ] {
        let stage = Stage::new(7).saying([Say::Error(status, code)]);
        stage.send("x", Some(with_letter(MANY, arn("depot", "letters"))));
        stage.advance(DAY).await;
        assert_eq!(stage.times().len(), tries, "{status} {code}");
        let letters = stage.letters();
        assert_eq!(letters.len(), 2 - tries, "{status} {code}");
        if let [(_, attributes)] = &letters[..] {
            let expected = [("RULE", "r"), ("CODE", code), ("RETRIES", "0"), ("EXHAUSTED", "none")];
            assert_eq!(*attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_letter_says_what_went_wrong_and_comes_of_the_last_attempt() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    stage.send("x", Some(with_letter(2, arn("depot", "letters"))));
    stage.advance(DAY).await;
    let [(body, attributes)] = &stage.letters()[..] else { panic!("{:?}", stage.letters()) };
    let expected =
        [("RULE", "r"), ("CODE", "ServiceUnavailable"), ("RETRIES", "2"), ("EXHAUSTED", "MaximumRetryAttempts")];
    assert_eq!(*attributes, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(body, "what was sent");
    let events = stage.events();
    let [.., last, gave_up, letter] = &events[..] else { panic!("{events:?}") };
    assert_eq!((&*gave_up.action, &*gave_up.detail), ("give up", "MaximumRetryAttempts"));
    assert_eq!(gave_up.cause.map(|cause| cause.event), Some(last.id));
    assert_eq!(letter.cause.map(|cause| cause.event), Some(gave_up.id));
    assert!(letter.resource.ends_with("letters") && letter.outcome == Outcome::Done, "{letter:?}");
}

#[tokio::test(start_paused = true)]
async fn a_letter_to_nobody_is_told_once() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    stage.send("x", Some(with_letter(0, arn("nowhere", "letters"))));
    stage.advance(DAY).await;
    let events = stage.events();
    let letters: Vec<_> =
        events.iter().filter(|event| event.resource.ends_with("nowhere:us-east-1:000000000000:letters")).collect();
    let [letter] = &letters[..] else { panic!("{events:?}") };
    assert!(matches!(&letter.outcome, Outcome::Error { code, .. } if code == "NotImplemented"), "{letter:?}");
}

#[tokio::test(start_paused = true)]
async fn without_an_effort_there_is_one_try() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    stage.send("x", None);
    stage.advance(DAY).await;
    assert_eq!((stage.times(), stage.given_up()), (vec![0], vec![]));
}

#[tokio::test(start_paused = true)]
async fn the_receivers_own_pace_does_not_count() {
    let later = || Say::Later(Duration::from_secs(10));
    let stage = Stage::new(7).saying([later(), later(), Say::Error(503, "Busy"), later(), Say::Take]);
    stage.send("x", Some(effort(DAY, 1)));
    stage.advance(DAY).await;
    let times = stage.times();
    assert_eq!((times.len(), times[1], times[2]), (5, 10_000, 20_000));
    assert_eq!(times[4], times[3] + 10_000);
    let events = stage.events();
    let attempts: Vec<(u32, bool)> = events.iter().map(|event| (event.attempt, event.quiet)).collect();
    assert_eq!(attempts, [(1, true), (1, true), (1, false), (2, true), (2, false)]);
    assert_eq!(stage.given_up(), []);
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_sets_a_moment_that_has_passed_is_asked_again_in_the_next() {
    let stage = Stage::new(7).saying([Say::Later(Duration::ZERO), Say::Later(Duration::ZERO), Say::Take]);
    stage.send("x", None);
    stage.advance(Duration::from_secs(1)).await;
    assert_eq!(stage.times(), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_the_receiver_until_the_time_is_over_was_throttled() {
    let stage = Stage::new(7).saying((0..9).map(|_| Say::Later(Duration::from_secs(50))));
    stage.send("x", Some(Effort { max_age: Duration::from_mins(2), ..with_letter(0, arn("depot", "letters")) }));
    stage.advance(DAY).await;
    assert_eq!(stage.times(), [0, 50_000, 100_000]);
    assert_eq!(stage.given_up(), [(120_000, "MaximumEventAgeInSeconds".to_owned())]);
    let [(_, attributes)] = &stage.letters()[..] else { panic!("{:?}", stage.letters()) };
    assert!(attributes.contains(&("CODE".to_owned(), "ThrottlingException".to_owned())), "{attributes:?}");
}

#[tokio::test(start_paused = true)]
async fn an_errand_fails_and_then_succeeds_and_time_stands_still_meanwhile() {
    let stage = Stage::new(7).saying([Say::Errand(Err((502, "BadGateway"))), Say::Errand(Ok("200 OK"))]);
    stage.send("x", Some(effort(DAY, MANY)));
    stage.advance(Duration::from_mins(1)).await;
    let times = stage.times();
    assert!(times.len() == 2 && (800..=1000).contains(&times[1]), "{times:?}");
    let events = stage.events();
    let [first, second] = &events[..] else { panic!("{events:?}") };
    assert!(matches!(&first.outcome, Outcome::Error { code, .. } if code == "BadGateway"), "{first:?}");
    assert_eq!((&second.outcome, second.detail.as_str(), second.attempt), (&Outcome::Done, "200 OK", 2));
}

#[tokio::test]
async fn on_a_running_clock_an_advance_waits_for_the_errands_on_its_way() {
    let stage = Stage::new(7).saying([Say::Errand(Err((502, "BadGateway"))), Say::Errand(Ok("200 OK"))]);
    stage.send("x", Some(with_letter(MANY, arn("depot", "letters"))));
    stage.advance(Duration::from_hours(1)).await;
    assert_eq!(stage.times().len(), 2);
    assert!(stage.events().iter().any(|event| event.detail == "200 OK"), "{}", stage.world.kernel.timeline);
    assert_eq!(stage.letters(), []);
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_told_and_not_tried_again() {
    for (say, message) in [(Say::Panic, "the gate fell"), (Say::ErrandThatPanics, "the van broke down")] {
        let stage = Stage::new(7).saying([say]);
        stage.send("x", Some(with_letter(MANY, arn("depot", "letters"))));
        stage.send("y", None);
        stage.advance(DAY).await;
        assert_eq!(stage.bodies(), ["x", "y"], "the next one is taken");
        let outcome = stage.events()[0].outcome.clone();
        assert_eq!(outcome, Outcome::Panic { message: message.to_owned() });
        assert_eq!(stage.letters(), []);
    }
}

/// How often each of some deliveries arrives, and when, under a rule.
async fn under(seed: u64, rule: BusRule, count: usize) -> Vec<(u64, String)> {
    let stage = Stage::new(seed);
    stage.world.bus.add_rule(rule);
    for number in 0..count {
        stage.send(&number.to_string(), None);
    }
    stage.advance(Duration::from_hours(1)).await;
    stage.notes().came.clone()
}

#[tokio::test(start_paused = true)]
async fn rules_duplicate_and_pass_and_are_spent() {
    let bodies = |came: Vec<(u64, String)>| came.into_iter().map(|(_, body)| body).collect::<Vec<_>>();
    let twice = || between("*gate", "*hall");
    assert_eq!(bodies(under(7, twice().duplicate(), 2).await), ["0", "0", "1", "1"]);
    assert_eq!(bodies(under(7, twice().skip(1).times(1).duplicate(), 3).await), ["0", "1", "1", "2"]);
    assert_eq!(bodies(under(7, between("*", "*attic").duplicate(), 1).await), ["0"]);
    assert_eq!(bodies(under(7, twice().probability(0.0).duplicate(), 2).await), ["0", "1"]);
    let half = || twice().probability(0.5).duplicate();
    let came = under(7, half(), 200).await;
    assert!((260..340).contains(&came.len()), "{} of 200", came.len());
    assert_eq!(came, under(7, half(), 200).await, "the seed repeats it");
    assert_ne!(came, under(8, half(), 200).await);
}

#[tokio::test(start_paused = true)]
async fn rules_delay_and_reorder_and_lose() {
    let minute = Duration::from_mins(1);
    let once = || between("*", "*").times(1);
    let came = |at: u64, body: &str| (at, body.to_owned());
    assert_eq!(under(7, once().delay(minute), 2).await, [came(0, "1"), came(60_000, "0")]);
    assert_eq!(under(7, once().drop_then_retry(minute), 2).await, [came(0, "1"), came(60_000, "0")]);
    let mixed = under(7, between("*", "*").reorder(minute), 20).await;
    assert!(mixed.iter().all(|(at, _)| *at < 60_000) && mixed.is_sorted_by_key(|(at, _)| *at), "{mixed:?}");
    let order: Vec<usize> = mixed.iter().map(|(_, body)| body.parse().unwrap()).collect();
    assert!(!order.is_sorted(), "{order:?}");
    assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), 20, "each once");
    assert_eq!(mixed, under(7, between("*", "*").reorder(minute), 20).await);
}

#[tokio::test(start_paused = true)]
async fn a_rule_that_refuses_is_a_failed_attempt_that_never_reached_the_receiver() {
    let stage = Stage::new(7);
    stage.world.bus.add_rule(between("*", "*hall").skip(1).times(2).fail(503, "ServiceUnavailable", "busy"));
    stage.world.bus.add_rule(between("*", "*hall").skip(1).fail(400, "ValidationException", "never"));
    stage.send("0", Some(with_letter(MANY, arn("depot", "letters"))));
    stage.send("1", Some(with_letter(MANY, arn("depot", "letters"))));
    stage.advance(DAY).await;
    assert_eq!(stage.bodies(), ["0"], "the second rule lets the first pass, too, and then refuses");
    let errors: Vec<String> = stage
        .events()
        .into_iter()
        .filter_map(|event| match event.outcome {
            Outcome::Error { code, .. } => Some(code),
            _ => None,
        })
        .collect();
    assert_eq!(errors, ["ServiceUnavailable", "ServiceUnavailable", "ValidationException"]);
    let [(_, attributes)] = &stage.letters()[..] else { panic!("{:?}", stage.letters()) };
    assert!(attributes.contains(&("RETRIES".to_owned(), "2".to_owned())), "{attributes:?}");
}

#[tokio::test(start_paused = true)]
async fn a_hundred_that_fail_for_a_day_are_cheap_and_all_end() {
    let stage = Stage::new(7).refusing(503, "ServiceUnavailable");
    for number in 0..100 {
        stage.send(&number.to_string(), Some(with_letter(20, arn("depot", "letters"))));
    }
    stage.advance(DAY).await;
    assert_eq!((stage.times().len(), stage.letters().len()), (2100, 100));
    assert_eq!(stage.world.bus.next_due(), None);
}
