//! What a guardrail finds by itself, and what the script says that it finds.

use std::time::Duration;

use aws_sdk_bedrock::types::{
    GuardrailContextualGroundingFilterConfig, GuardrailContextualGroundingFilterType,
    GuardrailContextualGroundingPolicyConfig, GuardrailManagedWordsConfig, GuardrailManagedWordsType,
    GuardrailPiiEntityConfig, GuardrailPiiEntityType, GuardrailRegexConfig,
    GuardrailSensitiveInformationAction as Action, GuardrailSensitiveInformationPolicyConfig, GuardrailStatus,
    GuardrailWordPolicyConfig,
};
use aws_sdk_bedrockruntime::operation::apply_guardrail::ApplyGuardrailOutput;
use aws_sdk_bedrockruntime::operation::apply_guardrail::builders::ApplyGuardrailFluentBuilder;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    GuardrailAction, GuardrailContentBlock, GuardrailContentQualifier, GuardrailContentSource, GuardrailImageBlock,
    GuardrailImageFormat, GuardrailImageSource, GuardrailSensitiveInformationPolicyAction, GuardrailTextBlock,
    GuardrailWordPolicyAction,
};

use super::{client, control, guardrail_against, new_guardrail, violation};
use crate::keeping::{LeftBehind, shown};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn text(text: &str) -> GuardrailContentBlock {
    GuardrailContentBlock::Text(GuardrailTextBlock::builder().text(text).build().unwrap())
}

fn qualified(text: &str, qualifier: GuardrailContentQualifier) -> GuardrailContentBlock {
    let block = GuardrailTextBlock::builder().text(text).qualifiers(qualifier).build().unwrap();
    GuardrailContentBlock::Text(block)
}

fn apply(stage: &Stage, id: &str, source: GuardrailContentSource) -> ApplyGuardrailFluentBuilder {
    client(stage).apply_guardrail().guardrail_identifier(id).guardrail_version("DRAFT").source(source)
}

fn outputs(applied: &ApplyGuardrailOutput) -> Vec<&str> {
    applied.outputs().iter().map(|output| output.text().unwrap_or_default()).collect()
}

/// Masks e-mail addresses and order numbers, and blocks phone numbers that are said.
async fn careful(stage: &Stage) -> String {
    let entity =
        |kind: GuardrailPiiEntityType, action: Action| GuardrailPiiEntityConfig::builder().r#type(kind).action(action);
    let phone = entity(GuardrailPiiEntityType::Phone, Action::Block).input_action(Action::None).build().unwrap();
    let order = GuardrailRegexConfig::builder().name("ORDER").pattern(r"ord_\d+").action(Action::Anonymize);
    let policy = GuardrailSensitiveInformationPolicyConfig::builder()
        .pii_entities_config(entity(GuardrailPiiEntityType::Email, Action::Anonymize).build().unwrap())
        .pii_entities_config(phone)
        .regexes_config(order.build().unwrap());
    let made =
        new_guardrail(&control(stage), "careful").sensitive_information_policy_config(policy.build()).send().await;
    stage.advance(Duration::from_secs(3)).await;
    made.expect("the guardrail is made").guardrail_id
}

