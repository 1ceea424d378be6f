//! Event sources of partners: there are none.

use super::{client, not_found, validation};
use crate::stage::{on_both_stages, refusal};

const SOURCE: &str = "aws.partner/example.com/shop/orders";

#[test]
fn an_event_source_is_not_found() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let missing = not_found("Event source aws.partner/example.com/shop/orders does not exist.");
        assert_eq!(refusal(events.describe_event_source().name(SOURCE).send().await), missing);
        assert_eq!(refusal(events.activate_event_source().name(SOURCE).send().await), missing);
        assert_eq!(refusal(events.deactivate_event_source().name(SOURCE).send().await), missing);
        assert_eq!(refusal(events.describe_partner_event_source().name(SOURCE).send().await), missing);
        let accounts = events.list_partner_event_source_accounts().event_source_name(SOURCE).send().await;
        assert_eq!(refusal(accounts), missing);
        let bus = events.create_event_bus().name(SOURCE).event_source_name(SOURCE).send().await;
        assert_eq!(refusal(bus), missing);
    });
}

#[test]
fn lists_of_them_are_empty() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        assert!(events.list_event_sources().send().await.unwrap().event_sources().is_empty());
        let listed = events.list_partner_event_sources().name_prefix("aws.partner/example.com/").send().await;
        assert!(listed.unwrap().partner_event_sources().is_empty());
    });
}

#[test]
fn what_only_a_partner_may_do_is_refused() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let message = "This operation is only available to partners of AWS.";
        let refused = ("OperationDisabledException".to_owned(), message.to_owned());
        let create = events.create_partner_event_source().name(SOURCE).account("111111111111").send().await;
        assert_eq!(refusal(create), refused);
        let delete = events.delete_partner_event_source().name(SOURCE).account("111111111111").send().await;
        assert_eq!(refusal(delete), refused);
        let entry = aws_sdk_eventbridge::types::PutPartnerEventsRequestEntry::builder().source(SOURCE).build();
        assert_eq!(refusal(events.put_partner_events().entries(entry).send().await), refused);
    });
}

#[test]
fn names_are_checked_first() {
    on_both_stages(async |stage| {
        let described = client(&stage).describe_event_source().name("shop").send().await;
        let message = r"1 validation error detected: Value 'shop' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: aws\.partner(/[\.\-_A-Za-z0-9]+){2,}";
        assert_eq!(refusal(described), validation(message));
    });
}
