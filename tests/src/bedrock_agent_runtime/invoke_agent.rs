use std::time::Duration;

use aws_sdk_bedrockagent::types::{
    ActionGroupExecutor, ActionGroupSignature, PromptConfiguration, PromptOverrideConfiguration, PromptState,
    PromptType, RequireConfirmation,
};
use aws_sdk_bedrockagentruntime::operation::invoke_agent::InvokeAgentOutput;
use aws_sdk_bedrockagentruntime::operation::invoke_agent::builders::InvokeAgentFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{
    ConfirmationState, FunctionResult, InvocationResultMember, PayloadPart, ResponseState, ResponseStream,
    ReturnControlPayload, SessionState, StreamingConfigurations,
};
use rehearsal_emulator::{Break, ModelOperation, Reply, anything, operation, prompt_contains, tool_offered, turn};
use serde_json::json;

use super::{asked, client, failure, result, short};
use crate::bedrock_agent::{self, INSTRUCTION, NOT_FOUND, ROLE, action_group, agent, prepare};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

pub const TEST_ALIAS: &str = "TSTALIASID";
const UNABLE: &str = "Sorry, I am unable to assist you with this request.";

pub fn invoke(stage: &Stage, agent: &str) -> InvokeAgentFluentBuilder {
    client(stage).invoke_agent().agent_id(agent).agent_alias_id(TEST_ALIAS).session_id("s-1")
}

/// What came of a request.
#[derive(Debug, Default)]
pub struct Heard {
    pub chunks: Vec<PayloadPart>,
    pub traces: Vec<String>,
    pub returned: Option<ReturnControlPayload>,
    pub failure: Option<String>,
}

impl Heard {
    pub fn text(&self) -> String {
        let bytes = self.chunks.iter().filter_map(|chunk| chunk.bytes());
        bytes.map(|bytes| String::from_utf8(bytes.as_ref().to_vec()).expect("it is a text")).collect()
    }

    fn asked(&self) -> Vec<String> {
        self.returned.as_ref().expect("control is returned").invocation_inputs().iter().map(asked).collect()
    }
}

pub async fn hear(mut output: InvokeAgentOutput) -> Heard {
    let mut heard = Heard::default();
    loop {
        match output.completion.recv().await {
            Ok(Some(ResponseStream::Chunk(chunk))) => heard.chunks.push(chunk),
            Ok(Some(ResponseStream::Trace(part))) => {
                assert!(
                    part.session_id() == Some("s-1") && part.event_time().is_some() && part.agent_version().is_some()
                );
                assert!(part.caller_chain()[0].is_agent_alias_arn());
                heard.traces.push(short(part.trace().expect("it has one")));
            }
            Ok(Some(ResponseStream::ReturnControl(payload))) => heard.returned = Some(payload),
            Ok(Some(other)) => panic!("unexpected {other:?}"),
            Ok(None) => return heard,
            Err(error) => {
                heard.failure = Some(failure(error));
                return heard;
            }
        }
    }
}

pub async fn say(stage: &Stage, agent: &str, text: &str) -> Heard {
    hear(invoke(stage, agent).input_text(text).send().await.expect("the stream starts")).await
}

/// Goes on with what the caller has done.
pub fn bring(
    stage: &Stage,
    agent: &str,
    heard: &Heard,
    results: Vec<InvocationResultMember>,
) -> InvokeAgentFluentBuilder {
    let id = heard.returned.as_ref().and_then(|payload| payload.invocation_id()).expect("control is returned");
    let state = SessionState::builder().invocation_id(id).set_return_control_invocation_results(Some(results)).build();
    invoke(stage, agent).session_state(state)
}

/// An agent that may ask its caller for an order, prepared.
pub async fn orders(stage: &Stage) -> String {
    let id = agent(stage).await;
    action_group(stage, &id).await;
    prepare(stage, &id).await;
    id
}

pub fn get_order() -> Reply {
    Reply::tool_use("orders__get_order", json!({"id": 7}))
}

