//! DeleteResourcePolicy.

use super::{arn, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_policy_is_deleted_once() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        client.put_resource_policy().resource_arn(arn("orders")).policy(r#"{"Statement":[]}"#).send().await.unwrap();
        let delete = client.delete_resource_policy().resource_arn(arn("orders"));
        delete.clone().send().await.unwrap();
        assert_eq!(refusal(delete.send().await).0, "ResourceNotFoundException");
        let get = client.get_resource_policy().resource_arn(arn("orders")).send().await;
        assert_eq!(refusal(get).0, "ResourceNotFoundException");
    });
}
