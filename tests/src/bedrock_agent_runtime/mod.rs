//! One file an operation, through the official SDK.

mod delete_agent_memory;
mod get_agent_memory;
mod guardrail_configuration;
pub mod invoke_agent;
mod invoke_inline_agent;
mod kept;
pub mod retrieve;
pub mod retrieve_and_generate;
mod retrieve_and_generate_stream;

use std::fmt::Debug;

use std::time::Duration;

use aws_sdk_bedrock::types::{GuardrailRegexConfig, GuardrailSensitiveInformationPolicyConfig};
use aws_sdk_bedrockagentruntime::Client;
use aws_sdk_bedrockagentruntime::types::{
    ContentBody, FunctionResult, GuardrailAssessment, InvocationInputMember, InvocationResultMember,
    OrchestrationTrace, PostProcessingTrace, PreProcessingTrace, Trace,
};

use crate::stage::{Stage, on_both_stages, refusal};

/// A guardrail that masks numbers of orders and blocks a few words. Its id.
pub async fn guardrail(stage: &Stage) -> String {
    let order = GuardrailRegexConfig::builder().name("ORDER").pattern(r"ord_\d+").action("ANONYMIZE".into());
    let policy =
        GuardrailSensitiveInformationPolicyConfig::builder().regexes_config(order.build().expect("all is set"));
    let made = crate::bedrock::new_guardrail(&crate::bedrock::control(stage), "careful")
        .word_policy_config(crate::bedrock::words(&["stock tips"]))
        .sensitive_information_policy_config(policy.build());
    let made = made.send().await.expect("the guardrail is made");
    stage.advance(Duration::from_secs(3)).await;
    made.guardrail_id
}

pub fn client(stage: &Stage) -> Client {
    Client::new(&stage.config)
}

/// A trace in short: what it is of, and in which round.
pub fn short(trace: &Trace) -> String {
    let (what, id) = match trace {
        Trace::PreProcessingTrace(trace) => match trace {
            PreProcessingTrace::ModelInvocationInput(it) => ("pre: asked".to_owned(), it.trace_id()),
            PreProcessingTrace::ModelInvocationOutput(it) => {
                let parsed = it.parsed_response().expect("it is parsed");
                (format!("pre: valid {}", parsed.is_valid().expect("it says so")), it.trace_id())
            }
            other => panic!("{other:?}"),
        },
        Trace::OrchestrationTrace(trace) => orchestration(trace),
        Trace::PostProcessingTrace(trace) => match trace {
            PostProcessingTrace::ModelInvocationInput(it) => ("post: asked".to_owned(), it.trace_id()),
            PostProcessingTrace::ModelInvocationOutput(it) => {
                let text = it.parsed_response().and_then(|parsed| parsed.text()).unwrap_or_default();
                (format!("post: {text}"), it.trace_id())
            }
            other => panic!("{other:?}"),
        },
        Trace::GuardrailTrace(it) => {
            let found = [it.input_assessments(), it.output_assessments()].concat();
            let found: Vec<String> = found.iter().map(assessed).collect();
            (format!("{} [{}]", it.action().expect("it has one").as_str(), found.join(", ")), it.trace_id())
        }
        Trace::FailureTrace(it) => {
            let (code, reason) = (it.failure_code().unwrap_or_default(), it.failure_reason().unwrap_or_default());
            (format!("failure {code}: {reason}"), it.trace_id())
        }
        other => panic!("{other:?}"),
    };
    // A trace id is that of the request, and then the round.
    let round = id.and_then(|id| id.get(36..)).unwrap_or_default();
    format!("{round} {what}")
}

