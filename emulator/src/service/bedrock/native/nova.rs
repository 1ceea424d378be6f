//! Amazon Nova: much like Converse, and its stream like ConverseStream.
//!
//! <https://docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html>
//!
//! ```text
//! {"schemaVersion":"messages-v1","messages":[{"role":"user","content":[{"text":"hello"}]}],
//!  "inferenceConfig":{"maxTokens":100}}
//! {"output":{"message":{"content":[{"text":"hi"}],"role":"assistant"}},"stopReason":"end_turn",
//!  "usage":{"inputTokens":2,"outputTokens":1,"totalTokens":3,"cacheReadInputTokenCount":0,"cacheWriteInputTokenCount":0}}
//! ```

use serde_json::{Map, Value, json};

use super::schema::{Kind, Member, OPTIONAL, REQUIRED, Violations, list, malformed};
use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::conversation::Conversation;
use crate::service::bedrock::converse;
use crate::service::bedrock::converse_stream::{self, Event};
use crate::service::bedrock::script::{ModelOperation, Performance};

const MEMBERS: &[Member] = &[
    ("schemaVersion", Kind::Text, OPTIONAL),
    ("messages", Kind::List, REQUIRED),
    ("system", Kind::List, OPTIONAL),
    ("inferenceConfig", Kind::Object, OPTIONAL),
    ("toolConfig", Kind::Object, OPTIONAL),
    ("additionalModelRequestFields", Kind::Object, OPTIONAL),
    ("reasoningConfig", Kind::Object, OPTIONAL),
];
const INFERENCE: &[Member] = &[
    ("maxTokens", Kind::Integer, OPTIONAL),
    ("max_new_tokens", Kind::Integer, OPTIONAL),
    ("temperature", Kind::Number, OPTIONAL),
    ("topP", Kind::Number, OPTIONAL),
    ("top_p", Kind::Number, OPTIONAL),
    ("topK", Kind::Integer, OPTIONAL),
    ("top_k", Kind::Integer, OPTIONAL),
    ("stopSequences", Kind::List, OPTIONAL),
    ("reasoningConfig", Kind::Object, OPTIONAL),
];
const BLOCK: &[Member] = &[
    ("text", Kind::Text, OPTIONAL),
    ("image", Kind::Object, OPTIONAL),
    ("video", Kind::Object, OPTIONAL),
    ("audio", Kind::Object, OPTIONAL),
    ("document", Kind::Object, OPTIONAL),
    ("toolUse", Kind::Object, OPTIONAL),
    ("toolResult", Kind::Object, OPTIONAL),
    ("cachePoint", Kind::Object, OPTIONAL),
    ("reasoningContent", Kind::Object, OPTIONAL),
];

struct Messages {
    conversation: Conversation,
}

pub fn read(members: Map<String, Value>, _model: &str) -> Result<Body, ApiError> {
    let mut violations = Violations::default();
    violations.object("#", &members, MEMBERS);
    violations.one_of("#/schemaVersion", members.get("schemaVersion"), &["messages-v1"]);
    if let Some(config) = members.get("inferenceConfig").and_then(Value::as_object) {
        violations.object("#/inferenceConfig", config, INFERENCE);
        violations.range("#/inferenceConfig/temperature", config.get("temperature"), 0.0, 1.0);
        violations.range("#/inferenceConfig/topP", config.get("topP"), 0.0, 1.0);
        violations.range("#/inferenceConfig/maxTokens", config.get("maxTokens"), 1.0, f64::MAX);
    }
    for (n, message) in list(&members, "messages").iter().enumerate() {
        check_message(&format!("#/messages/{n}"), message, &mut violations);
    }
    violations.joined()?;
    if list(&members, "messages").is_empty() {
        return Err(malformed("#/messages: expected minimum item count: 1, found: 0"));
    }
    let read = |members| serde_json::from_value::<Conversation>(Value::Object(members));
    let conversation = read(members).map_err(|error| malformed(format_args!("#: {error}")))?;
    Ok(Body::Speech(Box::new(Messages { conversation })))
}

fn check_message(at: &str, message: &Value, violations: &mut Violations) {
    violations.kind(at, message, Kind::Object);
    let Some(message) = message.as_object() else { return };
    let known = [("role", Kind::Text, REQUIRED), ("content", Kind::List, REQUIRED)];
    violations.object(at, message, &known);
    violations.one_of(&format!("{at}/role"), message.get("role"), &["user", "assistant"]);
    for (m, block) in list(message, "content").iter().enumerate() {
        let at = format!("{at}/content/{m}");
        violations.kind(&at, block, Kind::Object);
        if let Some(block) = block.as_object() {
            violations.object(&at, block, BLOCK);
        }
    }
}

impl Speech for Messages {
    fn question(&self) -> Question {
        let scene = self.conversation.scene(ModelOperation::InvokeModel);
        Question {
            system: scene.system,
            messages: scene.messages,
            tool_results: scene.tool_results,
            tools: scene.tools,
            max_tokens: scene.max_tokens,
            estimate: self.conversation.estimate(),
        }
    }

    fn document(&self, performance: &Performance, _naming: &Naming) -> Value {
        json!({
            "output": {"message": {"content": converse::content(performance), "role": "assistant"}},
            "stopReason": performance.stop_reason.as_str(),
            "usage": usage(performance),
        })
    }

    fn chunks(&self, performance: &Performance, _naming: &Naming) -> Chunks {
        let mut chunks = Chunks::default();
        for Event { after, name, payload } in converse_stream::content(performance) {
            chunks.said.push((after, json!({ name: payload })));
        }
        chunks.closing.push(json!({"messageStop": {"stopReason": performance.stop_reason.as_str()}}));
        chunks.closing.push(json!({"metadata": {"usage": usage(performance), "metrics": {}, "trace": {}}}));
        chunks
    }
}

fn usage(performance: &Performance) -> Value {
    let usage = performance.usage;
    json!({
        "inputTokens": usage.input_tokens,
        "outputTokens": usage.output_tokens,
        "totalTokens": converse::total_tokens(usage),
        "cacheReadInputTokenCount": usage.cache_read_input_tokens.unwrap_or_default(),
        "cacheWriteInputTokenCount": usage.cache_write_input_tokens.unwrap_or_default(),
    })
}
