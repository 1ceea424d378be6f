//! Agents: their working drafts, what is prepared of them, their versions and aliases.

pub mod create_agent;
pub mod delete_agent;
pub mod delete_agent_version;
pub mod get_agent;
pub mod get_agent_version;
pub mod list_agent_versions;
pub mod list_agents;
pub mod prepare_agent;
pub mod update_agent;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::alias::{Alias, TEST_ALIAS};
use super::edition::Edition;
use super::status::{Progress, Status};
use super::tags::Tags;
use super::{DRAFT, SERVICE, refusal};
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{ApiError, Arn, Call, Scope, Timestamp};
use crate::service::bedrock::date_time::DateTime;

/// "Versions per agent", which cannot be raised.
const VERSIONS_MAX: usize = 10;

/// The agents of one account and region.
#[derive(Debug, Default)]
pub struct Agents {
    by_id: Kept<String, Agent>,
    /// How many there have been.
    so_far: Single<u64>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Agent {
    pub id: String,
    /// Counts from 1, in the order in which agents are made.
    pub number: u64,
    pub arn: Arn,
    pub client_token: Option<String>,
    pub created: Timestamp,
    pub updated: Timestamp,
    pub prepared_at: Option<Timestamp>,
    pub status: Progress,
    pub failure_reasons: Vec<String>,
    pub draft: Edition,
    /// What the test alias runs: the draft as it was prepared last.
    pub prepared: Option<Arc<Edition>>,
    pub versions: BTreeMap<u32, Version>,
    versions_so_far: u32,
    pub aliases: BTreeMap<String, Alias>,
}

/// An edition that does not change any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Version {
    pub edition: Arc<Edition>,
    pub created: Timestamp,
}

/// An agent as an alias leads to it.
#[derive(Clone, Debug)]
pub struct Routed {
    pub edition: Arc<Edition>,
    pub version: String,
}

impl Agents {
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("agent", &mut self.by_id);
        book.value("agents_so_far", &mut self.so_far);
    }

    pub fn get(&self, id: &str) -> Result<&Agent, ApiError> {
        self.by_id.get(id).ok_or_else(refusal::not_found)
    }

    pub fn get_mut(&mut self, id: &str) -> Result<&mut Agent, ApiError> {
        self.by_id.get_mut(id).ok_or_else(refusal::not_found)
    }

    /// The agent whose draft is to be changed: nothing else must be under way.
    pub fn to_change(&mut self, id: &str, verb: &str) -> Result<&mut Agent, ApiError> {
        self.get(id)?.check_at_rest(verb)?;
        self.get_mut(id)
    }

    /// One agent's draft or version.
    pub fn edition(&self, id: &str, version: &str) -> Result<&Edition, ApiError> {
        let agent = self.get(id)?;
        if version == DRAFT {
            return Ok(&agent.draft);
        }
        Ok(&agent.version(version)?.1.edition)
    }

    /// The agent that an alias leads to now.
    pub fn routed(&self, id: &str, alias_id: &str) -> Result<Routed, ApiError> {
        let agent = self.get(id)?;
        if alias_id == TEST_ALIAS {
            let edition = agent.prepared.clone().ok_or_else(|| not_prepared(id))?;
            return Ok(Routed { edition, version: DRAFT.to_owned() });
        }
        let alias = agent.aliases.get(alias_id).ok_or_else(refusal::not_found)?;
        alias.check_invocable()?;
        let version = alias.version().unwrap_or(DRAFT);
        let edition = match agent.version(version) {
            Ok((_, version)) => Arc::clone(&version.edition),
            Err(_) => agent.prepared.clone().filter(|_| version == DRAFT).ok_or_else(|| not_prepared(id))?,
        };
        Ok(Routed { edition, version: version.to_owned() })
    }

    /// Whether the agent is there, with that alias.
    pub fn check_alias(&self, id: &str, alias_id: &str) -> Result<(), ApiError> {
        let is_there = alias_id == TEST_ALIAS || self.get(id)?.aliases.contains_key(alias_id);
        if is_there { self.get(id).map(drop) } else { Err(refusal::not_found()) }
    }

    fn all(&self) -> impl Iterator<Item = &Agent> {
        self.by_id.values()
    }

    fn next_number(&self) -> u64 {
        *self.so_far + 1
    }

    fn add(&mut self, agent: Agent) -> &Agent {
        *self.so_far = (*self.so_far).max(agent.number);
        self.by_id.get_or_insert_with(agent.id.clone(), || agent)
    }

    pub fn next_due(&self) -> Option<Timestamp> {
        self.by_id.values().filter_map(Agent::next_due).min()
    }

    /// Ends the changes that are due, in the order of their time.
    pub fn run_due(&mut self, call: &mut Call<'_>, tags: &mut Tags) {
        while let Some(due) = self.next_due().filter(|due| *due <= call.now) {
            let next = self.by_id.values().find(|agent| agent.next_due() == Some(due));
            let next = next.map(|agent| agent.id.clone());
            let Some(agent) = next.and_then(|id| self.by_id.get_mut(&id)) else { break };
            agent.end_due(call, tags);
            if agent.is_gone() {
                let id = agent.id.clone();
                self.forget(&id, call, tags);
            }
        }
    }
}

impl Agents {
    /// An agent is gone, with its aliases and all their tags.
    fn forget(&mut self, id: &str, call: &Call<'_>, tags: &mut Tags) {
        let Some(agent) = self.by_id.remove(id) else { return };
        tags.forget(&agent.arn);
        for alias in agent.aliases.keys() {
            tags.forget(&alias_arn(call.scope, id, alias));
        }
    }
}

