use std::time::Duration;

use aws_sdk_bedrockagent::types::{MemoryConfiguration, MemoryType as EnabledMemory, SessionSummaryConfiguration};
use aws_sdk_bedrockagentruntime::operation::get_agent_memory::GetAgentMemoryOutput;
use aws_sdk_bedrockagentruntime::operation::get_agent_memory::builders::GetAgentMemoryFluentBuilder;
use aws_sdk_bedrockagentruntime::types::{Memory, MemoryType};
use rehearsal_emulator::{Reply, anything};

use super::client;
use super::invoke_agent::{TEST_ALIAS, hear, invoke};
use crate::bedrock_agent::{self, INSTRUCTION, MODEL, NOT_FOUND, ROLE, prepare};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

const DAY: Duration = Duration::from_hours(24);

/// An agent that keeps the summaries of its sessions for seven days and is told the last two, prepared.
pub async fn with_memory(stage: &Stage) -> String {
    let recent = SessionSummaryConfiguration::builder().max_recent_sessions(2).build();
    let memory = MemoryConfiguration::builder().enabled_memory_types(EnabledMemory::SessionSummary).storage_days(7);
    let memory = memory.session_summary_configuration(recent).build().expect("the type is set");
    let request = bedrock_agent::client(stage).create_agent().agent_name("remembers").foundation_model(MODEL);
    let request = request.instruction(INSTRUCTION).agent_resource_role_arn(ROLE).memory_configuration(memory);
    let made = request.send().await.expect("it is made");
    stage.advance(Duration::from_secs(3)).await;
    let id = made.agent().expect("it is told").agent_id().to_owned();
    prepare(stage, &id).await;
    id
}

/// A model that says hello, and summarizes sessions by their number.
pub fn summarizes(stage: &Stage) {
    let script = "rules: [
        {when: {prompt_type: MEMORY_SUMMARIZATION}, replies: [
            {first_token_after: 30s, text: 'Done. <summary>Of {{request.session}}.</summary>'}]},
        {replies: [text: 'Hello!']}]";
    stage.emulator.bedrock().load_yaml(script).expect("it is a script");
}

/// Says something in a session, and ends it.
pub async fn a_session(stage: &Stage, agent: &str, session: &str, memory: Option<&str>) {
    say(stage, agent, session, memory).await;
    let ended = invoke(stage, agent).session_id(session).end_session(true).set_memory_id(memory.map(str::to_owned));
    let mut ended = ended.send().await.expect("it ends");
    while ended.completion.recv().await.expect("it ends well").is_some() {}
}

async fn say(stage: &Stage, agent: &str, session: &str, memory: Option<&str>) {
    let request = invoke(stage, agent).session_id(session).input_text("Where is order 7?");
    let mut output = request.set_memory_id(memory.map(str::to_owned)).send().await.expect("it starts");
    while output.completion.recv().await.expect("it answers").is_some() {}
}

pub fn get(stage: &Stage, agent: &str, memory: &str) -> GetAgentMemoryFluentBuilder {
    let request = client(stage).get_agent_memory().agent_id(agent).agent_alias_id(TEST_ALIAS).memory_id(memory);
    request.memory_type(MemoryType::SessionSummary)
}

/// The summaries on a page, and whether there are more.
pub fn summaries(output: &GetAgentMemoryOutput) -> Vec<String> {
    let texts = output.memory_contents().iter().map(|memory| match memory {
        Memory::SessionSummary(it) => {
            let [memory, session] = [it.memory_id(), it.session_id()].map(Option::unwrap_or_default);
            format!("{memory} {session} {}", it.summary_text().unwrap_or_default())
        }
        other => panic!("unexpected {other:?}"),
    });
    texts.collect()
}

#[test]
fn a_session_that_has_ended_is_summarized_and_forgotten_in_time() {
    on_both_stages(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        a_session(&stage, &id, "s-1", Some("u_7")).await;
        let bedrock = stage.emulator.bedrock();
        let asked = bedrock.calls()[1].scene.clone();
        assert_eq!((asked.prompt_type.as_str(), asked.session.as_str()), ("MEMORY_SUMMARIZATION", "s-1"));
        assert_eq!(
            (asked.agent.as_str(), asked.last_user.as_str()),
            (&*id, "user: Where is order 7?\nassistant: Hello!")
        );
        let got = get(&stage, &id, "u_7").send().await.expect("it is there");
        assert!(got.memory_contents().is_empty(), "the model still speaks");
        stage.advance(Duration::from_secs(30)).await;
        let got = get(&stage, &id, "u_7").send().await.expect("it is there");
        assert_eq!(summaries(&got), ["u_7 s-1 Of s-1."]);
        let Memory::SessionSummary(summary) = &got.memory_contents()[0] else { panic!("it is one") };
        let (started, expires) = (summary.session_start_time().unwrap(), summary.session_expiry_time().unwrap());
        assert!((expires.secs() - started.secs()).abs_diff(7 * 24 * 3600) < 60, "{started} to {expires}");
        assert!(got.next_token().is_none());
        let other = get(&stage, &id, "u_8").send().await.expect("it is empty");
        assert!(other.memory_contents().is_empty());
        stage.advance(7 * DAY).await;
        let got = get(&stage, &id, "u_7").send().await.expect("it is empty");
        assert!(got.memory_contents().is_empty());
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("session summarized") && timeline.contains("session summary expired"), "{timeline}");
    });
}

