use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::Condition;
use serde_json::{Value, json};

use super::{client, create_bus, not_found, validation};
use crate::stage::{on_both_stages, refusal};

const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/orders";

async fn policy(events: &Client) -> Value {
    let described = events.describe_event_bus().name("orders").send().await.unwrap();
    described.policy().map_or(Value::Null, |policy| serde_json::from_str(policy).unwrap())
}

// Validation

#[test]
fn permissions_are_checked_as_aws_checks_them() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = || {
            let put = events.put_permission().event_bus_name("orders").action("events:PutEvents");
            put.principal("111111111111").statement_id("friend")
        };
        let pattern = "failed to satisfy constraint: Member must satisfy regular expression pattern";
        let organization = |kind: &str, key: &str| Condition::builder().r#type(kind).key(key).value("o-1").build();
        for (put, error) in [
            (put().event_bus_name("others"), not_found("Event bus others does not exist.")),
            (
                put().principal("friend"),
                validation(&format!(
                    r"1 validation error detected: Value 'friend' at 'principal' {pattern}: (\d{{12}}|\*)"
                )),
            ),
            (
                put().statement_id("a b"),
                validation(&format!(
                    "1 validation error detected: Value 'a b' at 'statementId' {pattern}: [a-zA-Z0-9-_]+"
                )),
            ),
            (put().action("events:PutRule"), validation("Provided value in parameter 'action' is not supported.")),
            (
                put().condition(organization("StringLike", "aws:PrincipalOrgID").unwrap()),
                validation("Provided value in parameter 'condition.type' is not supported."),
            ),
            (
                put().condition(organization("StringEquals", "aws:SourceIp").unwrap()),
                validation("Provided value in parameter 'condition.key' is not supported."),
            ),
            (
                put().policy("{}"),
                validation("Parameter Policy cannot be used with Action, Principal, StatementId or Condition."),
            ),
            (put().set_action(None), validation("Parameter Action must be specified.")),
            (put().set_principal(None), validation("Parameter Principal must be specified.")),
            (put().set_statement_id(None), validation("Parameter StatementId must be specified.")),
        ] {
            assert_eq!(refusal(put.send().await), error);
        }
        assert_eq!(policy(&events).await, Value::Null);
    });
}

#[test]
fn a_policy_is_a_document_of_up_to_10_kb() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let refused = events.put_permission().event_bus_name("orders").policy("[]").send().await;
        let message = "Parameter Policy is not valid. Reason: Policy is not a valid JSON object.";
        assert_eq!(refusal(refused), validation(message));
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": "x".repeat(10_240),
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        let (code, message) = refusal(events.put_permission().event_bus_name("orders").policy(policy).send().await);
        assert_eq!(code, "PolicyLengthExceededException");
        assert_eq!(message, "Policy size would be larger than the maximum allowed.");
    });
}

// Behaviour

#[test]
fn statements_add_up_to_a_policy() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = |id: &str, principal: &str| {
            let put = events.put_permission().event_bus_name("orders").action("events:PutEvents");
            put.statement_id(id).principal(principal)
        };
        let organization = Condition::builder().r#type("StringEquals").key("aws:PrincipalOrgID").value("o-1");
        put("friend", "111111111111").send().await.unwrap();
        put("all", "*").condition(organization.build().unwrap()).send().await.unwrap();
        put("friend", "222222222222").send().await.unwrap();
        let expected = json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "friend", "Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::222222222222:root"},
                    "Action": "events:PutEvents", "Resource": BUS,
                },
                {
                    "Sid": "all", "Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Resource": BUS,
                    "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}},
                },
            ],
        });
        assert_eq!(policy(&events).await, expected);
        let listed = events.list_event_buses().name_prefix("orders").send().await.unwrap();
        assert_eq!(listed.event_buses()[0].policy(), Some(expected.to_string().as_str()));
    });
}

#[test]
fn a_whole_policy_takes_the_place_of_what_was_there() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        let put = events.put_permission().event_bus_name("orders").action("events:PutEvents");
        put.statement_id("friend").principal("111111111111").send().await.unwrap();
        let whole = json!({
            "Version": "2012-10-17",
            "Statement": {"Sid": "s", "Effect": "Allow", "Principal": "*", "Action": "events:*", "Resource": BUS},
        });
        events.put_permission().event_bus_name("orders").policy(whole.to_string()).send().await.unwrap();
        assert_eq!(policy(&events).await, whole);
    });
}
