//! What a script would see of a request, for who only passes it on.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::conversation::Conversation;
use super::native::{self, Body};
use super::script::{ModelOperation, Scene};

/// The scene of a request's body; nothing, where it cannot be read.
pub fn of(operation: ModelOperation, model: &str, body: &[u8]) -> Option<Scene> {
    match operation {
        ModelOperation::Converse | ModelOperation::ConverseStream => {
            let mut document: Map<String, Value> = serde_json::from_slice(body).ok()?;
            document.insert("modelId".to_owned(), Value::String(model.to_owned()));
            Some(Conversation::deserialize(Value::Object(document)).ok()?.scene(operation))
        }
        ModelOperation::InvokeModel | ModelOperation::InvokeModelWithResponseStream => {
            let Ok(Body::Speech(body)) = native::read(model, body) else { return None };
            Some(Scene { operation, model: model.to_owned(), ..body.question().scene() })
        }
        _ => None,
    }
}
