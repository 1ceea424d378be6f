//! Limits of throughput and of calls, on the clock, once they are switched on.

use std::time::Duration;

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::operation::put_records::PutRecordsOutput;
use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::{PutRecordsRequestEntry, ShardIteratorType, StreamMode, StreamModeDetails};
use aws_smithy_types::retry::RetryConfig;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::service::kinesis::settings::{Limits, Settings};

use super::{ACCOUNT, SHARD, client, iterator, read, refused, with_stream};
use crate::raw::admin;
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

const EXCEEDED: &str = "ProvisionedThroughputExceededException";

fn enforce(stage: &Stage) {
    stage.emulator.handles().kinesis_limits.set(Limits::Enforced);
}

fn entries(count: usize, key: &str, bytes: usize) -> Vec<PutRecordsRequestEntry> {
    let entry = PutRecordsRequestEntry::builder().partition_key(key).data(Blob::new(vec![b'x'; bytes]));
    vec![entry.build().expect("it has all it needs"); count]
}

async fn put_many(client: &Client, entries: Vec<PutRecordsRequestEntry>) -> PutRecordsOutput {
    let put = client.put_records().stream_name("orders").set_records(Some(entries));
    put.send().await.expect("a record that is throttled does not fail the call")
}

/// How many records of a call were written.
async fn written(client: &Client, entries: Vec<PutRecordsRequestEntry>) -> usize {
    let count = entries.len();
    let output = put_many(client, entries).await;
    let failed = usize::try_from(output.failed_record_count.expect("it is always there")).expect("it is a count");
    let with_code = output.records.iter().filter(|record| record.error_code.is_some()).count();
    assert_eq!(failed, with_code);
    count - failed
}

fn too_much_written(shard: &str) -> String {
    format!("Rate exceeded for shard {shard} in stream orders under account {ACCOUNT}.")
}

fn too_much_read() -> (String, String) {
    refused(EXCEEDED, format!("Rate exceeded for Shard - {ACCOUNT}/orders/{SHARD}"))
}

// Writes

#[test]
fn a_shard_takes_1_mib_a_second_and_the_rest_of_a_call_fails_record_by_record() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        enforce(&stage);
        // "a" goes to the first shard, "b" to the second; with its key, a record has 4 KiB.
        let burst = [entries(260, "a", 4095), entries(10, "b", 4095)].concat();
        let output = put_many(&client, burst).await;
        assert_eq!(output.failed_record_count, Some(260 - 256));
        for (index, record) in output.records.iter().enumerate() {
            if (256..260).contains(&index) {
                assert_eq!(record.error_code.as_deref(), Some(EXCEEDED), "record {index}");
                assert_eq!(record.error_message, Some(too_much_written(SHARD)));
                assert_eq!((record.shard_id.as_ref(), record.sequence_number.as_ref()), (None, None));
            } else {
                assert!(record.shard_id.is_some() && record.sequence_number.is_some(), "record {index}: {record:?}");
                assert_eq!((record.error_code.as_ref(), record.error_message.as_ref()), (None, None));
            }
        }
        assert_eq!(read(&client, "orders", SHARD).await.len(), 256);
        assert_eq!(read(&client, "orders", "shardId-000000000001").await.len(), 10);
    });
}

#[test]
fn a_shard_takes_1000_records_a_second() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        enforce(&stage);
        let mut taken = Vec::new();
        for pause in [0, 0, 0, 1, 99, 900, 5000] {
            stage.advance(Duration::from_millis(pause)).await;
            taken.push(written(&client, entries(500, "a", 1)).await);
        }
        assert_eq!(taken, [500, 500, 0, 1, 99, 500, 500]);
        assert_eq!(written(&client, entries(500, "a", 1)).await, 500, "a shard that rested takes no more than 1000");
        assert_eq!(written(&client, entries(1, "a", 1)).await, 0);
    });
}

#[test]
fn one_record_too_many_is_refused_and_can_be_put_later() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        enforce(&stage);
        assert_eq!(written(&client, entries(1, "a", (1 << 20) - 1)).await, 1);
        let put_one = || client.put_record().stream_name("orders").partition_key("a").data(Blob::new("x")).send();
        assert_eq!(refusal(put_one().await), refused(EXCEEDED, too_much_written(SHARD)));
        stage.advance(Duration::from_millis(1)).await;
        put_one().await.expect("two bytes are free after a millisecond");
    });
}

