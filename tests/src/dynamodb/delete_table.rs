use std::time::Duration;

use aws_sdk_dynamodb::types::{BillingMode, ScalarAttributeType, TableStatus};

use super::fixture::{client, defined, get, hash, item, not_found, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_deleted_table_is_deleting_and_then_gone_with_its_items() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a"))])).await;
        let table = client.delete_table().table_name("profiles").send().await.unwrap().table_description.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Deleting));
        stage.advance(Duration::from_secs(1)).await;
        let gone = client.describe_table().table_name("profiles").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: profiles not found"));
        let client = profiles(&stage).await;
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}

// validation

#[test]
fn a_table_that_is_creating_is_in_use() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.send().await.unwrap();
        let (code, message) = refusal(client.delete_table().table_name("profiles").send().await);
        assert_eq!(code, "ResourceInUseException");
        assert_eq!(message, "Attempt to change a resource which is still in use: Table is being created: profiles");
    });
}

#[test]
fn a_protected_table_stays() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.deletion_protection_enabled(true).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(
            refusal(client.delete_table().table_name("profiles").send().await),
            validation(
                "Resource cannot be deleted as it is currently protected against deletion. Disable deletion \
                 protection first."
            )
        );
    });
}

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let gone = client(&stage).delete_table().table_name("gone").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: gone not found"));
    });
}
