//! Writes up to 500 records to a stream in one call.
//!
//! <https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html>

use serde::{Deserialize, Serialize};

use super::Kinesis;
use super::ingestion::{Entry, Given, Placed};
use super::put_failures::met_by;
use super::sequence_number::Decimal;
use super::shard::ShardText;
use super::stream::invalid_argument;
use super::stream_reference::StreamReference;
use super::unsupported::{Unsupported, refuse};
use crate::kernel::{ApiError, Call, Operation, Violations};
use crate::wire::Blob;

const RECORDS_MAX: usize = 500;
/// "Up to a limit of 10 MiB for the entire request, including partition keys."
const REQUEST_BYTES_MAX: usize = 10 << 20;

pub struct PutRecords;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Input {
    stream_name: Option<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: Option<String>,
    stream_id: Unsupported,
    records: Option<Vec<RequestEntry>>,
    dry_run: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct RequestEntry {
    data: Option<Blob>,
    partition_key: Option<String>,
    explicit_hash_key: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Output {
    failed_record_count: usize,
    records: Vec<ResultEntry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encryption_type: Option<&'static str>,
}

/// What became of a record.
#[derive(Serialize)]
#[serde(untagged)]
enum ResultEntry {
    #[serde(rename_all = "PascalCase")]
    Written { sequence_number: Decimal, shard_id: ShardText },
    #[serde(rename_all = "PascalCase")]
    Failed { error_code: String, error_message: String },
}

impl Operation for PutRecords {
    type Service = Kinesis;
    type Input = Input;
    type Output = Output;
    const NAME: &'static str = "PutRecords";

    fn resource(input: &Input) -> String {
        StreamReference::new(&input.stream_name, &input.stream_arn).display()
    }

    fn run(input: Input, state: &mut Kinesis, call: &mut Call<'_>) -> Result<Output, ApiError> {
        refuse(Self::NAME, &[("StreamId", input.stream_id.is_some())])?;
        let reference = StreamReference::new(&input.stream_name, &input.stream_arn);
        check(&input, &reference, state.record_bytes_max(&reference.display()))?;
        let name = reference.resolve(call.scope)?;
        let entries = entries(&input)?;
        state.usable(&name, call.scope)?;
        if input.dry_run == Some(true) {
            return Err(state.dry_run(Self::NAME, &name, call));
        }
        state.admit_puts(&name, &entries, call)?;
        let met = met_by(entries.len(), call);
        let mut records = Vec::with_capacity(entries.len());
        let mut failed_record_count = 0;
        for (entry, meets) in entries.into_iter().zip(met) {
            let put = state.put_one(&name, entry, meets, call);
            failed_record_count += usize::from(put.is_err());
            records.push(ResultEntry::of(put));
        }
        call.note(super::records(records.len() - failed_record_count));
        if failed_record_count > 0 {
            call.note(format!("{failed_record_count} failed"));
        }
        Ok(Output { failed_record_count, records, encryption_type: state.encryption_type(&name) })
    }
}

impl ResultEntry {
    fn of(put: Result<Placed, ApiError>) -> Self {
        match put {
            Ok(Placed { shard, number }) => Self::Written { sequence_number: number, shard_id: ShardText(shard) },
            Err(ApiError { code, message, .. }) => Self::Failed { error_code: code, error_message: message },
        }
    }
}

impl RequestEntry {
    fn given(&self) -> Given<'_> {
        Given {
            data: self.data.as_ref(),
            partition_key: self.partition_key.as_deref(),
            explicit_hash_key: self.explicit_hash_key.as_deref(),
        }
    }
}

fn check(input: &Input, reference: &StreamReference<'_>, record_bytes_max: usize) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.required("records", &input.records);
    let records = input.records.as_deref().unwrap_or_default();
    if input.records.is_some() && records.is_empty() {
        violations.add("[]", "records", "have length greater than or equal to 1");
    }
    if records.len() > RECORDS_MAX {
        violations.add_unprinted("records", format_args!("have length less than or equal to {RECORDS_MAX}"));
    }
    for (index, record) in records.iter().enumerate() {
        record.given().check(&mut violations, format_args!("records.{}.member.", index + 1), record_bytes_max);
    }
    reference.check(&mut violations);
    violations.finish()
}

/// All of them or none: a request that is refused has written nothing.
fn entries(input: &Input) -> Result<Vec<Entry<'_>>, ApiError> {
    let records = input.records.as_deref().unwrap_or_default();
    let entries: Vec<_> = records.iter().map(|record| record.given().entry()).collect::<Result<_, _>>()?;
    let bytes: usize = entries.iter().map(|entry| entry.data.len() + entry.partition_key.len()).sum();
    if bytes > REQUEST_BYTES_MAX {
        // assumed: AWS said "5 MB" in these words while that was the limit:
        // <https://github.com/aws/amazon-kinesis-streams-for-fluent-bit/issues/21>
        return Err(invalid_argument("Records size exceeds 10 MB limit"));
    }
    Ok(entries)
}
