use std::time::Duration;

use aws_sdk_eventbridge::types::ReplayState;

use super::create_archive::create_archive;
use super::start_replay::{ARCHIVE, start};
use super::{client, validation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn replays_are_listed_by_prefix_archive_or_state() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        for name in ["a1", "b", "a2"] {
            start(&events, name).send().await.unwrap();
        }
        stage.advance(Duration::from_secs(1)).await;
        start(&events, "late").send().await.unwrap();
        let list = || events.list_replays();
        for (list, expected) in [
            (list().name_prefix("a"), vec!["a1", "a2"]),
            (list().state(ReplayState::Completed), vec!["a1", "a2", "b"]),
            (list().event_source_arn(ARCHIVE), vec!["a1", "a2", "b", "late"]),
            (list().event_source_arn(ARCHIVE.replace("all", "none")), vec![]),
        ] {
            let listed = list.send().await.unwrap();
            let names: Vec<_> = listed.replays().iter().map(|replay| replay.replay_name().unwrap()).collect();
            assert_eq!(names, expected);
        }
        let first = list().limit(3).send().await.unwrap();
        let second = list().limit(3).set_next_token(first.next_token).send().await.unwrap();
        assert_eq!(second.replays().len(), 1);
    });
}

#[test]
fn filters_are_exclusive() {
    on_both_stages(async |stage| {
        let listed = client(&stage).list_replays().name_prefix("a").state(ReplayState::Running).send().await;
        let message =
            "At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.";
        assert_eq!(refusal(listed), validation(message));
    });
}
