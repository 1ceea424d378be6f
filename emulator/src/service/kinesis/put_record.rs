//! Writes one record to a stream.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::ingestion::{Given, is_number};
use super::sequence_number::SequenceNumber;
use super::stream::{Stream, invalid_argument};
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};
use crate::wire::Blob;

pub struct PutRecord;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    data: Option<Blob>,
    partition_key: Option<String>,
    explicit_hash_key: Option<String>,
    sequence_number_for_ordering: Option<String>,
    dry_run: Option<bool>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    shard_id: String,
    sequence_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

impl Operation for PutRecord {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutRecord";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        let given = Given {
            data: input.data.as_ref(),
            partition_key: input.partition_key.as_deref(),
            explicit_hash_key: input.explicit_hash_key.as_deref(),
        };
        let mut violations = reference.violations();
        given.check(&mut violations, "", state.record_bytes_max(&reference.display()));
        if let Some(number) = &input.sequence_number_for_ordering {
            check_number(&mut violations, "sequenceNumberForOrdering", number);
        }
        let name = reference.name(violations, call.scope)?;
        let entry = given.entry()?;
        let stream = state.usable(&name, call.scope)?;
        if let Some(number) = &input.sequence_number_for_ordering {
            check_ordering(number, stream, &name, call)?;
        }
        if input.dry_run == Some(true) {
            return Err(state.dry_run(Self::NAME, &name, call));
        }
        state.admit_write(&name, &entry, call)?;
        let placed = state.ingest(&name, entry, call)?;
        call.note(placed.shard.to_string());
        Ok(Output {
            shard_id: placed.shard.to_string(),
            sequence_number: placed.number.to_string(),
            encryption_type: state.encryption_type(&name),
        })
    }
}

/// Wording of the pattern: <https://github.com/mcohen01/amazonica/issues/468>
pub fn check_number(violations: &mut Violations, member: &str, number: &str) {
    if !is_number(number, 129) {
        violations.add(number, member, "satisfy regular expression pattern: 0|([1-9]\\d{0,128})");
    }
}

/// "Set the SequenceNumberForOrdering of record n to the sequence number of
/// record n-1": a number of this stream. assumed: the wording.
fn check_ordering(number: &str, stream: &Stream, name: &str, call: &Call<'_>) -> Result<(), ApiError> {
    let known =
        SequenceNumber::parse(number).is_some_and(|number| stream.shards.values().any(|shard| shard.has_given(number)));
    if known {
        return Ok(());
    }
    let account = &call.scope.account;
    Err(invalid_argument(format!(
        "SequenceNumberForOrdering {number} used in PutRecord on stream {name} under account {account} is invalid \
         because it did not come from this stream."
    )))
}
