//! What the model says and how it is wrong, as the caller meets it through the official SDK.

use std::time::Duration;

use aws_sdk_bedrockruntime::types::{
    ContentBlock, ContentBlockDelta, ContentBlockStart, ConversationRole, ConverseStreamOutput as Event,
    InferenceConfiguration, Message, ToolResultBlock, ToolResultContentBlock, ToolUseBlock,
};
use rehearsal_emulator::{Content, Mutation, Reply, anything, model};
use serde_json::json;

use super::{MODEL, client, message, object, order_tool, user};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

/// The blocks of an answer and why it ended, in short: as it comes whole, and as its stream adds up to.
async fn both(stage: &Stage, messages: Vec<Message>) -> (String, String) {
    let tools = || Some(order_tool("get_order"));
    let converse = client(stage).converse().model_id(MODEL).set_messages(Some(messages.clone()));
    let answer = converse.set_tool_config(tools()).send().await.expect("the model answers");
    let said = answer.output().unwrap().as_message().unwrap().content().iter().map(|block| match block {
        ContentBlock::Text(text) => text.clone(),
        ContentBlock::ToolUse(tool) => format!("{}({:?})", tool.name(), tool.input()).replace("\\\"", "\""),
        ContentBlock::ReasoningContent(_) => "reasoning".to_owned(),
        other => format!("{other:?}"),
    });
    let whole = format!("{} > {}", said.collect::<Vec<_>>().join(" | "), answer.stop_reason());
    let converse = client(stage).converse_stream().model_id(MODEL).set_messages(Some(messages));
    let mut stream = converse.set_tool_config(tools()).send().await.expect("the stream starts").stream;
    let (mut blocks, mut block, mut reason) = (Vec::new(), String::new(), String::new());
    while let Some(event) = stream.recv().await.expect("the stream is whole") {
        match event {
            Event::ContentBlockStart(start) => match start.start() {
                Some(ContentBlockStart::ToolUse(tool)) => block = format!("{}:", tool.name()),
                other => panic!("{other:?}"),
            },
            Event::ContentBlockDelta(delta) => match delta.delta() {
                Some(ContentBlockDelta::Text(text)) => block.push_str(text),
                Some(ContentBlockDelta::ToolUse(tool)) => block.push_str(tool.input()),
                Some(ContentBlockDelta::ReasoningContent(_)) => block = "reasoning".to_owned(),
                other => panic!("{other:?}"),
            },
            Event::ContentBlockStop(_) => blocks.push(std::mem::take(&mut block)),
            Event::MessageStop(stop) => reason = stop.stop_reason().to_string(),
            _ => {}
        }
    }
    (whole, format!("{} > {reason}", blocks.join(" | ")))
}

#[test]
fn each_mutation_reaches_the_caller() {
    on_both_stages(async |stage| {
        let list = || Reply::json(json!([{"id": 1, "price": 0.5}]));
        let tool = || Reply::tool_use("get_order", json!({"id": 7}));
        let text = |mutation: Mutation| list().mutate(mutation);
        let mut others = Vec::new();
        for (reply, expected) in [
            (text(Mutation::TruncateJson(None)), "[{\"id\":1,\"pric > end_turn"),
            (text(Mutation::CodeFence(None)), "```json\n[{\"id\":1,\"price\":0.5}]\n``` > end_turn"),
            (text(Mutation::WrongSchema(None)), "{\"items\":[{\"id\":1,\"price\":0.5}]} > end_turn"),
            (text(Mutation::MissingField(Some("$[0].id".parse().unwrap()))), "[{\"price\":0.5}] > end_turn"),
            (text(Mutation::ExtraItems(None)), "[{\"id\":1,\"price\":0.5},{\"id\":1,\"price\":0.5}] > end_turn"),
            (text(Mutation::NumbersAsStrings(None)), "[{\"id\":\"1\",\"price\":\"0.5\"}] > end_turn"),
            (text(Mutation::FloatAsString(None)), "[{\"id\":1,\"price\":\"0.5\"}] > end_turn"),
            (text(Mutation::Refusal(None)), "I'm sorry, but I can't help with that. > end_turn"),
            (text(Mutation::MaxTokens(Some(2))), "[{\"id\":1 > max_tokens"),
            (text(Mutation::EmptyContent), " > end_turn"),
            (Reply::text("hi").mutate(Mutation::ReasoningFirst(None)), "reasoning | hi > end_turn"),
        ] {
            stage.emulator.bedrock().load(Default::default()).unwrap();
            stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
            let found = both(&stage, vec![user("hi")]).await;
            if found != (expected.to_owned(), expected.to_owned()) {
                others.push(format!("{found:?} is not {expected}"));
            }
        }
        for (reply, expected) in [
            (tool().mutate(Mutation::UnknownTool(None)), "get_order_v2:{\"id\":7} > tool_use"),
            (
                tool().mutate(Mutation::BadToolInput(Some(json!({"number": "seven"})))),
                "get_order:{\"number\":\"seven\"} > tool_use",
            ),
            (tool().mutate(Mutation::DuplicateToolUseId), "get_order:{\"id\":7} | get_order:{\"id\":7} > tool_use"),
            (Reply::text("again").mutate(Mutation::ToolLoop), "again | get_order:{} > tool_use"),
        ] {
            stage.emulator.bedrock().load(Default::default()).unwrap();
            stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
            let (_, found) = both(&stage, vec![user("hi")]).await;
            if found != expected {
                others.push(format!("{found} is not {expected}"));
            }
        }
        assert!(others.is_empty(), "{}", others.join("\n"));
    });
}

