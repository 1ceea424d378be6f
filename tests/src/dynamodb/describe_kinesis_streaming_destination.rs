use super::fixture::{client, not_found};
use crate::stage::{on_both_stages, refusal};

// validation

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let gone = client(&stage).describe_kinesis_streaming_destination().table_name("gone").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: gone not found"));
    });
}
