//! JSON as it arrives: what is read as an item is written and read again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::service::dynamodb::attribute_json::{GivenItem, item, stored};
use rehearsal_emulator::service::dynamodb::value::item_size;

fuzz_target!(|data: &[u8]| {
    let Ok(given) = serde_json::from_slice::<GivenItem>(data) else { return };
    let Ok(read) = item(given) else { return };
    item_size(&read);
    let written = serde_json::to_string(&read).expect("an item is plain data with text keys");
    assert_eq!(stored(&written, &|_| true), read);
});
