//! Lists knowledge bases, oldest first (assumed).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListKnowledgeBases.html>
//!
//! ```text
//! POST /knowledgebases/
//! {"maxResults":1}
//!
//! {"knowledgeBaseSummaries":[{"knowledgeBaseId":"ABCDEFGHIJ","name":"docs","status":"ACTIVE",
//!   "updatedAt":"2026-01-01T00:00:02Z"}],"nextToken":"AAAA..."}
//! ```

use serde_json::{Map, Value};

use super::super::page;
use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape;

pub struct ListKnowledgeBases;

impl Operation for ListKnowledgeBases {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "ListKnowledgeBases";
    const BINDING: Binding = Binding::post("/knowledgebases/");

    fn resource(_input: &Self::Input) -> String {
        String::new()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::LIST_KNOWLEDGE_BASES, input)?;
        let bases = state.knowledge_bases.all();
        let entries = bases.map(|base| ((base.created.as_millis(), base.id.clone()), base.summary()));
        page::answer(Self::NAME, &request, "knowledgeBaseSummaries", entries.collect())
    }
}
