//! What a reader gets, whatever state the cache is in.

use axum::body::{Body, to_bytes};
use axum::http::Request;
use rehearsal_pipeline::recommendations::{Settings, serve};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::wire::{Answer, START_SECONDS, Wire, empty, found, good_reply};

/// Status, `x-degraded` and body.
async fn get(answers: Vec<Answer>, path: &str) -> (u16, Option<String>, Value) {
    let settings = Settings::default();
    let wire = Wire::new(answers.into_iter().map(|answer| ("GetItem", answer)).collect());
    let router = serve::router(wire.clients(&settings), settings);
    let request = Request::get(path).body(Body::empty()).expect("a request");
    let response = router.oneshot(request).await.expect("a router always answers");
    let status = response.status().as_u16();
    let degraded = response.headers().get("x-degraded").map(|value| value.to_str().expect("text").to_owned());
    let body = to_bytes(response.into_body(), 100_000).await.expect("a whole body");
    (status, degraded, serde_json::from_slice(&body).expect("JSON"))
}

fn cached(ttl: u64) -> Value {
    let recommendations: Value = serde_json::from_str(&good_reply()).expect("it is JSON");
    json!({
        "user_id": "u_8821", "recommendations": recommendations, "generated_at": "2026-11-20T23:59:18Z",
        "source": "model", "ttl": ttl,
    })
}

#[tokio::test(start_paused = true)]
async fn a_cached_result_is_served_with_its_age() {
    let (status, degraded, body) = get(vec![found(&cached(START_SECONDS + 1))], "/recommendations/u_8821").await;
    let recommendations: Value = serde_json::from_str(&good_reply()).expect("it is JSON");
    let expected = json!({
        "user_id": "u_8821", "recommendations": recommendations, "source": "cache",
        "generated_at": "2026-11-20T23:59:18Z", "cache_age_sec": 42, "degraded": false,
    });
    assert_eq!((status, degraded, body), (200, None, expected));
}

#[tokio::test(start_paused = true)]
async fn the_fallback_has_the_shape_of_a_cached_result() {
    let (_, _, fresh) = get(vec![found(&cached(START_SECONDS + 1))], "/recommendations/u_8821").await;
    let (status, degraded, body) = get(vec![empty()], "/recommendations/u_8821").await;
    assert_eq!((status, degraded, &body["source"]), (200, None, &json!("fallback")));
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&body), keys(&fresh));
    assert_eq!(body["recommendations"].as_array().map(Vec::len), Some(5));
    assert_eq!(keys(&body["recommendations"][0]), keys(&fresh["recommendations"][0]));
}

#[tokio::test(start_paused = true)]
async fn what_has_expired_is_not_served_though_it_is_still_there() {
    let (_, degraded, body) = get(vec![found(&cached(START_SECONDS))], "/recommendations/u_8821").await;
    assert_eq!((degraded, &body["source"]), (None, &json!("fallback")));
}

#[tokio::test(start_paused = true)]
async fn a_cache_in_trouble_degrades_to_the_fallback() {
    let denied = Answer::Error(400, "AccessDeniedException", "no");
    let broken = found(&json!({"user_id": "u_8821", "recommendations": "none"}));
    for answer in [denied, broken, Answer::Hang] {
        let (status, degraded, body) = get(vec![answer], "/recommendations/u_8821").await;
        assert_eq!((status, degraded.as_deref()), (200, Some("true")));
        assert_eq!((&body["source"], &body["degraded"]), (&json!("fallback"), &json!(true)));
    }
}

#[tokio::test(start_paused = true)]
async fn health_asks_nobody() {
    assert_eq!(get(Vec::new(), "/health").await, (200, None, json!({"status": "ok"})));
}
