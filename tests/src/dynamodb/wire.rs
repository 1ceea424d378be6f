//! What the SDK cannot send: bodies of the wrong shape, and the exact form of refusals.

use serde_json::{Value, json};

use crate::raw::post_json;
use crate::stage::Stage;

async fn send(stage: &Stage, operation: &str, body: &str) -> (u16, Value) {
    post_json(&stage.emulator, &format!("DynamoDB_20120810.{operation}"), body.to_owned()).await
}

fn in_process(test: impl AsyncFn(Stage)) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(async { test(Stage::in_process().await).await });
}

#[test]
fn refusals_carry_the_namespace_of_their_kind() {
    in_process(async |stage| {
        for (operation, body, kind) in [
            (
                "GetItem",
                r#"{"TableName":"gone","Key":{}}"#,
                "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
            ),
            ("GetItem", "{}", "com.amazon.coral.validate#ValidationException"),
            ("GetItem", r#"{"TableName":1}"#, "com.amazon.coral.service#SerializationException"),
        ] {
            let (status, answer) = send(&stage, operation, body).await;
            assert_eq!((status, &answer["__type"]), (400, &json!(kind)), "{body}");
        }
    });
}

#[test]
fn missing_members_are_listed() {
    in_process(async |stage| {
        let (_, answer) = send(&stage, "GetItem", "{}").await;
        assert_eq!(
            answer["message"],
            "2 validation errors detected: Value null at 'tableName' failed to satisfy constraint: Member must not be \
             null; Value null at 'key' failed to satisfy constraint: Member must not be null"
        );
    });
}

#[test]
fn bodies_of_the_wrong_shape_are_refused_and_never_a_failure_of_ours() {
    in_process(async |stage| {
        let deep = format!(r#"{{"TableName":"t","Item":{{"a":{}1{}}}}}"#, r#"{"L":["#.repeat(5000), "]}".repeat(5000));
        let deep_elsewhere = format!(r#"{{"TableName":{}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
        for body in [
            "",
            "{",
            "[]",
            "null",
            "\"x\"",
            r#"{"TableName":"ttt","Item":{"a":{"S":1}}}"#,
            r#"{"TableName":"ttt","Item":{"a":"b"}}"#,
            r#"{"TableName":"ttt","Item":[]}"#,
            r#"{"TableName":"ttt","Item":{"a":{"B":"!"}}}"#,
            r#"{"TableName":"ttt","Item":{"a":{"N":1e999}}}"#,
            r##"{"TableName":"ttt","Item":{},"ExpressionAttributeNames":{"#a":1}}"##,
            deep.as_str(),
            deep_elsewhere.as_str(),
        ] {
            for operation in ["PutItem", "GetItem", "UpdateItem", "Query", "Scan", "CreateTable", "UpdateTimeToLive"] {
                let (status, answer) = send(&stage, operation, body).await;
                assert_eq!(status, 400, "{operation} {body:.80}: {answer}");
            }
        }
    });
}

#[test]
fn an_attribute_value_has_exactly_one_type() {
    in_process(async |stage| {
        for (value, message) in [
            ("{}", "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            (
                r#"{"S":"a","N":"1"}"#,
                "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported \
                 datatypes",
            ),
        ] {
            let body = format!(r#"{{"TableName":"ttt","Item":{{"id":{value}}}}}"#);
            let (status, answer) = send(&stage, "PutItem", &body).await;
            assert_eq!((status, &answer["message"]), (400, &json!(message)));
        }
    });
}

#[test]
fn legacy_parameters_are_checked_by_awss_model() {
    in_process(async |stage| {
        for (operation, body, complaint) in [
            (
                "Scan",
                r#"{"TableName":"ttt","AttributesToGet":[]}"#,
                "Value '[]' at 'attributesToGet' failed to satisfy constraint: Member must have length greater than or \
                 equal to 1",
            ),
            (
                "PutItem",
                r#"{"TableName":"ttt","Item":{},"ConditionalOperator":"XOR"}"#,
                "Value 'XOR' at 'conditionalOperator' failed to satisfy constraint: Member must satisfy enum value \
                 set: [OR, AND]",
            ),
            (
                "UpdateItem",
                r#"{"TableName":"ttt","Key":{},"AttributeUpdates":{"a":{"Action":"SET"}}}"#,
                "Value 'SET' at 'attributeUpdates.a.member.action' failed to satisfy constraint: Member must satisfy \
                 enum value set: [ADD, PUT, DELETE]",
            ),
            (
                "Query",
                r#"{"TableName":"ttt","KeyConditions":{"a":{}}}"#,
                "Value null at 'keyConditions.a.member.comparisonOperator' failed to satisfy constraint: Member must \
                 not be null",
            ),
        ] {
            let (status, answer) = send(&stage, operation, body).await;
            let message = format!("1 validation error detected: {complaint}");
            assert_eq!((status, &answer["message"]), (400, &json!(message)), "{body}");
        }
    });
}

#[test]
fn operations_to_come_are_refused_by_name() {
    in_process(async |stage| {
        let (status, answer) = send(&stage, "ListBackups", "{}").await;
        let message = "rehearsal does not implement dynamodb ListBackups yet; COVERAGE.md lists what it does";
        assert_eq!((status, &answer["message"]), (501, &json!(message)));
    });
}

#[test]
fn bytes_that_are_no_text_and_sixteen_megabytes_are_refused() {
    in_process(async |stage| {
        let send = async |operation: &str, body: Vec<u8>| {
            post_json(&stage.emulator, &format!("DynamoDB_20120810.{operation}"), body).await
        };
        for (operation, body) in [
            ("PutItem", &[0xff, 0xfe][..]),
            ("PutItem", b"{\"TableName\":\"t\xc3\x28t\",\"Item\":{}}"),
            ("PutItem", br#"{"TableName":"ttt","Item":{"id":{"S":"x"#),
            ("Scan", br#"{"TableName":"ttt","Limit":99999999999999999999999999}"#),
        ] {
            let (status, answer) = send(operation, body.to_vec()).await;
            let kind = "com.amazon.coral.service#SerializationException";
            assert_eq!((status, &answer["__type"]), (400, &json!(kind)), "{}", String::from_utf8_lossy(body));
        }
        let text = "x".repeat((16 << 20) - 100);
        let body = format!(r#"{{"TableName":"ttt","Item":{{"id":{{"S":"{text}"}}}}}}"#);
        let (status, answer) = send("PutItem", body.into_bytes()).await;
        assert_eq!((status, &answer["message"]), (400, &json!("Item size has exceeded the maximum allowed size")));
    });
}
