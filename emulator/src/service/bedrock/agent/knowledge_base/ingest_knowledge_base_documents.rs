//! Hands documents in directly. One that is there already is replaced, once it is indexed anew.
//!
//! Texts and bytes of types that are text are taken; what lies in S3 is not reached yet.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_IngestKnowledgeBaseDocuments.html>
//!
//! ```text
//! PUT /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/documents
//! {"documents":[{"content":{"dataSourceType":"CUSTOM","custom":{"customDocumentIdentifier":{"id":"returns"},
//!    "sourceType":"IN_LINE","inlineContent":{"type":"TEXT","textContent":{"data":"Orders can be returned."}}}},
//!   "metadata":{"type":"IN_LINE_ATTRIBUTE","inlineAttributes":[
//!    {"key":"year","value":{"type":"NUMBER","numberValue":2026}}]}}]}
//!
//! 202 {"documentDetails":[{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","status":"STARTING",
//!   "identifier":{"dataSourceType":"CUSTOM","custom":{"id":"returns"}},"updatedAt":"2026-01-01T00:00:02Z"}]}
//! ```

use serde_json::{Map, Value, json};

use super::model::document as model;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::document::{self, Document, Status, Submission};
use crate::service::bedrock::knowledge::knowledge_base::KnowledgeBase;
use crate::service::bedrock::knowledge::work::{self, Place, Work};
use crate::service::bedrock::shape::{self, text};

pub struct IngestKnowledgeBaseDocuments;

impl Operation for IngestKnowledgeBaseDocuments {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "IngestKnowledgeBaseDocuments";
    const BINDING: Binding = Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/documents");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&model::INGEST_KNOWLEDGE_BASE_DOCUMENTS, input)?;
        let bases = &mut state.knowledge_bases;
        if let Some(answer) = bases.tokens.answered(Self::NAME, &request, call.now)? {
            return Ok(answer);
        }
        let (base_id, source_id) = (text(&request, "knowledgeBaseId"), text(&request, "dataSourceId"));
        let submitted = submitted_to(bases.get(base_id)?, source_id, &request)?;
        let at = Place { knowledge_base: base_id.to_owned(), data_source: source_id.to_owned() };
        let mut details = Vec::new();
        for (id, submission) in submitted {
            let revision = bases.agenda.revision();
            let work = Work::Document { at: at.clone(), id: id.clone(), revision };
            bases.agenda.plan(call.now + work::DOCUMENT, work);
            let source = bases.get_mut(base_id)?.data_source_mut(source_id)?;
            let before = source.documents.remove(&id).map(|document| document.indexed);
            let document = Document {
                id: id.clone(),
                status: Status::Starting,
                reason: None,
                updated: call.now,
                revision,
                event: call.event,
                submission,
                indexed: before.unwrap_or_default(),
            };
            details.push(document.described(source));
            source.documents.insert(id, document);
        }
        call.note(format!("{} document{}", details.len(), if details.len() == 1 { "" } else { "s" }));
        let answer = json!({"documentDetails": details});
        bases.tokens.remember(Self::NAME, &request, &answer, call.now);
        Ok(answer)
    }
}

/// The documents of a request by id, if all of them can be taken.
fn submitted_to(
    base: &KnowledgeBase,
    source_id: &str,
    request: &Map<String, Value>,
) -> Result<Vec<(String, Submission)>, ApiError> {
    let source = base.data_source(source_id)?;
    base.must_be_active()?;
    source.must_be_free()?;
    let mut submitted: Vec<(String, Submission)> = Vec::new();
    for given in request.get("documents").and_then(Value::as_array).into_iter().flatten() {
        let (id, submission) = document::submitted(given, source)?;
        if submitted.iter().any(|(other, _)| *other == id) {
            // assumed: the wording.
            return Err(ApiError::validation(format!("The document {id} is given more than once.")));
        }
        submitted.push((id, submission));
    }
    Ok(submitted)
}
