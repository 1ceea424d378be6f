//! One record, from bytes to fresh recommendations: the calls, their order, and what a crash or a race does to them.

use rehearsal_pipeline::recommendations::{Delivery, HandleError, Outcome, SequenceNumber, Settings, handle_record};
use serde_json::{Value, json};

use crate::wire::{Answer, Wire, condition_failed, empty, entry_taken, found, good_reply, plain, plain_item, streamed};

pub fn interaction() -> Value {
    json!({
        "event_id": "e-1", "user_id": "u_8821", "item_id": "prod_thriller_042", "event_type": "purchase",
        "timestamp": "2026-06-28T01:17:32Z", "metadata": {"price": 14.99, "category": "thriller"},
    })
}

/// A profile that has taken in [`interaction`] as its first.
pub fn profile(settled_version: u64) -> Value {
    let mut entry = interaction();
    entry["sequence_number"] = json!("7");
    entry["version"] = json!(1);
    json!({
        "user_id": "u_8821", "version": 1, "settled_version": settled_version, "history": [entry],
        "event_ids": ["e-1"], "applied": {"shard-0": "7"},
    })
}

fn cached(profile_version: u64, ttl: u64) -> Value {
    let recommendations: Value = serde_json::from_str(&good_reply()).expect("it is JSON");
    json!({
        "user_id": "u_8821", "recommendations": recommendations, "generated_at": "2026-11-21T00:00:00Z",
        "source": "model", "ttl": ttl,
        "based_on": {
            "profile_version": profile_version, "event_id": "e-1", "timestamp": "2026-06-28T01:17:32Z",
            "sequence_number": "7",
        },
    })
}

async fn handle(wire: &Wire) -> Result<Outcome, HandleError> {
    let settings = Settings::default();
    let delivery = Delivery { shard_id: "shard-0".to_owned(), sequence_number: SequenceNumber::new("7") };
    let data = interaction().to_string();
    handle_record(&wire.clients(&settings), &settings, &delivery, data.as_bytes()).await
}

