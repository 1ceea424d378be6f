use super::{action_group, agent, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn groups_are_listed() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let group = action_group(&stage, &id).await;
        let list = |version: &str| client(&stage).list_agent_action_groups().agent_id(&id).agent_version(version);
        let listed = list("DRAFT").send().await.expect("there is one");
        let [only] = listed.action_group_summaries() else { panic!("{listed:?}") };
        assert_eq!((only.action_group_id(), only.action_group_name()), (group.as_str(), "orders"));
        assert_eq!(refusal(list("7").send().await).0, "ResourceNotFoundException");
        assert_eq!(refusal(list("DRAFT").max_results(0).send().await).0, "ValidationException");
    });
}
