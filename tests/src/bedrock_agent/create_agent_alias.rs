use std::time::Duration;

use aws_sdk_bedrockagent::types::{AgentAliasRoutingConfigurationListItem, AgentAliasStatus, AgentStatus};

use super::{agent, alias, client, prepare, status};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn an_alias_makes_a_version_and_leads_to_it() {
    on_both_stages(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        let made = client(&stage).create_agent_alias().agent_id(&id).agent_alias_name("live").send().await;
        let made = made.expect("it is made");
        let made = made.agent_alias().expect("it is told");
        assert_eq!(made.agent_alias_status(), &AgentAliasStatus::Creating);
        assert_eq!(made.routing_configuration()[0].agent_version(), Some("1"));
        assert_eq!(status(&stage, &id).await, AgentStatus::Versioning);
        stage.advance(Duration::from_secs(3)).await;
        assert_eq!(status(&stage, &id).await, AgentStatus::Prepared);
        let alias_id = made.agent_alias_id();
        assert!(made.agent_alias_arn().ends_with(&format!(":agent-alias/{id}/{alias_id}")));
    });
}

#[test]
fn an_alias_may_lead_to_a_version_that_is_there() {
    in_virtual_time(async |stage| {
        let id = agent(&stage).await;
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        let to = |version: &str| AgentAliasRoutingConfigurationListItem::builder().agent_version(version).build();
        let create = |name: &str, version: &str| {
            client(&stage).create_agent_alias().agent_id(&id).agent_alias_name(name).routing_configuration(to(version))
        };
        let made = create("old", "1").send().await.expect("it is made");
        assert_eq!(made.agent_alias().expect("it is told").routing_configuration()[0].agent_version(), Some("1"));
        assert_eq!(refusal(create("none", "7").send().await).0, "ResourceNotFoundException");
    });
}

#[test]
fn what_cannot_be_made_is_refused() {
    in_virtual_time(async |stage| {
        let id = agent(&stage).await;
        let create = |name: &str| client(&stage).create_agent_alias().agent_id(&id).agent_alias_name(name).send();
        assert_eq!(refusal(create("live").await).0, "ValidationException", "it is not prepared");
        prepare(&stage, &id).await;
        alias(&stage, &id, "live").await;
        assert_eq!(refusal(create("live").await).0, "ConflictException");
        for number in 2..=10 {
            alias(&stage, &id, &format!("live{number}")).await;
        }
        assert_eq!(refusal(create("live11").await).0, "ServiceQuotaExceededException");
    });
}
