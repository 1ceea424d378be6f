//! Deletes a knowledge base, with its data sources.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteKnowledgeBase.html>
//!
//! ```text
//! DELETE /knowledgebases/ABCDEFGHIJ
//!
//! 202 {"knowledgeBaseId":"ABCDEFGHIJ","status":"DELETING"}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::knowledge_base::Status;
use crate::service::bedrock::knowledge::refusal;
use crate::service::bedrock::knowledge::work::{self, Work};
use crate::service::bedrock::shape::{self, text};

pub struct DeleteKnowledgeBase;

impl Operation for DeleteKnowledgeBase {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "DeleteKnowledgeBase";
    const BINDING: Binding = Binding::delete("/knowledgebases/{knowledgeBaseId}");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "knowledgeBaseId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::DELETE_KNOWLEDGE_BASE, input)?;
        let base = state.knowledge_bases.get_mut(text(&request, "knowledgeBaseId"))?;
        base.must_be_active()?;
        if let Some((source, job)) = base.data_sources.values().find_map(|it| Some((&it.id, it.ongoing_job()?))) {
            return Err(refusal::ingestion_is_ongoing(source, &job.id));
        }
        (base.status, base.updated, base.changed_by) = (Status::Deleting, call.now, call.event);
        let (id, arn) = (base.id.clone(), base.arn.clone());
        state.tags.forget(&arn);
        let answer = json!({"knowledgeBaseId": id, "status": Status::Deleting});
        state.knowledge_bases.agenda.plan(call.now + work::KNOWLEDGE_BASE, Work::KnowledgeBase { id });
        Ok(answer)
    }
}
