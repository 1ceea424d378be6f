//! Answers a question from what a knowledge base says about it.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_RetrieveAndGenerate.html>
//!
//! ```text
//! POST /retrieveAndGenerate
//! {"input":{"text":"Can I return an order?"},"retrieveAndGenerateConfiguration":{"type":"KNOWLEDGE_BASE",
//!   "knowledgeBaseConfiguration":{"knowledgeBaseId":"ABCDEFGHIJ","modelArn":"anthropic.claude-3-haiku-20240307-v1:0"}}}
//!
//! {"sessionId":"0b5f...","output":{"text":"Orders can be returned."},"citations":[
//!   {"generatedResponsePart":{"textResponsePart":{"text":"Orders can be returned.","span":{"start":0,"end":22}}},
//!    "retrievedReferences":[{"content":{"text":"Orders can be returned.","type":"TEXT"},...}]}]}
//! ```
//!
//! A span's `end` is that of its last character, as on AWS. Where nothing is found, the model is not asked.
//!
//! To the script, the answer's session is the question's: without a `sessionId`, each question begins a session, and
//! with it the sequence of a rule's replies.

use serde_json::json;

use super::answer::Answer;
use super::generation::Question;
use crate::kernel::answer::Reply;
use crate::kernel::operation::Prepared;
use crate::kernel::{AnyOperation, ApiError, Binding};
use crate::service::bedrock::knowledge::Found;
use crate::service::bedrock::script::{ModelOperation, Performance};
use crate::service::bedrock::{Bedrock, asking};
use crate::wire::{self, aws_json};

pub struct RetrieveAndGenerate;

impl AnyOperation<Bedrock> for RetrieveAndGenerate {
    fn name(&self) -> &'static str {
        ModelOperation::RetrieveAndGenerate.name()
    }

    fn binding(&self) -> Binding {
        Binding::post("/retrieveAndGenerate")
    }

    fn prepare(&self, request: &wire::Request) -> Result<Box<dyn Prepared<Bedrock>>, ApiError> {
        Question::read(request, ModelOperation::RetrieveAndGenerate, write)
    }
}

fn write(answer: &Answer, found: &[Found], session: &str, performance: Option<&Performance>) -> Reply {
    let mut document = json!({
        "sessionId": session,
        "output": {"text": answer.text},
        "citations": answer.citations(found),
    });
    if let Some(action) = answer.guardrail {
        document["guardrailAction"] = json!(action);
    }
    let bytes = aws_json::encode(&document);
    match performance {
        Some(performance) => asking::document(performance, bytes),
        None => Reply::new(200, bytes),
    }
}
