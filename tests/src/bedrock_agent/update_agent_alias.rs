use std::time::Duration;

use aws_sdk_bedrockagent::types::{AgentAliasRoutingConfigurationListItem, AgentAliasStatus};

use super::{agent, alias, client, prepare};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_alias_leads_elsewhere_and_remembers_where_it_led() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let live = alias(&stage, &id, "live").await;
        alias(&stage, &id, "next").await;
        let update = |alias: &str| {
            client(&stage).update_agent_alias().agent_id(&id).agent_alias_id(alias).agent_alias_name("main")
        };
        let to = AgentAliasRoutingConfigurationListItem::builder().agent_version("2").build();
        let updated = update(&live).routing_configuration(to).send().await.expect("it is updated");
        let updated = updated.agent_alias().expect("it is told");
        assert_eq!(updated.agent_alias_status(), &AgentAliasStatus::Updating);
        let history = updated.agent_alias_history_events();
        assert_eq!(history.len(), 2);
        assert!(history[0].end_date().is_some() && history[1].end_date().is_none());
        stage.advance(Duration::from_secs(3)).await;
        let (code, message) = refusal(update("TSTALIASID").send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("Value 'TSTALIASID' at 'agentAliasId' failed to satisfy constraint"), "{message}");
    });
}
