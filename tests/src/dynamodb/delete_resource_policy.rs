use super::fixture::profiles;
use super::put_resource_policy::{no_policy, policy};
use super::tag_resource::ARN;
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn a_policy_goes_once_and_where_none_is_that_is_no_mistake() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let delete = || client.delete_resource_policy().resource_arn(ARN);
        assert_eq!(delete().send().await.unwrap().revision_id, None);
        let put = client.put_resource_policy().resource_arn(ARN).policy(policy("dynamodb:GetItem"));
        let revision = put.send().await.unwrap().revision_id;
        assert_eq!(delete().send().await.unwrap().revision_id, revision);
        assert_eq!(refusal(client.get_resource_policy().resource_arn(ARN).send().await), no_policy(ARN));
        let after = delete().send().await.unwrap().revision_id;
        assert!(after.is_some() && after > revision, "the revision of the deletion: {after:?}");
    });
}

#[test]
fn an_expected_revision_must_be_the_one_that_is_there() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let delete =
            |expected: &str| client.delete_resource_policy().resource_arn(ARN).expected_revision_id(expected).send();
        assert_eq!(
            refusal(delete("123").await),
            no_policy("Requested update for policy with revision id 123, but table profiles has no associated policy.")
        );
        let put = client.put_resource_policy().resource_arn(ARN).policy(policy("dynamodb:GetItem"));
        let revision = put.send().await.unwrap().revision_id.unwrap();
        let (code, _) = refusal(delete("123").await);
        assert_eq!(code, "PolicyNotFoundException");
        delete(&revision).await.unwrap();
    });
}
