//! Control over the world: clock, timeline, faults, script, reset. Plain JSON over HTTP.
//!
//! | call | does |
//! |---|---|
//! | `GET /_rehearsal/health`, `GET /_localstack/health` | which services are here |
//! | `GET /_rehearsal/operations` | every operation, implemented or not |
//! | `GET /_rehearsal/clock` | the time |
//! | `POST /_rehearsal/clock/advance` `{"by": "2h"}` | moves it; answers when all due work is done |
//! | `GET /_rehearsal/timeline?after=N&format=json\|text&account=N` | what happened |
//! | `GET /_rehearsal/timeline/follow?after=N` | the same as it happens, one JSON object a line |
//! | `GET /_rehearsal/faults`, `POST`, `DELETE /_rehearsal/faults/{id}` | fault rules |
//! | `GET /_rehearsal/bus/faults`, `POST`, `DELETE /_rehearsal/bus/faults/{id}` | fault rules of the bus |
//! | `GET /_rehearsal/snapshot`, `PUT` | all that is kept, as JSON lines ([`crate::kernel::store::line`]); puts that in place of everything |
//! | `POST /_rehearsal/reset?account=N` | forgets the state of one account, or everything |

use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::follow::follow;
use crate::kernel::bus_rule::BusRule;
use crate::kernel::fault::Rule;
use crate::kernel::store::{Records, line};
use crate::kernel::timeline::{Beginning, Kind, text};
use crate::kernel::{AnyService, Timestamp, World, duration, glob};

/// Bytes of a call's body: a script is the largest.
pub const BODY_BYTES_MAX: usize = 2 << 20;

/// Whether a call only asks if anybody is here.
pub fn is_harmless(path: &str) -> bool {
    matches!(path, "/_rehearsal/health" | "/_localstack/health" | "/_localstack/init/ready")
}

pub fn is_for_admin(path: &str) -> bool {
    path.starts_with("/_rehearsal/") || path.starts_with("/_localstack/")
}

/// The admin API of a world; `extensions` are the routes that services add to it.
pub fn router(world: Arc<World>, extensions: Router) -> Router {
    Router::new()
        .route("/_rehearsal/health", get(health))
        .route("/_localstack/health", get(health))
        .route("/_localstack/init/ready", get(ready))
        .route("/_rehearsal/operations", get(operations))
        .route("/_rehearsal/clock", get(clock))
        .route("/_rehearsal/clock/advance", post(advance))
        .route("/_rehearsal/timeline", get(timeline))
        .route("/_rehearsal/timeline/follow", get(follow_timeline))
        .route("/_rehearsal/faults", get(list_faults).post(add_fault))
        .route("/_rehearsal/faults/{id}", delete(remove_fault))
        .route("/_rehearsal/bus/faults", get(list_bus_faults).post(add_bus_fault))
        .route("/_rehearsal/bus/faults/{id}", delete(remove_bus_fault))
        .route("/_rehearsal/snapshot", get(save).put(load).layer(DefaultBodyLimit::max(SNAPSHOT_BYTES_MAX)))
        .route("/_rehearsal/reset", post(reset))
        .with_state(world)
        .merge(extensions)
        .method_not_allowed_fallback(wrong_method)
        .fallback(unknown)
}

/// What went wrong, for people: `{"error": "..."}`.
pub struct Refused(pub StatusCode, pub String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl Refused {
    pub fn bad(message: impl Into<String>) -> Self {
        Self(StatusCode::BAD_REQUEST, message.into())
    }
}

/// Reads a JSON body; the error says what was wrong with it.
pub fn read<T: for<'de> Deserialize<'de>>(body: &str) -> Result<T, Refused> {
    serde_json::from_str(body).map_err(|error| Refused::bad(error.to_string()))
}

async fn unknown(uri: axum::http::Uri) -> Refused {
    Refused(StatusCode::NOT_FOUND, format!("there is no admin call at {}", uri.path()))
}

async fn wrong_method(method: axum::http::Method, uri: axum::http::Uri) -> Refused {
    Refused(StatusCode::METHOD_NOT_ALLOWED, format!("the admin call at {} does not take {method}", uri.path()))
}

async fn health(State(world): State<Arc<World>>) -> Json<Value> {
    let services: serde_json::Map<String, Value> =
        world.services().map(|service| (service.description().name.to_owned(), json!("running"))).collect();
    Json(json!({ "services": services, "edition": "rehearsal", "version": env!("CARGO_PKG_VERSION") }))
}

async fn ready() -> Json<Value> {
    Json(json!({ "completed": true }))
}

async fn operations(State(world): State<Arc<World>>) -> Json<Value> {
    let services = world.services().map(|service| {
        let description = service.description();
        let done: Vec<&str> = service.operations().iter().map(|(operation, _)| *operation).collect();
        json!({
            "service": description.name,
            "title": description.title,
            "implemented": done,
            "not_implemented": description.missing().collect::<Vec<_>>(),
        })
    });
    Json(services.collect())
}

#[derive(Serialize)]
struct Time {
    now: String,
    epoch_ms: i64,
}

async fn clock(State(world): State<Arc<World>>) -> Json<Time> {
    let now = world.kernel.clock.now();
    Json(Time { now: now.to_rfc3339(), epoch_ms: now.as_millis() })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    #[serde(with = "duration")]
    by: std::time::Duration,
    /// Not on the timeline: for who moves time in many small steps.
    #[serde(default)]
    quiet: bool,
}

async fn advance(State(world): State<Arc<World>>, body: String) -> Result<Json<Time>, Refused> {
    let Advance { by, quiet } = read(&body)?;
    if world.kernel.clock.now() + by > Timestamp::LAST {
        return Err(Refused::bad("the clock ends with the year 9999"));
    }
    if !quiet {
        control(&world, "advance", &duration::format(by));
    }
    world.advance(by).await;
    Ok(clock(State(world)).await)
}

#[derive(Deserialize)]
struct Range {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    format: String,
    /// Only this account's events.
    account: Option<String>,
}

async fn timeline(State(world): State<Arc<World>>, Query(range): Query<Range>) -> Response {
    let mut events = world.kernel.timeline.events_after(range.after);
    events.retain(|event| range.account.as_ref().is_none_or(|account| *event.account == **account));
    if range.format == "text" {
        return text::lines(&events).iter().map(|line| format!("{line}\n")).collect::<String>().into_response();
    }
    Json(events).into_response()
}

async fn follow_timeline(State(world): State<Arc<World>>, Query(range): Query<Range>) -> Response {
    follow(Arc::clone(&world.kernel.timeline), range.after)
}

async fn list_faults(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!(world.kernel.faults.list()))
}

