use super::create_archive::create_archive;
use super::{PATTERN, client, not_found, order};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_archive_takes_another_pattern_and_keeps_what_it_has() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        events.put_events().entries(order("{}")).send().await.unwrap();
        let update = events.update_archive().archive_name("all").event_pattern(r#"{"source":["zoo"]}"#);
        let updated = update.retention_days(5).send().await.unwrap();
        assert_eq!(updated.archive_arn(), Some("arn:aws:events:us-east-1:000000000000:archive/all"));
        events.put_events().entries(order("{}")).send().await.unwrap();
        let archive = events.describe_archive().archive_name("all").send().await.unwrap();
        assert_eq!((archive.event_count(), archive.retention_days()), (1, Some(5)));
    });
}

#[test]
fn an_update_that_is_refused_changes_nothing() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let update = || events.update_archive().archive_name("all").description("new");
        assert_eq!(refusal(update().send().await), not_found("Archive all does not exist."));
        create_archive(&events, "all").await;
        let (code, _) = refusal(update().event_pattern("[]").send().await);
        assert_eq!(code, "InvalidEventPatternException");
        let archive = events.describe_archive().archive_name("all").send().await.unwrap();
        assert_eq!((archive.description(), archive.event_pattern()), (None, None));
        update().event_pattern(PATTERN).send().await.unwrap();
    });
}
