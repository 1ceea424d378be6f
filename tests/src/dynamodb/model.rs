//! Random sequences of operations against a naive model of a table: both give the same answers.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};

use crate::raw::post_json;
use crate::stage::Stage;

type Key = (String, i64);
type Set = BTreeSet<String>;

/// The attributes beside the key.
#[derive(Clone, Debug, Default)]
struct Record {
    a: Option<i64>,
    l: Option<Vec<i64>>,
    t: Option<Set>,
}

#[derive(Clone, Debug)]
enum Guard {
    Nothing,
    Missing,
    Less(i64),
}

#[derive(Clone, Debug)]
enum Change {
    Set(i64),
    Add(i64),
    Plus(i64),
    Remove,
    Append(i64),
    RemoveFirst,
    AddTo(Set),
    DeleteFrom(Set),
}

#[derive(Clone, Debug)]
enum Step {
    Put(Key, Record, Guard),
    Update(Key, Change, Guard),
    Delete(Key, Guard),
    Get(Key),
    Query { p: String, from: Option<i64>, forward: bool, limit: usize },
    Scan { less: Option<i64>, limit: usize, segments: usize },
}

/// A table as simple as it can be.
#[derive(Default)]
struct Model(BTreeMap<Key, Record>);

const INVALID_PATH: &str = "The document path provided in the update expression is invalid for update";
const MISSING: &str = "The provided expression refers to an attribute that does not exist in the item";

impl Model {
    fn holds(&self, key: &Key, guard: &Guard) -> bool {
        let found = self.0.get(key);
        match guard {
            Guard::Nothing => true,
            Guard::Missing => found.is_none(),
            Guard::Less(bound) => found.and_then(|record| record.a).is_some_and(|a| a < *bound),
        }
    }

    /// The record after the change, or AWS's refusal.
    fn changed(&self, key: &Key, change: &Change) -> Result<Record, &'static str> {
        let mut record = self.0.get(key).cloned().unwrap_or_default();
        match change {
            Change::Set(a) => record.a = Some(*a),
            Change::Add(a) => record.a = Some(record.a.unwrap_or(0) + a),
            Change::Plus(a) => record.a = Some(record.a.ok_or(MISSING)? + a),
            Change::Remove => record.a = None,
            Change::Append(element) => record.l.get_or_insert_default().push(*element),
            Change::RemoveFirst => {
                let list = record.l.as_mut().ok_or(INVALID_PATH)?;
                list.drain(..list.len().min(1));
            }
            Change::AddTo(more) => record.t.get_or_insert_default().extend(more.iter().cloned()),
            Change::DeleteFrom(less) => {
                let rest: Set = record.t.unwrap_or_default().difference(less).cloned().collect();
                record.t = Some(rest).filter(|rest| !rest.is_empty());
            }
        }
        Ok(record)
    }
}

fn key_json((p, s): &Key) -> Value {
    json!({"p": {"S": p}, "s": {"N": s.to_string()}})
}

fn item_json(key: &Key, record: &Record) -> Value {
    let mut item = key_json(key);
    if let Some(a) = record.a {
        item["a"] = json!({"N": a.to_string()});
    }
    if let Some(l) = &record.l {
        item["l"] = json!({"L": l.iter().map(|one| json!({"N": one.to_string()})).collect::<Vec<_>>()});
    }
    if let Some(t) = &record.t {
        item["t"] = json!({"SS": t});
    }
    item
}

/// The guard as members of a request, among which may be values already.
fn guarded(mut request: Value, guard: &Guard) -> Value {
    match guard {
        Guard::Nothing => {}
        Guard::Missing => request["ConditionExpression"] = json!("attribute_not_exists(p)"),
        Guard::Less(bound) => {
            request["ConditionExpression"] = json!("a < :bound");
            request["ExpressionAttributeValues"][":bound"] = json!({"N": bound.to_string()});
        }
    }
    request
}

fn update_json(key: &Key, change: &Change) -> Value {
    let number = |number: &i64| Some(json!({"N": number.to_string()}));
    let (text, value) = match change {
        Change::Set(a) => ("SET a = :x", number(a)),
        Change::Add(a) => ("ADD a :x", number(a)),
        Change::Plus(a) => ("SET a = a + :x", number(a)),
        Change::Remove => ("REMOVE a", None),
        Change::Append(a) => ("SET l = list_append(if_not_exists(l, :none), :x)", Some(json!({"L": [number(a)]}))),
        Change::RemoveFirst => ("REMOVE l[0]", None),
        Change::AddTo(more) => ("ADD t :x", Some(json!({"SS": more}))),
        Change::DeleteFrom(less) => ("DELETE t :x", Some(json!({"SS": less}))),
    };
    let mut request = json!({"TableName": "model", "Key": key_json(key), "UpdateExpression": text});
    if let Some(value) = value {
        request["ExpressionAttributeValues"][":x"] = value;
    }
    if text.contains(":none") {
        request["ExpressionAttributeValues"][":none"] = json!({"L": []});
    }
    request
}

