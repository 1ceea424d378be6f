//! Adds a permission to the policy of a queue.
//!
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html>

use serde::{Deserialize, Serialize};

use super::Sqs;
use super::permissions::{self, Permission};
use super::queue_url::{self, queue_name};
use super::refusal::missing;
use crate::kernel::{ApiError, Call, Operation};

pub struct AddPermission;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    queue_url: Option<String>,
    label: Option<String>,
    #[serde(rename = "AWSAccountIds")]
    account_ids: Option<Vec<String>>,
    actions: Option<Vec<String>>,
}

#[derive(Serialize)]
pub struct Output {}

impl Operation for AddPermission {
    type Service = Sqs;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "AddPermission";

    fn resource(input: &Input) -> String {
        queue_url::shown(input.queue_url.as_deref())
    }

    fn run(input: Input, state: &mut Sqs, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let name = queue_name(input.queue_url.as_deref(), call)?;
        let scope = call.scope;
        let queue = state.queue_mut(name)?;
        let label = input.label.as_deref().ok_or_else(|| missing("Label"))?;
        let accounts = input.account_ids.filter(|ids| !ids.is_empty()).ok_or_else(|| missing("AWSAccountId"))?;
        let actions = input.actions.filter(|actions| !actions.is_empty()).ok_or_else(|| missing("ActionName"))?;
        let permission = Permission { label, accounts: &accounts, actions: &actions };
        let policy = permissions::add(queue.attributes.policy.as_deref(), &permission, &queue.arn(scope))?;
        queue.attributes.policy = Some(policy);
        call.note(label);
        Ok(Output {})
    }
}
