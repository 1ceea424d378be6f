//! What agents and knowledge bases are to a process that reads back what another one kept.

use std::time::Duration;

use aws_sdk_bedrockagent::types::DocumentStatus;
use rehearsal_emulator::{Reply, turn};

use super::get_agent_memory::{a_session, get, summaries, summarizes, with_memory};
use super::invoke_agent::{bring, get_order, hear, orders, say};
use super::retrieve::{found, texts};
use super::retrieve_and_generate::{configured, input};
use super::{client, result};
use crate::bedrock_agent::knowledge::{base, filled_base, ingest, source, text_document};
use crate::bedrock_agent::{self, prepare};
use crate::keeping::{LeftBehind, shown};
use crate::stage::{Stage, in_virtual_time, refusal};

#[test]
fn a_knowledge_base_finds_the_same_and_goes_on_with_what_was_handed_in() {
    in_virtual_time(async |stage| {
        let agents = bedrock_agent::client(&stage);
        let base = base(&stage, "docs").await;
        let source = source(&stage, &base, None).await;
        ingest(&stage, &base, &source, vec![text_document("plums", "Plums are blue.").build()]).await;
        let late = agents.ingest_knowledge_base_documents().knowledge_base_id(&base).data_source_id(&source);
        late.documents(text_document("limes", "Limes are sour.").build()).send().await.expect("it is taken");
        let left = LeftBehind::by(&stage);
        let later = left.after(Duration::ZERO).await;
        let [before, after] = [&stage, &later].map(|stage| found(stage, &base, "Which fruit is blue?"));
        let (before, after) = (before.await, after.await);
        assert_eq!(shown(&after), shown(&before), "with scores, chunk ids and metadata");
        later.advance(Duration::from_secs(2)).await;
        assert_eq!(texts(&found(&later, &base, "sour").await), ["Limes are sour.", "Plums are blue."]);
        let later = left.after(Duration::from_hours(1)).await;
        let documents = bedrock_agent::client(&later).list_knowledge_base_documents();
        let documents =
            documents.knowledge_base_id(&base).data_source_id(&source).send().await.expect("they are there");
        let mut states = documents.document_details().iter().map(|document| document.status());
        assert!(states.all(|status| *status == DocumentStatus::Indexed), "{documents:?}");
    });
}

#[test]
fn an_agent_goes_on_with_what_it_asked_for_unless_the_session_has_expired() {
    in_virtual_time(async |stage| {
        stage.emulator.bedrock().given(turn(0)).respond_with(get_order()).mount();
        let id = orders(&stage).await;
        let heard = say(&stage, &id, "Where is order 7?").await;
        let left = LeftBehind::by(&stage);
        let results = || vec![result("get_order", "shipped")];
        let later = left.after(Duration::from_mins(5)).await;
        later.emulator.bedrock().given(turn(1)).respond_with(Reply::text("It is on its way.")).mount();
        let answer = hear(bring(&later, &id, &heard, results()).send().await.expect("it goes on")).await;
        assert_eq!(answer.text(), "It is on its way.");
        let scene = later.emulator.bedrock().calls()[0].scene.clone();
        assert_eq!(
            (scene.messages[0].text.as_str(), scene.tool_results[0].text.as_str()),
            ("Where is order 7?", "shipped")
        );
        let later = left.after(Duration::from_mins(11)).await;
        assert!(refusal(bring(&later, &id, &heard, results()).send().await).1.contains("no invocation that waits"));
    });
}

#[test]
fn an_agent_a_version_and_an_alias_are_the_same_and_change_as_they_would_have() {
    in_virtual_time(async |stage| {
        let id = orders(&stage).await;
        bedrock_agent::alias(&stage, &id, "live").await;
        let preparing = bedrock_agent::client(&stage).prepare_agent().agent_id(&id);
        preparing.send().await.expect("it is prepared");
        let later = LeftBehind::by(&stage).after(Duration::ZERO).await;
        for round in ["while it is prepared", "when it is"] {
            let mut told = Vec::new();
            for stage in [&stage, &later] {
                let agents = bedrock_agent::client(stage);
                told.push([
                    shown(&agents.get_agent().agent_id(&id).send().await),
                    shown(&agents.list_agent_aliases().agent_id(&id).send().await),
                    shown(&agents.get_agent_version().agent_id(&id).agent_version("1").send().await),
                    shown(&agents.list_agent_action_groups().agent_id(&id).agent_version("DRAFT").send().await),
                ]);
            }
            assert_eq!(told[1], told[0], "{round}");
            // The two worlds share the runtime's virtual time.
            stage.advance(Duration::from_secs(5)).await;
        }
        prepare(&later, &id).await;
    });
}

#[test]
fn a_summary_comes_and_goes_in_its_time_even_if_nobody_was_there() {
    in_virtual_time(async |stage| {
        summarizes(&stage);
        let id = with_memory(&stage).await;
        a_session(&stage, &id, "s-1", Some("u_7")).await;
        let left = LeftBehind::by(&stage);
        let remembered = async |stage: Stage| summaries(&get(&stage, &id, "u_7").send().await.expect("it is read"));
        assert!(remembered(left.after(Duration::ZERO).await).await.is_empty());
        assert_eq!(remembered(left.after(Duration::from_mins(1)).await).await, ["u_7 s-1 Of s-1."]);
        assert!(remembered(left.after(Duration::from_hours(24 * 8)).await).await.is_empty());
    });
}

#[test]
fn a_session_of_questions_and_answers_goes_on() {
    in_virtual_time(async |stage| {
        let base = filled_base(&stage).await;
        let ask = async |stage: &Stage, session: Option<String>| {
            stage
                .emulator
                .bedrock()
                .given(turn(u32::from(session.is_some())))
                .respond_with(Reply::text("Yes."))
                .mount();
            let ask = client(stage).retrieve_and_generate().input(input("Can I return an order?"));
            let ask = ask.retrieve_and_generate_configuration(configured(&base, None)).set_session_id(session);
            ask.send().await
        };
        let session = ask(&stage, None).await.expect("it is answered").session_id().to_owned();
        let left = LeftBehind::by(&stage);
        ask(&left.after(Duration::from_hours(23)).await, Some(session.clone())).await.expect("the session goes on");
        let (_, message) = refusal(ask(&left.after(Duration::from_hours(25)).await, Some(session)).await);
        assert!(message.contains("is not valid"), "{message}");
    });
}
