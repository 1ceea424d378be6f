//! The script in a test's hands and in an operator's: embedding, admin API, what fails a run.

use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use rehearsal_emulator::{Reply, anything, model, prompt_contains};
use serde_json::{Value, json};

use super::{MODEL, client, user};
use crate::stage::{Stage, on_both_stages, refusal};

async fn say(stage: &Stage, text: &str) -> Result<ConverseOutput, (String, String)> {
    let result = client(stage).converse().model_id(MODEL).messages(user(text)).send().await;
    result.map_err(|error| refusal(Err::<ConverseOutput, _>(error)))
}

async fn admin(stage: &Stage, method: Method, path: &str, body: &str) -> (StatusCode, Value) {
    let request = Request::builder().method(method).uri(path).body(Body::from(body.to_owned())).unwrap();
    let response = stage.emulator.gateway().handle(request).await.expect("there is a response");
    let status = response.status();
    let body = response.into_body().collect().await.expect("the body arrives").to_bytes();
    (status, serde_json::from_slice(&body).expect("the body is JSON"))
}

// A strict miss.

#[test]
fn a_miss_names_the_nearest_rule_and_what_of_it_does_not_hold() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(model("*haiku*")).and(prompt_contains("weather")).respond_with(Reply::text("sunny")).mount();
        bedrock
            .given(model("*sonnet*"))
            .and(prompt_contains("refund"))
            .respond_with(Reply::text("no"))
            .named("refund")
            .mount();
        let expected = format!(
            "rehearsal: no rule of the model's script fits Converse of `{MODEL}` (turn 0, last user text `hello`). The \
             nearest is rule `refund`, but last_user: expected a text containing `refund`, saw `hello`"
        );
        let refused = say(&stage, "hello").await.unwrap_err();
        assert_eq!(refused, ("ValidationException".to_owned(), expected.clone()));
        assert_eq!(bedrock.misses().len(), 1);
        assert!(bedrock.failure().expect("the run has failed").contains(&expected));
        bedrock.forgive();
    });
}

#[test]
fn a_model_without_a_script_says_how_to_give_it_one() {
    on_both_stages(async |stage| {
        let (_, message) = say(&stage, "hello").await.unwrap_err();
        assert!(message.contains("the model has no script") && message.contains("PUT /_rehearsal/script"), "{message}");
        stage.emulator.bedrock().forgive();
    });
}

#[test]
fn a_sequence_may_end_in_a_miss() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(anything()).respond_with(Reply::text("once"));
        rule.fail_when_exhausted().named("once").mount();
        say(&stage, "hello").await.unwrap();
        let (_, message) = say(&stage, "hello").await.unwrap_err();
        assert!(message.contains("rule `once` fits") && message.contains("its one reply is given"), "{message}");
        stage.emulator.bedrock().forgive();
    });
}

#[test]
fn a_demo_may_echo_instead() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().load_yaml("{defaults: {on_miss: echo}, rules: []}").unwrap();
        let answer = say(&stage, "hello").await.unwrap();
        let message = answer.output().unwrap().as_message().unwrap();
        assert_eq!(message.content()[0].as_text().unwrap(), "hello");
        assert!(stage.emulator.bedrock().misses().is_empty());
    });
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "the model's script was not followed")]
async fn a_miss_fails_the_test_that_swallows_it() {
    let stage = Stage::in_process().await;
    let _swallowed = say(&stage, "hello").await;
}

#[tokio::test(start_paused = true)]
async fn unmet_expectations_are_told_with_every_call_and_why_it_did_not_count() {
    let stage = Stage::in_process().await;
    let bedrock = stage.emulator.bedrock();
    bedrock.given(prompt_contains("refund")).respond_with(Reply::text("ok")).expect(1).named("refund").mount();
    bedrock.given(anything()).respond_with(Reply::text("well")).expect(1).mount();
    say(&stage, "hello").await.unwrap();
    let expected = format!(
        "the model's script was not followed\n\n\
         rule `refund` was to answer once, and answered never\n    it answers when: last_user contains `refund`\n\n\
         the model was called once:\n  \
         #1 Converse of `{MODEL}` (turn 0, last user text `hello`) > rule 2: text, 1 token\n      \
         not rule `refund`: last_user: expected a text containing `refund`, saw `hello`\n"
    );
    assert_eq!(bedrock.failure().unwrap(), expected);
    bedrock.forgive();
}

#[tokio::test(start_paused = true)]
#[should_panic(expected = "rule `late` can never answer: rule 1 comes before it, fits every call (always)")]
async fn a_rule_that_can_never_answer_is_a_mistake_of_the_test() {
    let stage = Stage::in_process().await;
    let bedrock = stage.emulator.bedrock();
    bedrock.given(anything()).respond_with(Reply::text("always")).mount();
    bedrock.given(prompt_contains("refund")).respond_with(Reply::text("never")).named("late").mount();
}

// The admin API.

const SCRIPT: &str = "- name: greet\n  replies:\n  - text: hello\n";

