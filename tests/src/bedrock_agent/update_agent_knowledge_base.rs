use aws_sdk_bedrockagent::types::KnowledgeBaseState;

use super::{agent, associated, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_association_is_switched_off_and_keeps_the_rest() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let base = associated(&stage, &id).await;
        let update = |base: &str| {
            let request = client(&stage).update_agent_knowledge_base().agent_id(&id).agent_version("DRAFT");
            request.knowledge_base_id(base).knowledge_base_state(KnowledgeBaseState::Disabled)
        };
        let updated = update(&base).send().await.expect("it is updated");
        let updated = updated.agent_knowledge_base().expect("it is told");
        assert_eq!(
            (updated.description(), updated.knowledge_base_state().as_str()),
            ("How orders are returned", "DISABLED")
        );
        assert_eq!(refusal(update("NOBASE0000").send().await).0, "ResourceNotFoundException");
    });
}
