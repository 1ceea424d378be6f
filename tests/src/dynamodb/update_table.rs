use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    BillingMode, OnDemandThroughput, ProvisionedThroughput, ScalarAttributeType, SseSpecification, SseStatus, SseType,
    StreamSpecification, TableClass, TableDescription, TableStatus, WarmThroughput,
};
use serde_json::{Value, json};

use super::fixture::{client, defined, get, hash, item, not_found, profiles, put, s, validation};
use crate::raw::post_json;
use crate::stage::{Stage, on_both_stages, refusal};

fn units(read: i64, write: i64) -> ProvisionedThroughput {
    ProvisionedThroughput::builder().read_capacity_units(read).write_capacity_units(write).build().unwrap()
}

fn update(client: &Client) -> UpdateTableFluentBuilder {
    client.update_table().table_name("profiles")
}

async fn describe(client: &Client) -> TableDescription {
    client.describe_table().table_name("profiles").send().await.unwrap().table.unwrap()
}

/// An active table `profiles` of these units.
async fn provisioned(stage: &Stage, read: i64, write: i64) -> Client {
    let client = client(stage);
    let create = client.create_table().table_name("profiles").provisioned_throughput(units(read, write));
    let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
    create.send().await.unwrap();
    settle(stage).await;
    client
}

async fn settle(stage: &Stage) {
    stage.advance(Duration::from_secs(1)).await;
}

fn in_use(detail: &str) -> (String, String) {
    let message = format!("Attempt to change a resource which is still in use: {detail}");
    ("ResourceInUseException".to_owned(), message)
}

fn invalid(detail: &str) -> (String, String) {
    validation(&format!("One or more parameter values were invalid: {detail}"))
}

// behaviour

#[test]
fn new_units_count_once_the_table_is_active_again() {
    on_both_stages(|stage| async move {
        let client = provisioned(&stage, 2, 2).await;
        let answer = update(&client).provisioned_throughput(units(5, 1)).send().await.unwrap();
        let answer = answer.table_description.unwrap();
        assert_eq!(answer.table_status, Some(TableStatus::Updating));
        assert_eq!(answer.provisioned_throughput.unwrap().read_capacity_units, Some(2));
        put(&client, "profiles", item([("id", s("a"))])).await;
        assert!(get(&client, "profiles", item([("id", s("a"))])).await.is_some(), "items are served meanwhile");
        assert_eq!(
            refusal(update(&client).provisioned_throughput(units(6, 6)).send().await),
            in_use("Table IOPS are currently being updated. Table: profiles")
        );
        assert_eq!(
            refusal(client.delete_table().table_name("profiles").send().await),
            in_use("Table: profiles is in the process of being updated.")
        );
        settle(&stage).await;
        let table = describe(&client).await;
        assert_eq!(table.table_status, Some(TableStatus::Active));
        assert!(table.billing_mode_summary.is_none(), "it was never on demand");
        let throughput = table.provisioned_throughput.unwrap();
        assert_eq!((throughput.read_capacity_units, throughput.write_capacity_units), (Some(5), Some(1)));
        assert_eq!(throughput.number_of_decreases_today, Some(1));
        assert!(throughput.last_increase_date_time.is_some() && throughput.last_decrease_date_time.is_some());
        let warm = table.warm_throughput.unwrap();
        assert_eq!((warm.read_units_per_second, warm.write_units_per_second), (Some(5), Some(2)), "it never shrinks");
    });
}

#[test]
fn the_fifth_decrease_of_a_day_waits_for_an_hour() {
    on_both_stages(|stage| async move {
        let client = provisioned(&stage, 10, 10).await;
        for read in [9, 8, 7, 6] {
            update(&client).provisioned_throughput(units(read, 10)).send().await.unwrap();
            settle(&stage).await;
        }
        let (code, message) = refusal(update(&client).provisioned_throughput(units(5, 10)).send().await);
        assert_eq!(code, "LimitExceededException");
        assert!(message.contains("Number of decreases today: 4. Last decrease at "), "{message}");
        stage.advance(Duration::from_hours(1)).await;
        update(&client).provisioned_throughput(units(5, 10)).send().await.unwrap();
    });
}

