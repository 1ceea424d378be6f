use super::{agent, alias, client, prepare};
use crate::stage::on_both_stages;

#[test]
fn the_test_alias_comes_first() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let live = alias(&stage, &id, "live").await;
        let listed = client(&stage).list_agent_aliases().agent_id(&id).send().await.expect("there are some");
        let ids: Vec<&str> = listed.agent_alias_summaries().iter().map(|alias| alias.agent_alias_id()).collect();
        assert_eq!(ids, ["TSTALIASID", &live]);
    });
}
