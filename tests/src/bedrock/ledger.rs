//! What the model was used for: attempts and calls, tokens and cost, and how far each answer came.

use std::time::Duration;

use aws_sdk_bedrockruntime::config::Config;
use aws_sdk_bedrockruntime::config::retry::RetryConfig;
use aws_sdk_bedrockruntime::types::ConverseStreamOutput;
use aws_sdk_bedrockruntime::types::error::ConverseStreamOutputError;
use aws_smithy_types::event_stream::RawMessage;
use aws_smithy_types::timeout::TimeoutConfig;
use rehearsal_emulator::service::bedrock::script::Fault;
use rehearsal_emulator::service::bedrock::{Budget, Price, Prices};
use rehearsal_emulator::{Reply, anything};

use super::{MODEL, client, user};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

async fn say(stage: &Stage, text: &str) {
    let patient =
        Config::builder().retry_config(RetryConfig::standard().with_initial_backoff(Duration::from_millis(1)));
    let call = client(stage).converse().model_id(MODEL).messages(user(text)).customize();
    call.config_override(patient).send().await.expect("the model answers");
}

#[test]
fn attempts_of_one_call_are_counted_as_such_and_only_answers_cost() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let error = Reply::error("ThrottlingException");
        bedrock.given(anything()).respond_with(error).then(Reply::text("hi").usage(1_000_000, 100_000)).mount();
        say(&stage, "hello").await;
        say(&stage, "again").await;
        let spent = bedrock.spent(None);
        assert_eq!((spent.calls, spent.attempts), (2, 3));
        assert_eq!((spent.input_tokens, spent.output_tokens), (2_000_000, 200_000));
        // Claude Sonnet 4.5: 3 and 15 dollars for a million.
        assert!((spent.cost - 9.0).abs() < 1e-9, "{}", spent.cost);
        let calls = bedrock.calls();
        let attempts: Vec<(u32, Option<f64>, u32)> =
            calls.iter().map(|call| (call.attempt.attempt, call.cost, call.frames_sent)).collect();
        assert_eq!(attempts, [(1, None, 0), (2, Some(4.5), 1), (1, Some(4.5), 1)]);
        assert_eq!(calls[0].attempt.invocation_id, calls[1].attempt.invocation_id);
    });
}

#[test]
fn a_price_of_ones_own_comes_first_and_models_without_one_are_told() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("hi").usage(1_000_000, 0)).mount();
        bedrock.set_prices(Prices([("*sonnet*".to_owned(), Price::new(7.0, 0.0))].into()));
        say(&stage, "hello").await;
        let acme = client(&stage).converse().model_id("acme.own-v1:0").messages(user("hello")).send().await;
        acme.expect("the model answers");
        let spent = bedrock.spent(None);
        assert!((spent.cost - 7.0).abs() < 1e-9 && spent.unpriced == 1, "{spent:?}");
    });
}

#[test]
fn more_than_the_budget_fails_the_run() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("hi")).mount();
        bedrock.set_budget(Budget { calls: Some(1), ..Budget::default() });
        say(&stage, "hello").await;
        assert_eq!(bedrock.failure(), None);
        say(&stage, "hello").await;
        let failure = bedrock.failure().expect("the budget is exceeded");
        assert!(failure.starts_with("the budget is exceeded: 2 calls of 1"), "{failure}");
        bedrock.forgive();
    });
}

#[test]
fn the_ledger_knows_how_far_a_stream_came_and_where_the_caller_left() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let text = Reply::text("one two three").tokens_per_second(1);
        bedrock.given(anything()).respond_with(text).mount();
        let request = client(&stage).converse_stream().model_id(MODEL).messages(user("hello"));
        let mut stream = request.send().await.expect("the stream begins").stream;
        let first = stream.recv().await.expect("the first frame arrives");
        assert!(matches!(first, Some(ConverseStreamOutput::MessageStart(_))), "{first:?}");
        drop(stream);
        // In process the emulator knows at once; a socket's other end is noticed when more is to be sent.
        stage.emulator.clock().advance(Duration::from_secs(60)).await;
        let call = &bedrock.calls()[0];
        assert!(call.frames_sent >= 1 && call.frames_sent < 8, "{call:?}");
        assert!(call.left.is_some() && call.ended.is_none(), "{call:?}");
    });
}

#[test]
fn whoever_stays_has_all_of_it() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("one two three")).mount();
        let request = client(&stage).converse_stream().model_id(MODEL).messages(user("hello"));
        let mut stream = request.send().await.expect("the stream begins").stream;
        let mut frames = 0;
        while let Some(_event) = frame(stream.recv().await) {
            frames += 1;
        }
        let call = &bedrock.calls()[0];
        assert_eq!((call.frames_sent, call.left), (frames, None));
        assert!(call.ended.is_some());
    });
}

type Received = Result<
    Option<ConverseStreamOutput>,
    aws_sdk_bedrockruntime::error::SdkError<ConverseStreamOutputError, RawMessage>,
>;

fn frame(received: Received) -> Option<ConverseStreamOutput> {
    received.expect("the frame is well formed")
}

#[test]
fn a_caller_that_gives_up_on_silence_has_left() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::fault(Fault::Hang(None))).mount();
        let patience = TimeoutConfig::builder().operation_timeout(Duration::from_secs(2)).build();
        let config = Config::builder().timeout_config(patience);
        let call = client(&stage).converse().model_id(MODEL).messages(user("hello"));
        call.customize().config_override(config).send().await.expect_err("it has waited long enough");
        let call = &bedrock.calls()[0];
        let left = call.left.expect("the caller has left");
        assert_eq!(left.since(call.at), Duration::from_secs(2));
        assert_eq!(call.frames_sent, 0);
    });
}
