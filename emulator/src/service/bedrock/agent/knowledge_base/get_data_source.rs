//! Describes a data source.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_GetDataSource.html>
//!
//! ```text
//! GET /knowledgebases/ABCDEFGHIJ/datasources/KLMNOPQRST
//!
//! {"dataSource":{"knowledgeBaseId":"ABCDEFGHIJ","dataSourceId":"KLMNOPQRST","status":"AVAILABLE",...}}
//! ```

use serde_json::{Map, Value, json};

use super::model::reference;
use crate::kernel::{ApiError, Binding, Call, Operation};
use crate::service::bedrock::Bedrock;
use crate::service::bedrock::shape::{self, text};

pub struct GetDataSource;

impl Operation for GetDataSource {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "GetDataSource";
    const BINDING: Binding = Binding::get("/knowledgebases/{knowledgeBaseId}/datasources/{dataSourceId}");

    fn resource(input: &Self::Input) -> String {
        text(input, "dataSourceId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, _call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&reference::GET_DATA_SOURCE, input)?;
        let base = state.knowledge_bases.get(text(&request, "knowledgeBaseId"))?;
        let source = base.data_source(text(&request, "dataSourceId"))?;
        Ok(json!({"dataSource": source.described()}))
    }
}
