//! A model called with a body of its own, by InvokeModel or with a stream: what the two have in common.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;

use super::Bedrock;
use super::asking::{self, Speak};
use super::converse::{latency_ms, new_id};
use super::embedding;
use super::guardrail::hearing::{self, Hearing};
use super::guardrail::watch::GuardrailConfig;
use super::ledger::Attempt;
use super::model::model_id;
use super::native::{self, Body, Embedding, Naming, Speech};
use super::padding::Padding;
use super::script::{ModelOperation, Performance, Scene};
use super::validation;
use super::{invoke_model, invoke_model_with_response_stream};
use crate::kernel::answer::Reply;
use crate::kernel::operation::{Encode, Prepared};
use crate::kernel::{ApiError, Call, Cell, Violations};
use crate::wire::{self, aws_json};

const LATENCY: &str = "x-amzn-bedrock-performanceconfig-latency";
const SERVICE_TIER: &str = "x-amzn-bedrock-service-tier";
const METADATA: &str = "x-amzn-bedrock-request-metadata";

/// A body that has arrived.
pub struct Invocation {
    operation: ModelOperation,
    model_id: String,
    body: Bytes,
    content_type: Option<String>,
    accept: Option<String>,
    settings: Settings,
    session: String,
    guardrail: GuardrailConfig,
    attempt: Attempt,
}

/// What comes back in headers as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    latency: Option<String>,
    service_tier: Option<String>,
}

impl Settings {
    pub fn echo(&self, mut reply: Reply) -> Reply {
        for (name, value) in [(LATENCY, &self.latency), (SERVICE_TIER, &self.service_tier)] {
            if let Some(value) = value {
                reply = reply.with_header(name, value);
            }
        }
        reply
    }
}

impl Invocation {
    pub fn read(request: &wire::Request, operation: ModelOperation) -> Box<dyn Prepared<Bedrock>> {
        let header = |name: &str| request.header(name).map(str::to_owned);
        let accept =
            if operation == ModelOperation::InvokeModel { header("accept") } else { header("x-amzn-bedrock-accept") };
        Box::new(Self {
            operation,
            model_id: request.label("modelId").to_owned(),
            body: request.body.clone(),
            content_type: header("content-type"),
            accept,
            settings: Settings { latency: header(LATENCY), service_tier: header(SERVICE_TIER) },
            session: request.header(METADATA).and_then(session_of).unwrap_or_default(),
            guardrail: hearing::in_headers(request),
            attempt: Attempt::of(request),
        })
    }

    fn validate(&self) -> Result<(), ApiError> {
        let mut violations = Violations::new();
        model_id::constrain(&self.model_id, &mut violations);
        if let Some(latency) = &self.settings.latency {
            violations.one_of("performanceConfigLatency", latency, &["standard", "optimized"]);
        }
        if let Some(tier) = &self.settings.service_tier {
            validation::one_of_service_tiers("serviceTier", tier, &mut violations);
        }
        self.guardrail.check(&mut violations, "");
        violations.finish()?;
        let refuse =
            |what: &str| ApiError::not_implemented(format_args!("{what} of bedrock {}", self.operation.name()));
        if model_id::is_prompt(&self.model_id) {
            return Err(refuse("a prompt as the model"));
        }
        model_id::resolve(&self.model_id)?;
        validation::check_invocation(&self.model_id, self.operation)?;
        self.check_types()
    }

    /// Every model's body is JSON each way. What SDKs say of bytes they do not know is JSON, too.
    fn check_types(&self) -> Result<(), ApiError> {
        let is_one_of = |given: &Option<String>, types: &[&str]| {
            given.as_ref().is_none_or(|given| {
                let mut given = given.split(',').map(|one| one.split(';').next().unwrap_or_default().trim());
                given.any(|one| types.iter().any(|known| known.eq_ignore_ascii_case(one)))
            })
        };
        let bodies = ["application/json", "application/octet-stream", "*/*"];
        if !is_one_of(&self.content_type, &bodies) {
            return Err(ApiError::validation("The provided Content Type is invalid or not supported for this model"));
        }
        if !is_one_of(&self.accept, &["application/json", "application/*", "*/*", "", "application/octet-stream"]) {
            return Err(ApiError::validation("The provided Accept Type is invalid or not supported for this model"));
        }
        Ok(())
    }

    fn scene(&self, scene: Scene) -> Scene {
        Scene { operation: self.operation, model: self.model_id.clone(), session: self.session.clone(), ..scene }
    }
}

