//! Makes an agent, which is not prepared yet.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateAgent.html>
//!
//! ```text
//! PUT /agents/
//! {"agentName":"orders","foundationModel":"anthropic.claude-3-haiku-20240307-v1:0",
//!  "instruction":"You help customers of a shop with their orders.",
//!  "agentResourceRoleArn":"arn:aws:iam::000000000000:role/agents"}
//!
//! 202 {"agent":{"agentId":"Q7X0A2B9CD","agentStatus":"CREATING","agentVersion":"DRAFT",..}}
//! ```
//!
//! An agent with a name that another one has comes to be, and fails: AWS finds it out on the way.

use serde::Deserialize;
use serde_json::Value;

use super::Agent;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::definition::Definition;
use crate::service::bedrock::agent::edition::Edition;
use crate::service::bedrock::agent::status::{Progress, Status};
use crate::service::bedrock::agent::{Given, shapes};
use crate::service::bedrock::knowledge::new_id;

pub struct CreateAgent;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    client_token: Option<String>,
    tags: Option<Value>,
    #[serde(flatten)]
    definition: Definition,
}

impl Operation for CreateAgent {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "CreateAgent";
    const BINDING: Binding = Binding::put("/agents/");
    const STATUS: u16 = 202;

    fn resource(input: &Given) -> String {
        input.name("agentName")
    }

    fn run(input: Given, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let Input { client_token, tags, definition } = input.read(&shapes::CREATE_AGENT)?;
        definition.refuse_not_yet(Self::NAME)?;
        definition.check()?;
        let agents = &state.agents;
        if let Some(same) = agents.all().find(|agent| client_token.is_some() && agent.client_token == client_token) {
            return Ok(same.shown());
        }
        let has_the_name = |agent: &Agent| {
            agent.draft.definition.agent_name == definition.agent_name && agent.status.now != Status::Failed
        };
        let name_is_taken = agents.all().any(has_the_name);
        let draft = Edition::new(definition.completed());
        let mut agent = Agent::new(new_id(call.ids()), client_token, draft, call);
        agent.number = agents.next_number();
        if name_is_taken {
            agent.status = Progress::begun(Status::Creating, Status::Failed, call);
        }
        state.tags.add(&agent.arn, tags.as_ref())?;
        call.note(agent.id.clone());
        Ok(state.agents.add(agent).shown())
    }
}
