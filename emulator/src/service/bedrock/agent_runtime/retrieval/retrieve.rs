//! Searches a knowledge base.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_Retrieve.html>
//!
//! ```text
//! POST /knowledgebases/ABCDEFGHIJ/retrieve
//! {"retrievalQuery":{"text":"Can I return an order?"},
//!  "retrievalConfiguration":{"vectorSearchConfiguration":{"numberOfResults":1}}}
//!
//! {"retrievalResults":[{"content":{"text":"Orders can be returned.","type":"TEXT"},"score":0.61,
//!   "location":{"type":"CUSTOM","customDocumentLocation":{"id":"returns"}},
//!   "metadata":{"x-amz-bedrock-kb-source-uri":"returns",...}}],"nextToken":"AAAA..."}
//! ```
//!
//! While there are more chunks, there is a token for the next page (assumed).

use serde_json::{Map, Value, json};

use super::guarding::{self, Question};
use super::{answer, model};
use crate::kernel::{ApiError, Arn, Binding, Call, Operation, Scope, opaque};
use crate::service::bedrock::knowledge::retrieval::{self, Findings, Retrieval};
use crate::service::bedrock::shape::{self, text};
use crate::service::bedrock::{Attempt, Bedrock};

pub struct Retrieve;

impl Operation for Retrieve {
    type Service = Bedrock;
    type Input = Map<String, Value>;
    type Output = Value;
    const NAME: &'static str = "Retrieve";
    const BINDING: Binding = Binding::post("/knowledgebases/{knowledgeBaseId}/retrieve");

    fn resource(input: &Self::Input) -> String {
        text(input, "knowledgeBaseId").to_owned()
    }

    fn run(input: Self::Input, state: &mut Bedrock, call: &mut Call<'_>) -> Result<Value, ApiError> {
        let request = shape::read(&model::RETRIEVE, input)?;
        if request.contains_key("userContext") {
            return Err(ApiError::not_implemented("userContext of bedrock-agent-runtime Retrieve"));
        }
        let query = &request["retrievalQuery"];
        if query["type"] == "IMAGE" || query.get("image").is_some() {
            return Err(ApiError::not_implemented("images as queries of bedrock-agent-runtime Retrieve"));
        }
        // assumed: the wording.
        let asked = query["text"].as_str().filter(|text| !text.trim().is_empty());
        let asked = asked.ok_or_else(|| ApiError::validation("The text of the retrieval query is empty."))?;
        let retrieval = Retrieval::read(request.get("retrievalConfiguration").unwrap_or(&Value::Null))?;
        let from: usize = match request.get("nextToken").and_then(Value::as_str) {
            // assumed: the wording.
            Some(token) => opaque::open(asked, token).ok_or_else(|| ApiError::validation("Invalid nextToken."))?,
            None => 0,
        };
        let base = state.knowledge_bases.get(id_of(text(&request, "knowledgeBaseId"), call.scope))?;
        let configured = request.get("guardrailConfiguration").unwrap_or(&Value::Null);
        let guardrail = guarding::named(configured, &state.guardrails, call)?;
        let (mut sought, mut action) = (asked.to_owned(), guardrail.as_ref().map(|_| guarding::NONE));
        if let Some(guardrail) = &guardrail {
            match guarding::question(guardrail, asked, &state.actor, Attempt::default(), call)? {
                Question::Passed => {}
                Question::Masked(masked) => (sought, action) = (masked, Some(guarding::INTERVENED)),
                // assumed: that nothing is found then.
                Question::Blocked(_) => {
                    return Ok(json!({"retrievalResults": [], "guardrailAction": guarding::INTERVENED}));
                }
            }
        }
        let Findings { found, chunks, next } = retrieval::retrieve(base, &sought, &retrieval, from)?;
        call.note(format!("{} of {chunks} chunk{}", found.len(), if chunks == 1 { "" } else { "s" }));
        let results = found.iter().map(|found| {
            let mut result = answer::reference(found);
            result["score"] = json!(found.score);
            result
        });
        let mut answer = json!({"retrievalResults": results.collect::<Vec<Value>>()});
        if let Some(action) = action {
            answer["guardrailAction"] = json!(action);
        }
        if let Some(next) = next {
            answer["nextToken"] = json!(opaque::seal(asked, &next));
        }
        Ok(answer)
    }
}

/// A knowledge base may be named by its ARN. One of another account or region is none of this one.
fn id_of<'a>(named: &'a str, scope: &Scope) -> &'a str {
    let is_here = Arn::parse(named).is_some_and(|arn| arn.scope == *scope);
    named.rsplit_once('/').filter(|_| is_here).map_or(named, |(_, id)| id)
}
