use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{ArchiveState, RuleState};

use super::{PATTERN, client, create_bus, not_found, order, validation};
use crate::stage::{on_both_stages, refusal};

pub const DEFAULT_BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/default";

/// An archive of the default bus.
pub async fn create_archive(events: &Client, name: &str) {
    events.create_archive().archive_name(name).event_source_arn(DEFAULT_BUS).send().await.unwrap();
}

// Serialisation

#[test]
fn an_archive_is_enabled_at_once() {
    on_both_stages(async |stage| {
        let create = client(&stage).create_archive().archive_name("all").event_source_arn(DEFAULT_BUS);
        let created = create.send().await.unwrap();
        assert_eq!(created.archive_arn(), Some("arn:aws:events:us-east-1:000000000000:archive/all"));
        assert_eq!(created.state(), Some(&ArchiveState::Enabled));
        assert!(created.creation_time().is_some());
    });
}

// Validation

#[test]
fn archives_are_checked_as_aws_checks_them() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = || events.create_archive().archive_name("all").event_source_arn(DEFAULT_BUS);
        let constraint = "failed to satisfy constraint: Member must";
        for (create, error) in [
            (
                events.create_archive(),
                validation(&format!(
                    "2 validation errors detected: Value null at 'archiveName' {constraint} not be null; Value null at \
                     'eventSourceArn' {constraint} not be null"
                )),
            ),
            (
                create().archive_name("a b"),
                validation(&format!(
                    r"1 validation error detected: Value 'a b' at 'archiveName' {constraint} satisfy regular expression pattern: [\.\-_A-Za-z0-9]+"
                )),
            ),
            (
                create().event_source_arn("default"),
                validation(&format!(
                    r"1 validation error detected: Value 'default' at 'eventSourceArn' {constraint} satisfy regular expression pattern: ^arn:aws([a-z]|\-)*:events:([a-z]|\d|\-)*:([0-9]{{12}})?:.+\/.+$"
                )),
            ),
            (
                create().retention_days(-1),
                validation(&format!(
                    "1 validation error detected: Value '-1' at 'retentionDays' {constraint} have value greater than or equal to 0"
                )),
            ),
            (
                create().event_source_arn(DEFAULT_BUS.replace("default", "orders")),
                not_found("Event bus orders does not exist."),
            ),
        ] {
            assert_eq!(refusal(create.send().await), error);
        }
        let (code, message) = refusal(create().event_pattern("{").send().await);
        assert_eq!(code, "InvalidEventPatternException");
        assert!(message.starts_with("Event pattern is not valid. Reason: "), "{message}");
        assert!(events.list_archives().send().await.unwrap().archives().is_empty());
    });
}

#[test]
fn a_name_can_be_taken_once() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        let again = events.create_archive().archive_name("all").event_source_arn(DEFAULT_BUS).send().await;
        let expected = ("ResourceAlreadyExistsException".to_owned(), "Archive all already exists.".to_owned());
        assert_eq!(refusal(again), expected);
    });
}

// Behaviour

#[test]
fn an_archive_keeps_what_fits_its_pattern_on_its_bus() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        create_archive(&events, "all").await;
        let create = events.create_archive().archive_name("zoo").event_source_arn(DEFAULT_BUS);
        create.event_pattern(r#"{"source":["zoo"]}"#).send().await.unwrap();
        let create = events.create_archive().archive_name("orders");
        create.event_source_arn(DEFAULT_BUS.replace("default", "orders")).send().await.unwrap();
        events.put_events().entries(order("{}")).entries(order(r#"{"a":1}"#)).send().await.unwrap();
        let count = async |name: &str| {
            let described = events.describe_archive().archive_name(name).send().await.unwrap();
            (described.event_count(), described.size_bytes() > 300)
        };
        assert_eq!(count("all").await, (2, true));
        assert_eq!(count("zoo").await, (0, false));
        assert_eq!(count("orders").await, (0, false));
    });
}

#[test]
fn a_managed_rule_feeds_the_archive_and_is_not_the_callers() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = events.create_archive().archive_name("all").event_source_arn(DEFAULT_BUS);
        create.event_pattern(PATTERN).send().await.unwrap();
        let name = "Events-Archive-all";
        let rule = events.describe_rule().name(name).send().await.unwrap();
        assert_eq!(rule.managed_by(), Some("prod.vhs.events.aws.internal"));
        assert_eq!(rule.event_pattern(), Some(r#"{"source":["shop"],"replay-name":[{"exists":false}]}"#));
        assert_eq!(rule.state(), Some(&RuleState::Enabled));
        let refused = |message: (String, String)| assert_eq!(message.0, "ManagedRuleException", "{}", message.1);
        refused(refusal(events.put_rule().name(name).event_pattern(PATTERN).send().await));
        refused(refusal(events.disable_rule().name(name).send().await));
        refused(refusal(events.remove_targets().rule(name).ids("all").send().await));
        refused(refusal(events.delete_rule().name(name).send().await));
        events.remove_targets().rule(name).ids("all").force(true).send().await.unwrap();
        events.delete_rule().name(name).force(true).send().await.unwrap();
    });
}
