//! CBOR as it arrives: every operation of Kinesis reads it or refuses it, and what is read is written and read again.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::kernel::{AnyService, Protocol};
use rehearsal_emulator::service::{self, Settings};
use rehearsal_emulator::wire::{Request, cbor};
use serde_json::Value;

static KINESIS: LazyLock<Box<dyn AnyService>> = LazyLock::new(|| {
    let (services, _) = service::all(Settings::default());
    let kinesis = services.into_iter().find(|service| service.description().name == "kinesis");
    kinesis.expect("it is a service")
});

fuzz_target!(|data: &[u8]| {
    let request = Request::of_document(Protocol::AwsCbor1_1, data.to_vec().into());
    for place in 0..KINESIS.operations().len() {
        if let Ok(ready) = KINESIS.prepare(place, &request) {
            ready.resource();
        }
    }
    if let Ok(document) = cbor::decode::<Value>(data) {
        assert_eq!(cbor::decode::<Value>(&cbor::encode(&document)).as_ref(), Ok(&document));
    }
});
