//! Describes an ingestion job.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetIngestionJob.html>
//!
//! ```text
//! GET /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/ingestionjobs/UVWXYZ0123
//!
//! {"ingestionJob":{"ingestionJobId":"UVWXYZ0123","status":"COMPLETE","statistics":{"numberOfDocumentsScanned":3,...},...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::document;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct GetIngestionJob;

impl Operation for GetIngestionJob {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "GetIngestionJob";
    const BINDING: Binding =
        Binding::get("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/{ingestionJobId}");

    fn resource(input: &Self::Input) -> String {
        text(input, "ingestionJobId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&document::GET_INGESTION_JOB, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source(text(&request, "dataSourceId"))?;
        let job = source.job(text(&request, "ingestionJobId"))?;
        Ok(json!({"ingestionJob": job.described(&base.id, &source.id)}))
    }
}