#[test]
fn a_word_blocks_in_any_case_and_only_as_a_whole() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["stock tips", "bet"]).await;
        let applied = apply(&stage, &id, GuardrailContentSource::Input).content(text("Any Stock  TIPS?")).send().await;
        let applied = applied.unwrap();
        assert_eq!(applied.action(), &GuardrailAction::GuardrailIntervened);
        assert_eq!(applied.action_reason(), Some("Guardrail blocked."));
        assert_eq!(outputs(&applied), ["I cannot hear that."]);
        let word = &applied.assessments()[0].word_policy().unwrap().custom_words()[0];
        assert_eq!((word.r#match(), word.action()), ("Stock  TIPS", &GuardrailWordPolicyAction::Blocked));
        assert_eq!(word.detected(), Some(true));
        let usage = applied.usage().unwrap();
        assert_eq!((usage.word_policy_units(), usage.topic_policy_units()), (1, 0));
        let coverage = applied.guardrail_coverage().unwrap().text_characters().unwrap();
        assert_eq!((coverage.guarded(), coverage.total()), (Some(16), Some(16)));
        let metrics = applied.assessments()[0].invocation_metrics().unwrap();
        assert_eq!(metrics.usage(), Some(usage));
        let said = apply(&stage, &id, GuardrailContentSource::Output).content(text("bet")).send().await.unwrap();
        assert_eq!(outputs(&said), ["I cannot say that."]);
        let fine = apply(&stage, &id, GuardrailContentSource::Input).content(text("better alphabets")).send().await;
        let fine = fine.unwrap();
        assert_eq!((fine.action(), fine.action_reason()), (&GuardrailAction::None, Some("No action.")));
        assert!(fine.outputs().is_empty() && fine.assessments()[0].word_policy().is_none());
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("guardrail shop: input blocked"), "{timeline}");
    });
}

#[test]
fn profanity_is_a_list_of_its_own() {
    on_both_stages(async |stage| {
        let list = GuardrailManagedWordsConfig::builder().r#type(GuardrailManagedWordsType::Profanity).build().unwrap();
        let policy = GuardrailWordPolicyConfig::builder().managed_word_lists_config(list).build();
        let made = new_guardrail(&control(&stage), "polite").word_policy_config(policy).send().await.unwrap();
        let applied = apply(&stage, made.guardrail_id(), GuardrailContentSource::Input).content(text("Oh shit!"));
        let applied = applied.send().await.unwrap();
        let words = applied.assessments()[0].word_policy().unwrap();
        assert_eq!((words.managed_word_lists()[0].r#match(), words.custom_words().len()), ("shit", 0));
    });
}

#[test]
fn personal_data_is_masked_told_or_blocked_as_each_side_says() {
    on_both_stages(async |stage| {
        let id = careful(&stage).await;
        let heard = apply(&stage, &id, GuardrailContentSource::Input)
            .content(text("I am jane@example.com, 555-123-4567."))
            .content(text("It is about ord_7."));
        let heard = heard.send().await.unwrap();
        assert_eq!(heard.action(), &GuardrailAction::GuardrailIntervened);
        assert_eq!(heard.action_reason(), Some("Guardrail masked."));
        assert_eq!(outputs(&heard), ["I am {EMAIL}, 555-123-4567.", "It is about {ORDER}."]);
        let found = heard.assessments()[0].sensitive_information_policy().unwrap();
        let entities: Vec<_> = found.pii_entities().iter().map(|entity| (entity.r#match(), entity.action())).collect();
        assert_eq!(
            entities,
            [
                ("jane@example.com", &GuardrailSensitiveInformationPolicyAction::Anonymized),
                ("555-123-4567", &GuardrailSensitiveInformationPolicyAction::None),
            ]
        );
        let regex = &found.regexes()[0];
        assert_eq!((regex.name(), regex.r#match(), regex.regex()), (Some("ORDER"), Some("ord_7"), Some(r"ord_\d+")));
        let usage = heard.usage().unwrap();
        assert_eq!(usage.sensitive_information_policy_units(), 1);
        assert_eq!(usage.sensitive_information_policy_free_units(), 1);
        let said = apply(&stage, &id, GuardrailContentSource::Output).content(text("Call 555-123-4567.")).send().await;
        assert_eq!(outputs(&said.unwrap()), ["I cannot say that."]);
    });
}

#[test]
fn sources_and_questions_are_not_judged_and_units_are_of_a_thousand_characters() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let applied = apply(&stage, &id, GuardrailContentSource::Output)
            .content(qualified("I bet", GuardrailContentQualifier::GroundingSource))
            .content(qualified("Do you bet?", GuardrailContentQualifier::Query))
            .content(qualified(&"long ".repeat(201), GuardrailContentQualifier::GuardContent));
        let applied = applied.send().await.unwrap();
        assert_eq!(applied.action(), &GuardrailAction::None);
        assert_eq!(applied.usage().unwrap().word_policy_units(), 2);
        let coverage = applied.guardrail_coverage().unwrap().text_characters().unwrap();
        assert_eq!((coverage.guarded(), coverage.total()), (Some(1005), Some(1021)));
        let image = GuardrailImageBlock::builder().format(GuardrailImageFormat::Png);
        let image = image.source(GuardrailImageSource::Bytes(Blob::new("png"))).build().unwrap();
        let seen = apply(&stage, &id, GuardrailContentSource::Input).content(GuardrailContentBlock::Image(image));
        let seen = seen.send().await.unwrap();
        assert_eq!(seen.guardrail_coverage().unwrap().images().unwrap().total(), Some(1));
    });
}

#[test]
fn a_question_to_measure_an_answer_by_is_short() {
    on_both_stages(async |stage| {
        let filter = GuardrailContextualGroundingFilterConfig::builder().threshold(0.5);
        let filter = filter.r#type(GuardrailContextualGroundingFilterType::Relevance).build().unwrap();
        let policy = GuardrailContextualGroundingPolicyConfig::builder().filters_config(filter).build().unwrap();
        let made = new_guardrail(&control(&stage), "sound").contextual_grounding_policy_config(policy).send().await;
        let made = made.unwrap();
        let ask = |length: usize| {
            apply(&stage, made.guardrail_id(), GuardrailContentSource::Output)
                .content(qualified(&"q".repeat(length), GuardrailContentQualifier::Query))
                .content(text("an answer"))
                .send()
        };
        assert_eq!(ask(1000).await.unwrap().usage().unwrap().contextual_grounding_policy_units(), 2);
        assert_eq!(refusal(ask(1001).await).0, "ValidationException");
    });
}

#[test]
fn a_version_is_applied_as_it_was_made() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        control(&stage).create_guardrail_version().guardrail_identifier(&id).send().await.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        let arn = format!("arn:aws:bedrock:us-east-1:000000000000:guardrail/{id}");
        let applied = apply(&stage, &arn, GuardrailContentSource::Input).guardrail_version("1").content(text("a bet"));
        let applied = applied.send().await.unwrap();
        assert_eq!(applied.action(), &GuardrailAction::GuardrailIntervened);
        let details = applied.assessments()[0].applied_guardrail_details().unwrap();
        assert_eq!((details.guardrail_id(), details.guardrail_version()), (Some(&*id), Some("1")));
    });
}

