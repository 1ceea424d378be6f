//! Gives a knowledge base a source of documents, and says how they are cut.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_CreateDataSource.html>
//!
//! ```text
//! PUT /knowledgebases/ABCDEFGHIJ/datasources/
//! {"name":"direct","dataSourceConfiguration":{"type":"CUSTOM"},
//!  "vectorIngestionConfiguration":{"chunkingConfiguration":{"chunkingStrategy":"NONE"}}}
//!
//! {"dataSource":{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","name":"direct","status":"AVAILABLE",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::data_source;
use crate::kernel::store::Kept;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::data_source::{DataSource, Status, check_configuration, chunking};
use crate::service::bedrock::knowledge::{new_id, refusal};
use crate::service::bedrock::shape::{self, text};

pub struct CreateDataSource;

impl Operation for CreateDataSource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "CreateDataSource";
    const BINDING: Binding = Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/");

    fn resource(input: &Self::Input) -> String {
        text(input, "name").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&data_source::CREATE_DATA_SOURCE, input)?;
        let bases = &mut state.knowledge_bases;
        if let Some(answer) = bases.tokens.answered(Self::NAME, &request, call.now)? {
            return Ok(answer);
        }
        check_configuration(&request)?;
        let chunking = chunking(&request)?;
        let base = bases.get_mut(text(&request, "knowledgeBaseId"))?;
        base.must_be_active()?;
        let name = text(&request, "name");
        if base.data_sources.values().any(|source| source.name() == name) {
            return Err(refusal::data_source_exists(name));
        }
        if base.data_sources.len() >= DATA_SOURCES_MAX {
            let message = format!("A knowledge base can have at most {DATA_SOURCES_MAX} data sources.");
            return Err(ApiError::with_status(402, "ServiceQuotaExceededException", message));
        }
        let mut settings = request.clone();
        for member in ["clientToken", "knowledgeBaseId"] {
            settings.remove(member);
        }
        let source = DataSource {
            id: new_id(call.ids()),
            knowledge_base_id: base.id.clone(),
            settings,
            status: Status::Available,
            chunking,
            created: call.now,
            updated: call.now,
            changed_by: call.event,
            documents: Kept::default(),
            jobs: Kept::default(),
        };
        let answer = json!({"dataSource": source.described()});
        base.data_sources.insert(source.id.clone(), source);
        bases.tokens.remember(Self::NAME, &request, &answer, call.now);
        Ok(answer)
    }
}

/// AWS's quota: <https://docs.aws.amazon.com/general/latest/gr/bedrock.html>.
const DATA_SOURCES_MAX: usize = 5;
