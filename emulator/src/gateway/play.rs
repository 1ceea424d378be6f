//! Plays an answer on the clock: delays, frames one by one, and endings that are no HTTP.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use http::{HeaderName, HeaderValue, Response, StatusCode};

use super::paced::Paced;
use super::{Body as HttpBody, Dropped, Visit, live};
use crate::kernel::fault::{Cut, Verdict};
use crate::kernel::progress::Sender;
use crate::kernel::timeline::Outcome;
use crate::kernel::{Answer, ApiError, Body, End, EventId, Frame, Live, Reply, World};
use crate::wire::{self, error::Style};

static REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
static EVENT: HeaderName = HeaderName::from_static("x-rehearsal-event");
static CRC32: HeaderName = HeaderName::from_static("x-amz-crc32");
/// The headers of a usual answer: these and its type.
const HEADERS: usize = 4;

/// Changes an answer as a fault has it.
pub fn alter(answer: Answer, verdict: Option<&Verdict>, extra_delay: Duration) -> Answer {
    let Answer::Reply(mut reply) = answer else { return answer };
    reply.after += extra_delay;
    match verdict {
        Some(Verdict::LoseResponse) => return Answer::Reset,
        Some(Verdict::CutAfter(cut)) => reply.body = cut_body(reply.body, *cut),
        Some(Verdict::Replace(body)) => reply.body = Body::Whole(body.clone().into()),
        _ => {}
    }
    Answer::Reply(reply)
}

/// What the timeline says of an answer that a fault has changed; its delay shows by itself.
pub fn alteration(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::LoseResponse => Some("response lost".to_owned()),
        Verdict::CutAfter(Cut::Frames(count)) => Some(format!("cut after {count} frames")),
        Verdict::CutAfter(Cut::Bytes(count)) => Some(format!("cut after {count} bytes")),
        Verdict::Replace(_) => Some("answer replaced".to_owned()),
        Verdict::Delay(_)
        | Verdict::Error(_)
        | Verdict::Throttle
        | Verdict::Hang
        | Verdict::Reset
        | Verdict::Conflict
        | Verdict::Unprocessed(_)
        | Verdict::Stale(_)
        | Verdict::InternalFailure(_)
        | Verdict::Duplicate(_)
        | Verdict::Reorder
        | Verdict::Expired => None,
    }
}

fn cut_body(body: Body, cut: Cut) -> Body {
    let frames = match body {
        Body::Whole(bytes) => vec![Frame { after: Duration::ZERO, bytes }].into(),
        Body::Frames(frames, _) => frames,
        Body::Live(live) => return Body::Live(Live { cut: Some(cut), ..live }),
    };
    let kept: Vec<Frame> = match cut {
        Cut::Frames(count) => frames.take(count).collect(),
        Cut::Bytes(count) => {
            let mut left = count;
            let mut kept = Vec::new();
            for frame in frames {
                let length = frame.bytes.len().min(left);
                left -= length;
                kept.push(Frame { bytes: frame.bytes.slice(..length), ..frame });
                if left == 0 {
                    break;
                }
            }
            kept
        }
    };
    Body::Frames(kept.into(), End::Reset)
}

