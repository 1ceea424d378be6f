//! What a fork of a prepared world costs, by the size of its state: a table of items and a stream of records.

use rehearsal_emulator::Emulator;
use serde_json::{Value, json};

use super::direct::call;
use super::measure::{median, now};
use super::report::Figure;

const ROUNDS: usize = 21;
const ITEMS: usize = 40_000;
const RECORDS: usize = 40_000;
/// What each item and record has.
const VALUE_BYTES: usize = 1000;
/// A request has up to 500 records and 25 items.
const BATCH: usize = 25;

/// How long a fork takes for each 10 MB of state.
pub async fn figure() -> Result<Figure, String> {
    let emulator = Emulator::start().await;
    prepare(&emulator).await?;
    let snapshot = emulator.snapshot().map_err(|error| error.to_string())?;
    let mut millis = Vec::new();
    for _ in 0..ROUNDS {
        let started = now();
        let fork = snapshot.fork().await.map_err(|error| error.to_string())?;
        millis.push(started.elapsed().as_secs_f64() * 1000.0);
        drop(fork);
    }
    let megabytes = ((ITEMS + RECORDS) * VALUE_BYTES) as f64 / 1e6;
    Ok(Figure {
        name: "fork",
        about: format!("forking a world, for each 10 MB of {megabytes} MB in {ITEMS} items and {RECORDS} records"),
        value: median(&millis) * 10.0 / megabytes,
        unit: "ms",
        target: 1.0,
    })
}

async fn prepare(emulator: &Emulator) -> Result<(), String> {
    let table = json!({
        "TableName": "items", "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    });
    call(emulator, "DynamoDB_20120810.CreateTable", &table).await?;
    call(emulator, "Kinesis_20131202.CreateStream", &json!({"StreamName": "records", "ShardCount": 4})).await?;
    emulator.clock().advance(std::time::Duration::from_mins(1)).await;
    let value = "v".repeat(VALUE_BYTES);
    for first in (0..ITEMS).step_by(BATCH) {
        let put = |number: usize| json!({"PutRequest": {"Item": {"id": {"S": number.to_string()}, "v": {"S": value}}}});
        let puts: Vec<Value> = (first..first + BATCH).map(put).collect();
        call(emulator, "DynamoDB_20120810.BatchWriteItem", &json!({"RequestItems": {"items": puts}})).await?;
    }
    for first in (0..RECORDS).step_by(BATCH) {
        let record = |number: usize| json!({"PartitionKey": number.to_string(), "Data": value});
        let records: Vec<Value> = (first..first + BATCH).map(record).collect();
        call(emulator, "Kinesis_20131202.PutRecords", &json!({"StreamName": "records", "Records": records})).await?;
    }
    Ok(())
}
