use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::Tag;

use super::fixture::{client, not_found, profiles, validation};
use crate::raw::post_json;
use crate::stage::{on_both_stages, refusal};

pub const ARN: &str = "arn:aws:dynamodb:us-east-1:000000000000:table/profiles";

pub fn tag(key: &str, value: &str) -> Tag {
    Tag::builder().key(key).value(value).build().expect("all members are set")
}

pub async fn tags(client: &Client) -> Vec<(String, String)> {
    let listed = client.list_tags_of_resource().resource_arn(ARN).send().await.expect("the table is there");
    assert_eq!(listed.next_token, None);
    listed.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect()
}

pub fn pair(key: &str, value: &str) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

// behaviour

#[test]
fn tags_are_added_and_replaced() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let add = client.tag_resource().resource_arn(ARN).tags(tag("team", "search")).tags(tag("stage", ""));
        add.send().await.unwrap();
        client.tag_resource().resource_arn(ARN).tags(tag("team", "shop")).send().await.unwrap();
        assert_eq!(tags(&client).await, [pair("stage", ""), pair("team", "shop")]);
    });
}

// validation

#[test]
fn a_wrong_tag_refuses_all() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let add = || client.tag_resource().resource_arn(ARN).tags(tag("good", "v"));
        assert_eq!(
            refusal(add().tags(tag("aws:x", "v")).send().await),
            validation("Tag Key cannot be prefixed with aws:, Key: aws:x")
        );
        assert_eq!(
            refusal(add().tags(tag("good", "w")).send().await),
            validation("Duplicate Tag Keys provided as input: Duplicate Tag Key found good")
        );
        assert_eq!(
            refusal(add().set_tags(Some((0..51).map(|n| tag(&format!("k{n}"), "v")).collect())).send().await),
            validation("Number of Tags exceed the current limit for the provided ResourceArn")
        );
        assert_eq!(tags(&client).await, []);
        let none = client.tag_resource().resource_arn(ARN).set_tags(Some(vec![])).send().await;
        assert_eq!(refusal(none), validation("Atleast one Tag needs to be provided as Input."));
        let (status, answer) = post_json(&stage.emulator, "DynamoDB_20120810.TagResource", "{}").await;
        assert_eq!(
            (status, answer["message"].as_str().unwrap()),
            (
                400,
                "2 validation errors detected: Value null at 'resourceArn' failed to satisfy constraint: Member must \
                 not be null; Value null at 'tags' failed to satisfy constraint: Member must not be null"
            )
        );
    });
}

#[test]
fn an_arn_must_name_a_table_that_is_there() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let add = |arn: &str| client.tag_resource().resource_arn(arn).tags(tag("a", "b")).send();
        assert_eq!(
            refusal(add(ARN).await),
            not_found(&format!("Requested resource not found: ResourceArn: {ARN} not found"))
        );
        assert_eq!(
            refusal(add("profiles").await),
            validation("One or more parameter values were invalid: ARNs must start with 'arn:': profiles")
        );
        let elsewhere = "arn:aws:dynamodb:eu-west-1:000000000000:table/profiles";
        assert_eq!(
            refusal(add(elsewhere).await),
            validation(&format!("Invalid TableArn: Invalid ResourceArn provided as input {elsewhere}"))
        );
    });
}
