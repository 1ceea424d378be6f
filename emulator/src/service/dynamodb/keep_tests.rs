//! What is noted change by change is all that there is, and a world that reads it back is the same world.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::DynamoDb;
use super::settings::Settings;
use crate::kernel::store::{Memory, Records};
use crate::kernel::{
    Answer, AnyService, ApiError, Body, Call, Caller, Clock, EventId, Kernel, Protocol, Realm, Scope, Timestamp, World,
};
use crate::wire;

const TABLES: usize = 0;
const STREAMS: usize = 1;
const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
const DESTINATION: &str = "arn:aws:kinesis:us-east-1:000000000000:stream/changes";
const MOMENT: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

fn start() -> Arc<World> {
    let kernel = Kernel::new(Clock::fitting_the_runtime(), 7);
    let tables = Realm::<DynamoDb>::new(|_| DynamoDb::new(Settings::default()));
    let streams = tables.view(&super::streams::DESCRIPTION, super::streams::OPERATIONS);
    let services: Vec<Box<dyn AnyService>> = vec![Box::new(tables), Box::new(streams)];
    World::start(kernel, 7, services)
}

fn ask(world: &World, now: Timestamp, service: usize, operation: &str, input: &Value) -> Result<Value, ApiError> {
    let place = world.service(service).operation(operation).expect("it is implemented").place;
    let request = wire::Request::of_document(Protocol::AwsJson1_0, input.to_string().into());
    let (scope, caller) = (Scope::default(), Caller::default());
    let mut call = Call::new(&world.kernel, now, &scope, &caller, EventId(3));
    let ready = world.service(service).prepare(place, &request)?;
    let answer = world.run(service, ready, &mut call)?.encode(Protocol::AwsJson1_0);
    let Answer::Reply(reply) = answer else { panic!("an answer of one document") };
    let Body::Whole(body) = reply.body else { panic!("an answer of one document") };
    Ok(serde_json::from_slice(&body).expect("it is JSON"))
}

/// A world and what is kept of it.
struct Kept {
    world: Arc<World>,
    journal: Memory,
}

impl Kept {
    fn start() -> Self {
        let (world, journal) = (start(), Memory::default());
        world.mirror_in(journal.clone());
        Self { world, journal }
    }

    fn now(&self) -> Timestamp {
        self.world.kernel.clock.now()
    }

    fn ask(&self, operation: &str, input: Value) -> Result<Value, ApiError> {
        ask(&self.world, self.now(), TABLES, operation, &input)
    }

    /// Something is done, and then everything is compared.
    fn act(&self, operation: &str, input: Value) {
        if let Err(refusal) = self.ask(operation, input) {
            panic!("{operation}: {refusal:?}");
        }
        self.check(operation);
    }

    async fn wait(&self, by: Duration) {
        self.world.advance(by).await;
        self.check("waiting");
    }

    /// What was noted is what there is; who reads it has the same and answers the same.
    fn check(&self, after: &str) {
        let saved = plain(&self.world.save());
        assert_same(&plain(&self.journal.records()), &saved, &format!("noted and there after {after}"));
        let other = start();
        other.load(self.journal.records()).expect("it was written by us");
        assert_same(&plain(&other.save()), &saved, &format!("read and there after {after}"));
        let now = self.now();
        let (here, there) = (answers(&self.world, now), answers(&other, now));
        for (here, there) in here.iter().zip(&there) {
            assert_eq!(here, there, "after {after}");
        }
    }
}

/// By path, without the stamp.
fn plain(records: &Records) -> BTreeMap<String, String> {
    let texts = records.iter().filter(|(path, _)| !path.starts_with("rehearsal/"));
    texts.map(|(path, value)| (path.to_owned(), String::from_utf8_lossy(value).into_owned())).collect()
}

#[track_caller]
fn assert_same(left: &BTreeMap<String, String>, right: &BTreeMap<String, String>, what: &str) {
    let paths = left.keys().chain(right.keys()).filter(|path| left.get(*path) != right.get(*path));
    let differing: Vec<_> = paths.map(|path| (path, left.get(path), right.get(path))).collect();
    assert!(differing.is_empty(), "{what}: {differing:#?}");
}

