//! A guardrail around Converse and ConverseStream.

use std::time::Duration;

use aws_sdk_bedrock::types::{
    GuardrailPiiEntityConfig, GuardrailPiiEntityType, GuardrailSensitiveInformationAction as Action,
    GuardrailSensitiveInformationPolicyConfig,
};
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseStreamOutput, GuardrailConfiguration, GuardrailConverseContentBlock,
    GuardrailConverseTextBlock, GuardrailStreamConfiguration, GuardrailStreamProcessingMode, GuardrailTrace,
    GuardrailTraceAssessment, StopReason, SystemContentBlock,
};
use rehearsal_emulator::{Reply, anything};
use serde_json::json;

use super::{MODEL, client, control, guardrail_against, message, new_guardrail, user, validation, violation, words};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn by(id: &str) -> GuardrailConfiguration {
    let config = GuardrailConfiguration::builder().guardrail_identifier(id).guardrail_version("DRAFT");
    config.trace(GuardrailTrace::Enabled).build()
}

fn guarded(text: &str) -> GuardrailConverseContentBlock {
    GuardrailConverseContentBlock::Text(GuardrailConverseTextBlock::builder().text(text).build().unwrap())
}

async fn ask(stage: &Stage, id: &str, text: &str) -> ConverseOutput {
    let call = client(stage).converse().model_id(MODEL).guardrail_config(by(id)).messages(user(text));
    call.send().await.expect("there is an answer")
}

fn said(answer: &ConverseOutput) -> &str {
    answer.output().unwrap().as_message().unwrap().content()[0].as_text().unwrap()
}

fn trace(answer: &ConverseOutput) -> &GuardrailTraceAssessment {
    answer.trace().expect("there is a trace").guardrail().expect("of a guardrail")
}

/// Masks e-mail addresses either way, and blocks a word.
async fn careful(stage: &Stage) -> String {
    let email = GuardrailPiiEntityConfig::builder().r#type(GuardrailPiiEntityType::Email).action(Action::Anonymize);
    let policy = GuardrailSensitiveInformationPolicyConfig::builder().pii_entities_config(email.build().unwrap());
    let made = new_guardrail(&control(stage), "careful").sensitive_information_policy_config(policy.build());
    let made = made.word_policy_config(words(&["bet"])).send().await;
    stage.advance(Duration::from_secs(3)).await;
    made.expect("the guardrail is made").guardrail_id
}

#[test]
fn an_input_that_is_blocked_never_reaches_the_model() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let answer = ask(&stage, &id, "Shall I bet?").await;
        assert_eq!((said(&answer), answer.stop_reason()), ("I cannot hear that.", &StopReason::GuardrailIntervened));
        assert_eq!(answer.usage().unwrap().total_tokens(), 0);
        let trace = trace(&answer);
        assert_eq!(trace.action_reason(), Some("Guardrail blocked."));
        let input = &trace.input_assessment().unwrap()[&id];
        assert_eq!(input.word_policy().unwrap().custom_words()[0].r#match(), "bet");
        assert!(trace.output_assessments().is_none());
        assert!(bedrock.calls().is_empty() && bedrock.misses().is_empty());
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("guardrail shop: input blocked"), "{timeline}");
    });
}

#[test]
fn an_answer_is_blocked_or_passes_and_the_trace_tells() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("You bet!")).then(Reply::text("Of course.")).mount();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let blocked = ask(&stage, &id, "Will it rain?").await;
        assert_eq!((said(&blocked), blocked.stop_reason()), ("I cannot say that.", &StopReason::GuardrailIntervened));
        let told = trace(&blocked);
        assert_eq!(told.model_output(), ["You bet!"]);
        assert_eq!(told.output_assessments().unwrap()[&id][0].word_policy().unwrap().custom_words().len(), 1);
        assert!(blocked.usage().unwrap().output_tokens() > 0, "the model was asked");
        let passed = ask(&stage, &id, "Will it rain?").await;
        assert_eq!((said(&passed), passed.stop_reason()), ("Of course.", &StopReason::EndTurn));
        assert_eq!(trace(&passed).action_reason(), Some("No action."));
    });
}

#[test]
fn personal_data_is_masked_before_the_model_and_after_it() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Write to joe@example.org.")).mount();
        let id = careful(&stage).await;
        let answer = ask(&stage, &id, "I am jane@example.com.").await;
        assert_eq!((said(&answer), answer.stop_reason()), ("Write to {EMAIL}.", &StopReason::GuardrailIntervened));
        assert_eq!(trace(&answer).action_reason(), Some("Guardrail masked."));
        assert_eq!(bedrock.calls()[0].scene.last_user, "I am {EMAIL}.");
    });
}

