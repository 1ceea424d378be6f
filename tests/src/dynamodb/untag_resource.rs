use super::fixture::{profiles, validation};
use super::tag_resource::{ARN, pair, tag, tags};
use crate::stage::{on_both_stages, refusal};

// behaviour

#[test]
fn tags_are_taken_off_and_absent_ones_are_no_mistake() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let add = client.tag_resource().resource_arn(ARN).tags(tag("a", "1")).tags(tag("b", "2"));
        add.send().await.unwrap();
        client.untag_resource().resource_arn(ARN).tag_keys("a").tag_keys("absent").send().await.unwrap();
        assert_eq!(tags(&client).await, [pair("b", "2")]);
    });
}

// validation

#[test]
fn keys_must_be_some_and_valid() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        let none = client.untag_resource().resource_arn(ARN).set_tag_keys(Some(vec![])).send().await;
        assert_eq!(refusal(none), validation("Atleast one Tag Key needs to be provided as Input."));
        let empty = client.untag_resource().resource_arn(ARN).tag_keys("").send().await;
        assert_eq!(refusal(empty), validation("The Tag Key provided is invalid, Key: "));
    });
}
