//! PutResourcePolicy.

use super::{arn, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_policy_is_a_document_with_statements() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        for policy in ["", "x", "[]", "{}", r#"{"Statement":1}"#] {
            let put = client.put_resource_policy().resource_arn(arn("orders")).policy(policy).send().await;
            assert_eq!(refusal(put).0, "InvalidArgumentException", "{policy}");
        }
    });
}
