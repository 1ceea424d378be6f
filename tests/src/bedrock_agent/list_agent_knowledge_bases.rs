use super::{agent, associated, client};
use crate::stage::on_both_stages;

#[test]
fn associations_are_listed() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let list = || client(&stage).list_agent_knowledge_bases().agent_id(&id).agent_version("DRAFT");
        assert_eq!(list().send().await.expect("a list").agent_knowledge_base_summaries().len(), 0);
        let base = associated(&stage, &id).await;
        let listed = list().send().await.expect("a list");
        let [only] = listed.agent_knowledge_base_summaries() else { panic!("{listed:?}") };
        assert_eq!(only.knowledge_base_id(), base);
    });
}
