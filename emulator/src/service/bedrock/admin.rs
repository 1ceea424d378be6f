//! What the model adds to the admin API.
//!
//! | call | does |
//! |---|---|
//! | `PUT /_rehearsal/script` with YAML | loads a script in the place of the one before |
//! | `POST /_rehearsal/script/check` with YAML | says what is wrong with it, and loads nothing |
//! | `GET /_rehearsal/model/calls` | every attempt that reached the model |
//! | `GET /_rehearsal/model/misses` | those that no rule fitted |
//! | `GET /_rehearsal/model/failure` | why the run has failed, in words; `null` if it has not |

use std::sync::Arc;

use axum::extract::State;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde_json::{Value, json};

use super::actor::Actor;
use super::ledger::ModelCall;
use super::script::Script;
use crate::gateway::admin::{Refused, control};
use crate::kernel::World;

pub fn routes(world: Arc<World>, actor: Actor) -> Router {
    Router::new()
        .route("/_rehearsal/script", put(load))
        .route("/_rehearsal/script/check", post(check))
        .route("/_rehearsal/model/calls", get(calls))
        .route("/_rehearsal/model/misses", get(misses))
        .route("/_rehearsal/model/failure", get(failure))
        .with_state((world, actor))
}

type Shared = State<(Arc<World>, Actor)>;

async fn load(State((world, actor)): Shared, body: String) -> Result<Json<Value>, Refused> {
    let script = Script::from_yaml(&body).map_err(Refused::bad)?;
    let count = script.rules.len();
    actor.load(script).map_err(Refused::bad)?;
    control(&world, "load script", &format!("{count} rules"));
    Ok(Json(json!({ "rules": count })))
}

async fn check(body: String) -> Result<Json<Value>, Refused> {
    let script = Script::from_yaml(&body).map_err(Refused::bad)?;
    Ok(Json(json!({ "rules": script.rules.len() })))
}

async fn calls(State((_, actor)): Shared) -> Json<Vec<ModelCall>> {
    Json(actor.calls())
}

async fn misses(State((_, actor)): Shared) -> Json<Vec<ModelCall>> {
    Json(actor.misses())
}

async fn failure(State((_, actor)): Shared) -> Json<Value> {
    Json(json!({ "failure": actor.failure() }))
}
