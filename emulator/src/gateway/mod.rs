//! One HTTP request from arrival to answer.
//!
//! The same gateway is behind the socket ([`server`]) and behind the SDK's own
//! HTTP client ([`in_process`]): what is tested in one way holds in the other.

pub mod admin;
mod allowance;
mod body;
pub mod browser;
pub mod credentials;
mod encoding;
mod follow;
mod form;
pub mod in_process;
mod intake;
pub mod limits;
mod live;
mod pace;
mod paced;
mod paths;
mod play;
mod room;
mod route;
pub mod server;
pub mod signature;
mod wait;

use std::sync::Arc;
use std::time::Duration;

use axum::BoxError;
use axum::response::IntoResponse;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use tower::ServiceExt;

use self::allowance::Allowance;
pub use self::body::Body;
use self::browser::Hosts;
use self::credentials::{Credentials, Senders};
use self::intake::{Taken, UNFINISHED_BYTES_MAX};
use self::paths::Paths;
use self::route::Route;
use self::signature::Keys;
use self::wait::Stopping;
use crate::kernel::fault::{Question, Verdict};
use crate::kernel::mishap::caught;
use crate::kernel::operation::{Encode, ServiceDescription};
use crate::kernel::realm::Ready;
use crate::kernel::store::NotKept;
use crate::kernel::timeline::{Arrival, Beginning, Kind, Outcome};
use crate::kernel::{Answer, AnyService, ApiError, Call, Circumstances, EventId, Protocol, Timestamp, World};
use crate::wire;
use crate::wire::aws_query::Query;
use crate::wire::error::Style;

/// The connection broke before an answer: a fault, not an HTTP response.
#[derive(Debug)]
pub struct Dropped;

/// The front door. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    world: Arc<World>,
    paths: Paths,
    keys: Option<Keys>,
    hosts: Hosts,
    senders: Senders,
    unfinished: Allowance,
    admin: axum::Router,
}

/// A request for an operation we have, on its way through the steps.
struct Visit<'a> {
    index: usize,
    description: &'static ServiceDescription,
    /// Of the request, and so of its answer.
    protocol: Protocol,
    operation: &'static str,
    credentials: &'a Credentials,
    /// Where its caller reached this world.
    endpoint: &'a str,
    /// Of a request that came over a socket.
    stopping: Option<Stopping>,
    /// How the service speaks the query protocol, if it does.
    query: Option<&'static Query>,
    /// When it began.
    now: Timestamp,
    event: EventId,
    request_id: String,
}

impl Gateway {
    /// With `keys`, every request's signature is verified against them. `hosts` are the names by which it is controlled.
    pub fn new(world: Arc<World>, keys: Option<Keys>, hosts: Hosts, admin: axum::Router) -> Self {
        let (paths, unfinished) = (Paths::of(world.services()), Allowance::of(UNFINISHED_BYTES_MAX));
        Self { inner: Arc::new(Inner { world, paths, keys, hosts, senders: Senders::default(), unfinished, admin }) }
    }