async fn send(stage: &Stage, operation: &str, request: &Value) -> (u16, Value) {
    post_json(&stage.emulator, &format!("DynamoDB_20120810.{operation}"), request.to_string()).await
}

/// Sends a write and compares its answer: the item, or a refusal.
async fn write(stage: &Stage, operation: &str, request: Value, expected: Result<Option<Value>, &str>) {
    let (status, answer) = send(stage, operation, &request).await;
    match expected {
        Ok(item) => assert_eq!((status, answer.get("Attributes")), (200, item.as_ref()), "{operation} {request}"),
        Err(message) => assert_eq!((status, &answer["message"]), (400, &json!(message)), "{operation} {request}"),
    }
}

/// Every item of all pages.
async fn all_pages(stage: &Stage, operation: &str, mut request: Value) -> Vec<Value> {
    let mut items = Vec::new();
    loop {
        let (status, mut page) = send(stage, operation, &request).await;
        assert_eq!(status, 200, "{operation} {request}: {page}");
        let Value::Array(found) = page["Items"].take() else { panic!("{page}") };
        assert_eq!(page["Count"], found.len());
        items.extend(found);
        match page.get("LastEvaluatedKey") {
            Some(last) => request["ExclusiveStartKey"] = last.clone(),
            None => return items,
        }
    }
}

async fn play(stage: &Stage, model: &mut Model, step: &Step) {
    const FAILED: &str = "The conditional request failed";
    match step {
        Step::Put(key, record, guard) => {
            let request = json!({"TableName": "model", "Item": item_json(key, record), "ReturnValues": "ALL_OLD"});
            let fits = model.holds(key, guard);
            let old = model.0.get(key).map(|old| item_json(key, old));
            write(stage, "PutItem", guarded(request, guard), if fits { Ok(old) } else { Err(FAILED) }).await;
            if fits {
                model.0.insert(key.clone(), record.clone());
            }
        }
        Step::Update(key, change, guard) => {
            let mut request = guarded(update_json(key, change), guard);
            request["ReturnValues"] = json!("ALL_NEW");
            let after = if model.holds(key, guard) { model.changed(key, change) } else { Err(FAILED) };
            let shown = after.as_ref().map(|record| Some(item_json(key, record))).map_err(|message| *message);
            write(stage, "UpdateItem", request, shown).await;
            if let Ok(record) = after {
                model.0.insert(key.clone(), record);
            }
        }
        Step::Delete(key, guard) => {
            let request = json!({"TableName": "model", "Key": key_json(key), "ReturnValues": "ALL_OLD"});
            let fits = model.holds(key, guard);
            let old = model.0.get(key).map(|old| item_json(key, old));
            write(stage, "DeleteItem", guarded(request, guard), if fits { Ok(old) } else { Err(FAILED) }).await;
            if fits {
                model.0.remove(key);
            }
        }
        Step::Get(key) => {
            let (status, answer) = send(stage, "GetItem", &json!({"TableName": "model", "Key": key_json(key)})).await;
            let expected = model.0.get(key).map(|record| item_json(key, record));
            assert_eq!((status, answer.get("Item")), (200, expected.as_ref()), "{key:?}");
        }
        Step::Query { p, from, forward, limit } => query(stage, model, p, *from, *forward, *limit).await,
        Step::Scan { less, limit, segments } => scan(stage, model, *less, *limit, *segments).await,
    }
}

async fn query(stage: &Stage, model: &Model, p: &str, from: Option<i64>, forward: bool, limit: usize) {
    let mut request = json!({"TableName": "model", "ScanIndexForward": forward, "Limit": limit,
        "KeyConditionExpression": "p = :p", "ExpressionAttributeValues": {":p": {"S": p}}});
    if let Some(from) = from {
        request["KeyConditionExpression"] = json!("p = :p AND s >= :from");
        request["ExpressionAttributeValues"][":from"] = json!({"N": from.to_string()});
    }
    let of_partition = model.0.iter().filter(|((of, s), _)| of == p && from.is_none_or(|from| *s >= from));
    let mut expected: Vec<Value> = of_partition.map(|(key, record)| item_json(key, record)).collect();
    if !forward {
        expected.reverse();
    }
    assert_eq!(all_pages(stage, "Query", request.clone()).await, expected, "{request}");
}

