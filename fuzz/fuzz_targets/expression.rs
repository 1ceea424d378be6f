//! The first byte chooses the kind of the expression; the rest is its text. What is read is tried on an item.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rehearsal_emulator::service::dynamodb::attribute_json::{GivenItem, item};
use rehearsal_emulator::service::dynamodb::expression::{
    Kind, Symbols, application, condition, evaluation, key_condition, projection, update,
};
use rehearsal_emulator::service::dynamodb::value::Item;

const SUBJECT: &str = r#"{"a":{"N":"5"},"b":{"S":"text"},"l":{"L":[{"N":"1"},{"M":{"x":{"S":"deep"}}}]},
    "m":{"M":{"x":{"N":"2"},"y":{"L":[]}}},"ss":{"SS":["a","b"]},"name":{"BOOL":true}}"#;
const VALUES: &str = r#"{":n":{"N":"1"},":s":{"S":"a"},":l":{"L":[{"N":"9"}]},":ss":{"SS":["a"]},":t":{"S":"N"},
    ":big":{"N":"9E125"},":m":{"M":{}}}"#;

fn read(json: &str) -> Item {
    item(serde_json::from_str::<GivenItem>(json).expect("it is written above")).expect("it is written above")
}

fuzz_target!(|data: &[u8]| {
    let Some((kind, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let names = [("#n".to_owned(), "name".to_owned()), ("#d".to_owned(), "a.b".to_owned())].into();
    let (mut symbols, subject) = (Symbols::new(names, read(VALUES)), read(SUBJECT));
    match kind {
        b'c' => {
            if let Ok(condition) = condition::parse(Kind::Condition, text, &mut symbols) {
                evaluation::holds(&condition, &subject);
            }
        }
        b'u' => {
            if let Ok(update) = update::parse(text, &mut symbols) {
                let _ = application::apply(&update, subject);
            }
        }
        b'p' => {
            if let Ok(projection) = projection::parse(text, &mut symbols) {
                projection.of_item(&subject);
            }
        }
        _ => {
            if let Ok(conditions) = key_condition::parse(text, &mut symbols) {
                let _ = conditions.resolve("a", Some("b"));
            }
        }
    }
    let _ = symbols.check_all_used();
});
