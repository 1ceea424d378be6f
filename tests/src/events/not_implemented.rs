use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn operations_that_are_missing_say_so() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        assert_eq!(refusal(events.list_archives().send().await), super::not_implemented("events ListArchives"));
        let tagged = events.tag_resource().resource_arn("arn:aws:events:us-east-1:000000000000:rule/all");
        assert_eq!(refusal(tagged.set_tags(Some(vec![])).send().await), super::not_implemented("events TagResource"));
    });
}
