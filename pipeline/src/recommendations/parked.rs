//! Records that can never be handled, put aside so that their shard moves on.
//!
//! Nothing reads this table but people: who has repaired the cause publishes the interaction again.

use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::Serialize;

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::item::item;
use super::profile::Delivery;
use super::settings::Settings;

/// A Kinesis record may have more bytes than a DynamoDB item, 400 KB. The whole is in the stream until its retention
/// ends.
const DATA_BYTES_MAX: usize = 256 * 1024;

#[derive(Serialize)]
struct ParkedRecord<'a> {
    /// The table's key: `shardId-000000000000#49590338…`.
    record: String,
    stream_name: &'a str,
    shard_id: &'a str,
    sequence_number: &'a str,
    partition_key: Option<&'a str>,
    reason: &'a str,
    parked_at: Timestamp,
    /// Of the whole record; what is kept may be less.
    data_bytes: usize,
}

/// Parks a record. Parking it again changes nothing but the time.
pub async fn park(
    clients: &Clients,
    settings: &Settings,
    delivery: &Delivery,
    partition_key: Option<&str>,
    data: &[u8],
    reason: &str,
) -> Result<(), CallFailure> {
    let mut parked = item(&ParkedRecord {
        record: format!("{}#{}", delivery.shard_id, delivery.sequence_number),
        stream_name: &settings.stream_name,
        shard_id: &delivery.shard_id,
        sequence_number: delivery.sequence_number.as_str(),
        partition_key,
        reason,
        parked_at: clients.now(),
        data_bytes: data.len(),
    });
    let kept = &data[..data.len().min(DATA_BYTES_MAX)];
    parked.insert("data".to_owned(), AttributeValue::B(Blob::new(kept)));
    let put = clients.dynamodb.put_item().table_name(&settings.parked_table).set_item(Some(parked));
    put.send().await.map(drop).map_err(|error| CallFailure::new("dynamodb PutItem", &error))
}
