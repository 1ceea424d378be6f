//! The models' own documents, as they travel in InvokeModel's body: one file a form.
//!
//! A form is chosen by the model's provider, and where that is not known, by what
//! the body says of itself. Each reads its body, tells what a script can see of
//! it, and writes what a performance says, whole or as the chunks of a stream.

pub mod anthropic;
mod cohere_embed;
mod command_r;
mod llama;
mod mistral;
mod mistral_chat;
mod nova;
mod schema;
mod titan_embed;
mod titan_text;

use std::time::Duration;

use serde_json::{Map, Value};

use super::estimate::Estimate;
use super::model::model_id;
use super::script::{Performance, Piece, Said, Scene, ToolResult};
use crate::kernel::ApiError;

/// A body that is well-formed.
pub enum Body {
    Speech(Box<dyn Speech>),
    Embedding(Box<dyn Embedding>),
}

/// A body that asks a model to say something.
pub trait Speech: Send {
    fn question(&self) -> Question;
    fn document(&self, performance: &Performance, naming: &Naming) -> Value;
    /// What a stream carries.
    fn chunks(&self, performance: &Performance, naming: &Naming) -> Chunks;
}

/// A body that asks for vectors.
pub trait Embedding: Send {
    /// What is to be embedded, one vector each. Media count as texts of their own data.
    fn texts(&self) -> Vec<&str>;
    fn dimensions(&self) -> usize;
    fn is_normalized(&self) -> bool;
    fn document(&self, vectors: &[Vec<f32>], input_tokens: u32, naming: &Naming) -> Value;
}

/// The chunks of a stream, each with the time after the one before it.
#[derive(Debug, Default)]
pub struct Chunks {
    pub said: Vec<(Duration, Value)>,
    /// What tells that it is over. A stream that ends too early lacks them.
    pub closing: Vec<Value>,
}

impl Chunks {
    fn say(&mut self, chunk: Value) {
        self.said.push((Duration::ZERO, chunk));
    }

    fn say_piece(&mut self, piece: &Piece, chunk: Value) {
        self.said.push((piece.after, chunk));
    }
}

/// Names that an answer needs and no model gives.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    /// Letters and digits, drawn with the seed.
    pub id: String,
    /// As the caller named it.
    pub model: String,
}

/// What a script can see of a body.
#[derive(Debug, Default)]
pub struct Question {
    pub system: String,
    pub messages: Vec<Said>,
    pub tool_results: Vec<ToolResult>,
    pub tools: Vec<String>,
    /// How long the answer may be, if that is said.
    pub max_tokens: Option<u32>,
    pub estimate: Estimate,
}

impl Question {
    /// One text that is all there is.
    fn of_prompt(prompt: &str, max_tokens: Option<u32>) -> Self {
        let mut question = Self { max_tokens, ..Self::default() };
        question.say("user", prompt.to_owned());
        question.estimate.text(Some(prompt));
        question
    }

    fn say(&mut self, role: &str, text: String) {
        self.messages.push(Said { role: role.to_owned(), text });
    }

    /// A scene, but for the operation and the model.
    pub fn scene(self) -> Scene {
        let Self { system, messages, tool_results, tools, max_tokens, estimate } = self;
        let users = messages.iter().rev().filter(|said| said.role == "user");
        let last_user = users.map(|said| said.text.clone()).find(|text| !text.is_empty()).unwrap_or_default();
        let turn = messages.iter().filter(|said| said.role == "assistant").count();
        Scene {
            system,
            last_user,
            turn: u32::try_from(turn).unwrap_or(u32::MAX),
            messages,
            tool_results,
            tools,
            max_tokens,
            input_tokens: estimate.tokens(),
            ..Scene::default()
        }
    }
}

type Reader = fn(Map<String, Value>, &str) -> Result<Body, ApiError>;

/// Reads a body in the form of its model.
pub fn read(model: &str, body: &[u8]) -> Result<Body, ApiError> {
    if let Some(unsupported) = unsupported(model) {
        return Err(ApiError::not_implemented(format_args!("{unsupported} of model {}", model_id::short(model))));
    }
    let members = schema::members(body)?;
    match reader(model, &members) {
        Some(read) => read(members, model),
        None => {
            let model = model_id::short(model);
            Err(ApiError::not_implemented(format_args!("the native body of model {model} of bedrock InvokeModel")))
        }
    }
}

/// Bodies that have nothing to do with text.
fn unsupported(model: &str) -> Option<&'static str> {
    let kinds = [
        ("titan-embed-image", "embeddings of images"),
        ("titan-image", "images made"),
        ("nova-canvas", "images made"),
        ("nova-reel", "videos made"),
        ("nova-sonic", "speech"),
        ("nova-2-multimodal-embeddings", "the native body"),
        ("cohere.rerank", "the native body"),
        ("amazon.rerank", "the native body"),
    ];
    kinds.iter().find(|(name, _)| model.contains(name)).map(|(_, what)| *what)
}

/// By the model's provider and family; else by the members that no other form has.
fn reader(model: &str, members: &Map<String, Value>) -> Option<Reader> {
    let id = model_id::short(model);
    let has = |key: &str| members.contains_key(key);
    match model_id::provider(model) {
        "anthropic" => Some(anthropic::read),
        "amazon" if id.contains("titan-embed") => Some(titan_embed::read),
        "amazon" if id.contains("titan") => Some(titan_text::read),
        "amazon" => Some(nova::read),
        "meta" => Some(llama::read),
        "mistral" if has("messages") => Some(mistral_chat::read),
        "mistral" => Some(mistral::read),
        "cohere" if id.contains("embed") => Some(cohere_embed::read),
        "cohere" if id.contains("command-r") => Some(command_r::read),
        _ if has("anthropic_version") => Some(anthropic::read),
        _ if has("schemaVersion") => Some(nova::read),
        _ => None,
    }
}
