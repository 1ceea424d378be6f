//! DescribeStream.

use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_dynamodbstreams::types::{ShardFilter, ShardFilterType, StreamStatus};

use super::{DAY, HOUR, Streamed, id_of, invalid, members, raw, raw_refusal};
use crate::dynamodb::fixture::{not_found, validation};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

// Serialisation

#[test]
fn a_description_has_what_aws_sends() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::NewAndOldImages).await;
        let (_, body) = raw(&stage, "DescribeStream", &format!(r#"{{"StreamArn":"{}"}}"#, orders.arn)).await;
        let description = &body["StreamDescription"];
        assert_eq!(
            members(description),
            [
                "CreationRequestDateTime",
                "KeySchema",
                "Shards",
                "StreamArn",
                "StreamLabel",
                "StreamStatus",
                "StreamViewType",
                "TableName"
            ]
        );
        assert_eq!(description["StreamStatus"], "ENABLED");
        assert_eq!(description["StreamViewType"], "NEW_AND_OLD_IMAGES");
        assert_eq!(description["KeySchema"][0]["KeyType"], "HASH");
        let shard = &description["Shards"][0];
        assert_eq!(members(shard), ["SequenceNumberRange", "ShardId"]);
        assert_eq!(members(&shard["SequenceNumberRange"]), ["StartingSequenceNumber"]);
    });
}

// Behaviour

#[test]
fn a_stream_is_enabling_while_its_table_is_created() {
    in_virtual_time(|stage| async move {
        let client = aws_sdk_dynamodb::Client::new(&stage.config);
        let create = client.create_table().table_name("orders").billing_mode("PAY_PER_REQUEST".into());
        let create = create.key_schema(crate::dynamodb::fixture::hash("id"));
        let create = create.attribute_definitions(crate::dynamodb::fixture::defined("id", "S".into()));
        let create = create.stream_specification(super::specification(true, Some(StreamViewType::KeysOnly)));
        let arn = create.send().await.unwrap().table_description.unwrap().latest_stream_arn.unwrap();
        let streams = aws_sdk_dynamodbstreams::Client::new(&stage.config);
        let described = streams.describe_stream().stream_arn(arn).send().await.unwrap();
        assert_eq!(described.stream_description.unwrap().stream_status, Some(StreamStatus::Enabling));
    });
}

#[test]
fn every_four_hours_a_child_takes_over() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        stage.advance(9 * HOUR).await;
        let shards = orders.shards().await;
        let parents: Vec<_> = shards.iter().map(|shard| shard.parent_shard_id.as_deref()).collect();
        assert_eq!(parents, [None, Some(id_of(&shards[0])), Some(id_of(&shards[1]))]);
        let ended = |shard: &aws_sdk_dynamodbstreams::types::Shard| {
            shard.sequence_number_range.as_ref().and_then(|range| range.ending_sequence_number.as_deref()).is_some()
        };
        assert_eq!(shards.iter().map(ended).collect::<Vec<_>>(), [true, true, false]);

        let describe = orders.streams.describe_stream().stream_arn(&orders.arn);
        let page = describe.clone().limit(2).send().await.unwrap().stream_description.unwrap();
        assert_eq!(page.last_evaluated_shard_id.as_deref(), Some(id_of(&shards[1])));
        let rest = describe.clone().set_exclusive_start_shard_id(page.last_evaluated_shard_id);
        let rest = rest.send().await.unwrap().stream_description.unwrap();
        assert_eq!((rest.shards(), rest.last_evaluated_shard_id()), (&shards[2..], None));

        let children = |of: &str| {
            let filter = ShardFilter::builder().r#type(ShardFilterType::ChildShards).shard_id(of).build();
            describe.clone().shard_filter(filter).send()
        };
        let found = children(id_of(&shards[0])).await.unwrap().stream_description.unwrap();
        assert_eq!(found.shards(), &shards[1..2]);
        let found = children(id_of(&shards[2])).await.unwrap().stream_description.unwrap();
        assert_eq!(found.shards(), []);
    });
}

