//! Changes the settings of an event bus: the default one, unless another is named.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html>
//!
//! What the request leaves out stays as it is (assumed).

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::bus_settings::{BusSettings, LogConfig};
use super::retry_policy::DeadLetterConfig;
use crate::kernel::{ApiError, Arn, Call, Operation, Violations};

pub struct UpdateEventBus;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
    description: Option<String>,
    kms_key_identifier: Option<String>,
    dead_letter_config: Option<DeadLetterConfig>,
    log_config: Option<LogConfig>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    arn: Arn,
    name: String,
    #[serde(flatten)]
    settings: BusSettings,
}

impl Operation for UpdateEventBus {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "UpdateEventBus";

    fn resource(input: &Input) -> String {
        BusName::parse(input.name.as_deref()).name
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let Input { name, description, kms_key_identifier, dead_letter_config, log_config } = input;
        let settings = BusSettings { description, kms_key_identifier, dead_letter_config, log_config };
        let mut violations = Violations::new();
        if let Some(name) = &name {
            bus::check_name(&mut violations, "name", name);
        }
        settings.check(&mut violations);
        violations.finish()?;
        let bus = state.bus_mut(&BusName::parse(name.as_deref()), call.scope)?;
        bus.settings.update(settings);
        bus.modified = Some(call.now);
        Ok(Output { arn: bus.arn(call), name: bus.name.clone(), settings: bus.settings.clone() })
    }
}