/// The metadata of these operations is a JSON object in a header (assumed); of what is none, nothing is read.
fn session_of(header: &str) -> Option<String> {
    let metadata: BTreeMap<String, String> = serde_json::from_str(header).ok()?;
    metadata.get("session").or_else(|| metadata.get("sessionId")).cloned()
}

impl Prepared<Bedrock> for Invocation {
    fn resource(&self) -> String {
        self.model_id.clone()
    }

    fn run(mut self: Box<Self>, cell: &Arc<Cell<Bedrock>>, call: &mut Call<'_>) -> Result<Box<dyn Encode>, ApiError> {
        self.validate()?;
        self.body = hearing::take_settings(&self.body, &mut self.guardrail)?;
        let body = native::read(&self.model_id, &self.body)?;
        let naming = Naming { id: new_id(call), model: self.model_id.clone() };
        let state = cell.shared(call);
        match body {
            Body::Speech(body) => {
                let mut question = body.question();
                let heard = hearing::hear_question(&mut question, &self.guardrail, &state, &self.attempt, call)?;
                let scene = self.scene(question.scene());
                validation::check_length(&self.model_id, scene.input_tokens)?;
                let speak = speech(self.operation, body, naming, self.settings, Padding::seeded(call.event.0));
                match heard {
                    Hearing::Refused(performance) => Ok(asking::answer(*performance, speak)),
                    Hearing::Passed(watching) => {
                        asking::ask_watched(&state.actor, call, scene, self.attempt, speak, watching)
                    }
                }
            }
            Body::Embedding(_) if self.operation != ModelOperation::InvokeModel => {
                Err(ApiError::validation("The model is unsupported for streaming."))
            }
            Body::Embedding(_) if self.guardrail.guardrail_identifier.is_some() => {
                Err(ApiError::not_implemented("guardrails of bedrock InvokeModel for embeddings"))
            }
            Body::Embedding(body) => {
                let scene = self.scene(question(&*body).scene());
                let speak = vectors(body, naming, self.settings);
                asking::ask_for_embedding(&state.actor, call, scene, self.attempt, speak)
            }
        }
    }
}

fn speech(
    operation: ModelOperation,
    body: Box<dyn Speech>,
    naming: Naming,
    settings: Settings,
    padding: Padding,
) -> Speak {
    match operation {
        ModelOperation::InvokeModel => Box::new(move |performance| {
            let mut document = body.document(performance, &naming);
            if let Some(guarded) = &performance.guarded {
                guarded.add_to(&mut document);
            }
            settings.echo(invoke_model::reply(performance, &document))
        }),
        _ => Box::new(move |performance| {
            let mut chunks = body.chunks(performance, &naming);
            if let (Some(guarded), Some(last)) = (&performance.guarded, chunks.closing.last_mut()) {
                guarded.add_to(last);
            }
            settings.echo(invoke_model_with_response_stream::reply(performance, chunks, padding))
        }),
    }
}

/// The texts to embed, as a script sees them: what the user says last is the last of them.
fn question(body: &dyn Embedding) -> native::Question {
    let mut question = native::Question::default();
    for text in body.texts() {
        question.estimate.text(Some(text));
        question.messages.push(super::script::Said { role: "user".to_owned(), text: text.to_owned() });
    }
    question
}

/// The vectors that the script gives; where it gives none, those that are computed.
fn vectors(body: Box<dyn Embedding>, naming: Naming, settings: Settings) -> Speak {
    Box::new(move |performance: &Performance| {
        let given = performance.embedding.as_deref().unwrap_or_default();
        let computed = |text: &str| {
            let mut vector = embedding::embed(text, body.dimensions());
            if body.is_normalized() {
                embedding::normalize(&mut vector);
            }
            vector
        };
        let texts = body.texts();
        let vector = |(n, text): (usize, &&str)| given.get(n).cloned().unwrap_or_else(|| computed(text));
        let vectors: Vec<Vec<f32>> = texts.iter().enumerate().map(vector).collect();
        let input_tokens = performance.usage.input_tokens;
        let document = body.document(&vectors, input_tokens, &naming);
        let reply = asking::document(performance, aws_json::encode(&document))
            .with_header(invoke_model::INPUT_TOKENS, input_tokens.to_string())
            .with_header(invoke_model::LATENCY, latency_ms(performance).to_string());
        settings.echo(reply)
    })
}
