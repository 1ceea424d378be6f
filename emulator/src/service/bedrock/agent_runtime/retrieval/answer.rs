//! An answer in AWS's form: its text, and which part of it comes from where.

use serde_json::{Value, json};

use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::knowledge::citation::{self, Part, Source};
use crate::service::bedrock::script::{Block, Performance};

/// What AWS says when nothing was found.
pub const NOTHING_FOUND: &str = "Sorry, I am unable to assist you with this request.";

/// What the model says, with its citations.
pub struct Answer {
    pub text: String,
    pub parts: Vec<Part>,
    /// What a guardrail did about it, if there is one.
    pub guardrail: Option<&'static str>,
}

impl Answer {
    /// The texts of a performance. A text for which the script says what it cites is one part.
    pub fn of(performance: &Performance, found: &[Found], cites: bool) -> Self {
        let sources: Vec<Source<'_>> = found.iter().map(source).collect();
        let mut answer = Self { text: String::new(), parts: Vec::new(), guardrail: None };
        for block in &performance.blocks {
            let Block::Text { citations, .. } = block else { continue };
            let (text, start) = (block.text(), answer.text.chars().count());
            if cites && citations.is_empty() {
                answer.parts.extend(citation::found(&text, start, &sources));
            } else if cites {
                let cites = citation::scripted(citations, &sources);
                answer.parts.push(Part { start, text: text.clone(), cites });
            }
            answer.text.push_str(&text);
        }
        if cites && answer.parts.is_empty() { Self::citing_nothing(&answer.text) } else { answer }
    }

    /// A text that cites what it shares words with.
    pub fn citing(text: &str, found: &[Found], cites: bool) -> Self {
        let sources: Vec<Source<'_>> = found.iter().map(source).collect();
        let parts = if cites { citation::found(text, 0, &sources) } else { Vec::new() };
        if cites && parts.is_empty() {
            return Self::citing_nothing(text);
        }
        Self { text: text.to_owned(), parts, guardrail: None }
    }

    /// A text that is one part, as AWS gives those in which nothing is cited.
    pub fn citing_nothing(text: &str) -> Self {
        let part = Part { start: 0, text: text.to_owned(), cites: Vec::new() };
        Self { text: text.to_owned(), parts: vec![part], guardrail: None }
    }

    pub fn citations(&self, found: &[Found]) -> Vec<Value> {
        self.parts.iter().map(|part| described(part, found)).collect()
    }
}

fn source(found: &Found) -> Source<'_> {
    let document = found.metadata.get("x-amz-bedrock-kb-source-uri").and_then(Value::as_str).unwrap_or_default();
    Source { text: &found.content, document }
}

/// AWS's `Citation`.
pub fn described(part: &Part, found: &[Found]) -> Value {
    let references: Vec<Value> = part.cites.iter().filter_map(|place| found.get(*place)).map(reference).collect();
    let span = json!({"start": part.start, "end": part.end()});
    json!({
        "generatedResponsePart": {"textResponsePart": {"text": part.text, "span": span}},
        "retrievedReferences": references,
    })
}

/// AWS's `RetrievedReference`.
pub fn reference(found: &Found) -> Value {
    let mut reference = json!({"content": {"text": found.content, "type": "TEXT"}, "metadata": found.metadata});
    if !found.location.is_null() {
        reference["location"] = found.location.clone();
    }
    reference
}