#[tokio::test(start_paused = true)]
async fn a_new_interaction_takes_six_calls() {
    let wire = Wire::new(vec![
        ("GetItem", empty()),
        ("UpdateItem", empty()),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
    wire.assert_operations(&["GetItem", "UpdateItem", "ConverseStream", "PutItem", "PutEvents", "UpdateItem"]);

    let calls = wire.calls();
    assert_eq!(calls[0].body["ConsistentRead"], true);
    let values = &calls[1].body["ExpressionAttributeValues"];
    assert_eq!(calls[1].body["ConditionExpression"], "attribute_not_exists(#version)");
    assert_eq!(plain(&values[":version"]), 1);
    assert_eq!(values[":history"]["L"][0]["M"]["metadata"]["M"]["price"], json!({"N": "14.99"}));
    let question = calls[2].body["messages"][0]["content"][0]["text"].as_str().expect("a question");
    assert!(question.contains("user u_8821") && question.contains("[PURCHASE] item=prod_thriller_042"), "{question}");
    let item = plain_item(&calls[3].body["Item"]);
    assert_eq!(item, cached(1, 1_795_219_200 + 3600));
    let entry = &calls[4].body["Entries"][0];
    assert_eq!(
        (&entry["Source"], &entry["DetailType"]),
        (&json!("recommendations"), &json!("recommendations.updated"))
    );
    assert_eq!(plain(&calls[5].body["ExpressionAttributeValues"][":version"]), 1);
    assert!(calls[0].user_agent.contains("app/recommendations"), "{}", calls[0].user_agent);
}

#[tokio::test(start_paused = true)]
async fn a_repeated_record_costs_one_read() {
    let wire = Wire::new(vec![("GetItem", found(&profile(1)))]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Repeated));
    wire.assert_operations(&["GetItem"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_before_the_cache_write_the_model_is_asked() {
    let wire = Wire::new(vec![
        ("GetItem", found(&profile(0))),
        ("GetItem", empty()),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_behind_the_cache_write_only_the_rest_is_done() {
    let wire = Wire::new(vec![
        ("GetItem", found(&profile(0))),
        ("GetItem", found(&cached(1, 1_795_219_201))),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
    wire.assert_operations(&["GetItem", "GetItem", "PutEvents", "UpdateItem"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_crash_an_expired_result_is_made_anew() {
    let wire = Wire::new(vec![
        ("GetItem", found(&profile(0))),
        ("GetItem", found(&cached(1, 1_795_219_200))),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
}

#[tokio::test(start_paused = true)]
async fn a_failure_that_was_noted_before_a_crash_is_announced_without_asking_again() {
    let mut failed = profile(0);
    failed["last_failure_version"] = json!(1);
    failed["last_failure_reason"] = json!("bad reply");
    let wire = Wire::new(vec![("GetItem", found(&failed)), ("PutEvents", entry_taken()), ("UpdateItem", empty())]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Failed("bad reply".to_owned())));
    assert_eq!(wire.calls()[1].body["Entries"][0]["DetailType"], "recommendations.failed");
}

#[tokio::test(start_paused = true)]
async fn a_lost_race_is_run_again_on_what_the_winner_wrote() {
    let mut winner = profile(1);
    winner["event_ids"] = json!(["e-0"]);
    winner["history"][0]["event_id"] = json!("e-0");
    winner["applied"] = json!({"shard-0": "6"});
    let wire = Wire::new(vec![
        ("GetItem", empty()),
        ("UpdateItem", condition_failed()),
        ("GetItem", found(&winner)),
        ("UpdateItem", empty()),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
    let second = &wire.calls()[3].body;
    assert_eq!(second["ConditionExpression"], "#version = :previous");
    assert_eq!(plain(&second["ExpressionAttributeValues"][":version"]), 2);
    assert_eq!(plain(&second["ExpressionAttributeValues"][":event_ids"]), json!(["e-0", "e-1"]));
}

#[tokio::test(start_paused = true)]
async fn races_are_lost_a_bounded_number_of_times() {
    let lost = || [("GetItem", empty()), ("UpdateItem", condition_failed())];
    let wire = Wire::new((0..5).flat_map(|_| lost()).collect());
    assert!(matches!(handle(&wire).await, Err(HandleError::Unavailable(_))));
}

#[tokio::test(start_paused = true)]
async fn a_result_that_saw_less_than_the_cached_one_is_dropped_in_silence() {
    let wire = Wire::new(vec![
        ("GetItem", empty()),
        ("UpdateItem", empty()),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", condition_failed()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Superseded));
}

#[tokio::test(start_paused = true)]
async fn a_bad_reply_is_asked_again_once_and_never_touches_the_cache() {
    let wire = Wire::new(vec![
        ("GetItem", empty()),
        ("UpdateItem", empty()),
        ("ConverseStream", streamed("I would rather not.")),
        ("ConverseStream", streamed("[]")),
        ("UpdateItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    let reason = "bad reply: the reply has no complete JSON array of items";
    assert_eq!(handle(&wire).await, Ok(Outcome::Failed(reason.to_owned())));
    let calls = wire.calls();
    let again = calls[3].body["messages"][0]["content"][0]["text"].as_str().expect("a question");
    assert!(again.contains("user u_8821") && again.ends_with("JSON array of items."), "{again}");
    let noted = &calls[4].body["ExpressionAttributeValues"];
    assert_eq!(plain(&noted[":reason"]), reason);
    assert_eq!(plain(&noted[":at"]), "2026-11-21T00:00:00Z");
    let detail = calls[5].body["Entries"][0]["Detail"].as_str().expect("a detail");
    assert!(detail.contains(reason), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn a_profile_made_by_another_system_is_taken_over() {
    let wire = Wire::new(vec![
        ("GetItem", found(&json!({"user_id": "u_8821", "preferences": {"likes": "thrillers"}}))),
        ("UpdateItem", empty()),
        ("ConverseStream", streamed(&good_reply())),
        ("PutItem", empty()),
        ("PutEvents", entry_taken()),
        ("UpdateItem", empty()),
    ]);
    assert_eq!(handle(&wire).await, Ok(Outcome::Updated));
    let calls = wire.calls();
    let question = calls[2].body["messages"][0]["content"][0]["text"].as_str().expect("a question");
    assert!(question.contains(r#"User profile: {"likes":"thrillers"}"#), "{question}");
}

#[tokio::test(start_paused = true)]
async fn trouble_is_told_from_rejection() {
    let wire = Wire::new(vec![("GetItem", Answer::Error(400, "AccessDeniedException", "no"))]);
    assert!(matches!(handle(&wire).await, Err(HandleError::Unavailable(_))));
    let wire = Wire::new(vec![("GetItem", Answer::Error(400, "ValidationException", "too large"))]);
    assert!(matches!(handle(&wire).await, Err(HandleError::Rejected(_))));
    let wire = Wire::new(vec![("GetItem", found(&json!({"user_id": "u_8821", "history": "none"})))]);
    assert!(matches!(handle(&wire).await, Err(HandleError::Rejected(_))));
}
