//! From a question to an answer: what is found is put to the model, and its answer is given citations.
//! The one way of both operations.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::{answer, guarding, model, prompt, session};
use crate::kernel::answer::Reply;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{Answer, ApiError, Call, Cell};
use crate::service::bedrock::guardrail::judge::Judge;
use crate::service::bedrock::knowledge::chunking::Chunking;
use crate::service::bedrock::knowledge::retrieval::{self, Retrieval};
use crate::service::bedrock::knowledge::{Found, document, refusal};
use crate::service::bedrock::script::{Act, ModelOperation, Performance, Said, Scene, cadence};
use crate::service::bedrock::{Attempt, Bedrock, asking, shape};
use crate::wire;

/// Writes an answer in an operation's own form: what was said, what it is made of, and the session's id. Where the
/// model was not asked, there is no performance.
pub type Write = fn(&answer::Answer, &[Found], &str, Option<&Performance>) -> Reply;

/// A question that has arrived, by either of the two operations.
pub struct Question {
    operation: ModelOperation,
    request: Map<String, Value>,
    attempt: Attempt,
    write: Write,
}

/// A question as the model will hear it.
struct Prompted {
    asked: String,
    model: String,
    /// Empty where the sources came with the question.
    knowledge_base: String,
    template: Option<String>,
    found: Vec<Found>,
    judge: Option<Judge>,
    /// What a guardrail says instead of asking the model.
    blocked: Option<String>,
}

impl Question {
    pub fn read(
        request: &wire::Request,
        operation: ModelOperation,
        write: Write,
    ) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Ok(Box::new(Self { operation, request: request.decode()?, attempt: Attempt::of(request), write }))
    }
}

impl Prepared<Bedrock> for Question {
    fn resource(&self) -> String {
        let configuration = self.request.get("retrieveAndGenerateConfiguration").unwrap_or(&Value::Null);
        let base = &configuration["knowledgeBaseConfiguration"]["knowledgeBaseId"];
        base.as_str().unwrap_or_default().to_owned()
    }

    fn run(self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        let Self { operation, request, attempt, write } = *self;
        let request = shape::read(&model::RETRIEVE_AND_GENERATE, request)?;
        let mut state = cell.exclusive(call);
        let given = request.get("sessionId").and_then(Value::as_str);
        let prompted = Prompted::read(&request, &state, &attempt, call)?;
        let before = match given {
            Some(id) => state.retrieval_sessions.said(id, &prompted.knowledge_base, call.now)?,
            None => Vec::new(),
        };
        let id = given.map_or_else(|| call.ids().uuid(), str::to_owned);
        let knowledge_base = prompted.knowledge_base.clone();
        let said;
        let answer = if let Some(answer) = prompted.answer_without_model() {
            said = Some(session::turn(prompted.asked, answer.text.clone()));
            Box::new(Answer::Reply(write(&answer, &[], &id, None)))
        } else {
            let scene = prompted.scene(operation, before, &id, call);
            let Prompted { asked, template, found, judge, .. } = prompted;
            let (id, cites) = (id.clone(), prompt::cites(template.as_deref()));
            let (_, cue) = asking::consult(&state.actor, call, scene, attempt.clone());
            let answer = match &cue.act {
                Ok(Act::Speak(performance)) => {
                    let sources = (&found[..], cites);
                    Some(guarding::answer(judge.as_ref(), performance, sources, &state.actor, attempt, call)?)
                }
                _ => None,
            };
            said = answer.as_ref().map(|answer| session::turn(asked, answer.text.clone()));
            let speak = Box::new(move |performance: &Performance| {
                let answer = answer.unwrap_or_else(|| answer::Answer::of(performance, &found, cites));
                write(&answer, &found, &id, Some(performance))
            });
            asking::on_stage(cue, call, speak)?
        };
        state.retrieval_sessions.go_on(id, knowledge_base, said, call.now);
        Ok(answer)
    }
}