#[test]
fn the_billing_mode_goes_there_and_back() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let answer = update(&client).billing_mode(BillingMode::Provisioned).provisioned_throughput(units(3, 4));
        let answer = answer.send().await.unwrap().table_description.unwrap();
        assert_eq!(answer.table_status, Some(TableStatus::Updating));
        settle(&stage).await;
        let table = describe(&client).await;
        let summary = table.billing_mode_summary.unwrap();
        assert_eq!(summary.billing_mode, Some(BillingMode::Provisioned));
        assert!(summary.last_update_to_pay_per_request_date_time.is_some());
        let throughput = table.provisioned_throughput.unwrap();
        assert_eq!((throughput.read_capacity_units, throughput.write_capacity_units), (Some(3), Some(4)));

        let bounds = OnDemandThroughput::builder().max_read_request_units(100).build();
        let back = update(&client).billing_mode(BillingMode::PayPerRequest).on_demand_throughput(bounds);
        back.send().await.unwrap();
        settle(&stage).await;
        let table = describe(&client).await;
        assert_eq!(table.billing_mode_summary.unwrap().billing_mode, Some(BillingMode::PayPerRequest));
        assert_eq!(table.provisioned_throughput.unwrap().read_capacity_units, Some(0));
        assert_eq!(table.on_demand_throughput.unwrap().max_read_request_units, Some(100));
        assert_eq!(table.warm_throughput.unwrap().read_units_per_second, Some(12_000));

        let again = update(&client).billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
        assert_eq!(again.table_description.unwrap().table_status, Some(TableStatus::Updating), "as AWS tells it");
        assert_eq!(describe(&client).await.table_status, Some(TableStatus::Active));
    });
}

#[test]
fn bounds_on_demand_change_at_once_and_member_by_member() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let bounds = |read, write| {
            let bounds = OnDemandThroughput::builder().set_max_read_request_units(read);
            update(&client).on_demand_throughput(bounds.set_max_write_request_units(write).build())
        };
        bounds(Some(1000), Some(500)).send().await.unwrap();
        bounds(Some(2000), None).send().await.unwrap();
        let answer = bounds(None, Some(-1)).send().await.unwrap().table_description.unwrap();
        assert_eq!(answer.table_status, Some(TableStatus::Active));
        assert_eq!(answer.on_demand_throughput.unwrap().max_write_request_units, Some(-1));
        let now = describe(&client).await.on_demand_throughput.unwrap();
        assert_eq!((now.max_read_request_units, now.max_write_request_units), (Some(2000), None));
        bounds(Some(-1), None).send().await.unwrap();
        assert_eq!(describe(&client).await.on_demand_throughput, None);
        assert_eq!(
            refusal(bounds(Some(0), None).send().await),
            invalid("Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range")
        );
        let (code, _) = refusal(bounds(None, Some(40_001)).send().await);
        assert_eq!(code, "LimitExceededException");
    });
}

#[test]
fn the_class_changes_twice_in_thirty_days() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        assert_eq!(describe(&client).await.table_class_summary, None);
        update(&client).table_class(TableClass::Standard).send().await.unwrap();
        assert_eq!(describe(&client).await.table_class_summary, None, "nothing has changed");
        let infrequent = TableClass::StandardInfrequentAccess;
        let answer = update(&client).table_class(infrequent.clone()).send().await.unwrap();
        assert_eq!(answer.table_description.unwrap().table_class_summary, None, "not yet");
        assert_eq!(
            refusal(update(&client).table_class(TableClass::Standard).send().await),
            in_use(
                "Can't update table class when a table class update is in progress. Table: profiles \
                 TableClassUpdateInProgress: STANDARD_INFREQUENT_ACCESS"
            )
        );
        settle(&stage).await;
        let summary = describe(&client).await.table_class_summary.unwrap();
        assert_eq!(summary.table_class, Some(infrequent.clone()));
        assert!(summary.last_update_date_time.is_some());
        update(&client).table_class(TableClass::Standard).send().await.unwrap();
        settle(&stage).await;
        assert_eq!(
            refusal(update(&client).table_class(infrequent.clone()).send().await),
            (
                "LimitExceededException".to_owned(),
                "Subscriber limit exceeded: Updates to TableClass are limited to 2 times in 30 day(s).".to_owned()
            )
        );
        stage.advance(Duration::from_hours(30 * 24)).await;
        update(&client).table_class(infrequent).send().await.unwrap();
    });
}

