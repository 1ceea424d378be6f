//! Changes a knowledge base's name, description and role. What is left out is gone, as on AWS.
//!
//! Embedding model and storage cannot change: AWS says that what is given for them must be what was given before.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateKnowledgeBase.html>
//!
//! ```text
//! PUT /knowledgebases/ABCDEFGHIJ
//! {"name":"manuals","roleArn":"arn:aws:iam::000000000000:role/docs","knowledgeBaseConfiguration":{...},
//!  "storageConfiguration":{...}}
//!
//! 202 {"knowledgeBase":{"knowledgeBaseId":"ABCDEFGHIJ","name":"manuals","status":"UPDATING",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::knowledge_base;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::knowledge_base::{Status, check_configuration};
use crate::service::bedrock::knowledge::refusal;
use crate::service::bedrock::knowledge::work::{self, Work};
use crate::service::bedrock::shape::{self, text};

pub struct UpdateKnowledgeBase;

impl Operation for UpdateKnowledgeBase {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "UpdateKnowledgeBase";
    const BINDING: Binding = Binding::put("/knowledgebases/{knowledgeBaseId}");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "knowledgeBaseId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&knowledge_base::UPDATE_KNOWLEDGE_BASE, input)?;
        let (id, name) = (text(&request, "knowledgeBaseId"), text(&request, "name"));
        check_configuration(&request)?;
        if state.knowledge_bases.all().any(|base| base.name() == name && base.id != id) {
            return Err(refusal::knowledge_base_exists(name));
        }
        let base = state.knowledge_bases.get_mut(id)?;
        base.must_be_active()?;
        for member in ["knowledgeBaseConfiguration", "storageConfiguration"] {
            if base.settings.get(member) != request.get(member) {
                // assumed: the wording.
                return Err(ApiError::validation(format!("The {member} of a knowledge base cannot be changed.")));
            }
        }
        base.settings = request.clone();
        base.settings.remove("knowledgeBaseId");
        (base.status, base.updated, base.changed_by) = (Status::Updating, call.now, call.event);
        let answer = json!({"knowledgeBase": base.described()});
        let work = Work::KnowledgeBase { id: id.to_owned() };
        state.knowledge_bases.agenda.plan(call.now + work::KNOWLEDGE_BASE, work);
        Ok(answer)
    }
}
