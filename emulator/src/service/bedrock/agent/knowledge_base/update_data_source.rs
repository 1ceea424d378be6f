//! Changes a data source's name, description, policy and connector. What is left out is gone, as on AWS.
//!
//! How documents are cut cannot change, says AWS's reference: the chunking must be as it was.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_UpdateDataSource.html>
//!
//! ```text
//! PUT /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST
//! {"name":"direct","dataSourceConfiguration":{"type":"CUSTOM"},"dataDeletionPolicy":"RETAIN"}
//!
//! {"dataSource":{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","dataDeletionPolicy":"RETAIN",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::data_source;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::data_source::{check_configuration, chunking};
use crate::service::bedrock::knowledge::refusal;
use crate::service::bedrock::shape::{self, text};

pub struct UpdateDataSource;

impl Operation for UpdateDataSource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "UpdateDataSource";
    const BINDING: Binding = Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}");

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&data_source::UPDATE_DATA_SOURCE, input)?;
        check_configuration(&request)?;
        let chunking = chunking(&request)?;
        let base = state.knowledge_bases.get_mut(text(&request, "knowledgeBaseId"))?;
        let (id, name) = (text(&request, "dataSourceId"), text(&request, "name"));
        base.data_source(id)?;
        base.must_be_active()?;
        if base.data_sources.values().any(|source| source.name() == name && source.id != id) {
            return Err(refusal::data_source_exists(name));
        }
        let source = base.data_source_mut(id)?;
        source.must_be_free()?;
        let unchanged =
            source.settings["dataSourceConfiguration"]["type"] == request["dataSourceConfiguration"]["type"];
        if source.chunking != chunking || !unchanged {
            // assumed: the wording.
            let message = "The chunking configuration and the type of a data source cannot be changed.";
            return Err(ApiError::validation(message));
        }
        source.settings = request.clone();
        for member in ["knowledgeBaseId", "dataSourceId"] {
            source.settings.remove(member);
        }
        (source.updated, source.changed_by) = (call.now, call.event);
        Ok(json!({"dataSource": source.described()}))
    }
}