/// What can be asked of all tables and streams.
fn answers(world: &World, now: Timestamp) -> Vec<(String, Result<Value, ApiError>)> {
    let mut answers = Vec::new();
    let mut note = |service: usize, operation: &str, input: Value| {
        let answer = ask(world, now, service, operation, &input);
        answers.push((format!("{operation} {input}"), answer.clone()));
        answer.unwrap_or_default()
    };
    let tables = note(TABLES, "ListTables", json!({}));
    for table in tables["TableNames"].as_array().into_iter().flatten() {
        let named = || json!({"TableName": table});
        let described = note(TABLES, "DescribeTable", named());
        note(TABLES, "DescribeTimeToLive", named());
        note(TABLES, "DescribeContinuousBackups", named());
        note(TABLES, "DescribeKinesisStreamingDestination", named());
        note(TABLES, "ListTagsOfResource", json!({"ResourceArn": described["Table"]["TableArn"]}));
        note(TABLES, "GetResourcePolicy", json!({"ResourceArn": described["Table"]["TableArn"]}));
        note(TABLES, "Scan", named());
        for kind in ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"] {
            for index in described["Table"][kind].as_array().into_iter().flatten() {
                note(TABLES, "Scan", json!({"TableName": table, "IndexName": index["IndexName"]}));
            }
        }
    }
    let streams = note(STREAMS, "ListStreams", json!({}));
    for stream in streams["Streams"].as_array().into_iter().flatten() {
        let arn = &stream["StreamArn"];
        let described = note(STREAMS, "DescribeStream", json!({"StreamArn": arn}));
        for shard in described["StreamDescription"]["Shards"].as_array().into_iter().flatten() {
            let from = json!({"StreamArn": arn, "ShardId": shard["ShardId"], "ShardIteratorType": "TRIM_HORIZON"});
            let iterator = note(STREAMS, "GetShardIterator", from);
            note(STREAMS, "GetRecords", json!({"ShardIterator": iterator["ShardIterator"]}));
        }
    }
    answers
}

/// A table `orders` of customers and numbers with two indexes, its stream enabled.
fn orders() -> Value {
    json!({
        "TableName": "orders",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [
            {"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "number", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "customer", "AttributeType": "S"}, {"AttributeName": "number", "AttributeType": "N"},
            {"AttributeName": "state", "AttributeType": "S"},
        ],
        "LocalSecondaryIndexes": [{
            "IndexName": "by_state", "Projection": {"ProjectionType": "KEYS_ONLY"},
            "KeySchema": [
                {"AttributeName": "customer", "KeyType": "HASH"}, {"AttributeName": "state", "KeyType": "RANGE"},
            ],
        }],
        "GlobalSecondaryIndexes": [{
            "IndexName": "everywhere", "Projection": {"ProjectionType": "ALL"},
            "KeySchema": [{"AttributeName": "state", "KeyType": "HASH"}],
        }],
        "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"},
        "SSESpecification": {"Enabled": true},
        "Tags": [{"Key": "team", "Value": "a/b: c+"}],
        "OnDemandThroughput": {"MaxReadRequestUnits": 100},
    })
}

/// A table `plain` of binary keys, nothing beside.
fn plain_table() -> Value {
    json!({
        "TableName": "plain",
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "B"}],
    })
}

fn order(number: i64) -> Value {
    json!({
        "customer": {"S": "ä/1,%"}, "number": {"N": number.to_string()}, "state": {"S": "new"},
        "price": {"N": "12345678901234567890.123456789"}, "data": {"B": "AP8="}, "nothing": {"NULL": true},
        "tags": {"SS": ["b", "a"]}, "inside": {"M": {"list": {"L": [{"BOOL": true}, {"N": "1e-5"}]}}},
    })
}

fn key(number: i64) -> Value {
    json!({"customer": {"S": "ä/1,%"}, "number": {"N": number.to_string()}})
}

fn put(number: i64) -> Value {
    json!({"TableName": "orders", "Item": order(number)})
}

async fn with_tables() -> Kept {
    let kept = Kept::start();
    kept.act("CreateTable", orders());
    kept.act("CreateTable", plain_table());
    kept.wait(MOMENT).await;
    kept
}

/// `ADD` once for each time that it is done.
fn counting(token: &str) -> Value {
    let update = json!({
        "TableName": "plain", "Key": {"id": {"B": "AAEC"}}, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    });
    let put = json!({"TableName": "orders", "Item": order(50)});
    json!({"ClientRequestToken": token, "TransactItems": [{"Update": update}, {"Put": put}]})
}