#[test]
fn shards_are_gone_a_day_after_they_were_closed() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let first = orders.open_shard().await;
        stage.advance(27 * HOUR).await;
        let shards = orders.shards().await;
        assert_eq!((shards.len(), id_of(&shards[0])), (7, first.as_str()));
        stage.advance(HOUR).await;
        let shards = orders.shards().await;
        assert_eq!((shards.len(), shards[0].parent_shard_id.as_deref()), (7, Some(first.as_str())));
    });
}

#[test]
fn with_its_table_a_stream_is_disabled_and_readable_for_a_day() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        orders.put("a", "1").await;
        orders.delete_table(&stage).await;
        stage.advance(23 * HOUR).await;
        let describe = orders.streams.describe_stream().stream_arn(&orders.arn);
        let described = describe.clone().send().await.unwrap().stream_description.unwrap();
        assert_eq!(described.stream_status, Some(StreamStatus::Disabled));
        let [shard] = described.shards() else { panic!("{described:?}") };
        assert!(shard.sequence_number_range.as_ref().unwrap().ending_sequence_number.is_some());
        assert_eq!(orders.read().await.len(), 1);
        stage.advance(HOUR).await;
        let gone = format!("Requested resource not found: Stream: {} not found", orders.arn);
        assert_eq!(refusal(describe.send().await), not_found(&gone));
        let deleted = stage.emulator.timeline().events().into_iter().find(|event| event.action == "StreamDeleted");
        assert_eq!(deleted.map(|event| event.resource), Some("orders".to_owned()));
    });
}

#[test]
fn shards_live_as_long_as_the_settings_say() {
    use rehearsal_emulator::Emulator;
    use rehearsal_emulator::service::dynamodb::settings::Settings;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(async {
        let mut stage = crate::stage::Stage::in_process().await;
        let settings = Settings { shard_lifetime: HOUR / 60, ..Settings::default() };
        stage.emulator = Emulator::builder().dynamodb(settings).start().await;
        stage.config = stage.emulator.sdk_config().await;
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        stage.advance(HOUR / 60 * 3).await;
        assert_eq!(orders.shards().await.len(), 4);
        stage.advance(DAY * 3).await;
        let describe = orders.streams.describe_stream().stream_arn(&orders.arn).send().await.unwrap();
        assert_eq!(describe.stream_description.unwrap().shards().len(), 100);
    });
}

// Validation

#[test]
fn what_is_asked_wrongly_is_refused() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let message = "4 validation errors detected: Value null at 'streamArn' failed to satisfy constraint: Member must \
                       not be null; Value '0' at 'limit' failed to satisfy constraint: Member must have value greater \
                       than or equal to 1; Value 'x' at 'exclusiveStartShardId' failed to satisfy constraint: Member \
                       must have length greater than or equal to 28; Value 'ALL' at 'shardFilter.type' failed to \
                       satisfy constraint: Member must satisfy enum value set: [CHILD_SHARDS]";
        let body = r#"{"Limit":0,"ExclusiveStartShardId":"x","ShardFilter":{"Type":"ALL"}}"#;
        assert_eq!(raw_refusal(&stage, "DescribeStream", body).await, invalid(message));

        let describe = |arn: &str| orders.streams.describe_stream().stream_arn(arn).send();
        let table = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
        assert_eq!(refusal(describe(table).await), validation("Invalid StreamArn"));
        for other in [
            orders.arn.replace("orders", "carts"),
            orders.arn.replace("us-east-1", "eu-west-1"),
            orders.arn.replace("/stream/2", "/stream/1"),
        ] {
            let expected = format!("Requested resource not found: Stream: {other} not found");
            assert_eq!(refusal(describe(&other).await), not_found(&expected));
        }
        let filter = ShardFilter::builder().r#type(ShardFilterType::ChildShards).build();
        let describe = orders.streams.describe_stream().stream_arn(&orders.arn).shard_filter(filter);
        let message = "ShardId must be specified in ShardFilter of type CHILD_SHARDS";
        assert_eq!(refusal(describe.send().await), validation(message));
    });
}
