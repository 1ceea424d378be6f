//! The guardrail of an agent: `guardrailConfiguration` of CreateAgent, UpdateAgent and InvokeInlineAgent.

use std::time::Duration;

use aws_sdk_bedrockagent::types::GuardrailConfiguration;
use aws_sdk_bedrockagentruntime::types::{
    GuardrailConfigurationWithArn, InlineAgentResponseStream, StreamingConfigurations,
};
use rehearsal_emulator::{Reply, anything, turn};

use super::invoke_agent::{bring, get_order, hear, invoke, say};
use super::{client, guardrail, result, short};
use crate::bedrock_agent::{self, INSTRUCTION, MODEL, ROLE, action_group, prepare};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

/// An agent with the guardrail, that may ask its caller for an order, prepared.
async fn careful(stage: &Stage, guardrail: &str) -> String {
    let guarded = GuardrailConfiguration::builder().guardrail_identifier(guardrail).guardrail_version("DRAFT").build();
    let request = bedrock_agent::client(stage).create_agent().agent_name("careful").foundation_model(MODEL);
    let request = request.instruction(INSTRUCTION).agent_resource_role_arn(ROLE).guardrail_configuration(guarded);
    let made = request.send().await.expect("it is made");
    stage.advance(Duration::from_secs(3)).await;
    let id = made.agent().expect("it is told").agent_id().to_owned();
    action_group(stage, &id).await;
    prepare(stage, &id).await;
    id
}

#[test]
fn what_is_said_and_answered_is_judged_and_traced() {
    on_both_stages(async |stage| {
        let id = careful(&stage, &guardrail(&stage).await).await;
        let script = "rules: [
            {when: {last_user: {contains: tell}}, replies: [text: 'I know of ord_77.']},
            {when: {last_user: {contains: bad}}, replies: [text: 'Here are stock tips.']},
            {when: {last_user: {contains: '{ORDER}'}}, replies: [text: 'It has been shipped.']},
            {replies: [text: 'Hello!']}]";
        let bedrock = stage.emulator.bedrock();
        bedrock.load_yaml(script).expect("it is a script");
        for (said, text, first, last, calls) in [
            ("Hi", "Hello!", "-guardrail-pre-0 NONE []", "-guardrail-post-0 NONE []", 1),
            (
                "Where is ord_12?",
                "It has been shipped.",
                "-guardrail-pre-0 INTERVENED [regex ord_12]",
                "-guardrail-post-0 NONE []",
                2,
            ),
            (
                "tell me",
                "I know of {ORDER}.",
                "-guardrail-pre-0 NONE []",
                "-guardrail-post-0 INTERVENED [regex ord_77]",
                3,
            ),
            (
                "something bad",
                "I cannot say that.",
                "-guardrail-pre-0 NONE []",
                "-guardrail-post-0 INTERVENED [word stock tips]",
                4,
            ),
            (
                "Any stock tips?",
                "I cannot hear that.",
                "-guardrail-pre-0 INTERVENED [word stock tips]",
                "-guardrail-pre-0 INTERVENED [word stock tips]",
                4,
            ),
        ] {
            let request = invoke(&stage, &id).input_text(said).enable_trace(true);
            let heard = hear(request.send().await.expect("it starts")).await;
            let traces = (heard.traces.first().map(String::as_str), heard.traces.last().map(String::as_str));
            assert_eq!((heard.text().as_str(), traces), (text, (Some(first), Some(last))), "{said}");
            assert_eq!(bedrock.calls().len(), calls, "{said}");
        }
        say(&stage, &id, "Hi again").await;
        let calls = bedrock.calls();
        let told: Vec<&str> = calls[4].scene.messages.iter().map(|said| said.text.as_str()).collect();
        let expected = [
            ["Hi", "Hello!"],
            ["Where is {ORDER}?", "It has been shipped."],
            ["tell me", "I know of {ORDER}."],
            ["something bad", "I cannot say that."],
        ];
        assert_eq!(told[..8], expected.concat(), "what was blocked of the user's is not remembered");
        assert_eq!(told[8..], ["Hi again"]);
    });
}

#[test]
fn what_only_a_model_finds_the_script_says() {
    on_both_stages(async |stage| {
        let id = careful(&stage, &guardrail(&stage).await).await;
        let script = "rules: [
            {when: {op: ApplyGuardrail, prompt_type: INPUT, last_user: '*invest*'}, replies: [
                {guardrail: {topicPolicy: {topics: [{name: Finance}]}}}]},
            {when: {op: ApplyGuardrail, prompt_type: OUTPUT, last_user: '*Bonds*'}, replies: [
                {guardrail: {topicPolicy: {topics: [{name: Advice}]}}}]},
            {when: {op: InvokeAgent}, replies: [text: 'Bonds are safe.']}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        for (said, text, trace) in [
            ("How do I invest?", "I cannot hear that.", "-guardrail-pre-0 INTERVENED [topic Finance]"),
            ("What is safe?", "I cannot say that.", "-guardrail-post-0 INTERVENED [topic Advice]"),
        ] {
            let request = invoke(&stage, &id).input_text(said).enable_trace(true);
            let heard = hear(request.send().await.expect("it starts")).await;
            assert_eq!((heard.text().as_str(), heard.traces.last().map(String::as_str)), (text, Some(trace)));
        }
    });
}

