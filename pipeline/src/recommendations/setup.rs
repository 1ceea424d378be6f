//! Creates what the agent needs: the stream, four tables, the cache's time to live, the event bus.
//!
//! Plain calls, to be repeated at will: what exists is left as it is. Returns when everything is usable.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType, TableStatus,
    TimeToLiveSpecification, TimeToLiveStatus,
};
use aws_sdk_kinesis::types::StreamStatus;

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::settings::Settings;

pub async fn setup(clients: &Clients, settings: &Settings) -> Result<(), SetupError> {
    let tables = [
        (&settings.profiles_table, "user_id"),
        (&settings.rec_cache_table, "user_id"),
        (&settings.parked_table, "record"),
        (&settings.checkpoints_table, "shard"),
    ];
    // All are created before any is waited for: they come up side by side.
    create_stream(clients, settings).await?;
    for (table_name, key) in tables {
        create_table(clients, table_name, key).await?;
    }
    create_event_bus(clients, settings).await?;
    wait_for(clients, settings, &settings.stream_name, || stream_is_active(clients, settings)).await?;
    for (table_name, _) in tables {
        wait_for(clients, settings, table_name, || table_is_active(clients, table_name)).await?;
    }
    expire_cache(clients, settings).await?;
    Ok(())
}

async fn create_stream(clients: &Clients, settings: &Settings) -> Result<(), CallFailure> {
    let shards = settings.stream_shards.into();
    let create = clients.kinesis.create_stream().stream_name(&settings.stream_name).shard_count(shards);
    match create.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("kinesis CreateStream", &error)),
    }
}

async fn stream_is_active(clients: &Clients, settings: &Settings) -> Result<bool, CallFailure> {
    let describe = clients.kinesis.describe_stream_summary().stream_name(&settings.stream_name);
    let output = describe.send().await.map_err(|error| CallFailure::new("kinesis DescribeStreamSummary", &error))?;
    let status = output.stream_description_summary.map(|summary| summary.stream_status);
    Ok(status == Some(StreamStatus::Active))
}

/// A table with one string key, paid per request.
async fn create_table(clients: &Clients, table_name: &str, key: &str) -> Result<(), CallFailure> {
    let attribute = AttributeDefinition::builder().attribute_name(key).attribute_type(ScalarAttributeType::S).build();
    let schema = KeySchemaElement::builder().attribute_name(key).key_type(KeyType::Hash).build();
    let create = clients
        .dynamodb
        .create_table()
        .table_name(table_name)
        .attribute_definitions(attribute.expect("name and type are given"))
        .key_schema(schema.expect("name and type are given"))
        .billing_mode(BillingMode::PayPerRequest);
    match create.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_in_use_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("dynamodb CreateTable", &error)),
    }
}

async fn table_is_active(clients: &Clients, table_name: &str) -> Result<bool, CallFailure> {
    let describe = clients.dynamodb.describe_table().table_name(table_name);
    let output = describe.send().await.map_err(|error| CallFailure::new("dynamodb DescribeTable", &error))?;
    let status = output.table.and_then(|table| table.table_status);
    Ok(status == Some(TableStatus::Active))
}

/// Asks before it writes: enabling what is enabled is an error on AWS.
async fn expire_cache(clients: &Clients, settings: &Settings) -> Result<(), CallFailure> {
    let describe = clients.dynamodb.describe_time_to_live().table_name(&settings.rec_cache_table);
    let output = describe.send().await.map_err(|error| CallFailure::new("dynamodb DescribeTimeToLive", &error))?;
    let status = output.time_to_live_description.and_then(|description| description.time_to_live_status);
    if matches!(status, Some(TimeToLiveStatus::Enabled | TimeToLiveStatus::Enabling)) {
        return Ok(());
    }
    let specification = TimeToLiveSpecification::builder().attribute_name("ttl").enabled(true).build();
    let update = clients
        .dynamodb
        .update_time_to_live()
        .table_name(&settings.rec_cache_table)
        .time_to_live_specification(specification.expect("name and state are given"));
    update.send().await.map(drop).map_err(|error| CallFailure::new("dynamodb UpdateTimeToLive", &error))
}

/// Every account has the bus `default`. A bus given by its ARN belongs to someone else, who creates it.
async fn create_event_bus(clients: &Clients, settings: &Settings) -> Result<(), CallFailure> {
    if settings.event_bus == "default" || settings.event_bus.starts_with("arn:") {
        return Ok(());
    }
    match clients.eventbridge.create_event_bus().name(&settings.event_bus).send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_resource_already_exists_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("eventbridge CreateEventBus", &error)),
    }
}

async fn wait_for<Asking: Future<Output = Result<bool, CallFailure>>>(
    clients: &Clients,
    settings: &Settings,
    name: &str,
    is_active: impl Fn() -> Asking,
) -> Result<(), SetupError> {
    let mut waited = Duration::ZERO;
    while !is_active().await? {
        if waited >= settings.setup_timeout {
            return Err(SetupError::NotActive { name: name.to_owned(), waited });
        }
        clients.sleep(settings.setup_poll_interval).await;
        waited += settings.setup_poll_interval;
    }
    Ok(())
}

/// Why setup did not come to its end. Repeating it continues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetupError {
    Call(CallFailure),
    NotActive { name: String, waited: Duration },
}

impl From<CallFailure> for SetupError {
    fn from(failure: CallFailure) -> Self {
        Self::Call(failure)
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(failure) => failure.fmt(f),
            Self::NotActive { name, waited } => write!(f, "`{name}` is not active after {} s", waited.as_secs()),
        }
    }
}

impl std::error::Error for SetupError {}