#[test]
fn protection_changes_at_once_even_while_the_table_is_updating() {
    on_both_stages(|stage| async move {
        let client = provisioned(&stage, 1, 1).await;
        update(&client).provisioned_throughput(units(2, 2)).send().await.unwrap();
        let answer = update(&client).deletion_protection_enabled(true).send().await.unwrap();
        assert_eq!(answer.table_description.unwrap().deletion_protection_enabled, Some(true));
        settle(&stage).await;
        let (code, _) = refusal(client.delete_table().table_name("profiles").send().await);
        assert_eq!(code, "ValidationException");
        update(&client).deletion_protection_enabled(false).send().await.unwrap();
        client.delete_table().table_name("profiles").send().await.unwrap();
    });
}

#[test]
fn the_key_changes_while_the_table_stays_active() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        assert_eq!(describe(&client).await.sse_description, None);
        let on = SseSpecification::builder().enabled(true).build();
        let answer = update(&client).sse_specification(on).send().await.unwrap().table_description.unwrap();
        assert_eq!(answer.table_status, Some(TableStatus::Active));
        assert_eq!(answer.sse_description.unwrap().status, Some(SseStatus::Updating));
        assert_eq!(
            refusal(client.delete_table().table_name("profiles").send().await),
            in_use("Table: profiles is in the process of being updated.")
        );
        settle(&stage).await;
        let encryption = describe(&client).await.sse_description.unwrap();
        assert_eq!((encryption.status, encryption.sse_type), (Some(SseStatus::Enabled), Some(SseType::Kms)));
        let arn = encryption.kms_master_key_arn.unwrap();
        assert!(arn.starts_with("arn:aws:kms:us-east-1:000000000000:key/"), "{arn}");
        let same = SseSpecification::builder().enabled(true).sse_type(SseType::Kms).kms_master_key_id(arn).build();
        assert_eq!(
            refusal(update(&client).sse_specification(same).send().await),
            invalid(
                "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId parameter if you want to \
                 change Master Key"
            )
        );
        let off = || SseSpecification::builder().enabled(false).build();
        update(&client).sse_specification(off()).send().await.unwrap();
        settle(&stage).await;
        assert_eq!(describe(&client).await.sse_description, None);
        assert_eq!(
            refusal(update(&client).sse_specification(off()).send().await),
            invalid("Table is already encrypted by default")
        );
    });
}

#[test]
fn warm_throughput_grows_while_the_table_stays_active() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let warm = |read| WarmThroughput::builder().read_units_per_second(read).build();
        let answer = update(&client).warm_throughput(warm(13_000)).send().await.unwrap().table_description.unwrap();
        assert_eq!(answer.table_status, Some(TableStatus::Active));
        let growing = answer.warm_throughput.unwrap();
        assert_eq!(growing.read_units_per_second, Some(12_000));
        assert_eq!(growing.status, Some(TableStatus::Updating));
        settle(&stage).await;
        let grown = describe(&client).await.warm_throughput.unwrap();
        assert_eq!((grown.read_units_per_second, grown.write_units_per_second), (Some(13_000), Some(4000)));
        assert_eq!(grown.status, Some(TableStatus::Active));
        assert_eq!(
            refusal(update(&client).warm_throughput(warm(12_999)).send().await),
            invalid(
                "Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, \
                 decreasing WarmThroughput is not supported"
            )
        );
    });
}

// validation

