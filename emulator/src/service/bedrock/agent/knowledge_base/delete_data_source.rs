//! Deletes a data source, and what was ingested of it unless its policy is RETAIN.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_DeleteDataSource.html>
//!
//! ```text
//! DELETE /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST
//!
//! 202 {"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","status":"DELETING"}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::data_source::Status;
use crate::service::bedrock::knowledge::work::{self, Place, Work};
use crate::service::bedrock::shape::{self, text};

pub struct DeleteDataSource;

impl Operation for DeleteDataSource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "DeleteDataSource";
    const BINDING: Binding = Binding::delete("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::DELETE_DATA_SOURCE, input)?;
        let bases = &mut state.knowledge_bases;
        let base = bases.get_mut(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source_mut(text(&request, "dataSourceId"))?;
        source.must_be_free()?;
        (source.status, source.updated, source.changed_by) = (Status::Deleting, call.now, call.event);
        let at = Place { knowledge_base: source.knowledge_base_id.clone(), data_source: source.id.clone() };
        let answer = json!({
            "knowledgeBaseId": at.knowledge_base,
            "dataSourceId": at.data_source,
            "status": Status::Deleting,
        });
        bases.agenda.plan(call.now + work::DATA_SOURCE, Work::DataSource { at });
        Ok(answer)
    }
}