#[test]
fn what_is_not_there_or_not_well_formed_is_refused() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let not_there = "The guardrail identifier or version provided in the request does not exist.";
        let not_there = ("ResourceNotFoundException".to_owned(), not_there.to_owned());
        let unknown = apply(&stage, "none", GuardrailContentSource::Input).content(text("a")).send().await;
        assert_eq!(refusal(unknown), not_there);
        let apply = |source: &str| apply(&stage, &id, source.into()).content(text("a"));
        assert_eq!(refusal(apply("INPUT").guardrail_version("7").send().await), not_there);
        let refused = apply("THROUGHPUT").send().await;
        assert_eq!(refusal(refused), violation("THROUGHPUT", "source", "satisfy enum value set: [INPUT, OUTPUT]"));
        let empty = GuardrailImageBlock::builder().format(GuardrailImageFormat::Png);
        let empty = empty.source(GuardrailImageSource::Bytes(Blob::new(""))).build().unwrap();
        let (_, message) = refusal(apply("INPUT").content(GuardrailContentBlock::Image(empty)).send().await);
        assert!(message.contains("'content.2.member.image.source.bytes'"), "{message}");
    });
}

#[test]
fn the_script_says_what_only_a_model_finds() {
    on_both_stages(async |stage| {
        let script = "
            - when: {op: ApplyGuardrail, last_user: {contains: rich}}
              replies:
              - guardrail: {topicPolicy: {topics: [{name: Money}]}, contentPolicy: {filters: [{type: HATE, action: NONE}]}}
            - when: {op: ApplyGuardrail, prompt_type: OUTPUT, last_user: {contains: Jane}}
              replies:
              - guardrail: {sensitiveInformationPolicy: {piiEntities: [{type: NAME, match: Jane, action: ANONYMIZED}]}}
            - when: {op: ApplyGuardrail, last_user: {contains: busy}}
              replies:
              - fault: {error: ThrottlingException}
        ";
        let bedrock = stage.emulator.bedrock();
        bedrock.load_yaml(script).unwrap();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let apply = |source: GuardrailContentSource, said: &str| apply(&stage, &id, source).content(text(said)).send();
        let rich = apply(GuardrailContentSource::Input, "How do I get rich?").await.unwrap();
        assert_eq!(outputs(&rich), ["I cannot hear that."]);
        let topic = &rich.assessments()[0].topic_policy().unwrap().topics()[0];
        assert_eq!((topic.name(), topic.action().as_str(), topic.detected()), ("Money", "BLOCKED", Some(true)));
        let filter = &rich.assessments()[0].content_policy().unwrap().filters()[0];
        assert_eq!((filter.confidence().as_str(), filter.action().as_str()), ("HIGH", "NONE"));
        let jane = apply(GuardrailContentSource::Output, "Ask Jane.").await.unwrap();
        assert_eq!(outputs(&jane), ["Ask {NAME}."]);
        let heard = apply(GuardrailContentSource::Input, "Ask Jane.").await.unwrap();
        assert_eq!(heard.action(), &GuardrailAction::None);
        assert_eq!(refusal(apply(GuardrailContentSource::Input, "busy").await).0, "ThrottlingException");
        assert_eq!((bedrock.calls().len(), bedrock.misses().len()), (3, 0));
    });
}

