//! Requests that no program means to send: each is answered, none brings the service down.

use std::time::Duration;

use http::Request;

use super::{client, create, create_group};
use crate::raw;
use crate::stage::{Stage, in_virtual_time, on_both_stages};

/// Sends a request as it is; gives back the status and the answer.
async fn send(stage: &Stage, method: &str, path: &str, body: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let answer = raw::send(&stage.emulator, request.body(body.to_owned().into()).unwrap()).await;
    (answer.status().as_u16(), String::from_utf8_lossy(answer.body()).into_owned())
}

const WITH_BODY: [(&str, &str); 5] = [
    ("POST", "/schedules/other"),
    ("PUT", "/schedules/nightly"),
    ("POST", "/schedule-groups/other"),
    ("POST", "/tags/arn%3Aaws%3Ascheduler%3Aus-east-1%3A000000000000%3Aschedule-group%2Freports"),
    ("POST", "/schedules/%FF%00"),
];

const MEMBERS: [&str; 14] = [
    "Name",
    "GroupName",
    "ClientToken",
    "ActionAfterCompletion",
    "Description",
    "StartDate",
    "EndDate",
    "FlexibleTimeWindow",
    "KmsKeyArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "State",
    "Target",
    "Tags",
];

const VALUES: [&str; 27] = [
    "null",
    "true",
    "0",
    "-1",
    "1e300",
    "-1e300",
    "18446744073709551615",
    r#""""#,
    r#""default""#,
    r#""\u0000ü""#,
    r#""rate(2147483647 days)""#,
    r#""cron(0 0 31 2 ? *)""#,
    r#""cron(0 0 L 2 ? 2199)""#,
    r#""at(9999-12-31T23:59:59)""#,
    r#""at(0000-01-01T00:00:00)""#,
    r#""cron(((""#,
    "[]",
    "[null]",
    "[{}]",
    "{}",
    r#"{"Mode":"FLEXIBLE","MaximumWindowInMinutes":1440}"#,
    r#"{"Mode":"FLEXIBLE","MaximumWindowInMinutes":9223372036854775807}"#,
    r#"{"Arn":"arn:aws:sqs:::","RoleArn":"arn:aws:iam::000000000000:role/r"}"#,
    r#"{"Arn":"arn:aws:scheduler:::aws-sdk:x:y","RoleArn":"arn:aws:iam::000000000000:role/r","Input":"{"}"#,
    r#"{"Arn":"arn:aws:scheduler:::aws-sdk:sqs:ü","RoleArn":"arn:aws:iam::000000000000:role/r","Input":"{}"}"#,
    r#"{"Arn":"arn:aws:scheduler:::aws-sdk:scheduler:createSchedule","RoleArn":"arn:aws:iam::000000000000:role/r","Input":"<aws.scheduler."}"#,
    r#"[{"Key":"","Value":"x"},{"Key":"a"}]"#,
];

#[test]
fn every_body_is_answered_and_no_answer_is_our_mistake() {
    in_virtual_time(async |stage| {
        let scheduler = client(&stage);
        create_group(&scheduler, "reports").await;
        create(&scheduler, "nightly", "rate(1 day)").send().await.unwrap();
        let fine = r#""FlexibleTimeWindow":{"Mode":"OFF"},"ScheduleExpression":"rate(1 day)","Target":{"Arn":"arn:aws:sqs:us-east-1:000000000000:q","RoleArn":"arn:aws:iam::000000000000:role/r"}"#;
        for (method, path) in WITH_BODY {
            for member in MEMBERS {
                for value in VALUES {
                    for body in [format!(r#"{{"{member}":{value}}}"#), format!(r#"{{{fine},"{member}":{value}}}"#)] {
                        let (status, answer) = send(&stage, method, path, &body).await;
                        let expected = matches!(status, 200 | 400 | 404 | 409);
                        assert!(expected, "{method} {path} {body}: {status} {answer}");
                    }
                }
            }
            for body in ["", "null", "[]", "1", "\"", "{"] {
                let (status, answer) = send(&stage, method, path, body).await;
                assert!(matches!(status, 200 | 400 | 404 | 409), "{method} {path} {body}: {status} {answer}");
            }
        }
        stage.advance(Duration::from_hours(48)).await;
        let timeline = stage.emulator.timeline().to_string();
        assert!(!timeline.contains("panic"), "{timeline}");
    });
}

#[test]
fn every_path_and_query_is_answered() {
    on_both_stages(async |stage| {
        for method in ["GET", "POST", "PUT", "DELETE"] {
            for path in
                ["/schedules", "/schedules/", "/schedules/a", "/schedule-groups", "/schedule-groups/a", "/tags/a"]
            {
                for query in [
                    "",
                    "?",
                    "?MaxResults=x",
                    "?MaxResults=99999999999999999999",
                    "?MaxResults=1&MaxResults=2",
                    "?NextToken=",
                    "?NextToken=%00%FF",
                    "?NextToken=AAAAAAAAAAE%3D",
                    "?ScheduleGroup=default&ScheduleGroup=a",
                    "?State=&NamePrefix=%2B",
                    "?groupName=%",
                    "?TagKeys&TagKeys=a",
                    "?Target=x&Name=y",
                ] {
                    let (status, answer) = send(&stage, method, &format!("{path}{query}"), "").await;
                    assert!(matches!(status, 200 | 400 | 404 | 409), "{method} {path}{query}: {status} {answer}");
                }
            }
        }
    });
}

#[test]
fn a_wrong_type_is_a_mistake_of_serialisation() {
    on_both_stages(async |stage| {
        for (method, path, body) in [
            ("POST", "/schedules/a", r#"{"ScheduleExpression":1}"#),
            ("POST", "/schedules/a", r#"{"Target":[]}"#),
            ("POST", "/schedules/a", r#"{"StartDate":"2026-01-01T00:00:00Z"}"#),
            ("POST", "/schedule-groups/a", r#"{"Tags":{}}"#),
            ("GET", "/schedules?MaxResults=many", ""),
        ] {
            let request = Request::builder().method(method).uri(path).body(body.into()).unwrap();
            let answer = raw::send(&stage.emulator, request).await;
            assert_eq!(answer.status(), 400, "{path} {body}");
            assert_eq!(answer.headers()["x-amzn-errortype"], "SerializationException", "{path} {body}");
        }
    });
}
