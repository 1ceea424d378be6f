use std::time::Duration;

use aws_sdk_bedrockruntime::error::SdkError;
use aws_sdk_bedrockruntime::operation::converse::{ConverseError, ConverseOutput};
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, DocumentBlock, DocumentFormat, DocumentSource,
    ImageBlock, ImageFormat, ImageSource, InferenceConfiguration, PerformanceConfigLatency, PerformanceConfiguration,
    ReasoningContentBlock, ReasoningTextBlock, ServiceTier, ServiceTierType, StopReason, SystemContentBlock,
    ToolResultBlock, ToolResultContentBlock, ToolUseBlock,
};
use aws_sdk_bedrockruntime::{Client, Config};
use aws_smithy_types::Document;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use rehearsal_emulator::{Reply, anything, model, on, prompt_contains, prompt_matches};
use serde_json::json;

use super::converse_stream::THOUGHTFUL;
use super::{MODEL, assistant, client, message, number, object, order_tool, user};
use crate::stage::{Stage, on_both_stages, refusal};

type Answer = Result<ConverseOutput, SdkError<ConverseError>>;

async fn say(stage: &Stage, text: &str) -> Answer {
    client(stage).converse().model_id(MODEL).messages(user(text)).send().await
}

fn text_of(answer: &ConverseOutput) -> &str {
    let message = answer.output().expect("there is an output").as_message().expect("it is a message");
    assert_eq!(message.role(), &ConversationRole::Assistant);
    message.content()[0].as_text().expect("it begins with text")
}

/// A client with the SDK's own retries, whose pauses take no real time in a socket test.
fn retrying(stage: &Stage) -> Client {
    let quickly = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    Client::from_conf(Config::from(&stage.config).to_builder().retry_config(quickly).build())
}

// Serialisation.

#[test]
fn a_text_is_answered_with_stop_reason_usage_and_latency() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("hello there")).mount();
        let answer = say(&stage, "hi, you").await.unwrap();
        assert_eq!(text_of(&answer), "hello there");
        assert_eq!(answer.stop_reason(), &StopReason::EndTurn);
        let usage = answer.usage().unwrap();
        assert_eq!((usage.input_tokens(), usage.output_tokens(), usage.total_tokens()), (2, 3, 5));
        assert_eq!(answer.metrics().unwrap().latency_ms(), 0);
    });
}

#[test]
fn tools_are_used_after_the_text() {
    on_both_stages(async |stage| {
        let reply = Reply::text("let me see").and_tool_use("get_order", json!({"id": 7, "deep": {"a": [true, null]}}));
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let answer = say(&stage, "where is order 7?").await.unwrap();
        assert_eq!(answer.stop_reason(), &StopReason::ToolUse);
        let content = answer.output().unwrap().as_message().unwrap().content();
        assert_eq!(content[0].as_text().unwrap(), "let me see");
        let tool = content[1].as_tool_use().unwrap();
        assert_eq!(tool.name(), "get_order");
        assert!(tool.tool_use_id().starts_with("tooluse_"), "{}", tool.tool_use_id());
        assert_eq!(tool.input().as_object().unwrap()["id"], number(7));
    });
}

#[test]
fn a_model_may_be_named_by_its_arn() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(model("*inference-profile/eu.*")).respond_with(Reply::text("ok")).mount();
        let arn = "arn:aws:bedrock:eu-west-1:000000000000:inference-profile/eu.anthropic.claude-sonnet-4-5";
        let answer = client(&stage).converse().model_id(arn).messages(user("hi")).send().await.unwrap();
        assert_eq!(text_of(&answer), "ok");
    });
}

