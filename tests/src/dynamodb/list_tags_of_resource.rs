use std::time::Duration;

use aws_sdk_dynamodb::types::{BillingMode, ScalarAttributeType};

use super::fixture::{client, defined, hash, not_found, profiles};
use super::tag_resource::{ARN, pair, tag, tags};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_table_has_the_tags_it_was_created_with() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.tags(tag("team", "search")).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        assert_eq!(tags(&client).await, [pair("team", "search")]);
    });
}

#[test]
fn a_token_that_was_not_given_leads_to_the_first_page() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        client.tag_resource().resource_arn(ARN).tags(tag("a", "1")).send().await.unwrap();
        let listed = client.list_tags_of_resource().resource_arn(ARN).next_token("nonsense").send().await.unwrap();
        assert_eq!(listed.tags().len(), 1);
    });
}

// validation

#[test]
fn a_table_that_is_not_there_is_not_found() {
    on_both_stages(|stage| async move {
        let gone = client(&stage).list_tags_of_resource().resource_arn(ARN).send().await;
        assert_eq!(refusal(gone), not_found(&format!("Requested resource not found: ResourceArn: {ARN} not found")));
    });
}
