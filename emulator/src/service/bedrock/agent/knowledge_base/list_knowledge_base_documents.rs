//! Lists the documents of a data source, by id (assumed).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListKnowledgeBaseDocuments.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/documents
//! {"maxResults":10}
//!
//! {"documentDetails":[{"status":"INDEXED","identifier":{"dataSourceType":"CUSTOM","custom":{"id":"returns"}},...}]}
//! ```

use serde_json::{Map, Value};

use super::super::page;
use super::model::document;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct ListKnowledgeBaseDocuments;

impl Operation for ListKnowledgeBaseDocuments {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "ListKnowledgeBaseDocuments";
    const BINDING: Binding = Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents");

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&document::LIST_KNOWLEDGE_BASE_DOCUMENTS, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source(text(&request, "dataSourceId"))?;
        let documents = source.documents.iter().map(|(id, document)| (id.clone(), document.described(source)));
        page::answer(Self::NAME, &request, "documentDetails", documents.collect())
    }
}
