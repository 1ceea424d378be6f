//! Bodies that no program means to send: each is answered, none brings the service down.

use axum::body::Body;
use http::Request;

use super::{client, create, create_fifo, create_with_dead_letters, send_in_group};
use crate::raw::{self, post_json};
use crate::stage::{Stage, on_both_stages};

const OPERATIONS: [&str; 23] = [
    "AddPermission",
    "CancelMessageMoveTask",
    "ChangeMessageVisibility",
    "ChangeMessageVisibilityBatch",
    "CreateQueue",
    "DeleteMessage",
    "DeleteMessageBatch",
    "DeleteQueue",
    "GetQueueAttributes",
    "GetQueueUrl",
    "ListDeadLetterSourceQueues",
    "ListMessageMoveTasks",
    "ListQueueTags",
    "ListQueues",
    "PurgeQueue",
    "ReceiveMessage",
    "RemovePermission",
    "SendMessage",
    "SendMessageBatch",
    "SetQueueAttributes",
    "StartMessageMoveTask",
    "TagQueue",
    "UntagQueue",
];

const MEMBERS: [&str; 26] = [
    "QueueUrl",
    "QueueName",
    "Attributes",
    "tags",
    "Tags",
    "TagKeys",
    "AttributeNames",
    "MessageSystemAttributeNames",
    "MessageAttributeNames",
    "MaxNumberOfMessages",
    "VisibilityTimeout",
    "WaitTimeSeconds",
    "ReceiveRequestAttemptId",
    "MessageBody",
    "DelaySeconds",
    "MessageAttributes",
    "MessageSystemAttributes",
    "MessageGroupId",
    "Entries",
    "ReceiptHandle",
    "Label",
    "AWSAccountIds",
    "Actions",
    "SourceArn",
    "TaskHandle",
    "NextToken",
];

const VALUES: [&str; 22] = [
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "18446744073709551615",
    r#""""#,
    r#""orders.fifo""#,
    r#""http://x/000000000000/orders.fifo""#,
    r#""////""#,
    r#""arn:aws:sqs:us-east-1:000000000000:""#,
    r#""arn:aws:sqs:us-east-1:000000000000:dead""#,
    r#""\u0000ü""#,
    "[]",
    "[null]",
    r#"[""]"#,
    "[{}]",
    r#"[{"Id":"a"},{"Id":"b","MessageBody":"x","DelaySeconds":-9223372036854775808}]"#,
    r#"[{"Id":"a","ReceiptHandle":"AAAAAAAAAAE=","VisibilityTimeout":9223372036854775807}]"#,
    "{}",
    r#"{"":"","VisibilityTimeout":"99999999999999999999","RedrivePolicy":"[1]","Policy":"{\"Statement\":[{\"Action\":1}]}"}"#,
    r#"{"a":{"DataType":"Number","StringValue":"NaN","StringListValues":["x"]},"":{}}"#,
];

async fn stage_with_queues(stage: &Stage) {
    let sqs = client(stage);
    create(&sqs, "dead").await;
    create_with_dead_letters(&sqs, "orders", "dead", 1).await;
    let fifo = create_fifo(&sqs, "orders.fifo").await;
    send_in_group(&sqs, &fifo, "g", "a").await;
}

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    on_both_stages(async |stage| {
        stage_with_queues(&stage).await;
        let fine = r#""QueueUrl":"http://x/000000000000/orders.fifo","MessageBody":"x","WaitTimeSeconds":0"#;
        for operation in OPERATIONS {
            for member in MEMBERS {
                for value in VALUES {
                    // One that is there twice is refused for that alone.
                    let body = if fine.contains(member) {
                        format!(r#"{{"{member}":{value}}}"#)
                    } else {
                        format!(r#"{{{fine},"{member}":{value}}}"#)
                    };
                    let (status, answer) =
                        post_json(&stage.emulator, &format!("AmazonSQS.{operation}"), body.clone()).await;
                    assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
                }
            }
            for body in ["", "null", "[]", "1", "\"", "{", r#"{"QueueName":"a","QueueName":"a"}"#] {
                let (status, answer) = post_json(&stage.emulator, &format!("AmazonSQS.{operation}"), body).await;
                assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
            }
        }
    });
}

#[test]
fn every_form_is_answered_and_no_answer_is_our_mistake() {
    on_both_stages(async |stage| {
        stage_with_queues(&stage).await;
        for operation in OPERATIONS {
            for field in [
                "Attribute.1.Name=VisibilityTimeout",
                "Attribute.1.Value=x",
                "Attribute=x",
                "Attribute.x.Name=y",
                "Attribute.1.Name.1=VisibilityTimeout&Attribute.1.Value.2=x",
                "AttributeName.99999999999=All",
                "SendMessageBatchRequestEntry.1=x",
                "SendMessageBatchRequestEntry.1.Id.1=x",
                "MessageAttribute.1.Name=a&MessageAttribute.1.Value=b",
                "MessageAttribute.1.Value.BinaryValue=%21",
                "VisibilityTimeout.1=1",
                "MaxNumberOfMessages=",
                "QueueUrl.1=x",
                "%ff=%fe",
                "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r=1",
                "=&&=&.&..=.",
            ] {
                let form = format!(
                    "Action={operation}&QueueName=orders.fifo&QueueUrl=http%3A%2F%2Fx%2F000000000000%2Forders.fifo&{field}"
                );
                let request = Request::post("/").header("content-type", "application/x-www-form-urlencoded");
                let response = raw::send(&stage.emulator, request.body(Body::from(form.clone())).unwrap()).await;
                let status = response.status().as_u16();
                let text = String::from_utf8_lossy(response.body());
                assert!(matches!(status, 200 | 400 | 404) && text.starts_with("<?xml"), "{form}: {status} {text}");
            }
        }
    });
}

#[test]
fn a_wrong_type_is_a_mistake_of_serialisation() {
    on_both_stages(async |stage| {
        for (operation, body) in [
            ("CreateQueue", r#"{"QueueName":1}"#),
            ("CreateQueue", r#"{"Attributes":[]}"#),
            ("CreateQueue", r#"{"Attributes":{"DelaySeconds":1}}"#),
            ("SendMessageBatch", r#"{"Entries":{}}"#),
            ("SendMessageBatch", r#"{"Entries":[[]]}"#),
            ("ReceiveMessage", r#"{"MaxNumberOfMessages":"1"}"#),
        ] {
            let (status, answer) = post_json(&stage.emulator, &format!("AmazonSQS.{operation}"), body).await;
            assert_eq!(status, 400, "{operation} {body}: {answer}");
            let code = answer["__type"].as_str().unwrap();
            assert!(code.ends_with("SerializationException"), "{operation} {body}: {answer}");
        }
    });
}
