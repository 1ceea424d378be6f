//! The example of the README, as it stands there.

// From here to the end of the function is what the README shows.
use std::time::Duration;

use aws_sdk_bedrockruntime::types::{ContentBlock, ConversationRole::User, Message};
use rehearsal_emulator::{Emulator, Reply, model, on, prompt_contains};

#[tokio::test(start_paused = true)]
async fn a_slow_throttled_model_still_approves_the_refund() {
    let emulator = Emulator::builder().seed(7).start().await;
    let bedrock = aws_sdk_bedrockruntime::Client::new(&emulator.sdk_config().await);

    emulator
        .bedrock()
        .given(model("*sonnet*"))
        .and(prompt_contains("refund"))
        .respond_with(Reply::text("approved").first_token_after(Duration::from_secs(60)))
        .expect(1)
        .named("refund")
        .mount();
    let throttled = emulator.fault(on("bedrock", "Converse").throttle().times(2));

    let question = Message::builder().role(User).content(ContentBlock::Text("refund order 7?".into())).build().unwrap();
    let answer = bedrock
        .converse()
        .model_id("us.anthropic.claude-sonnet-4-5-20250929-v1:0")
        .messages(question)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.output().unwrap().as_message().unwrap().content()[0].as_text().unwrap(), "approved");

    assert_eq!(throttled.acted(), 2);
    emulator.clock().advance(Duration::from_hours(24)).await; // TTLs, retention; no waiting
    assert!(emulator.timeline().to_string().contains("attempt 3"), "{}", emulator.timeline());
}
// To here.

/// Without blanks and line ends: rustfmt may break lines elsewhere than a page does.
fn letters(text: &str) -> String {
    text.split_whitespace().collect()
}

#[test]
fn the_readme_shows_this_test() {
    let readme = std::fs::read_to_string(crate::house::root().join("README.md")).expect("there is a README");
    let shown = readme.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("it has an example");
    let here = include_str!("readme.rs");
    let here = here.split("README shows.\n").nth(1).and_then(|rest| rest.split("// To here.").next()).unwrap();
    assert_eq!(letters(shown), letters(here));
}
