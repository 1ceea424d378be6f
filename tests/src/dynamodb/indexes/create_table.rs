use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{BillingMode, GlobalSecondaryIndex, IndexStatus, Projection, ProvisionedThroughput};

use super::super::fixture::{client, defined, hash, n, put, range, s, validation};
use super::{N, S, Stage, all, global, including, keys_only, local, order, orders};
use crate::raw;
use crate::stage::{on_both_stages, refusal};

/// A table with the keys `id` and `at`, paid by request.
fn create(stage: &Stage) -> CreateTableFluentBuilder {
    let create = client(stage).create_table().table_name("things").billing_mode(BillingMode::PayPerRequest);
    let create = create.key_schema(hash("id")).key_schema(range("at"));
    create.attribute_definitions(defined("id", S)).attribute_definitions(defined("at", N))
}

fn throughput(units: i64) -> ProvisionedThroughput {
    let throughput = ProvisionedThroughput::builder().read_capacity_units(units).write_capacity_units(units);
    throughput.build().expect("all members are set")
}

// behaviour

#[test]
fn indexes_are_described() {
    on_both_stages(|stage| async move {
        let client = orders(&stage).await;
        put(&client, "orders", order("ada", 1, [("product", s("pen")), ("price", n(1)), ("secret", s("xyz"))])).await;
        put(&client, "orders", order("ada", 2, [("state", s("open"))])).await;
        let table = client.describe_table().table_name("orders").send().await.unwrap().table.unwrap();
        let defined: Vec<_> =
            table.attribute_definitions().iter().map(|definition| definition.attribute_name.as_str()).collect();
        assert_eq!(defined, ["customer", "number", "price", "product", "state"]);
        let [by_product, everywhere] = table.global_secondary_indexes() else { panic!("there are two") };
        assert_eq!(by_product.index_name.as_deref(), Some("by_product"));
        assert_eq!(by_product.key_schema(), [hash("product"), range("price")]);
        assert_eq!(by_product.projection, Some(including("note")));
        assert_eq!(by_product.index_status, Some(IndexStatus::Active));
        assert_eq!(by_product.backfilling, None);
        assert_eq!((by_product.item_count, by_product.index_size_bytes), (Some(1), Some(36)));
        let arn = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/index/by_product";
        assert_eq!(by_product.index_arn.as_deref(), Some(arn));
        assert_eq!(by_product.provisioned_throughput.as_ref().unwrap().read_capacity_units, Some(0));
        assert_eq!((everywhere.index_name.as_deref(), everywhere.item_count), (Some("everywhere"), Some(1)));
        let [by_state] = table.local_secondary_indexes() else { panic!("there is one") };
        assert_eq!(by_state.index_name.as_deref(), Some("by_state"));
        assert_eq!(by_state.key_schema(), [hash("customer"), range("state")]);
        assert_eq!((by_state.projection.clone(), by_state.item_count), (Some(keys_only()), Some(1)));
    });
}

#[test]
fn a_global_index_is_creating_with_its_table_and_has_its_own_throughput() {
    on_both_stages(|stage| async move {
        let index = GlobalSecondaryIndex::builder().index_name("by_at").key_schema(hash("at")).projection(all());
        let index = index.provisioned_throughput(throughput(3)).build().unwrap();
        let create = create(&stage).billing_mode(BillingMode::Provisioned).provisioned_throughput(throughput(5));
        let table = create.global_secondary_indexes(index).send().await.unwrap().table_description.unwrap();
        let [index] = table.global_secondary_indexes() else { panic!("there is one") };
        assert_eq!(index.index_status, Some(IndexStatus::Creating));
        assert_eq!(index.provisioned_throughput.as_ref().unwrap().write_capacity_units, Some(3));
    });
}

// validation

