//! One scenario, from the rise of the curtain to the verdict.

pub mod aws_call;
pub mod dialect;
pub mod door;
pub mod events;
pub mod matching;
mod model;
pub mod saved;
mod stage;
pub mod time;

use std::fmt;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use serde_saphyr::Spanned;
use tower::ServiceExt;

use self::stage::Stage;
use crate::scenario::{AwsCall, Scenario, Step};

/// What came of a scenario.
#[derive(Debug, Default)]
pub struct Verdict {
    pub failures: Vec<Failure>,
    /// What could not be done on this stage, and why.
    pub skipped: Vec<String>,
    /// What happened, as text.
    pub timeline: String,
}

/// Something that does not hold, and where the scenario says it should.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    /// Line and column in the scenario file, where it is about one place.
    pub place: Option<(u64, u64)>,
    pub why: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some((line, column)) => write!(f, "{line}:{column}: {}", self.why),
            None => f.write_str(&self.why),
        }
    }
}

impl Verdict {
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Plays a scenario in process, under virtual time, on a thread of its own.
/// The recorded timeline must hold, too, unless it is about to be renewed.
pub fn rehearse(scenario: &Scenario, compare_timeline: bool) -> Verdict {
    let played = std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
            let runtime = runtime.map_err(|error| format!("cannot start a runtime: {error}"))?;
            // The SDK draws from this generator what it draws at random.
            fastrand::seed(scenario.seed);
            runtime.block_on(async { Ok(play(scenario, Stage::in_process(scenario).await).await) })
        });
        thread.join().unwrap_or_else(|panic| Err(format!("the rehearsal panicked: {}", panic_message(&*panic))))
    });
    let mut verdict = played.unwrap_or_else(broken);
    if compare_timeline {
        let otherwise_good = verdict.passed();
        verdict.failures.extend(compare(scenario, &verdict.timeline, otherwise_good));
    }
    verdict
}

/// Plays a scenario against an endpoint, over sockets and in real time.
pub fn rehearse_remotely(scenario: &Scenario, url: &str) -> Verdict {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return broken(format!("cannot start a runtime: {error}")),
    };
    runtime.block_on(async {
        match Stage::remote(url).await {
            Ok(stage) => play(scenario, stage).await,
            Err(why) => broken(why),
        }
    })
}