/// What a guardrail has found in one part, in short.
fn assessed(assessment: &GuardrailAssessment) -> String {
    let words = assessment.word_policy().map(|policy| policy.custom_words()).unwrap_or_default();
    let words = words.iter().map(|word| format!("word {}", word.r#match().unwrap_or_default()));
    let regexes = assessment.sensitive_information_policy().map(|policy| policy.regexes()).unwrap_or_default();
    let regexes = regexes.iter().map(|regex| format!("regex {}", regex.r#match().unwrap_or_default()));
    let topics = assessment.topic_policy().map(|policy| policy.topics()).unwrap_or_default();
    let topics = topics.iter().map(|topic| format!("topic {}", topic.name().unwrap_or_default()));
    words.chain(regexes).chain(topics).collect::<Vec<_>>().join(" and ")
}

fn orchestration(trace: &OrchestrationTrace) -> (String, Option<&str>) {
    match trace {
        OrchestrationTrace::ModelInvocationInput(it) => {
            (format!("asked {}", it.r#type().expect("it has one").as_str()), it.trace_id())
        }
        OrchestrationTrace::ModelInvocationOutput(it) => {
            assert!(it.raw_response().is_some() && it.metadata().is_some_and(|metadata| metadata.usage().is_some()));
            ("heard".to_owned(), it.trace_id())
        }
        OrchestrationTrace::Rationale(it) => (format!("rationale {}", it.text().unwrap_or_default()), it.trace_id()),
        OrchestrationTrace::InvocationInput(it) => {
            let kind = it.invocation_type().expect("it has one").as_str();
            let action = it.action_group_invocation_input().map(|action| {
                let execution = action.execution_type().expect("it has one").as_str();
                let name = action.function().or(action.api_path()).unwrap_or_default();
                format!(" {} {name} {execution}", action.action_group_name().unwrap_or_default())
            });
            let search =
                it.knowledge_base_lookup_input().map(|search| format!(" {}", search.text().unwrap_or_default()));
            (format!("invokes {kind}{}{}", action.unwrap_or_default(), search.unwrap_or_default()), it.trace_id())
        }
        OrchestrationTrace::Observation(it) => {
            let text = [
                it.action_group_invocation_output().and_then(|output| output.text()),
                it.final_response().and_then(|response| response.text()),
                it.reprompt_response().and_then(|response| response.text()),
            ];
            let text = text.into_iter().flatten().next().unwrap_or_default();
            let found = it.knowledge_base_lookup_output().map(|output| output.retrieved_references().len());
            let found = found.map(|found| format!("{found} found")).unwrap_or_default();
            (format!("observes {} {text}{found}", it.r#type().expect("it has one").as_str()), it.trace_id())
        }
        other => panic!("{other:?}"),
    }
}

/// What the caller is asked to do, in short.
pub fn asked(input: &InvocationInputMember) -> String {
    match input {
        InvocationInputMember::FunctionInvocationInput(it) => {
            let parameters = it.parameters().iter();
            let parameters = parameters.map(|parameter| {
                let [name, kind, value] = [parameter.name(), parameter.r#type(), parameter.value()];
                format!("{}: {} {}", name.unwrap_or_default(), kind.unwrap_or_default(), value.unwrap_or_default())
            });
            let parameters = parameters.collect::<Vec<_>>().join(", ");
            format!("{}.{}({parameters})", it.action_group(), it.function().unwrap_or_default())
        }
        InvocationInputMember::ApiInvocationInput(it) => {
            let (path, method) = (it.api_path().unwrap_or_default(), it.http_method().unwrap_or_default());
            let body = it.request_body().and_then(|body| body.content());
            let body = body.and_then(|content| content.get("application/json"));
            let body =
                body.map(|it| it.properties().iter().map(|property| property.value().unwrap_or_default()).collect());
            let body: Vec<&str> = body.unwrap_or_default();
            format!("{} {method} {path} {body:?}", it.action_group())
        }
        other => panic!("{other:?}"),
    }
}

/// What a function of the group `orders` has brought.
pub fn result(function: &str, text: &str) -> InvocationResultMember {
    let body = ContentBody::builder().body(text).build();
    let result = FunctionResult::builder().action_group("orders").function(function).response_body("TEXT", body);
    InvocationResultMember::FunctionResult(result.build().expect("the group is set"))
}

/// How a stream failed: the name of the exception as it is in the SDK, and its message.
pub fn failure<E: Debug + aws_sdk_bedrockagentruntime::error::ProvideErrorMetadata, R: Debug>(
    error: aws_sdk_bedrockagentruntime::error::SdkError<E, R>,
) -> String {
    match error {
        aws_sdk_bedrockagentruntime::error::SdkError::ServiceError(error) => {
            let told = format!("{:?}", error.err());
            let name = told.split('(').next().unwrap_or_default().to_owned();
            format!("{name}: {}", error.err().message().unwrap_or_default())
        }
        aws_sdk_bedrockagentruntime::error::SdkError::DispatchFailure(_) => "dispatch failure".to_owned(),
        other => format!("{other:?}").split(['(', ' ']).next().unwrap_or_default().to_owned(),
    }
}

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let refused = refusal(client(&stage).list_sessions().send().await);
        assert_eq!(refused.0, "NotImplemented", "{}", refused.1);
        assert!(refused.1.contains("bedrock-agent-runtime ListSessions"), "{}", refused.1);
    });
}
