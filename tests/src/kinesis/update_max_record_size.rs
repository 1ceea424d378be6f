//! UpdateMaxRecordSize.

use std::time::Duration;

use aws_sdk_kinesis::primitives::Blob;

use super::{arn, raw_refusal, refused, summary, with_stream};
use crate::stage::on_both_stages;

#[test]
fn sizes_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "1 validation error detected: Value '1023' at 'maxRecordSizeInKiB' failed to satisfy constraint: Member \
                       must have value greater than or equal to 1024";
        let body = format!(r#"{{"StreamARN":"{}","MaxRecordSizeInKiB":1023}}"#, arn("orders"));
        assert_eq!(raw_refusal(&stage, "UpdateMaxRecordSize", &body).await, refused("ValidationException", message));
    });
}

#[test]
fn larger_records_are_taken_when_the_stream_is_active_again() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let large = client.put_record().stream_name("orders").partition_key("a").data(Blob::new(vec![0; 2 << 20]));
        large.clone().send().await.expect_err("a mebibyte is the default");
        client.update_max_record_size().stream_arn(arn("orders")).max_record_size_in_kib(4096).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(summary(&client, "orders").await.max_record_size_in_kib, Some(4096));
        large.send().await.expect("it fits");
    });
}