#[test]
fn what_the_caller_brings_back_is_not_judged_and_the_answer_is() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(get_order()).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("It is ord_7.")).mount();
        let id = careful(&stage, &guardrail(&stage).await).await;
        let heard = say(&stage, &id, "Where is it?").await;
        let brought = bring(&stage, &id, &heard, vec![result("get_order", "stock tips of ord_7")]);
        let heard = hear(brought.enable_trace(true).send().await.expect("it goes on")).await;
        assert_eq!(heard.text(), "It is {ORDER}.");
        assert_eq!(bedrock.calls()[1].scene.tool_results[0].text, "stock tips of ord_7");
        let judged: Vec<&String> = heard.traces.iter().filter(|trace| trace.contains("guardrail")).collect();
        assert_eq!(judged, ["-guardrail-post-0 INTERVENED [regex ord_7]"]);
    });
}

#[test]
fn a_stream_is_judged_in_intervals_and_ends_where_one_is_blocked() {
    in_virtual_time(async |stage| {
        let script = "rules: [
            {when: {last_user: {contains: bad}}, replies: [
                {tokens_per_second: 1, text: 'I give you stock tips and a lot more of them.'}]},
            {replies: [{tokens_per_second: 1, text: 'Hello ord_7 and ord_8 there!'}]}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        let id = careful(&stage, &guardrail(&stage).await).await;
        let ask = async |said: &str, interval: Option<i32>| {
            let streams = StreamingConfigurations::builder().stream_final_response(true);
            let request = invoke(&stage, &id).input_text(said).enable_trace(true);
            let request =
                request.streaming_configurations(streams.set_apply_guardrail_interval(interval).build()).send().await;
            let began = stage.emulator.clock().now();
            let heard = hear(request.expect("it starts")).await;
            let chunks: Vec<String> = heard.chunks.iter().filter_map(|chunk| chunk.bytes()).map(text_of).collect();
            (chunks, heard.traces.last().cloned().unwrap_or_default(), stage.emulator.clock().now().since(began))
        };
        let (chunks, trace, _) = ask("Hi", Some(10)).await;
        assert_eq!(chunks.concat(), "Hello {ORDER} and {ORDER} there!");
        assert!(chunks.len() > 1, "{chunks:?}");
        assert!(trace.starts_with("-guardrail-post-0 INTERVENED [regex ord_7, "), "{trace}");
        let (chunks, trace, _) = ask("Hi", None).await;
        assert_eq!(chunks, ["Hello {ORDER} and {ORDER} there!"]);
        assert_eq!(trace, "-guardrail-post-0 INTERVENED [regex ord_7 and regex ord_8]");
        let (chunks, trace, took) = ask("something bad", Some(20)).await;
        assert_eq!(chunks.last().map(String::as_str), Some("I cannot say that."));
        assert!(trace.contains("INTERVENED") && trace.contains("word stock tips"), "{trace}");
        assert!(took < Duration::from_secs(10), "the rest is not waited for: {took:?}");
    });
}

fn text_of(bytes: &aws_sdk_bedrockagentruntime::primitives::Blob) -> String {
    String::from_utf8(bytes.as_ref().to_vec()).expect("it is a text")
}

#[test]
fn an_inline_agent_may_bring_a_guardrail() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("Here are stock tips.")).mount();
        let guardrail = guardrail(&stage).await;
        let guarded =
            GuardrailConfigurationWithArn::builder().guardrail_identifier(guardrail).guardrail_version("DRAFT");
        let request = client(&stage).invoke_inline_agent().session_id("s-1").foundation_model(MODEL);
        let request = request.instruction(INSTRUCTION).input_text("Hi").enable_trace(true);
        let request = request.guardrail_configuration(guarded.build().expect("it is named"));
        let mut output = request.send().await.expect("it starts");
        let mut events = Vec::new();
        while let Some(event) = output.completion.recv().await.expect("it does not fail") {
            events.push(match event {
                InlineAgentResponseStream::Chunk(chunk) => text_of(chunk.bytes().expect("it has a text")),
                InlineAgentResponseStream::Trace(part) => short(part.trace().expect("it has one")),
                other => panic!("unexpected {other:?}"),
            });
        }
        let expected = [
            "-guardrail-pre-0 NONE []",
            "-0 asked ORCHESTRATION",
            "-0 heard",
            "-0 observes FINISH Here are stock tips.",
            "-guardrail-post-0 INTERVENED [word stock tips]",
            "I cannot say that.",
        ];
        assert_eq!(events, expected);
    });
}

#[test]
fn a_guardrail_is_named_whole_and_must_be_there() {
    on_both_stages(async |stage| {
        let half = GuardrailConfiguration::builder().guardrail_identifier("abc123").build();
        let request = bedrock_agent::client(&stage).create_agent().agent_name("half").guardrail_configuration(half);
        let (code, message) = refusal(request.send().await);
        assert_eq!((code.as_str(), message.contains("guardrailVersion")), ("ValidationException", true), "{message}");
        let id = careful(&stage, "abc123").await;
        let (code, message) = refusal(invoke(&stage, &id).input_text("Hi").send().await);
        assert_eq!(code, "ResourceNotFoundException");
        assert_eq!(message, "The guardrail identifier or version provided in the request does not exist.");
    });
}
