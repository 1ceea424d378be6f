//! A model that is slow, hangs, breaks off or is busy: what it costs, in questions and in virtual time.

use std::time::Duration;

use rehearsal_pipeline::recommendations::{Delivery, ModelMode, Outcome, SequenceNumber, Settings, handle_record};
use serde_json::{Value, json};

use crate::handle::interaction;
use crate::wire::{Answer, Ending, Wire, empty, entry_taken, events, good_reply, streamed};

/// Plays the answers of a model, and gives the outcome and the virtual time of each question.
async fn play(settings: Settings, answers: Vec<Answer>) -> (Outcome, Vec<f64>) {
    let operation = match settings.model_mode {
        ModelMode::Converse => "Converse",
        ModelMode::ConverseStream => "ConverseStream",
    };
    // What follows the questions depends on their outcome, so it is found out by the operation.
    let good = matches!(answers.last(), Some(Answer::Json(_) | Answer::Stream(_, Ending::Clean | Ending::Hang)));
    let mut script = vec![("GetItem", empty()), ("UpdateItem", empty())];
    script.extend(answers.into_iter().map(|answer| (operation, answer)));
    script.push(if good { ("PutItem", empty()) } else { ("UpdateItem", empty()) });
    script.push(("PutEvents", entry_taken()));
    script.push(("UpdateItem", empty()));
    let wire = Wire::new(script);
    let delivery = Delivery { shard_id: "shard-0".to_owned(), sequence_number: SequenceNumber::new("7") };
    let data = interaction().to_string();
    let outcome = handle_record(&wire.clients(&settings), &settings, &delivery, data.as_bytes()).await;
    let calls = wire.calls();
    let at = calls.iter().filter(|call| call.operation == operation).map(|call| call.at.as_secs_f64()).collect();
    (outcome.expect("whatever the model does, the record is handled"), at)
}

fn without_sdk_retries() -> Settings {
    // One attempt fills the whole operation, so that every question is one call.
    Settings { model_attempt_timeout: Duration::from_secs(20), ..Settings::default() }
}

fn failure(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed(reason) => reason,
        other => panic!("{other:?} is no failure"),
    }
}

fn near(at: &[f64], expected: &[f64]) {
    let close = at.len() == expected.len() && at.iter().zip(expected).all(|(left, right)| (left - right).abs() < 0.01);
    assert!(close, "{at:?} is not near {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn a_model_that_hangs_once_is_asked_again_after_the_timeout() {
    let (outcome, at) = play(without_sdk_retries(), vec![Answer::Hang, streamed(&good_reply())]).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0, 20.2]);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_always_hangs_is_given_up_after_three_questions() {
    let (outcome, at) = play(without_sdk_retries(), vec![Answer::Hang, Answer::Hang, Answer::Hang]).await;
    assert!(failure(outcome).starts_with("model timeout:"));
    near(&at, &[0.0, 20.2, 40.6]);
}

#[tokio::test(start_paused = true)]
async fn a_silent_stream_is_left_after_five_seconds() {
    let mut half = events(&good_reply());
    half.truncate(2);
    let answers = vec![Answer::Stream(half, Ending::Hang), streamed(&good_reply())];
    let (outcome, at) = play(Settings::default(), answers).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0, 5.2]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_without_message_stop_is_no_answer() {
    let cut = || {
        let mut events = events(&good_reply());
        events.retain(|(name, _)| *name != "messageStop");
        Answer::Stream(events, Ending::Clean)
    };
    let (outcome, at) = play(Settings::default(), vec![cut(), streamed(&good_reply())]).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0, 0.2]);
}

#[tokio::test(start_paused = true)]
async fn an_exception_in_the_stream_is_no_answer() {
    let broken = |name| {
        let mut half = events(&good_reply());
        half.truncate(2);
        Answer::Stream(half, Ending::Exception(name))
    };
    let answers =
        vec![broken("modelStreamErrorException"), broken("throttlingException"), broken("modelTimeoutException")];
    let (outcome, at) = play(Settings::default(), answers).await;
    assert!(failure(outcome).starts_with("model answer broke off:"));
    near(&at, &[0.0, 0.2, 0.6]);
}

#[tokio::test(start_paused = true)]
async fn what_goes_wrong_behind_message_stop_does_not_matter() {
    let mut events = events(&good_reply());
    events.pop();
    let (outcome, at) = play(Settings::default(), vec![Answer::Stream(events, Ending::Hang)]).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0]);
}

#[tokio::test(start_paused = true)]
async fn a_model_timeout_is_asked_again_by_us_because_the_sdk_does_not() {
    let timeout = Answer::Error(408, "ModelTimeoutException", "too slow");
    let (outcome, at) = play(Settings::default(), vec![timeout, streamed(&good_reply())]).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0, 0.2]);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_model_is_left_to_the_retries_of_the_sdk() {
    let busy = || Answer::Error(429, "ThrottlingException", "Too many requests");
    let (outcome, at) = play(Settings::default(), vec![busy(), busy(), busy()]).await;
    assert_eq!(failure(outcome), "model unavailable: ThrottlingException: Too many requests");
    assert_eq!(at.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_reset_is_left_to_the_retries_of_the_sdk() {
    let (outcome, at) = play(Settings::default(), vec![Answer::Reset, streamed(&good_reply())]).await;
    assert_eq!((outcome, at.len()), (Outcome::Updated, 2));
    let (outcome, at) = play(Settings::default(), vec![Answer::Reset, Answer::Reset, Answer::Reset]).await;
    assert!(failure(outcome).starts_with("model unavailable:"));
    assert_eq!(at.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_reply_cut_by_its_token_limit_is_a_bad_reply() {
    let cut = || {
        let mut events = events(&good_reply());
        for (name, event) in &mut events {
            if *name == "messageStop" {
                *event = json!({"stopReason": "max_tokens"});
            }
        }
        // Its ending tells `play` that this is no good answer.
        Answer::Stream(events, Ending::Exception("internalServerException"))
    };
    let (outcome, _) = play(Settings::default(), vec![cut(), cut()]).await;
    assert_eq!(failure(outcome), "bad reply: the reply stopped with `max_tokens`");
}

#[tokio::test(start_paused = true)]
async fn converse_gives_the_same_with_one_response() {
    let settings = || Settings { model_mode: ModelMode::Converse, ..without_sdk_retries() };
    let content: Vec<Value> = vec![
        json!({"reasoningContent": {"reasoningText": {"text": "Let me think [of] it."}}}),
        json!({"text": good_reply()}),
    ];
    let answer = json!({
        "output": {"message": {"role": "assistant", "content": content}}, "stopReason": "end_turn",
        "usage": {"inputTokens": 1, "outputTokens": 1, "totalTokens": 2}, "metrics": {"latencyMs": 5},
    });
    let (outcome, at) = play(settings(), vec![Answer::Hang, Answer::Json(answer)]).await;
    assert_eq!(outcome, Outcome::Updated);
    near(&at, &[0.0, 20.2]);
}
