use std::time::Duration;

use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate_stream::RetrieveAndGenerateStreamOutput;
use aws_sdk_bedrockagentruntime::types::RetrieveAndGenerateStreamResponseOutput as Event;
use rehearsal_emulator::{Reply, anything};

use super::client;
use super::retrieve_and_generate::{configured, input};
use crate::bedrock_agent::knowledge::{base, filled_base};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

async fn listen(stage: &Stage, base: &str) -> RetrieveAndGenerateStreamOutput {
    let ask = client(stage).retrieve_and_generate_stream().input(input("Can I return an order?"));
    ask.retrieve_and_generate_configuration(configured(base, None)).send().await.expect("the stream starts")
}

/// What came before the end, in short, and whether it ended well.
async fn events(output: &mut RetrieveAndGenerateStreamOutput) -> (Vec<String>, bool) {
    let mut events = Vec::new();
    loop {
        match output.stream.recv().await {
            Ok(Some(Event::Output(output))) => events.push(output.text().to_owned()),
            Ok(Some(Event::Citation(citation))) => {
                let part = citation.generated_response_part().unwrap().text_response_part().unwrap();
                let span = part.span().unwrap();
                let references = citation.retrieved_references().len();
                events.push(format!("[{}-{} cites {references}]", span.start().unwrap(), span.end().unwrap()));
            }
            Ok(Some(other)) => events.push(format!("unexpected {other:?}")),
            Ok(None) => return (events, true),
            Err(_) => return (events, false),
        }
    }
}

#[test]
fn citations_come_after_the_parts_that_they_are_about() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let answer = "Orders can be returned. Good luck! The Berlin office is open.";
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text(answer)).mount();
        let mut output = listen(&stage, &base).await;
        assert_eq!(output.session_id().len(), 36);
        let (events, well) = events(&mut output).await;
        assert!(well);
        assert_eq!(
            events,
            [
                "Orders ",
                "can ",
                "be ",
                "returned. ",
                "[0-22 cites 1]",
                "Good ",
                "luck! ",
                "The ",
                "Berlin ",
                "office ",
                "is ",
                "open.",
                "[35-60 cites 1]",
            ]
        );
    });
}

#[test]
fn pieces_leave_on_the_clock() {
    in_virtual_time(async |stage| {
        let base = filled_base(&stage).await;
        let script = "rules: [{replies: [{text: one two six ten, first_token_after: 300ms, tokens_per_second: 10}]}]";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let start = stage.emulator.clock().now();
        let mut output = listen(&stage, &base).await;
        assert_eq!(stage.emulator.clock().now().since(start), Duration::from_millis(300));
        events(&mut output).await;
        assert_eq!(stage.emulator.clock().now().since(start), Duration::from_millis(600));
    });
}

#[test]
fn a_stream_breaks_off_as_the_script_says() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let fault = "{after: {frames: 2}, do: 'exception:throttlingException', message: slow down}";
        let script = format!("rules: [{{replies: [{{text: one two three, fault: {fault}}}]}}]");
        stage.emulator.bedrock().load_yaml(&script).unwrap();
        assert_eq!(events(&mut listen(&stage, &base).await).await, (vec!["one ".to_owned(), "two ".to_owned()], false));
    });
}

#[test]
fn where_nothing_is_found_that_is_the_stream() {
    on_both_stages(async |stage| {
        let base = base(&stage, "empty").await;
        let (events, well) = events(&mut listen(&stage, &base).await).await;
        assert!(well);
        assert_eq!(events, ["Sorry, I am unable to assist you with this request.", "[0-50 cites 0]"]);
    });
}

#[test]
fn what_is_wrong_with_a_request_is_told_before_the_stream() {
    on_both_stages(async |stage| {
        let ask = client(&stage).retrieve_and_generate_stream().input(input("a"));
        let refused = ask.retrieve_and_generate_configuration(configured("ABCDEFGHIJ", None)).send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
    });
}