#[test]
fn thoughts_and_citations_are_blocks_of_their_own() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().load_yaml(THOUGHTFUL).unwrap();
        let answer = say(&stage, "hi").await.unwrap();
        let content = answer.output().unwrap().as_message().unwrap().content();
        let thought = content[0].as_reasoning_content().unwrap().as_reasoning_text().unwrap();
        assert_eq!((thought.text(), thought.signature()), ("hm", Some("s")));
        assert_eq!(content[1].as_reasoning_content().unwrap().as_redacted_content().unwrap().as_ref(), [0, 1]);
        let cited = content[2].as_citations_content().unwrap();
        assert_eq!(cited.content()[0].as_text().unwrap(), "hi");
        let place = cited.citations()[0].location().unwrap().as_document_char().unwrap();
        assert_eq!((place.start(), place.end()), (Some(1), Some(4)));
        assert_eq!(answer.stop_reason(), &StopReason::StopSequence);
        let usage = answer.usage().unwrap();
        assert_eq!((usage.cache_read_input_tokens(), usage.total_tokens()), (Some(9), 12));
        // What the model has said can be sent back as it came.
        let again = client(&stage).converse().model_id(MODEL).messages(user("hi"));
        let said = answer.output().unwrap().as_message().unwrap().clone();
        again.messages(said).messages(user("and?")).send().await.unwrap();
    });
}

// Validation.

#[track_caller]
fn assert_invalid(answer: Answer, expected: &str) {
    assert_eq!(refusal(answer), ("ValidationException".to_owned(), expected.to_owned()));
}

#[test]
fn a_conversation_is_refused_in_bedrock_s_words_before_the_model_is_asked() {
    on_both_stages(async |stage| {
        let converse = || client(&stage).converse().model_id(MODEL);
        assert_invalid(
            converse().messages(assistant("hi")).send().await,
            "A conversation must start with a user message. Try again with a conversation that starts with a user message.",
        );
        assert_invalid(
            converse().messages(user("a")).messages(user("b")).send().await,
            "A conversation must alternate between user and assistant roles. Make sure the conversation alternates \
             between user and assistant roles and try again.",
        );
        assert_invalid(
            converse().messages(user(" ")).send().await,
            "The text field in the ContentBlock object at messages.0.content.0 is blank. Add text to the text field, \
             and try again.",
        );
        assert_invalid(
            converse().messages(message(ConversationRole::User, Vec::new())).send().await,
            "The content field in the Message object at messages.0 is empty. Add a ContentBlock object to the content \
             field and try again.",
        );
        assert_invalid(
            client(&stage).converse().model_id("gpt-4").messages(user("hi")).send().await,
            "The provided model identifier is invalid.",
        );
        let config = InferenceConfiguration::builder().max_tokens(0).temperature(1.5).build();
        assert_invalid(
            converse().messages(user("hi")).inference_config(config).send().await,
            "2 validation errors detected: Value '0' at 'inferenceConfig.maxTokens' failed to satisfy constraint: Member \
             must have value greater than or equal to 1; Value '1.5' at 'inferenceConfig.temperature' failed to satisfy \
             constraint: Member must have value less than or equal to 1",
        );
        assert!(stage.emulator.bedrock().calls().is_empty(), "the model was not asked");
    });
}

fn tool_was_used(id: &str) -> aws_sdk_bedrockruntime::types::Message {
    let tool = ToolUseBlock::builder().tool_use_id(id).name("get_order").input(object([("id", number(7))]));
    message(ConversationRole::Assistant, vec![ContentBlock::ToolUse(tool.build().unwrap())])
}

fn tool_answered(id: &str) -> aws_sdk_bedrockruntime::types::Message {
    let result = ToolResultBlock::builder().tool_use_id(id).content(ToolResultContentBlock::Text("sent".to_owned()));
    message(ConversationRole::User, vec![ContentBlock::ToolResult(result.build().unwrap())])
}

#[test]
fn tool_uses_and_their_results_belong_together() {
    on_both_stages(async |stage| {
        let converse = || {
            client(&stage)
                .converse()
                .model_id(MODEL)
                .messages(user("where is it?"))
                .messages(tool_was_used("tooluse_1"))
        };
        assert_invalid(
            converse().messages(tool_answered("tooluse_1")).send().await,
            "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
        );
        let converse = || converse().tool_config(order_tool("get_order"));
        assert_invalid(
            converse().messages(user("well?")).send().await,
            "Expected toolResult blocks at messages.2.content for the following Ids: tooluse_1",
        );
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("on its way")).mount();
        let answer = converse().messages(tool_answered("tooluse_1")).send().await.unwrap();
        assert_eq!(text_of(&answer), "on its way");
        assert_eq!(stage.emulator.bedrock().calls()[0].scene.turn, 1);
        assert_eq!(stage.emulator.bedrock().calls()[0].scene.last_user, "where is it?");
        assert_eq!(stage.emulator.bedrock().calls()[0].scene.tools, ["get_order"]);
    });
}

