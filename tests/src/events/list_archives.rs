use aws_sdk_eventbridge::types::ArchiveState;

use super::create_archive::{DEFAULT_BUS, create_archive};
use super::{client, create_bus, validation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn archives_are_listed_by_prefix_source_or_state_in_pages() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        for name in ["a1", "b", "a2", "a3"] {
            create_archive(&events, name).await;
        }
        let orders = DEFAULT_BUS.replace("default", "orders");
        events.create_archive().archive_name("o").event_source_arn(&orders).send().await.unwrap();
        let list = || events.list_archives();
        for (list, expected) in [
            (list(), vec!["a1", "a2", "a3", "b", "o"]),
            (list().name_prefix("a"), vec!["a1", "a2", "a3"]),
            (list().event_source_arn(&orders), vec!["o"]),
            (list().state(ArchiveState::Enabled), vec!["a1", "a2", "a3", "b", "o"]),
            (list().state(ArchiveState::Disabled), vec![]),
        ] {
            let listed = list.send().await.unwrap();
            let names: Vec<_> = listed.archives().iter().map(|archive| archive.archive_name().unwrap()).collect();
            assert_eq!(names, expected);
        }
        let first = list().name_prefix("a").limit(2).send().await.unwrap();
        let second = list().name_prefix("a").limit(2).set_next_token(first.next_token).send().await.unwrap();
        assert_eq!((second.archives().len(), second.next_token()), (1, None));
    });
}

#[test]
fn filters_are_exclusive() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_archives().name_prefix("a").event_source_arn(DEFAULT_BUS).send().await;
        let message =
            "At most one filter is allowed for ListArchives. Use either : State, EventSourceArn, or NamePrefix.";
        assert_eq!(refusal(listed), validation(message));
    });
}
