//! How far each shard has been read, so that a restarted worker resumes.
//!
//! A checkpoint never goes backwards, and never needs to be exact: records behind it are recognised when they come
//! again.

use serde::{Deserialize, Serialize};

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::item::{attribute, item, read};
use super::sequence_number::SequenceNumber;
use super::settings::Settings;

/// The state of one shard of one stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The table's key: `user-interactions/shardId-000000000000`.
    pub shard: String,
    /// The newest record that is done. Missing in a closed shard that never had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sequence_number: Option<SequenceNumber>,
    /// The same, comparable as text.
    #[serde(default)]
    pub sequence_order: String,
    /// The shard was closed by resharding, and every record in it is done.
    #[serde(default)]
    pub finished: bool,
}

impl Checkpoint {
    pub fn new(settings: &Settings, shard_id: &str, sequence_number: Option<SequenceNumber>, finished: bool) -> Self {
        Self {
            shard: key(settings, shard_id),
            sequence_order: sequence_number.as_ref().map(SequenceNumber::sortable).unwrap_or_default(),
            sequence_number,
            finished,
        }
    }
}

fn key(settings: &Settings, shard_id: &str) -> String {
    format!("{}/{shard_id}", settings.stream_name)
}

pub async fn load(clients: &Clients, settings: &Settings, shard_id: &str) -> Result<Option<Checkpoint>, CallFailure> {
    let get = clients
        .dynamodb
        .get_item()
        .table_name(&settings.checkpoints_table)
        .key("shard", attribute(&key(settings, shard_id)))
        .consistent_read(true);
    let output = get.send().await.map_err(|error| CallFailure::new("dynamodb GetItem", &error))?;
    let Some(item) = output.item else { return Ok(None) };
    read(item).map(Some).map_err(|problem| CallFailure {
        call: "dynamodb GetItem",
        code: None,
        reason: format!("checkpoint of `{shard_id}` cannot be read: {problem}"),
    })
}

/// Stores a checkpoint unless another worker's is further.
pub async fn store(clients: &Clients, settings: &Settings, checkpoint: &Checkpoint) -> Result<(), CallFailure> {
    // The same position again is how a shard becomes finished, and how a write whose answer was lost is repeated.
    let put = clients
        .dynamodb
        .put_item()
        .table_name(&settings.checkpoints_table)
        .set_item(Some(item(checkpoint)))
        .condition_expression(
            "attribute_not_exists(#shard) OR #order < :order OR (#order = :order AND #finished <> :true)",
        )
        .expression_attribute_names("#shard", "shard")
        .expression_attribute_names("#order", "sequence_order")
        .expression_attribute_names("#finished", "finished")
        .expression_attribute_values(":order", attribute(&checkpoint.sequence_order))
        .expression_attribute_values(":true", attribute(&true));
    match put.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => Ok(()),
        Err(error) => Err(CallFailure::new("dynamodb PutItem", &error)),
    }
}
