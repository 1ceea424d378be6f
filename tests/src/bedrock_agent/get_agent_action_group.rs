use super::{action_group, agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_is_described_in_the_draft_and_in_a_version() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let group = action_group(&stage, &id).await;
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        let get = |version: &str, group: &str| {
            client(&stage).get_agent_action_group().agent_id(&id).agent_version(version).action_group_id(group)
        };
        for version in ["DRAFT", "1"] {
            let got = get(version, &group).send().await.expect("it is there");
            let got = got.agent_action_group().expect("it is told");
            assert_eq!((got.action_group_name(), got.agent_version()), ("orders", version));
        }
        assert_eq!(refusal(get("2", &group).send().await).0, "ResourceNotFoundException");
        assert_eq!(refusal(get("DRAFT", "NOGROUP000").send().await).0, "ResourceNotFoundException");
    });
}