    pub async fn handle<B>(&self, request: Request<B>) -> Result<Response<Body>, Dropped>
    where
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let admitted = self.inner.hosts.admit(request.uri(), request.headers());
        match (admitted, admin::is_for_admin(request.uri().path())) {
            (Ok(()), true) => self.handle_control(request).await,
            (Ok(()), false) => self.handle_aws(request).await,
            (Err(why), true) => {
                let refused = admin::Refused(StatusCode::FORBIDDEN, why).into_response();
                Ok(refused.map(Body::Stream))
            }
            (Err(why), false) => Ok(self.turn_away(&request.into_parts().0, why)),
        }
    }

    /// A call of the admin API.
    async fn handle_control<B>(&self, request: Request<B>) -> Result<Response<Body>, Dropped>
    where
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>>,
    {
        let (parts, body) = request.into_parts();
        match intake::read(body, admin::BODY_BYTES_MAX, &self.inner.unfinished).await? {
            Ok(Taken { bytes, held: _held }) => {
                let request = Request::from_parts(parts, axum::body::Body::from(bytes));
                let answered = self.inner.admin.clone().oneshot(request).await;
                answered.map(|response| response.map(Body::Stream)).map_err(|never| match never {})
            }
            Err(untaken) => {
                let ApiError { status, message, .. } = untaken.error(admin::BODY_BYTES_MAX);
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
                Ok(admin::Refused(status, message).into_response().map(Body::Stream))
            }
        }
    }

    /// Answers a web page that has no business here.
    fn turn_away(&self, parts: &Parts, why: String) -> Response<Body> {
        let credentials = Credentials::of(parts);
        let error = ApiError::with_status(403, "AccessDeniedException", why);
        let style = route::style_of(&parts.headers, &credentials);
        let operation = parts.method.to_string();
        self.refuse(parts, &credentials, &Refusal { style, service: "unknown", operation, error })
    }

    /// Route > decode > fault > run > encode > record.
    async fn handle_aws<B>(&self, request: Request<B>) -> Result<Response<Body>, Dropped>
    where
        B: http_body::Body<Data = Bytes, Error: Into<BoxError>>,
    {
        let (parts, body) = request.into_parts();
        let credentials = self.inner.senders.credentials_of(&parts);
        let Inner { world, paths, unfinished, .. } = &*self.inner;
        let place = route::find(world, paths, &parts, &credentials);
        let bytes_max = place.body_bytes_max(world);
        let (body, held) = match intake::read(body, bytes_max, unfinished).await? {
            Ok(Taken { bytes, held }) => (Ok(bytes), Some(held)),
            Err(untaken) => (Err(untaken.error(bytes_max)), None),
        };
        let settled = place.settle(world, paths, &parts, body.as_deref(), &credentials);
        let (route, body) = match self.admit(settled, &parts, body, &credentials) {
            Ok(admitted) => admitted,
            Err(refusal) => return Ok(self.refuse(&parts, &credentials, &refusal)),
        };
        let service = self.service(route.index);
        let description = service.description();
        let protocol = route.protocol;
        let endpoint = credentials::endpoint(&parts);
        let stopping = parts.extensions.get::<Stopping>().cloned();
        let (forms, body) = match (protocol, service.query()) {
            (Protocol::AwsQuery, Some(query)) => (Some(query), self::form::whole(query, &parts, &body, &endpoint)),
            _ => (None, body),
        };
        let query = wire::query::parse(parts.uri.query());
        let request = wire::Request { protocol, labels: route.labels, query, headers: parts.headers, body, forms };
        // A panic while decoding was printed; to the caller it is what any other mistake of ours is.
        let prepared = caught(|| service.prepare(route.operation.place, &request));
        let prepared = prepared.unwrap_or_else(|_| Err(ApiError::internal()));
        let resource = prepared.as_ref().map(|ready| ready.resource()).unwrap_or_default();
        let fault = self.ask_faults(description, route.operation.name, &resource, &credentials);
        let now = self.inner.world.kernel.clock.now();
        let beginning = Beginning::new(Kind::Request, description.name, route.operation.name, resource);
        let (detail, verdict) = fault.map(|(rule, verdict)| (format!("fault `{rule}`"), verdict)).unzip();
        let event =
            self.begin(now, &request, Beginning { detail: detail.unwrap_or_default(), ..beginning }, &credentials);
        // What is decoded is not held twice while the call waits.
        drop((request, held));
        let visit = Visit {
            index: route.index,
            description,
            protocol,
            operation: route.operation.name,
            credentials: &credentials,
            endpoint: &endpoint,
            stopping,
            query: service.query(),
            now,
            event,
            request_id: self.inner.world.kernel.ids.uuid(),
        };
        let answer = self.answer(&visit, prepared, verdict).await;
        let answer = self.kept(&visit, answer).await;
        play::play(&self.inner.world, visit, answer).await
    }

    /// Runs the operation unless a fault takes its place; a fault may also change the answer.
    async fn answer(
        &self,
        visit: &Visit<'_>,
        prepared: Result<Box<dyn Ready>, ApiError>,
        verdict: Option<Verdict>,
    ) -> Answer {
        let mut extra_delay = Duration::ZERO;
        match &verdict {
            Some(Verdict::Hang) => return Answer::Hang(None),
            Some(Verdict::Reset) => return Answer::Reset,
            Some(Verdict::Throttle) if !self.service(visit.index).throttles_itself(visit.operation) => {
                return self.error(visit, &(visit.description.throttled)(visit.operation));
            }
            Some(Verdict::Error(error)) => return self.error(visit, &error.clone().into()),
            Some(Verdict::Delay(by)) => extra_delay = *by,
            // Changes of the answer come after it, and circumstances go with the call.
            Some(
                Verdict::Throttle
                | Verdict::LoseResponse
                | Verdict::CutAfter(_)
                | Verdict::Replace(_)
                | Verdict::Conflict
                | Verdict::Unprocessed(_)
                | Verdict::Stale(_)
                | Verdict::InternalFailure(_)
                | Verdict::Duplicate(_)
                | Verdict::Reorder
                | Verdict::Expired,
            )
            | None => {}
        }
        let circumstances = verdict.as_ref().map(Verdict::circumstances).unwrap_or_default();
        if let Some(keeper) = self.inner.world.kernel.keeper()
            && let Err(error) = keeper.ready().await
        {
            return self.error(visit, &not_kept(&error));
        }
        let answer = match prepared.and_then(|ready| self.run(visit, ready, circumstances)) {
            Ok(output) => self.encode(visit, output),
            Err(error) => self.error(visit, &error),
        };
        let answer = match answer {
            Answer::Later(later) => self.wait(visit, later, circumstances).await,
            answer => answer,
        };
        if let Some(what) = verdict.as_ref().and_then(play::alteration) {
            self.inner.world.kernel.timeline.update(visit.event, |event| event.outcome = Outcome::Fault { what });
        }
        play::alter(answer, verdict.as_ref(), extra_delay)
    }

    /// Nobody is told of what is not kept yet, where things are kept.
    async fn kept(&self, visit: &Visit<'_>, answer: Answer) -> Answer {
        let Some(keeper) = self.inner.world.kernel.keeper() else { return answer };
        match keeper.kept().await {
            Ok(()) => answer,
            Err(error) => self.error(visit, &not_kept(&error)),
        }
    }

    fn encode(&self, visit: &Visit<'_>, output: Box<dyn Encode>) -> Answer {
        let encoded = caught(|| self::form::in_protocol(visit, output.encode(visit.protocol)));
        let answer = encoded.unwrap_or_else(|message| self.error(visit, &self.mistake(visit, message)));
        if !matches!(answer, Answer::Later(_)) {
            self.done(visit);
        }
        answer
    }

    fn run(
        &self,
        visit: &Visit<'_>,
        ready: Box<dyn Ready>,
        circumstances: Circumstances,
    ) -> Result<Box<dyn Encode>, ApiError> {
        let world = &self.inner.world;
        let Credentials { scope, caller, .. } = visit.credentials;
        let mut call = Call::new(&world.kernel, visit.now, scope, caller, visit.event);
        call.circumstances = circumstances;
        call.endpoint = visit.endpoint;
        let ran = caught(|| world.run(visit.index, ready, &mut call));
        ran.unwrap_or_else(|message| Err(self.mistake(visit, message)))
    }

    /// A panic is our mistake. It is answered as 500 and shown on the timeline;
    /// other requests are served on.
    fn mistake(&self, visit: &Visit<'_>, message: String) -> ApiError {
        self.inner.world.kernel.timeline.update(visit.event, |event| event.outcome = Outcome::Panic { message });
        ApiError::internal()
    }

    /// What must hold before a request is looked into: a known place, a body within bounds, a good signature.
    fn admit(
        &self,
        settled: Result<Route, Box<Refusal>>,
        parts: &Parts,
        body: Result<Bytes, ApiError>,
        credentials: &Credentials,
    ) -> Result<(Route, Bytes), Box<Refusal>> {
        let route = settled?;
        let description = self.service(route.index).description();
        let query = self.service(route.index).query();
        let refuse = |error| {
            let (service, operation) = (description.name, route.operation.name.to_owned());
            let error = self::form::told(query, route.protocol, &error);
            let style = style(route.protocol, description, query, &error);
            Box::new(Refusal { style, service, operation, error })
        };
        let body = body.map_err(refuse)?;
        encoding::check(&parts.headers).map_err(refuse)?;
        if let Some(keys) = &self.inner.keys {
            let now = [self.inner.world.kernel.clock.now(), crate::kernel::clock::machine_time()];
            keys.verify(parts, &body, credentials, description.signing_name, now).map_err(refuse)?;
        }
        Ok((route, body))
    }

    /// Answers what is no operation of ours, or must not be served.
    fn refuse(&self, parts: &Parts, credentials: &Credentials, refusal: &Refusal) -> Response<Body> {
        let kernel = &self.inner.world.kernel;
        let Refusal { style, service, operation, error } = refusal;
        let mut beginning = Beginning::new(Kind::Refused, *service, operation.clone(), parts.uri.path());
        beginning.scope = credentials.scope.clone();
        beginning.caller = credentials.caller.clone();
        let event = kernel.timeline.begin(kernel.clock.now(), beginning);
        let ApiError { code, message, .. } = error.clone();
        kernel.timeline.update(event, |event| event.outcome = Outcome::Error { code, message });
        play::error_response(*style, error, &kernel.ids.uuid(), event)
    }

    fn begin(
        &self,
        now: Timestamp,
        request: &wire::Request,
        mut beginning: Beginning,
        credentials: &Credentials,
    ) -> EventId {
        beginning.scope = credentials.scope.clone();
        beginning.caller = credentials.caller.clone();
        let attempt = request.attempt();
        beginning.attempt = attempt.unwrap_or(1);
        let arrival = Arrival {
            invocation: request.header("amz-sdk-invocation-id"),
            may_be_retry: attempt != Some(1),
            traced: credentials::traced_parent(&request.headers),
        };
        self.inner.world.kernel.timeline.arrive(now, beginning, &arrival)
    }

    /// The verdict on a request, with the name of the rule that gave it.
    fn ask_faults(
        &self,
        description: &ServiceDescription,
        operation: &str,
        resource: &str,
        credentials: &Credentials,
    ) -> Option<(String, Verdict)> {
        let caller = &credentials.caller;
        let question = Question {
            service: description.name,
            operation,
            resource,
            app: &caller.app,
            access_key_id: &caller.access_key_id,
        };
        self.inner.world.kernel.faults.ask(&question)
    }

    fn error(&self, visit: &Visit<'_>, error: &ApiError) -> Answer {
        let ApiError { code, message, .. } = error.clone();
        self.inner.world.kernel.timeline.update(visit.event, |event| {
            if !matches!(event.outcome, Outcome::Panic { .. }) {
                event.outcome = Outcome::Error { code, message };
            }
        });
        let style = style(visit.protocol, visit.description, visit.query, error);
        let told = self::form::told(visit.query, visit.protocol, error);
        Answer::Reply(play::error_reply(style, &told, &visit.request_id))
    }

    fn done(&self, visit: &Visit<'_>) {
        self.inner.world.kernel.timeline.update(visit.event, |event| {
            if event.outcome == Outcome::Pending {
                event.outcome = Outcome::Done;
            }
        });
    }

    fn service(&self, index: usize) -> &dyn AnyService {
        self.inner.world.service(index)
    }
}

/// What changed cannot be kept: SDKs try again.
fn not_kept(error: &NotKept) -> ApiError {
    ApiError { message: error.to_string(), ..ApiError::internal() }
}

/// How a service writes this error.
fn style(
    protocol: Protocol,
    description: &ServiceDescription,
    query: Option<&'static Query>,
    error: &ApiError,
) -> Style {
    match query {
        Some(query) if protocol == Protocol::AwsQuery => Style::Query(query.namespace),
        _ => Style::Document(protocol, (description.error_namespace)(&error.code)),
    }
}

/// Why a request is not served, and how to say so.
struct Refusal {
    style: Style,
    service: &'static str,
    operation: String,
    error: ApiError,
}
