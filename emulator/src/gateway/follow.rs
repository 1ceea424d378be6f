//! The timeline as it happens: one JSON object a line, for as long as the reader stays.

use std::sync::Arc;

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use crate::kernel::Timeline;
use crate::kernel::timeline::Outcome;

/// Sends each event once it is over. One that never gets an answer is sent as
/// it stands when a later one is over.
pub fn follow(timeline: Arc<Timeline>, after: u64) -> Response {
    let changes = timeline.watch();
    let lines = stream::unfold((timeline, changes, after), |(timeline, mut changes, after)| async move {
        loop {
            changes.borrow_and_update();
            let mut events = timeline.events_after(after);
            let over = events.iter().rposition(|event| event.outcome != Outcome::Pending);
            events.truncate(over.map_or(0, |last| last + 1));
            if let Some(last) = events.last() {
                let last = last.id.0;
                let text: String = events.iter().map(|event| serde_json::json!(event).to_string() + "\n").collect();
                return Some((Ok::<_, std::convert::Infallible>(text), (timeline, changes, last)));
            }
            // An error means that the emulator is gone, and the stream with it.
            changes.changed().await.ok()?;
        }
    });
    ([("content-type", "application/x-ndjson")], Body::from_stream(lines)).into_response()
}
