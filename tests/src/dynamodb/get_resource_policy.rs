use super::fixture::{client, not_found, profiles};
use super::put_resource_policy::no_policy;
use super::tag_resource::ARN;
use crate::stage::{on_both_stages, refusal};

// validation

#[test]
fn a_table_without_a_policy_and_one_that_is_not_there_are_told_apart() {
    on_both_stages(|stage| async move {
        let gone = client(&stage).get_resource_policy().resource_arn(ARN).send().await;
        assert_eq!(refusal(gone), not_found("Requested resource not found: Table: profiles not found"));
        let client = profiles(&stage).await;
        assert_eq!(refusal(client.get_resource_policy().resource_arn(ARN).send().await), no_policy(ARN));
    });
}