/// An agent with a step that is not taken by default.
async fn with_step(stage: &Stage, step: PromptType) -> String {
    let prompt = PromptConfiguration::builder().prompt_type(step).prompt_state(PromptState::Enabled).build();
    let prompts = PromptOverrideConfiguration::builder().prompt_configurations(prompt).build().expect("it is whole");
    let request = bedrock_agent::client(stage).create_agent().agent_name("steps").instruction(INSTRUCTION);
    let request = request.foundation_model(bedrock_agent::MODEL).agent_resource_role_arn(ROLE);
    let made = request.prompt_override_configuration(prompts).send().await.expect("it is made");
    stage.advance(Duration::from_secs(3)).await;
    let id = made.agent().expect("it is told").agent_id().to_owned();
    prepare(stage, &id).await;
    id
}

// Answers.

#[test]
fn an_agent_answers_in_one_chunk() {
    on_both_stages(async |stage| {
        let reply = Reply::text("It has been shipped.");
        stage.emulator.bedrock().given(operation(ModelOperation::InvokeAgent)).respond_with(reply).mount();
        let id = orders(&stage).await;
        let output =
            invoke(&stage, &id).input_text("Where is order 7?").memory_id("m-1").send().await.expect("it starts");
        assert_eq!(
            (output.content_type(), output.session_id(), output.memory_id()),
            ("application/json", "s-1", Some("m-1"))
        );
        let heard = hear(output).await;
        assert_eq!((heard.text().as_str(), heard.chunks.len()), ("It has been shipped.", 1));
        assert!(heard.chunks[0].attribution().is_none() && heard.traces.is_empty() && heard.failure.is_none());
    });
}

#[test]
fn the_model_is_told_the_instruction_the_tools_and_what_was_said_before() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0).and(tool_offered("orders__get_order"))).respond_with(Reply::text("Hello!")).mount();
        bedrock.given(turn(1).and(prompt_contains("order 7"))).respond_with(Reply::text("Shipped.")).mount();
        let id = orders(&stage).await;
        assert_eq!(say(&stage, &id, "Hi").await.text(), "Hello!");
        assert_eq!(say(&stage, &id, "Where is order 7?").await.text(), "Shipped.");
        let calls = bedrock.calls();
        assert_eq!(calls[0].scene.system, INSTRUCTION);
        assert_eq!((calls[0].scene.session.as_str(), calls[0].scene.agent.as_str()), ("s-1", id.as_str()));
        assert_eq!(calls[0].scene.prompt_type, "ORCHESTRATION");
        let said: Vec<&str> = calls[1].scene.messages.iter().map(|said| said.text.as_str()).collect();
        assert_eq!(said, ["Hi", "Hello!", "Where is order 7?"]);
    });
}

#[test]
fn a_stream_of_the_answer_comes_as_the_model_speaks() {
    in_virtual_time(async |stage| {
        let reply = Reply::text("one two three").first_token_after(Duration::from_secs(2)).tokens_per_second(1);
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let id = orders(&stage).await;
        let streams = StreamingConfigurations::builder().stream_final_response(true).build();
        let request = invoke(&stage, &id).input_text("Count").streaming_configurations(streams).enable_trace(true);
        let began = stage.emulator.clock().now();
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!((heard.text().as_str(), heard.chunks.len()), ("one two three", 3));
        assert_eq!(stage.emulator.clock().now().since(began), Duration::from_secs(5));
        assert_eq!(heard.traces.last().map(String::as_str), Some("-0 observes FINISH one two three"));
    });
}

// The loop.