#[test]
fn later_sessions_are_told_the_latest_summaries() {
    in_virtual_time(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        for session in ["s-1", "s-2", "s-3"] {
            a_session(&stage, &id, session, Some("u_7")).await;
            stage.advance(Duration::from_secs(30)).await;
        }
        say(&stage, &id, "s-4", Some("u_7")).await;
        say(&stage, &id, "s-5", Some("u_8")).await;
        say(&stage, &id, "s-6", None).await;
        let calls = stage.emulator.bedrock().calls();
        let systems: Vec<&str> = calls[6..].iter().map(|call| call.scene.system.as_str()).collect();
        assert!(systems[0].starts_with(INSTRUCTION) && systems[0].ends_with("Of s-2.\nOf s-3."), "{}", systems[0]);
        assert_eq!(systems[1..], [INSTRUCTION, INSTRUCTION]);
        let earlier = &calls[5].scene.system;
        assert!(earlier.contains("Of s-1.\nOf s-2."), "a summary knows those before: {earlier}");
    });
}

#[test]
fn a_session_that_expires_is_summarized_too_and_a_turn_without_a_memory_is_not_remembered() {
    in_virtual_time(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        say(&stage, &id, "s-1", Some("u_7")).await;
        say(&stage, &id, "s-1", None).await;
        say(&stage, &id, "s-2", None).await;
        stage.advance(Duration::from_secs(700)).await;
        let got = get(&stage, &id, "u_7").send().await.expect("it is there");
        assert_eq!(summaries(&got), ["u_7 s-1 Of s-1."]);
        let asked: Vec<_> = stage.emulator.bedrock().calls();
        assert_eq!(asked.len(), 4, "of the other session nothing is remembered");
        assert_eq!(asked[3].scene.last_user, "user: Where is order 7?\nassistant: Hello!");
    });
}

#[test]
fn a_memory_is_read_in_pages_latest_first() {
    on_both_stages(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        for session in ["s-1", "s-2", "s-3"] {
            a_session(&stage, &id, session, Some("u_7")).await;
        }
        stage.advance(Duration::from_secs(30)).await;
        let first = get(&stage, &id, "u_7").max_items(2).send().await.expect("it is there");
        assert_eq!(summaries(&first), ["u_7 s-3 Of s-3.", "u_7 s-2 Of s-2."]);
        let token = first.next_token().expect("there are more");
        let rest = get(&stage, &id, "u_7").max_items(2).next_token(token).send().await.expect("it is there");
        assert_eq!((summaries(&rest), rest.next_token()), (vec!["u_7 s-1 Of s-1.".to_owned()], None));
    });
}

#[test]
fn an_agent_without_memory_remembers_nothing() {
    in_virtual_time(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("Hello!")).expect(1).mount();
        let id = bedrock_agent::agent(&stage).await;
        prepare(&stage, &id).await;
        a_session(&stage, &id, "s-1", Some("u_7")).await;
        let got = get(&stage, &id, "u_7").send().await.expect("it is empty");
        assert!(got.memory_contents().is_empty());
    });
}

#[test]
fn a_model_that_fails_to_summarize_leaves_no_summary() {
    in_virtual_time(async |stage| {
        let script = "rules: [
            {when: {prompt_type: MEMORY_SUMMARIZATION}, replies: [{fault: {error: ThrottlingException}}]},
            {replies: [text: 'Hello!']}]";
        stage.emulator.bedrock().load_yaml(script).expect("it is a script");
        let id = with_memory(&stage).await;
        a_session(&stage, &id, "s-1", Some("u_7")).await;
        stage.advance(Duration::from_mins(5)).await;
        let got = get(&stage, &id, "u_7").send().await.expect("it is empty");
        assert!(got.memory_contents().is_empty());
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("ThrottlingException"), "{timeline}");
    });
}

#[test]
fn what_cannot_be_asked_is_refused() {
    on_both_stages(async |stage| {
        let id = with_memory(&stage).await;
        let not_found = ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned());
        assert_eq!(refusal(get(&stage, "NOAGENT000", "u_7").send().await), not_found);
        assert_eq!(refusal(get(&stage, &id, "u_7").agent_alias_id("NOALIAS000").send().await), not_found);
        for (request, part) in [
            (get(&stage, &id, "u"), "Value 'u' at 'memoryId'"),
            (get(&stage, &id, "u_7").max_items(0), "Value '0' at 'maxItems'"),
            (get(&stage, &id, "u_7").memory_type("ALL".into()), "Value 'ALL' at 'memoryType'"),
            (get(&stage, &id, "u_7").next_token("abc"), "Invalid nextToken"),
        ] {
            let (code, message) = refusal(request.send().await);
            assert_eq!(code, "ValidationException");
            assert!(message.contains(part), "{message}\nlacks {part}");
        }
    });
}

#[test]
fn a_turn_that_is_heard_by_nobody_is_no_turn() {
    in_virtual_time(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        let request = invoke(&stage, &id).session_id("s-1").memory_id("u_7").input_text("Hi").end_session(true);
        hear(request.send().await.expect("it ends")).await;
        assert!(stage.emulator.bedrock().calls().is_empty(), "a session that has said nothing has no summary");
    });
}
