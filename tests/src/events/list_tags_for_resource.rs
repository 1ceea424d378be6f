use super::{client, validation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_resource_must_be_named() {
    on_both_stages(async |stage| {
        let message = "1 validation error detected: Value null at 'resourceARN' failed to satisfy constraint: Member must not be null";
        assert_eq!(refusal(client(&stage).list_tags_for_resource().send().await), validation(message));
    });
}

#[test]
fn the_default_bus_has_no_tags() {
    on_both_stages(async |stage| {
        let arn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
        let listed = client(&stage).list_tags_for_resource().resource_arn(arn).send().await.unwrap();
        assert!(listed.tags().is_empty());
    });
}
