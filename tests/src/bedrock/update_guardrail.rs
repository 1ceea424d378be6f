use std::time::Duration;

use aws_sdk_bedrock::operation::update_guardrail::builders::UpdateGuardrailFluentBuilder;
use aws_sdk_bedrock::types::GuardrailStatus;

use super::{control, guardrail_against, words};
use crate::stage::{Stage, on_both_stages, refusal};

fn update(stage: &Stage, id: &str, name: &str) -> UpdateGuardrailFluentBuilder {
    let update = control(stage).update_guardrail().guardrail_identifier(id).name(name);
    update.blocked_input_messaging("No.").blocked_outputs_messaging("No.").word_policy_config(words(&["yes"]))
}

#[test]
fn a_draft_changes_whole_and_versions_do_not() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let control = control(&stage);
        control.create_guardrail_version().guardrail_identifier(&id).send().await.unwrap();
        let updated = update(&stage, &id, "store").send().await.unwrap();
        assert_eq!((updated.guardrail_id(), updated.version()), (&*id, "DRAFT"));
        let get = |version: &str| control.get_guardrail().guardrail_identifier(&id).guardrail_version(version).send();
        assert_eq!(get("DRAFT").await.unwrap().status(), &GuardrailStatus::Updating);
        stage.advance(Duration::from_secs(2)).await;
        let (draft, version) = (get("DRAFT").await.unwrap(), get("1").await.unwrap());
        assert_eq!((draft.name(), draft.status()), ("store", &GuardrailStatus::Ready));
        assert_eq!(draft.word_policy().unwrap().words()[0].text(), "yes");
        assert_eq!((version.name(), version.word_policy().unwrap().words()[0].text()), ("shop", "no"));
        assert!(draft.updated_at() > draft.created_at());
    });
}

#[test]
fn only_a_draft_at_rest_takes_a_free_name() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        guardrail_against(&stage, "bank", &["no"]).await;
        assert_eq!(refusal(update(&stage, "none", "shop").send().await).0, "ResourceNotFoundException");
        assert_eq!(refusal(update(&stage, &id, "bank").send().await).0, "ConflictException");
        assert_eq!(refusal(update(&stage, &id, "my bank").send().await).0, "ValidationException");
        update(&stage, &id, "shop").send().await.unwrap();
        assert_eq!(refusal(update(&stage, &id, "shop").send().await).0, "ConflictException");
    });
}