impl Prompted {
    fn read(
        request: &Map<String, Value>,
        state: &Bedrock,
        attempt: &Attempt,
        call: &Call<'_>,
    ) -> Result<Self, ApiError> {
        let mut asked = request["input"]["text"].as_str().unwrap_or_default().to_owned();
        if request.contains_key("userContext") {
            return Err(ApiError::not_implemented("userContext of bedrock-agent-runtime"));
        }
        // assumed: the wording.
        let configuration = request
            .get("retrieveAndGenerateConfiguration")
            .ok_or_else(|| ApiError::validation("retrieveAndGenerateConfiguration is required."))?;
        let kind = configuration["type"].as_str().unwrap_or_default();
        let is_external = kind == "EXTERNAL_SOURCES";
        let member = if is_external { "externalSourcesConfiguration" } else { "knowledgeBaseConfiguration" };
        let configuration = configuration.get(member).ok_or_else(|| refusal::missing_for(member, kind))?;
        refuse_not_yet(configuration)?;
        let knowledge_base = configuration["knowledgeBaseId"].as_str().unwrap_or_default().to_owned();
        let generation = &configuration["generationConfiguration"];
        let judge = guarding::named(&generation["guardrailConfiguration"], &state.guardrails, call)?;
        let mut blocked = None;
        if let Some(judge) = &judge {
            match guarding::question(judge, &asked, &state.actor, attempt.clone(), call)? {
                guarding::Question::Passed => {}
                guarding::Question::Masked(masked) => asked = masked,
                guarding::Question::Blocked(message) => blocked = Some(message),
            }
        }
        let found = if is_external {
            external(&configuration["sources"][0])?
        } else {
            let retrieval = Retrieval::read(&configuration["retrievalConfiguration"])?;
            let base = state.knowledge_bases.get(&knowledge_base)?;
            let findings = retrieval::retrieve(base, &asked, &retrieval, 0)?;
            let (found, all) = (findings.found.len(), findings.chunks);
            call.note(format!("{found} of {all} chunk{}", if all == 1 { "" } else { "s" }));
            findings.found
        };
        let template = generation["promptTemplate"]["textPromptTemplate"].as_str();
        let model = configuration["modelArn"].as_str().unwrap_or_default().to_owned();
        Ok(Self { asked, model, knowledge_base, template: template.map(str::to_owned), found, judge, blocked })
    }

    /// What is said where the model is not asked: a guardrail blocks the question, or nothing was found.
    fn answer_without_model(&self) -> Option<answer::Answer> {
        if let Some(message) = &self.blocked {
            let answer = answer::Answer::citing_nothing(message);
            return Some(answer::Answer { guardrail: Some(guarding::INTERVENED), ..answer });
        }
        let guardrail = self.judge.as_ref().map(|_| guarding::NONE);
        let nothing = || answer::Answer { guardrail, ..answer::Answer::citing_nothing(answer::NOTHING_FOUND) };
        self.found.is_empty().then(nothing)
    }

    /// `messages` are what was said before in the session.
    fn scene(&self, operation: ModelOperation, mut messages: Vec<Said>, session: &str, call: &Call<'_>) -> Scene {
        let system = prompt::fill(self.template.as_deref(), &self.asked, &self.found, call.now);
        messages.push(Said { role: "user".to_owned(), text: self.asked.clone() });
        let characters = messages.iter().map(|said| said.text.chars().count()).sum::<usize>() + system.chars().count();
        let turn = messages.iter().filter(|said| said.role == "assistant").count();
        Scene {
            operation,
            model: self.model.clone(),
            system,
            last_user: self.asked.clone(),
            messages,
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            session: session.to_owned(),
            prompt_type: "KNOWLEDGE_BASE_RESPONSE_GENERATION".to_owned(),
            knowledge_base: self.knowledge_base.clone(),
            input_tokens: cadence::tokens(characters),
            ..Scene::default()
        }
    }
}

/// What a caller would expect to matter and does not yet.
fn refuse_not_yet(configuration: &Value) -> Result<(), ApiError> {
    if configuration["orchestrationConfiguration"]["queryTransformationConfiguration"].is_null() {
        return Ok(());
    }
    Err(ApiError::not_implemented("queryTransformationConfiguration of bedrock-agent-runtime"))
}

/// A document that came with the question, in chunks, so that parts of it can be cited.
fn external(source: &Value) -> Result<Vec<Found>, ApiError> {
    if source["sourceType"] == "S3" {
        return Err(ApiError::not_implemented("external sources of bedrock-agent-runtime in S3"));
    }
    let bytes = source.get("byteContent").ok_or_else(|| refusal::missing_for("byteContent", "BYTE_CONTENT"))?;
    let data = bytes["data"].as_str().unwrap_or_default();
    let text = document::decoded(bytes["contentType"].as_str().unwrap_or_default(), data)?;
    let found = Chunking::default().cut(&text).chunks.into_iter().map(|chunk| Found {
        content: chunk.text,
        location: Value::Null,
        score: 1.0,
        metadata: Map::from_iter([("x-amz-bedrock-kb-source-uri".to_owned(), json!(bytes["identifier"]))]),
    });
    Ok(found.collect())
}
