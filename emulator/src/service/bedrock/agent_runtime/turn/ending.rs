//! How a turn ends: with an answer, a question, something for the caller to do, or a failure.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::tools::Asked;
use super::{Pending, Stage, Turn};
use crate::kernel::{ApiError, Call, End};
use crate::service::bedrock::agent::{Argument, Executor, What};
use crate::service::bedrock::agent_runtime::SERVICE;
use crate::service::bedrock::agent_runtime::failure::Exception;
use crate::service::bedrock::agent_runtime::retrieval::answer::NOTHING_FOUND;
use crate::service::bedrock::script::Said;
use crate::wire::event_stream;

/// What an agent says that does not answer. assumed: that it does so where pre-processing finds the words bad, and where
/// it gives up.
const UNABLE: &str = NOTHING_FOUND;
/// As developers report it, with the code 406.
const MAX_ITERATIONS: (&str, u16) = ("Max iterations exceeded", 406);
/// "Up to 5" things are returned at a time.
const RETURNED_MAX: usize = 5;
/// The most bytes of one chunk.
const CHUNK_BYTES: usize = 1_000_000;

impl Turn {
    /// The agent answers, and the turn is over.
    pub fn answer(&mut self, text: String, call: &mut Call<'_>) {
        self.speak(&text, call);
        self.finish(Some(text), None, call);
    }

    /// The agent says this, and the session does not remember the turn.
    pub fn turn_away(&mut self, text: &str, call: &mut Call<'_>) {
        self.speak(text, call);
        self.finish(None, None, call);
    }

    fn speak(&mut self, text: &str, call: &mut Call<'_>) {
        let rest = text.get(self.said..).unwrap_or_default().to_owned();
        let citations = std::mem::take(&mut self.citations);
        let attribution = (!citations.is_empty()).then(|| json!({ "citations": citations }));
        self.push("chunk", call);
        call.hand_work();
        let mut rest = &rest[..];
        while rest.len() > CHUNK_BYTES {
            let cut = rest.floor_char_boundary(CHUNK_BYTES);
            self.chunk(&rest[..cut], None);
            rest = &rest[cut..];
        }
        self.chunk(rest, attribution);
    }

    pub fn chunk(&mut self, text: &str, attribution: Option<Value>) {
        let mut chunk = json!({"bytes": STANDARD.encode(text)});
        if let Some(attribution) = attribution {
            chunk["attribution"] = attribution;
        }
        self.frames.push_back(event_stream::event("chunk", &chunk));
    }

    /// The agent does not answer to this.
    pub fn refuse(&mut self, call: &mut Call<'_>) {
        self.answer(UNABLE.to_owned(), call);
    }

    /// The agent has asked the model too often.
    pub fn give_up(&mut self, call: &mut Call<'_>) {
        let (reason, code) = MAX_ITERATIONS;
        self.trace_failure(reason, code, call.now);
        call.push(SERVICE, "failure", &self.key.session_id);
        call.failed(&ApiError::with_status(code, reason, ""));
        self.answer(UNABLE.to_owned(), call);
    }

    /// The agent needs to know more. What else the model has asked for is not done.
    pub fn ask_user(&mut self, question: String, call: &mut Call<'_>) {
        self.work.uses.clear();
        self.trace_ask_user(&question, call.now);
        self.deliver(question, call);
    }

    /// The caller is asked to carry out actions, or to have them confirmed.
    pub fn return_control(&mut self, call: &mut Call<'_>) {
        let mut asked = std::mem::take(&mut self.work.returning);
        let left = asked.split_off(asked.len().min(RETURNED_MAX));
        self.work.uses.extend(left.into_iter().map(|asked| asked.tool));
        let invocation_id = self.work.invocation_id.take().unwrap_or_else(|| call.ids().uuid());
        let inputs: Vec<Value> = asked.iter().map(|asked| self.invocation_input(asked)).collect();
        let payload = json!({"invocationId": invocation_id, "invocationInputs": inputs});
        self.push("returnControl", call);
        let tools: Vec<&str> = asked.iter().map(|asked| asked.tool.name.as_str()).collect();
        call.note(tools.join(", "));
        call.hand_work();
        self.frames.push_back(event_stream::event("returnControl", &payload));
        let pending = Pending { invocation_id, asked, work: std::mem::take(&mut self.work), since: call.now };
        self.finish(None, Some(pending), call);
    }

    fn invocation_input(&self, asked: &Asked) -> Value {
        let Asked { action, arguments, .. } = asked;
        let kind = match (&action.executor, action.needs_confirmation) {
            (Executor::Lambda(_), _) => "USER_CONFIRMATION",
            (_, true) => "USER_CONFIRMATION_AND_RESULT",
            (_, false) => "RESULT",
        };
        let mut input = json!({
            "actionGroup": action.group,
            "actionInvocationType": kind,
            "parameters": arguments.shown(),
        });
        if let Some(agent) = &self.cast.identity {
            input["agentId"] = json!(agent.id);
        }
        match &action.what {
            What::Function { name } => {
                input["function"] = json!(name);
                json!({ "functionInvocationInput": input })
            }
            What::Api { path, method, .. } => {
                input["apiPath"] = json!(path);
                input["httpMethod"] = json!(method);
                if let Some((content_type, properties)) = &arguments.body {
                    let properties: Vec<Value> = properties.iter().map(Argument::shown).collect();
                    input["requestBody"] = json!({"content": {content_type: {"properties": properties}}});
                }
                json!({ "apiInvocationInput": input })
            }
        }
    }

    /// The stream ends with an exception.
    pub fn fail(&mut self, exception: &Exception, call: &mut Call<'_>) {
        self.trace_exception(exception, call.now);
        self.push(exception.name, call);
        call.failed(&ApiError::with_status(exception.status, exception.name, exception.message.clone()));
        self.frames.push_back(event_stream::exception(exception.name, &exception.message));
        self.finish(None, None, call);
    }

    fn push(&self, event: &'static str, call: &mut Call<'_>) {
        call.push(SERVICE, event, &self.key.session_id);
    }

    /// The session is free for another turn, and remembers this one.
    fn finish(&mut self, said: Option<String>, pending: Option<Pending>, call: &mut Call<'_>) {
        if let Some(session) = self.cell.exclusive(call).sessions.get_mut(&self.key) {
            if let Some(text) = said {
                let turn = [("user", std::mem::take(&mut self.work.input)), ("assistant", text)];
                let turn = turn.map(|(role, text)| Said { role: role.to_owned(), text });
                if let Some(memory_id) = self.options.memory_id.as_ref().filter(|_| self.cast.memory.is_some()) {
                    session.remembered.add(memory_id, &self.cast, turn.clone());
                }
                session.history.add(turn);
            }
            session.pending = pending;
            session.rest();
            session.touch(call);
        }
        self.stage = Stage::Over(End::Clean);
    }
}
