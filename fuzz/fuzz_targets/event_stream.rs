//! What a frame says is what the SDK's decoder reads from it, byte for byte.
#![no_main]

use aws_smithy_eventstream::frame::read_message_from;
use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::wire::event_stream;
use serde_json::{Value, json};

fuzz_target!(|data: &[u8]| {
    let said = String::from_utf8_lossy(data).into_owned();
    let payload = json!({"delta": {"text": said}, "contentBlockIndex": data.len()});
    for (frame, expected) in [
        (event_stream::event("contentBlockDelta", &payload), payload.clone()),
        (event_stream::exception("throttlingException", &said), json!({ "message": said })),
    ] {
        let message = read_message_from(&mut &frame[..]).expect("a frame of ours is well formed");
        assert_eq!(message.headers().len(), 3);
        assert_eq!(serde_json::from_slice::<Value>(message.payload()).expect("it is JSON"), expected);
    }
});
