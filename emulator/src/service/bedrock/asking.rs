//! From a valid request to what the model does about it: the one way of every operation.

use std::time::Duration;

use bytes::Bytes;

use super::actor::{Actor, Cue};
use super::guardrail::watch::Watching;
use super::ledger::{Asked, Attempt};
use super::model::model_id;
use super::replay;
use super::script::fault::ErrorFault;
use super::script::{Act, Break, Ending, Performance, Scene};
use crate::kernel::answer::{Body, End, Frame, Frames, Reply};
use crate::kernel::operation::Encode;
use crate::kernel::timeline::{Beginning, Kind, Link, Outcome};
use crate::kernel::{Answer, ApiError, Call, Caller, EventId, Ids, Progress, Protocol};
use crate::wire::event_stream;

/// Writes what the model says in an operation's own form.
pub type Speak = Box<dyn FnOnce(&Performance) -> Reply + Send>;

/// Asks the model, and puts on the timeline what it does. The event is the model's.
pub fn consult(actor: &Actor, call: &Call<'_>, scene: Scene, attempt: Attempt) -> (EventId, Cue) {
    put(actor, Actor::ask, call, scene, attempt)
}

fn put(
    actor: &Actor,
    question: fn(&Actor, Scene, Asked, &Ids) -> Cue,
    call: &Call<'_>,
    mut scene: Scene,
    attempt: Attempt,
) -> (EventId, Cue) {
    let Caller { app, access_key_id } = call.caller;
    scene.caller = if app.is_empty() { access_key_id } else { app }.to_string();
    let timeline = &call.kernel.timeline;
    let model = Beginning::new(Kind::Model, "bedrock", "model", model_id::short(&scene.model))
        .because_of(call.event, Link::Made)
        .in_scope(call.scope);
    let event = timeline.begin(call.now, model);
    let asked = Asked { event, at: call.now, account: call.scope.account.to_string(), attempt };
    let mut cue = question(actor, scene, asked, call.ids());
    // Both are for the timeline alone.
    let (detail, fault) = (std::mem::take(&mut cue.detail), cue.fault.take());
    timeline.update(event, |event| {
        event.detail = detail;
        event.outcome = fault.map_or(Outcome::Done, |what| Outcome::Fault { what });
    });
    (event, cue)
}

/// Asks the model for an answer that is all that the model says. A guardrail that has heard the question judges it.
pub fn ask_watched(
    actor: &Actor,
    call: &Call<'_>,
    scene: Scene,
    attempt: Attempt,
    speak: Speak,
    watching: Option<Box<Watching>>,
) -> Result<Box<dyn Encode>, ApiError> {
    let (_, mut cue) = consult(actor, call, scene, attempt.clone());
    if let (Ok(Act::Speak(performance)), Some(watching)) = (&mut cue.act, watching) {
        watching.judge(performance, actor, &attempt, call)?;
    }
    on_stage(cue, call, speak)
}

/// What is said without asking the model.
pub fn answer(performance: Performance, speak: Speak) -> Box<dyn Encode> {
    Box::new(OnStage { act: Act::Speak(performance), speak, progress: Progress::default() })
}

/// The same for what a model can do without a script: a rule may give vectors or fail, but none must fit.
pub fn ask_for_embedding(
    actor: &Actor,
    call: &Call<'_>,
    scene: Scene,
    attempt: Attempt,
    speak: Speak,
) -> Result<Box<dyn Encode>, ApiError> {
    let (_, cue) = put(actor, Actor::ask_for_embedding, call, scene, attempt);
    on_stage(cue, call, speak)
}

/// Has the model's act played to the caller.
pub fn on_stage(cue: Cue, call: &Call<'_>, speak: Speak) -> Result<Box<dyn Encode>, ApiError> {
    let Cue { act, progress, .. } = cue;
    match act.map_err(ApiError::validation)? {
        Act::Refuse(fault) => Err(refusal(fault)),
        act => {
            if matches!(act, Act::Hang(_)) {
                // A caller that leaves before the connection breaks must not be shown as answered.
                let hung = Outcome::Fault { what: "hung".to_owned() };
                call.kernel.timeline.update(call.event, |event| event.outcome = hung);
            }
            Ok(Box::new(OnStage { act, speak, progress }))
        }
    }
}

pub fn refusal(fault: ErrorFault) -> ApiError {
    let ErrorFault { name, message, status, retry_after } = fault;
    let error = ApiError::with_status(status, &name, message);
    match retry_after {
        // SDKs read milliseconds here, and `Retry-After` not at all.
        Some(wait) => error.with_header("x-amz-retry-after", wait.as_millis().to_string()),
        None => error,
    }
}

/// An act on its way to the caller.
struct OnStage {
    act: Act,
    speak: Speak,
    progress: Progress,
}

