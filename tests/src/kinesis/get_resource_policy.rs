//! GetResourcePolicy.

use super::{arn, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_policy_is_answered_as_it_was_put() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let get = client.get_resource_policy().resource_arn(arn("orders"));
        assert_eq!(refusal(get.clone().send().await).0, "ResourceNotFoundException");
        for policy in [r#"{"Version":"2012-10-17", "Statement":[]}"#, r#"{"Statement":{}}"#] {
            client.put_resource_policy().resource_arn(arn("orders")).policy(policy).send().await.unwrap();
            assert_eq!(get.clone().send().await.unwrap().policy, policy);
        }
    });
}
