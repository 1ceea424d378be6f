//! Lists the ingestion jobs of a data source, oldest first where the caller does not say (assumed).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListIngestionJobs.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST/ingestionjobs/
//! {"filters":[{"attribute":"STATUS","operator":"EQ","values":["COMPLETE"]}],
//!  "sortBy":{"attribute":"STARTED_AT","order":"DESCENDING"}}
//!
//! {"ingestionJobSummaries":[{"ingestionJobId":"UVWXYZ0123","status":"COMPLETE","statistics":{...},...}]}
//! ```

use std::cmp::Reverse;

use serde_json::{Map, Value, json};

use super::super::page;
use super::model::document;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct ListIngestionJobs;

impl Operation for ListIngestionJobs {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "ListIngestionJobs";
    const BINDING: Binding =
        Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}/ingestionjobs/");

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&document::LIST_INGESTION_JOBS, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source(text(&request, "dataSourceId"))?;
        let wanted = request.get("filters").map(|filters| &filters[0]["values"]).and_then(Value::as_array);
        let jobs = source.jobs.values().filter(|job| wanted.is_none_or(|wanted| wanted.contains(&json!(job.status))));
        let sort = request.get("sortBy");
        let by_status = sort.is_some_and(|sort| sort["attribute"] == "STATUS");
        let entries = jobs.map(|job| {
            let status = if by_status { json!(job.status).as_str().map(str::to_owned) } else { None };
            ((status, job.started.as_millis(), job.id.clone()), job.summary(&base.id, &source.id))
        });
        let member = "ingestionJobSummaries";
        if sort.is_some_and(|sort| sort["order"] == "DESCENDING") {
            let entries = entries.map(|(key, entry)| (Reverse(key), entry)).collect();
            return page::answer(Self::NAME, &request, member, entries);
        }
        page::answer(Self::NAME, &request, member, entries.collect())
    }
}
