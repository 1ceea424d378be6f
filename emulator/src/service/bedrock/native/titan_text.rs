//! Amazon Titan Text: a text each way.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-text.html>
//!
//! ```text
//! {"inputText":"User: hello\nBot:","textGenerationConfig":{"maxTokenCount":100}}
//! {"inputTextTokenCount":5,"results":[{"tokenCount":1,"outputText":"hi","completionReason":"FINISHED"}]}
//! ```

use serde_json::{Map, Value, json};

use super::llama::{said, texts};
use super::schema::{self, Kind, OPTIONAL, REQUIRED, Violations};
use super::{Body, Chunks, Naming, Question, Speech};
use crate::kernel::ApiError;
use crate::service::bedrock::script::{Block, Performance, StopReason};

struct InputText {
    text: String,
    max_tokens: Option<u32>,
}

pub fn read(members: Map<String, Value>, _model: &str) -> Result<Body, ApiError> {
    let mut violations = Violations::default();
    let known = [("inputText", Kind::Text, REQUIRED), ("textGenerationConfig", Kind::Object, OPTIONAL)];
    violations.object("#", &members, &known);
    if let Some(config) = members.get("textGenerationConfig").and_then(Value::as_object) {
        let at = "#/textGenerationConfig";
        let known = [
            ("temperature", Kind::Number, OPTIONAL),
            ("topP", Kind::Number, OPTIONAL),
            ("maxTokenCount", Kind::Integer, OPTIONAL),
            ("stopSequences", Kind::List, OPTIONAL),
        ];
        violations.object(at, config, &known);
        violations.range(&format!("{at}/temperature"), config.get("temperature"), 0.0, 1.0);
        violations.range(&format!("{at}/topP"), config.get("topP"), 0.0, 1.0);
        violations.range(&format!("{at}/maxTokenCount"), config.get("maxTokenCount"), 0.0, 8192.0);
    }
    violations.counted()?;
    let config = members.get("textGenerationConfig").and_then(Value::as_object);
    let max_tokens = config.and_then(|config| schema::count(config, "maxTokenCount"));
    let text = schema::text(&members, "inputText").unwrap_or_default().to_owned();
    Ok(Body::Speech(Box::new(InputText { text, max_tokens })))
}

impl Speech for InputText {
    fn question(&self) -> Question {
        Question::of_prompt(&self.text, self.max_tokens)
    }

    fn document(&self, performance: &Performance, _naming: &Naming) -> Value {
        json!({
            "inputTextTokenCount": performance.usage.input_tokens,
            "results": [{
                "tokenCount": performance.usage.output_tokens,
                "outputText": said(performance),
                "completionReason": completion_reason(performance.stop_reason),
            }],
        })
    }

    fn chunks(&self, performance: &Performance, _naming: &Naming) -> Chunks {
        let input = performance.usage.input_tokens;
        let mut chunks = Chunks::default();
        for piece in texts(performance).flat_map(Block::pieces) {
            let first = chunks.said.is_empty().then_some(input);
            let chunk = json!({
                "outputText": piece.text,
                "index": 0,
                "totalOutputTextTokenCount": null,
                "completionReason": null,
                "inputTextTokenCount": first,
            });
            chunks.say_piece(piece, chunk);
        }
        chunks.closing.push(json!({
            "outputText": "",
            "index": 0,
            "totalOutputTextTokenCount": performance.usage.output_tokens,
            "completionReason": completion_reason(performance.stop_reason),
            "inputTextTokenCount": chunks.said.is_empty().then_some(input),
        }));
        chunks
    }
}

fn completion_reason(reason: StopReason) -> &'static str {
    match reason {
        StopReason::MaxTokens | StopReason::ModelContextWindowExceeded => "LENGTH",
        StopReason::StopSequence => "STOP_CRITERIA_MET",
        StopReason::ContentFiltered | StopReason::GuardrailIntervened => "CONTENT_FILTERED",
        _ => "FINISHED",
    }
}