#[test]
fn what_is_not_implemented_says_so() {
    on_both_stages(async |stage| {
        let prompt = "arn:aws:bedrock:us-east-1:000000000000:prompt/ABCDEFGHIJ:1";
        let (code, message) = refusal(client(&stage).converse().model_id(prompt).messages(user("hi")).send().await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("a prompt as the model of bedrock Converse"), "{message}");
    });
}

#[test]
fn a_model_that_only_profiles_lead_to_is_refused_by_its_own_id() {
    on_both_stages(async |stage| {
        let id = "anthropic.claude-sonnet-4-5-20250929-v1:0";
        assert_invalid(
            client(&stage).converse().model_id(id).messages(user("hi")).send().await,
            "Invocation of model ID anthropic.claude-sonnet-4-5-20250929-v1:0 with on-demand throughput isn\u{2019}t \
             supported. Retry your request with the ID or ARN of an inference profile that contains this model.",
        );
    });
}

#[test]
fn a_model_s_own_limits_are_known() {
    on_both_stages(async |stage| {
        let converse = || client(&stage).converse().model_id(MODEL).messages(user("hi"));
        let config = InferenceConfiguration::builder().max_tokens(64_001).build();
        assert_invalid(
            converse().inference_config(config).send().await,
            "The maximum tokens you requested exceeds the model limit of 64000. Try again with a maximum tokens value \
             that is lower than 64000.",
        );
        let config = InferenceConfiguration::builder().temperature(0.5).top_p(0.5).build();
        assert_invalid(
            converse().inference_config(config).send().await,
            "The model returned the following errors: `temperature` and `top_p` cannot both be specified for this model. \
             Please use only one.",
        );
        let long = client(&stage).converse().model_id(MODEL).messages(user(&"a".repeat(800_004)));
        assert_invalid(long.send().await, "Input is too long for requested model.");
    });
}

// Behaviour.

#[test]
fn every_kind_of_content_reaches_the_model() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("seen")).mount();
        let cache = CachePointBlock::builder().r#type(CachePointType::Default).build().unwrap();
        let shown = message(ConversationRole::User, vec![ContentBlock::Text("look".to_owned()), image(), document()]);
        let thought = ReasoningTextBlock::builder().text("hm").signature("s").build().unwrap();
        let thought = ContentBlock::ReasoningContent(ReasoningContentBlock::ReasoningText(thought));
        let answered = message(ConversationRole::Assistant, vec![thought, ContentBlock::Text("a cat".to_owned())]);
        let more = message(
            ConversationRole::User,
            vec![ContentBlock::Text("and?".to_owned()), ContentBlock::CachePoint(cache)],
        );
        let request = client(&stage).converse().model_id(MODEL).messages(shown).messages(answered).messages(more);
        let answer = request
            .system(SystemContentBlock::Text("You see.".to_owned()))
            .request_metadata("session", "s-1")
            .additional_model_request_fields(object([("top_k", number(5))]))
            .send()
            .await
            .unwrap();
        assert_eq!(text_of(&answer), "seen");
        let scene = &stage.emulator.bedrock().calls()[0].scene;
        assert_eq!((&*scene.system, &*scene.last_user, &*scene.session), ("You see.", "and?", "s-1"));
        let said: Vec<(&str, &str)> = scene.messages.iter().map(|said| (&*said.role, &*said.text)).collect();
        assert_eq!(said, [("user", "look"), ("assistant", "a cat"), ("user", "and?")]);
        // An image has a price of its own; a text document counts as its text.
        assert_eq!(scene.input_tokens, 1600 + 10);
    });
}

fn image() -> ContentBlock {
    let source = ImageSource::Bytes(Blob::new(*b"\x89PNG"));
    ContentBlock::Image(ImageBlock::builder().format(ImageFormat::Png).source(source).build().unwrap())
}

fn document() -> ContentBlock {
    let source = DocumentSource::Bytes(Blob::new(*b"a short report"));
    let block = DocumentBlock::builder().format(DocumentFormat::Txt).name("report").source(source);
    ContentBlock::Document(block.build().unwrap())
}