#[test]
fn a_catch_all_rule_of_the_model_is_not_asked() {
    on_both_stages(async |stage| {
        let bedrock = stage.emulator.bedrock();
        bedrock.given(rehearsal_emulator::anything()).respond_with(rehearsal_emulator::Reply::text("hi")).mount();
        let id = guardrail_against(&stage, "shop", &["bet"]).await;
        let applied = apply(&stage, &id, GuardrailContentSource::Input).content(text("hello")).send().await.unwrap();
        assert_eq!((applied.action(), bedrock.calls().len()), (&GuardrailAction::None, 0));
    });
}

#[test]
fn a_guardrail_that_was_kept_acts_as_before() {
    in_virtual_time(async |stage| {
        let id = careful(&stage).await;
        let version = control(&stage).create_guardrail_version().guardrail_identifier(&id).send().await;
        version.expect("it is made");
        let later = LeftBehind::by(&stage).after(Duration::ZERO).await;
        for version in ["DRAFT", "1"] {
            let mut told = Vec::new();
            for stage in [&stage, &later] {
                let got = control(stage).get_guardrail().guardrail_identifier(&id).guardrail_version(version);
                let said = text("Write to ann@example.com about ord_7, or call +1 212 555 0123.");
                let applied = apply(stage, &id, GuardrailContentSource::Output).content(said).send().await;
                told.push([shown(&got.send().await), shown(&applied)]);
            }
            assert_eq!(told[1], told[0]);
            assert!(told[0][1].contains("Anonymized"), "{told:?}");
        }
        later.advance(Duration::from_secs(3)).await;
        let got = control(&later).get_guardrail().guardrail_identifier(&id).guardrail_version("1").send().await;
        assert_eq!(got.expect("it is there").status(), &GuardrailStatus::Ready);
    });
}
