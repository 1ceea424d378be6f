//! Aliases: names under which agents are asked, each leading to a version.

pub mod create_agent_alias;
pub mod delete_agent_alias;
pub mod get_agent_alias;
pub mod list_agent_aliases;
pub mod update_agent_alias;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::agents::{Agent, alias_arn};
use super::status::{Progress, Status};
use super::{DRAFT, refusal};
use crate::kernel::{ApiError, Call, Scope, Timestamp};
use crate::service::bedrock::date_time::DateTime;

/// The alias that every agent has. It leads to the draft as it was prepared last.
pub const TEST_ALIAS: &str = "TSTALIASID";
const TEST_ALIAS_NAME: &str = "AgentTestAlias";

/// "Associated aliases per agent", which cannot be raised.
const ALIASES_MAX: usize = 10;

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Alias {
    pub id: String,
    pub name: String,
    pub description: Option<String>,
    pub routing: Vec<Route>,
    pub client_token: Option<String>,
    pub status: Progress,
    pub created: Timestamp,
    pub updated: Timestamp,
    history: Vec<Past>,
    accepts: bool,
}

#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Route {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provisioned_throughput: Option<String>,
}

/// Where an alias led for some time.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Past {
    routing: Vec<Route>,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Alias {
    fn new(id: String, name: String, routing: Vec<Route>, call: &Call<'_>) -> Self {
        Self {
            id,
            name,
            description: None,
            client_token: None,
            status: Progress::begun(Status::Creating, Status::Prepared, call),
            created: call.now,
            updated: call.now,
            history: vec![Past { routing: routing.clone(), from: call.now, until: None }],
            routing,
            accepts: true,
        }
    }

    /// The test alias of an agent.
    fn test(agent: &Agent) -> Self {
        let routing = vec![Route { agent_version: Some(DRAFT.to_owned()), provisioned_throughput: None }];
        Self {
            id: TEST_ALIAS.to_owned(),
            name: TEST_ALIAS_NAME.to_owned(),
            description: Some("Test Alias for Agent".to_owned()),
            client_token: None,
            status: Progress::at_rest(Status::Prepared),
            created: agent.created,
            updated: agent.created,
            history: vec![Past { routing: routing.clone(), from: agent.created, until: None }],
            routing,
            accepts: true,
        }
    }

    pub fn version(&self) -> Option<&str> {
        self.routing.first()?.agent_version.as_deref()
    }

    /// Whether agents can be asked by it now. assumed: the wording.
    pub fn check_invocable(&self) -> Result<(), ApiError> {
        let state = self.status.now;
        if !self.accepts {
            return Err(ApiError::validation(format!("Agent alias {} rejects invocations.", self.id)));
        }
        // One that is being updated leads where it is going to lead.
        if !matches!(state, Status::Prepared | Status::Updating) {
            let title = state.title();
            return Err(ApiError::validation(format!("Agent alias {} can't be invoked in {title} state.", self.id)));
        }
        Ok(())
    }

    fn lead_to(&mut self, routing: Vec<Route>, now: Timestamp) {
        if self.routing == routing {
            return;
        }
        if let Some(last) = self.history.last_mut() {
            last.until = Some(now);
        }
        self.history.push(Past { routing: routing.clone(), from: now, until: None });
        self.routing = routing;
    }

    fn shown(&self, agent_id: &str, scope: &Scope) -> Value {
        let history = self.history.iter().map(|past| {
            let mut event = json!({"routingConfiguration": past.routing, "startDate": DateTime(past.from)});
            if let Some(until) = past.until {
                event["endDate"] = json!(DateTime(until));
            }
            event
        });
        let mut shown = self.summary();
        shown["agentId"] = json!(agent_id);
        shown["agentAliasArn"] = json!(alias_arn(scope, agent_id, &self.id));
        shown["agentAliasHistoryEvents"] = history.collect();
        if let Some(token) = &self.client_token {
            shown["clientToken"] = json!(token);
        }
        json!({ "agentAlias": shown })
    }

    fn summary(&self) -> Value {
        let mut summary = json!({
            "agentAliasId": self.id,
            "agentAliasName": self.name,
            "agentAliasStatus": self.status.now,
            "aliasInvocationState": if self.accepts { "ACCEPT_INVOCATIONS" } else { "REJECT_INVOCATIONS" },
            "createdAt": DateTime(self.created),
            "routingConfiguration": self.routing,
            "updatedAt": DateTime(self.updated),
        });
        if let Some(description) = &self.description {
            summary["description"] = json!(description);
        }
        summary
    }
}

/// Where an alias is to lead: as the request says, or to a version that is made for it.
fn routing(agent: &mut Agent, given: Option<Vec<Route>>, call: &Call<'_>) -> Result<Vec<Route>, ApiError> {
    let given = given.unwrap_or_default();
    let version = given.first().and_then(|route| route.agent_version.clone());
    if let Some(version) = version {
        if version != DRAFT {
            agent.version(&version)?;
        }
        return Ok(given);
    }
    let version = agent.make_version(call)?;
    let provisioned_throughput = given.into_iter().next().and_then(|route| route.provisioned_throughput);
    Ok(vec![Route { agent_version: Some(version), provisioned_throughput }])
}

/// The alias that belongs to the agent, and is none that every agent has.
fn own<'a>(agent: &'a mut Agent, id: &str) -> Result<&'a mut Alias, ApiError> {
    agent.aliases.get_mut(id).ok_or_else(refusal::not_found)
}

/// What is said of the test alias to who wants to change it. Wording:
/// <https://github.com/awslabs/amazon-bedrock-agent-samples/issues/137>
fn refuse_test_alias(id: &str) -> Result<(), ApiError> {
    if id != TEST_ALIAS {
        return Ok(());
    }
    let mut violations = crate::kernel::Violations::new();
    violations.add(id, "agentAliasId", r"satisfy regular expression pattern: (?!\bTSTALIASID\b)[0-9a-zA-Z]+");
    violations.finish()
}
