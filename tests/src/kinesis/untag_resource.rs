//! UntagResource.

use super::{arn, raw_refusal, tags, with_stream};
use crate::stage::on_both_stages;

#[test]
fn tags_are_removed_by_key() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        client.tag_resource().resource_arn(arn("orders")).tags("a", "1").tags("b", "2").send().await.unwrap();
        client.untag_resource().resource_arn(arn("orders")).tag_keys("a").send().await.unwrap();
        assert_eq!(tags(&client, "orders").await, ["b=2"]);
        assert_eq!(raw_refusal(&stage, "UntagResource", "{}").await.0, "ValidationException");
    });
}
