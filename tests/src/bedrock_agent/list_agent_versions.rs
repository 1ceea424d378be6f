use super::{agent, alias, client, prepare};
use crate::stage::on_both_stages;

#[test]
fn the_draft_comes_first_and_the_versions_follow() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        for name in ["one", "two"] {
            alias(&stage, &id, name).await;
        }
        let listed = client(&stage).list_agent_versions().agent_id(&id).send().await.expect("there are some");
        let versions: Vec<&str> = listed.agent_version_summaries().iter().map(|it| it.agent_version()).collect();
        assert_eq!(versions, ["DRAFT", "1", "2"]);
        let page = client(&stage).list_agent_versions().agent_id(&id).max_results(1).send().await.expect("a page");
        assert!(page.next_token().is_some() && page.agent_version_summaries().len() == 1);
    });
}
