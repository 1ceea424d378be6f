//! StopStreamEncryption.

use std::time::Duration;

use aws_sdk_kinesis::types::EncryptionType;

use super::{summary, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn the_key_must_be_the_one_in_use() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let stop = |key: &str| {
            let stop = client.stop_stream_encryption().stream_name("orders").encryption_type(EncryptionType::Kms);
            stop.key_id(key).send()
        };
        assert_eq!(refusal(stop("k").await).0, "InvalidArgumentException");
        let start = client.start_stream_encryption().stream_name("orders").encryption_type(EncryptionType::Kms);
        start.key_id("k").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(refusal(stop("other").await).0, "InvalidArgumentException");
        stop("k").await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let found = summary(&client, "orders").await;
        assert_eq!((found.encryption_type, found.key_id), (Some(EncryptionType::None), None));
    });
}