/// Prose around JSON, and a tool loop that never gives way to what comes after it.
#[test]
fn a_loop_of_tools_does_not_end_by_itself() {
    in_virtual_time(async |stage| {
        let script = "- replies:\n  - {tool_use: {name: get_order}, mutate: tool_loop}\n  - text: done\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let mut ids = Vec::new();
        for _ in 0..5 {
            let converse = client(&stage).converse().model_id(MODEL).messages(user("hi"));
            let answer = converse.tool_config(order_tool("get_order")).send().await.unwrap();
            let content = answer.output().unwrap().as_message().unwrap().content()[0].as_tool_use().unwrap().clone();
            assert!(!ids.iter().any(|id: &String| id == content.tool_use_id()), "each use has an id of its own");
            ids.push(content.tool_use_id().to_owned());
        }
    });
}

#[test]
fn an_input_that_is_no_json_comes_in_a_stream_as_it_is() {
    on_both_stages(async |stage| {
        let script = "- replies:\n  - tool_use: {name: get_order, input_text: '{\"id\":', split: 2}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let (whole, stream) = both(&stage, vec![user("hi")]).await;
        assert_eq!(stream, "get_order:{\"id\": > tool_use");
        assert_eq!(whole, "get_order(String(\"{\"id\":\")) > tool_use");
    });
}

#[test]
fn blocks_come_in_the_order_of_the_script() {
    on_both_stages(async |stage| {
        let reply = Reply::content([
            Content::text("first"),
            Content::tool_use("get_order", json!({"id": 1})),
            Content::text("between"),
            Content::tool_use("get_order", json!({"id": 2})),
        ]);
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let (_, stream) = both(&stage, vec![user("hi")]).await;
        assert_eq!(stream, "first | get_order:{\"id\":1} | between | get_order:{\"id\":2} > tool_use");
    });
}

#[test]
fn a_duplicate_id_may_be_that_of_the_result_before() {
    in_virtual_time(async |stage| {
        let reply = Reply::tool_use("get_order", json!({})).mutate(Mutation::DuplicateToolUseId);
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let tool = ToolUseBlock::builder().tool_use_id("t-1").name("get_order").input(object([])).build().unwrap();
        let result = ToolResultBlock::builder()
            .tool_use_id("t-1")
            .content(ToolResultContentBlock::Text("OK".to_owned()))
            .build()
            .unwrap();
        let converse = client(&stage)
            .converse()
            .model_id(MODEL)
            .messages(user("hi"))
            .messages(message(ConversationRole::Assistant, vec![ContentBlock::ToolUse(tool)]))
            .messages(message(ConversationRole::User, vec![ContentBlock::ToolResult(result)]));
        let answer = converse.tool_config(order_tool("get_order")).send().await.unwrap();
        let ids = answer.output().unwrap().as_message().unwrap().content().iter();
        let ids: Vec<&str> = ids.map(|block| block.as_tool_use().unwrap().tool_use_id()).collect();
        assert!(ids == ["t-1"] || (ids.len() == 2 && ids[0] == ids[1]), "{ids:?}");
    });
}

