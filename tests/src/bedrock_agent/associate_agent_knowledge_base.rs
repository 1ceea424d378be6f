use super::{agent, associated, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_agent_may_search_a_knowledge_base_that_is_there() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let base = associated(&stage, &id).await;
        let associate = |base: &str| {
            let request = client(&stage).associate_agent_knowledge_base().agent_id(&id).agent_version("DRAFT");
            request.knowledge_base_id(base).description("How orders are returned")
        };
        assert_eq!(refusal(associate(&base).send().await).0, "ConflictException");
        assert_eq!(refusal(associate("NOBASE0000").send().await).0, "ResourceNotFoundException");
        assert_eq!(refusal(associate("short").send().await).0, "ValidationException");
    });
}
