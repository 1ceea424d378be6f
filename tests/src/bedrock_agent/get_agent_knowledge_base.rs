use super::{agent, associated, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_association_is_described() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let base = associated(&stage, &id).await;
        let get = |base: &str| {
            client(&stage).get_agent_knowledge_base().agent_id(&id).agent_version("DRAFT").knowledge_base_id(base)
        };
        let got = get(&base).send().await.expect("it is there");
        let got = got.agent_knowledge_base().expect("it is told");
        assert_eq!((got.description(), got.knowledge_base_state().as_str()), ("How orders are returned", "ENABLED"));
        assert_eq!(refusal(get("NOBASE0000").send().await).0, "ResourceNotFoundException");
    });
}