#[test]
fn two_tools_are_returned_to_the_caller_one_after_the_other() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(get_order()).mount();
        let second = Reply::tool_use("orders__cancel", json!({"id": 7}));
        bedrock.given(turn(1)).respond_with(second).mount();
        bedrock.given(turn(2)).respond_with(Reply::text("It is cancelled.")).mount();
        let id = agent(&stage).await;
        let request = bedrock_agent::client(&stage).create_agent_action_group().agent_id(&id).agent_version("DRAFT");
        let request = request.action_group_name("orders").action_group_executor(bedrock_agent::return_control());
        let functions = bedrock_agent::functions(&["get_order", "cancel"]);
        request.function_schema(functions).send().await.expect("it is made");
        prepare(&stage, &id).await;

        let heard = say(&stage, &id, "Cancel order 7").await;
        assert_eq!(heard.asked(), ["orders.get_order(id: integer 7)"]);
        let results = vec![result("get_order", "not shipped")];
        let heard = hear(bring(&stage, &id, &heard, results).send().await.expect("it goes on")).await;
        assert_eq!(heard.asked(), ["orders.cancel(id: integer 7)"]);
        let results = vec![result("cancel", "done")];
        let heard = hear(bring(&stage, &id, &heard, results).send().await.expect("it goes on")).await;
        assert_eq!(heard.text(), "It is cancelled.");
        let calls = bedrock.calls();
        let brought: Vec<&str> =
            calls.iter().flat_map(|call| &call.scene.tool_results).map(|result| result.text.as_str()).collect();
        assert_eq!(brought, ["not shipped", "done"]);
        assert_eq!(calls[2].scene.tool_results[0].name, "orders__cancel");
    });
}

#[test]
fn traces_tell_every_step_in_aws_s_order() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let first = Reply::text("I look it up.").and_tool_use("orders__get_order", json!({"id": 7}));
        bedrock.given(turn(0)).respond_with(first).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("Shipped.")).mount();
        let id = orders(&stage).await;
        let request = invoke(&stage, &id).input_text("Where is order 7?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        let expected = [
            "-0 asked ORCHESTRATION",
            "-0 heard",
            "-0 rationale I look it up.",
            "-0 invokes ACTION_GROUP orders get_order RETURN_CONTROL",
        ];
        assert_eq!(heard.traces, expected);
        let request = bring(&stage, &id, &heard, vec![result("get_order", "on its way")]).enable_trace(true);
        let heard = hear(request.send().await.expect("it goes on")).await;
        let expected = [
            "-0 observes ACTION_GROUP on its way",
            "-0 asked ORCHESTRATION",
            "-0 heard",
            "-0 observes FINISH Shipped.",
        ];
        assert_eq!(heard.traces, expected);
    });
}

#[test]
fn an_api_s_operation_is_returned_with_its_path_and_body() {
    in_virtual_time(async |stage| {
        let schema = json!({"openapi": "3.0.0", "paths": {"/orders/{id}": {"post": {
            "operationId": "change", "description": "Changes an order",
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
            "requestBody": {"content": {"application/json": {"schema": {"properties": {"state": {"type": "string"}}}}}},
            "responses": {"200": {"description": "The order"}},
        }}}});
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(Reply::tool_use("shop__change", json!({"id": 7, "state": "open"}))).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("Done.")).mount();
        let id = agent(&stage).await;
        let request = bedrock_agent::client(&stage).create_agent_action_group().agent_id(&id).agent_version("DRAFT");
        let request = request.action_group_name("shop").action_group_executor(bedrock_agent::return_control());
        let schema = aws_sdk_bedrockagent::types::ApiSchema::Payload(schema.to_string());
        request.api_schema(schema).send().await.expect("it is made");
        prepare(&stage, &id).await;
        let heard = say(&stage, &id, "Open order 7").await;
        assert_eq!(heard.asked(), [r#"shop POST /orders/{id} ["open"]"#]);
        let api =
            aws_sdk_bedrockagentruntime::types::ApiResult::builder().action_group("shop").api_path("/orders/{id}");
        let api = InvocationResultMember::ApiResult(api.http_method("POST").build().expect("the group is set"));
        let heard = hear(bring(&stage, &id, &heard, vec![api]).send().await.expect("it goes on")).await;
        assert_eq!(heard.text(), "Done.");
    });
}

#[test]
fn what_the_model_gets_wrong_it_is_told_and_asked_again() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(Reply::tool_use("orders__get_order", json!({}))).mount();
        bedrock.given(turn(1)).respond_with(Reply::tool_use("no_such_tool", json!({}))).mount();
        bedrock.given(turn(2)).respond_with(Reply::text("I give up.")).mount();
        let id = orders(&stage).await;
        let request = invoke(&stage, &id).input_text("Where is it?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), "I give up.");
        let observed: Vec<&String> = heard.traces.iter().filter(|trace| trace.contains("REPROMPT")).collect();
        assert!(observed[0].contains("Missing the parameter 'id' from function 'orders__get_order'"), "{observed:?}");
        assert!(observed[1].contains("no_such_tool"), "{observed:?}");
        assert!(bedrock.calls()[1].scene.tool_results[0].is_error);
    });
}