#[test]
fn only_marked_content_is_judged_where_some_is() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("fine")).mount();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let call = || client(&stage).converse().model_id(MODEL).guardrail_config(by(&id));
        let mixed = |unmarked: &str, marked: &str| {
            let content = vec![ContentBlock::Text(unmarked.to_owned()), ContentBlock::GuardContent(guarded(marked))];
            message(ConversationRole::User, content)
        };
        let passed = call().messages(mixed("a bet", "a game")).send().await.unwrap();
        assert_eq!(said(&passed), "fine");
        let coverage = trace(&passed).input_assessment().unwrap()[&id].invocation_metrics().unwrap();
        let coverage = coverage.guardrail_coverage().unwrap().text_characters().unwrap();
        assert_eq!((coverage.guarded(), coverage.total()), (Some(6), Some(11)));
        let blocked = call().messages(mixed("a game", "a bet")).send().await.unwrap();
        assert_eq!(said(&blocked), "I cannot hear that.");
        // Of the system's text, only what is marked.
        let system = call().system(SystemContentBlock::Text("Never bet.".to_owned())).messages(user("hello"));
        assert_eq!(said(&system.send().await.unwrap()), "fine");
        let system = call().system(SystemContentBlock::GuardContent(guarded("bet"))).messages(user("hello"));
        assert_eq!(said(&system.send().await.unwrap()), "I cannot hear that.");
    });
}

#[test]
fn the_script_says_what_only_a_model_finds() {
    on_both_stages(async |stage| {
        let script = "
            - when: {op: ApplyGuardrail, prompt_type: {contains: INPUT}, last_user: {contains: rich}}
              replies:
              - guardrail: {topicPolicy: {topics: [{name: Money}]}}
            - when: {op: Converse}
              replies:
              - text: fine
              - guardrail: {contentPolicy: {filters: [{type: HATE}]}}
                text: Let us be kind.
        ";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let blocked = ask(&stage, &id, "How do I get rich?").await;
        assert_eq!(said(&blocked), "I cannot hear that.");
        let topic = &trace(&blocked).input_assessment().unwrap()[&id].topic_policy().unwrap().topics()[0];
        assert_eq!(topic.name(), "Money");
        assert_eq!(said(&ask(&stage, &id, "hello").await), "fine");
        let unkind = ask(&stage, &id, "hello").await;
        assert_eq!((said(&unkind), unkind.stop_reason()), ("Let us be kind.", &StopReason::GuardrailIntervened));
        let filters = trace(&unkind).output_assessments().unwrap()[&id][0].content_policy().unwrap().filters().len();
        assert_eq!(filters, 1);
    });
}

#[test]
fn a_trace_comes_only_when_it_is_asked_for() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let quiet = GuardrailConfiguration::builder().guardrail_identifier(&id).guardrail_version("DRAFT").build();
        let call = client(&stage).converse().model_id(MODEL).guardrail_config(quiet).messages(user("a bet"));
        let answer = call.send().await.unwrap();
        assert_eq!((answer.stop_reason(), answer.trace()), (&StopReason::GuardrailIntervened, None));
    });
}

#[test]
fn a_guardrail_that_is_not_there_is_refused() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let ask = |id: &str, version: Option<&str>| {
            let config = GuardrailConfiguration::builder().guardrail_identifier(id);
            let config = config.set_guardrail_version(version.map(str::to_owned)).build();
            client(&stage).converse().model_id(MODEL).guardrail_config(config).messages(user("hello")).send()
        };
        let invalid = validation("The provided guardrail identifier is invalid.");
        assert_eq!(refusal(ask("none", Some("DRAFT")).await), invalid);
        assert_eq!(refusal(ask(&id, Some("9")).await).0, "ResourceNotFoundException");
        assert_eq!(refusal(ask(&id, None).await).0, "ValidationException");
        let constraint = "satisfy regular expression pattern: (|([1-9][0-9]{0,7})|(DRAFT))";
        assert_eq!(refusal(ask(&id, Some("x")).await), violation("x", "guardrailConfig.guardrailVersion", constraint));
    });
}

