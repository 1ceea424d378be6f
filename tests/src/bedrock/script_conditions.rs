//! Whom a rule answers: what tools brought back, sessions, earlier messages, agents, knowledge bases and callers, as the
//! YAML writes it and SDKs ask.

use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, Message, ToolResultBlock, ToolResultContentBlock, ToolResultStatus, ToolUseBlock,
};
use aws_types::app_name::AppName;

use super::{MODEL, assistant, client, message, number, object, order_tool, user};
use crate::bedrock_agent::{self, INSTRUCTION, associated, prepare};
use crate::bedrock_agent_runtime::invoke_agent;
use crate::bedrock_agent_runtime::retrieve_and_generate::{configured, input};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

/// What the model says, or why it says nothing.
async fn hear(stage: &Stage, messages: Vec<Message>, session: Option<&str>) -> Result<String, String> {
    let mut converse = client(stage).converse().model_id(MODEL).set_messages(Some(messages));
    if let Some(session) = session {
        converse = converse.request_metadata("session", session);
    }
    let answer = converse.tool_config(order_tool("get_order")).send().await;
    let answer = answer.map_err(|error| crate::stage::refusal(Err::<(), _>(error)).1)?;
    Ok(answer.output().unwrap().as_message().unwrap().content()[0].as_text().expect("a text").clone())
}

/// A conversation in which tools were asked for and bring back these texts, each with whether it is an error.
fn brought(results: &[(&str, &str, bool)]) -> Vec<Message> {
    let asked = results.iter().enumerate().map(|(place, (tool, ..))| {
        let asked = ToolUseBlock::builder().tool_use_id(format!("t{place}")).name(*tool);
        ContentBlock::ToolUse(asked.input(object([("id", number(7))])).build().expect("all is set"))
    });
    let back = results.iter().enumerate().map(|(place, (_, text, failed))| {
        let status = if *failed { ToolResultStatus::Error } else { ToolResultStatus::Success };
        let content = ToolResultContentBlock::Text((*text).to_owned());
        let back = ToolResultBlock::builder().tool_use_id(format!("t{place}")).status(status).content(content);
        ContentBlock::ToolResult(back.build().expect("all is set"))
    });
    vec![
        user("Where is it?"),
        message(ConversationRole::Assistant, asked.collect()),
        message(ConversationRole::User, back.collect()),
    ]
}

