use std::time::Duration;

use aws_sdk_bedrockagentruntime::operation::invoke_inline_agent::InvokeInlineAgentOutput;
use aws_sdk_bedrockagentruntime::operation::invoke_inline_agent::builders::InvokeInlineAgentFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{
    ActionGroupExecutor, AgentActionGroup, AgentCollaboration, CustomControlMethod, FunctionDefinition, FunctionSchema,
    InlineAgentResponseStream, InlineSessionState, PromptConfiguration, PromptOverrideConfiguration, PromptType,
};
use rehearsal_emulator::{ModelOperation, Reply, anything, operation, turn};
use serde_json::json;

use super::{asked, client, failure, result, short};
use crate::bedrock_agent::{INSTRUCTION, MODEL};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn invoke(stage: &Stage) -> InvokeInlineAgentFluentBuilder {
    client(stage).invoke_inline_agent().session_id("s-1").foundation_model(MODEL).instruction(INSTRUCTION)
}

/// What came, in short, and the invocation that the caller is to carry out.
async fn hear(mut output: InvokeInlineAgentOutput) -> (Vec<String>, Option<String>) {
    let (mut events, mut invocation) = (Vec::new(), None);
    loop {
        match output.completion.recv().await {
            Ok(Some(InlineAgentResponseStream::Chunk(chunk))) => {
                let bytes = chunk.bytes().map(|bytes| bytes.as_ref().to_vec()).unwrap_or_default();
                events.push(String::from_utf8(bytes).expect("it is a text"));
            }
            Ok(Some(InlineAgentResponseStream::Trace(part))) => {
                assert_eq!(part.session_id(), Some("s-1"));
                events.push(short(part.trace().expect("it has one")));
            }
            Ok(Some(InlineAgentResponseStream::ReturnControl(payload))) => {
                events.extend(payload.invocation_inputs().iter().map(asked));
                invocation = payload.invocation_id().map(str::to_owned);
            }
            Ok(Some(other)) => panic!("unexpected {other:?}"),
            Ok(None) => return (events, invocation),
            Err(error) => {
                events.push(failure(error));
                return (events, invocation);
            }
        }
    }
}

fn orders() -> AgentActionGroup {
    let function = FunctionDefinition::builder().name("get_order").build().expect("the name is set");
    let group = AgentActionGroup::builder().action_group_name("orders");
    let group = group.action_group_executor(ActionGroupExecutor::CustomControl(CustomControlMethod::ReturnControl));
    group.function_schema(FunctionSchema::Functions(vec![function])).build().expect("the name is set")
}

#[test]
fn an_agent_comes_with_the_request_and_orchestrates() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let of_inline = || operation(ModelOperation::InvokeInlineAgent);
        bedrock.given(of_inline().and(turn(0))).respond_with(Reply::tool_use("orders__get_order", json!({}))).mount();
        bedrock.given(of_inline().and(turn(1))).respond_with(Reply::text("Shipped.")).mount();
        let request = invoke(&stage).input_text("Where is it?").action_groups(orders()).enable_trace(true);
        let output = request.send().await.expect("it starts");
        assert_eq!((output.content_type(), output.session_id()), ("application/json", "s-1"));
        let (events, invocation) = hear(output).await;
        let expected = [
            "-0 asked ORCHESTRATION",
            "-0 heard",
            "-0 invokes ACTION_GROUP orders get_order RETURN_CONTROL",
            "orders.get_order()",
        ];
        assert_eq!(events, expected);
        let state = InlineSessionState::builder().set_invocation_id(invocation);
        let state = state.return_control_invocation_results(result("get_order", "on its way")).build();
        let request = invoke(&stage).action_groups(orders()).inline_session_state(state);
        assert_eq!(hear(request.send().await.expect("it goes on")).await.0, ["Shipped."]);
        let scene = &bedrock.calls()[1].scene;
        assert_eq!((scene.system.as_str(), scene.agent.as_str()), (INSTRUCTION, ""));
    });
}

#[test]
fn its_session_lives_as_long_as_the_request_says() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("Hello!")).mount();
        for (passes, expected) in [(0, 0), (59, 1), (61, 0)] {
            stage.advance(Duration::from_secs(passes)).await;
            let request = invoke(&stage).input_text("Hi").idle_session_ttl_in_seconds(60);
            hear(request.send().await.expect("it starts")).await;
            assert_eq!(bedrock.calls().last().map(|call| call.scene.turn), Some(expected));
        }
    });
}

#[test]
fn a_failure_of_the_model_is_an_exception_in_the_stream() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::error("ThrottlingException")).mount();
        let (events, _) = hear(invoke(&stage).input_text("Hi").send().await.expect("it starts")).await;
        assert!(events[0].starts_with("ThrottlingException"), "{events:?}");
    });
}

#[test]
fn what_cannot_be_asked_is_refused_before_the_stream() {
    on_both_stages(async |stage| {
        let routes = PromptConfiguration::builder().prompt_type(PromptType::RoutingClassifier).build();
        let routes = PromptOverrideConfiguration::builder().prompt_configurations(routes).build();
        for (request, code, part) in [
            (
                invoke(&stage).prompt_override_configuration(routes.expect("it is whole")).input_text("Hi"),
                "NotImplemented",
                "a ROUTING_CLASSIFIER prompt of bedrock-agent-runtime InvokeInlineAgent",
            ),
            (
                invoke(&stage).instruction("Be short").input_text("Hi"),
                "ValidationException",
                "Value 'Be short' at 'instruction'",
            ),
            (
                invoke(&stage).idle_session_ttl_in_seconds(3601).input_text("Hi"),
                "ValidationException",
                "'idleSessionTTLInSeconds'",
            ),
            (invoke(&stage), "ValidationException", "inputText is required"),
            (
                invoke(&stage).agent_collaboration(AgentCollaboration::Supervisor).input_text("Hi"),
                "NotImplemented",
                "agentCollaboration of bedrock-agent-runtime InvokeInlineAgent",
            ),
        ] {
            let refused = refusal(request.send().await);
            assert_eq!(refused.0, code, "{}", refused.1);
            assert!(refused.1.contains(part), "{}\nlacks {part}", refused.1);
        }
    });
}
