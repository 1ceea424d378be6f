//! What a test says that fails because the script was not followed: the message is the product.

use std::panic::{AssertUnwindSafe, catch_unwind};

use aws_sdk_bedrockruntime::Client;
use rehearsal_emulator::{Emulator, Reply, model, prompt_contains};

use super::{MODEL, ask};

/// Drops the emulator and gives what it panics with.
fn last_words(emulator: Emulator) -> String {
    let panic = catch_unwind(AssertUnwindSafe(|| drop(emulator))).expect_err("the test fails when it ends");
    *panic.downcast::<String>().expect("a panic with a message")
}

#[tokio::test(start_paused = true)]
async fn an_unmet_expectation_names_the_rule_the_count_and_why_each_call_did_not_count() {
    let emulator = Emulator::start().await;
    let bedrock = emulator.bedrock();
    bedrock.given(prompt_contains("refund")).respond_with(Reply::text("approved")).expect(2).named("refund").mount();
    bedrock.given(model("*sonnet*")).respond_with(Reply::text("hello")).named("small talk").mount();
    let client = Client::new(&emulator.sdk_config().await);
    for text in ["refund order 7", "how are you?"] {
        ask(&client, text).await.unwrap();
    }
    let expected = format!(
        "the model's script was not followed\n\n\
         rule `refund` was to answer 2 times, and answered once\n    it answers when: last_user contains `refund`\n\n\
         the model was called 2 times:\n  \
         #1 Converse of `{MODEL}` (turn 0, last user text `refund order 7`) > rule `refund`: text, 2 tokens\n  \
         #2 Converse of `{MODEL}` (turn 0, last user text `how are you?`) > rule `small talk`: text, 2 tokens\n      \
         not rule `refund`: last_user: expected a text containing `refund`, saw `how are you?`\n"
    );
    assert_eq!(last_words(emulator), expected);
}

#[tokio::test(start_paused = true)]
async fn a_strict_miss_names_every_rule_and_why_it_did_not_answer() {
    let emulator = Emulator::start().await;
    let bedrock = emulator.bedrock();
    bedrock.given(prompt_contains("refund")).respond_with(Reply::text("approved")).named("refund").mount();
    bedrock.given(model("*haiku*")).and(prompt_contains("poem")).respond_with(Reply::text("...")).named("poem").mount();
    let client = Client::new(&emulator.sdk_config().await);
    // The agent swallows the error; the test fails all the same.
    ask(&client, "cancel order 7").await.expect_err("no rule fits");
    let words = last_words(emulator);
    for part in [
        "call #1 was a miss",
        "The nearest is rule `refund`",
        "the model was called once:",
        "not rule `refund`: last_user: expected a text containing `refund`, saw `cancel order 7`",
        "not rule `poem`: model: expected `*haiku*`",
        "last_user: expected a text containing `poem`, saw `cancel order 7`",
    ] {
        assert!(words.contains(part), "lacks {part}:\n{words}");
    }
}