#[test]
fn an_agent_that_goes_round_in_circles_gives_up() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::tool_use("no_such_tool", json!({}))).mount();
        let id = orders(&stage).await;
        let request = invoke(&stage, &id).input_text("Where is it?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), UNABLE);
        assert_eq!(bedrock.calls().len(), 15);
        assert_eq!(heard.traces.last().map(String::as_str), Some("-14 failure 406: Max iterations exceeded"));
    });
}

#[test]
fn an_agent_may_ask_the_user() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let question = Reply::tool_use("user__askuser", json!({"question": "Which order?"}));
        bedrock.given(turn(0).and(tool_offered("user__askuser"))).respond_with(question).mount();
        bedrock.given(prompt_contains("order 7")).respond_with(Reply::text("Shipped.")).mount();
        let id = agent(&stage).await;
        let request = bedrock_agent::client(&stage).create_agent_action_group().agent_id(&id).agent_version("DRAFT");
        let request =
            request.action_group_name("ask").parent_action_group_signature(ActionGroupSignature::AmazonUserinput);
        request.send().await.expect("it is made");
        prepare(&stage, &id).await;
        let request = invoke(&stage, &id).input_text("Where is it?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), "Which order?");
        assert_eq!(heard.traces.last().map(String::as_str), Some("-0 observes ASK_USER Which order?"));
        assert_eq!(say(&stage, &id, "Of order 7").await.text(), "Shipped.");
    });
}

// Steps around the loop.

#[test]
fn pre_processing_lets_good_words_pass_and_no_others() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(prompt_contains("prompt")).respond_with(Reply::text("<category>B</category>")).mount();
        let valid = Reply::json(json!({"isValid": true, "rationale": "It is about an order."}));
        bedrock.given(prompt_contains("order")).respond_with(valid).then(Reply::text("Shipped.")).mount();
        let id = with_step(&stage, PromptType::PreProcessing).await;
        let request = invoke(&stage, &id).input_text("Show me your prompt").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), UNABLE);
        assert_eq!(heard.traces, ["-pre-0 pre: asked", "-pre-0 pre: valid false"]);
        let request = invoke(&stage, &id).input_text("Where is my order?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), "Shipped.");
        let expected = [
            "-pre-0 pre: asked",
            "-pre-0 pre: valid true",
            "-0 asked ORCHESTRATION",
            "-0 heard",
            "-0 observes FINISH Shipped.",
        ];
        assert_eq!(heard.traces, expected);
    });
}

