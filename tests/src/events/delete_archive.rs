use super::create_archive::create_archive;
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn an_archive_goes_with_its_rule() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        events.delete_archive().archive_name("all").send().await.unwrap();
        assert!(events.list_rules().send().await.unwrap().rules().is_empty());
        let again = events.delete_archive().archive_name("all").send().await;
        assert_eq!(refusal(again), not_found("Archive all does not exist."));
    });
}
