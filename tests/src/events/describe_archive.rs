use std::time::Duration;

use aws_sdk_eventbridge::types::ArchiveState;

use super::create_archive::DEFAULT_BUS;
use super::{PATTERN, client, not_found, order};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_archive_is_described_as_it_was_made() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = events.create_archive().archive_name("all").event_source_arn(DEFAULT_BUS).description("of all");
        create.event_pattern(PATTERN).retention_days(3).kms_key_identifier("alias/k").send().await.unwrap();
        let archive = events.describe_archive().archive_name("all").send().await.unwrap();
        assert_eq!(archive.archive_arn(), Some("arn:aws:events:us-east-1:000000000000:archive/all"));
        assert_eq!(archive.event_source_arn(), Some(DEFAULT_BUS));
        assert_eq!((archive.archive_name(), archive.description()), (Some("all"), Some("of all")));
        assert_eq!((archive.event_pattern(), archive.kms_key_identifier()), (Some(PATTERN), Some("alias/k")));
        assert_eq!((archive.state(), archive.retention_days()), (Some(&ArchiveState::Enabled), Some(3)));
        assert_eq!((archive.event_count(), archive.size_bytes()), (0, 0));
    });
}

#[test]
fn an_archive_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let described = client(&stage).describe_archive().archive_name("all").send().await;
        assert_eq!(refusal(described), not_found("Archive all does not exist."));
    });
}

#[test]
fn events_go_when_their_days_are_over() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let create = events.create_archive().archive_name("all").event_source_arn(DEFAULT_BUS);
        create.retention_days(1).send().await.unwrap();
        let count = async || events.describe_archive().archive_name("all").send().await.unwrap().event_count();
        events.put_events().entries(order("{}")).send().await.unwrap();
        stage.advance(Duration::from_hours(23)).await;
        events.put_events().entries(order("{}")).send().await.unwrap();
        assert_eq!(count().await, 2);
        stage.advance(Duration::from_hours(2)).await;
        assert_eq!(count().await, 1);
    });
}