fn broken(why: String) -> Verdict {
    Verdict { failures: vec![Failure { place: None, why }], ..Verdict::default() }
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

async fn play(scenario: &Scenario, mut stage: Stage) -> Verdict {
    let mut verdict = Verdict::default();
    match set_up(scenario, &mut stage, &mut verdict).await {
        Ok(after) => perform(scenario, &mut stage, after, &mut verdict).await,
        Err(failure) => verdict.failures.push(failure),
    }
    verdict.failures.extend(stage.clear().await.err().map(|why| Failure { place: None, why }));
    verdict
}

/// The steps, the timeline, and what must hold.
async fn perform(scenario: &Scenario, stage: &mut Stage, after: u64, verdict: &mut Verdict) {
    for step in &scenario.steps {
        if let Err(failure) = take(stage, step, after, &mut verdict.skipped).await {
            verdict.failures.push(failure);
            break;
        }
    }
    if stage.controlled {
        // What is asked below is not part of what happened.
        verdict.timeline = stage.timeline(after).await.unwrap_or_else(|why| why);
    }
    if verdict.passed() {
        for expectation in &scenario.expect {
            verdict.failures.extend(take(stage, expectation, after, &mut verdict.skipped).await.err());
        }
    }
    let fallen = stage.fallen().await;
    let unforeseen = stage.unforeseen().await.unwrap_or_else(Some);
    verdict.failures.extend(fallen.into_iter().chain(unforeseen).map(|why| Failure { place: None, why }));
}

/// Script and faults, what is given, the pipeline's resources. Returns the last event before the steps.
async fn set_up(scenario: &Scenario, stage: &mut Stage, verdict: &mut Verdict) -> Result<u64, Failure> {
    let nowhere = |why| Failure { place: None, why };
    for step in &scenario.given {
        take(stage, step, 0, &mut verdict.skipped).await?;
    }
    if let Some(pipeline) = scenario.pipeline {
        stage.start(pipeline, &scenario.settings).await.map_err(nowhere)?;
    }
    if !stage.controlled {
        let needs_control =
            !scenario.script.is_empty() || !scenario.faults.is_empty() || !scenario.bus_faults.is_empty();
        if needs_control {
            verdict.skipped.push("script and faults are skipped: the endpoint takes none".to_owned());
        }
        return Ok(0);
    }
    stage.load(scenario).await.map_err(nowhere)?;
    stage.raise_curtain().await.map_err(nowhere)
}

/// Takes one step; the failure knows its place in the file.
async fn take(stage: &mut Stage, step: &Spanned<Step>, after: u64, skipped: &mut Vec<String>) -> Result<(), Failure> {
    let place = Some((step.referenced.line(), step.referenced.column()));
    let outcome = match &step.value {
        Step::Call(call) => aws(stage, call).await,
        Step::Get { path, matches } => get(stage, path, matches.as_ref()).await,
        Step::Advance(by) => {
            stage.time.advance(*by, stage.worker.is_some()).await.map(|note| skipped.extend(note.map(str::to_owned)))
        }
        Step::Fault(_) | Step::BusFault(_) | Step::Model(_) | Step::TimelineContains(_) if !stage.controlled => {
            skipped.push(format!("line {}: skipped, since the endpoint is no emulator", step.referenced.line()));
            Ok(())
        }
        Step::Fault(rule) => stage.fault(rule.clone()).await,
        Step::BusFault(rule) => stage.bus_fault(rule.clone()).await,
        Step::Model(question) => model::ask(stage, question).await,
        Step::TimelineContains(words) => timeline_contains(stage, after, words).await,
    };
    outcome.map_err(|why| Failure { place, why })
}

async fn aws(stage: &mut Stage, call: &AwsCall) -> Result<(), String> {
    let name = format!("{}.{}", call.service, call.operation);
    let call = AwsCall { input: saved::fill_in(&call.input, &stage.saved), ..call.clone() };
    let request = stage.signer.request(&call, stage.time.now())?;
    let response = stage.door.send(request).await.map_err(|why| format!("{name}: {why}"))?;
    let answer = aws_call::answer(&response);
    let document = match (answer, &call.fails) {
        (Ok(document), None) => document,
        (Ok(document), Some(expected)) => return Err(format!("{name} was answered {document}, expected {expected}")),
        (Err((code, _)), Some(expected)) if code == *expected => return Ok(()),
        (Err((code, message)), Some(expected)) => {
            return Err(format!("{name} failed with {code}: {message}; expected {expected}"));
        }
        (Err((code, message)), None) => return Err(format!("{name} failed with {code}: {message}")),
    };
    for (variable, pointer) in &call.save {
        let value = document.pointer(pointer).ok_or_else(|| format!("{name}: nothing at `{pointer}` in {document}"))?;
        stage.saved.insert(variable.clone(), value.clone());
    }
    let expected = call.matches.as_ref().map(|expected| saved::fill_in(expected, &stage.saved));
    differs(&name, expected.as_ref(), &document)
}

/// Asks the pipeline's own API, with no socket.
async fn get(stage: &Stage, path: &str, matches: Option<&Value>) -> Result<(), String> {
    let router = stage.serving.clone().ok_or("`http.GET` asks the pipeline, and the scenario names none")?;
    let path = &saved::fill_in_text(path, &stage.saved);
    let request = Request::get(path).body(axum::body::Body::empty()).map_err(|error| format!("{path}: {error}"))?;
    let Ok(response) = router.oneshot(request).await;
    let status = response.status();
    let body: Bytes = response.into_body().collect().await.map_err(|error| error.to_string())?.to_bytes();
    let document =
        serde_json::from_slice(&body).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&body).into()));
    if !status.is_success() {
        return Err(format!("GET {path} answered {status}: {document}"));
    }
    let expected = matches.map(|expected| saved::fill_in(expected, &stage.saved));
    differs(&format!("GET {path}"), expected.as_ref(), &document)
}

fn differs(name: &str, expected: Option<&Value>, actual: &Value) -> Result<(), String> {
    match expected.and_then(|expected| matching::difference(expected, actual)) {
        Some(difference) => Err(format!("{name}: {difference}")),
        None => Ok(()),
    }
}

async fn timeline_contains(stage: &Stage, after: u64, words: &str) -> Result<(), String> {
    let timeline = stage.timeline(after).await?;
    let has = |line: &str| {
        let mut rest = line;
        words.split_whitespace().all(|word| match rest.find(word) {
            Some(at) => {
                rest = &rest[at + word.len()..];
                true
            }
            None => false,
        })
    };
    if timeline.lines().any(has) { Ok(()) } else { Err(format!("no line of the timeline has `{words}`")) }
}

/// The first line in which the timeline differs from the recorded one.
fn compare(scenario: &Scenario, timeline: &str, otherwise_good: bool) -> Option<Failure> {
    let Some(recorded) = &scenario.timeline else {
        // What failed cannot be recorded; asking for it would hide why.
        if !otherwise_good {
            return None;
        }
        let why = "no timeline is recorded: look at the one below, and record it with --bless".to_owned();
        return Some(Failure { place: None, why });
    };
    let (recorded, actual): (Vec<&str>, Vec<&str>) =
        (recorded.trim_end().lines().collect(), timeline.lines().collect());
    let nothing = "(nothing)";
    let longer = recorded.len().max(actual.len());
    let line_of =
        |lines: &[&str], at: usize| lines.get(at).map_or(nothing.to_owned(), |line| line.trim_end().to_owned());
    let at = (0..longer).find(|at| line_of(&recorded, *at) != line_of(&actual, *at))?;
    let why = format!(
        "the timeline differs from the recorded one in line {}:\n    recorded {}\n    now      {}\n  if the new one is right, record it with --bless",
        at + 1,
        line_of(&recorded, at),
        line_of(&actual, at)
    );
    Some(Failure { place: None, why })
}
