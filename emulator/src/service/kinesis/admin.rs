//! The limits' part of the admin API.
//!
//! | call | does |
//! |---|---|
//! | `GET /_rehearsal/kinesis/limits` | whether limits of throughput and calls are enforced, and for whom not so |
//! | `PUT /_rehearsal/kinesis/limits` `{"limits": "enforced"}`, or `"off"` | switches them for every account |
//! | `PUT /_rehearsal/kinesis/limits?account=N` | the same for one account |
//! | `DELETE /_rehearsal/kinesis/limits?account=N` | the account follows the others again |
//!
//! A reset forgets what was used of the limits, and leaves the switch as it is.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::enforcement::{Choice, Enforcement};
use super::settings::Limits;
use crate::gateway::admin::{Refused, control, read};
use crate::kernel::World;

const PATH: &str = "/_rehearsal/kinesis/limits";

pub fn routes(world: Arc<World>, enforcement: Enforcement) -> Router {
    Router::new().route(PATH, get(show).put(set).delete(unset)).with_state((world, enforcement))
}

type Shared = State<(Arc<World>, Enforcement)>;

#[derive(Deserialize)]
struct Whose {
    account: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    limits: Limits,
}

async fn show(State((_, enforcement)): Shared) -> Json<Value> {
    let Choice { common, accounts } = enforcement.choice();
    Json(json!({ "limits": common, "accounts": accounts }))
}

async fn set(
    State((world, enforcement)): Shared,
    Query(Whose { account }): Query<Whose>,
    body: String,
) -> Result<Json<Value>, Refused> {
    let Wanted { limits } = read(&body)?;
    match account {
        Some(account) => enforcement.set_for(&account, limits),
        None => enforcement.set(limits),
    }
    control(&world, "kinesis limits", if limits == Limits::Enforced { "enforced" } else { "off" });
    Ok(Json(json!({})))
}

async fn unset(
    State((_, enforcement)): Shared,
    Query(Whose { account }): Query<Whose>,
) -> Result<Json<Value>, Refused> {
    let account = account.ok_or_else(|| Refused::bad("say whose limits: `?account=`"))?;
    if !enforcement.unset_for(&account) {
        return Err(Refused(StatusCode::NOT_FOUND, format!("account {account} has no limits of its own")));
    }
    Ok(Json(json!({})))
}