impl Encode for OnStage {
    fn encode(self: Box<Self>, _protocol: Protocol) -> Answer {
        let reply = match self.act {
            Act::Speak(performance) => (self.speak)(&performance),
            Act::Hang(None) => return Answer::Hang(Some(self.progress)),
            Act::Hang(Some(after)) | Act::Reset(after) if after > Duration::ZERO => {
                let mut nothing = Reply::new(200, "").with_delay(after);
                nothing.body = Body::Frames(Vec::new().into(), End::Reset);
                nothing
            }
            Act::Hang(Some(_)) | Act::Reset(_) => return Answer::Reset,
            Act::Html(status) => page(status),
            Act::Recorded(recorded) => replay::reply(*recorded),
            Act::Refuse(_) => unreachable!("an error is answered before anything is encoded"),
        };
        Answer::Reply(Reply { progress: Some(self.progress), ..reply })
    }
}

/// What a gateway says that lost its way to Bedrock.
fn page(status: u16) -> Reply {
    let reason = match status {
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "Error",
    };
    let title = format!("{status} {reason}");
    let page = format!(
        "<html>\n<head><title>{title}</title></head>\n<body>\n<center><h1>{title}</h1></center>\n</body>\n</html>\n"
    );
    Reply::new(status, page).with_header("content-type", "text/html")
}

/// The answer in one document, as a performance ends it: a stream's endings leave
/// half of the document here, since it has no frames.
pub fn document(performance: &Performance, body: Vec<u8>) -> Reply {
    let mut reply = Reply::new(200, body).with_delay(performance.lasts());
    let Ending::Broken { then, .. } = &performance.ending else { return reply };
    let Body::Whole(bytes) = &reply.body else { return reply };
    let half = bytes.slice(..bytes.len() / 2);
    reply.body = match then {
        Break::Reset => Body::Frames(vec![at_once(half)].into(), End::Reset),
        Break::Stall => Body::Frames(vec![at_once(half)].into(), End::Stall),
        Break::ShortBody => Body::Frames(vec![at_once(half)].into(), End::Short(bytes.len() as u64)),
        // What is about frames, and the beginning of a document that is no document.
        Break::End
        | Break::HalfFrame
        | Break::BadCrc
        | Break::BadPreludeCrc
        | Break::InvalidJson
        | Break::Exception { .. } => Body::Whole(half),
    };
    reply
}

/// The answer in frames, as a performance ends it, from its first token on:
/// until then AWS, too, may answer an error (assumed).
pub fn stream(performance: &Performance, frames: impl Into<Frames>) -> Reply {
    let (mut frames, mut end) = (frames.into(), End::Clean);
    if let Ending::Broken { frames: whole, then } = &performance.ending {
        let mut known: Vec<Frame> = frames.collect();
        end = break_off(&mut known, *whole, then);
        frames = known.into();
    }
    let mut reply = Reply::new(200, "").with_delay(performance.first_token_after);
    reply.body = Body::Frames(frames, end);
    reply.with_header("content-type", event_stream::CONTENT_TYPE)
}

/// Keeps `whole` frames, adds what a break leaves after them, and says how the body ends.
pub fn break_off(frames: &mut Vec<Frame>, whole: usize, then: &Break) -> End {
    let declared: u64 = frames.iter().map(|frame| frame.bytes.len() as u64).sum();
    let next = frames.get(whole).cloned();
    frames.truncate(whole);
    match then {
        Break::Reset => return End::Reset,
        Break::Stall => return End::Stall,
        Break::ShortBody => {
            // A byte more than there is, if the break comes behind the last frame.
            let sent: u64 = frames.iter().map(|frame| frame.bytes.len() as u64).sum();
            return End::Short(declared.max(sent + 1));
        }
        Break::End => {}
        Break::Exception { name, message } => frames.push(at_once(event_stream::exception(name, message))),
        Break::HalfFrame | Break::BadCrc | Break::BadPreludeCrc | Break::InvalidJson => {
            frames.extend(next.map(|next| Frame { bytes: spoilt(then, &next.bytes), ..next }));
        }
    }
    End::Clean
}

/// A frame as a break leaves it that is about one frame.
fn spoilt(then: &Break, frame: &Bytes) -> Bytes {
    match then {
        Break::HalfFrame => frame.slice(..frame.len() / 2),
        Break::BadCrc => event_stream::with_bad_crc(frame),
        Break::BadPreludeCrc => event_stream::with_bad_prelude_crc(frame),
        Break::InvalidJson => event_stream::with_invalid_json(frame),
        Break::Reset | Break::Stall | Break::End | Break::ShortBody | Break::Exception { .. } => frame.clone(),
    }
}

fn at_once(bytes: Bytes) -> Frame {
    Frame { after: Duration::ZERO, bytes }
}
