//! Describes a knowledge base.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetKnowledgeBase.html>
//!
//! ```text
//! GET /knowledgebases/ABCDEFGHIJ
//!
//! {"knowledgeBase":{"knowledgeBaseId":"ABCDEFGHIJ","name":"docs","status":"ACTIVE",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct GetKnowledgeBase;

impl Operation for GetKnowledgeBase {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "GetKnowledgeBase";
    const BINDING: Binding = Binding::get("/knowledgebases/{knowledgeBaseId}");

    fn resource(input: &Self::Input) -> String {
        text(input, "knowledgeBaseId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::GET_KNOWLEDGE_BASE, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        Ok(json!({"knowledgeBase": base.described()}))
    }
}