#[tokio::test(start_paused = true)]
async fn items_are_kept_however_they_are_written() {
    let kept = with_tables().await;
    for number in 1..=4 {
        kept.act("PutItem", put(number));
    }
    kept.act("PutItem", put(1));
    kept.act(
        "UpdateItem",
        json!({
            "TableName": "orders", "Key": key(2), "UpdateExpression": "SET #s = :s REMOVE price",
            "ExpressionAttributeNames": {"#s": "state"}, "ExpressionAttributeValues": {":s": {"S": "paid"}},
        }),
    );
    kept.act("DeleteItem", json!({"TableName": "orders", "Key": key(3)}));
    kept.act("DeleteItem", json!({"TableName": "orders", "Key": key(99)}));
    kept.act(
        "BatchWriteItem",
        json!({"RequestItems": {
            "orders": [{"PutRequest": {"Item": order(10)}}, {"DeleteRequest": {"Key": key(4)}}],
            "plain": [{"PutRequest": {"Item": {"id": {"B": "/w=="}, "n": {"N": "1"}}}}],
        }}),
    );
    let changed = json!({
        "TableName": "plain", "Key": {"id": {"B": "/w=="}}, "UpdateExpression": "SET n = n + :one",
        "ExpressionAttributeValues": {":one": {"N": "0.5"}},
    });
    kept.act("UpdateItem", changed);
    let insert = json!({"Statement": "INSERT INTO orders VALUE {'customer': 'x', 'number': 7, 'state': 'new'}"});
    kept.act("ExecuteStatement", insert.clone());
    assert!(kept.ask("ExecuteStatement", insert).is_err());
    let update = json!({"Statement": "UPDATE orders SET state='old' WHERE customer='x' AND number=7"});
    kept.act("ExecuteTransaction", json!({"TransactStatements": [update], "ClientRequestToken": "statement"}));
    kept.act("TransactWriteItems", counting("once"));
    kept.act("TransactWriteItems", counting("once"));
    let failing = json!({"Put": {"TableName": "orders", "Item": order(1), "ConditionExpression": "attribute_not_exists(customer)"}});
    let refused = json!({"ClientRequestToken": "twice", "TransactItems": [failing, {"Delete": {"TableName": "orders", "Key": key(10)}}]});
    assert!(kept.ask("TransactWriteItems", refused).is_err());
    kept.check("a cancelled transaction");
    kept.wait(HOUR).await;
    kept.act("TransactWriteItems", counting("later"));
}

#[tokio::test(start_paused = true)]
async fn a_transaction_happens_once_though_the_process_ended_between() {
    let kept = with_tables().await;
    kept.act("TransactWriteItems", counting("once"));
    let other = start();
    other.load(kept.journal.records()).unwrap();
    let (now, get) = (kept.now(), json!({"TableName": "plain", "Key": {"id": {"B": "AAEC"}}}));
    ask(&other, now, TABLES, "TransactWriteItems", &counting("once")).unwrap();
    assert_eq!(ask(&other, now, TABLES, "GetItem", &get).unwrap()["Item"]["n"]["N"], "1");
    ask(&other, now, TABLES, "TransactWriteItems", &counting("again")).unwrap();
    assert_eq!(ask(&other, now, TABLES, "GetItem", &get).unwrap()["Item"]["n"]["N"], "2");
}

#[tokio::test(start_paused = true)]
async fn what_has_expired_meanwhile_expires_on_start() {
    let kept = with_tables().await;
    let due = kept.now().as_secs() + 600;
    kept.act(
        "UpdateTimeToLive",
        json!({
            "TableName": "orders", "TimeToLiveSpecification": {"Enabled": true, "AttributeName": "due"},
        }),
    );
    for (number, due) in [(1, due), (2, due + 36_000), (3, 1_700_000_000_000_000)] {
        let mut item = order(number);
        item["due"] = json!({"N": due.to_string()});
        kept.act("PutItem", json!({"TableName": "orders", "Item": item}));
    }
    let later = kept.now() + HOUR;
    let other = start();
    other.load(kept.journal.records()).unwrap();
    let scanned = ask(&other, later, TABLES, "Scan", &json!({"TableName": "orders"})).unwrap();
    assert_eq!(scanned["Count"], 2);
    kept.wait(HOUR).await;
    assert_eq!(kept.ask("Scan", json!({"TableName": "orders"})).unwrap()["Count"], 2);
    kept.act(
        "UpdateTimeToLive",
        json!({
            "TableName": "orders", "TimeToLiveSpecification": {"Enabled": false, "AttributeName": "due"},
        }),
    );
    kept.wait(24 * HOUR).await;
}

