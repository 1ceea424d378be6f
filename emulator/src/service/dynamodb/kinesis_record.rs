//! A change of an item as a Kinesis data stream gets it.
//!
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/kds.html>

use md5::{Digest, Md5};
use serde::Serialize;

use super::change::{Author, Change};
use super::kinesis_destination::Precision;
use super::stored_item::StoredItem;
use super::table::Table;
use super::value::{Item, item_size};
use crate::kernel::{Arn, Call, Delivery, Timestamp};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Record<'a> {
    aws_region: &'a str,
    #[serde(rename = "eventID")]
    event_id: String,
    event_name: &'static str,
    user_identity: Option<UserIdentity>,
    record_format: &'static str,
    table_name: &'a str,
    dynamodb: StreamRecord<'a>,
    event_source: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UserIdentity {
    #[serde(rename = "type")]
    kind: &'static str,
    principal_id: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct StreamRecord<'a> {
    approximate_creation_date_time: i64,
    keys: &'a Item,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_image: Option<&'a StoredItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_image: Option<&'a StoredItem>,
    size_bytes: usize,
    /// As recorded: only where somebody chose it.
    #[serde(skip_serializing_if = "Option::is_none")]
    approximate_creation_date_time_precision: Option<Precision>,
}

/// Sends a change to the table's destination, if it has one. A write that changes nothing is no change.
pub fn send(table: &Table, change: &Change, call: &mut Call<'_>) {
    let Some(destination) = table.control.destinations.receiving() else { return };
    let Some(to) = Arn::parse(&destination.stream) else { return };
    let (before, after) = (change.before.as_deref(), change.after.as_deref());
    let event_name = match (before, after) {
        (Some(before), Some(after)) if before.same_attributes(after) => return,
        (Some(_), Some(_)) => "MODIFY",
        (None, Some(_)) => "INSERT",
        (Some(_), None) => "REMOVE",
        (None, None) => return,
    };
    let some_image = after.or(before).expect("one of both is there");
    let keys = table.schema.attributes_of(&some_image.attributes_where(&|name| table.schema.contains(name)));
    let bytes = |image: Option<&StoredItem>| image.map_or(0, |image| image.bytes);
    let record = Record {
        aws_region: &call.scope.region,
        event_id: call.ids().uuid(),
        event_name,
        user_identity: (change.author == Author::TimeToLive)
            .then_some(UserIdentity { kind: "Service", principal_id: "dynamodb.amazonaws.com" }),
        record_format: "application/json",
        table_name: &table.name,
        dynamodb: StreamRecord {
            approximate_creation_date_time: time(call.now, destination.precision),
            keys: &keys,
            new_image: after,
            old_image: before,
            size_bytes: item_size(&keys) + bytes(before) + bytes(after),
            approximate_creation_date_time_precision: destination.precision,
        },
        event_source: "aws:dynamodb",
    };
    let body = serde_json::to_vec(&record).expect("a record is plain data with text keys");
    call.send(Delivery::new(table.arn.clone(), to, body).with_key(Some(partition_key(&keys))));
}

/// The clock here is exact to the millisecond: microseconds end in three zeros.
fn time(now: Timestamp, precision: Option<Precision>) -> i64 {
    match precision {
        Some(Precision::Microsecond) => now.as_millis().saturating_mul(1000),
        Some(Precision::Millisecond) | None => now.as_millis(),
    }
}

/// Recorded: 32 hexadecimal digits. Assumed: a hash of the item's key, so that the changes of an item share a shard.
fn partition_key(keys: &Item) -> String {
    let keys = serde_json::to_vec(keys).expect("a key is plain data with text keys");
    hex::encode_upper(Md5::digest(keys))
}
