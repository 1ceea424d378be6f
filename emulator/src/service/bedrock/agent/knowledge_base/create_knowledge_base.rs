//! Makes a knowledge base, which is ACTIVE soon.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateKnowledgeBase.html>
//!
//! ```text
//! PUT /knowledgebases/
//! {"name":"docs","roleArn":"arn:aws:iam::000000000000:role/docs",
//!  "knowledgeBaseConfiguration":{"type":"VECTOR","vectorKnowledgeBaseConfiguration":
//!    {"embeddingModelArn":"arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"}},
//!  "storageConfiguration":{"type":"S3_VECTORS","s3VectorsConfiguration":{"indexArn":"arn:aws:s3vectors:..."}}}
//!
//! 202 {"knowledgeBase":{"knowledgeBaseId":"ABCDEFGHIJ","name":"docs","status":"CREATING",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::knowledge_base;
use crate::kernel::store::Kept;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::knowledge_base::{KnowledgeBase, Status, check_configuration};
use crate::service::bedrock::knowledge::work::{self, Work};
use crate::service::bedrock::knowledge::{new_id, refusal};
use crate::service::bedrock::shape::{self, text};

pub struct CreateKnowledgeBase;

impl Operation for CreateKnowledgeBase {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "CreateKnowledgeBase";
    const BINDING: Binding = Binding::put("/knowledgebases/");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "name").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&knowledge_base::CREATE_KNOWLEDGE_BASE, input)?;
        if let Some(answer) = state.knowledge_bases.tokens.answered(Self::NAME, &request, call.now)? {
            return Ok(answer);
        }
        check_configuration(&request)?;
        let name = text(&request, "name");
        if state.knowledge_bases.all().any(|base| base.name() == name) {
            return Err(refusal::knowledge_base_exists(name));
        }
        let id = new_id(call.ids());
        let arn = call.arn("bedrock", format!("knowledge-base/{id}"));
        state.tags.add(&arn, request.get("tags"))?;
        let mut settings = request.clone();
        for member in ["clientToken", "tags"] {
            settings.remove(member);
        }
        let base = KnowledgeBase {
            id: id.clone(),
            arn,
            settings,
            status: Status::Creating,
            created: call.now,
            updated: call.now,
            changed_by: call.event,
            data_sources: Kept::default(),
            retained: Kept::default(),
        };
        let answer = json!({"knowledgeBase": base.described()});
        let bases = &mut state.knowledge_bases;
        bases.insert(base);
        bases.agenda.plan(call.now + work::KNOWLEDGE_BASE, Work::KnowledgeBase { id });
        bases.tokens.remember(Self::NAME, &request, &answer, call.now);
        Ok(answer)
    }
}
