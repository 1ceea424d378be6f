//! Looks through a data source and indexes what has changed.
//!
//! What was handed in directly is indexed by then. Of other connectors, the job fails and says so.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_StartIngestionJob.html>
//!
//! ```text
//! PUT /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/ingestionjobs/
//! {"description":"nightly"}
//!
//! 202 {"ingestionJob":{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","ingestionJobId":"UVWXYZ0123",
//!   "status":"STARTING","statistics":{"numberOfDocumentsScanned":0,...},...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::document;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::knowledge::ingestion_job::{IngestionJob, Statistics, Status};
use crate::service::bedrock::knowledge::new_id;
use crate::service::bedrock::knowledge::work::{self, Place, Work};
use crate::service::bedrock::shape::{self, text};

pub struct StartIngestionJob;

impl Operation for StartIngestionJob {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "StartIngestionJob";
    const BINDING: Binding =
        Binding::put("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/");
    const STATUS: u16 = 202;

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&document::START_INGESTION_JOB, input)?;
        let bases = &mut state.knowledge_bases;
        if let Some(answer) = bases.tokens.answered(Self::NAME, &request, call.now)? {
            return Ok(answer);
        }
        let base = bases.get_mut(text(&request, "knowledgeBaseId"))?;
        base.data_source(text(&request, "dataSourceId"))?;
        base.must_be_active()?;
        let source = base.data_source_mut(text(&request, "dataSourceId"))?;
        source.must_be_free()?;
        let job = IngestionJob {
            id: new_id(call.ids()),
            description: request.get("description").and_then(Value::as_str).map(str::to_owned),
            status: Status::Starting,
            statistics: Statistics::default(),
            failure: None,
            started: call.now,
            updated: call.now,
            event: call.event,
        };
        let at = Place { knowledge_base: source.knowledge_base_id.clone(), data_source: source.id.clone() };
        let answer = json!({"ingestionJob": job.described(&at.knowledge_base, &at.data_source)});
        let id = job.id.clone();
        source.jobs.insert(id.clone(), job);
        bases.agenda.plan(call.now + work::INGESTION_JOB, Work::IngestionJob { at, id });
        bases.tokens.remember(Self::NAME, &request, &answer, call.now);
        Ok(answer)
    }
}