/// What is refused whatever the table is, by the body of the request.
const MISTAKES: &[(&str, &str)] = &[
    (r#"{}"#, "The parameter 'TableName' is required but was not present in the request"),
    (
        r#"{"TableName": "ab", "DeletionProtectionEnabled": true}"#,
        "1 validation error detected: Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length \
         greater than or equal to 3",
    ),
    (
        r#"{"TableName": "gone"}"#,
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, \
         SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, \
         DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
    ),
    (
        r#"{"TableName": "gone", "ProvisionedThroughput": {"ReadCapacityUnits": 0}}"#,
        "2 validation errors detected: Value null at 'provisionedThroughput.writeCapacityUnits' failed to satisfy \
         constraint: Member must not be null; Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy \
         constraint: Member must have value greater than or equal to 1",
    ),
    (
        r#"{"TableName": "gone", "TableClass": "CHEAP"}"#,
        "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, \
         STANDARD_INFREQUENT_ACCESS].",
    ),
    (
        r#"{"TableName": "gone", "BillingMode": "PROVISIONED"}"#,
        "One or more parameter values were invalid: ProvisionedThroughput must be specified when BillingMode is \
         PROVISIONED",
    ),
    (
        r#"{"TableName": "gone", "BillingMode": "PAY_PER_REQUEST", "ProvisionedThroughput": {"ReadCapacityUnits": 1,
            "WriteCapacityUnits": 1}}"#,
        "One or more parameter values were invalid: ProvisionedThroughput cannot be specified when BillingMode is \
         PAY_PER_REQUEST",
    ),
    (
        r#"{"TableName": "gone", "DeletionProtectionEnabled": true, "SSESpecification": {"Enabled": true}}"#,
        "One or more parameter values were invalid: Server-Side Encryption modification must be the only operation in \
         the request",
    ),
    (
        r#"{"TableName": "gone", "DeletionProtectionEnabled": true, "TableClass": "STANDARD"}"#,
        "One or more parameter values were invalid: TableClass modification must be the only operation in the request",
    ),
    (
        r#"{"TableName": "gone", "DeletionProtectionEnabled": true, "BillingMode": "PAY_PER_REQUEST"}"#,
        "One or more parameter values were invalid: DeletionProtection modification must be the only operation in the \
         request",
    ),
    (
        r#"{"TableName": "gone", "WarmThroughput": {"ReadUnitsPerSecond": 1}, "BillingMode": "PAY_PER_REQUEST"}"#,
        "One or more parameter values were invalid: WarmThroughput must be the only operation in the request",
    ),
    (
        r#"{"TableName": "gone", "OnDemandThroughput": {"MaxReadRequestUnits": 1}, "StreamSpecification":
            {"StreamEnabled": false}}"#,
        "One or more parameter values were invalid: OnDemandThroughput can only be combined with BillingMode in an \
         UpdateTable request",
    ),
    (
        r#"{"TableName": "gone", "ProvisionedThroughput": {"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
            "StreamSpecification": {"StreamEnabled": false}}"#,
        "One or more parameter values were invalid: You cannot modify stream status while updating table IOPS",
    ),
    (
        r#"{"TableName": "gone", "DeletionProtectionEnabled": true, "GlobalSecondaryIndexUpdates": []}"#,
        "One or more parameter values were invalid: List of GlobalSecondaryIndexUpdates is empty",
    ),
    (
        r#"{"TableName": "gone", "WarmThroughput": {}, "GlobalSecondaryIndexUpdates": []}"#,
        "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, \
         SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, \
         DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
    ),
    (
        r#"{"TableName": "gone", "SSESpecification": {"KMSMasterKeyId": "", "SSEType": "DES"}}"#,
        "2 validation errors detected: Value 'DES' at 'sSESpecification.sSEType' failed to satisfy constraint: Member \
         must satisfy enum value set: [AES256, KMS]; Value '' at 'sSESpecification.kMSMasterKeyId' failed to satisfy \
         constraint: Member must have length greater than or equal to 1",
    ),
];

