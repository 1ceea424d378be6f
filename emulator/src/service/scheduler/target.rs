//! A target, understood: where an invocation goes and what it takes along.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::given_target::{EventBridgeParameters, GivenTarget, KinesisParameters, RetryPolicy, SqsParameters};
use super::refusal;
use super::template::{self, EVENTS, Template};
use crate::kernel::delivery::{Effort, RequestOf};
use crate::kernel::{ApiError, Arn, Scope};

#[derive(Clone, Debug)]
pub struct Target {
    pub arn: Arn,
    pub kind: Kind,
    pub input: Option<String>,
    /// Whether the input holds context attributes.
    pub has_attributes: bool,
    pub dead_letter_queue: Option<Arn>,
    /// Without a dead letter, which each invocation has its own of.
    pub effort: Arc<Effort>,
}

#[derive(Clone, Debug)]
pub enum Kind {
    /// Sent to the ARN, with a partition key or message group.
    Templated { template: &'static Template, key: Option<String> },
    /// Put as an event onto the bus.
    EventBus { detail_type: String, source: String },
    /// Any operation of AWS, with the input as its request. <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html>
    Universal(RequestOf),
}

/// What every context attribute begins with.
pub const ATTRIBUTE: &str = "<aws.scheduler.";

/// "EventBridge Scheduler does not support read-only API actions, such as common GET operations, that begin with the
/// following list of prefixes".
const READ_ONLY: [&str; 24] = [
    "get",
    "describe",
    "list",
    "poll",
    "receive",
    "search",
    "scan",
    "query",
    "select",
    "read",
    "lookup",
    "discover",
    "validate",
    "batchGet",
    "batchDescribe",
    "batchRead",
    "transactGet",
    "adminGet",
    "adminList",
    "testMigration",
    "retrieve",
    "testConnection",
    "translateDocument",
    "isAuthorized",
];
const INVOKE_MODEL: &str = "invokeModel";

/// The identifiers of AWS's SDKs for services, where these are signed for by another name.
const SDK_NAMES: [(&str, &str); 3] =
    [("eventbridge", "events"), ("bedrockruntime", "bedrock"), ("cloudwatchlogs", "logs")];

impl Target {
    /// Reads what passed [`GivenTarget::check`].
    pub fn parse(given: &GivenTarget, scope: &Scope) -> Result<Self, ApiError> {
        let text = given.arn.as_deref().unwrap_or_default();
        let arn = Arn::parse(text).ok_or_else(incorrect_format)?;
        let kind = match universal(&arn) {
            Some(operation) => universal_kind(operation?, given)?,
            None => templated_kind(&arn, given, scope)?,
        };
        let RetryPolicy { maximum_event_age_in_seconds, maximum_retry_attempts } =
            given.retry_policy.clone().unwrap_or_default();
        let effort = Effort {
            max_age: Duration::from_secs(maximum_event_age_in_seconds.unwrap_or(0).unsigned_abs()),
            max_retries: maximum_retry_attempts.and_then(|attempts| u32::try_from(attempts).ok()).unwrap_or(0),
            dead_letter: None,
        };
        let dead_letters = given.dead_letter_config.as_ref().and_then(|config| config.arn.as_deref());
        Ok(Self {
            arn,
            kind,
            has_attributes: given.input.as_deref().is_some_and(|input| input.contains(ATTRIBUTE)),
            input: given.input.clone(),
            dead_letter_queue: dead_letters.and_then(Arn::parse),
            effort: Arc::new(effort),
        })
    }

    /// Reads what passed [`Self::parse`] before, in whatever region.
    pub fn kept(given: &GivenTarget) -> Result<Self, ApiError> {
        let arn = given.arn.as_deref().and_then(Arn::parse).ok_or_else(incorrect_format)?;
        Self::parse(given, &arn.scope)
    }

    /// As a universal target's ARN: so AWS names what was invoked, however it was said.
    pub fn invoked(&self) -> String {
        match &self.kind {
            Kind::Templated { template, .. } => format!("arn:aws:scheduler:::aws-sdk:{}", template.operation),
            Kind::EventBus { .. } => format!("arn:aws:scheduler:::aws-sdk:{}", EVENTS.operation),
            Kind::Universal(_) => self.arn.to_string(),
        }
    }
}

/// Service and operation of a universal target: `arn:aws:scheduler:::aws-sdk:sqs:sendMessage`.
fn universal(arn: &Arn) -> Option<Result<(&str, &str), ApiError>> {
    if arn.service != "scheduler" || !arn.scope.region.is_empty() || !arn.scope.account.is_empty() {
        return None;
    }
    let (service, operation) = arn.resource.strip_prefix("aws-sdk:")?.split_once(':')?;
    let is_word = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_alphanumeric());
    Some(if is_word(service) && is_word(operation) { Ok((service, operation)) } else { Err(incorrect_format()) })
}

