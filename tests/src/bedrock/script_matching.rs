//! Whom a rule answers: conditions, counters, sessions and states, as a test writes them.

use aws_sdk_bedrockruntime::types::Message;
use rehearsal_emulator::{
    ModelOperation, Reply, all_of, any_of, anything, model, not, operation, prompt_contains, prompt_equals,
    prompt_json, prompt_matches, system_contains, tool_offered, turn,
};

use super::{MODEL, assistant, client, order_tool, user};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

async fn ask(stage: &Stage, messages: Vec<Message>) -> Result<String, String> {
    let converse = client(stage).converse().model_id(MODEL).set_messages(Some(messages));
    let answer = converse.tool_config(order_tool("get_order")).send().await;
    let answer = answer.map_err(|error| {
        let (_, message) = crate::stage::refusal(Err::<(), _>(error));
        message
    })?;
    Ok(answer.output().unwrap().as_message().unwrap().content()[0].as_text().expect("a text").clone())
}

async fn say(stage: &Stage, text: &str) -> Result<String, String> {
    ask(stage, vec![user(text)]).await
}

#[test]
fn rules_are_told_apart_by_what_the_request_has() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let rules = [
            ("later", turn(1)),
            ("json", prompt_json("$.order.id", 7)),
            ("regex", prompt_matches(r"^order (?<id>\d+)$")),
            ("equals", prompt_equals("hello")),
            ("either", any_of([prompt_contains("refund"), prompt_contains("money back")])),
            ("both", all_of([prompt_contains("cat"), prompt_contains("dog")])),
            ("other", model("*haiku*").and(system_contains("agent"))),
            ("stream", operation(ModelOperation::ConverseStream)),
            ("not", not(prompt_contains("nothing")).and(tool_offered("get_*"))),
        ];
        for (name, when) in rules {
            let text = if name == "regex" { "regex {{m.id}}".to_owned() } else { name.to_owned() };
            bedrock.given(when).respond_with(Reply::text(text)).named(name).mount();
        }
        for (text, expected) in [
            ("please see {\"order\":{\"id\":7}}", "json"),
            ("order 42", "regex 42"),
            ("hello", "equals"),
            ("my money back", "either"),
            ("a dog and a cat", "both"),
            ("a dog", "not"),
        ] {
            assert_eq!(say(&stage, text).await.as_deref(), Ok(expected), "{text}");
        }
        let second = ask(&stage, vec![user("a"), assistant("b"), user("hello")]).await;
        assert_eq!(second.as_deref(), Ok("later"));
        let missed = say(&stage, "nothing").await.unwrap_err();
        assert!(missed.contains("The nearest is rule `"), "{missed}");
        bedrock.forgive();
    });
}

#[test]
fn a_miss_marks_where_the_text_differs() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let far = model("*haiku*").and(prompt_contains("weather"));
        bedrock.given(far).respond_with(Reply::text("sunny")).mount();
        bedrock.given(prompt_contains("refund order")).respond_with(Reply::text("no")).named("refund").mount();
        bedrock.given(prompt_contains("cancel it all")).respond_with(Reply::text("no")).named("cancel").mount();
        let missed = say(&stage, "please refund oder 7").await.unwrap_err();
        let expected = "The nearest is rule `refund`, but last_user: expected a text containing `refund order`, saw \
                        `please refund oder 7` (the difference: `refund o[-r-]der`)";
        assert!(missed.ends_with(expected), "{missed}");
        bedrock.forgive();
    });
}

#[test]
fn a_sequence_repeats_loops_or_fails() {
    in_virtual_time(async |stage| {
        for (exhaust, expected) in
            [("repeat", ["a", "b", "b", "b"]), ("loop", ["a", "b", "a", "b"]), ("fail", ["a", "b", "miss", "miss"])]
        {
            let script = format!("- {{exhaust: {exhaust}, replies: [{{text: a}}, {{text: b}}]}}");
            stage.emulator.bedrock().load_yaml(&script).unwrap();
            for expected in expected {
                let said = say(&stage, "hi").await.unwrap_or_else(|_| "miss".to_owned());
                assert_eq!(said, expected, "{exhaust}");
            }
        }
        stage.emulator.bedrock().forgive();
    });
}

#[test]
fn a_rule_waits_for_its_state() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        let pay = bedrock.given(prompt_contains("pay")).respond_with(Reply::text("paid")).in_state("start");
        pay.to_state("paid").named("pay").mount();
        bedrock.given(prompt_contains("send")).respond_with(Reply::text("sent")).in_state("paid").named("send").mount();
        let early = say(&stage, "send").await.unwrap_err();
        assert!(early.contains("rule `send`, but in_state: expected paid, saw start"), "{early}");
        assert_eq!(say(&stage, "pay").await.as_deref(), Ok("paid"));
        assert_eq!(say(&stage, "send").await.as_deref(), Ok("sent"));
        say(&stage, "pay").await.expect_err("it is paid");
        bedrock.rewind();
        say(&stage, "send").await.expect_err("the states begin again, too");
        bedrock.forgive();
    });
}

#[test]
fn a_spent_rule_gives_way() {
    in_virtual_time(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(anything()).respond_with(Reply::text("once")).up_to_n_times(1).mount();
        bedrock.given(anything()).respond_with(Reply::text("then")).loop_when_exhausted().expect(2).mount();
        for expected in ["once", "then", "then"] {
            assert_eq!(say(&stage, "hi").await.as_deref(), Ok(expected));
        }
        assert_eq!(bedrock.failure(), None);
    });
}
