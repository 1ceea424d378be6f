use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnConsumedCapacity, ScalarAttributeType, Select};

use super::fixture::{Item, events, item, n, not_found, put, s, validation};
use crate::stage::{on_both_stages, refusal};

fn event(user: &str, at: AttributeValue) -> Item {
    item([("user", s(user)), ("at", at)])
}

fn of_user(client: &Client, condition: &str) -> QueryFluentBuilder {
    let query = client.query().table_name("events").key_condition_expression(condition);
    let query = query.expression_attribute_names("#u", "user").expression_attribute_values(":u", s("ada"));
    if condition.contains("#at") { query.expression_attribute_names("#at", "at") } else { query }
}

fn numbers(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item["at"].as_n().expect("at is a number").as_str()).collect()
}

// behaviour

#[test]
fn items_come_in_the_order_of_the_sort_key() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for at in ["10", "9", "-1", "-20", "0", "0.5", "1E3"] {
            put(&client, "events", event("ada", n(at))).await;
        }
        put(&client, "events", event("bob", n(5))).await;
        let up = of_user(&client, "#u = :u").send().await.unwrap();
        assert_eq!(numbers(up.items()), ["-20", "-1", "0", "0.5", "9", "10", "1000"]);
        assert_eq!((up.count, up.scanned_count), (7, 7));
        assert_eq!(up.last_evaluated_key, None);
        let down = of_user(&client, "#u = :u").scan_index_forward(false).limit(2).send().await.unwrap();
        assert_eq!(numbers(down.items()), ["1000", "10"]);
        assert_eq!(down.last_evaluated_key, Some(event("ada", n(10))));
    });
}

#[test]
fn a_sort_condition_narrows_the_range() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for at in 1..=5 {
            put(&client, "events", event("ada", n(at))).await;
        }
        for (condition, expected) in [
            ("#at = :low", vec!["2"]),
            ("#at < :low", vec!["1"]),
            ("#at <= :low", vec!["1", "2"]),
            ("#at > :low", vec!["3", "4", "5"]),
            ("#at >= :low", vec!["2", "3", "4", "5"]),
            (":low < #at", vec!["3", "4", "5"]),
        ] {
            let query = of_user(&client, &format!("#u = :u AND {condition}"));
            let found = query.expression_attribute_values(":low", n(2)).send().await.unwrap();
            assert_eq!(numbers(found.items()), expected, "{condition}");
        }
        let between = of_user(&client, "#u = :u AND #at BETWEEN :low AND :high");
        let between = between.expression_attribute_values(":low", n(2)).expression_attribute_values(":high", n(4));
        assert_eq!(numbers(between.send().await.unwrap().items()), ["2", "3", "4"]);
    });
}

#[test]
fn begins_with_works_on_texts_and_bytes() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::S).await;
        for at in ["2026-01", "2026-02", "2027-01", "2025"] {
            put(&client, "events", event("ada", s(at))).await;
        }
        let found = of_user(&client, "#u = :u AND begins_with(#at, :p)").expression_attribute_values(":p", s("2026"));
        let found = found.send().await.unwrap();
        let texts: Vec<_> = found.items().iter().map(|item| item["at"].as_s().unwrap().as_str()).collect();
        assert_eq!(texts, ["2026-01", "2026-02"]);
    });
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::B).await;
        let bytes = |bytes: &[u8]| AttributeValue::B(Blob::new(bytes));
        for at in [&[255, 255][..], &[255, 255, 0], &[255, 0], &[1]] {
            put(&client, "events", event("ada", bytes(at))).await;
        }
        let found = of_user(&client, "#u = :u AND begins_with(#at, :p)");
        let found = found.expression_attribute_values(":p", bytes(&[255, 255])).send().await.unwrap();
        assert_eq!(found.items(), [event("ada", bytes(&[255, 255])), event("ada", bytes(&[255, 255, 0]))]);
    });
}

#[test]
fn pages_follow_each_other_both_ways() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for at in 1..=5 {
            put(&client, "events", event("ada", n(at))).await;
        }
        for (forward, expected) in [(true, ["1", "2", "3", "4", "5"]), (false, ["5", "4", "3", "2", "1"])] {
            let query = of_user(&client, "#u = :u").limit(2).scan_index_forward(forward);
            let items = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
            assert_eq!(numbers(&items), expected);
        }
    });
}

