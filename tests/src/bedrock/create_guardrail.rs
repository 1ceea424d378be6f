use std::time::Duration;

use aws_sdk_bedrock::types::{
    GuardrailContentFilterConfig, GuardrailContentFilterType, GuardrailContentPolicyConfig, GuardrailFilterStrength,
    GuardrailPiiEntityConfig, GuardrailPiiEntityType, GuardrailRegexConfig, GuardrailSensitiveInformationAction,
    GuardrailSensitiveInformationPolicyConfig, GuardrailStatus, GuardrailTopicConfig, GuardrailTopicPolicyConfig,
    GuardrailTopicType,
};

use super::{control, new_guardrail, validation, words};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

fn filter(kind: GuardrailContentFilterType, output: GuardrailFilterStrength) -> GuardrailContentPolicyConfig {
    let filter = GuardrailContentFilterConfig::builder().r#type(kind).output_strength(output);
    let filter = filter.input_strength(GuardrailFilterStrength::High).build().unwrap();
    GuardrailContentPolicyConfig::builder().filters_config(filter).build().unwrap()
}

fn topic(name: &str) -> GuardrailTopicConfig {
    let topic = GuardrailTopicConfig::builder().name(name).definition("what money does");
    topic.r#type(GuardrailTopicType::Deny).build().unwrap()
}

fn regex(pattern: &str) -> GuardrailSensitiveInformationPolicyConfig {
    let regex = GuardrailRegexConfig::builder().name("order").pattern(pattern);
    let regex = regex.action(GuardrailSensitiveInformationAction::Anonymize).build().unwrap();
    GuardrailSensitiveInformationPolicyConfig::builder().regexes_config(regex).build()
}

#[test]
fn a_guardrail_is_creating_for_a_moment_and_then_ready() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let made = new_guardrail(&control, "shop").word_policy_config(words(&["stock tips"])).send().await.unwrap();
        let (id, arn) = (made.guardrail_id(), made.guardrail_arn());
        assert_eq!(arn, format!("arn:aws:bedrock:us-east-1:000000000000:guardrail/{id}"));
        assert_eq!((id.len(), made.version()), (12, "DRAFT"));
        let get = || control.get_guardrail().guardrail_identifier(id).send();
        assert_eq!(get().await.unwrap().status(), &GuardrailStatus::Creating);
        stage.advance(Duration::from_secs(2)).await;
        let ready = get().await.unwrap();
        assert_eq!((ready.status(), ready.created_at()), (&GuardrailStatus::Ready, made.created_at()));
        let timeline = stage.emulator.timeline().to_string();
        assert!(timeline.contains("guardrail ready"), "{timeline}");
    });
}

#[test]
fn the_same_token_makes_one_guardrail_and_a_name_is_taken_once() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let new = |token: &str| {
            new_guardrail(&control, "shop").word_policy_config(words(&["no"])).client_request_token(token).send()
        };
        let first = new("t-1").await.unwrap();
        assert_eq!(new("t-1").await.unwrap().guardrail_id(), first.guardrail_id());
        assert_eq!(refusal(new("t-2").await).0, "ConflictException");
    });
}

#[test]
fn every_broken_constraint_is_named_in_one_message() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let topics = GuardrailTopicPolicyConfig::builder().topics_config(topic("a/b")).build().unwrap();
        let policy = filter("GOSSIP".into(), GuardrailFilterStrength::None);
        let new = new_guardrail(&control, "my shop").description("").topic_policy_config(topics);
        let refused = new.content_policy_config(policy).word_policy_config(words(&[""])).send().await;
        assert_eq!(
            refusal(refused),
            validation(
                "5 validation errors detected: Value 'my shop' at 'name' failed to satisfy constraint: Member must \
                 satisfy regular expression pattern: [0-9a-zA-Z-_]+; Value '' at 'description' failed to satisfy \
                 constraint: Member must have length greater than or equal to 1; Value 'a/b' at \
                 'topicPolicyConfig.topicsConfig.1.member.name' failed to satisfy constraint: Member must satisfy regular \
                 expression pattern: [0-9a-zA-Z-_ !?.]+; Value 'GOSSIP' at \
                 'contentPolicyConfig.filtersConfig.1.member.type' failed to satisfy constraint: Member must satisfy enum \
                 value set: [SEXUAL, VIOLENCE, HATE, INSULTS, MISCONDUCT, PROMPT_ATTACK]; Value '' at \
                 'wordPolicyConfig.wordsConfig.1.member.text' failed to satisfy constraint: Member must have length \
                 greater than or equal to 1"
            )
        );
    });
}

#[test]
fn what_a_policy_may_not_say_is_refused() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let new = || new_guardrail(&control, "shop");
        assert_eq!(refusal(new().send().await).0, "ValidationException", "a guardrail has a policy");
        let attack = filter(GuardrailContentFilterType::PromptAttack, GuardrailFilterStrength::High);
        assert_eq!(
            refusal(new().content_policy_config(attack).send().await),
            validation("PROMPT_ATTACK content filter strength for response must be NONE.")
        );
        for pattern in ["(", "a(?=b)"] {
            let refused = new().sensitive_information_policy_config(regex(pattern)).send().await;
            assert_eq!(refusal(refused), validation("The pattern of the regex order is invalid."));
        }
        let twice = GuardrailTopicPolicyConfig::builder().topics_config(topic("money")).topics_config(topic("money"));
        let (code, message) = refusal(new().topic_policy_config(twice.build().unwrap()).send().await);
        assert!(code == "ValidationException" && message.contains("money"), "{message}");
        let name = GuardrailPiiEntityConfig::builder().r#type(GuardrailPiiEntityType::Name).action("HIDE".into());
        let policy = GuardrailSensitiveInformationPolicyConfig::builder().pii_entities_config(name.build().unwrap());
        let (_, message) = refusal(new().sensitive_information_policy_config(policy.build()).send().await);
        assert!(message.contains("enum value set: [BLOCK, ANONYMIZE, NONE]"), "{message}");
    });
}

#[test]
fn an_account_has_up_to_100_guardrails() {
    in_virtual_time(async |stage| {
        let control = control(&stage);
        for number in 0..100 {
            let new = new_guardrail(&control, &format!("g-{number}")).word_policy_config(words(&["no"]));
            new.send().await.unwrap();
        }
        let refused = new_guardrail(&control, "one-more").word_policy_config(words(&["no"])).send().await;
        assert_eq!(refusal(refused).0, "ServiceQuotaExceededException");
    });
}