impl Agent {
    fn new(id: String, client_token: Option<String>, draft: Edition, call: &Call<'_>) -> Self {
        Self {
            arn: call.arn("bedrock", format!("agent/{id}")),
            id,
            number: 0,
            client_token,
            created: call.now,
            updated: call.now,
            prepared_at: None,
            status: Progress::begun(Status::Creating, Status::NotPrepared, call),
            failure_reasons: Vec::new(),
            draft,
            prepared: None,
            versions: BTreeMap::new(),
            versions_so_far: 0,
            aliases: BTreeMap::new(),
        }
    }

    /// The draft has changed: what was prepared goes on as it was, and this is not it.
    pub fn changed(&mut self, call: &Call<'_>) {
        self.updated = call.now;
        self.status = Progress::at_rest(Status::NotPrepared);
        self.failure_reasons.clear();
    }

    pub fn check_at_rest(&self, verb: &str) -> Result<(), ApiError> {
        if self.status.is_at_rest() { Ok(()) } else { Err(refusal::not_now(verb, self.status.now.title())) }
    }

    pub fn version(&self, name: &str) -> Result<(u32, &Version), ApiError> {
        let number: u32 = name.parse().map_err(|_| refusal::not_found())?;
        self.versions.get(&number).map(|version| (number, version)).ok_or_else(refusal::not_found)
    }

    /// Makes a version of what is prepared.
    pub fn make_version(&mut self, call: &Call<'_>) -> Result<String, ApiError> {
        let prepared = self.prepared.clone().filter(|_| self.status.now == Status::Prepared);
        // assumed: that an agent that is not prepared is told so in these words.
        let edition = prepared.ok_or_else(|| refusal::not_now("Create", self.status.now.title()))?;
        if self.versions.len() >= VERSIONS_MAX {
            return Err(refusal::quota_exceeded("versions per agent", VERSIONS_MAX));
        }
        self.versions_so_far += 1;
        self.versions.insert(self.versions_so_far, Version { edition, created: call.now });
        self.status = Progress::begun(Status::Versioning, Status::Prepared, call);
        Ok(self.versions_so_far.to_string())
    }

    fn latest_version(&self) -> String {
        self.versions.keys().next_back().map_or_else(|| DRAFT.to_owned(), u32::to_string)
    }

    fn next_due(&self) -> Option<Timestamp> {
        let aliases = self.aliases.values().filter_map(|alias| alias.status.next_due());
        self.status.next_due().into_iter().chain(aliases).min()
    }

    fn end_due(&mut self, call: &mut Call<'_>, tags: &mut Tags) {
        let before = self.status.now;
        if let Some(cause) = self.status.end_due(call.now) {
            self.arrive(before, call.now);
            let what = format!("agent {}", self.status.now.title());
            call.timer(SERVICE, "agent status", &self.id, Some(cause));
            call.note(what);
        }
        for (id, alias) in &mut self.aliases {
            if let Some(cause) = alias.status.end_due(call.now) {
                call.timer(SERVICE, "alias status", format!("{}/{id}", self.id), Some(cause));
                call.note(format!("alias {}", alias.status.now.title()));
            }
        }
        let is_gone = |alias: &Alias| alias.status.now == Status::Deleting && alias.status.is_at_rest();
        for (id, _) in self.aliases.extract_if(.., |_, alias| is_gone(alias)) {
            tags.forget(&alias_arn(call.scope, &self.id, &id));
        }
    }

    fn arrive(&mut self, before: Status, now: Timestamp) {
        match (before, self.status.now) {
            (Status::Preparing, Status::Prepared) => {
                self.prepared = Some(Arc::new(self.draft.clone()));
                self.prepared_at = Some(now);
            }
            (Status::Creating, Status::Failed) => {
                self.failure_reasons = vec![NAME_TAKEN.to_owned()];
            }
            (Status::Preparing, Status::Failed) => self.failure_reasons = self.draft.flaw().into_iter().collect(),
            _ => {}
        }
    }

    fn is_gone(&self) -> bool {
        self.status.now == Status::Deleting && self.status.is_at_rest()
    }

    /// As GetAgent shows it.
    pub fn shown(&self) -> Value {
        let mut shown = self.draft.shown(&self.id, &self.arn.to_string());
        shown["agentVersion"] = json!(DRAFT);
        shown["agentStatus"] = json!(self.status.now);
        shown["orchestrationType"] = json!("DEFAULT");
        shown["createdAt"] = json!(DateTime(self.created));
        shown["updatedAt"] = json!(DateTime(self.updated));
        if let Some(token) = &self.client_token {
            shown["clientToken"] = json!(token);
        }
        if let Some(at) = self.prepared_at {
            shown["preparedAt"] = json!(DateTime(at));
        }
        if !self.failure_reasons.is_empty() {
            shown["failureReasons"] = json!(self.failure_reasons);
        }
        json!({ "agent": shown })
    }
}

/// What an agent is told that has another one's name, which is found out while it is made. Wording:
/// <https://github.com/awsfundamentals-hq/bedrock-multi-agent-collaboration/issues/1>
const NAME_TAKEN: &str = "Cannot create a new agent as an agent with the same name already exists.";

/// assumed: the code and the wording.
fn not_prepared(id: &str) -> ApiError {
    ApiError::validation(format!("Agent {id} is not prepared. Prepare the agent and retry your request."))
}

/// The ARN of an alias, which is what callers of agents are known by.
pub fn alias_arn(scope: &Scope, agent_id: &str, alias_id: &str) -> Arn {
    Arn::new("bedrock", scope, format!("agent-alias/{agent_id}/{alias_id}"))
}
