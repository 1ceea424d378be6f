use std::time::Duration;

use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate::RetrieveAndGenerateOutput;
use aws_sdk_bedrockagentruntime::operation::retrieve_and_generate::builders::RetrieveAndGenerateFluentBuilder;
use aws_sdk_bedrockagentruntime::primitives::Blob;
use aws_sdk_bedrockagentruntime::types::{
    ByteContentDoc, ExternalSource, ExternalSourceType, ExternalSourcesRetrieveAndGenerateConfiguration,
    GenerationConfiguration, GuardrailConfiguration, InferenceConfig, KnowledgeBaseRetrieveAndGenerateConfiguration,
    PromptTemplate, RetrieveAndGenerateConfiguration, RetrieveAndGenerateInput, RetrieveAndGenerateType, S3ObjectDoc,
    TextInferenceConfig,
};
use rehearsal_emulator::{Reply, anything};

use super::{client, guardrail};
use crate::bedrock_agent::knowledge::{base, filled_base, told};
use crate::stage::{Stage, on_both_stages, refusal};

pub const MODEL: &str = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";

pub fn configured(base: &str, generation: Option<GenerationConfiguration>) -> RetrieveAndGenerateConfiguration {
    let configuration = KnowledgeBaseRetrieveAndGenerateConfiguration::builder()
        .knowledge_base_id(base)
        .model_arn(MODEL)
        .set_generation_configuration(generation);
    RetrieveAndGenerateConfiguration::builder()
        .r#type(RetrieveAndGenerateType::KnowledgeBase)
        .knowledge_base_configuration(configuration.build().expect("base and model are set"))
        .build()
        .expect("the type is set")
}

pub fn input(text: &str) -> RetrieveAndGenerateInput {
    RetrieveAndGenerateInput::builder().text(text).build().expect("the text is set")
}

fn ask(stage: &Stage, base: &str, question: &str) -> RetrieveAndGenerateFluentBuilder {
    let ask = client(stage).retrieve_and_generate().input(input(question));
    ask.retrieve_and_generate_configuration(configured(base, None))
}

/// Each part that is cited: its span, its text and the documents that it cites.
fn cited(output: &RetrieveAndGenerateOutput) -> Vec<(i32, i32, String, Vec<String>)> {
    let cited = output.citations().iter().map(|citation| {
        let part = citation.generated_response_part().unwrap().text_response_part().unwrap();
        let span = part.span().unwrap();
        let documents = citation.retrieved_references().iter().map(|reference| {
            assert!(reference.content().is_some() && reference.metadata().is_some());
            reference.location().unwrap().custom_document_location().unwrap().id().unwrap().to_owned()
        });
        (span.start().unwrap(), span.end().unwrap(), part.text().unwrap().to_owned(), documents.collect())
    });
    cited.collect()
}

fn texted(output: &RetrieveAndGenerateOutput) -> &str {
    output.output().expect("there is an output").text()
}

#[test]
fn an_answer_cites_what_was_found() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let answer = "Yes: orders can be returned within 30 days. The Berlin office is open on Monday.";
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text(answer)).mount();
        let output = ask(&stage, &base, "Can I return an order?").send().await.unwrap();
        assert_eq!(texted(&output), answer);
        assert_eq!(
            cited(&output),
            [
                (0, 42, "Yes: orders can be returned within 30 days.".to_owned(), vec!["returns".to_owned()]),
                (44, 79, "The Berlin office is open on Monday.".to_owned(), vec!["office".to_owned()]),
            ]
        );
        assert_eq!(told(&stage, "4 of 4 chunks"), 1);
    });
}

#[test]
fn the_script_may_say_what_a_text_cites_and_that_a_guardrail_intervenes() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let script = "rules: [{replies: [
            {content: [{text: 'It is free. ', citations: [{title: returns}]}, {text: 'Come to us.', citations: [
                {location: {searchResultLocation: {searchResultIndex: 0, start: 0, end: 1}}}, {source: office}]}]},
            {guardrail: {topicPolicy: {topics: [{name: fruit, type: DENY, action: BLOCKED}]}}, text: No.}]}]";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let output = ask(&stage, &base, "Where is the Berlin office?").send().await.unwrap();
        assert_eq!(output.guardrail_action(), None);
        let office = || "office".to_owned();
        assert_eq!(
            cited(&output),
            [
                (0, 11, "It is free. ".to_owned(), vec!["returns".to_owned()]),
                (12, 22, "Come to us.".to_owned(), vec![office()]),
            ]
        );
        let stopped = ask(&stage, &base, "Which fruit is blue?").session_id(output.session_id()).send().await.unwrap();
        assert_eq!((texted(&stopped), stopped.guardrail_action().unwrap().as_str()), ("No.", "INTERVENED"));
    });
}

