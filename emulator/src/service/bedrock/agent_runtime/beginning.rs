//! How a turn begins: its session is found or made, and what the request brings is taken into it.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::cast::Cast;
use super::memory::{Memories, MemoryKey};
use super::session::{Key, Session, Sessions};
use super::session_state::SessionState;
use super::turn::{Options, Resumption, Turn, Work, resume};
use crate::kernel::answer::{Answer, Body, End, Frame, Reply};
use crate::kernel::operation::Encode;
use crate::kernel::{ApiError, Call, Cell, Live};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::agent::GuardrailConfiguration;
use crate::service::bedrock::guardrail::judge::Judge;
use crate::service::bedrock::guardrail::{Guardrails, refusal};
use crate::service::bedrock::script::Said;
use crate::wire::event_stream;

/// What a caller wants of an agent.
pub struct Request {
    pub cast: Cast,
    pub key: Key,
    pub input: Option<String>,
    pub state: SessionState,
    pub ends_session: bool,
    /// How many turns of the conversation before are told to the model.
    pub turns_to_include: Option<usize>,
    pub options: Options,
}

/// As developers report it.
const TERMINATED: &str = "Session is terminated as 'endSession' flag is set in request.";

impl Request {
    /// Answers with the turn that begins, or goes on.
    pub fn begin(mut self, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        self.state.check()?;
        self.options.prompt_session_attributes = self.state.prompt_session_attributes.take().unwrap_or_default();
        self.options.configurations = self.state.knowledge_base_configurations.take().unwrap_or_default();
        let under_way = Arc::new(());
        let (work, resumption) = {
            let mut state = cell.exclusive(call);
            let Bedrock { sessions, memories, actor, guardrails, .. } = &mut *state;
            if self.ends_session {
                sessions.end(&self.key, memories, actor, call);
                return Ok(self.terminated());
            }
            self.options.judge = self.judge(guardrails, call)?;
            self.enter(sessions, memories, &under_way, call)?
        };
        let mut reply = self.reply();
        let Self { cast, key, options, .. } = self;
        let mut turn = Turn::new(Arc::clone(cell), Arc::new(cast), key, options, work, under_way, call);
        if let Some(resumption) = resumption {
            turn.go_on(resumption, call);
        }
        reply.body = Body::Live(Live::new(turn));
        Ok(Box::new(Answer::Reply(reply)))
    }

    /// Takes the turn in its session.
    fn enter(
        &mut self,
        sessions: &mut Sessions,
        memories: &Memories,
        under_way: &Arc<()>,
        call: &Call<'_>,
    ) -> Result<(Work, Option<Resumption>), ApiError> {
        let results = self.state.return_control_invocation_results.take();
        let resumed = match &results {
            Some(results) => {
                let pending = sessions.get(&self.key).and_then(|session| session.pending.as_ref());
                Some(resume(pending, self.state.invocation_id.as_deref(), results)?)
            }
            None => None,
        };
        // "If you include returnControlInvocationResults in the sessionState field, the inputText field will be ignored."
        let input = self.input.take().filter(|text| !text.is_empty());
        if resumed.is_none() && input.is_none() {
            // assumed: the wording.
            return Err(ApiError::validation(
                "inputText is required unless the request ends the session or brings results.",
            ));
        }
        let session = sessions.take_turn(&self.key, self.cast.idle, under_way, call)?;
        if let Some(attributes) = self.state.session_attributes.take() {
            session.attributes = attributes;
        }
        if let Some(history) = self.state.history() {
            session.history.replace(history);
        }
        // What the caller was to do and has not done is not waited for any more.
        session.pending = None;
        Ok(match resumed {
            Some((work, resumption)) => (work, Some(resumption)),
            None => (self.work(session, memories, input.unwrap_or_default()), None),
        })
    }

    /// The guardrail that judges what is said. One that is not there fails the request (assumed).
    fn judge(&self, guardrails: &Guardrails, call: &Call<'_>) -> Result<Option<Judge>, ApiError> {
        let named = self.cast.guardrail.as_ref().and_then(GuardrailConfiguration::named);
        let judge = named.map(|(id, version)| Judge::find(guardrails, id, version, call, refusal::not_there));
        judge.transpose()
    }

    /// What the model is told of earlier sessions.
    fn memory(&self, memories: &Memories) -> String {
        let (Some(memory_id), Some(configuration)) = (&self.options.memory_id, &self.cast.memory) else {
            return String::new();
        };
        let Key { agent_id, alias_id, .. } = self.key.clone();
        memories.content(&MemoryKey { agent_id, alias_id, memory_id: memory_id.clone() }, configuration.recent_sessions)
    }

    fn work(&self, session: &Session, memories: &Memories, input: String) -> Work {
        let told = self.turns_to_include.map_or(usize::MAX, |turns| turns.saturating_mul(2));
        let mut messages = session.history.latest(told);
        messages.push(Said { role: "user".to_owned(), text: input.clone() });
        Work::new(input, messages, self.memory(memories))
    }

    fn reply(&self) -> Reply {
        let mut reply = Reply::new(200, "")
            .with_header("content-type", event_stream::CONTENT_TYPE)
            .with_header("x-amzn-bedrock-agent-content-type", "application/json")
            .with_header("x-amz-bedrock-agent-session-id", self.key.session_id.clone());
        if let Some(memory_id) = &self.options.memory_id {
            reply = reply.with_header("x-amz-bedrock-agent-memory-id", memory_id.clone());
        }
        reply
    }

    fn terminated(&self) -> Box<dyn Encode> {
        let chunk = event_stream::event("chunk", &json!({"bytes": STANDARD.encode(TERMINATED)}));
        let mut reply = self.reply();
        reply.body = Body::Frames(vec![Frame { after: Duration::ZERO, bytes: chunk }].into(), End::Clean);
        Box::new(Answer::Reply(reply))
    }
}