#[test]
fn templates_are_filled_from_the_request_the_counter_and_the_clock() {
    in_virtual_time(async |stage| {
        let script = "- replies:\n  - json: {order: \"{{json last_user '$.order.id'}}\", count: '{{count}}',\n              \
                      model: '{{request.model}}', at: \"{{now '+1h'}}\", dice: '{{int 1 6}}'}\n";
        stage.emulator.bedrock().load_yaml(&format!("seed: 9\nrules:\n{script}")).unwrap();
        let ask = async || {
            let answer = client(&stage).converse().model_id(MODEL).messages(user("Order {\"order\":{\"id\":7}}!"));
            let answer = answer.send().await.unwrap();
            answer.output().unwrap().as_message().unwrap().content()[0].as_text().unwrap().clone()
        };
        let first: serde_json::Value = serde_json::from_str(&ask().await).unwrap();
        assert_eq!((&first["order"], &first["count"], &first["model"]), (&json!(7), &json!(1), &json!(MODEL)));
        assert_eq!(first["at"], "2026-01-01T01:00:00Z");
        assert!((1..=6).contains(&first["dice"].as_i64().unwrap()), "{first}");
        let second: serde_json::Value = serde_json::from_str(&ask().await).unwrap();
        assert_eq!(second["count"], 2);
        stage.emulator.bedrock().rewind();
        assert_eq!(serde_json::from_str::<serde_json::Value>(&ask().await).unwrap(), first, "the seed repeats it");
    });
}

#[test]
fn a_template_that_finds_nothing_is_a_miss() {
    on_both_stages(async |stage| {
        let script = "- name: order\n  replies:\n  - text: \"{{json last_user '$.order.id'}}\"\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let result = client(&stage).converse_stream().model_id(MODEL).messages(user("hi")).send().await;
        let (code, message) = crate::stage::refusal(result.map(|_| ()));
        assert_eq!(code, "ValidationException");
        assert!(message.contains("rule `order` fits") && message.contains("finds nothing in `hi`"), "{message}");
        assert_eq!(stage.emulator.bedrock().misses().len(), 1);
        stage.emulator.bedrock().forgive();
    });
}

#[test]
fn pieces_by_hand_leave_in_their_time() {
    in_virtual_time(async |stage| {
        let script = "- replies:\n  - {pieces: [One, {after: 2s, text: ' two'}, ' three'], gaps: [9s, 500ms], \
                      first_token_after: 1s}\n";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let began = stage.emulator.clock().now();
        let mut stream =
            client(&stage).converse_stream().model_id(MODEL).messages(user("hi")).send().await.unwrap().stream;
        let mut times = Vec::new();
        while let Some(event) = stream.recv().await.unwrap() {
            if let Event::ContentBlockDelta(delta) = event {
                let text = delta.delta().unwrap().as_text().unwrap().clone();
                times.push((stage.emulator.clock().now().since(began), text));
            }
        }
        let expected = [(1000, "One"), (3000, " two"), (3500, " three")];
        assert_eq!(times, expected.map(|(ms, text)| (Duration::from_millis(ms), text.to_owned())));
    });
}

#[test]
fn a_demo_may_say_lorem_ipsum() {
    in_virtual_time(async |stage| {
        stage.emulator.bedrock().load_yaml("{seed: 7, defaults: {on_miss: lorem}, rules: []}").unwrap();
        let limit = InferenceConfiguration::builder().max_tokens(10).build();
        let converse = client(&stage).converse().model_id(MODEL).messages(user("hi")).inference_config(limit);
        let answer = converse.send().await.unwrap();
        let text = answer.output().unwrap().as_message().unwrap().content()[0].as_text().unwrap().clone();
        assert!(text.starts_with("Lorem ") && text.len() <= 40, "{text}");
        assert!(stage.emulator.bedrock().misses().is_empty());
    });
}

#[test]
fn a_guardrail_intervenes_with_its_text() {
    on_both_stages(async |stage| {
        let reply = Reply::guardrail(json!({"topicPolicy": {"topics": []}}));
        stage.emulator.bedrock().given(model("*")).respond_with(reply).mount();
        let expected = "Sorry, the model cannot answer this question. > guardrail_intervened".to_owned();
        assert_eq!(both(&stage, vec![user("hi")]).await, (expected.clone(), expected));
    });
}