#[test]
fn the_model_is_asked_with_what_was_found() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("Fine.")).mount();
        let output = ask(&stage, &base, "Can I return an order?").send().await.unwrap();
        assert_eq!(cited(&output), [(0, 4, "Fine.".to_owned(), vec![])]);
        let [call] = &stage.emulator.bedrock().calls()[..] else { panic!("one call") };
        let scene = &call.scene;
        assert_eq!(scene.operation.name(), "RetrieveAndGenerate");
        assert_eq!(
            (&*scene.model, &*scene.knowledge_base, &*scene.last_user),
            (MODEL, &*base, "Can I return an order?")
        );
        assert_eq!(scene.session, output.session_id());
        assert_eq!(scene.prompt_type, "KNOWLEDGE_BASE_RESPONSE_GENERATION");
        assert!(scene.system.contains("Orders can be returned within 30 days"), "{}", scene.system);
        assert!(scene.input_tokens > 50, "{}", scene.input_tokens);
    });
}

#[test]
fn a_template_takes_the_place_of_the_prompt() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("Orders can be returned.")).mount();
        let of = |template: &str| {
            let template = PromptTemplate::builder().text_prompt_template(template).build();
            let generation = GenerationConfiguration::builder().prompt_template(template).build();
            let ask = client(&stage).retrieve_and_generate().input(input("Return?"));
            ask.retrieve_and_generate_configuration(configured(&base, Some(generation))).send()
        };
        let without = of("Q: $query$\n$search_results$").await.unwrap();
        assert!(without.citations().is_empty(), "without the instructions on the format, nothing is cited");
        let with = of("$search_results$ $output_format_instructions$").await.unwrap();
        assert_eq!(with.citations().len(), 1);
        let calls = stage.emulator.bedrock().calls();
        assert!(calls[0].scene.system.starts_with("Q: Return?\n<search_result>"), "{}", calls[0].scene.system);
    });
}

#[test]
fn a_session_remembers_and_ends() {
    on_both_stages(async |stage| {
        let filled = filled_base(&stage).await;
        let bedrock = stage.emulator.bedrock();
        bedrock
            .given(anything())
            .respond_with(Reply::text("Within 30 days."))
            .respond_with(Reply::text("Yes."))
            .mount();
        let first = ask(&stage, &filled, "Until when may I return an order?").send().await.unwrap();
        let session = first.session_id();
        let second = ask(&stage, &filled, "Is it free?").session_id(session).send().await.unwrap();
        assert_eq!((texted(&second), second.session_id()), ("Yes.", session));
        let scene = &bedrock.calls()[1].scene;
        let said: Vec<&str> = scene.messages.iter().map(|said| said.text.as_str()).collect();
        assert_eq!(said, ["Until when may I return an order?", "Within 30 days.", "Is it free?"]);
        assert_eq!(scene.turn, 1);
        let other = base(&stage, "other").await;
        let refused = refusal(ask(&stage, &other, "a").session_id(session).send().await);
        assert!(refused.0 == "ValidationException" && refused.1.contains("ongoing session"), "{refused:?}");
        stage.advance(Duration::from_hours(24)).await;
        for session in [session, "unknown"] {
            let (code, message) = refusal(ask(&stage, &filled, "a").session_id(session).send().await);
            assert_eq!(code, "ValidationException");
            assert_eq!(message, format!("Session with Id {session} is not valid. Please check and try again."));
        }
    });
}

#[test]
fn where_nothing_is_found_the_model_is_not_asked() {
    on_both_stages(async |stage| {
        let base = base(&stage, "empty").await;
        let output = ask(&stage, &base, "Can I return an order?").send().await.unwrap();
        let sentence = "Sorry, I am unable to assist you with this request.";
        assert_eq!(texted(&output), sentence);
        assert_eq!(cited(&output), [(0, 50, sentence.to_owned(), vec![])]);
        assert!(stage.emulator.bedrock().calls().is_empty());
        assert_eq!(told(&stage, "0 of 0 chunks"), 1);
    });
}

#[test]
fn what_the_script_does_happens_here() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let bedrock = stage.emulator.bedrock();
        bedrock.load_yaml("rules: [{replies: [{fault: {error: ThrottlingException, message: slow down}}]}]").unwrap();
        let refused = refusal(ask(&stage, &base, "a").send().await);
        assert_eq!(refused, ("ThrottlingException".to_owned(), "slow down".to_owned()));
        bedrock.load_yaml("rules: []").unwrap();
        let (code, message) = refusal(ask(&stage, &base, "a").send().await);
        assert_eq!(code, "ValidationException");
        assert!(message.contains("RetrieveAndGenerate"), "{message}");
        bedrock.forgive();
    });
}

