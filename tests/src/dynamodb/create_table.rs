use std::time::Duration;

use aws_sdk_dynamodb::types::{BillingMode, ProvisionedThroughput, ScalarAttributeType, TableStatus};

use super::fixture::{client, defined, hash, not_found, profiles, put, range, s, validation};
use crate::dynamodb::fixture::item;
use crate::stage::{on_both_stages, refusal};

use ScalarAttributeType::{N, S};

// behaviour

#[test]
fn a_new_table_is_creating_and_then_active() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("events").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("user")).key_schema(range("at"));
        let create = create.attribute_definitions(defined("user", S)).attribute_definitions(defined("at", N));
        let table = create.send().await.unwrap().table_description.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Creating));
        assert_eq!(table.table_arn.as_deref(), Some("arn:aws:dynamodb:us-east-1:000000000000:table/events"));
        assert_eq!(table.key_schema(), [hash("user"), range("at")]);
        assert_eq!(table.attribute_definitions(), [defined("user", S), defined("at", N)]);
        assert_eq!(table.billing_mode_summary.unwrap().billing_mode, Some(BillingMode::PayPerRequest));
        assert_eq!(table.table_id.unwrap().len(), 36);
        assert_eq!(table.item_count, Some(0));

        stage.advance(Duration::from_secs(1)).await;
        let table = client.describe_table().table_name("events").send().await.unwrap().table.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Active));
    });
}

#[test]
fn the_items_of_a_table_that_is_creating_cannot_be_used() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        create.send().await.unwrap();
        let early = client.put_item().table_name("profiles").item("id", s("a")).send().await;
        assert_eq!(refusal(early), not_found("Requested resource not found"));
    });
}

#[test]
fn the_sdks_waiter_sees_the_table_become_active() {
    use aws_sdk_dynamodb::client::Waiters;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let stage = crate::stage::Stage::in_process().await;
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        create.send().await.unwrap();
        client.wait_until_table_exists().table_name("profiles").wait(Duration::from_secs(60)).await.unwrap();
        put(&client, "profiles", item([("id", s("a"))])).await;
    });
}

#[test]
fn a_name_is_taken_once() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        let expected = ("ResourceInUseException".to_owned(), "Table already exists: profiles".to_owned());
        assert_eq!(refusal(create.send().await), expected);
    });
}

#[test]
fn provisioned_throughput_is_kept() {
    on_both_stages(|stage| async move {
        let throughput =
            ProvisionedThroughput::builder().read_capacity_units(5).write_capacity_units(6).build().unwrap();
        let create = client(&stage).create_table().table_name("profiles").provisioned_throughput(throughput);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        let table = create.send().await.unwrap().table_description.unwrap();
        let throughput = table.provisioned_throughput.unwrap();
        assert_eq!((throughput.read_capacity_units, throughput.write_capacity_units), (Some(5), Some(6)));
        assert_eq!(table.billing_mode_summary, None);
    });
}

// validation

#[test]
fn what_breaks_the_model_is_listed() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode("CHEAP".into());
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", "X".into()));
        assert_eq!(
            refusal(create.send().await),
            validation(
                "2 validation errors detected: Value 'X' at 'attributeDefinitions.1.member.attributeType' failed \
                 to satisfy constraint: Member must satisfy enum value set: [B, N, S]; Value 'CHEAP' at 'billingMode' \
                 failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"
            )
        );
        let create = client.create_table().table_name("ab").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        assert_eq!(
            refusal(create.send().await),
            validation("TableName must be at least 3 characters long and at most 255 characters long")
        );
    });
}

#[test]
fn billing_mode_and_throughput_must_fit() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = || {
            let create = client.create_table().table_name("profiles").key_schema(hash("id"));
            create.attribute_definitions(defined("id", S))
        };
        assert_eq!(
            refusal(create().send().await),
            validation(
                "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be \
                 specified when BillingMode is PROVISIONED"
            )
        );
        let throughput =
            ProvisionedThroughput::builder().read_capacity_units(1).write_capacity_units(1).build().unwrap();
        let both = create().billing_mode(BillingMode::PayPerRequest).provisioned_throughput(throughput);
        assert_eq!(
            refusal(both.send().await),
            validation(
                "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be \
                 specified when BillingMode is PAY_PER_REQUEST"
            )
        );
    });
}

#[test]
fn key_and_definitions_must_fit() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let invalid = "One or more parameter values were invalid: ";
        let cases = [
            (
                vec![range("id")],
                vec!["id"],
                "Invalid KeySchema: The first KeySchemaElement is not a HASH key type".to_owned(),
            ),
            (
                vec![hash("id"), hash("at")],
                vec!["id", "at"],
                "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type".to_owned(),
            ),
            (
                vec![hash("id"), range("id")],
                vec!["id"],
                format!("{invalid}Both the Hash Key and the Range Key element in the KeySchema have the same name"),
            ),
            (
                vec![hash("id")],
                vec!["other"],
                format!(
                    "{invalid}Some index key attributes are not defined in AttributeDefinitions. Keys: [id], \
                     AttributeDefinitions: [other]"
                ),
            ),
            (
                vec![hash("id"), range("at")],
                vec!["id"],
                "Invalid KeySchema: Some index key attribute have no definition".to_owned(),
            ),
            (
                vec![hash("id")],
                vec!["id", "other"],
                format!(
                    "{invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in \
                     AttributeDefinitions"
                ),
            ),
        ];
        for (keys, definitions, message) in cases {
            let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
            let create = create.set_key_schema(Some(keys));
            let definitions = definitions.into_iter().map(|name| defined(name, S)).collect();
            let create = create.set_attribute_definitions(Some(definitions));
            assert_eq!(refusal(create.send().await), validation(&message));
        }
    });
}
