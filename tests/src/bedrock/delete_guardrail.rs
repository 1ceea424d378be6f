use std::time::Duration;

use aws_sdk_bedrock::types::GuardrailStatus;

use super::{control, guardrail_against};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_version_goes_and_then_the_whole() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let control = control(&stage);
        control.create_guardrail_version().guardrail_identifier(&id).send().await.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        let get = |version: &str| control.get_guardrail().guardrail_identifier(&id).guardrail_version(version).send();
        let delete = || control.delete_guardrail().guardrail_identifier(&id);
        delete().guardrail_version("1").send().await.unwrap();
        assert_eq!(get("1").await.unwrap().status(), &GuardrailStatus::Deleting);
        assert_eq!(refusal(delete().guardrail_version("1").send().await).0, "ConflictException");
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(refusal(get("1").await).0, "ResourceNotFoundException");
        assert_eq!(get("DRAFT").await.unwrap().status(), &GuardrailStatus::Ready);
        delete().send().await.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(refusal(get("DRAFT").await).0, "ResourceNotFoundException");
        assert_eq!(refusal(delete().send().await).0, "ResourceNotFoundException");
        // The next number was never given before.
        let again = guardrail_against(&stage, "shop", &["no"]).await;
        assert_ne!(again, id);
    });
}

#[test]
fn only_numbered_versions_are_deleted_one_by_one() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let refused =
            control(&stage).delete_guardrail().guardrail_identifier(&id).guardrail_version("DRAFT").send().await;
        assert_eq!(refusal(refused).0, "ValidationException");
    });
}