#[test]
fn a_large_record_passes_a_shard_that_rested_and_is_paid_for_at_the_rate() {
    in_virtual_time(|stage| async move {
        let client = client(&stage);
        let create = client.create_stream().stream_name("orders").shard_count(1).max_record_size_in_kib(10_240);
        create.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        enforce(&stage);
        let (large, small) = (|| entries(1, "a", (2 << 20) - 1), || entries(1, "a", 1023));
        assert_eq!(written(&client, small()).await, 1);
        assert_eq!(written(&client, large()).await, 0, "the shard has not rested");
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(written(&client, large()).await, 1);
        assert_eq!(written(&client, small()).await, 0);
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(written(&client, small()).await, 0, "a second pays for what exceeded a second's worth");
        stage.advance(Duration::from_millis(1)).await;
        assert_eq!(written(&client, small()).await, 1);
    });
}

#[test]
fn shards_of_on_demand_streams_have_the_same_limits() {
    in_virtual_time(|stage| async move {
        let client = client(&stage);
        let on_demand = StreamModeDetails::builder().stream_mode(StreamMode::OnDemand).build().unwrap();
        client.create_stream().stream_name("orders").stream_mode_details(on_demand).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        enforce(&stage);
        assert_eq!(written(&client, entries(300, "a", 4095)).await, 256);
    });
}

#[test]
fn the_same_burst_gives_the_same_rejections_every_run() {
    let run = || {
        let outcomes = std::sync::Mutex::new(Vec::new());
        in_virtual_time(|stage| {
            let outcomes = &outcomes;
            async move {
                let client = with_stream(&stage, "orders", 2).await;
                enforce(&stage);
                for round in 0..6 {
                    let burst = (0..500).flat_map(|record| entries(1, &format!("{round}/{record}"), 1)).collect();
                    let output = put_many(&client, burst).await;
                    let failed: Vec<bool> = output.records.iter().map(|record| record.error_code.is_some()).collect();
                    outcomes.lock().unwrap().push(failed);
                    stage.advance(Duration::from_millis(33)).await;
                }
            }
        });
        outcomes.into_inner().unwrap()
    };
    let first = run();
    assert!(first.iter().flatten().any(|failed| *failed) && first.iter().flatten().any(|failed| !*failed));
    assert_eq!(first, run());
}

#[test]
fn nothing_is_limited_unless_it_is_switched_on() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        assert_eq!(written(&client, entries(500, "a", 4095)).await, 500);
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        for _ in 0..12 {
            client.get_records().shard_iterator(&latest).send().await.unwrap();
            client.list_streams().send().await.unwrap();
        }
    });
}

// Reads

#[test]
fn a_shard_is_read_five_times_a_second() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        enforce(&stage);
        let other = iterator(&client, "orders", "shardId-000000000001", ShardIteratorType::Latest).await;
        let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
        let get = |iterator: &str| client.get_records().shard_iterator(iterator).send();
        for _ in 0..5 {
            get(&latest).await.unwrap();
        }
        assert_eq!(refusal(get(&latest).await), too_much_read());
        get(&other).await.expect("each shard has its own");
        for _ in 0..20 {
            stage.advance(Duration::from_millis(200)).await;
            get(&latest).await.unwrap();
        }
        stage.advance(Duration::from_millis(199)).await;
        assert_eq!(refusal(get(&latest).await), too_much_read());
    });
}

#[test]
fn a_large_read_is_paid_for_before_the_next() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for _ in 0..3 {
            written(&client, entries(1, "a", (1 << 20) - 1)).await;
        }
        enforce(&stage);
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        let get = |iterator: &str| client.get_records().shard_iterator(iterator).send();
        let first = get(&start).await.unwrap();
        assert_eq!(first.records.len(), 3);
        let next = first.next_shard_iterator.expect("the shard is open");
        // AWS's 10 MB and 5 seconds are the same rate: `tank.rs` counts them.
        for pause in [0, 1000, 499] {
            stage.advance(Duration::from_millis(pause)).await;
            assert_eq!(refusal(get(&next).await), too_much_read());
        }
        stage.advance(Duration::from_millis(1)).await;
        get(&next).await.unwrap();
    });
}

#[test]
fn a_shard_is_read_at_2_mib_a_second() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for _ in 0..2 {
            written(&client, entries(1, "a", (1 << 20) - 1)).await;
        }
        enforce(&stage);
        let start = iterator(&client, "orders", SHARD, ShardIteratorType::TrimHorizon).await;
        let get = || client.get_records().shard_iterator(&start).limit(1).send();
        get().await.unwrap();
        get().await.expect("the second MiB");
        assert_eq!(refusal(get().await), too_much_read());
        stage.advance(Duration::from_millis(500)).await;
        get().await.unwrap();
        assert_eq!(refusal(get().await), too_much_read());
    });
}

#[test]
fn iterators_are_given_five_times_a_second_for_a_shard() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        enforce(&stage);
        let get = client.get_shard_iterator().stream_name("orders").shard_id(SHARD);
        let get = get.shard_iterator_type(ShardIteratorType::Latest);
        for _ in 0..5 {
            get.clone().send().await.unwrap();
        }
        assert_eq!(refusal(get.clone().send().await), too_much_read());
        stage.advance(Duration::from_millis(200)).await;
        get.send().await.unwrap();
    });
}

