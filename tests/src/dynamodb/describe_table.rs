use super::fixture::{client, item, n, not_found, profiles, put, s, validation};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_description_counts_the_items_by_name_and_by_arn() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("age", n(12))])).await;
        for name in ["profiles", "arn:aws:dynamodb:us-east-1:000000000000:table/profiles"] {
            let table = client.describe_table().table_name(name).send().await.unwrap().table.unwrap();
            assert_eq!(table.table_name.as_deref(), Some("profiles"));
            assert_eq!(table.item_count, Some(1));
            assert_eq!(table.table_size_bytes, Some(8));
        }
    });
}

// validation

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let gone = client.describe_table().table_name("gone").send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: gone not found"));
        let bad = client.describe_table().table_name("a b c").send().await;
        assert_eq!(
            refusal(bad),
            validation(
                "1 validation error detected: Value 'a b c' at 'tableName' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [a-zA-Z0-9_.-]+"
            )
        );
    });
}
