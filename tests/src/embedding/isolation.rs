//! Two hundred tests at a time against one server, each under an account of its own: none sees another.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_bedrockruntime::Client as Bedrock;
use aws_sdk_dynamodb::Client as DynamoDb;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use aws_sdk_eventbridge::Client as Events;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, Target};
use aws_sdk_kinesis::Client as Kinesis;
use aws_sdk_kinesis::types::ShardIteratorType;
use aws_sdk_sqs::Client as Sqs;
use aws_smithy_http_client::Builder;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SdkConfig;
use aws_types::region::Region;
use rehearsal_emulator::service::{dynamodb, kinesis};
use rehearsal_emulator::{Emulator, Script, between, on};
use tokio::task::JoinSet;

use super::ask;
use crate::raw::admin;
use crate::stage::refusal;

const TESTS: usize = 200;

/// What is created is there at once.
async fn emulator() -> Emulator {
    let transition = Duration::ZERO;
    let builder = Emulator::builder().dynamodb(dynamodb::settings::Settings { transition, ..Default::default() });
    builder.kinesis(kinesis::settings::Settings { transition, ..Default::default() }).start().await
}

fn account(number: usize) -> String {
    format!("{:012}", 100_000_000_000 + number)
}

/// A configuration over the server's socket for an account. On a busy machine, two hundred take their time.
async fn config(emulator: &Emulator, url: &str, client: &SharedHttpClient, account: &str) -> SdkConfig {
    let config = emulator.sdk_config_for(account).await.into_builder().endpoint_url(url).http_client(client.clone());
    let config = config.stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    config.timeout_config(TimeoutConfig::disabled()).retry_config(RetryConfig::disabled()).build()
}

