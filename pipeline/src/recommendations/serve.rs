//! The read side: `GET /recommendations/{userId}` answers from the cache alone, never from the model.
//!
//! A reader always gets five items of one shape. Without a cached result, or when the cache is in trouble, these are the
//! items that are popular with everyone; `degraded` and the header `x-degraded` tell the second case from the first.

use std::future::Future;
use std::io;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::HeaderName;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Number, json};
use tokio::net::TcpListener;

use super::cache::{self, CachedRecommendations, Freshness};
use super::clients::Clients;
use super::reply::Recommendation;
use super::settings::Settings;

const DEGRADED: HeaderName = HeaderName::from_static("x-degraded");
const POPULAR: [&str; 5] = ["popular_001", "popular_002", "popular_003", "popular_004", "popular_005"];

/// The routes, to be called with or without a socket.
pub fn router(clients: Clients, settings: Settings) -> Router {
    Router::new()
        .route("/recommendations/{userId}", get(recommendations))
        .route("/health", get(async || Json(json!({"status": "ok"}))))
        .with_state(Arc::new(Reader { clients, settings }))
}

/// Serves on a socket until `shutdown` completes, then answers the requests in hand.
pub async fn run(
    clients: Clients,
    settings: Settings,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = TcpListener::bind(settings.serve_address).await?;
    tracing::info!("serving on http://{}", listener.local_addr()?);
    axum::serve(listener, router(clients, settings)).with_graceful_shutdown(shutdown).await
}

struct Reader {
    clients: Clients,
    settings: Settings,
}

/// What a reader gets.
#[derive(Serialize)]
struct Recommendations {
    user_id: String,
    recommendations: Vec<Recommendation>,
    source: Source,
    generated_at: Option<Timestamp>,
    cache_age_sec: Option<i64>,
    /// The cache could not be asked: the fallback may be standing in for something better.
    degraded: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Source {
    Cache,
    Fallback,
}

async fn recommendations(State(reader): State<Arc<Reader>>, Path(user_id): Path<String>) -> Response {
    let Reader { clients, settings } = reader.as_ref();
    let load = cache::load(clients, settings, &user_id, Freshness::Eventual);
    let problem = match clients.within(settings.serve_read_timeout, load).await {
        Ok(Ok(Some(cached))) if !cached.is_expired(clients.now()) => {
            return Json(from_cache(cached, clients.now())).into_response();
        }
        Ok(Ok(_)) => return Json(fallback(user_id, false)).into_response(),
        Ok(Err(failure)) => failure.to_string(),
        Err(_) => format!("no answer within {} ms", settings.serve_read_timeout.as_millis()),
    };
    tracing::warn!("fallback for `{user_id}`: {problem}");
    ([(DEGRADED, "true")], Json(fallback(user_id, true))).into_response()
}

fn from_cache(cached: CachedRecommendations, now: Timestamp) -> Recommendations {
    // Writer and reader have different clocks: an item from the future is just made.
    let cache_age_sec = (now.as_second() - cached.generated_at.as_second()).max(0);
    Recommendations {
        user_id: cached.user_id,
        recommendations: cached.recommendations,
        source: Source::Cache,
        generated_at: Some(cached.generated_at),
        cache_age_sec: Some(cache_age_sec),
        degraded: false,
    }
}

fn fallback(user_id: String, degraded: bool) -> Recommendations {
    let popular = |item_id: &str| Recommendation {
        item_id: item_id.to_owned(),
        category: "popular".to_owned(),
        reasoning: "Popular with everyone right now.".to_owned(),
        confidence_score: Number::from_f64(0.5).expect("a half is finite"),
    };
    Recommendations {
        user_id,
        recommendations: POPULAR.into_iter().map(popular).collect(),
        source: Source::Fallback,
        generated_at: None,
        cache_age_sec: None,
        degraded,
    }
}
