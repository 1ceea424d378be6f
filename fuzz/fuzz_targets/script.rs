//! A model's script. What can be read is loaded; what is refused is refused with a place that is in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::Script;
use rehearsal_emulator::service::bedrock::Actor;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Script::read(text) {
        Ok(script) => Actor::default().load(script).expect("what was checked is loaded"),
        Err(mistake) => {
            let lines = text.lines().count().max(1) as u64;
            // A mistake at the end stands behind the last line.
            assert!(mistake.place.is_none_or(|(line, _)| line <= lines + 1), "{mistake}");
        }
    }
});
