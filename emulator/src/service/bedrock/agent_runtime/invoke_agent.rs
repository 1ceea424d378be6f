//! Says something to an agent, which answers with a stream of events.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html>
//!
//! ```text
//! POST /agents/Q7X0A2B9CD/agentAliases/TSTALIASID/sessions/s-1/text
//! {"inputText":"Where is order 7?","enableTrace":true}
//!
//! trace         {"agentId":"Q7X0A2B9CD","sessionId":"s-1","trace":{"orchestrationTrace":{"modelInvocationInput":{..}}},..}
//! ..
//! chunk         {"bytes":"SXQgaGFzIGJlZW4gc2hpcHBlZC4="}
//! ```
//!
//! The script plays the model: its rules see `op: InvokeAgent`, the session, the agent and the step (`prompt_type`), and
//! what they answer is carried out here.

use std::sync::Arc;

use serde::Deserialize;

use super::beginning::Request;
use super::cast::Cast;
use super::session::Key;
use super::session_state::SessionState;
use super::shapes;
use super::turn::Options;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{AnyOperation, ApiError, Binding, Call, Cell};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::{Given, alias_arn};
use crate::service::bedrock::ledger::Attempt;
use crate::service::bedrock::script::ModelOperation;
use crate::wire;

pub struct InvokeAgent;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Input {
    agent_id: String,
    agent_alias_id: String,
    session_id: String,
    input_text: Option<String>,
    enable_trace: Option<bool>,
    end_session: Option<bool>,
    memory_id: Option<String>,
    session_state: Option<SessionState>,
    streaming_configurations: Option<StreamingConfigurations>,
    prompt_creation_configurations: Option<PromptCreationConfigurations>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamingConfigurations {
    pub stream_final_response: Option<bool>,
    /// How many characters of a streamed answer a guardrail judges at a time.
    pub apply_guardrail_interval: Option<usize>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PromptCreationConfigurations {
    pub previous_conversation_turns_to_include: Option<usize>,
}

impl AnyOperation<Bedrock> for InvokeAgent {
    fn name(&self) -> &'static str {
        ModelOperation::InvokeAgent.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/agents/{agentId}/agentAliases/{agentAliasId}/sessions/{sessionId}/text")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Box::new(Asking { given: request.decode()?, attempt: Attempt::of(request) }))
    }
}

struct Asking {
    given: Given,
    attempt: Attempt,
}

impl Prepared<Bedrock> for Asking {
    fn resource(&self) -> String {
        let [agent, alias, session] = ["agentId", "agentAliasId", "sessionId"].map(|member| self.given.name(member));
        format!("{agent}/{alias}/{session}")
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { given, attempt } = *self;
        let input: Input = given.read(&shapes::INVOKE_AGENT)?;
        let Input { agent_id, agent_alias_id: alias_id, session_id, .. } = input;
        let routed = cell.shared(call).agents.routed(&agent_id, &alias_id)?;
        let cast = Cast::of(&routed, &agent_id, &alias_id, alias_arn(call.scope, &agent_id, &alias_id));
        let request = Request {
            cast,
            key: Key { agent_id, alias_id, session_id },
            input: input.input_text,
            state: input.session_state.unwrap_or_default(),
            ends_session: input.end_session.unwrap_or(false),
            turns_to_include: input
                .prompt_creation_configurations
                .and_then(|prompts| prompts.previous_conversation_turns_to_include),
            options: Options {
                traces: input.enable_trace.unwrap_or(false),
                streaming: input.streaming_configurations.unwrap_or_default(),
                memory_id: input.memory_id,
                attempt,
                ..Options::default()
            },
        };
        request.begin(cell, call)
    }
}
