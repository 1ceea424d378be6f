//! Two numbers on two lines: what is read is written and read again; sums and order agree with themselves.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::service::dynamodb::number::Number;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let (first, second) = text.split_once('\n').unwrap_or((text, "1"));
    let Ok(first) = Number::parse(first) else { return };
    assert_eq!(Number::parse(&first.to_string()), Ok(first));
    assert!(first.digits() <= 38);
    first.floor();
    let Ok(second) = Number::parse(second) else { return };
    assert_eq!(first.plus(second), second.plus(first));
    assert_eq!(first.sortable().cmp(&second.sortable()), first.cmp(&second));
    assert_eq!(first == second, first.cmp(&second).is_eq());
    if let (Ok(sum), Ok(rest)) = (first.plus(second), first.minus(second)) {
        assert_eq!(sum >= first, !second.is_negative());
        assert_eq!(rest <= first, !second.is_negative());
    }
});
