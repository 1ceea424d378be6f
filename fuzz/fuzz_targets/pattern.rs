//! Up to the first line feed, an event pattern; behind it, an event. What compiles is asked, alone and through an index,
//! which must agree.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::service::events::pattern::{Index, Pattern, json_mistake};
use serde_json::Value;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (pattern, event) = text.split_once('\n').unwrap_or((text, "{}"));
    // Longer ones never come so far.
    if pattern.chars().count() > 4096 {
        return;
    }
    let mistake = json_mistake(event);
    let event = match serde_json::from_str::<Value>(event) {
        Ok(event) => {
            assert_eq!(mistake, None, "JSON is read as JSON");
            event
        }
        Err(_) => Value::Null,
    };
    let Ok(pattern) = Pattern::compile(pattern) else { return };
    let mut index = Index::default();
    index.insert(1, &pattern);
    index.insert(2, &Pattern::compile(r#"{"a":["x"]}"#).expect("it is a pattern"));
    assert_eq!(index.matching(&event).contains(&1), pattern.matches(&event));
    index.remove(&1);
    assert!(!index.matching(&event).contains(&1));
});