async fn scan(stage: &Stage, model: &Model, less: Option<i64>, limit: usize, segments: usize) {
    let mut found = Vec::new();
    for segment in 0..segments {
        let mut request = json!({"TableName": "model", "Limit": limit, "Segment": segment, "TotalSegments": segments});
        if let Some(less) = less {
            request["FilterExpression"] = json!("a < :less");
            request["ExpressionAttributeValues"] = json!({":less": {"N": less.to_string()}});
        }
        found.extend(all_pages(stage, "Scan", request).await);
    }
    let fits = |record: &Record| less.is_none_or(|less| record.a.is_some_and(|a| a < less));
    let of_model = model.0.iter().filter(|(_, record)| fits(record));
    let mut expected: Vec<Value> = of_model.map(|(key, record)| item_json(key, record)).collect();
    // A scan has no order that a caller may rely on.
    let by_key = |item: &Value| (item["p"].to_string(), item["s"].to_string());
    found.sort_by_key(by_key);
    expected.sort_by_key(by_key);
    assert_eq!(found, expected, "less than {less:?} in {segments} segments");
}

fn key() -> impl Strategy<Value = Key> {
    ("[pq]", -2i64..3)
}

fn tags() -> impl Strategy<Value = Set> {
    prop::collection::btree_set("[xyz]", 1..3)
}

fn guard() -> impl Strategy<Value = Guard> {
    prop_oneof![3 => Just(Guard::Nothing), 1 => Just(Guard::Missing), 1 => (-5i64..9).prop_map(Guard::Less)]
}

fn step() -> impl Strategy<Value = Step> {
    let small = || -5i64..9;
    let list = prop::collection::vec(small(), 0..3);
    let record = (prop::option::of(small()), prop::option::of(list), prop::option::of(tags()));
    let record = record.prop_map(|(a, l, t)| Record { a, l, t });
    let change = prop_oneof![
        small().prop_map(Change::Set),
        small().prop_map(Change::Add),
        small().prop_map(Change::Plus),
        Just(Change::Remove),
        small().prop_map(Change::Append),
        Just(Change::RemoveFirst),
        tags().prop_map(Change::AddTo),
        tags().prop_map(Change::DeleteFrom),
    ];
    prop_oneof![
        4 => (key(), record, guard()).prop_map(|(key, record, guard)| Step::Put(key, record, guard)),
        4 => (key(), change, guard()).prop_map(|(key, change, guard)| Step::Update(key, change, guard)),
        1 => (key(), guard()).prop_map(|(key, guard)| Step::Delete(key, guard)),
        1 => key().prop_map(Step::Get),
        1 => ("[pq]", prop::option::of(-3i64..4), any::<bool>(), 1usize..4)
            .prop_map(|(p, from, forward, limit)| Step::Query { p, from, forward, limit }),
        1 => (prop::option::of(small()), 1usize..5, 1usize..4)
            .prop_map(|(less, limit, segments)| Step::Scan { less, limit, segments }),
    ]
}

async fn table(stage: &Stage) {
    let mut request = Map::new();
    request.insert("TableName".to_owned(), json!("model"));
    request.insert("BillingMode".to_owned(), json!("PAY_PER_REQUEST"));
    request.insert(
        "KeySchema".to_owned(),
        json!([{"AttributeName": "p", "KeyType": "HASH"}, {"AttributeName": "s", "KeyType": "RANGE"}]),
    );
    request.insert(
        "AttributeDefinitions".to_owned(),
        json!([{"AttributeName": "p", "AttributeType": "S"}, {"AttributeName": "s", "AttributeType": "N"}]),
    );
    let (status, answer) = send(stage, "CreateTable", &Value::Object(request)).await;
    assert_eq!(status, 200, "{answer}");
    stage.advance(std::time::Duration::from_secs(1)).await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(7), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_answers_as_the_model_does(steps in prop::collection::vec(step(), 1..40)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime starts").block_on(async {
            let stage = Stage::in_process().await;
            table(&stage).await;
            let mut model = Model::default();
            for step in &steps {
                play(&stage, &mut model, step).await;
            }
        });
    }
}
