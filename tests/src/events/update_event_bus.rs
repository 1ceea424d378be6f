use aws_sdk_eventbridge::types::{DeadLetterConfig, IncludeDetail, Level, LogConfig};

use super::{client, create_bus, not_found, validation};
use crate::stage::{on_both_stages, refusal};

const QUEUE: &str = "arn:aws:sqs:us-east-1:000000000000:dead";

// Validation

#[test]
fn a_bus_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let updated = client(&stage).update_event_bus().name("orders").description("d").send().await;
        assert_eq!(refusal(updated), not_found("Event bus orders does not exist."));
    });
}

#[test]
fn levels_are_those_of_aws() {
    on_both_stages(async |stage| {
        let log = LogConfig::builder().level(Level::from("LOUD")).build();
        let updated = client(&stage).update_event_bus().log_config(log).send().await;
        let message = "1 validation error detected: Value 'LOUD' at 'logConfig.level' failed to satisfy constraint: Member must satisfy enum value set: [OFF, ERROR, INFO, TRACE]";
        assert_eq!(refusal(updated), validation(message));
    });
}

// Behaviour

#[test]
fn settings_are_kept_and_what_is_left_out_stays() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let log = LogConfig::builder().level(Level::Info).include_detail(IncludeDetail::Full).build();
        let dead = DeadLetterConfig::builder().arn(QUEUE).build();
        let update = events.update_event_bus().name("orders").description("of the shop").kms_key_identifier("alias/k");
        let updated = update.dead_letter_config(dead).log_config(log.clone()).send().await.unwrap();
        assert_eq!(updated.name(), Some("orders"));
        assert_eq!(updated.arn(), Some("arn:aws:events:us-east-1:000000000000:event-bus/orders"));
        events.update_event_bus().name("orders").description("renamed").kms_key_identifier("").send().await.unwrap();
        let described = events.describe_event_bus().name("orders").send().await.unwrap();
        assert_eq!((described.description(), described.kms_key_identifier()), (Some("renamed"), None));
        assert_eq!(described.dead_letter_config().and_then(|config| config.arn()), Some(QUEUE));
        assert_eq!(described.log_config(), Some(&log));
    });
}
