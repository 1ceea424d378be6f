//! The producer's side: puts one interaction on the stream.

use std::fmt;

use aws_sdk_kinesis::primitives::Blob;

use super::call_failure::CallFailure;
use super::clients::Clients;
use super::interaction::{Interaction, InteractionError};
use super::sequence_number::SequenceNumber;
use super::settings::Settings;

/// Where an interaction lies on the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    pub shard_id: String,
    pub sequence_number: SequenceNumber,
}

/// Puts an interaction on the stream. The partition key is the user id: one user's interactions stay in order.
///
/// What the worker would park is refused here, where someone can still correct it.
pub async fn publish(
    clients: &Clients,
    settings: &Settings,
    interaction: &Interaction,
) -> Result<Published, PublishError> {
    interaction.check().map_err(PublishError::Invalid)?;
    let data = serde_json::to_vec(interaction).expect("an interaction has string keys and finite numbers");
    let put = clients
        .kinesis
        .put_record()
        .stream_name(&settings.stream_name)
        .partition_key(&interaction.user_id)
        .data(Blob::new(data));
    let output =
        put.send().await.map_err(|error| PublishError::Unavailable(CallFailure::new("kinesis PutRecord", &error)))?;
    Ok(Published { shard_id: output.shard_id, sequence_number: SequenceNumber::new(output.sequence_number) })
}

/// Why an interaction is not on the stream. After `Unavailable` it may be there all the same: publish it again with the
/// same event id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublishError {
    Invalid(InteractionError),
    Unavailable(CallFailure),
}

impl fmt::Display for PublishError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Unavailable(failure) => failure.fmt(f),
        }
    }
}

impl std::error::Error for PublishError {}
