use super::{action_group, agent, client};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_is_deleted_unless_it_is_in_use() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        let group = action_group(&stage, &id).await;
        let delete =
            || client(&stage).delete_agent_action_group().agent_id(&id).agent_version("DRAFT").action_group_id(&group);
        assert_eq!(refusal(delete().send().await).0, "ConflictException");
        delete().skip_resource_in_use_check(true).send().await.expect("it is deleted");
        assert_eq!(refusal(delete().send().await).0, "ResourceNotFoundException");
    });
}