#[test]
fn a_rule_may_want_what_a_tool_has_brought_back() {
    on_both_stages(async |stage| {
        let script = r"rules: [
            {when: {tool_result: {tool: 'get_*', is_error: true, contains: timeout}}, replies: [text: again]},
            {when: {tool_result: {tool: 'get_*', json: {'$.state': {regex: '^(?<state>\w+)$'}}}}, replies: [text: 'is {{m.state}}']},
            {when: {tool_result: {is_error: true}}, replies: [text: failed]},
            {when: {tool_result: '*weather*'}, replies: [text: forecast]},
            {when: {turn: 0}, replies: [text: nothing yet]}]";
        let bedrock = stage.emulator.bedrock();
        bedrock.load_yaml(script).expect("it is a script");
        for (results, expected) in [
            (&[("get_order", "a timeout", true)][..], "again"),
            (&[("get_order", r#"{"state":"sent"}"#, false)], "is sent"),
            (&[("find", "a timeout", true)], "failed"),
            (&[("find", "no such thing", false), ("look", "the weather is fine", false)], "forecast"),
        ] {
            assert_eq!(hear(&stage, brought(results), None).await.as_deref(), Ok(expected));
        }
        let mut later = brought(&[("get_order", "a timeout", true)]);
        later.extend([assistant("It failed."), user("Oh.")]);
        let missed = hear(&stage, later, None).await.expect_err("only the last message counts");
        assert!(missed.contains("tool_result"), "{missed}");
        assert_eq!(hear(&stage, vec![user("Hi")], None).await.as_deref(), Ok("nothing yet"));
        bedrock.forgive();
    });
}

#[test]
fn a_rule_may_want_a_message_of_any_time_and_of_one_side() {
    in_virtual_time(async |stage| {
        let script = "rules: [
            {when: {any_message: {role: assistant, contains: sorry}}, replies: [text: it was sorry]},
            {when: {any_message: {role: user, contains: '#7'}}, replies: [text: it is about 7]},
            {when: {any_message: '*refund*'}, replies: [text: money]},
            {replies: [text: else]}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        for (said, expected) in [
            (vec![user("a"), assistant("I am sorry"), user("b")], "it was sorry"),
            (vec![user("I am sorry"), assistant("a"), user("b")], "else"),
            (vec![user("about #7"), assistant("a"), user("b")], "it is about 7"),
            (vec![user("a"), assistant("about #7"), user("b")], "else"),
            (vec![user("a"), assistant("a refund?"), user("yes")], "money"),
        ] {
            assert_eq!(hear(&stage, said.clone(), None).await.as_deref(), Ok(expected), "{said:?}");
        }
    });
}

#[test]
fn a_session_counts_by_itself_and_may_be_wanted() {
    on_both_stages(async |stage| {
        let script = "rules: [
            {when: {session: 'vip-*'}, to_state: known, in_state: start, replies: [text: 'welcome {{request.session}}']},
            {when: {session: 'vip-*'}, replies: [text: 'again {{count}}']},
            {times: 1, replies: [text: first]},
            {replies: [text: then]}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        for (session, expected) in [
            (Some("vip-1"), "welcome vip-1"),
            (Some("vip-1"), "again 1"),
            (Some("vip-2"), "welcome vip-2"),
            (Some("vip-1"), "again 2"),
            (Some("s-1"), "first"),
            (Some("s-2"), "first"),
            (Some("s-1"), "then"),
            (None, "first"),
            (None, "then"),
        ] {
            assert_eq!(hear(&stage, vec![user("Hi")], session).await.as_deref(), Ok(expected), "{session:?}");
        }
    });
}

#[test]
fn a_rule_may_want_a_caller_by_the_application_or_the_key() {
    on_both_stages(async |stage| {
        let script = "rules: [
            {when: {caller: 'shop-*'}, replies: [text: 'hello {{request.caller}}']},
            {when: {not: {caller: ''}}, replies: [text: somebody]}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        assert_eq!(hear(&stage, vec![user("Hi")], None).await.as_deref(), Ok("somebody"));
        let shop = AppName::new("shop-7").expect("it is a name");
        let config = stage.config.to_builder().app_name(shop).build();
        let shop = aws_sdk_bedrockruntime::Client::new(&config);
        let answer = shop.converse().model_id(MODEL).messages(user("Hi")).send().await.expect("it answers");
        let said = answer.output().unwrap().as_message().unwrap().content()[0].as_text().unwrap().clone();
        assert_eq!(said, "hello shop-7");
    });
}

#[test]
fn a_rule_may_want_an_agent_and_the_step_that_it_is_at() {
    on_both_stages(async |stage| {
        let (one, other) = (bedrock_agent::agent(&stage).await, bedrock_agent::named_agent(&stage, "other").await);
        prepare(&stage, &one).await;
        prepare(&stage, &other).await;
        let script = format!(
            "rules: [
                {{when: {{agent: {one}, prompt_type: ORCHESTRATION}}, replies: [text: 'the one, {{{{request.prompt_type}}}}']}},
                {{when: {{agent: '*', session: 's-*', system: {{contains: orders}}}}, replies: [text: another]}},
                {{when: {{op: Converse, agent: ''}}, replies: [text: no agent]}}]"
        );
        stage.emulator.bedrock().load_yaml(&script).expect("it is a script");
        assert!(INSTRUCTION.contains("orders"));
        assert_eq!(invoke_agent::say(&stage, &one, "Hi").await.text(), "the one, ORCHESTRATION");
        assert_eq!(invoke_agent::say(&stage, &other, "Hi").await.text(), "another");
        assert_eq!(hear(&stage, vec![user("Hi")], None).await.as_deref(), Ok("no agent"));
    });
}

#[test]
fn a_rule_may_want_the_knowledge_base_that_is_answered_from() {
    on_both_stages(async |stage| {
        let agent = bedrock_agent::agent(&stage).await;
        let base = associated(&stage, &agent).await;
        prepare(&stage, &agent).await;
        let script = format!(
            "rules: [
                {{when: {{op: InvokeAgent, knowledge_base: {base}}}, replies: [text: 'agent, {{{{request.knowledge_base}}}}']}},
                {{when: {{knowledge_base: {base}}}, replies: [text: 'asked, {{{{request.prompt_type}}}}']}}]"
        );
        stage.emulator.bedrock().load_yaml(&script).expect("it is a script");
        let question = "How are orders returned?";
        assert_eq!(invoke_agent::say(&stage, &agent, question).await.text(), format!("agent, {base}"));
        let ask = crate::bedrock_agent_runtime::client(&stage).retrieve_and_generate().input(input(question));
        let answer = ask.retrieve_and_generate_configuration(configured(&base, None)).send().await;
        let answer = answer.expect("it answers");
        assert_eq!(answer.output().expect("it has one").text(), "asked, KNOWLEDGE_BASE_RESPONSE_GENERATION");
    });
}
