use super::{agent, associated, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_association_ends() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let base = associated(&stage, &id).await;
        let end = || {
            client(&stage)
                .disassociate_agent_knowledge_base()
                .agent_id(&id)
                .agent_version("DRAFT")
                .knowledge_base_id(&base)
        };
        end().send().await.expect("it ends");
        assert_eq!(refusal(end().send().await).0, "ResourceNotFoundException");
    });
}
