use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    BillingMode, CreateGlobalSecondaryIndexAction, DeleteGlobalSecondaryIndexAction, GlobalSecondaryIndexUpdate,
    IndexStatus, ProvisionedThroughput, TableStatus, UpdateGlobalSecondaryIndexAction,
};

use super::super::fixture::{defined, hash, n, put, s, validation};
use super::{S, all, numbers, order, orders};
use crate::stage::{on_both_stages, refusal};

fn creation(client: &Client, name: &str, key: &str) -> UpdateTableFluentBuilder {
    let create = CreateGlobalSecondaryIndexAction::builder().index_name(name).key_schema(hash(key)).projection(all());
    let update = GlobalSecondaryIndexUpdate::builder().create(create.build().unwrap()).build();
    client.update_table().table_name("orders").global_secondary_index_updates(update)
}

fn deletion(client: &Client, name: &str) -> UpdateTableFluentBuilder {
    let delete = DeleteGlobalSecondaryIndexAction::builder().index_name(name).build().unwrap();
    let update = GlobalSecondaryIndexUpdate::builder().delete(delete).build();
    client.update_table().table_name("orders").global_secondary_index_updates(update)
}

fn units(units: i64) -> ProvisionedThroughput {
    ProvisionedThroughput::builder().read_capacity_units(units).write_capacity_units(units).build().unwrap()
}

#[test]
fn an_index_is_added_filled_and_deleted() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        put(&client, "orders", order("ada", 1, [("note", s("x"))])).await;
        put(&client, "orders", order("ada", 2, [("note", n(1))])).await;
        put(&client, "orders", order("ada", 3, [])).await;
        let create = creation(&client, "by_note", "note").attribute_definitions(defined("note", S));
        let table = create.send().await.unwrap().table_description.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Updating));
        let index = &table.global_secondary_indexes()[0];
        assert_eq!(index.index_name.as_deref(), Some("by_note"));
        assert_eq!((index.index_status.clone(), index.backfilling), (Some(IndexStatus::Creating), Some(false)));
        let scan = || client.scan().table_name("orders").index_name("by_note");
        assert_eq!(
            refusal(scan().send().await),
            validation("Cannot read from backfilling global secondary index: by_note")
        );
        put(&client, "orders", order("bob", 4, [("note", s("y"))])).await;

        stage.advance(Duration::from_secs(1)).await;
        let table = client.describe_table().table_name("orders").send().await.unwrap().table.unwrap();
        assert_eq!(table.table_status, Some(TableStatus::Active));
        let index = &table.global_secondary_indexes()[0];
        assert_eq!((index.index_status.clone(), index.backfilling), (Some(IndexStatus::Active), None));
        let found = scan().send().await.unwrap();
        let mut found = numbers(found.items());
        found.sort_unstable();
        assert_eq!(found, ["1", "4"]);

        let table = deletion(&client, "by_note").send().await.unwrap().table_description.unwrap();
        assert_eq!(table.global_secondary_indexes()[0].index_status, Some(IndexStatus::Deleting));
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(refusal(scan().send().await), validation("The table does not have the specified index: by_note"));
    });
}

#[test]
fn indexes_come_and_go_one_at_a_time() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let limit = (
            "LimitExceededException".to_owned(),
            "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table"
                .to_owned(),
        );
        deletion(&client, "everywhere").send().await.unwrap();
        let create = creation(&client, "by_note", "note").attribute_definitions(defined("note", S));
        assert_eq!(refusal(create.send().await), limit);
        assert_eq!(refusal(deletion(&client, "by_product").send().await), limit);
        stage.advance(Duration::from_secs(1)).await;
        let undefined = creation(&client, "by_note", "note");
        assert_eq!(
            refusal(undefined.send().await),
            validation("Invalid KeySchema: Some index key attribute have no definition")
        );
        let (code, message) = refusal(deletion(&client, "by_state").send().await);
        assert_eq!(code, "ResourceNotFoundException", "a local index stays: {message}");
    });
}

#[test]
fn a_table_that_becomes_provisioned_takes_its_indexes_along() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        let switch = || {
            let update = client.update_table().table_name("orders").billing_mode(BillingMode::Provisioned);
            update.provisioned_throughput(units(5))
        };
        assert_eq!(
            refusal(switch().send().await),
            validation(
                "One or more parameter values were invalid: ProvisionedThroughput is not specified for index: by_product"
            )
        );
        let mut update = switch();
        for name in ["by_product", "everywhere"] {
            let index = UpdateGlobalSecondaryIndexAction::builder().index_name(name).provisioned_throughput(units(3));
            let index = GlobalSecondaryIndexUpdate::builder().update(index.build().unwrap()).build();
            update = update.global_secondary_index_updates(index);
        }
        update.send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let table = client.describe_table().table_name("orders").send().await.unwrap().table.unwrap();
        for index in table.global_secondary_indexes() {
            assert_eq!(index.provisioned_throughput.as_ref().unwrap().read_capacity_units, Some(3));
        }
    });
}
