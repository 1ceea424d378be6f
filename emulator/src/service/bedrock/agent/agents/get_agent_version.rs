//! Describes a version of an agent.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetAgentVersion.html>
//!
//! ```text
//! GET /agents/Q7X0A2B9CD/agentversions/1/
//!
//! {"agentVersion":{"agentId":"Q7X0A2B9CD","agentName":"orders","agentStatus":"PREPARED","version":"1",..}}
//! ```

use serde_json::{Value, json};

use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::status::Status;
use crate::service::bedrock::agent::{Given, InVersion, shapes};
use crate::service::bedrock::date_time::DateTime;

pub struct GetAgentVersion;

impl Operation for GetAgentVersion {
    type Service = Bedrock;
    type Input = Given;
    type Output = Value;
    const NAME: &'static str = "GetAgentVersion";
    const BINDING: Binding = Binding::get("/agents/{agentId}/agentversions/{agentVersion}/");

    fn resource(input: &Given) -> String {
        format!("{}/{}", input.name("agentId"), input.name("agentVersion"))
    }

    fn run(input: Given, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let InVersion { agent_id, agent_version } = input.read(&shapes::GET_AGENT_VERSION)?;
        let agent = state.agents.get(&agent_id)?;
        let (number, version) = agent.version(&agent_version)?;
        let mut shown = version.edition.shown(&agent_id, &agent.arn.to_string());
        shown["version"] = json!(number.to_string());
        shown["agentStatus"] = json!(Status::Prepared);
        shown["createdAt"] = json!(DateTime(version.created));
        shown["updatedAt"] = json!(DateTime(version.created));
        Ok(json!({ "agentVersion": shown }))
    }
}
