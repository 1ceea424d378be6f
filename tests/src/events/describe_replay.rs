use std::time::Duration;

use aws_sdk_eventbridge::types::ReplayState;

use super::create_archive::{DEFAULT_BUS, create_archive};
use super::start_replay::{ARCHIVE, event, start};
use super::{client, not_found};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_replay_that_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let described = client(&stage).describe_replay().replay_name("r").send().await;
        assert_eq!(refusal(described), not_found("Replay r does not exist."));
    });
}

/// The states last for 100 ms each.
#[test]
fn a_replay_goes_through_its_states_on_the_clock() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        events.put_events().entries(event(1)).entries(event(61)).send().await.unwrap();
        start(&events, "r").description("of an hour").send().await.unwrap();
        let describe = async || events.describe_replay().replay_name("r").send().await.unwrap();
        let last = |replay: &aws_sdk_eventbridge::operation::describe_replay::DescribeReplayOutput| {
            replay.event_last_replayed_time().map(|time| time.secs() - 1_767_225_600)
        };
        let first = describe().await;
        assert_eq!((first.state(), last(&first), first.replay_end_time()), (Some(&ReplayState::Starting), None, None));
        assert_eq!((first.description(), first.event_source_arn()), (Some("of an hour"), Some(ARCHIVE)));
        assert_eq!(first.destination().map(|to| to.arn()), Some(DEFAULT_BUS));
        for (state, replayed) in
            [(ReplayState::Running, Some(1)), (ReplayState::Running, Some(61)), (ReplayState::Completed, Some(61))]
        {
            stage.advance(Duration::from_millis(100)).await;
            let replay = describe().await;
            assert_eq!((replay.state(), last(&replay)), (Some(&state), replayed));
            assert_eq!(replay.replay_end_time().is_some(), state == ReplayState::Completed);
        }
    });
}

#[test]
fn a_replay_whose_archive_goes_fails() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        start(&events, "r").send().await.unwrap();
        events.delete_archive().archive_name("all").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let replay = events.describe_replay().replay_name("r").send().await.unwrap();
        assert_eq!(replay.state(), Some(&ReplayState::Failed));
        assert_eq!(replay.state_reason(), Some("Archive all does not exist."));
    });
}
