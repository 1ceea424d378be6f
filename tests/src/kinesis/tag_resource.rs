//! TagResource.

use super::{arn, raw_refusal, refused, stream_not_found, tags, with_stream};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_arn_must_be_one_of_kinesis() {
    on_both_stages(|stage| async move {
        let message = "1 validation error detected: Value 'orders' at 'resourceARN' failed to satisfy constraint: Member must \
                       satisfy regular expression pattern: arn:aws.*:kinesis:.*:\\d{12}:.*stream/\\S+";
        let found = raw_refusal(&stage, "TagResource", r#"{"ResourceARN":"orders","Tags":{"a":"1"}}"#).await;
        assert_eq!(found, refused("ValidationException", message));
        let client = super::client(&stage);
        let missing = client.tag_resource().resource_arn(arn("orders")).tags("a", "1").send().await;
        assert_eq!(refusal(missing), stream_not_found("orders"));
    });
}

#[test]
fn both_apis_have_the_same_tags() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        client.tag_resource().resource_arn(arn("orders")).tags("a", "1").send().await.unwrap();
        client.add_tags_to_stream().stream_name("orders").tags("b", "2").send().await.unwrap();
        assert_eq!(tags(&client, "orders").await, ["a=1", "b=2"]);
    });
}