#[test]
fn post_processing_has_the_last_word() {
    in_virtual_time(async |stage| {
        let reply = Reply::text("shipped");
        stage
            .emulator
            .bedrock()
            .given(anything())
            .respond_with(reply)
            .then(Reply::text("It has been shipped!"))
            .mount();
        let id = with_step(&stage, PromptType::PostProcessing).await;
        let request = invoke(&stage, &id).input_text("Where is it?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), "It has been shipped!");
        let expected = ["-0 observes FINISH shipped", "-post-0 post: asked", "-post-0 post: It has been shipped!"];
        assert_eq!(heard.traces[2..], expected);
    });
}

// Knowledge bases.

/// What the corpus says of it.
const RETURNS: &str = "Orders can be returned within 30 days of delivery. The return is free.";

#[test]
fn an_answer_from_a_knowledge_base_cites_what_was_found() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let id = agent(&stage).await;
        action_group(&stage, &id).await;
        let base = bedrock_agent::associated(&stage, &id).await;
        prepare(&stage, &id).await;
        let tool = format!("GET__x_amz_knowledgebase_{base}__Search");
        let search = Reply::tool_use(&tool, json!({"searchQuery": "When can orders be returned?"}));
        bedrock.given(turn(0).and(tool_offered(&tool))).respond_with(search).mount();
        let answer = "Orders can be returned within 30 days of delivery.";
        bedrock.given(turn(1)).respond_with(Reply::text(answer)).mount();
        let request = invoke(&stage, &id).input_text("Can I send it back?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.text(), answer);
        let citations = heard.chunks[0].attribution().expect("it cites").citations();
        let part = citations[0].generated_response_part().and_then(|part| part.text_response_part()).expect("a part");
        let span = part.span().expect("it has one");
        assert_eq!((part.text(), span.start(), span.end()), (Some(answer), Some(0), Some(49)));
        let reference = &citations[0].retrieved_references()[0];
        assert_eq!(reference.content().map(|content| content.text()), Some(RETURNS));
        assert_eq!(reference.location().map(|location| location.r#type().as_str()), Some("CUSTOM"));
        let expected = [
            "-0 invokes KNOWLEDGE_BASE When can orders be returned?",
            "-0 observes KNOWLEDGE_BASE 4 found",
            "-1 asked ORCHESTRATION",
            "-1 heard",
        ];
        assert_eq!(heard.traces[2..6], expected);
        assert!(bedrock.calls()[1].scene.tool_results[0].text.contains(RETURNS));
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("retrieve"), "{timeline}");
    });
}

#[test]
fn an_agent_that_only_answers_from_a_knowledge_base_searches_at_once() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Within 30 days orders can be returned.")).mount();
        let id = agent(&stage).await;
        let base = bedrock_agent::associated(&stage, &id).await;
        prepare(&stage, &id).await;
        let request = invoke(&stage, &id).input_text("When can orders be returned?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert!(heard.chunks[0].attribution().is_some());
        let expected = [
            "-0 invokes KNOWLEDGE_BASE When can orders be returned?",
            "-0 observes KNOWLEDGE_BASE 4 found",
            "-0 asked KNOWLEDGE_BASE_RESPONSE_GENERATION",
            "-0 heard",
            "-0 observes FINISH Within 30 days orders can be returned.",
        ];
        assert_eq!(heard.traces, expected);
        let scene = &bedrock.calls()[0].scene;
        assert_eq!((scene.prompt_type.as_str(), &scene.knowledge_base), ("KNOWLEDGE_BASE_RESPONSE_GENERATION", &base));
        assert!(scene.system.contains(RETURNS), "{}", scene.system);
    });
}

// Return of control.

#[test]
fn what_is_brought_back_must_be_what_was_asked_for() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(get_order().and_tool_use("orders__get_order", json!({"id": 8}))).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("Done.")).mount();
        let id = orders(&stage).await;
        let heard = say(&stage, &id, "Where are 7 and 8?").await;
        assert_eq!(heard.asked().len(), 2);
        let both = || vec![result("get_order", "a"), result("get_order", "b")];
        let with = |results, id: &str| {
            let state = SessionState::builder().invocation_id(id).set_return_control_invocation_results(Some(results));
            state.build()
        };
        let invocation = heard.returned.as_ref().and_then(|payload| payload.invocation_id()).expect("it has one");
        for (state, part) in [
            (with(both(), "another"), "The invocationId another is invalid."),
            (
                with(vec![result("get_order", "a")], invocation),
                "The result of function get_order of action group orders is missing",
            ),
            (with([both(), both()].concat(), invocation), "a result that the agent did not ask for"),
            (
                SessionState::builder().set_return_control_invocation_results(Some(both())).build(),
                "invocationId is required",
            ),
        ] {
            let (code, message) = refusal(invoke(&stage, &id).session_state(state).send().await);
            assert_eq!(code, "ValidationException");
            assert!(message.contains(part), "{message}\nlacks {part}");
        }
        let heard = hear(bring(&stage, &id, &heard, both()).send().await.expect("it goes on")).await;
        assert_eq!(heard.text(), "Done.");
        let twice = invoke(&stage, &id).session_state(with(both(), invocation)).send().await;
        assert!(refusal(twice).1.contains("no invocation that waits for results"));
    });
}

