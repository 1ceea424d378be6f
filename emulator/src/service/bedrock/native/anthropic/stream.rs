//! The events of a message that comes piece by piece.
//!
//! On Bedrock there are no `ping`s (assumed from examples); the last event gets
//! `amazon-bedrock-invocationMetrics`, as the last chunk of every model's stream does.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Chunks, citation, message_id, native_model, stop_reason, usage};
use crate::service::bedrock::native::Naming;
use crate::service::bedrock::script::{Block, Performance, Usage};

pub fn chunks(performance: &Performance, naming: &Naming) -> Chunks {
    let mut chunks = Chunks::default();
    let begun = Usage { output_tokens: performance.usage.output_tokens.min(1), ..performance.usage };
    chunks.say(json!({
        "type": "message_start",
        "message": {
            "id": message_id(naming),
            "type": "message",
            "role": "assistant",
            "model": native_model(&naming.model),
            "content": [],
            "stop_reason": null,
            "stop_sequence": null,
            "usage": usage(begun),
        },
    }));
    for (index, block) in performance.blocks.iter().enumerate() {
        chunks.say(json!({"type": "content_block_start", "index": index, "content_block": start(block)}));
        for (after, delta) in deltas(block) {
            chunks.said.push((after, json!({"type": "content_block_delta", "index": index, "delta": delta})));
        }
        chunks.say(json!({"type": "content_block_stop", "index": index}));
    }
    chunks.closing.push(json!({
        "type": "message_delta",
        "delta": {"stop_reason": stop_reason(performance.stop_reason), "stop_sequence": performance.stop_sequence},
        "usage": {"output_tokens": performance.usage.output_tokens},
    }));
    chunks.closing.push(json!({"type": "message_stop"}));
    chunks
}

/// A block of which nothing is known yet but what it is.
fn start(block: &Block) -> Value {
    match block {
        Block::Text { citations, .. } if citations.is_empty() => json!({"type": "text", "text": ""}),
        Block::Text { .. } => json!({"type": "text", "text": "", "citations": []}),
        Block::ToolUse { id, name, .. } => json!({"type": "tool_use", "id": id, "name": name, "input": {}}),
        Block::Reasoning { .. } => json!({"type": "thinking", "thinking": "", "signature": ""}),
        Block::RedactedReasoning { data } => json!({"type": "redacted_thinking", "data": data}),
    }
}

fn deltas(block: &Block) -> Vec<(Duration, Value)> {
    let mut deltas = Vec::new();
    if let Block::ToolUse { .. } = block {
        // Real streams begin a tool's input with an empty fragment.
        deltas.push((Duration::ZERO, json!({"type": "input_json_delta", "partial_json": ""})));
    }
    for piece in block.pieces() {
        let delta = match block {
            Block::ToolUse { .. } => json!({"type": "input_json_delta", "partial_json": piece.text}),
            Block::Reasoning { .. } => json!({"type": "thinking_delta", "thinking": piece.text}),
            Block::Text { .. } | Block::RedactedReasoning { .. } => json!({"type": "text_delta", "text": piece.text}),
        };
        deltas.push((piece.after, delta));
    }
    match block {
        Block::Reasoning { signature: Some(signature), .. } => {
            deltas.push((Duration::ZERO, json!({"type": "signature_delta", "signature": signature})));
        }
        Block::Text { citations, .. } => {
            let cited = citations.iter().map(citation::of_converse);
            let cited = cited.map(|citation| json!({"type": "citations_delta", "citation": citation}));
            deltas.extend(cited.map(|delta| (Duration::ZERO, delta)));
        }
        _ => {}
    }
    deltas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::bedrock::script::Piece;

    #[test]
    fn thoughts_and_citations_have_deltas_of_their_own() {
        let piece = |text: &str| Piece { after: Duration::ZERO, text: text.to_owned() };
        let mut performance = Performance::of_embedding(3);
        performance.usage.cache_read_input_tokens = Some(9);
        performance.blocks = vec![
            Block::Reasoning { pieces: vec![piece("hm")], signature: Some("s".to_owned()) },
            Block::RedactedReasoning { data: "AA==".to_owned() },
            Block::Text { pieces: vec![piece("hi")], citations: vec![json!({"sourceContent": [{"text": "cited"}]})] },
        ];
        let chunks = chunks(&performance, &Naming::default());
        assert_eq!(chunks.said[0].1["message"]["usage"]["cache_read_input_tokens"], 9);
        let kinds: Vec<&str> = chunks.said.iter().filter_map(|(_, chunk)| chunk["delta"]["type"].as_str()).collect();
        assert_eq!(kinds, ["thinking_delta", "signature_delta", "text_delta", "citations_delta"]);
        let starts = chunks.said.iter().filter_map(|(_, chunk)| chunk["content_block"]["type"].as_str());
        assert_eq!(starts.collect::<Vec<_>>(), ["thinking", "redacted_thinking", "text"]);
        let closing: Vec<&str> = chunks.closing.iter().filter_map(|chunk| chunk["type"].as_str()).collect();
        assert_eq!(closing, ["message_delta", "message_stop"]);
    }
}