#[test]
fn a_filter_counts_what_it_read() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for at in 1..=4 {
            let kind = if at % 2 == 0 { "even" } else { "odd" };
            let mut event = event("ada", n(at));
            event.insert("kind".to_owned(), s(kind));
            put(&client, "events", event).await;
        }
        let query = || {
            let query = of_user(&client, "#u = :u").filter_expression("kind = :k");
            query.expression_attribute_values(":k", s("even"))
        };
        let found = query().send().await.unwrap();
        assert_eq!((found.count, found.scanned_count, found.items().len()), (2, 4, 2));
        let counted = query().select(Select::Count).send().await.unwrap();
        assert_eq!((counted.count, counted.scanned_count, counted.items), (2, 4, None));
        let first = query().limit(1).send().await.unwrap();
        assert_eq!((first.count, first.scanned_count), (0, 1));
        assert_eq!(first.last_evaluated_key, Some(event("ada", n(1))));
        let projected = query().projection_expression("kind").limit(2).send().await.unwrap();
        assert_eq!(projected.items(), [item([("kind", s("even"))])]);
    });
}

#[test]
fn a_page_ends_at_a_megabyte_and_costs_what_it_read() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        for at in 1..=5 {
            let mut event = event("ada", n(at));
            event.insert("body".to_owned(), s(&"x".repeat(300_000)));
            put(&client, "events", event).await;
        }
        let query = of_user(&client, "#u = :u").return_consumed_capacity(ReturnConsumedCapacity::Total);
        let page = query.filter_expression("attribute_not_exists(body)").send().await.unwrap();
        assert_eq!((page.count, page.scanned_count), (0, 4));
        assert_eq!(page.last_evaluated_key, Some(event("ada", n(4))));
        assert_eq!(page.consumed_capacity.unwrap().capacity_units, Some(146.5));
    });
}

// validation

#[test]
fn a_key_condition_must_fit_the_key() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let bare = client.query().table_name("events");
        assert_eq!(
            refusal(bare.send().await),
            validation(
                "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."
            )
        );
        for (condition, message) in [
            ("extra = :u AND #u > :u", "Query key condition not supported"),
            ("#u > :u", "Query key condition not supported"),
            ("#u = :u AND extra = :u", "Query condition missed key schema element: at"),
            (
                "#u = :u AND #at = :u",
                "One or more parameter values were invalid: Condition parameter type does not match schema type",
            ),
            (
                "#u = :u OR #u = :u",
                "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR",
            ),
        ] {
            assert_eq!(refusal(of_user(&client, condition).send().await), validation(message), "{condition}");
        }
    });
}

#[test]
fn a_filter_must_leave_the_key_alone() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let query = of_user(&client, "#u = :u").filter_expression("#at > :u").expression_attribute_names("#at", "at");
        assert_eq!(
            refusal(query.send().await),
            validation("Filter Expression can only contain non-primary key attributes: Primary key attribute: at")
        );
    });
}

#[test]
fn what_is_not_there_is_refused() {
    on_both_stages(|stage| async move {
        let client = events(&stage, ScalarAttributeType::N).await;
        let query = || of_user(&client, "#u = :u");
        assert_eq!(
            refusal(query().index_name("by_at").send().await),
            validation("The table does not have the specified index: by_at")
        );
        assert_eq!(refusal(query().table_name("gone").send().await), not_found("Requested resource not found"));
        assert_eq!(
            refusal(query().limit(0).send().await),
            validation(
                "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have \
                 value greater than or equal to 1"
            )
        );
        assert_eq!(
            refusal(query().set_exclusive_start_key(Some(event("bob", n(1)))).send().await),
            validation("The provided starting key is outside query boundaries based on provided conditions")
        );
        assert_eq!(
            refusal(query().set_exclusive_start_key(Some(item([("user", s("ada"))]))).send().await),
            validation("The provided starting key is invalid")
        );
    });
}
