//! Mixed load: every connection does a bit of everything, again and again, and leaves nothing behind for ever.

use serde_json::{Value, json};

use super::case::{self, Case, Data};
use super::connection::Connection;
use super::drive::connect;
use super::prepare::{fill, load_script};
use super::process::Server;
use super::request::{Call, Template, bare};

pub const NAMES: &str = "GetItem, PutItem, UpdateItem, Query, TransactWriteItems, PutRecord, Converse; GetShardIterator \
                         and GetRecords; SendMessage, ReceiveMessage and DeleteMessage; PutEvents to a queue, read and \
                         emptied; PutLogEvents; CreateSchedule and DeleteSchedule";

const CASES: [&str; 7] = ["GetItem", "PutItem", "UpdateItem", "Query", "TransactWriteItems", "PutRecord", "Converse"];
const QUEUES: [&str; 2] = ["soak", "soak-events"];

/// What every connection asks.
pub struct Mix {
    cases: Vec<(Template, &'static str)>,
}

/// One connection's part of it.
pub struct Worker {
    cases: Vec<(Template, &'static str)>,
    number: u64,
    round: u64,
}

/// Makes tables, streams, queues, a rule and a log group.
pub async fn prepare(server: &Server, connections: usize) -> Result<Mix, String> {
    let cases: Vec<Case> = case::all().into_iter().filter(|case| CASES.contains(&case.name)).collect();
    let mut data: Vec<Data> = Vec::new();
    for case in &cases {
        data.extend(case.data.iter().filter(|wanted| !data.contains(wanted)).copied().collect::<Vec<_>>());
        if let Some(script) = case.script {
            load_script(server, script).await?;
        }
    }
    fill(server, &data, connections).await?;
    let mut control = connect(server.address(), 1).await?.remove(0);
    for queue in QUEUES {
        ask(&mut control, Call::json("sqs", "AmazonSQS.CreateQueue"), &json!({"QueueName": queue})).await?;
    }
    let rule = json!({"Name": "soak", "EventPattern": r#"{"source":["soak"],"detail":{"n":[{"numeric":[">=",0]}]}}"#});
    ask(&mut control, Call::json("events", "AWSEvents.PutRule"), &rule).await?;
    let target = json!({"Id": "queue", "Arn": "arn:aws:sqs:us-east-1:000000000000:soak-events"});
    ask(&mut control, Call::json("events", "AWSEvents.PutTargets"), &json!({"Rule": "soak", "Targets": [target]}))
        .await?;
    ask(&mut control, Call::json("logs", "Logs_20140328.CreateLogGroup"), &json!({"logGroupName": "soak"})).await?;
    ask(
        &mut control,
        Call::json("logs", "Logs_20140328.PutRetentionPolicy"),
        &json!({"logGroupName": "soak", "retentionInDays": 1}),
    )
    .await?;
    ask(
        &mut control,
        Call::json("logs", "Logs_20140328.CreateLogStream"),
        &json!({"logGroupName": "soak", "logStreamName": "soak"}),
    )
    .await?;
    let cases = cases.iter().map(|case| {
        let first = case.must_contain.first().copied().unwrap_or_default();
        (Template::new(case.call, &case.body, case.keys), first)
    });
    Ok(Mix { cases: cases.collect() })
}

impl Mix {
    pub fn worker(&self, number: u64) -> Worker {
        Worker { cases: self.cases.clone(), number, round: 0 }
    }
}

impl Worker {
    /// Everything once. Says how many requests that were.
    pub async fn round(&mut self, connection: &mut Connection) -> Result<u64, String> {
        self.round += 1;
        let mut requests = 0;
        for (template, must_contain) in &mut self.cases {
            let key = (self.number * 31 + self.round) % u64::from(template.count());
            let invocation = (self.number << 32 | self.round) % 1_000_000_000_000;
            let answer = connection.ask(template.for_key(key as u32, invocation)).await?;
            let found = answer.body.windows(must_contain.len()).any(|part| part == must_contain.as_bytes());
            if answer.status != 200 || !found {
                let body: String = String::from_utf8_lossy(answer.body).chars().take(400).collect();
                return Err(format!("a wrong answer: {} {body}", answer.status));
            }
            requests += 1;
        }
        requests += read_records(connection).await?;
        requests += pass_a_message(connection).await?;
        requests += pass_an_event(connection, self.round).await?;
        requests += log(connection).await?;
        requests += schedule(connection, self.number).await?;
        Ok(requests)
    }
}

async fn read_records(connection: &mut Connection) -> Result<u64, String> {
    let first =
        json!({"StreamName": "records", "ShardId": "shardId-000000000000", "ShardIteratorType": "TRIM_HORIZON"});
    let answer = ask(connection, Call::json("kinesis", "Kinesis_20131202.GetShardIterator"), &first).await?;
    let from = json!({"ShardIterator": answer["ShardIterator"], "Limit": 10});
    match ask(connection, Call::json("kinesis", "Kinesis_20131202.GetRecords"), &from).await {
        Ok(answer) if answer["Records"].is_array() => Ok(2),
        // The clock was moved by hours between the two.
        Err(error) if error.contains("ExpiredIteratorException") => Ok(2),
        Ok(answer) => Err(format!("no records: {answer}")),
        Err(error) => Err(error),
    }
}

async fn pass_a_message(connection: &mut Connection) -> Result<u64, String> {
    let [queue, _] = QUEUES.map(url);
    let sent = json!({"QueueUrl": queue, "MessageBody": "a message of no great length"});
    ask(connection, Call::json("sqs", "AmazonSQS.SendMessage"), &sent).await?;
    Ok(1 + take_messages(connection, &queue, 1).await?)
}

async fn pass_an_event(connection: &mut Connection, number: u64) -> Result<u64, String> {
    let detail = json!({"n": number, "text": "an event of no great length"}).to_string();
    let entry = json!({"Source": "soak", "DetailType": "tick", "Detail": detail});
    let answer = ask(connection, Call::json("events", "AWSEvents.PutEvents"), &json!({"Entries": [entry]})).await?;
    if answer["FailedEntryCount"] != 0 {
        return Err(format!("an event was not taken: {answer}"));
    }
    let [_, queue] = QUEUES.map(url);
    Ok(1 + take_messages(connection, &queue, 10).await?)
}

/// Receives and deletes. Others may have taken what was there.
async fn take_messages(connection: &mut Connection, queue: &str, max: u32) -> Result<u64, String> {
    let received = json!({"QueueUrl": queue, "MaxNumberOfMessages": max});
    let answer = ask(connection, Call::json("sqs", "AmazonSQS.ReceiveMessage"), &received).await?;
    let messages = answer["Messages"].as_array().cloned().unwrap_or_default();
    for message in &messages {
        let deleted = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
        ask(connection, Call::json("sqs", "AmazonSQS.DeleteMessage"), &deleted).await?;
    }
    Ok(1 + messages.len() as u64)
}

async fn log(connection: &mut Connection) -> Result<u64, String> {
    let answer = connection.ask(&bare("GET", "/_rehearsal/clock", "")).await?;
    let clock: Value = serde_json::from_slice(answer.body).map_err(|error| format!("no clock: {error}"))?;
    let event = json!({"timestamp": clock["epoch_ms"], "message": "a line of no great length"});
    let events = json!({"logGroupName": "soak", "logStreamName": "soak", "logEvents": [event]});
    ask(connection, Call::json("logs", "Logs_20140328.PutLogEvents"), &events).await?;
    Ok(2)
}

async fn schedule(connection: &mut Connection, number: u64) -> Result<u64, String> {
    let path = format!("/schedules/soak-{number}");
    let target = json!({"Arn": format!("arn:aws:sqs:us-east-1:000000000000:{}", QUEUES[0]),
                        "RoleArn": "arn:aws:iam::000000000000:role/soak"});
    let asked =
        json!({"ScheduleExpression": "rate(365 days)", "Target": target, "FlexibleTimeWindow": {"Mode": "OFF"}});
    for (method, body) in [("POST", asked.to_string()), ("DELETE", String::new())] {
        let answer = connection.ask(&bare(method, &path, &body)).await?;
        if answer.status != 200 {
            return Err(format!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(answer.body)));
        }
    }
    Ok(2)
}

async fn ask(connection: &mut Connection, call: Call, body: &Value) -> Result<Value, String> {
    let answer = connection.ask(Template::new(call, &body.to_string(), 1).for_key(0, 0)).await?;
    let text = || String::from_utf8_lossy(answer.body);
    if answer.status != 200 {
        return Err(format!("{} answered {}: {}", call.target, answer.status, text()));
    }
    if answer.body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(answer.body).map_err(|error| format!("{}: {error}: {}", call.target, text()))
}

fn url(queue: &str) -> String {
    format!("http://127.0.0.1:4566/000000000000/{queue}")
}
