//! What the model adds to the admin API.
//!
//! | call | does |
//! |---|---|
//! | `PUT /_rehearsal/script` with YAML | loads a script in the place of the one before |
//! | `PUT /_rehearsal/script?account=N` | the same for one account, which then follows only this one |
//! | `DELETE /_rehearsal/script?account=N` | the account follows the common script again |
//! | `POST /_rehearsal/script/check` with YAML | says what is wrong with it, and loads nothing |
//! | `GET /_rehearsal/model/calls` | every attempt that reached the model |
//! | `GET /_rehearsal/model/spending?account=N` | calls, attempts, tokens and cost in sum, of all or of one account |
//! | `GET /_rehearsal/model/misses` | those that no rule fitted |
//! | `GET /_rehearsal/model/failure?account=N` | why the run, or that account's, has failed, in words; `null` if it has not |

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post, put};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::actor::Actor;
use super::ledger::ModelCall;
use super::script::Script;
use super::spending::Spending;
use crate::gateway::admin::{Refused, control};
use crate::kernel::World;

pub fn routes(world: Arc<World>, actor: Actor) -> Router {
    Router::new()
        .route("/_rehearsal/script", put(load).delete(unload))
        .route("/_rehearsal/script/check", post(check))
        .route("/_rehearsal/model/calls", get(calls))
        .route("/_rehearsal/model/misses", get(misses))
        .route("/_rehearsal/model/spending", get(spending))
        .route("/_rehearsal/model/failure", get(failure))
        .with_state((world, actor))
}

type Shared = State<(Arc<World>, Actor)>;

#[derive(Deserialize)]
struct Whose {
    account: Option<String>,
}

async fn load(
    State((world, actor)): Shared,
    Query(Whose { account }): Query<Whose>,
    body: String,
) -> Result<Json<Value>, Refused> {
    let script = Script::from_yaml(&body).map_err(Refused::bad)?;
    let count = script.rules.len();
    match account {
        Some(account) => actor.load_for(&account, script),
        None => actor.load(script),
    }
    .map_err(Refused::bad)?;
    control(&world, "load script", &format!("{count} rules"));
    Ok(Json(json!({ "rules": count })))
}

async fn unload(State((_, actor)): Shared, Query(Whose { account }): Query<Whose>) -> Result<Json<Value>, Refused> {
    let account = account.ok_or_else(|| Refused::bad("say whose script: `?account=`"))?;
    if !actor.unload_for(&account) {
        return Err(Refused(StatusCode::NOT_FOUND, format!("account {account} has no script of its own")));
    }
    Ok(Json(json!({})))
}

async fn check(body: String) -> Result<Json<Value>, Refused> {
    let script = Script::from_yaml(&body).map_err(Refused::bad)?;
    Ok(Json(json!({ "rules": script.rules.len() })))
}

async fn calls(State((_, actor)): Shared) -> Json<Vec<ModelCall>> {
    Json(actor.calls())
}

async fn spending(State((_, actor)): Shared, Query(Whose { account }): Query<Whose>) -> Json<Spending> {
    Json(actor.spent(account.as_deref()))
}

async fn misses(State((_, actor)): Shared) -> Json<Vec<ModelCall>> {
    Json(actor.misses())
}

async fn failure(State((_, actor)): Shared, Query(Whose { account }): Query<Whose>) -> Json<Value> {
    let failure = account.map_or_else(|| actor.failure(), |account| actor.failure_of(&account));
    Json(json!({ "failure": failure }))
}
