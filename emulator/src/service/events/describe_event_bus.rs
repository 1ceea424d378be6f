//! Describes an event bus: the default one, unless another is named.
//!
//! <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html>

use serde::{Deserialize, Serialize};

use super::Events;
use super::bus::{self, BusName};
use super::bus_settings::BusSettings;
use super::list_event_buses::BusEntry;
use crate::kernel::{ApiError, Call, Operation, Violations};

pub struct DescribeEventBus;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    name: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    #[serde(flatten)]
    bus: BusEntry,
    #[serde(flatten)]
    settings: BusSettings,
}

impl Operation for DescribeEventBus {
    type Service = Events;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "DescribeEventBus";

    fn resource(input: &Input) -> String {
        BusName::parse(input.name.as_deref()).name
    }

    fn run(input: Input, state: &mut Events, call: &mut Call<'_>) -> Result<Output, ApiError> {
        let mut violations = Violations::new();
        bus::check_name_or_arn(&mut violations, "name", input.name.as_deref());
        violations.finish()?;
        let bus = state.bus(&BusName::parse(input.name.as_deref()), call.scope)?;
        if let Some((_, creator)) = bus.created {
            call.read_from(creator);
        }
        // Both know the description: it is answered once.
        let settings = BusSettings { description: None, ..bus.settings.clone() };
        Ok(Output { bus: BusEntry::of(bus, call), settings })
    }
}