#[test]
fn tool_results_are_seen_with_the_names_of_their_tools() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("on its way")).mount();
        let talk = client(&stage).converse().model_id(MODEL).messages(user("where?")).messages(tool_was_used("t_1"));
        talk.messages(tool_answered("t_1")).tool_config(order_tool("get_order")).send().await.unwrap();
        let scene = &stage.emulator.bedrock().calls()[0].scene;
        let [result] = &scene.tool_results[..] else { panic!("{:?}", scene.tool_results) };
        assert_eq!((&*result.tool_use_id, &*result.name, &*result.text), ("t_1", "get_order", "sent"));
    });
}

#[test]
fn how_it_was_served_and_what_was_asked_of_it_come_back() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("ok").usage(7, 1)).mount();
        let fast = PerformanceConfiguration::builder().latency(PerformanceConfigLatency::Optimized).build();
        let tier = ServiceTier::builder().r#type(ServiceTierType::Flex).build().unwrap();
        let paths = ["/usage/input_tokens", "/stop_sequence", "/nothing/there"].map(str::to_owned);
        let request = client(&stage).converse().model_id(MODEL).messages(user("hi"));
        let request = request.performance_config(fast.clone()).service_tier(tier.clone());
        let answer = request.set_additional_model_response_field_paths(Some(paths.to_vec())).send().await.unwrap();
        assert_eq!(answer.performance_config(), Some(&fast));
        assert_eq!(answer.service_tier(), Some(&tier));
        let expected = object([("usage", object([("input_tokens", number(7))])), ("stop_sequence", Document::Null)]);
        assert_eq!(answer.additional_model_response_fields(), Some(&expected));
        assert_invalid(
            client(&stage)
                .converse()
                .model_id(MODEL)
                .messages(user("hi"))
                .additional_model_response_field_paths("stop")
                .send()
                .await,
            "The value at additionalModelResponseFieldPaths.0 is not a valid JSON Pointer. Provide a valid JSON Pointer \
             and try again.",
        );
    });
}

#[test]
fn replies_follow_each_other_and_the_last_repeats() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(prompt_matches(r"user (?<uid>u_\d+)"));
        rule.respond_with(Reply::text("first for {{m.uid}}")).then(Reply::text("then {{m.1}}")).expect(3).mount();
        for expected in ["first for u_1", "then u_1", "then u_1"] {
            assert_eq!(text_of(&say(&stage, "items for user u_1").await.unwrap()), expected);
        }
    });
}

#[test]
fn the_first_rule_that_fits_and_is_not_spent_answers() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock
            .given(prompt_contains("refund"))
            .respond_with(Reply::text("approved"))
            .up_to_n_times(1)
            .expect(1)
            .mount();
        bedrock.given(model("*sonnet*")).respond_with(Reply::text("anything else?")).expect(2).mount();
        for (said, expected) in
            [("hello", "anything else?"), ("a refund", "approved"), ("another refund", "anything else?")]
        {
            assert_eq!(text_of(&say(&stage, said).await.unwrap()), expected);
        }
    });
}

#[test]
fn errors_have_bedrock_s_statuses_and_texts() {
    on_both_stages(async |stage| {
        for (name, status) in [
            ("ThrottlingException", 429),
            ("ModelNotReadyException", 429),
            ("ModelTimeoutException", 408),
            ("ModelErrorException", 424),
            ("ServiceUnavailableException", 503),
            ("InternalServerException", 500),
            ("AccessDeniedException", 403),
            ("ResourceNotFoundException", 404),
        ] {
            let bedrock = stage.emulator.bedrock();
            bedrock.given(prompt_contains(name)).respond_with(Reply::error(name)).mount();
            let error = say(&stage, name).await.unwrap_err();
            assert_eq!(error.raw_response().map(|response| response.status().as_u16()), Some(status), "{name}");
            assert_eq!(refusal(Answer::Err(error)).0, name);
        }
    });
}

