//! RemoveTagsFromStream.

use super::{raw_refusal, refused, tags, with_stream};
use crate::stage::on_both_stages;

#[test]
fn keys_are_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "1 validation error detected: Value '[a, ]' at 'tagKeys' failed to satisfy constraint: Member must \
                       satisfy constraint: [Member must have length less than or equal to 128, Member must have length \
                       greater than or equal to 1]";
        let found = raw_refusal(&stage, "RemoveTagsFromStream", r#"{"StreamName":"orders","TagKeys":["a",""]}"#).await;
        assert_eq!(found, refused("ValidationException", message));
    });
}

#[test]
fn keys_that_are_not_there_are_no_mistake() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        client.add_tags_to_stream().stream_name("orders").tags("a", "1").tags("b", "2").send().await.unwrap();
        client.remove_tags_from_stream().stream_name("orders").tag_keys("a").tag_keys("c").send().await.unwrap();
        assert_eq!(tags(&client, "orders").await, ["b=2"]);
    });
}
