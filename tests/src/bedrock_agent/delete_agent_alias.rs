use std::time::Duration;

use super::{agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_alias_is_deleted_after_a_while_and_the_test_alias_never() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let live = alias(&stage, &id, "live").await;
        let delete = |alias: &str| client(&stage).delete_agent_alias().agent_id(&id).agent_alias_id(alias);
        let deleted = delete(&live).send().await.expect("it is deleted");
        assert_eq!(deleted.agent_alias_status().as_str(), "DELETING");
        stage.advance(Duration::from_secs(3)).await;
        assert_eq!(refusal(delete(&live).send().await).0, "ResourceNotFoundException");
        let (code, message) = refusal(delete("TSTALIASID").send().await);
        assert_eq!(code, "ValidationException");
        let pattern = r"Value 'TSTALIASID' at 'agentAliasId' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!\bTSTALIASID\b)[0-9a-zA-Z]+";
        assert!(message.contains(pattern), "{message}");
    });
}