#[tokio::test(start_paused = true)]
async fn a_script_is_loaded_and_replaced() {
    let stage = Stage::in_process().await;
    assert_eq!(admin(&stage, Method::PUT, "/_rehearsal/script", SCRIPT).await, (StatusCode::OK, json!({"rules": 1})));
    say(&stage, "hi").await.unwrap();
    let (status, calls) = admin(&stage, Method::GET, "/_rehearsal/model/calls", "").await;
    assert_eq!(status, StatusCode::OK);
    let call = &calls[0];
    for (member, expected) in [
        ("number", json!(1)),
        ("attempt", json!(1)),
        ("operation", json!("Converse")),
        ("model", json!(MODEL)),
        ("last_user", json!("hi")),
        ("rule", json!("rule `greet`")),
        ("outcome", json!("text, 2 tokens")),
        ("input_tokens", json!(1)),
        ("output_tokens", json!(2)),
        ("at", json!(1_767_225_600)),
    ] {
        assert_eq!(call[member], expected, "{member} of {call}");
    }
    assert_eq!(call["invocation_id"].as_str().unwrap().len(), 36);
    admin(&stage, Method::PUT, "/_rehearsal/script", "[]").await;
    say(&stage, "hi").await.unwrap_err();
    let (_, misses) = admin(&stage, Method::GET, "/_rehearsal/model/misses", "").await;
    assert_eq!(misses.as_array().unwrap().len(), 1);
    let (_, failure) = admin(&stage, Method::GET, "/_rehearsal/model/failure", "").await;
    assert!(failure["failure"].as_str().unwrap().contains("call #2 was a miss"), "{failure}");
    stage.emulator.bedrock().forgive();
}

#[tokio::test(start_paused = true)]
async fn an_account_may_have_a_script_and_failures_of_its_own() {
    let stage = Stage::in_process().await;
    stage.emulator.bedrock().given(prompt_contains("common")).respond_with(Reply::text("all")).mount();
    let account = "123456789012";
    let own = "/_rehearsal/script?account=123456789012";
    assert_eq!(admin(&stage, Method::PUT, own, SCRIPT).await.0, StatusCode::OK);
    let theirs = aws_sdk_bedrockruntime::Client::new(&stage.emulator.sdk_config_for(account).await);
    let ask = || theirs.converse().model_id(MODEL).messages(user("hi")).send();
    ask().await.expect("its own script answers");
    say(&stage, "hi").await.expect_err("the common script has no answer");
    let failure_of = async |account: &str| {
        let path = format!("/_rehearsal/model/failure?account={account}");
        admin(&stage, Method::GET, &path, "").await.1["failure"].clone()
    };
    assert_eq!(failure_of(account).await, Value::Null, "the miss was another's");
    assert!(failure_of("000000000000").await.as_str().is_some_and(|failure| failure.contains("was a miss")));
    assert_eq!(admin(&stage, Method::DELETE, own, "").await.0, StatusCode::OK);
    ask().await.expect_err("it follows the common script again");
    assert_eq!(admin(&stage, Method::DELETE, own, "").await.0, StatusCode::NOT_FOUND);
    stage.emulator.bedrock().forgive();
}

#[tokio::test(start_paused = true)]
async fn a_script_is_checked_without_being_loaded() {
    let stage = Stage::in_process().await;
    let check = "/_rehearsal/script/check";
    assert_eq!(admin(&stage, Method::POST, check, SCRIPT).await, (StatusCode::OK, json!({"rules": 1})));
    let (status, refused) = admin(&stage, Method::POST, check, "- name: greet\n  replise:\n  - text: hello\n").await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let error = refused["error"].as_str().unwrap();
    assert!(error.contains("replise") && error.contains("2:3"), "{error}");
    let (_, message) = say(&stage, "hi").await.unwrap_err();
    assert!(message.contains("the model has no script"), "{message}");
    stage.emulator.bedrock().forgive();
}

#[tokio::test(start_paused = true)]
async fn a_reset_rewinds_the_script_and_forgets_the_calls() {
    let stage = Stage::in_process().await;
    let rule = stage.emulator.bedrock().given(anything()).respond_with(Reply::text("first"));
    rule.then(Reply::text("second")).expect(1).mount();
    say(&stage, "hi").await.unwrap();
    say(&stage, "hi").await.unwrap();
    admin(&stage, Method::POST, "/_rehearsal/reset", "").await;
    assert!(stage.emulator.bedrock().calls().is_empty());
    let answer = say(&stage, "hi").await.unwrap();
    let message = answer.output().unwrap().as_message().unwrap();
    assert_eq!(message.content()[0].as_text().unwrap(), "first");
}

#[tokio::test(start_paused = true)]
async fn one_script_and_seed_give_one_timeline() {
    async fn run() -> (String, String) {
        let stage = Stage::in_process().await;
        let script = "{seed: 9, rules: [{replies: [{tool_use: {name: get_order}, first_token_after: 2s}]}]}";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let answer = say(&stage, "hi").await.unwrap();
        let message = answer.output().unwrap().as_message().unwrap();
        (message.content()[0].as_tool_use().unwrap().tool_use_id().to_owned(), stage.emulator.timeline().to_string())
    }
    assert_eq!(run().await, run().await);
}
