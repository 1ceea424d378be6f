//! ListTagsForResource.

use super::{arn, raw, with_stream};
use crate::stage::on_both_stages;

#[test]
fn all_tags_are_listed_by_key() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        client.tag_resource().resource_arn(arn("orders")).tags("b", "").tags("a", "1").send().await.unwrap();
        let body = format!(r#"{{"ResourceARN":"{}"}}"#, arn("orders"));
        let (status, answer) = raw(&stage, "ListTagsForResource", &body).await;
        let expected = serde_json::json!({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": ""}]});
        assert_eq!((status, answer), (200, expected));
    });
}