/// Turns an answer into a response, waiting where it waits.
pub async fn play(world: &Arc<World>, visit: Visit<'_>, answer: Answer) -> Result<Response<HttpBody>, Dropped> {
    let kernel = &world.kernel;
    let fault = |what: &str| {
        kernel.timeline.update(visit.event, |event| {
            if !matches!(event.outcome, Outcome::Fault { .. }) {
                event.outcome = Outcome::Fault { what: what.to_owned() };
            }
        });
    };
    let reply = match answer {
        Answer::Reply(reply) => reply,
        Answer::Hang(progress) => {
            let _watched = progress.map(|progress| progress.watch(kernel.clock.clone()));
            fault("hung");
            return std::future::pending().await;
        }
        // What was awaited has come, or the call would still wait.
        Answer::Later(_) | Answer::Reset => {
            fault("connection reset");
            return Err(Dropped);
        }
    };
    let sender = reply.progress.map(|progress| progress.watch(kernel.clock.clone()));
    if reply.after > Duration::ZERO {
        kernel.clock.sleep(reply.after).await;
    }
    if has_nothing_to_send(&reply.body) {
        fault("connection reset");
        sender.inspect(Sender::ended);
        return Err(Dropped);
    }
    let checksum = match &reply.body {
        Body::Whole(bytes) if visit.description.crc32 => Some(crc32fast::hash(bytes)),
        _ => None,
    };
    let declared = match &reply.body {
        Body::Frames(_, End::Short(length)) => Some(*length),
        _ => None,
    };
    let body = match reply.body {
        Body::Whole(bytes) => {
            sender.inspect(Sender::sent_frame).inspect(Sender::ended);
            HttpBody::Whole(bytes)
        }
        Body::Frames(frames, end) => HttpBody::Paced(Box::new(Paced::new(frames, end, &kernel.clock, sender))),
        Body::Live(live) => live::body(world, &visit, live, sender),
    };
    let mut response = response(reply.status, reply.headers, body);
    if let Some(checksum) = checksum {
        response.headers_mut().insert(&CRC32, checksum.into());
    }
    if let Some(length) = declared {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    let protocol = visit.protocol;
    let content_type = response.headers_mut().entry(CONTENT_TYPE);
    content_type.or_insert_with(|| HeaderValue::from_static(wire::content_type(protocol)));
    identify(&mut response, visit.request_id, visit.event);
    Ok(response)
}

/// Whether a fault cut an answer off before its first frame.
fn has_nothing_to_send(body: &Body) -> bool {
    match body {
        Body::Frames(frames, End::Reset) => frames.are_none(),
        Body::Live(live) => live.cut == Some(Cut::Frames(0)),
        _ => false,
    }
}

fn response(status: u16, headers: Vec<(&'static str, String)>, body: HttpBody) -> Response<HttpBody> {
    let mut response = Response::new(body);
    // Room for all at once, those of the answer and those below.
    *response.headers_mut() = HeaderMap::with_capacity(HEADERS + headers.len());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in headers {
        // A value comes from a script or a rule; what cannot be a header is left out.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// What follows the last frame: nothing, an error, or silence.
pub async fn ending(end: End) -> Option<io::Error> {
    match end {
        End::Clean => None,
        End::Reset => {
            sent().await;
            Some(io::Error::from(io::ErrorKind::ConnectionReset))
        }
        // In process nobody else counts what was declared; over a socket hyper closes the connection either way.
        End::Short(_) => {
            sent().await;
            Some(io::Error::from(io::ErrorKind::UnexpectedEof))
        }
        End::Stall => std::future::pending().await,
    }
}

/// What came before is sent while the server waits for more: without this pause, a
/// break right behind a frame takes the frame with it.
async fn sent() {
    tokio::task::yield_now().await;
}

pub fn error_reply(style: Style, error: &ApiError, request_id: &str) -> Reply {
    let (content_type, headers, body) = wire::error::encode(style, error, request_id);
    let mut reply = Reply::new(error.status, body).with_header("content-type", content_type);
    reply.headers.extend(headers);
    reply
}

/// The response for an error before any service was found.
pub fn error_response(style: Style, error: &ApiError, request_id: &str, event: EventId) -> Response<HttpBody> {
    let (content_type, mut headers, body) = wire::error::encode(style, error, request_id);
    headers.insert(0, ("content-type", content_type.to_owned()));
    let mut response = response(error.status, headers, HttpBody::Whole(body.into()));
    identify(&mut response, request_id.to_owned(), event);
    response
}

/// AWS's request id, and ours on the timeline.
fn identify(response: &mut Response<HttpBody>, request_id: String, event: EventId) {
    let id = HeaderValue::from_maybe_shared(Bytes::from(request_id)).expect("a UUID is a header value");
    response.headers_mut().insert(&REQUEST_ID, id);
    response.headers_mut().insert(&EVENT, event.0.into());
}