/// The texts, the stop reason and the trace of a stream; and when each text came.
async fn stream(
    stage: &Stage,
    id: &str,
    mode: GuardrailStreamProcessingMode,
) -> (Vec<(Duration, String)>, StopReason, GuardrailTraceAssessment) {
    let config = GuardrailStreamConfiguration::builder().guardrail_identifier(id).guardrail_version("DRAFT");
    let config = config.trace(GuardrailTrace::Enabled).stream_processing_mode(mode).build();
    let call = client(stage).converse_stream().model_id(MODEL).guardrail_config(config).messages(user("hello"));
    let mut stream = call.send().await.expect("the stream begins").stream;
    let started = stage.emulator.clock().now();
    let (mut texts, mut reason, mut trace) = (Vec::new(), None, None);
    while let Some(event) = stream.recv().await.expect("the stream goes on") {
        match event {
            ConverseStreamOutput::ContentBlockDelta(delta) => {
                let text = delta.delta().unwrap().as_text().unwrap().clone();
                texts.push((stage.emulator.clock().now().since(started), text));
            }
            ConverseStreamOutput::MessageStop(stop) => reason = Some(stop.stop_reason().clone()),
            ConverseStreamOutput::Metadata(metadata) => {
                trace = metadata.trace().and_then(|trace| trace.guardrail()).cloned();
            }
            _ => {}
        }
    }
    (texts, reason.expect("it stops"), trace.expect("it is traced"))
}

#[test]
fn a_stream_waits_for_the_judgement_or_passes_and_is_told_after() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let reply = Reply::text("You can bet on it.").tokens_per_second(10);
        bedrock.given(anything()).respond_with(reply).mount();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let (texts, reason, trace) = stream(&stage, &id, GuardrailStreamProcessingMode::Sync).await;
        let text: String = texts.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!((&*text, reason), ("I cannot say that.", StopReason::GuardrailIntervened));
        assert_eq!(trace.model_output(), ["You can bet on it."]);
        let (texts, reason, trace) = stream(&stage, &id, GuardrailStreamProcessingMode::Async).await;
        let text: String = texts.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!((&*text, reason), ("You can bet on it.", StopReason::GuardrailIntervened));
        assert!(texts.last().unwrap().0 > Duration::ZERO, "it comes as the model speaks");
        assert_eq!(trace.output_assessments().unwrap()[&id].len(), 1);
    });
}

#[test]
fn invoke_model_names_its_guardrail_in_headers() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Write to joe@example.org.")).mount();
        let id = careful(&stage).await;
        let invoke = async |text: &str| {
            let body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
                              "messages": [{"role": "user", "content": text}]});
            let call =
                client(&stage).invoke_model().model_id(MODEL).guardrail_identifier(&id).guardrail_version("DRAFT");
            let call =
                call.trace(aws_sdk_bedrockruntime::types::Trace::Enabled).body(body.to_string().into_bytes().into());
            let answer = call.send().await.expect("there is an answer");
            serde_json::from_slice::<serde_json::Value>(answer.body().as_ref()).expect("it is JSON")
        };
        let masked = invoke("I am jane@example.com.").await;
        assert_eq!(masked["content"][0]["text"], "Write to {EMAIL}.");
        assert_eq!(masked["amazon-bedrock-guardrailAction"], "INTERVENED");
        let outputs = &masked["amazon-bedrock-trace"]["guardrail"]["outputs"];
        assert_eq!(outputs[0][&id]["sensitiveInformationPolicy"]["piiEntities"][0]["match"], "joe@example.org");
        assert_eq!(bedrock.calls()[0].scene.last_user, "I am {EMAIL}.");
        let blocked = invoke("a bet").await;
        assert_eq!(blocked["content"][0]["text"], "I cannot hear that.");
        assert_eq!(bedrock.calls().len(), 1, "the model was not asked again");
    });
}

#[test]
fn a_stream_of_invoke_model_tells_at_its_end() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("You bet!")).mount();
        let id = careful(&stage).await;
        let body = json!({"anthropic_version": "bedrock-2023-05-31", "max_tokens": 9,
                          "messages": [{"role": "user", "content": "hello"}]});
        let call = client(&stage).invoke_model_with_response_stream().model_id(MODEL);
        let call = call.guardrail_identifier(&id).guardrail_version("DRAFT").body(body.to_string().into_bytes().into());
        let mut stream = call.send().await.expect("the stream begins").body;
        let mut chunks: Vec<serde_json::Value> = Vec::new();
        while let Some(event) = stream.recv().await.expect("the stream goes on") {
            let chunk = event.as_chunk().expect("a chunk");
            chunks.push(serde_json::from_slice(chunk.bytes().unwrap().as_ref()).expect("it is JSON"));
        }
        let text: String = chunks.iter().filter_map(|chunk| chunk["delta"]["text"].as_str()).collect();
        assert_eq!(text, "I cannot say that.");
        assert_eq!(chunks.last().unwrap()["amazon-bedrock-guardrailAction"], "INTERVENED");
    });
}
