//! Up to the first line feed, a model's id; behind it, a request. As a conversation it is validated and seen by a
//! script; as a native body it is read in the model's form. Neither panics, whatever it is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::ModelOperation;
use rehearsal_emulator::service::bedrock::conversation::Conversation;
use rehearsal_emulator::service::bedrock::native::{self, Body};
use rehearsal_emulator::service::bedrock::validation;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (model, request) = text.split_once('\n').unwrap_or(("anthropic.claude-3-haiku-20240307-v1:0", text));
    if let Ok(conversation) = serde_json::from_str::<Conversation>(request) {
        let conversation = Conversation { model_id: model.to_owned(), ..conversation };
        let _ = validation::validate(&conversation, ModelOperation::Converse);
        conversation.scene(ModelOperation::Converse);
    }
    match native::read(model, request.as_bytes()) {
        Ok(Body::Speech(body)) => {
            body.question().scene();
        }
        Ok(Body::Embedding(body)) => {
            body.texts();
        }
        Err(_) => {}
    }
});
