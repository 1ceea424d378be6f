//! A recorded answer on its way again.

use std::time::Duration;

use super::script::recorded::{self, HEADERS, Recorded};
use crate::kernel::answer::{Body, End, Frame, Reply};
use crate::wire::event_stream;

pub fn reply(recorded: Recorded) -> Reply {
    let mut reply = Reply::new(recorded.status(), "").with_delay(recorded.after);
    for (name, value) in &recorded.headers {
        if let Some(known) = HEADERS.into_iter().find(|known| known == name) {
            reply = reply.with_header(known, value.clone());
        }
    }
    let end = match recorded.end {
        recorded::End::Clean => End::Clean,
        recorded::End::Reset => End::Reset,
    };
    reply.body = match recorded.body {
        Some(body) if end == End::Clean => Body::Whole(body.into()),
        Some(body) => Body::Frames(vec![Frame { after: Duration::ZERO, bytes: body.into() }].into(), end),
        None => {
            let mut frames: Vec<Frame> = recorded.frames.into_iter().map(frame).collect();
            if !recorded.rest.0.is_empty() {
                frames.push(Frame { after: Duration::ZERO, bytes: recorded.rest.0.into() });
            }
            Body::Frames(frames.into(), end)
        }
    };
    reply
}

fn frame(heard: recorded::Frame) -> Frame {
    let recorded::Frame { after, event, exception, payload } = heard;
    let bytes = match (event, exception) {
        (Some(name), _) => event_stream::message("event", &name, payload.into()),
        (None, name) => event_stream::message("exception", &name.unwrap_or_default(), payload.into()),
    };
    Frame { after, bytes }
}
