use aws_sdk_dynamodb::types::{BillingMode, ScalarAttributeType};

use super::fixture::{client, defined, hash, validation};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn names_come_in_order_and_in_pages() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        for name in ["ccc", "aaa", "bbb"] {
            let create = client.create_table().table_name(name).billing_mode(BillingMode::PayPerRequest);
            let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
            create.send().await.unwrap();
        }
        let all = client.list_tables().send().await.unwrap();
        assert_eq!(all.table_names(), ["aaa", "bbb", "ccc"]);
        assert_eq!(all.last_evaluated_table_name, None);
        let first = client.list_tables().limit(2).send().await.unwrap();
        assert_eq!(first.table_names(), ["aaa", "bbb"]);
        assert_eq!(first.last_evaluated_table_name.as_deref(), Some("bbb"));
        let rest = client.list_tables().exclusive_start_table_name("bbb").send().await.unwrap();
        assert_eq!(rest.table_names(), ["ccc"]);
    });
}

#[test]
fn another_account_has_its_own_tables() {
    on_both_stages(|stage| async move {
        super::fixture::profiles(&stage).await;
        let other = stage.emulator.sdk_config_for("111122223333").await;
        let names = aws_sdk_dynamodb::Client::new(&other).list_tables().send().await.unwrap().table_names;
        assert_eq!(names, Some(vec![]));
    });
}

// validation

#[test]
fn limit_is_bounded() {
    on_both_stages(|stage| async move {
        assert_eq!(
            refusal(client(&stage).list_tables().limit(101).send().await),
            validation(
                "1 validation error detected: Value '101' at 'limit' failed to satisfy constraint: Member must have \
                 value less than or equal to 100"
            )
        );
    });
}