#[test]
fn a_document_may_come_with_the_question() {
    on_both_stages(async |stage| {
        stage.emulator.bedrock().given(anything()).respond_with(Reply::text("Plums are blue.")).mount();
        let source = |source: ExternalSource| {
            let sources = ExternalSourcesRetrieveAndGenerateConfiguration::builder().model_arn(MODEL).sources(source);
            let configuration = RetrieveAndGenerateConfiguration::builder()
                .r#type(RetrieveAndGenerateType::ExternalSources)
                .external_sources_configuration(sources.build().unwrap());
            let ask = client(&stage).retrieve_and_generate().input(input("Which fruit is blue?"));
            ask.retrieve_and_generate_configuration(configuration.build().unwrap()).send()
        };
        let bytes = |kind: &str, data: &[u8]| {
            let content = ByteContentDoc::builder().identifier("fruit.txt").content_type(kind).data(Blob::new(data));
            ExternalSource::builder()
                .source_type(ExternalSourceType::ByteContent)
                .byte_content(content.build().unwrap())
                .build()
                .unwrap()
        };
        let output = source(bytes("text/plain", b"Plums are blue. Limes are green.")).await.unwrap();
        assert_eq!(texted(&output), "Plums are blue.");
        let reference = &output.citations()[0].retrieved_references()[0];
        assert_eq!(reference.content().unwrap().text(), "Plums are blue. Limes are green.");
        assert_eq!(refusal(source(bytes("application/pdf", b"%PDF")).await).0, "NotImplemented");
        let s3 = S3ObjectDoc::builder().uri("s3://docs/a.txt").build().unwrap();
        let s3 = ExternalSource::builder().source_type(ExternalSourceType::S3).s3_location(s3).build().unwrap();
        assert_eq!(refusal(source(s3).await).0, "NotImplemented");
    });
}

#[test]
fn what_the_model_does_not_allow_is_refused() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let with = |generation| {
            let ask = client(&stage).retrieve_and_generate().input(input("a"));
            ask.retrieve_and_generate_configuration(configured(&base, Some(generation)))
        };
        let hot = TextInferenceConfig::builder().temperature(1.5).max_tokens(70_000).build();
        let hot = InferenceConfig::builder().text_inference_config(hot).build();
        let hot = GenerationConfiguration::builder().inference_config(hot).build();
        let untyped = RetrieveAndGenerateConfiguration::builder().r#type(RetrieveAndGenerateType::KnowledgeBase);
        for (call, code, expected) in [
            (ask(&stage, &base, &"x".repeat(1001)), "ValidationException", "less than or equal to 1000"),
            (ask(&stage, &base, "a").session_id("a@b"), "ValidationException", "Value 'a@b' at 'sessionId'"),
            (with(hot), "ValidationException", "2 validation errors detected"),
            (ask(&stage, "ABCDEFGHIJ", "a"), "ResourceNotFoundException", "ABCDEFGHIJ"),
            (
                client(&stage).retrieve_and_generate().input(input("a")),
                "ValidationException",
                "retrieveAndGenerateConfiguration is required",
            ),
            (
                ask(&stage, &base, "a").retrieve_and_generate_configuration(untyped.build().unwrap()),
                "ValidationException",
                "knowledgeBaseConfiguration is required",
            ),
        ] {
            let refused = refusal(call.send().await);
            assert_eq!(refused.0, code, "{}", refused.1);
            assert!(refused.1.contains(expected), "{expected}: {}", refused.1);
        }
    });
}

#[test]
fn a_guardrail_judges_question_and_answer() {
    on_both_stages(async |stage| {
        let base = filled_base(&stage).await;
        let guardrail = guardrail(&stage).await;
        let ask = |question: &str| {
            let guarded = GuardrailConfiguration::builder().guardrail_id(&guardrail).guardrail_version("DRAFT");
            let generation = GenerationConfiguration::builder().guardrail_configuration(guarded.build().unwrap());
            let ask = client(&stage).retrieve_and_generate().input(input(question));
            ask.retrieve_and_generate_configuration(configured(&base, Some(generation.build()))).send()
        };
        let script = "rules: [
            {when: {op: RetrieveAndGenerate, last_user: {contains: tell}}, replies: [text: 'Orders can be returned, and ord_77, too.']},
            {when: {op: RetrieveAndGenerate, last_user: {contains: bad}}, replies: [text: 'Here are stock tips.']},
            {when: {op: RetrieveAndGenerate}, replies: [text: 'Orders can be returned.']}]";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        for (question, text, action, calls) in [
            ("Return ord_12?", "Orders can be returned.", "NONE", 1),
            ("Any stock tips?", "I cannot hear that.", "INTERVENED", 1),
            ("tell me", "Orders can be returned, and {ORDER}, too.", "INTERVENED", 2),
            ("something bad", "I cannot say that.", "INTERVENED", 3),
        ] {
            let output = ask(question).await.unwrap();
            assert_eq!((texted(&output), output.guardrail_action().unwrap().as_str()), (text, action), "{question}");
            assert_eq!(stage.emulator.bedrock().calls().len(), calls, "{question}");
        }
        let heard = stage.emulator.bedrock().calls()[0].scene.last_user.clone();
        assert_eq!(heard, "Return {ORDER}?");
        let script = "rules: [
            {when: {op: ApplyGuardrail, prompt_type: OUTPUT}, replies: [
                {guardrail: {topicPolicy: {topics: [{name: Returns}]}}}]},
            {when: {op: RetrieveAndGenerate}, replies: [text: 'Orders can be returned.']}]";
        stage.emulator.bedrock().load_yaml(script).unwrap();
        let output = ask("Return it?").await.unwrap();
        let told = (texted(&output), output.guardrail_action().unwrap().as_str());
        assert_eq!(told, ("I cannot say that.", "INTERVENED"), "what only a model finds, the script says");
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("guardrail careful: output blocked"), "{timeline}");
    });
}
