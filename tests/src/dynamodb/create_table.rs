use std::time::Duration;

use aws_sdk_dynamodb::types::{
    BillingMode, GlobalSecondaryIndex, OnDemandThroughput, Projection, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, SseSpecification, SseStatus, SseType, TableClass, TableStatus, WarmThroughput,
};

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
        assert_eq!(table.attribute_definitions(), [defined("at", N), defined("user", S)]);
        assert_eq!(table.billing_mode_summary.unwrap().billing_mode, Some(BillingMode::PayPerRequest));
        assert_eq!(table.table_id.unwrap().len(), 36);
        assert_eq!(table.item_count, Some(0));

        stage.advance(Duration::from_secs(1)).await;
        let table = client.describe_table().table_name("events").send().await.unwrap().table.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Active));
    });
}

#[test]
fn a_description_tells_all_that_the_table_was_created_with() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        let create = create
            .table_class(TableClass::StandardInfrequentAccess)
            .deletion_protection_enabled(true)
            .sse_specification(SseSpecification::builder().enabled(true).build())
            .on_demand_throughput(OnDemandThroughput::builder().max_write_request_units(7).build());
        let created = create.send().await.unwrap().table_description.unwrap();
        assert_eq!(created.warm_throughput, None, "AWS tells it later");
        let summary = created.billing_mode_summary.unwrap();
        assert_eq!(summary.last_update_to_pay_per_request_date_time, None, "AWS tells it later");

        stage.advance(Duration::from_secs(1)).await;
        let table = client.describe_table().table_name("profiles").send().await.unwrap().table.unwrap();
        assert_eq!(table.table_class_summary.unwrap().table_class, Some(TableClass::StandardInfrequentAccess));
        assert_eq!(table.deletion_protection_enabled, Some(true));
        let encryption = table.sse_description.unwrap();
        assert_eq!((encryption.status, encryption.sse_type), (Some(SseStatus::Enabled), Some(SseType::Kms)));
        assert_eq!(table.on_demand_throughput.unwrap().max_write_request_units, Some(7));
        let warm = table.warm_throughput.unwrap();
        assert_eq!((warm.read_units_per_second, warm.write_units_per_second), (Some(12_000), Some(4000)));
        assert!(table.billing_mode_summary.unwrap().last_update_to_pay_per_request_date_time.is_some());
        let throughput = table.provisioned_throughput.unwrap();
        assert_eq!((throughput.read_capacity_units, throughput.number_of_decreases_today), (Some(0), Some(0)));
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
            validation(
                "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have \
                 length greater than or equal to 3"
            )
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

#[test]
fn an_index_is_refused_and_not_ignored() {
    on_both_stages(|stage| async move {
        let projection = Projection::builder().projection_type(ProjectionType::All).build();
        let index = GlobalSecondaryIndex::builder().index_name("by_id").key_schema(hash("id")).projection(projection);
        let create = client(&stage).create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", S));
        let create = create.global_secondary_indexes(index.build().unwrap());
        assert_eq!(
            refusal(create.send().await),
            (
                "NotImplemented".to_owned(),
                "rehearsal does not implement GlobalSecondaryIndexes of dynamodb CreateTable yet; COVERAGE.md lists \
                 what it does"
                    .to_owned()
            )
        );
    });
}

#[test]
fn what_a_table_is_created_with_must_fit() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = || {
            let create = client.create_table().table_name("profiles").key_schema(hash("id"));
            create.attribute_definitions(defined("id", S))
        };
        let units =
            |read| ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(1).build().unwrap();
        let bounds = |read| OnDemandThroughput::builder().max_read_request_units(read).build();
        let warm = |read| WarmThroughput::builder().read_units_per_second(read).build();
        let on_demand = || create().billing_mode(BillingMode::PayPerRequest);
        let invalid = "One or more parameter values were invalid: ";
        for (create, message) in [
            (
                on_demand().table_class("CHEAP".into()),
                "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, \
                 STANDARD_INFREQUENT_ACCESS]."
                    .to_owned(),
            ),
            (
                create().provisioned_throughput(units(1)).on_demand_throughput(bounds(1)),
                format!(
                    "{invalid}MaxReadRequestUnits for OnDemandThroughput cannot be specified when table BillingMode is \
                     PROVISIONED."
                ),
            ),
            (
                on_demand().on_demand_throughput(bounds(-1)),
                format!(
                    "{invalid}Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range"
                ),
            ),
            (
                create().provisioned_throughput(units(10)).warm_throughput(warm(5)),
                format!(
                    "{invalid}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than \
                     ReadCapacityUnits of ProvisionedThroughput"
                ),
            ),
            (
                on_demand().sse_specification(SseSpecification::builder().sse_type(SseType::Aes256).build()),
                format!("{invalid}SSEType AES256 is not supported"),
            ),
            (
                on_demand().tags(super::tag_resource::tag("aws:x", "v")),
                "Tag Key cannot be prefixed with aws:, Key: aws:x".to_owned(),
            ),
            (
                on_demand().resource_policy("{}"),
                format!("{invalid}Invalid policy document: Syntax error at position (1,3)"),
            ),
            (on_demand().attribute_definitions(defined("id", N)), "Attribute Name is duplicated: id".to_owned()),
        ] {
            assert_eq!(refusal(create.send().await), validation(&message));
        }
        let (code, _) = refusal(create().provisioned_throughput(units(40_001)).send().await);
        assert_eq!(code, "LimitExceededException");
        let none = client.list_tables().send().await.unwrap();
        assert_eq!(none.table_names(), [] as [String; 0], "nothing was created");
    });
}

#[test]
fn an_account_has_so_many_units() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        for (name, fits) in [("first", true), ("second", true), ("third", false)] {
            let units = ProvisionedThroughput::builder().read_capacity_units(40_000).write_capacity_units(1);
            let create = client.create_table().table_name(name).provisioned_throughput(units.build().unwrap());
            let created = create.key_schema(hash("id")).attribute_definitions(defined("id", S)).send().await;
            if fits {
                created.unwrap();
                continue;
            }
            let (code, message) = refusal(created);
            assert_eq!(code, "LimitExceededException");
            assert!(
                message.contains("Current ReadCapacityUnits reserved by the account: 80000. Limit: 80000."),
                "{message}"
            );
        }
    });
}
