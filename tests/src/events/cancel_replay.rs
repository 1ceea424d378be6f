use std::time::Duration;

use aws_sdk_eventbridge::types::ReplayState;

use super::create_archive::create_archive;
use super::start_replay::{event, start};
use super::{client, not_found};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_replay_that_is_cancelled_sends_no_more() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_archive(&events, "all").await;
        events.put_events().entries(event(1)).send().await.unwrap();
        start(&events, "r").send().await.unwrap();
        let cancelled = events.cancel_replay().replay_name("r").send().await.unwrap();
        assert_eq!(cancelled.replay_arn(), Some("arn:aws:events:us-east-1:000000000000:replay/r"));
        assert_eq!(cancelled.state(), Some(&ReplayState::Cancelling));
        stage.advance(Duration::from_secs(1)).await;
        let replay = events.describe_replay().replay_name("r").send().await.unwrap();
        assert_eq!((replay.state(), replay.event_last_replayed_time()), (Some(&ReplayState::Cancelled), None));
    });
}

#[test]
fn only_a_replay_that_is_under_way_can_be_cancelled() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        let cancel = || events.cancel_replay().replay_name("r").send();
        assert_eq!(refusal(cancel().await), not_found("Replay r does not exist."));
        create_archive(&events, "all").await;
        start(&events, "r").send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let message = "Replay r is not in a valid state for this operation.";
        assert_eq!(refusal(cancel().await), ("IllegalStatusException".to_owned(), message.to_owned()));
    });
}
