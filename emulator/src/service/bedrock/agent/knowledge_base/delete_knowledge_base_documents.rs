//! Deletes documents that were handed in directly.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteKnowledgeBaseDocuments.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/documents/deleteDocuments
//! {"documentIdentifiers":[{"dataSourceType":"CUSTOM","custom":{"id":"returns"}}]}
//!
//! 202 {"documentDetails":[{"status":"DELETING","identifier":{"dataSourceType":"CUSTOM","custom":{"id":"returns"}},...}]}
//! ```

use serde_json::{Map, Value, json};

use super::model::document as model;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::document::{self, Status};
use crate::service::bedrock::knowledge::work::{self, Place, Work};
use crate::service::bedrock::shape::{self, text};

pub struct DeleteKnowledgeBaseDocuments;

impl Operation for DeleteKnowledgeBaseDocuments {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "DeleteKnowledgeBaseDocuments";
    const BINDING: Binding =
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/deleteDocuments");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&model::DELETE_KNOWLEDGE_BASE_DOCUMENTS, input)?;
        let bases = &mut state.knowledge_bases;
        if let Some(answer) = bases.tokens.answered(Self::NAME, &request, call.now)? {
            return Ok(answer);
        }
        let (base_id, source_id) = (text(&request, "knowledgeBaseId"), text(&request, "dataSourceId"));
        let base = bases.get(base_id)?;
        let source = base.data_source(source_id)?;
        base.must_be_active()?;
        source.must_be_free()?;
        let identifiers = request.get("documentIdentifiers").and_then(Value::as_array).into_iter().flatten();
        let ids = identifiers.map(|identifier| document::identified(identifier, source));
        let ids = ids.collect::<Result<Vec<String>, ApiError>>()?;
        let at = Place { knowledge_base: base_id.to_owned(), data_source: source_id.to_owned() };
        let mut details = Vec::new();
        for id in ids {
            let revision = bases.agenda.revision();
            let source = bases.get_mut(base_id)?.data_source_mut(source_id)?;
            let Some(document) = source.documents.get_mut(&id) else {
                details.push(document::not_found(source, &id));
                continue;
            };
            (document.status, document.reason) = (Status::Deleting, None);
            (document.updated, document.revision, document.event) = (call.now, revision, call.event);
            details.push(source.documents[&id].described(source));
            let work = Work::Document { at: at.clone(), id, revision };
            bases.agenda.plan(call.now + work::DOCUMENT, work);
        }
        let answer = json!({"documentDetails": details});
        bases.tokens.remember(Self::NAME, &request, &answer, call.now);
        Ok(answer)
    }
}
