//! What of a request comes back in its answer: how it was served, and what it wants to know of the model's own words.

use serde_json::{Map, Value, json};

use super::conversation::Conversation;
use super::model::model_id;
use super::native::{Naming, anthropic};
use super::script::Performance;

/// Kept from a conversation until it is answered.
#[derive(Debug, Default)]
pub struct Echo {
    latency: Option<String>,
    service_tier: Option<String>,
    /// JSON Pointers into the model's own document.
    paths: Vec<String>,
    naming: Naming,
}

impl Echo {
    /// `new_id` names the answer at the model's own side.
    pub fn of(conversation: &Conversation, new_id: impl FnOnce() -> String) -> Self {
        let paths = conversation.additional_model_response_field_paths.clone().unwrap_or_default();
        let id = if paths.is_empty() { String::new() } else { new_id() };
        Self {
            latency: conversation.performance_config.as_ref().and_then(|config| config.latency.clone()),
            service_tier: conversation.service_tier.as_ref().and_then(|tier| tier.kind.clone()),
            paths,
            naming: Naming { id, model: conversation.model_id.clone() },
        }
    }

    /// Adds how the call was served: as it wished (assumed: AWS may serve it otherwise, and say so).
    pub fn add_service(&self, document: &mut Value) {
        if let Some(latency) = &self.latency {
            document["performanceConfig"] = json!({ "latency": latency });
        }
        if let Some(tier) = &self.service_tier {
            document["serviceTier"] = json!({ "type": tier });
        }
    }

    /// Adds what the paths lead to in the model's own document. What is not there is left out, as on AWS.
    /// Only the document of Anthropic's models is another than Converse's, which holds nothing more.
    pub fn add_model_fields(&self, performance: &Performance, document: &mut Value) {
        if self.paths.is_empty() || model_id::provider(&self.naming.model) != "anthropic" {
            return;
        }
        let native = anthropic::document(performance, &self.naming);
        let mut fields = Value::Object(Map::new());
        let mut found = false;
        for path in &self.paths {
            if let Some(value) = native.pointer(path) {
                found = true;
                put(&mut fields, path, value.clone());
            }
        }
        if found {
            document["additionalModelResponseFields"] = fields;
        }
    }
}

/// Puts a value where it was, with only objects on the way to it (assumed: AWS says "as a JSON Pointer object").
fn put(fields: &mut Value, path: &str, value: Value) {
    let mut place = fields;
    for key in path.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        if !place.is_object() {
            *place = Value::Object(Map::new());
        }
        place = &mut place[&key];
    }
    *place = value;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_where_it_was() {
        let mut fields = json!({});
        put(&mut fields, "/usage/input_tokens", json!(3));
        put(&mut fields, "/stop_sequence", json!(null));
        put(&mut fields, "/content/0/type", json!("text"));
        let expected = json!({"usage": {"input_tokens": 3}, "stop_sequence": null, "content": {"0": {"type": "text"}}});
        assert_eq!(fields, expected);
    }
}
