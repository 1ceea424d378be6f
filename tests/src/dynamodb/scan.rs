use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, Select};

use super::fixture::{Item, item, n, not_found, profiles, put, s, validation};
use crate::stage::{Stage, on_both_stages, refusal};

fn ids(items: &[Item]) -> Vec<String> {
    items.iter().map(|item| item["id"].as_s().expect("id is a text").clone()).collect()
}

async fn twenty(stage: &Stage) -> aws_sdk_dynamodb::Client {
    let client = profiles(stage).await;
    for number in 0..20 {
        put(&client, "profiles", item([("id", s(&format!("user-{number}"))), ("age", n(number))])).await;
    }
    client
}

// behaviour

#[test]
fn a_scan_reads_every_item_once_in_pages_and_in_segments() {
    on_both_stages(|stage| async move {
        let client = twenty(&stage).await;
        let whole = client.scan().table_name("profiles").send().await.unwrap();
        assert_eq!((whole.count, whole.scanned_count, whole.last_evaluated_key.clone()), (20, 20, None));
        let all = ids(whole.items());
        let pages = client.scan().table_name("profiles").limit(3).into_paginator().items().send();
        assert_eq!(ids(&pages.collect::<Result<Vec<_>, _>>().await.unwrap()), all);
        let mut from_segments = Vec::new();
        for segment in 0..4 {
            let scan = client.scan().table_name("profiles").segment(segment).total_segments(4).limit(2);
            let items = scan.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await.unwrap();
            assert!(items.len() < 20, "a segment is a part");
            from_segments.extend(ids(&items));
        }
        assert_eq!(from_segments, all);
        assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), 20);
    });
}

#[test]
fn a_filter_may_look_at_the_key_and_counts_what_it_read() {
    on_both_stages(|stage| async move {
        let client = twenty(&stage).await;
        let scan =
            client.scan().table_name("profiles").filter_expression("id IN (:a, :b) AND age BETWEEN :low AND :high");
        let scan = scan
            .expression_attribute_values(":a", s("user-3"))
            .expression_attribute_values(":b", s("user-19"))
            .expression_attribute_values(":low", n(0))
            .expression_attribute_values(":high", n(10))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        let found = scan.clone().projection_expression("age").send().await.unwrap();
        assert_eq!(found.items(), [item([("age", n(3))])]);
        assert_eq!((found.count, found.scanned_count), (1, 20));
        assert_eq!(found.consumed_capacity.unwrap().capacity_units, Some(0.5));
        let counted = scan.select(Select::Count).send().await.unwrap();
        assert_eq!((counted.count, counted.items), (1, None));
    });
}

// validation

#[test]
fn segments_come_in_twos() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let scan = || client.scan().table_name("profiles");
        for (scan, message) in [
            (
                scan().segment(0),
                "The TotalSegments parameter is required but was not present in the request when Segment parameter is \
                 present",
            ),
            (
                scan().total_segments(2),
                "The Segment parameter is required but was not present in the request when parameter TotalSegments is \
                 present",
            ),
            (
                scan().segment(2).total_segments(2),
                "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not \
                 less than TotalSegments: 2",
            ),
        ] {
            assert_eq!(refusal(scan.send().await), validation(message));
        }
    });
}

#[test]
fn select_must_fit_the_projection() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let scan = || client.scan().table_name("profiles");
        let invalid = "One or more parameter values were invalid: ";
        for (scan, message) in [
            (
                scan().select(Select::SpecificAttributes),
                "Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES",
            ),
            (
                scan().select(Select::AllProjectedAttributes),
                "ALL_PROJECTED_ATTRIBUTES can be used only when Scanning using an IndexName",
            ),
            (
                scan().select(Select::AllAttributes).projection_expression("id"),
                "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
            ),
        ] {
            assert_eq!(refusal(scan.send().await), validation(&format!("{invalid}{message}")));
        }
        assert_eq!(refusal(scan().table_name("gone").send().await), not_found("Requested resource not found"));
        assert_eq!(
            refusal(scan().exclusive_start_key("id", n(1)).send().await),
            validation("The provided starting key is invalid: The provided key element does not match the schema")
        );
    });
}
