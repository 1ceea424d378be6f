//! Lists the data sources of a knowledge base, oldest first (assumed).
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_ListDataSources.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/datasources/
//! {}
//!
//! {"dataSourceSummaries":[{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","name":"direct",...}]}
//! ```

use serde_json::{Map, Value};

use super::super::page;
use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct ListDataSources;

impl Operation for ListDataSources {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "ListDataSources";
    const BINDING: Binding = Binding::post("/knowledgebases/{knowledgeBaseId}/datasources/");

    fn resource(input: &Self::Input) -> String {
        text(input, "knowledgeBaseId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::LIST_DATA_SOURCES, input)?;
        let sources = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?.data_sources.values();
        let entries = sources.map(|source| ((source.created.as_millis(), source.id.clone()), source.summary()));
        page::answer(Self::NAME, &request, "dataSourceSummaries", entries.collect())
    }
}
