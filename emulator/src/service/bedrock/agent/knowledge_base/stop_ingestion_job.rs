//! Stops an ingestion job that has not ended.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_StopIngestionJob.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/ingestionjobs/UVWXYZ0123/stop
//!
//! 202 {"ingestionJob":{"ingestionJobId":"UVWXYZ0123","status":"STOPPING",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::document;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::ingestion_job::Status;
use crate::service::bedrock::knowledge::refusal;
use crate::service::bedrock::shape::{self, text};

pub struct StopIngestionJob;

impl Operation for StopIngestionJob {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "StopIngestionJob";
    const BINDING: Binding = Binding::post(
        "/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/{ingestionJobId}/stop",
    );
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "ingestionJobId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&document::STOP_INGESTION_JOB, input)?;
        let (base, source) = (text(&request, "knowledgeBaseId"), text(&request, "dataSourceId"));
        let jobs = &mut state.knowledge_bases.get_mut(base)?.data_source_mut(source)?.jobs;
        let id = text(&request, "ingestionJobId");
        let job = jobs.get_mut(id).ok_or_else(|| refusal::no_ingestion_job(id))?;
        if !job.can_be_stopped() {
            return Err(refusal::cannot_be_stopped(id));
        }
        // What was planned for the job finds it STOPPING, and stops it.
        (job.status, job.updated) = (Status::Stopping, call.now);
        Ok(json!({"ingestionJob": job.described(base, source)}))
    }
}