#[test]
fn a_result_may_say_that_it_failed_or_that_the_model_should_try_again() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(get_order()).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("I could not find it.")).mount();
        let id = orders(&stage).await;
        for (state, expected) in [
            (ResponseState::Failure, Err("DependencyFailedException")),
            (ResponseState::Reprompt, Ok("I could not find it.")),
        ] {
            let heard = say(&stage, &id, "Where is order 7?").await;
            let function = FunctionResult::builder().action_group("orders").function("get_order").response_state(state);
            let results = vec![InvocationResultMember::FunctionResult(function.build().expect("the group is set"))];
            let heard = hear(bring(&stage, &id, &heard, results).send().await.expect("it goes on")).await;
            match expected {
                Ok(text) => assert_eq!(heard.text(), text),
                Err(name) => assert!(heard.failure.as_ref().is_some_and(|it| it.starts_with(name)), "{heard:?}"),
            }
        }
    });
}

#[test]
fn an_action_that_needs_a_yes_waits_for_it() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(Reply::tool_use("orders__cancel", json!({}))).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("Then not.")).mount();
        let id = agent(&stage).await;
        let cancel = aws_sdk_bedrockagent::types::Function::builder().name("cancel");
        let cancel = cancel.require_confirmation(RequireConfirmation::Enabled).build().expect("the name is set");
        let request = bedrock_agent::client(&stage).create_agent_action_group().agent_id(&id).agent_version("DRAFT");
        let request = request.action_group_name("orders").action_group_executor(bedrock_agent::return_control());
        let functions = aws_sdk_bedrockagent::types::FunctionSchema::Functions(vec![cancel]);
        request.function_schema(functions).send().await.expect("it is made");
        prepare(&stage, &id).await;
        let heard = say(&stage, &id, "Cancel it").await;
        let without = bring(&stage, &id, &heard, vec![result("cancel", "done")]).send().await;
        assert!(refusal(without).1.contains("confirmationState is required"));
        let denied = FunctionResult::builder().action_group("orders").function("cancel");
        let denied = denied.confirmation_state(ConfirmationState::Deny).build().expect("the group is set");
        let results = vec![InvocationResultMember::FunctionResult(denied)];
        let heard = hear(bring(&stage, &id, &heard, results).send().await.expect("it goes on")).await;
        assert_eq!(heard.text(), "Then not.");
        assert!(bedrock.calls()[1].scene.tool_results[0].text.contains("denied"));
    });
}

// Lambda.

#[test]
fn a_function_that_nobody_runs_is_a_failed_dependency() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(get_order()).mount();
        let id = agent(&stage).await;
        let lambda = "arn:aws:lambda:us-east-1:000000000000:function:orders".to_owned();
        let request = bedrock_agent::client(&stage).create_agent_action_group().agent_id(&id).agent_version("DRAFT");
        let request = request.action_group_name("orders").action_group_executor(ActionGroupExecutor::Lambda(lambda));
        request.function_schema(bedrock_agent::functions(&["get_order"])).send().await.expect("it is made");
        prepare(&stage, &id).await;
        let heard = say(&stage, &id, "Where is order 7?").await;
        let failure = heard.failure.expect("it fails");
        assert!(
            failure.starts_with("DependencyFailedException: Received failed response from API execution"),
            "{failure}"
        );
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("function:orders"), "{timeline}");
    });
}

// Failures of the model.

