use aws_sdk_bedrock::types::{
    GuardrailContentFilterAction, GuardrailContentFilterConfig, GuardrailContentFilterType,
    GuardrailContentFiltersTierName, GuardrailContentPolicyConfig, GuardrailContextualGroundingFilterConfig,
    GuardrailContextualGroundingFilterType, GuardrailContextualGroundingPolicyConfig, GuardrailCrossRegionConfig,
    GuardrailFilterStrength, GuardrailManagedWordsConfig, GuardrailManagedWordsType, GuardrailModality,
    GuardrailPiiEntityConfig, GuardrailPiiEntityType, GuardrailRegexConfig,
    GuardrailSensitiveInformationAction as Action, GuardrailSensitiveInformationPolicyConfig, GuardrailTopicAction,
    GuardrailTopicConfig, GuardrailTopicPolicyConfig, GuardrailTopicType, GuardrailWordAction, GuardrailWordConfig,
    GuardrailWordPolicyConfig,
};

use super::{control, guardrail_against, new_guardrail, violation};
use crate::stage::{Stage, on_both_stages, refusal};

/// A guardrail with every policy there is.
async fn full(stage: &Stage) -> String {
    let topic = GuardrailTopicConfig::builder().name("Money").definition("what it does").examples("How do I get rich?");
    let topic = topic.r#type(GuardrailTopicType::Deny).output_action(GuardrailTopicAction::None).build().unwrap();
    let filter = GuardrailContentFilterConfig::builder().r#type(GuardrailContentFilterType::Hate);
    let filter = filter.input_strength(GuardrailFilterStrength::High).output_strength(GuardrailFilterStrength::Low);
    let filter = filter.input_modalities(GuardrailModality::Text).input_modalities(GuardrailModality::Image).build();
    let word = GuardrailWordConfig::builder().text("stock tips").input_enabled(false).build().unwrap();
    let list = GuardrailManagedWordsConfig::builder().r#type(GuardrailManagedWordsType::Profanity).build().unwrap();
    let email = GuardrailPiiEntityConfig::builder().r#type(GuardrailPiiEntityType::Email).action(Action::Anonymize);
    let order = GuardrailRegexConfig::builder().name("order").pattern(r"ord_\d+").action(Action::Block);
    let sensitive = GuardrailSensitiveInformationPolicyConfig::builder()
        .pii_entities_config(email.output_action(Action::Block).build().unwrap())
        .regexes_config(order.description("our numbers").build().unwrap());
    let grounding = GuardrailContextualGroundingFilterConfig::builder().threshold(0.7);
    let grounding = grounding.r#type(GuardrailContextualGroundingFilterType::Grounding).build().unwrap();
    let profile = GuardrailCrossRegionConfig::builder().guardrail_profile_identifier("us.guardrail.v1:0");
    let made = new_guardrail(&control(stage), "full")
        .description("everything")
        .topic_policy_config(GuardrailTopicPolicyConfig::builder().topics_config(topic).build().unwrap())
        .content_policy_config(GuardrailContentPolicyConfig::builder().filters_config(filter.unwrap()).build().unwrap())
        .word_policy_config(
            GuardrailWordPolicyConfig::builder().words_config(word).managed_word_lists_config(list).build(),
        )
        .sensitive_information_policy_config(sensitive.build())
        .contextual_grounding_policy_config(
            GuardrailContextualGroundingPolicyConfig::builder().filters_config(grounding).build().unwrap(),
        )
        .cross_region_config(profile.build().unwrap())
        .kms_key_id("12345678-1234-1234-1234-123456789012");
    made.send().await.expect("the guardrail is made").guardrail_id
}

#[test]
fn every_policy_comes_back_with_its_defaults() {
    on_both_stages(async |stage| {
        let id = full(&stage).await;
        let found = control(&stage).get_guardrail().guardrail_identifier(&id).send().await.unwrap();
        assert_eq!((found.name(), found.description(), found.version()), ("full", Some("everything"), "DRAFT"));
        assert_eq!(found.blocked_input_messaging(), "I cannot hear that.");
        let topic = &found.topic_policy().unwrap().topics()[0];
        assert_eq!((topic.name(), topic.examples()), ("Money", &["How do I get rich?".to_owned()][..]));
        assert_eq!(topic.input_action(), Some(&GuardrailTopicAction::Block));
        assert_eq!(topic.output_action(), Some(&GuardrailTopicAction::None));
        let content = found.content_policy().unwrap();
        assert_eq!(content.tier().unwrap().tier_name(), &GuardrailContentFiltersTierName::Classic);
        let filter = &content.filters()[0];
        assert_eq!(filter.output_strength(), &GuardrailFilterStrength::Low);
        assert_eq!(filter.input_modalities(), [GuardrailModality::Text, GuardrailModality::Image]);
        assert_eq!(filter.output_modalities(), [GuardrailModality::Text]);
        assert_eq!(filter.input_action(), Some(&GuardrailContentFilterAction::Block));
        let words = found.word_policy().unwrap();
        assert_eq!((words.words()[0].text(), words.words()[0].input_enabled()), ("stock tips", Some(false)));
        assert_eq!(words.managed_word_lists()[0].output_action(), Some(&GuardrailWordAction::Block));
        let sensitive = found.sensitive_information_policy().unwrap();
        let email = &sensitive.pii_entities()[0];
        assert_eq!((email.action(), email.input_action()), (&Action::Anonymize, Some(&Action::Anonymize)));
        assert_eq!(email.output_action(), Some(&Action::Block));
        let regex = &sensitive.regexes()[0];
        assert_eq!((regex.pattern(), regex.description()), (r"ord_\d+", Some("our numbers")));
        let grounding = &found.contextual_grounding_policy().unwrap().filters()[0];
        assert_eq!((grounding.threshold(), grounding.enabled()), (0.7, Some(true)));
        let profile = found.cross_region_details().unwrap();
        assert_eq!(profile.guardrail_profile_id(), Some("us.guardrail.v1:0"));
        let key = "arn:aws:kms:us-east-1:000000000000:key/12345678-1234-1234-1234-123456789012";
        assert_eq!(found.kms_key_arn(), Some(key));
    });
}

#[test]
fn what_is_not_there_is_not_found() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let control = control(&stage);
        let get = || control.get_guardrail();
        let unknown = get().guardrail_identifier("none").send().await;
        assert_eq!(refusal(unknown).0, "ResourceNotFoundException");
        let elsewhere = format!("arn:aws:bedrock:eu-west-1:000000000000:guardrail/{id}");
        assert_eq!(refusal(get().guardrail_identifier(elsewhere).send().await).0, "ResourceNotFoundException");
        let version = get().guardrail_identifier(&id).guardrail_version("1").send().await;
        assert_eq!(refusal(version).0, "ResourceNotFoundException");
        let malformed = get().guardrail_identifier(&id).guardrail_version("0").send().await;
        let constraint = "satisfy regular expression pattern: (([1-9][0-9]{0,7})|(DRAFT))";
        assert_eq!(refusal(malformed), violation("0", "guardrailVersion", constraint));
        let here = format!("arn:aws:bedrock:us-east-1:000000000000:guardrail/{id}");
        assert_eq!(get().guardrail_identifier(here).send().await.unwrap().guardrail_id(), id);
    });
}
