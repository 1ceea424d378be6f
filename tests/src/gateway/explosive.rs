//! Patterns, expressions and schedules that are made to take for ever: each is answered, or refused when it is made.
//!
//! A test that hangs has failed. What each language refuses, and in which words, is tested where the language is.

use rehearsal_emulator::{Emulator, Outcome};
use serde_json::{Value, json};

use crate::raw::{admin, post_json, send};

/// Asks, and expects an answer that is no mistake of ours.
async fn answer(emulator: &Emulator, target: &str, body: &Value) -> (u16, Value) {
    let (status, answer) = post_json(emulator, target, body.to_string()).await;
    assert!(status < 500, "{target}: {status} {answer}");
    (status, answer)
}

async fn rest(emulator: &Emulator, method: &str, path: &str, body: &Value) -> (u16, String) {
    let request = http::Request::builder().method(method).uri(path).header("content-type", "application/json");
    let response = send(emulator, request.body(body.to_string().into()).unwrap()).await;
    let text = String::from_utf8_lossy(response.body()).into_owned();
    assert!(response.status().as_u16() < 500, "{method} {path}: {text}");
    (response.status().as_u16(), text)
}

fn assert_nothing_panicked(emulator: &Emulator) {
    for event in emulator.timeline().events() {
        assert!(!matches!(event.outcome, Outcome::Panic { .. }), "{event:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn patterns_of_events() {
    let emulator = Emulator::start().await;
    let stars = "*a".repeat(300) + "*b";
    let many: Vec<String> = (0..20_000).map(|number| format!("text-{number}")).collect();
    let wildcards: Vec<String> = (0..200).map(|number| format!("*{number}*a*b*c*{number}*")).collect();
    let alternatives: Vec<Value> = (0..40).map(|number| json!({ format!("f{number}"): [number] })).collect();
    let nested = (0..40).fold(json!([1]), |inner, _| json!({ "$or": [{"a": inner}, {"b": [2]}] }));
    let event = json!({
        "id": "1", "account": "000000000000", "source": "shop", "time": "2026-01-01T00:00:00Z", "region": "us-east-1",
        "resources": [], "detail-type": "order", "detail": {"text": "a".repeat(200_000), "f1": 1},
    });
    for detail in [
        json!({"text": [{"wildcard": stars}]}),
        json!({"text": wildcards.iter().map(|text| json!({"wildcard": text})).collect::<Vec<_>>()}),
        json!({"text": [{"anything-but": many}]}),
        json!({"text": [{"anything-but": {"wildcard": wildcards}}]}),
        json!({"$or": alternatives}),
        json!({"a": {"$or": alternatives}, "b": {"$or": alternatives}, "c": {"$or": alternatives}}),
        json!({"text": [{"prefix": "a".repeat(100_000)}]}),
        json!({"n": (0..5_000).map(|number| json!({"numeric": [">", number, "<", number + 2]})).collect::<Vec<_>>()}),
        nested,
    ] {
        let pattern = json!({ "detail": detail }).to_string();
        let body = json!({"EventPattern": pattern, "Event": event.to_string()});
        answer(&emulator, "AWSEvents.TestEventPattern", &body).await;
        answer(&emulator, "AWSEvents.PutRule", &json!({"Name": "r", "EventPattern": pattern})).await;
    }
    let entry =
        json!({"Source": "shop", "DetailType": "order", "Detail": json!({"text": "a".repeat(200_000)}).to_string()});
    answer(&emulator, "AWSEvents.PutEvents", &json!({"Entries": [entry]})).await;
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn expressions_of_dynamodb() {
    let emulator = Emulator::start().await;
    let table = json!({
        "TableName": "t", "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
    });
    answer(&emulator, "DynamoDB_20120810.CreateTable", &table).await;
    let item = json!({"pk": {"S": "1"}, "text": {"S": "a".repeat(390_000)}, "list": {"L": [{"N": "1"}]}});
    answer(&emulator, "DynamoDB_20120810.PutItem", &json!({"TableName": "t", "Item": item})).await;
    let values = json!({":v": {"S": "a".repeat(300_000) + "b"}, ":n": {"N": "9.9e125"}});
    for filter in [
        format!("{}pk = :v{}", "(".repeat(1000), ")".repeat(1000)),
        format!("{}pk = :v", "NOT ".repeat(1000)),
        vec!["pk = :v"; 350].join(" OR "),
        vec!["contains(text, :v)"; 200].join(" OR "),
        format!("{} = :v", vec!["a"; 1500].join(".")),
        format!("a{} = :v", "[0]".repeat(1300)),
        "list[99999999999999999999] = :v".to_owned(),
    ] {
        let body = json!({"TableName": "t", "FilterExpression": filter, "ExpressionAttributeValues": values});
        answer(&emulator, "DynamoDB_20120810.Scan", &body).await;
    }
    for update in [
        "SET list[4294967295] = :v",
        "SET list[99999999999] = :v",
        "SET list[2000000000] = list[1999999999]",
        "SET n = :n + :n",
        "REMOVE list[999999999]",
        "ADD n :n",
    ] {
        let mut used = values.as_object().unwrap().clone();
        used.retain(|name, _| update.contains(name.as_str()));
        let mut body = json!({"TableName": "t", "Key": {"pk": {"S": "1"}}, "UpdateExpression": update});
        if !used.is_empty() {
            body["ExpressionAttributeValues"] = used.into();
        }
        answer(&emulator, "DynamoDB_20120810.UpdateItem", &body).await;
    }
    for statement in [
        format!("SELECT * FROM t WHERE {}1=1{}", "(".repeat(1000), ")".repeat(1000)),
        format!("SELECT * FROM t WHERE pk IN [{}]", vec!["'1'"; 1500].join(",")),
        "UPDATE t SET list[99999999]=1 WHERE pk='1'".to_owned(),
        format!("INSERT INTO t VALUE {}1{}", "{'pk':".repeat(900), "}".repeat(900)),
        format!("SELECT * FROM t WHERE pk = {}", "9".repeat(8000)),
    ] {
        answer(&emulator, "DynamoDB_20120810.ExecuteStatement", &json!({"Statement": statement})).await;
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn schedules_that_never_come_or_come_too_far() {
    let emulator = Emulator::start().await;
    let target = json!({"Arn": "arn:aws:sqs:us-east-1:000000000000:q", "RoleArn": "arn:aws:iam::000000000000:role/r"});
    for (number, expression) in [
        "cron(0 0 30 2 ? *)",
        "cron(0 0 29 2 ? 2099)",
        "cron(0 0 31 4,6,9,11 ? *)",
        "cron(0 0 ? * 2#5 2199)",
        "cron(* * * * ? *)",
        "cron(0 0 L 2 ? 1970)",
        "rate(99999999999999999999 days)",
        "rate(2147483647 days)",
        "rate(9223372036854775807 minutes)",
        "at(9999-12-31T23:59:59)",
        "at(99999-01-01T00:00:00)",
        "cron(0-59/1 0-23/1 1-31/1 1-12/1 ? 1970-2199/1)",
    ]
    .into_iter()
    .enumerate()
    {
        let body = json!({"ScheduleExpression": expression, "Target": target, "FlexibleTimeWindow": {"Mode": "OFF"}});
        rest(&emulator, "POST", &format!("/schedules/s{number}"), &body).await;
        answer(&emulator, "AWSEvents.PutRule", &json!({"Name": "r", "ScheduleExpression": expression})).await;
    }
    emulator.clock().advance(std::time::Duration::from_secs(600)).await;
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn filters_of_logs_and_numbers_of_shards() {
    let emulator = Emulator::start().await;
    answer(&emulator, "Logs_20140328.CreateLogGroup", &json!({"logGroupName": "g"})).await;
    let line = "a".repeat(100_000) + "b";
    for pattern in [
        "%(a+)+$%".to_owned(),
        "%a{1000}{1000}%".to_owned(),
        format!("%{}%", "a?".repeat(300) + &"a".repeat(300)),
        format!("{{ {}$.a = 1{} }}", "(".repeat(500), ")".repeat(500)),
        format!("[{}]", vec!["w"; 400].join(",")),
        "?a ".repeat(300),
    ] {
        let body = json!({"filterPattern": pattern, "logEventMessages": [line]});
        answer(&emulator, "Logs_20140328.TestMetricFilter", &body).await;
    }
    for shards in [2_147_483_647_i64, 1_000_000, -1, 0] {
        let body = json!({"StreamName": "s", "ShardCount": shards});
        let (status, refused) = answer(&emulator, "Kinesis_20131202.CreateStream", &body).await;
        assert_eq!(status, 400, "{shards}: {refused}");
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn documents_that_unfold_to_more_than_they_are() {
    let emulator = Emulator::start().await;
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb += &format!("a{level}: &a{level} [{below}]\n");
    }
    let (status, error) = admin(&emulator, "POST", "script/check", &bomb).await;
    assert_eq!(status, 400, "{error}");
    let deep = "[".repeat(100_000);
    let (status, error) = admin(&emulator, "POST", "script/check", &deep).await;
    assert_eq!(status, 400, "{error}");
    let agent = json!({"agentName": "a", "foundationModel": "anthropic.claude-3-haiku-20240307-v1:0",
                       "instruction": "answer what you are asked about orders, briefly and politely",
                       "agentResourceRoleArn": "arn:aws:iam::000000000000:role/service-role/r"});
    let (status, created) = rest(&emulator, "PUT", "/agents/", &agent).await;
    assert_eq!(status, 202, "{created}");
    let created: Value = serde_json::from_str(&created).unwrap();
    let id = created["agent"]["agentId"].as_str().unwrap();
    for payload in [bomb, deep] {
        let group = json!({"actionGroupName": "g", "apiSchema": {"payload": payload},
                           "actionGroupExecutor": {"customControl": "RETURN_CONTROL"}});
        let path = format!("/agents/{id}/agentversions/DRAFT/actiongroups/");
        let (status, refused) = rest(&emulator, "PUT", &path, &group).await;
        assert_eq!(status, 400, "{refused}");
    }
    assert_nothing_panicked(&emulator);
}

#[tokio::test(start_paused = true)]
async fn regular_expressions_of_guardrails() {
    let emulator = Emulator::start().await;
    for (number, pattern) in
        ["(a+)+$", "(a|aa)+$", "a{1000}{1000}", "(?:a?){500}a{500}", "(.*)*(.*)*(.*)*b"].into_iter().enumerate()
    {
        let regex = json!({"name": "r", "pattern": pattern, "action": "BLOCK"});
        let body = json!({"name": format!("g{number}"), "blockedInputMessaging": "no", "blockedOutputsMessaging": "no",
                          "sensitiveInformationPolicyConfig": {"regexesConfig": [regex]}});
        let (status, created) = rest(&emulator, "POST", "/guardrails", &body).await;
        if status >= 400 {
            continue;
        }
        let created: Value = serde_json::from_str(&created).unwrap();
        let path = format!("/guardrail/{}/version/DRAFT/apply", created["guardrailId"].as_str().unwrap());
        let text = "a".repeat(20_000) + "!";
        let body = json!({"source": "INPUT", "content": [{"text": {"text": text}}]});
        rest(&emulator, "POST", &path, &body).await;
    }
    assert_nothing_panicked(&emulator);
}
