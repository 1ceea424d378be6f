use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_time_to_live::builders::UpdateTimeToLiveFluentBuilder;
use aws_sdk_dynamodb::types::{TimeToLiveSpecification, TimeToLiveStatus};

use super::fixture::{client, not_found, profiles, validation};
use crate::stage::{on_both_stages, refusal};

pub fn ttl(client: &Client, enabled: bool, attribute: &str) -> UpdateTimeToLiveFluentBuilder {
    let specification = TimeToLiveSpecification::builder().enabled(enabled).attribute_name(attribute).build();
    let update = client.update_time_to_live().table_name("profiles");
    update.time_to_live_specification(specification.expect("all members are set"))
}

// behaviour

#[test]
fn time_to_live_is_switched_on_and_off() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let on = ttl(&client, true, "expires").send().await.unwrap().time_to_live_specification.unwrap();
        assert_eq!((on.enabled, on.attribute_name.as_str()), (true, "expires"));
        let described = client.describe_time_to_live().table_name("profiles").send().await.unwrap();
        let described = described.time_to_live_description.unwrap();
        assert_eq!(described.time_to_live_status, Some(TimeToLiveStatus::Enabled));
        assert_eq!(described.attribute_name.as_deref(), Some("expires"));
        ttl(&client, false, "expires").send().await.unwrap();
        let described = client.describe_time_to_live().table_name("profiles").send().await.unwrap();
        let described = described.time_to_live_description.unwrap();
        assert_eq!(described.time_to_live_status, Some(TimeToLiveStatus::Disabled));
    });
}

// validation

#[test]
fn a_change_must_be_one() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let off = ttl(&client, false, "expires").send().await;
        assert_eq!(refusal(off), validation("TimeToLive is already disabled"));
        ttl(&client, true, "expires").send().await.unwrap();
        let again = ttl(&client, true, "expires").send().await;
        assert_eq!(refusal(again), validation("TimeToLive is already enabled"));
        let other = ttl(&client, true, "other").send().await;
        assert_eq!(
            refusal(other),
            validation("TimeToLive is active on a different AttributeName: current AttributeName is expires")
        );
        let empty = ttl(&client, true, "").send().await;
        assert_eq!(
            refusal(empty),
            validation(
                "1 validation error detected: Value '' at 'timeToLiveSpecification.attributeName' failed to satisfy \
                 constraint: Member must have length greater than or equal to 1"
            )
        );
    });
}

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let gone = ttl(&client(&stage), true, "expires").table_name("gone").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: gone not found"));
    });
}
