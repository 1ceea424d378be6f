use super::{NOT_FOUND, agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_alias_is_described_and_so_is_the_one_that_every_agent_has() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let live = alias(&stage, &id, "live").await;
        let get = |alias: &str| client(&stage).get_agent_alias().agent_id(&id).agent_alias_id(alias);
        for (alias, name, version) in [(live.as_str(), "live", "1"), ("TSTALIASID", "AgentTestAlias", "DRAFT")] {
            let got = get(alias).send().await.expect("it is there");
            let got = got.agent_alias().expect("it is told");
            assert_eq!((got.agent_alias_name(), got.agent_alias_status().as_str()), (name, "PREPARED"));
            assert_eq!(got.routing_configuration()[0].agent_version(), Some(version));
            assert_eq!(got.agent_alias_history_events().len(), 1);
        }
        let refused = refusal(get("NOALIAS000").send().await);
        assert_eq!(refused, ("ResourceNotFoundException".to_owned(), NOT_FOUND.to_owned()));
    });
}
