//! ListShards.

use std::time::Duration;

use aws_sdk_kinesis::primitives::DateTime;
use aws_sdk_kinesis::types::{ShardFilter, ShardFilterType};

use super::{ACCOUNT, arn, client, raw_refusal, refused, stream_not_found, with_stream};
use crate::stage::{on_both_stages, refusal};

fn filter(kind: ShardFilterType) -> aws_sdk_kinesis::types::builders::ShardFilterBuilder {
    ShardFilter::builder().r#type(kind)
}

// Validation

#[test]
fn a_token_excludes_what_it_already_says() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 2).await;
        let first = client.list_shards().stream_name("orders").max_results(1).send().await.unwrap();
        let next = client.list_shards().next_token(first.next_token.expect("there is more"));
        for (request, member) in [
            (next.clone().stream_name("orders"), "StreamName"),
            (next.clone().stream_arn(arn("orders")), "StreamARN"),
            (next.clone().exclusive_start_shard_id("shardId-000000000000"), "ExclusiveStartShardId"),
            (next.clone().stream_creation_timestamp(DateTime::from_secs(1)), "StreamCreationTimestamp"),
            (
                next.clone().shard_filter(filter(ShardFilterType::AtLatest).build().expect("it has a type")),
                "ShardFilter",
            ),
        ] {
            let message = format!("NextToken and {member} cannot be provided together.");
            assert_eq!(refusal(request.send().await), refused("InvalidArgumentException", message));
        }
        next.send().await.expect("a token alone is enough");
    });
}

#[test]
fn filters_are_checked() {
    on_both_stages(|stage| async move {
        let body = r#"{"StreamName":"orders","ShardFilter":{"Type":"NEAR"},"MaxResults":0}"#;
        let message = "2 validation errors detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must \
                       have value greater than or equal to 1; Value 'NEAR' at 'shardFilter.type' failed to satisfy \
                       constraint: Member must satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, \
                       FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]";
        assert_eq!(raw_refusal(&stage, "ListShards", body).await, refused("ValidationException", message));
        for filter in [
            r#"{"Type":"AFTER_SHARD_ID"}"#,
            r#"{"Type":"AT_TIMESTAMP"}"#,
            r#"{"Type":"AT_LATEST","Timestamp":1}"#,
            r#"{"Type":"AT_LATEST","ShardId":"shardId-000000000000"}"#,
        ] {
            let body = format!(r#"{{"StreamName":"orders","ShardFilter":{filter}}}"#);
            assert_eq!(raw_refusal(&stage, "ListShards", &body).await.0, "InvalidArgumentException", "{filter}");
        }
        assert_eq!(raw_refusal(&stage, "ListShards", "{}").await.0, "InvalidArgumentException");
        assert_eq!(raw_refusal(&stage, "ListShards", r#"{"NextToken":"x"}"#).await.0, "InvalidArgumentException");
    });
}

// Behaviour

#[test]
fn a_stream_that_is_being_created_is_in_use() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        assert_eq!(refusal(client.list_shards().stream_name("orders").send().await), stream_not_found("orders"));
        client.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        let message =
            format!("Stream orders under account {ACCOUNT} not ACTIVE or UPDATING, instead in state CREATING");
        let early = client.list_shards().stream_name("orders").send().await;
        assert_eq!(refusal(early), refused("ResourceInUseException", message));
    });
}

#[test]
fn shards_are_listed_page_by_page_until_the_token_expires() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 5).await;
        let first = client.list_shards().stream_name("orders").max_results(2).send().await.unwrap();
        assert_eq!(first.shards().len(), 2);
        let token = first.next_token.expect("there is more");
        stage.advance(Duration::from_secs(290)).await;
        let rest = client.list_shards().next_token(&token).send().await.unwrap();
        let ids: Vec<_> = rest.shards().iter().map(|shard| shard.shard_id.as_str()).collect();
        assert_eq!(ids, ["shardId-000000000002", "shardId-000000000003", "shardId-000000000004"]);
        assert_eq!(rest.next_token, None);
        stage.advance(Duration::from_secs(11)).await;
        let late = client.list_shards().next_token(&token).send().await;
        assert_eq!(refusal(late).0, "ExpiredNextTokenException");
    });
}

#[test]
fn filters_choose_among_the_shards() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 3).await;
        let all = client.list_shards().stream_name("orders").send().await.unwrap();
        assert_eq!(all.shards().len(), 3);
        let moment = DateTime::from_secs(1);
        for (filter, expected) in [
            (filter(ShardFilterType::AtLatest), 3),
            (filter(ShardFilterType::AtTrimHorizon), 3),
            (filter(ShardFilterType::FromTrimHorizon), 3),
            (filter(ShardFilterType::AtTimestamp).timestamp(moment), 3),
            (filter(ShardFilterType::FromTimestamp).timestamp(moment), 3),
            (filter(ShardFilterType::AfterShardId).shard_id("shardId-000000000001"), 1),
        ] {
            let filter = filter.build().expect("it has a type");
            let listed = client.list_shards().stream_name("orders").shard_filter(filter.clone()).send().await.unwrap();
            assert_eq!(listed.shards().len(), expected, "{filter:?}");
        }
        let after = client.list_shards().stream_arn(arn("orders")).exclusive_start_shard_id("shardId-000000000000");
        assert_eq!(after.send().await.unwrap().shards().len(), 2);
    });
}

#[test]
fn a_creation_time_tells_streams_of_one_name_apart() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let described = client.describe_stream_summary().stream_name("orders").send().await.unwrap();
        let created = described.stream_description_summary.expect("it is required").stream_creation_timestamp;
        let list = client.list_shards().stream_name("orders");
        let same = list.clone().stream_creation_timestamp(created).send().await;
        assert_eq!(same.unwrap().shards().len(), 1);
        let other = list.stream_creation_timestamp(DateTime::from_secs(1)).send().await;
        assert_eq!(refusal(other), stream_not_found("orders"));
    });
}
