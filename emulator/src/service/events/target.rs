//! A target of a rule: where matched events go, and what of them.

use serde::{Deserialize, Serialize};

use super::destination;
use super::given_target::GivenTarget;
use super::input::{self, Input};
use super::json_path::JsonPath;
use super::retry_policy::Patience;
use crate::kernel::{ApiError, Arn};

/// A target, read. What it was read from is kept.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "KeptTarget")]
pub struct Target {
    pub arn: Arn,
    #[serde(skip)]
    pub input: Input,
    #[serde(skip)]
    pub partition_key_path: Option<JsonPath>,
    #[serde(skip)]
    pub patience: Patience,
    /// As the caller put it, to be given back.
    pub given: GivenTarget,
}

#[derive(Deserialize)]
struct KeptTarget {
    arn: Arn,
    given: GivenTarget,
}

impl TryFrom<KeptTarget> for Target {
    type Error = ApiError;

    fn try_from(KeptTarget { arn, given }: KeptTarget) -> Result<Self, ApiError> {
        let is_as_shown = given.arn.as_deref().and_then(Arn::parse).is_some_and(|shown| shown == arn);
        if is_as_shown { Self::read(given) } else { Self::to(arn, given) }
    }
}

impl Target {
    /// A target of a managed rule: the whole event to `arn`, whatever callers are shown.
    pub fn to(arn: Arn, given: GivenTarget) -> Result<Self, ApiError> {
        let patience = Patience::of(None, None)?;
        Ok(Self { arn, input: Input::Whole, partition_key_path: None, patience, given })
    }

    /// Reads a target. What is wrong with it fails the whole request, as on AWS.
    pub fn read(given: GivenTarget) -> Result<Self, ApiError> {
        let (id, arn_text) = (given.id.clone().unwrap_or_default(), given.arn.clone().unwrap_or_default());
        let Some(arn) = Arn::parse(&arn_text).filter(destination::is_known) else {
            let message = format!("Parameter {arn_text} is not valid. Reason: Provided Arn is not in correct format.");
            return Err(ApiError::validation(message));
        };
        if destination::needs_role(&arn) && given.role_arn.is_none() {
            return Err(ApiError::validation(format!("RoleArn is required for target {arn_text}.")));
        }
        let group = given.sqs_parameters.as_ref().and_then(|parameters| parameters.message_group_id.as_ref());
        if arn.service == "sqs" && arn.resource.ends_with(".fifo") && group.is_none() {
            let message = format!("Parameter(s) SqsParameters must be specified for target: {id}.");
            return Err(ApiError::validation(message));
        }
        let partition_key_path =
            match given.kinesis_parameters.as_ref().and_then(|given| given.partition_key_path.as_ref()) {
                Some(path) => Some(input::parse_path("PartitionKeyPath", path, &id)?),
                None => None,
            };
        let input = Input::read(&given, &id)?;
        let patience = Patience::of(given.retry_policy.as_ref(), given.dead_letter_config.as_ref())?;
        Ok(Self { arn, input, partition_key_path, patience, given })
    }
}