fn universal_kind((service, operation): (&str, &str), given: &GivenTarget) -> Result<Kind, ApiError> {
    let mut first = operation.chars();
    let lower: String = first.next().map(|letter| letter.to_ascii_lowercase()).into_iter().chain(first).collect();
    if READ_ONLY.iter().chain(&[INVOKE_MODEL]).any(|prefix| lower.starts_with(prefix)) {
        return Err(refusal::invalid(format!("{operation} API is not supported.")));
    }
    if let Some(parameters) = given.parameters().next() {
        return Err(not_supported(parameters));
    }
    let Some(input) = &given.input else {
        return Err(refusal::invalid("You must provide an input to set this target for your schedule."));
    };
    check_json(input)?;
    let name = SDK_NAMES.iter().find(|(sdk, _)| *sdk == service).map_or(service, |(_, signing)| signing);
    let mut letters = lower.chars();
    let operation = letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect();
    Ok(Kind::Universal(RequestOf { service: name.to_owned(), operation }))
}

fn templated_kind(arn: &Arn, given: &GivenTarget, scope: &Scope) -> Result<Kind, ApiError> {
    let Some(template) = template::of(&arn.service) else {
        return Err(refusal::invalid(format!("{} is not a supported service for a target.", arn.service)));
    };
    if !template.fits(arn) {
        return Err(incorrect_format());
    }
    if arn.scope.region != scope.region {
        let message = format!("The target ARN provided does not match the current region {}.", scope.region);
        return Err(refusal::invalid(message));
    }
    let own = template.parameters.map(|(name, _)| name);
    if let Some(other) = given.parameters().find(|name| Some(*name) != own) {
        return Err(not_supported(other));
    }
    if let Some((name, true)) = template.parameters
        && given.parameters().next().is_none()
    {
        return Err(must_be_specified(name));
    }
    if let (true, Some(input)) = (template.takes_json, &given.input) {
        check_json(input)?;
    }
    if let Some(parameters) = &given.ecs_parameters {
        parameters.refuse_contradiction()?;
    }
    if let Some(EventBridgeParameters { detail_type: Some(detail_type), source: Some(source) }) =
        &given.event_bridge_parameters
    {
        return Ok(Kind::EventBus { detail_type: detail_type.clone(), source: source.clone() });
    }
    let key = match &given.kinesis_parameters {
        Some(KinesisParameters { partition_key }) => partition_key.clone(),
        None => message_group(arn, given.sqs_parameters.as_ref())?,
    };
    Ok(Kind::Templated { template, key })
}

fn message_group(arn: &Arn, parameters: Option<&SqsParameters>) -> Result<Option<String>, ApiError> {
    if arn.service != "sqs" {
        return Ok(None);
    }
    let group = parameters.and_then(|parameters| parameters.message_group_id.clone());
    match (arn.resource.ends_with(".fifo"), group) {
        (true, None) => Err(must_be_specified("SqsParameters")),
        (false, Some(_)) => Err(refusal::invalid("Parameters MessageGroupId not valid for the target.")),
        (_, group) => Ok(group),
    }
}

fn check_json(input: &str) -> Result<(), ApiError> {
    // A context attribute may stand where JSON would not have it, and be a number when it is invoked.
    let attributes = input.contains(ATTRIBUTE);
    match serde_json::from_str::<Value>(input) {
        Err(_) if !attributes => Err(refusal::invalid("JSON syntax error in input for the target.")),
        _ => Ok(()),
    }
}

fn incorrect_format() -> ApiError {
    refusal::invalid("Provided Arn is not in correct format.")
}

fn not_supported(parameters: &str) -> ApiError {
    refusal::invalid(format!("Parameters {parameters} not supported for the target."))
}

fn must_be_specified(parameters: &str) -> ApiError {
    refusal::invalid(format!("Parameters {parameters} must be specified."))
}
