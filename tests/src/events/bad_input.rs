//! Bodies that no program means to send: each is answered, none brings the service down.

use super::{client, put_rule, put_target, stream};
use crate::raw::post_json;
use crate::stage::{Stage, on_both_stages};

/// Posts a body as it is; gives back the status and the answer.
pub async fn raw(stage: &Stage, operation: &str, body: &str) -> (u16, String) {
    let (status, answer) = post_json(&stage.emulator, &format!("AWSEvents.{operation}"), body.to_owned()).await;
    (status, answer.to_string())
}

const OPERATIONS: [&str; 15] = [
    "CreateEventBus",
    "DeleteEventBus",
    "DeleteRule",
    "DescribeEventBus",
    "DescribeRule",
    "DisableRule",
    "EnableRule",
    "ListEventBuses",
    "ListRules",
    "ListTargetsByRule",
    "PutEvents",
    "PutRule",
    "PutTargets",
    "RemoveTargets",
    "TestEventPattern",
];

const MEMBERS: [&str; 15] = [
    "Name",
    "Rule",
    "EventBusName",
    "EventPattern",
    "Event",
    "State",
    "Description",
    "Tags",
    "Targets",
    "Ids",
    "Entries",
    "Limit",
    "NextToken",
    "NamePrefix",
    "Force",
];

const VALUES: [&str; 22] = [
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "18446744073709551615",
    r#""""#,
    r#""default""#,
    r#""arn:aws:events:us-east-1:000000000000:event-bus/""#,
    r#""arn:aws:events:us-east-1:000000000000:rule/all""#,
    r#""\u0000ü""#,
    r#""{\"a\":[{\"numeric\":[\">\"""#,
    r#""////""#,
    "[]",
    "[null]",
    r#"[""]"#,
    "[{}]",
    r#"[{"Id":"t","Arn":"arn:aws:kinesis:::stream/","RoleArn":"r","InputPath":"$["}]"#,
    r#"[{"Id":"t","Arn":"arn:aws:sqs:us-east-1:000000000000:q","InputTransformer":{"InputPathsMap":{"":"$[","é":1},"InputTemplate":"\"<"}}]"#,
    r#"[{"Id":"t","Arn":"arn:aws:sqs:us-east-1:000000000000:q","InputTransformer":{"InputPathsMap":{"a":"$["},"InputTemplate":"\"\\\"<a><"}}]"#,
    r#"[{"Source":"s","DetailType":"d","Detail":"{}","Time":-1e300,"Resources":[""],"EventBusName":"ü"}]"#,
    r#"[{"Source":"shop","DetailType":"d","Detail":"{\"a\":1e999}","Time":1e18}]"#,
];

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        put_rule(&events, "all").await;
        put_target(&events, "all", stream("orders")).await;
        let fine = r#""Name":"all","Rule":"all","EventPattern":"{\"source\":[\"shop\"]}","Ids":["none"],"Event":"{}""#;
        for operation in OPERATIONS {
            for member in MEMBERS {
                for value in VALUES {
                    for body in [format!(r#"{{"{member}":{value}}}"#), format!(r#"{{{fine},"{member}":{value}}}"#)] {
                        let (status, answer) = raw(&stage, operation, &body).await;
                        assert!(matches!(status, 200 | 400 | 501), "{operation} {body}: {status} {answer}");
                        assert!(status != 501 || answer.contains("NotImplemented"), "{operation} {body}: {answer}");
                    }
                }
            }
            for body in ["", "null", "[]", "1", "\"", "{", r#"{"Name":"a","Name":"a"}"#] {
                let (status, answer) = raw(&stage, operation, body).await;
                assert!(matches!(status, 200 | 400), "{operation} {body}: {status} {answer}");
            }
        }
    });
}

#[test]
fn a_wrong_type_is_a_mistake_of_serialisation() {
    on_both_stages(async |stage| {
        for (operation, body) in [
            ("PutRule", r#"{"Name":1}"#),
            ("PutEvents", r#"{"Entries":{}}"#),
            ("PutEvents", r#"{"Entries":[{"Detail":{}}]}"#),
            ("PutEvents", r#"{"Entries":[{"Time":"2026-01-01T00:00:00Z"}]}"#),
            ("ListRules", r#"{"Limit":"1"}"#),
        ] {
            let (status, answer) = raw(&stage, operation, body).await;
            assert_eq!(status, 400, "{operation} {body}: {answer}");
            assert!(answer.contains(r#""__type":"SerializationException""#), "{operation} {body}: {answer}");
        }
    });
}

/// The SDK signs calls to an endpoint in a way that this workspace does not build, so the body is sent raw.
#[test]
fn endpoints_are_refused() {
    on_both_stages(async |stage| {
        let (status, answer) = raw(&stage, "PutEvents", r#"{"Entries":[{}],"EndpointId":"abcde.veo"}"#).await;
        assert_eq!(status, 501, "{answer}");
        assert!(answer.contains("rehearsal does not implement EndpointId of events PutEvents yet"), "{answer}");
    });
}
