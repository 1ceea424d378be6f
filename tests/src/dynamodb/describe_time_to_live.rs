use aws_sdk_dynamodb::types::TimeToLiveStatus;

use super::fixture::{not_found, profiles};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_new_table_keeps_its_items() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let described = client.describe_time_to_live().table_name("profiles").send().await.unwrap();
        let described = described.time_to_live_description.unwrap();
        assert_eq!(described.time_to_live_status, Some(TimeToLiveStatus::Disabled));
        assert_eq!(described.attribute_name, None);
    });
}

// validation

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let gone = client.describe_time_to_live().table_name("gone").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: gone not found"));
    });
}
