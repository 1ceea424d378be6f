use super::{agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_version_is_deleted_unless_an_alias_leads_to_it() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        let delete = || client(&stage).delete_agent_version().agent_id(&id).agent_version("1");
        assert_eq!(refusal(delete().send().await).0, "ConflictException");
        let deleted = delete().skip_resource_in_use_check(true).send().await.expect("it is deleted");
        assert_eq!((deleted.agent_version(), deleted.agent_status().as_str()), ("1", "DELETING"));
        assert_eq!(refusal(delete().send().await).0, "ResourceNotFoundException");
    });
}