async fn add_fault(State(world): State<Arc<World>>, body: String) -> Result<Json<Value>, Refused> {
    let rule: Rule = read(&body)?;
    rule.check().map_err(Refused::bad)?;
    check_names(&world, &rule)?;
    let name = rule.name.clone();
    let id = world.kernel.faults.add(rule);
    control(&world, "add fault", &if name.is_empty() { format!("fault {id}") } else { name });
    Ok(Json(json!({ "id": id })))
}

/// A rule for what does not exist would never act, and its author would wonder why.
fn check_names(world: &World, rule: &Rule) -> Result<(), Refused> {
    let fits = |service: &dyn AnyService| {
        glob::matches(&rule.service, service.description().name)
            && service.operations().iter().any(|(operation, _)| glob::matches(&rule.operation, operation))
    };
    if world.services().any(fits) {
        return Ok(());
    }
    let names: Vec<&str> = world.services().map(|service| service.description().name).collect();
    let Rule { service, operation, .. } = rule;
    let names = names.join(", ");
    Err(Refused::bad(format!("no operation here is `{operation}` of `{service}`; the services are {names}")))
}

async fn remove_fault(State(world): State<Arc<World>>, Path(id): Path<u64>) -> Result<Json<Value>, Refused> {
    let removed = world.kernel.faults.remove(id);
    let removed = removed.ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("there is no fault {id}")))?;
    control(&world, "remove fault", &removed.title());
    Ok(Json(json!(removed)))
}

async fn add_bus_fault(State(world): State<Arc<World>>, body: String) -> Result<Json<Value>, Refused> {
    let rule: BusRule = read(&body)?;
    control(&world, "add bus fault", &rule.to);
    Ok(Json(json!({ "id": world.bus.add_rule(rule) })))
}

async fn list_bus_faults(State(world): State<Arc<World>>) -> Json<Value> {
    Json(json!(world.bus.rules()))
}

async fn remove_bus_fault(State(world): State<Arc<World>>, Path(id): Path<u64>) -> Result<Json<Value>, Refused> {
    let removed = world.bus.remove_rule(id);
    let removed = removed.ok_or_else(|| Refused(StatusCode::NOT_FOUND, format!("the bus has no fault {id}")))?;
    control(&world, "remove bus fault", &removed.rule.to);
    Ok(Json(json!(removed)))
}

#[derive(Deserialize)]
struct Reset {
    account: Option<String>,
}

async fn reset(State(world): State<Arc<World>>, Query(reset): Query<Reset>) -> Result<Json<Value>, Refused> {
    world.reset(reset.account.as_deref());
    // A reset of everything forgets the timeline, too.
    if let Some(account) = &reset.account {
        control(&world, "reset", account);
    }
    kept(&world).await?;
    Ok(Json(json!({})))
}

/// A world of this size fits into the memory of a laptop.
const SNAPSHOT_BYTES_MAX: usize = 4 << 30;

async fn save(State(world): State<Arc<World>>) -> Vec<u8> {
    line::all(&world.save())
}

async fn load(State(world): State<Arc<World>>, body: String) -> Result<Json<Value>, Refused> {
    let records: Result<Records, String> = body
        .lines()
        .enumerate()
        .map(|(at, text)| line::read(text).map_err(|error| format!("line {}: {error}", at + 1)))
        .collect();
    let records = records.map_err(Refused::bad)?;
    let count = records.len();
    world.load(records).map_err(|damaged| Refused::bad(damaged.to_string()))?;
    kept(&world).await?;
    control(&world, "load snapshot", &format!("{count} records"));
    Ok(Json(json!({ "records": count })))
}

/// Nobody is told of what is not kept yet, where things are kept.
async fn kept(world: &World) -> Result<(), Refused> {
    let Some(keeper) = world.kernel.keeper() else { return Ok(()) };
    keeper.kept().await.map_err(|error| Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// Puts an act of control on the timeline: it is a cause, too.
pub fn control(world: &World, action: &str, detail: &str) {
    let beginning = Beginning::new(Kind::Control, "rehearsal", action.to_owned(), detail);
    world.kernel.timeline.record(world.kernel.clock.now(), beginning, "");
}
