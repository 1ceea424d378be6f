//! Says how documents are.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetKnowledgeBaseDocuments.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/documents/getDocuments
//! {"documentIdentifiers":[{"dataSourceType":"CUSTOM","custom":{"id":"returns"}}]}
//!
//! {"documentDetails":[{"status":"INDEXED","identifier":{"dataSourceType":"CUSTOM","custom":{"id":"returns"}},...}]}
//! ```

use serde_json::{Map, Value, json};

use super::model::document as model;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::document;
use crate::service::bedrock::shape::{self, text};

pub struct GetKnowledgeBaseDocuments;

impl Operation for GetKnowledgeBaseDocuments {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "GetKnowledgeBaseDocuments";
    const BINDING: Binding =
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents/getDocuments");

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&model::GET_KNOWLEDGE_BASE_DOCUMENTS, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source(text(&request, "dataSourceId"))?;
        let identifiers = request.get("documentIdentifiers").and_then(Value::as_array).into_iter().flatten();
        let details = identifiers.map(|identifier| {
            let id = document::identified(identifier, source)?;
            let known = source.documents.get(&id);
            Ok(known.map_or_else(|| document::not_found(source, &id), |document| document.described(source)))
        });
        Ok(json!({"documentDetails": details.collect::<Result<Vec<Value>, ApiError>>()?}))
    }
}