#[tokio::test(start_paused = true)]
async fn what_a_table_is_changes_by_itself_after_a_start_as_before() {
    let kept = with_tables().await;
    kept.act("PutItem", put(1));
    let index = json!({
        "IndexName": "by_price", "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["data"]},
        "KeySchema": [{"AttributeName": "price", "KeyType": "HASH"}],
    });
    let provisioned = json!({"ReadCapacityUnits": 7, "WriteCapacityUnits": 7});
    let defined = json!([{"AttributeName": "price", "AttributeType": "N"}]);
    for mut update in [
        json!({"AttributeDefinitions": defined, "GlobalSecondaryIndexUpdates": [{"Create": index}]}),
        json!({"BillingMode": "PROVISIONED", "ProvisionedThroughput": provisioned, "GlobalSecondaryIndexUpdates": [
            {"Update": {"IndexName": "everywhere", "ProvisionedThroughput": provisioned}},
            {"Update": {"IndexName": "by_price", "ProvisionedThroughput": provisioned}},
        ]}),
        json!({"ProvisionedThroughput": {"ReadCapacityUnits": 6, "WriteCapacityUnits": 8}}),
        json!({"GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "everywhere"}}]}),
        json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"}),
        json!({"SSESpecification": {"Enabled": false}}),
        json!({"WarmThroughput": {"ReadUnitsPerSecond": 20_000}}),
        json!({"BillingMode": "PAY_PER_REQUEST"}),
        json!({"StreamSpecification": {"StreamEnabled": false}}),
        json!({"StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"}}),
        json!({"DeletionProtectionEnabled": true}),
    ] {
        update["TableName"] = json!("orders");
        kept.act("UpdateTable", update);
        kept.wait(Duration::from_millis(250)).await;
        kept.act("PutItem", put(2));
        kept.wait(MOMENT).await;
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_table_has_besides_is_kept() {
    let kept = with_tables().await;
    let pitr = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 3});
    kept.act("UpdateContinuousBackups", json!({"TableName": "orders", "PointInTimeRecoverySpecification": pitr}));
    kept.act("TagResource", json!({"ResourceArn": ARN, "Tags": [{"Key": "cost", "Value": ""}]}));
    kept.act("UntagResource", json!({"ResourceArn": ARN, "TagKeys": ["team"]}));
    let policy = |resource: &str| {
        let principal = json!({"AWS": "arn:aws:iam::000000000000:root"});
        let statement =
            json!({"Effect": "Allow", "Principal": principal, "Action": "dynamodb:GetItem", "Resource": resource});
        json!({"ResourceArn": resource, "Policy": json!({"Version": "2012-10-17", "Statement": [statement]}).to_string()})
    };
    let described = kept.ask("DescribeTable", json!({"TableName": "orders"})).unwrap();
    let stream = described["Table"]["LatestStreamArn"].as_str().unwrap().to_owned();
    kept.act("PutResourcePolicy", policy(ARN));
    kept.act("PutResourcePolicy", policy(&stream));
    kept.act("DeleteResourcePolicy", json!({"ResourceArn": ARN}));
    let destination = || json!({"TableName": "orders", "StreamArn": DESTINATION});
    kept.act("EnableKinesisStreamingDestination", destination());
    kept.wait(MOMENT).await;
    kept.act("PutItem", put(1));
    let mut precise = destination();
    precise["UpdateKinesisStreamingConfiguration"] = json!({"ApproximateCreationDateTimePrecision": "MICROSECOND"});
    kept.act("UpdateKinesisStreamingDestination", precise);
    kept.wait(MOMENT).await;
    kept.act("DisableKinesisStreamingDestination", destination());
    kept.wait(MOMENT).await;
    kept.act(
        "EnableKinesisStreamingDestination",
        json!({"TableName": "orders", "StreamArn": "arn:aws:kinesis:us-east-1:000000000000:table/x"}),
    );
    kept.wait(MOMENT).await;
}

#[tokio::test(start_paused = true)]
async fn streams_roll_over_are_trimmed_and_outlive_their_tables() {
    let kept = with_tables().await;
    for (number, pause) in [(1, 5), (2, 9), (3, 12), (4, 3), (5, 30), (6, 1)] {
        kept.act("PutItem", put(number));
        kept.wait(pause * HOUR).await;
    }
    kept.act("DeleteTable", json!({"TableName": "orders"}));
    kept.wait(MOMENT).await;
    kept.act("CreateTable", orders());
    kept.wait(MOMENT).await;
    kept.act("PutItem", put(1));
    kept.act("DeleteTable", json!({"TableName": "orders"}));
    kept.wait(MOMENT).await;
    kept.wait(25 * HOUR).await;
    kept.act("DeleteTable", json!({"TableName": "plain"}));
    kept.wait(MOMENT).await;
    assert!(plain(&kept.journal.records()).keys().all(|path| !path.contains("/table/")));
}

#[tokio::test(start_paused = true)]
async fn no_sequence_number_is_given_twice() {
    let kept = with_tables().await;
    kept.act("PutItem", put(1));
    let sequence = |world: &World, now: Timestamp| {
        let numbers = answers(world, now).into_iter().filter(|(asked, _)| asked.starts_with("GetRecords"));
        let records = numbers.flat_map(|(_, answer)| answer.unwrap()["Records"].as_array().unwrap().clone());
        records.map(|record| record["dynamodb"]["SequenceNumber"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let first = sequence(&kept.world, kept.now());
    // All records are trimmed: what number is next is known all the same.
    kept.wait(26 * HOUR).await;
    assert!(sequence(&kept.world, kept.now()).is_empty());
    let other = start();
    other.load(kept.journal.records()).unwrap();
    let now = kept.now();
    for world in [&kept.world, &other] {
        ask(world, now, TABLES, "PutItem", &put(2)).unwrap();
    }
    let (here, there) = (sequence(&kept.world, now), sequence(&other, now));
    assert_eq!(here, there);
    assert!(here.len() == 1 && here > first, "{first:?} {here:?}");
}

#[tokio::test(start_paused = true)]
async fn a_fork_is_the_same_world_until_one_of_the_two_changes() {
    let kept = with_tables().await;
    for number in 1..=5 {
        kept.act("PutItem", put(number));
    }
    let fork = start();
    fork.fork_of(&kept.world).unwrap();
    let before = plain(&fork.save());
    assert_same(&before, &plain(&kept.world.save()), "fork and original");
    kept.act("PutItem", put(6));
    kept.act("DeleteItem", json!({"TableName": "orders", "Key": key(1)}));
    kept.act("UpdateTable", json!({"TableName": "orders", "StreamSpecification": {"StreamEnabled": false}}));
    assert_same(&before, &plain(&fork.save()), "the fork before and after the original has changed");
    let original = plain(&kept.world.save());
    let now = kept.now();
    ask(&fork, now, TABLES, "PutItem", &put(7)).unwrap();
    ask(&fork, now, TABLES, "DeleteTable", &json!({"TableName": "plain"})).unwrap();
    assert_same(&original, &plain(&kept.world.save()), "the original before and after the fork has changed");
    let scanned = ask(&fork, now, TABLES, "Scan", &json!({"TableName": "orders", "IndexName": "everywhere"})).unwrap();
    assert_eq!(scanned["Count"], 6);
    kept.check("its fork changed");
}

#[tokio::test(start_paused = true)]
async fn records_that_make_no_sense_are_refused_and_change_nothing() {
    let kept = with_tables().await;
    kept.act("PutItem", put(1));
    let whole = kept.journal.records();
    let item = |path: &str| path.contains("/item/");
    type Damage = fn(&str) -> String;
    let damage: [(&str, Damage); 3] = [
        (r#""N":"1""#, |value| value.replacen(r#""N":"1""#, r#""N":"2""#, 1)),
        (r#""N":"1""#, |value| value.replacen(r#""N":"1""#, r#""N":"x""#, 1)),
        ("{", |_| "{".to_owned()),
    ];
    for (part, spoil) in damage {
        let spoilt = whole.iter().map(|(path, value)| {
            let text = String::from_utf8_lossy(value).into_owned();
            assert!(!item(path) || text.contains(part), "{text}");
            let text = if item(path) { spoil(&text) } else { text };
            crate::kernel::store::Record { path: path.to_owned(), value: Some(text.into_bytes()) }
        });
        assert!(start().load(spoilt.collect()).is_err());
    }
}