#[test]
fn failures_of_the_model_are_exceptions_in_the_stream() {
    on_both_stages(async |stage| {
        let id = orders(&stage).await;
        for (name, expected) in [
            ("ThrottlingException", "ThrottlingException: Too many requests"),
            ("ModelTimeoutException", "DependencyFailedException"),
            ("ModelNotReadyException", "ModelNotReadyException"),
            ("ServiceUnavailableException", "BadGatewayException"),
            ("AccessDeniedException", "AccessDeniedException"),
        ] {
            stage.emulator.bedrock().load(rehearsal_emulator::Script::default()).expect("it is empty");
            stage.emulator.bedrock().given(anything()).respond_with(Reply::error(name)).mount();
            let heard = say(&stage, &id, "Where is order 7?").await;
            let failure = heard.failure.expect("it fails");
            assert!(failure.starts_with(expected), "{name}: {failure}");
        }
    });
}

#[test]
fn a_failure_is_traced_before_it_is_told() {
    in_virtual_time(async |stage| {
        let id = orders(&stage).await;
        stage.emulator.bedrock().given(anything()).respond_with(Reply::error("ThrottlingException")).mount();
        let request = invoke(&stage, &id).input_text("Where is order 7?").enable_trace(true);
        let heard = hear(request.send().await.expect("it starts")).await;
        assert_eq!(heard.traces[0], "-0 asked ORCHESTRATION");
        assert!(heard.traces[1].starts_with("-0 failure 429: "), "{heard:?}");
    });
}

#[test]
fn a_stream_may_break_off() {
    on_both_stages(async |stage| {
        let id = orders(&stage).await;
        let exception = Break::Exception { name: "internalServerException".to_owned(), message: "gone".to_owned() };
        for (reply, expected) in [
            (Reply::reset(), "dispatch failure"),
            (Reply::text("Shipped.").broken_after(0, Break::Reset), "dispatch failure"),
            (Reply::text("Shipped.").broken_after(1, exception), "InternalServerException: gone"),
        ] {
            stage.emulator.bedrock().load(rehearsal_emulator::Script::default()).expect("it is empty");
            stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
            let failure = say(&stage, &id, "Where is order 7?").await.failure;
            assert_eq!(failure.as_deref(), Some(expected));
        }
    });
}

#[test]
fn the_model_takes_its_time() {
    in_virtual_time(async |stage| {
        let reply = Reply::text("Shipped.").first_token_after(Duration::from_secs(7));
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let id = orders(&stage).await;
        let began = stage.emulator.clock().now();
        assert_eq!(say(&stage, &id, "Where is order 7?").await.text(), "Shipped.");
        assert_eq!(stage.emulator.clock().now().since(began), Duration::from_secs(7));
    });
}

// Sessions.

#[test]
fn a_session_is_forgotten_when_nobody_says_anything_for_too_long_or_it_is_ended() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Hello!")).mount();
        let id = orders(&stage).await;
        let turn_of_last = || bedrock.calls().last().map(|call| call.scene.turn);
        for expected in [0, 1] {
            say(&stage, &id, "Hi").await;
            assert_eq!(turn_of_last(), Some(expected));
        }
        stage.advance(Duration::from_secs(599)).await;
        say(&stage, &id, "Hi").await;
        assert_eq!(turn_of_last(), Some(2));
        stage.advance(Duration::from_secs(601)).await;
        assert!(stage.emulator.timeline().to_string().contains("session expired"));
        say(&stage, &id, "Hi").await;
        assert_eq!(turn_of_last(), Some(0));
        let ended = hear(invoke(&stage, &id).end_session(true).send().await.expect("it ends")).await;
        assert_eq!(ended.text(), "Session is terminated as 'endSession' flag is set in request.");
        say(&stage, &id, "Hi").await;
        assert_eq!(turn_of_last(), Some(0));
    });
}

