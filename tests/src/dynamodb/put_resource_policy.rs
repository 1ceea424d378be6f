use std::time::Duration;

use aws_sdk_dynamodb::types::{BillingMode, ScalarAttributeType, StreamSpecification, StreamViewType};

use super::fixture::{client, defined, hash, not_found, profiles, validation};
use super::tag_resource::ARN;
use crate::stage::{on_both_stages, refusal};

/// In AWS's form, for an action.
pub fn policy(action: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::000000000000:root"}},"Action":"{action}","Resource":"{ARN}"}}]}}"#
    )
}

pub fn no_policy(detail: &str) -> (String, String) {
    let message = format!("Resource-based policy not found for the provided ResourceArn: {detail}");
    ("PolicyNotFoundException".to_owned(), message)
}

// behaviour

#[test]
fn a_policy_is_kept_in_awss_form_and_the_same_one_keeps_its_revision() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = |text: String| client.put_resource_policy().resource_arn(ARN).policy(text).send();
        let first = put(policy("dynamodb:GetItem")).await.unwrap().revision_id.unwrap();
        assert_eq!(first.len(), 13, "{first}");
        let spaced = policy("dynamodb:GetItem").replace(',', " ,\n  ");
        assert_eq!(put(spaced).await.unwrap().revision_id.unwrap(), first);
        let kept = client.get_resource_policy().resource_arn(ARN).send().await.unwrap();
        assert_eq!((kept.policy.unwrap(), kept.revision_id.unwrap()), (policy("dynamodb:GetItem"), first.clone()));
        let second = put(policy("dynamodb:PutItem")).await.unwrap().revision_id.unwrap();
        assert!(second > first);
    });
}

#[test]
fn a_table_can_be_created_with_a_policy() {
    on_both_stages(|stage| async move {
        let client = client(&stage);
        let create = client.create_table().table_name("profiles").billing_mode(BillingMode::PayPerRequest);
        let create = create.key_schema(hash("id")).attribute_definitions(defined("id", ScalarAttributeType::S));
        create.resource_policy(policy("dynamodb:Query")).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let kept = client.get_resource_policy().resource_arn(ARN).send().await.unwrap();
        assert_eq!(kept.policy.unwrap(), policy("dynamodb:Query"));
    });
}

#[test]
fn a_stream_has_a_policy_of_its_own_as_long_as_it_can_be_read() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let set = |enabled: bool| {
            let specification = StreamSpecification::builder().stream_enabled(enabled);
            let specification =
                if enabled { specification.stream_view_type(StreamViewType::KeysOnly) } else { specification };
            let update = client.update_table().table_name("profiles");
            update.stream_specification(specification.build().unwrap()).send()
        };
        let stream = set(true).await.unwrap().table_description.unwrap().latest_stream_arn.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let text = policy("dynamodb:GetRecords");
        let put = client.put_resource_policy().resource_arn(&stream).policy(&text).send().await.unwrap();
        let get = |arn: &str| client.get_resource_policy().resource_arn(arn).send();
        let kept = get(&stream).await.unwrap();
        assert_eq!((kept.policy, kept.revision_id), (Some(text), put.revision_id));
        assert_eq!(refusal(get(ARN).await), no_policy(ARN), "the table has none");

        set(false).await.unwrap();
        stage.advance(Duration::from_hours(23)).await;
        get(&stream).await.expect("a disabled stream is read for a day");
        let deleted = client.delete_resource_policy().resource_arn(&stream).send().await.unwrap();
        assert!(deleted.revision_id.is_some());
        assert_eq!(refusal(get(&stream).await), no_policy(&stream));
        stage.advance(Duration::from_hours(1)).await;
        let label = stream.rsplit_once('/').unwrap().1;
        assert_eq!(
            refusal(get(&stream).await),
            not_found(&format!("Requested resource not found: Stream: {label} not found for Table: profiles"))
        );
    });
}

#[test]
fn an_expected_revision_must_be_the_one_that_is_there() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = |expected: &str| {
            let put = client.put_resource_policy().resource_arn(ARN).policy(policy("dynamodb:GetItem"));
            put.expected_revision_id(expected).send()
        };
        assert_eq!(
            refusal(put("123").await),
            no_policy("Requested update for policy with revision id 123, but table profiles has no associated policy.")
        );
        let revision = put("NO_POLICY").await.unwrap().revision_id.unwrap();
        assert_eq!(
            refusal(put("NO_POLICY").await),
            no_policy(&format!(
                "Requested policy update expecting none to be present for table profiles, but a policy exists with \
                 revision id {revision}."
            ))
        );
        assert_eq!(
            refusal(put("123").await),
            no_policy(&format!(
                "Requested update for policy with revision id 123, but the policy associated to target table profiles \
                 has revision id {revision}."
            ))
        );
        put(&revision).await.unwrap();
    });
}

// validation

#[test]
fn a_policy_must_be_one_and_not_too_long() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = |text: &str| client.put_resource_policy().resource_arn(ARN).policy(text).send();
        assert_eq!(
            refusal(put("{").await),
            validation(
                "One or more parameter values were invalid: Invalid policy document: This policy contains invalid Json"
            )
        );
        let long = format!("{}{}", policy("a"), " ".repeat(20_480));
        assert_eq!(
            refusal(put(&long).await),
            validation("One or more parameter values were invalid: Maximum policy size of 20480 bytes exceeded")
        );
        let everybody = policy("a").replace(r#"{"AWS":"arn:aws:iam::000000000000:root"}"#, "\"*\"");
        assert_eq!(
            refusal(put(&everybody).await),
            validation(
                "Resource-based policy grants unbounded access in one or more elements. Please revise the policy to \
                 ensure least-privilege form of access"
            )
        );
    });
}

#[test]
fn an_arn_must_name_something_of_this_account_and_region() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let put = |arn: &str| client.put_resource_policy().resource_arn(arn).policy(policy("a")).send();
        let foreign = ARN.replace("000000000000", "111111111111");
        assert_eq!(
            refusal(put(&foreign).await),
            validation("This action is only supported by accounts that match the resource owner’s account.")
        );
        let elsewhere = ARN.replace("us-east-1", "eu-west-1");
        assert_eq!(
            refusal(put(&elsewhere).await),
            validation(&format!("One or more parameter values were invalid: Invalid resource Arn: {elsewhere}"))
        );
        assert_eq!(
            refusal(put(&ARN.replace("profiles", "gone")).await),
            not_found("Requested resource not found: Table: gone not found")
        );
        assert_eq!(
            refusal(put(&format!("{ARN}/stream/2000-01-01T00:00:00.000")).await),
            not_found("Requested resource not found: Stream: 2000-01-01T00:00:00.000 not found for Table: profiles")
        );
    });
}
