//! What the operations that change a stream have in common.

use super::{ACCOUNT, arn, client, raw, raw_refusal, refused, stream_not_found, with_stream};
use crate::stage::{in_virtual_time, refusal};

const SPLIT: &str = r#","ShardToSplit":"shardId-000000000000","NewStartingHashKey":"9""#;

/// Each with members that would do.
const CHANGES: [(&str, &str); 12] = [
    ("SplitShard", SPLIT),
    ("MergeShards", r#","ShardToMerge":"shardId-000000000000","AdjacentShardToMerge":"shardId-000000000001""#),
    ("UpdateShardCount", r#","TargetShardCount":2,"ScalingType":"UNIFORM_SCALING""#),
    ("UpdateStreamMode", r#","StreamModeDetails":{"StreamMode":"ON_DEMAND"}"#),
    ("IncreaseStreamRetentionPeriod", r#","RetentionPeriodHours":48"#),
    ("DecreaseStreamRetentionPeriod", r#","RetentionPeriodHours":24"#),
    ("StartStreamEncryption", r#","EncryptionType":"KMS","KeyId":"k""#),
    ("StopStreamEncryption", r#","EncryptionType":"KMS","KeyId":"k""#),
    ("EnableEnhancedMonitoring", r#","ShardLevelMetrics":["ALL"]"#),
    ("DisableEnhancedMonitoring", r#","ShardLevelMetrics":["ALL"]"#),
    ("UpdateMaxRecordSize", r#","MaxRecordSizeInKiB":2048"#),
    ("UpdateStreamWarmThroughput", r#","WarmThroughputMiBps":8"#),
];

#[test]
fn a_stream_must_be_there_and_active_and_its_id_is_reserved() {
    in_virtual_time(|stage| async move {
        for (operation, members) in CHANGES {
            let body = format!(r#"{{"StreamARN":"{}"{members}}}"#, arn("orders"));
            assert_eq!(raw_refusal(&stage, operation, &body).await, stream_not_found("orders"), "{operation}");
            let body = format!(r#"{{"StreamId":"x","StreamARN":"{}"{members}}}"#, arn("orders"));
            assert_eq!(raw_refusal(&stage, operation, &body).await.0, "NotImplemented", "{operation}");
        }
        let client = with_stream(&stage, "orders", 1).await;
        raw(&stage, "SplitShard", &format!(r#"{{"StreamName":"orders"{SPLIT}}}"#)).await;
        for (name, status) in [("orders", "UPDATING"), ("others", "CREATING")] {
            if name == "others" {
                client.create_stream().stream_name(name).shard_count(1).send().await.unwrap();
            }
            for (operation, members) in CHANGES {
                let body = format!(r#"{{"StreamARN":"{}"{members}}}"#, arn(name));
                let message = format!("Stream {name} under account {ACCOUNT} not ACTIVE, instead in state {status}");
                let found = raw_refusal(&stage, operation, &body).await;
                assert_eq!(found, refused("ResourceInUseException", message), "{operation}");
            }
        }
    });
}

#[test]
fn a_stream_that_is_updating_is_read_written_and_tagged() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        raw(&stage, "SplitShard", &format!(r#"{{"StreamName":"orders"{SPLIT}}}"#)).await;
        super::put(&client, "orders", "a", "1").await;
        assert_eq!(super::read(&client, "orders", super::SHARD).await.len(), 1);
        client.add_tags_to_stream().stream_name("orders").tags("a", "1").send().await.unwrap();
        client.list_shards().stream_name("orders").send().await.unwrap();
    });
}

#[test]
fn tags_and_policies_of_a_stream_that_is_being_made_are_in_use() {
    in_virtual_time(|stage| async move {
        client(&stage).create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
        let arn = arn("orders");
        for (operation, members) in [
            ("AddTagsToStream", r#""StreamName":"orders","Tags":{"a":"b"}"#.to_owned()),
            ("RemoveTagsFromStream", r#""StreamName":"orders","TagKeys":["a"]"#.to_owned()),
            ("TagResource", format!(r#""ResourceARN":"{arn}","Tags":{{"a":"b"}}"#)),
            ("UntagResource", format!(r#""ResourceARN":"{arn}","TagKeys":["a"]"#)),
            ("PutResourcePolicy", format!(r#""ResourceARN":"{arn}","Policy":"{{\"Statement\":[]}}""#)),
            ("DeleteResourcePolicy", format!(r#""ResourceARN":"{arn}""#)),
        ] {
            let message =
                format!("Stream orders under account {ACCOUNT} not ACTIVE or UPDATING, instead in state CREATING");
            let found = raw_refusal(&stage, operation, &format!("{{{members}}}")).await;
            assert_eq!(found, refused("ResourceInUseException", message), "{operation}");
        }
    });
}

#[test]
fn a_consumer_has_tags_and_a_policy_of_its_own() {
    in_virtual_time(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let register = client.register_stream_consumer().stream_arn(arn("orders")).consumer_name("audit");
        let registered = register.tags("a", "1").send().await.unwrap().consumer.expect("it is required");
        let consumer = registered.consumer_arn;
        let tag = client.tag_resource().resource_arn(&consumer).tags("b", "2");
        assert_eq!(refusal(tag.clone().send().await).0, "ResourceInUseException", "it is CREATING");
        stage.advance(std::time::Duration::from_secs(1)).await;
        tag.send().await.unwrap();
        client.untag_resource().resource_arn(&consumer).tag_keys("a").send().await.unwrap();
        let listed = client.list_tags_for_resource().resource_arn(&consumer).send().await.unwrap();
        assert_eq!(listed.tags().iter().map(|tag| tag.key.as_str()).collect::<Vec<_>>(), ["b"]);
        assert_eq!(super::tags(&client, "orders").await, [""; 0]);
        let policy = r#"{"Statement":[]}"#;
        client.put_resource_policy().resource_arn(&consumer).policy(policy).send().await.unwrap();
        let get = |of: &str| client.get_resource_policy().resource_arn(of).send();
        assert_eq!(get(&consumer).await.unwrap().policy, policy);
        assert_eq!(refusal(get(&arn("orders")).await).0, "ResourceNotFoundException");
        assert_eq!(refusal(get(&format!("{consumer}0")).await).0, "ResourceNotFoundException");
    });
}
