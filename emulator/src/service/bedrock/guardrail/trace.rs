//! What an answer tells of the guardrail that judged it, in the shapes of the operations.

use serde_json::{Map, Value, json};

use crate::service::bedrock::script::performance::Guarded;

impl Guarded {
    /// `trace` of Converse, and of the metadata of its stream; nothing unless it was asked for.
    pub fn converse_trace(&self) -> Option<Value> {
        let mut trace = Map::new();
        trace.insert("inputAssessment".to_owned(), json!({self.id.as_str(): self.input}));
        if !self.outputs.is_empty() {
            trace.insert("outputAssessments".to_owned(), json!({self.id.as_str(): self.outputs}));
        }
        if !self.model_output.is_empty() {
            trace.insert("modelOutput".to_owned(), json!(self.model_output));
        }
        trace.insert("actionReason".to_owned(), self.reason.into());
        self.traces.then(|| json!({"guardrail": trace}))
    }

    /// The members that InvokeModel adds to a model's own document.
    /// <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-use-independent-api.html>
    pub fn add_to(&self, document: &mut Value) {
        let Some(members) = document.as_object_mut() else { return };
        let action = if self.intervened { "INTERVENED" } else { "NONE" };
        members.insert("amazon-bedrock-guardrailAction".to_owned(), action.into());
        if !self.traces {
            return;
        }
        let mut trace = Map::new();
        if !self.model_output.is_empty() {
            trace.insert("modelOutput".to_owned(), json!(self.model_output));
        }
        trace.insert("input".to_owned(), json!({self.id.as_str(): self.input}));
        if !self.outputs.is_empty() {
            let outputs = self.outputs.iter().map(|output| json!({self.id.as_str(): output}));
            trace.insert("outputs".to_owned(), outputs.collect());
        }
        trace.insert("actionReason".to_owned(), self.reason.into());
        members.insert("amazon-bedrock-trace".to_owned(), json!({"guardrail": trace}));
    }
}