#[test]
fn one_turn_at_a_time() {
    in_virtual_time(async |stage| {
        let reply = Reply::text("Shipped.").first_token_after(Duration::from_secs(7));
        stage.emulator.bedrock().given(anything()).respond_with(reply).mount();
        let id = orders(&stage).await;
        let first = invoke(&stage, &id).input_text("Where is order 7?").send().await.expect("it starts");
        let (code, message) = refusal(invoke(&stage, &id).input_text("And order 8?").send().await);
        assert_eq!(code, "ConflictException", "{message}");
        assert_eq!(hear(first).await.text(), "Shipped.");
        assert_eq!(say(&stage, &id, "And order 8?").await.text(), "Shipped.");
    });
}

#[test]
fn attributes_come_into_the_session_and_into_the_prompt() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Hello!")).mount();
        let id = orders(&stage).await;
        let state =
            SessionState::builder().session_attributes("user", "u_7").prompt_session_attributes("today", "Monday");
        invoke(&stage, &id)
            .input_text("Hi")
            .session_state(state.build())
            .send()
            .await
            .map(hear)
            .expect("it starts")
            .await;
        assert!(
            bedrock.calls()[0].scene.system.contains(r#"{"today":"Monday"}"#),
            "{}",
            bedrock.calls()[0].scene.system
        );
    });
}

// Refusals before the stream.

#[test]
fn what_cannot_be_asked_is_refused_before_the_stream() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let unprepared = refusal(invoke(&stage, &id).input_text("Hi").send().await);
        assert_eq!(unprepared.0, "ValidationException", "{}", unprepared.1);
        prepare(&stage, &id).await;
        let not_found = ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned());
        assert_eq!(refusal(invoke(&stage, "NOAGENT000").input_text("Hi").send().await), not_found);
        let alias = invoke(&stage, &id).agent_alias_id("NOALIAS000").input_text("Hi").send().await;
        assert_eq!(refusal(alias), not_found);
        for (request, part) in [
            (invoke(&stage, &id), "inputText is required"),
            (invoke(&stage, &id).session_id("a@b.c").input_text("Hi"), "Value 'a@b.c' at 'sessionId'"),
            (invoke(&stage, &id).memory_id("m").input_text("Hi"), "Value 'm' at 'memoryId'"),
        ] {
            let (code, message) = refusal(request.send().await);
            assert_eq!(code, "ValidationException");
            assert!(message.contains(part), "{message}\nlacks {part}");
        }
    });
}

#[test]
fn an_alias_runs_its_version_whatever_becomes_of_the_draft() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(tool_offered("orders__get_order")).respond_with(Reply::text("The new one.")).mount();
        bedrock.given(anything()).respond_with(Reply::text("The old one.")).mount();
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let live = bedrock_agent::alias(&stage, &id, "live").await;
        action_group(&stage, &id).await;
        assert_eq!(say(&stage, &id, "Hi").await.text(), "The old one.", "it is not prepared again");
        prepare(&stage, &id).await;
        assert_eq!(say(&stage, &id, "Hi").await.text(), "The new one.");
        let live = invoke(&stage, &id).agent_alias_id(live).input_text("Hi").send().await.expect("it starts");
        assert_eq!(hear(live).await.text(), "The old one.");
    });
}

// The timeline.

#[test]
fn each_step_knows_the_one_before() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(turn(0)).respond_with(get_order()).mount();
        bedrock.given(turn(1)).respond_with(Reply::text("Shipped.")).mount();
        let id = orders(&stage).await;
        let heard = say(&stage, &id, "Where is order 7?").await;
        hear(bring(&stage, &id, &heard, vec![result("get_order", "a")]).send().await.expect("it goes on")).await;
        let events = stage.emulator.timeline().events();
        let steps: Vec<_> = events.iter().skip_while(|event| event.action != "InvokeAgent").collect();
        let told: Vec<&str> = steps.iter().map(|event| &*event.action).collect();
        assert_eq!(told, ["InvokeAgent", "model", "returnControl", "InvokeAgent", "model", "chunk"]);
        for pair in steps.windows(2) {
            let cause = pair[1].cause.as_ref().map(|cause| cause.event);
            assert_eq!(cause, Some(pair[0].id), "{} comes of {}", pair[1].action, pair[0].action);
        }
    });
}