#[test]
fn a_request_that_makes_no_sense_is_refused_in_awss_words() {
    on_both_stages(|stage| async move {
        for (body, message) in MISTAKES {
            let (status, answer) = post_json(&stage.emulator, "DynamoDB_20120810.UpdateTable", *body).await;
            assert_eq!((status, &answer["message"]), (400, &json!(message)), "{body}");
        }
    });
}

#[test]
fn what_is_not_implemented_is_refused_by_name() {
    on_both_stages(|stage| async move {
        profiles(&stage).await;
        for (member, value) in [
            ("ReplicaUpdates", json!([])),
            ("MultiRegionConsistency", json!("STRONG")),
            ("GlobalTableWitnessUpdates", json!([])),
            ("GlobalTableSettingsReplicationMode", json!("ENABLED")),
            ("DisassociationProtectionEnabled", json!(true)),
            ("VectorIndexUpdates", json!([])),
        ] {
            let body: Value = json!({"TableName": "profiles", (member): value});
            let (status, answer) = post_json(&stage.emulator, "DynamoDB_20120810.UpdateTable", body.to_string()).await;
            assert_eq!(status, 501, "{member}");
            assert!(answer["message"].as_str().unwrap().contains(member), "{answer}");
        }
    });
}

#[test]
fn units_must_fit_the_table_and_change_something() {
    on_both_stages(|stage| async move {
        let client = provisioned(&stage, 3, 4).await;
        assert_eq!(
            refusal(update(&client).provisioned_throughput(units(3, 4)).send().await),
            validation(
                "The provisioned throughput for the table will not change. The requested value equals the current \
                 value. Current ReadCapacityUnits provisioned for the table: 3. Requested ReadCapacityUnits: 3. \
                 Current WriteCapacityUnits provisioned for the table: 4. Requested WriteCapacityUnits: 4. Refer to \
                 the Amazon DynamoDB Developer Guide for current limits and how to request higher limits."
            )
        );
        let bounds = OnDemandThroughput::builder().max_write_request_units(100).build();
        assert_eq!(
            refusal(update(&client).on_demand_throughput(bounds).send().await),
            invalid(
                "MaxWriteRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is \
                 PROVISIONED"
            )
        );
        let (code, message) = refusal(update(&client).provisioned_throughput(units(40_001, 4)).send().await);
        assert_eq!(code, "LimitExceededException");
        assert!(message.contains("40001, is above the per table maximum for the account in us-east-1"), "{message}");
        update(&client).billing_mode(BillingMode::PayPerRequest).send().await.unwrap();
        settle(&stage).await;
        assert_eq!(
            refusal(update(&client).provisioned_throughput(units(5, 5)).send().await),
            invalid(
                "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"
            )
        );
    });
}

#[test]
fn a_table_must_be_there_and_neither_new_nor_going() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        assert_eq!(
            refusal(update(&client).deletion_protection_enabled(true).send().await),
            not_found("Requested resource not found: Table: profiles not found")
        );
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.send().await.unwrap();
        assert_eq!(
            refusal(update(&client).deletion_protection_enabled(true).send().await),
            in_use("Table is being created: profiles")
        );
        settle(&stage).await;
        client.delete_table().table_name("profiles").send().await.unwrap();
        assert_eq!(
            refusal(update(&client).deletion_protection_enabled(true).send().await),
            in_use("Table is being deleted: profiles")
        );
    });
}

#[test]
fn streams_and_indexes_are_refused_and_not_ignored() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let stream = StreamSpecification::builder().stream_enabled(true).build().unwrap();
        let (code, _) = refusal(update(&client).stream_specification(stream).send().await);
        assert_eq!(code, "NotImplemented");
        let body = r#"{"TableName": "profiles", "GlobalSecondaryIndexUpdates": [{"Delete": {"IndexName": "abc"}}]}"#;
        let (status, _) = post_json(&stage.emulator, "DynamoDB_20120810.UpdateTable", body).await;
        assert_eq!(status, 501);
    });
}