#[test]
fn indexes_must_fit_their_table() {
    on_both_stages(|stage| async move {
        let create = || create(&stage);
        let invalid = "One or more parameter values were invalid: ";
        let hash_only = || {
            let create = client(&stage).create_table().table_name("things").billing_mode(BillingMode::PayPerRequest);
            create.key_schema(hash("id")).attribute_definitions(defined("id", S))
        };
        let by = |name: &str| vec![hash("id"), range(name)];
        let many = |count: usize| {
            let each = (0..count).map(|number| global(&format!("index{number}"), vec![hash("id")], all()));
            Some(each.collect::<Vec<_>>())
        };
        let include = |names: &[String]| {
            let projection = Projection::builder().projection_type("INCLUDE".into());
            projection.set_non_key_attributes(Some(names.to_vec())).build()
        };
        let names: Vec<String> = (0..20).map(|number| format!("a{number}")).collect();
        let six_times = (0..6).map(|number| global(&format!("index{number}"), vec![hash("id")], include(&names)));
        for (create, message) in [
            (
                hash_only().local_secondary_indexes(local("by_id", vec![hash("id"), range("id")], all())),
                "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
            ),
            (
                create().local_secondary_indexes(local("by_at", vec![hash("at"), range("id")], all())),
                "Index KeySchema does not have the same leading hash key as table KeySchema for index: by_at. index hash \
                 key: at, table hash key: id",
            ),
            (
                create().local_secondary_indexes(local("by_id", vec![hash("id")], all())),
                "Index KeySchema does not have a range key for index: by_id",
            ),
            (
                create().local_secondary_indexes(local("same", by("at"), all())).global_secondary_indexes(global(
                    "same",
                    by("at"),
                    all(),
                )),
                "Duplicate index name: same",
            ),
            (
                create().global_secondary_indexes(global("by_kind", vec![hash("kind")], all())),
                "Some index key attributes are not defined in AttributeDefinitions. Keys: [kind], AttributeDefinitions: \
                 [id, at]",
            ),
            (
                create().attribute_definitions(defined("kind", S)).global_secondary_indexes(global(
                    "by_at",
                    vec![hash("at")],
                    all(),
                )),
                "Some AttributeDefinitions are not used. AttributeDefinitions: [id, at, kind], keys used: [id, at]",
            ),
            (
                create().global_secondary_indexes(global("by_at", vec![hash("at"), range("at")], all())),
                "Both the Hash Key and the Range Key element in the KeySchema have the same name",
            ),
            (
                create().set_global_secondary_indexes(many(21)),
                "GlobalSecondaryIndex count exceeds the per-table limit of 20",
            ),
            (
                create().set_local_secondary_indexes(Some(
                    (0..6).map(|number| local(&format!("index{number}"), by("at"), all())).collect(),
                )),
                "Number of LocalSecondaryIndexes exceeds per-table limit of 5",
            ),
            (
                create().set_global_secondary_indexes(Some(six_times.collect())),
                "Number of projected attributes of all secondary indexes exceeds the limit of 100",
            ),
            (create().set_global_secondary_indexes(Some(vec![])), "List of GlobalSecondaryIndexes is empty"),
        ] {
            assert_eq!(refusal(create.send().await), validation(&format!("{invalid}{message}")));
        }
        let ordered = create().global_secondary_indexes(global("by_at", vec![range("at")], all()));
        assert_eq!(
            refusal(ordered.send().await),
            validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
        );
        assert!(create().set_global_secondary_indexes(many(20)).send().await.is_ok());
    });
}

#[test]
fn projections_and_throughputs_must_say_what_they_are() {
    on_both_stages(|stage| async move {
        let with = |projection: Projection| {
            create(&stage).global_secondary_indexes(global("by_at", vec![hash("at")], projection))
        };
        let named = |kind: Option<&str>, names: bool| {
            let projection = Projection::builder().set_projection_type(kind.map(Into::into));
            projection.set_non_key_attributes(names.then(|| vec!["x".to_owned()])).build()
        };
        let own = GlobalSecondaryIndex::builder().index_name("by_at").key_schema(hash("at")).projection(all());
        let own = own.provisioned_throughput(throughput(1)).build().unwrap();
        for (create, message) in [
            (with(named(Some("ALL"), true)), "ProjectionType is ALL, but NonKeyAttributes is specified"),
            (with(named(Some("KEYS_ONLY"), true)), "ProjectionType is KEYS_ONLY, but NonKeyAttributes is specified"),
            (with(named(Some("INCLUDE"), false)), "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"),
            (with(named(None, false)), "Unknown ProjectionType: null"),
            (
                create(&stage).global_secondary_indexes(own),
                "ProvisionedThroughput should not be specified for index: by_at when BillingMode is PAY_PER_REQUEST",
            ),
            (
                with(all()).billing_mode(BillingMode::Provisioned).provisioned_throughput(throughput(1)),
                "ProvisionedThroughput is not specified for index: by_at",
            ),
        ] {
            let expected = format!("One or more parameter values were invalid: {message}");
            assert_eq!(refusal(create.send().await), validation(&expected));
        }
    });
}

#[test]
fn members_of_an_index_are_checked_by_the_model() {
    on_both_stages(|stage| async move {
        let body = r#"{"TableName": "things", "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
            "GlobalSecondaryIndexes": [{"IndexName": "a!", "KeySchema": [],
            "Projection": {"ProjectionType": "SOME", "NonKeyAttributes": []}}, {}]}"#;
        let (status, refusal) = raw::post_json(&stage.emulator, "DynamoDB_20120810.CreateTable", body).await;
        let member = |name: &str, value: &str, must: &str| {
            format!("Value {value} at 'globalSecondaryIndexes.{name}' failed to satisfy constraint: Member must {must}")
        };
        let expected = [
            member("1.member.indexName", "'a!'", "satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
            member("1.member.indexName", "'a!'", "have length greater than or equal to 3"),
            member("1.member.keySchema", "'[]'", "have length greater than or equal to 1"),
            member("1.member.projection.projectionType", "'SOME'", "satisfy enum value set: [ALL, INCLUDE, KEYS_ONLY]"),
            member("1.member.projection.nonKeyAttributes", "'[]'", "have length greater than or equal to 1"),
            member("2.member.indexName", "null", "not be null"),
            member("2.member.keySchema", "null", "not be null"),
            member("2.member.projection", "null", "not be null"),
        ];
        assert_eq!(status, 400);
        assert_eq!(refusal["message"], format!("8 validation errors detected: {}", expected.join("; ")));
    });
}

#[test]
fn a_key_of_several_attributes_is_refused_and_not_cut_short() {
    on_both_stages(|stage| async move {
        let keys = vec![hash("id"), range("at"), range("kind")];
        let create = create(&stage).attribute_definitions(defined("kind", S));
        let create = create.global_secondary_indexes(global("by_all", keys, all()));
        let (code, message) = refusal(create.send().await);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("several HASH or several RANGE attributes"), "{message}");
    });
}
