//! Bodies that no program means to send: each is answered, none brings the service down.

use super::{now, put, with_stream};
use crate::raw::post_json;
use crate::stage::{Stage, in_virtual_time, on_both_stages};

/// Posts a body as it is; gives back the status and the answer.
async fn raw(stage: &Stage, operation: &str, body: &str) -> (u16, String) {
    let (status, answer) = post_json(&stage.emulator, &format!("Logs_20140328.{operation}"), body.to_owned()).await;
    (status, answer.to_string())
}

const OPERATIONS: [&str; 21] = [
    "CreateLogGroup",
    "CreateLogStream",
    "DeleteResourcePolicy",
    "DeleteRetentionPolicy",
    "DescribeLogGroups",
    "DescribeLogStreams",
    "DescribeResourcePolicies",
    "FilterLogEvents",
    "GetLogEvents",
    "ListTagsForResource",
    "ListTagsLogGroup",
    "PutLogEvents",
    "PutResourcePolicy",
    "PutRetentionPolicy",
    "TagLogGroup",
    "TagResource",
    "TestMetricFilter",
    "UntagLogGroup",
    "UntagResource",
    "DeleteLogStream",
    "DeleteLogGroup",
];

const MEMBERS: [&str; 27] = [
    "logGroupName",
    "logGroupIdentifier",
    "logGroupIdentifiers",
    "logGroupNamePrefix",
    "logGroupNamePattern",
    "logStreamName",
    "logStreamNames",
    "logStreamNamePrefix",
    "orderBy",
    "descending",
    "nextToken",
    "limit",
    "startTime",
    "endTime",
    "startFromHead",
    "filterPattern",
    "logEvents",
    "entity",
    "retentionInDays",
    "tags",
    "resourceArn",
    "tagKeys",
    "policyName",
    "policyDocument",
    "policyScope",
    "logEventMessages",
    "logGroupClass",
];

const VALUES: [&str; 24] = [
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    r#""""#,
    r#""shop""#,
    r#""\u0000ü""#,
    r#""arn:aws:logs:us-east-1:000000000000:log-group:""#,
    r#""arn:aws:logs:::""#,
    r#""{ $.a[99999999999999999999] = 1 }""#,
    r#""[a = %[%""#,
    r#""f/99999999999999999999999999999999999999999999999999999999/s""#,
    r#""b/00000000000000000000000000000000000000000000000000000000/s""#,
    "[]",
    "[null]",
    r#"[""]"#,
    "{}",
    r#"{"":""}"#,
    r#"[{"timestamp":9223372036854775807,"message":"x"}]"#,
    r#"[{"timestamp":0,"message":"\ud83d\ude00"}]"#,
];

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    in_virtual_time(async |stage| {
        let logs = with_stream(&stage, "shop", "web").await;
        put(&logs, "shop", "web", &[(now(&stage), r#"{"a":[1]}"#)]).await;
        let fine = r#""logGroupName":"shop","logStreamName":"web","policyName":"p","filterPattern":"a","tags":{"a":"b"},"retentionInDays":1,"logEventMessages":["x"]"#;
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
            for body in ["", "null", "[]", "1", "\"", "{", r#"{"logGroupName":"a","logGroupName":"a"}"#] {
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
            ("CreateLogGroup", r#"{"logGroupName":1}"#),
            ("CreateLogGroup", r#"{"logGroupName":"a","tags":[]}"#),
            ("PutLogEvents", r#"{"logEvents":{}}"#),
            ("PutLogEvents", r#"{"logEvents":[{"timestamp":"now"}]}"#),
            ("GetLogEvents", r#"{"limit":"1"}"#),
            ("GetLogEvents", r#"{"startTime":1.5}"#),
        ] {
            let (status, answer) = raw(&stage, operation, body).await;
            assert_eq!(status, 400, "{operation} {body}: {answer}");
            assert!(answer.contains(r#""__type":"SerializationException""#), "{operation} {body}: {answer}");
        }
    });
}
