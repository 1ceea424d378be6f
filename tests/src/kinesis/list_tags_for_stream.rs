//! ListTagsForStream.

use super::{raw_refusal, with_stream};
use crate::stage::on_both_stages;

#[test]
fn tags_are_listed_by_key_page_by_page() {
    on_both_stages(|stage| async move {
        let client = with_stream(&stage, "orders", 1).await;
        let add = client.add_tags_to_stream().stream_name("orders").tags("b", "2").tags("a", "1").tags("c", "3");
        add.send().await.unwrap();
        let list = client.list_tags_for_stream().stream_name("orders").limit(2);
        for (after, keys, more) in
            [("A", vec!["a", "b"], true), ("a", vec!["b", "c"], false), ("b", vec!["c"], false), ("x", vec![], false)]
        {
            let page = list.clone().exclusive_start_tag_key(after).send().await.unwrap();
            assert_eq!(page.tags().iter().map(|tag| tag.key.as_str()).collect::<Vec<_>>(), keys, "{after}");
            assert_eq!(page.has_more_tags, more, "{after}");
        }
        let (code, _) = raw_refusal(&stage, "ListTagsForStream", r#"{"StreamName":"orders","Limit":51}"#).await;
        assert_eq!(code, "ValidationException");
    });
}