/// What everybody does, with the same names everywhere.
async fn create_and_fill(config: &SdkConfig, account: &str) {
    let kinesis = Kinesis::new(config);
    kinesis.create_stream().stream_name("orders").shard_count(1).send().await.unwrap();
    let dynamodb = DynamoDb::new(config);
    let key = KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap();
    let id = AttributeDefinition::builder().attribute_name("id").attribute_type(ScalarAttributeType::S).build();
    let create = dynamodb.create_table().table_name("orders").key_schema(key).attribute_definitions(id.unwrap());
    create.billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
    let put = dynamodb.put_item().table_name("orders").item("id", AttributeValue::S(account.to_owned()));
    put.send().await.unwrap();
    let sqs = Sqs::new(config);
    sqs.create_queue().queue_name("orders").send().await.unwrap();
    let events = Events::new(config);
    events.put_rule().name("orders").event_pattern(r#"{"source":["shop"]}"#).send().await.unwrap();
    let queue = format!("arn:aws:sqs:us-east-1:{account}:orders");
    let target = Target::builder().id("queue").arn(queue).input_path("$.detail.account").build().unwrap();
    events.put_targets().rule("orders").targets(target).send().await.unwrap();
    let entry = PutEventsRequestEntry::builder().source("shop").detail_type("order");
    let entry = entry.detail(format!(r#"{{"account":"{account}"}}"#)).build();
    events.put_events().entries(entry).send().await.unwrap();
}

/// What everybody must find: its own, and nothing else.
async fn find_ones_own(config: &SdkConfig, account: &str) {
    let streams = Kinesis::new(config).list_streams().send().await.unwrap();
    assert_eq!(streams.stream_names(), ["orders"], "{account}");
    let items = DynamoDb::new(config).scan().table_name("orders").send().await.unwrap();
    assert_eq!(items.items().len(), 1, "{account}");
    assert_eq!(items.items()[0]["id"].as_s().unwrap(), account);
    let sqs = Sqs::new(config);
    let url = sqs.get_queue_url().queue_name("orders").send().await.unwrap().queue_url.unwrap();
    let messages = sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    let bodies: Vec<_> = messages.messages().iter().filter_map(|message| message.body()).collect();
    assert_eq!(bodies, [format!("\"{account}\"")], "{account}");
    let said = ask(&Bedrock::new(config), "who am I?").await;
    assert_eq!(said.as_deref(), Ok(account));
    // The same account elsewhere is somewhere else.
    let elsewhere = config.to_builder().region(Region::new("eu-west-1")).build();
    assert_eq!(DynamoDb::new(&elsewhere).list_tables().send().await.unwrap().table_names(), [""; 0], "{account}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_tests_at_a_time_do_not_see_each_other() {
    let emulator = Arc::new(emulator().await);
    let server = emulator.serve_anywhere().await.unwrap();
    let client = Builder::new().build_http();
    let mut tests = JoinSet::new();
    for number in 0..TESTS {
        let (emulator, url, account) = (Arc::clone(&emulator), server.url(), account(number));
        let client = client.clone();
        tests.spawn(async move {
            let script = Script::read(&format!("- replies: [text: '{account}']")).unwrap();
            emulator.bedrock().load_for(&account, script).unwrap();
            let outage = emulator.fault(on("kinesis", "CreateStream").caller(&account).throttle().times(1));
            let config = config(&emulator, &url, &client, &account).await;
            let refused = Kinesis::new(&config).create_stream().stream_name("orders").shard_count(1).send().await;
            assert_eq!(refusal(refused).0, "LimitExceededException", "{account}");
            create_and_fill(&config, &account).await;
            find_ones_own(&config, &account).await;
            assert_eq!(outage.acted(), 1, "{account}");
            let (_, events) = admin(&emulator, "GET", &format!("timeline?account={account}"), "").await;
            let events = events.as_array().cloned().unwrap();
            assert!(events.len() > 10 && events.iter().all(|event| event["account"] == *account), "{account}");
            // Every other test cleans up after itself.
            if number % 2 == 0 {
                admin(&emulator, "POST", &format!("reset?account={account}"), "").await;
            }
        });
    }
    while let Some(test) = tests.join_next().await {
        test.unwrap();
    }
    for number in 0..TESTS {
        let account = account(number);
        let config = emulator.sdk_config_for(&account).await;
        let streams = Kinesis::new(&config).list_streams().send().await.unwrap();
        assert_eq!(streams.stream_names().len(), number % 2, "{account}: only a reset of its own touches it");
        let spent = admin(&emulator, "GET", &format!("model/spending?account={account}"), "").await.1;
        assert_eq!(spent["calls"], number % 2, "{account}: {spent}");
    }
}

/// Names, handles and ARNs of another account lead nowhere.
#[tokio::test(start_paused = true)]
async fn what_belongs_to_another_account_is_not_reached_by_its_name() {
    let emulator = emulator().await;
    let (theirs, ours) = (account(1), account(2));
    let config = |account: String| {
        let emulator = &emulator;
        async move { emulator.sdk_config_for(&account).await.into_builder().retry_config(RetryConfig::disabled()).build() }
    };
    let (their_config, our_config) = (config(theirs.clone()).await, config(ours).await);
    create_and_fill(&their_config, &theirs).await;
    let iterator = Kinesis::new(&their_config).get_shard_iterator().stream_name("orders");
    let iterator = iterator.shard_id("shardId-000000000000").shard_iterator_type(ShardIteratorType::TrimHorizon);
    let iterator = iterator.send().await.unwrap().shard_iterator.unwrap();
    let their_sqs = Sqs::new(&their_config);
    let url = their_sqs.get_queue_url().queue_name("orders").send().await.unwrap().queue_url.unwrap();

    let kinesis = Kinesis::new(&our_config);
    let dynamodb = DynamoDb::new(&our_config);
    let table = format!("arn:aws:dynamodb:us-east-1:{theirs}:table/orders");
    let stream = format!("arn:aws:kinesis:us-east-1:{theirs}:stream/orders");
    let key = AttributeValue::S(theirs.clone());
    for (what, refused) in [
        ("a shard iterator", refusal(kinesis.get_records().shard_iterator(iterator).send().await)),
        ("a stream", refusal(kinesis.describe_stream_summary().stream_arn(stream).send().await)),
        ("a table", refusal(dynamodb.get_item().table_name(&table).key("id", key).send().await)),
        ("all of a table", refusal(dynamodb.scan().table_name(&table).send().await)),
        ("a queue", refusal(Sqs::new(&our_config).receive_message().queue_url(&url).send().await)),
        ("a queue to delete", refusal(Sqs::new(&our_config).delete_queue().queue_url(&url).send().await)),
    ] {
        assert!(!refused.0.is_empty(), "{what}: {refused:?}");
    }
    let kept = their_sqs.receive_message().queue_url(&url).send().await.unwrap();
    assert_eq!(kept.messages().len(), 1, "nobody has touched it");
}

/// What is on its way when an account is forgotten is forgotten with it.
#[tokio::test(start_paused = true)]
async fn a_reset_takes_back_what_is_still_on_its_way() {
    let emulator = emulator().await;
    let (account, other) = (account(1), account(2));
    let _slow = emulator.bus_fault(between("*", "*orders").delay(Duration::from_secs(60)));
    let (config, others) = (emulator.sdk_config_for(&account).await, emulator.sdk_config_for(&other).await);
    create_and_fill(&config, &account).await;
    create_and_fill(&others, &other).await;
    admin(&emulator, "POST", &format!("reset?account={account}"), "").await;
    let messages = |config: SdkConfig| async move {
        let sqs = Sqs::new(&config);
        let url = sqs.create_queue().queue_name("orders").send().await.unwrap().queue_url.unwrap();
        sqs.receive_message().queue_url(url).send().await.unwrap().messages().len()
    };
    assert_eq!(messages(config.clone()).await, 0);
    emulator.clock().advance(Duration::from_secs(120)).await;
    assert_eq!((messages(config).await, messages(others).await), (0, 1));
}
