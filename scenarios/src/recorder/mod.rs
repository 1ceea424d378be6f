//! Records a real model: stands between a client and Bedrock, passes everything on, and writes a script that says the
//! same again, frame by frame and at the same pace.
//!
//! - [`tape`]: what was asked and answered, with its times
//! - [`redaction`]: what must not be in the script
//! - `writing`: the script
//!
//! A request's headers are never kept, so no credentials are; in texts, what looks like an AWS key is taken out, and
//! whatever the rules say.

pub mod redaction;
pub mod tape;
mod writing;

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_smithy_types::body::SdkBody;
use axum::body::Body;
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Limited};
use rehearsal_emulator::kernel::Clock;
use rehearsal_emulator::kernel::clock::machine_time;

use self::redaction::Redaction;
use self::tape::{End, Take};
use crate::runner::aws_call::Signer;
use crate::runner::door::Door;
use crate::runner::time::system_time;

/// Bedrock takes no larger bodies.
const BODY_BYTES_MAX: usize = 25_000_000;

/// Between a client and a Bedrock. Cheap to clone: every clone writes on the same tape.
#[derive(Clone)]
pub struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    upstream: Door,
    /// Signs anew, where the upstream verifies signatures: the client signed for the recorder's host.
    signer: Option<Signer>,
    clock: Clock,
    redaction: Redaction,
    tape: Mutex<Vec<Take>>,
}

impl Recorder {
    pub fn new(upstream: Door, signer: Option<Signer>, clock: Clock, redaction: Redaction) -> Self {
        Self { inner: Arc::new(Inner { upstream, signer, clock, redaction, tape: Mutex::default() }) }
    }

    /// How many calls of the model are on the tape.
    pub fn takes(&self) -> usize {
        self.tape().len()
    }

    /// The script that says again what was recorded so far.
    pub fn script(&self) -> String {
        writing::script(&self.tape(), &self.inner.redaction)
    }

    /// Passes a request on, and the answer back as it comes.
    pub async fn handle(&self, request: Request<Body>) -> Response<Body> {
        self.pass(request).await.unwrap_or_else(|why| {
            let message = serde_json::json!({ "message": format!("rehearsal record: {why}") }).to_string();
            let mut response = Response::new(Body::from(message));
            *response.status_mut() = StatusCode::BAD_GATEWAY;
            response
        })
    }

    async fn pass(&self, request: Request<Body>) -> Result<Response<Body>, String> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, BODY_BYTES_MAX).collect().await.map_err(|error| error.to_string())?.to_bytes();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let place = Take::of(path, &body).map(|take| self.keep(take));
        let begun = self.inner.clock.now();
        let mut forwarded =
            Request::builder().method(parts.method).uri(format!("{}{path}", self.inner.upstream.base()));
        if let Some(headers) = forwarded.headers_mut() {
            headers.extend(end_to_end(&parts.headers));
        }
        let mut forwarded = forwarded.body(body).map_err(|error| error.to_string())?;
        if let Some(signer) = &self.inner.signer {
            signer.sign_again(&mut forwarded, "bedrock", system_time(machine_time()))?;
        }
        let response = self.inner.upstream.open(forwarded).await;
        let waited = self.inner.clock.now().since(begun);
        let response = response.inspect_err(|_| self.note(place, |take| take.began(None, waited)))?;
        let (parts, body) = response.into_parts();
        self.note(place, |take| take.began(Some(&parts), waited));
        let mut answer = Response::new(self.play(place, body));
        *answer.status_mut() = parts.status;
        answer.headers_mut().extend(end_to_end(&parts.headers));
        Ok(answer)
    }

    /// The body on its way to the client, noted as it passes.
    fn play(&self, place: Option<usize>, body: SdkBody) -> Body {
        let listening = Listening { recorder: self.clone(), place, ended: false };
        let pieces = stream::unfold(Some((body, listening)), |state| async move {
            let (mut body, mut listening) = state?;
            match body.frame().await {
                None => {
                    listening.ends(End::Clean);
                    None
                }
                Some(Err(error)) => {
                    listening.ends(End::Reset);
                    Some((Err(io::Error::other(error.to_string())), None))
                }
                Some(Ok(frame)) => {
                    let bytes = frame.into_data().unwrap_or_default();
                    listening.hears(&bytes);
                    Some((Ok::<Bytes, io::Error>(bytes), Some((body, listening))))
                }
            }
        });
        Body::from_stream(pieces.fuse())
    }

    fn keep(&self, take: Take) -> usize {
        let mut tape = self.tape();
        tape.push(take);
        tape.len() - 1
    }

    fn note(&self, place: Option<usize>, note: impl FnOnce(&mut Take)) {
        if let Some(place) = place
            && let Some(take) = self.tape().get_mut(place)
        {
            note(take);
        }
    }

    fn tape(&self) -> MutexGuard<'_, Vec<Take>> {
        self.inner.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hears an answer pass by.
struct Listening {
    recorder: Recorder,
    place: Option<usize>,
    ended: bool,
}

impl Listening {
    fn hears(&self, bytes: &Bytes) {
        let now = self.recorder.inner.clock.now();
        self.recorder.note(self.place, |take| take.heard(now, bytes));
    }

    fn ends(&mut self, end: End) {
        self.ended = true;
        self.recorder.note(self.place, |take| take.ended(end));
    }
}

impl Drop for Listening {
    /// A client that leaves says nothing of how the answer would have ended.
    fn drop(&mut self) {
        if !self.ended {
            self.ends(End::Unknown);
        }
    }
}

/// The headers that are not between two neighbours alone.
fn end_to_end(headers: &HeaderMap) -> HeaderMap {
    let mut kept = headers.clone();
    for name in [HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        kept.remove(name);
    }
    kept
}