#[test]
fn the_sdk_retries_a_throttled_model_and_every_attempt_counts() {
    on_both_stages(async |stage| {
        let script = "- name: busy\n  expect: 2\n  replies:\n  - fault: {error: ThrottlingException, retry_after: 200ms}\n  - text: ok\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let answer = retrying(&stage).converse().model_id(MODEL).messages(user("hi")).send().await.unwrap();
        assert_eq!(text_of(&answer), "ok");
        let calls = stage.emulator.bedrock().calls();
        let outcomes: Vec<(u32, &str)> =
            calls.iter().map(|call| (call.attempt.attempt, call.outcome.as_str())).collect();
        assert_eq!(outcomes, [(1, "ThrottlingException"), (2, "text, 1 token")]);
        assert_eq!(calls[0].attempt.invocation_id, calls[1].attempt.invocation_id);
        assert!(calls[1].at.since(calls[0].at) >= Duration::from_millis(200), "the SDK waits as it is told");
    });
}

#[test]
fn a_broken_connection_is_a_dispatch_failure_and_is_retried() {
    on_both_stages(async |stage| {
        let rule = stage.emulator.bedrock().given(anything());
        rule.respond_with(Reply::reset()).then(Reply::text("ok")).expect(3).mount();
        let error = say(&stage, "hi").await.unwrap_err();
        assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
        assert_eq!(text_of(&say(&stage, "hi").await.unwrap()), "ok");
        let reset = stage.emulator.fault(on("bedrock", "Converse").times(1).reset());
        let answer = retrying(&stage).converse().model_id(MODEL).messages(user("hi")).send().await.unwrap();
        assert_eq!((text_of(&answer), reset.acted()), ("ok", 1));
    });
}

#[test]
fn a_body_that_breaks_off_is_no_answer() {
    on_both_stages(async |stage| {
        let script = "- replies:\n  - text: hello\n    fault: {after: {frames: 0}, do: end}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        // Status 200 and half a document: an error of the SDK's own, with no code.
        assert_eq!(refusal(say(&stage, "hi").await), (String::new(), String::new()));
    });
}

#[tokio::test(start_paused = true)]
async fn an_answer_takes_as_long_as_its_tokens() {
    let stage = Stage::in_process().await;
    let reply = Reply::text("one two six ten").first_token_after(Duration::from_millis(300)).tokens_per_second(10);
    stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
    let before = stage.emulator.clock().now();
    let answer = say(&stage, "hi").await.unwrap();
    assert_eq!(stage.emulator.clock().now().since(before), Duration::from_millis(600));
    assert_eq!(answer.metrics().unwrap().latency_ms(), 600);
}

#[tokio::test(start_paused = true)]
async fn a_model_that_hangs_once_costs_an_attempt_and_the_timeline_tells() {
    let stage = Stage::in_process().await;
    let script = "- name: slow\n  when: {last_user: {contains: u_8821}}\n  expect: 2\n  replies:\n  - fault: {hang: 30s}\n  - text: '[]'\n";
    stage.emulator.bedrock().load_yaml(script).unwrap();
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(5)).build();
    let retries = RetryConfig::standard().with_use_static_exponential_base(true);
    let config = Config::from(&stage.config).to_builder().timeout_config(timeouts).retry_config(retries).build();
    let answer =
        Client::from_conf(config).converse().model_id(MODEL).messages(user("for u_8821")).send().await.unwrap();
    assert_eq!(text_of(&answer), "[]");
    let expected = format!(
        "    0.000 #1   bedrock   Converse           {MODEL}  > hung\n    \
             0.000 #2  +bedrock   model              {MODEL}  rule `slow`  > hung  < #1\n    \
             6.000 #3   bedrock   Converse           {MODEL}  attempt 2  retry of #1\n    \
             6.000 #4  +bedrock   model              {MODEL}  rule `slow`: text, 1 token  < #3\n"
    );
    assert_eq!(stage.emulator.timeline().to_string(), expected);
}

#[tokio::test(start_paused = true)]
async fn a_hang_with_an_end_breaks_the_connection_then() {
    let stage = Stage::in_process().await;
    stage.emulator.bedrock().load_yaml("- replies:\n  - fault: {hang: 30s}\n").unwrap();
    let before = stage.emulator.clock().now();
    let error = say(&stage, "hi").await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    assert_eq!(stage.emulator.clock().now().since(before), Duration::from_secs(30));
}