// Calls

#[test]
fn calls_are_limited_by_account_with_the_stream_in_the_message() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        enforce(&stage);
        let of_stream = |name: &str| {
            refused("LimitExceededException", format!("Rate exceeded for stream {name} under account {ACCOUNT}."))
        };
        for _ in 0..10 {
            client.describe_stream().stream_name("orders").send().await.unwrap();
        }
        let more = client.describe_stream().stream_arn(super::arn("orders")).send().await;
        assert_eq!(refusal(more), of_stream("orders"));
        for _ in 0..20 {
            client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        }
        assert_eq!(refusal(client.describe_stream_summary().stream_name("orders").send().await), of_stream("orders"));
        for _ in 0..5 {
            client.list_streams().send().await.unwrap();
        }
        let message = format!("Rate exceeded for account {ACCOUNT}.");
        assert_eq!(refusal(client.list_streams().send().await), refused("LimitExceededException", message));
        for _ in 0..5 {
            client.delete_stream().stream_name("none").send().await.unwrap_err();
        }
        assert_eq!(refusal(client.delete_stream().stream_name("orders").send().await), of_stream("orders"));
        stage.advance(Duration::from_millis(200)).await;
        client.list_streams().send().await.unwrap();
        client.delete_stream().stream_name("orders").send().await.unwrap();
    });
}

#[test]
fn five_streams_are_made_or_deleted_at_a_time() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let settings = Settings { transition: Duration::from_mins(1), limits: Limits::Enforced };
        let emulator = Emulator::builder().kinesis(settings).start().await;
        let config = emulator.sdk_config().await.into_builder().retry_config(RetryConfig::disabled()).build();
        let client = Client::new(&config);
        let create = |name: &str| client.create_stream().stream_name(name).shard_count(1).send();
        for name in ["1", "2", "3", "4", "5"] {
            create(name).await.unwrap();
        }
        let sixth = refusal(create("6").await);
        let message = format!("Rate exceeded for stream 6 under account {ACCOUNT}.");
        assert_eq!(sixth, refused("LimitExceededException", message));
        emulator.clock().advance(Duration::from_secs(1)).await;
        let message = format!(
            "This request would have exceed the limit on the number of streams that can simultaneously be in CREATING \
             or DELETING for the account {ACCOUNT}. Limit: 5."
        );
        assert_eq!(refusal(create("6").await), refused("LimitExceededException", message));
        emulator.clock().advance(Duration::from_mins(1)).await;
        create("6").await.unwrap();
    });
}

// The switch

#[test]
fn limits_are_switched_for_all_accounts_or_for_one() {
    on_both_stages(|stage| async move {
        let of = async |account: &str| {
            let config = stage.emulator.sdk_config_for(account).await.into_builder();
            Client::new(&config.retry_config(RetryConfig::disabled()).build())
        };
        let (ours, theirs) = (of("111111111111").await, of("222222222222").await);
        for client in [&ours, &theirs] {
            client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        }
        stage.advance(Duration::from_secs(1)).await;
        // The second dry run of a second is one too many.
        let is_limited = async |client: &Client| {
            let mut code = String::new();
            for _ in 0..2 {
                let put = client.put_record().stream_name("orders").partition_key("a").data(Blob::new("x"));
                code = refusal(put.dry_run(true).send().await).0;
            }
            code == "ThrottlingException"
        };
        let are_limited = async || (is_limited(&ours).await, is_limited(&theirs).await);
        let path = "kinesis/limits?account=111111111111";
        assert_eq!(admin(&stage.emulator, "PUT", path, r#"{"limits":"enforced"}"#).await.0, 200);
        assert_eq!(are_limited().await, (true, false));
        let (_, shown) = admin(&stage.emulator, "GET", "kinesis/limits", "").await;
        assert_eq!(shown, serde_json::json!({ "limits": "off", "accounts": { "111111111111": "enforced" } }));
        assert_eq!(admin(&stage.emulator, "DELETE", path, "").await.0, 200);
        assert_eq!(admin(&stage.emulator, "DELETE", path, "").await.0, 404);
        assert_eq!(admin(&stage.emulator, "DELETE", "kinesis/limits", "").await.0, 400);
        assert_eq!(are_limited().await, (false, false));
        assert_eq!(admin(&stage.emulator, "PUT", "kinesis/limits", r#"{"limits":"enforced"}"#).await.0, 200);
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(are_limited().await, (true, true));
        let (status, said) = admin(&stage.emulator, "PUT", "kinesis/limits", r#"{"limits":"on"}"#).await;
        assert!(status == 400 && said.to_string().contains("enforced"), "{said}");
    });
}
