use std::time::Duration;

use aws_sdk_bedrock::types::GuardrailStatus;

use super::{control, guardrail_against, new_guardrail, words};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn versions_are_numbered_from_one_and_have_their_own_description() {
    on_both_stages(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let control = control(&stage);
        let new = || control.create_guardrail_version().guardrail_identifier(&id);
        let first = new().description("first").client_request_token("t-1").send().await.unwrap();
        assert_eq!((first.guardrail_id(), first.version()), (&*id, "1"));
        assert_eq!(new().client_request_token("t-1").send().await.unwrap().version(), "1");
        let get = || control.get_guardrail().guardrail_identifier(&id).guardrail_version("1").send();
        assert_eq!(get().await.unwrap().status(), &GuardrailStatus::Versioning);
        stage.advance(Duration::from_secs(2)).await;
        let version = get().await.unwrap();
        assert_eq!((version.status(), version.description()), (&GuardrailStatus::Ready, Some("first")));
        // A number is given once, even if its version is gone.
        control.delete_guardrail().guardrail_identifier(&id).guardrail_version("1").send().await.unwrap();
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(new().send().await.unwrap().version(), "2");
    });
}

#[test]
fn a_draft_that_is_not_ready_has_no_version_made_of_it() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let made = new_guardrail(&control, "shop").word_policy_config(words(&["no"])).send().await.unwrap();
        let new = |id: &str| control.create_guardrail_version().guardrail_identifier(id).send();
        assert_eq!(refusal(new(made.guardrail_id()).await).0, "ConflictException");
        assert_eq!(refusal(new("none").await).0, "ResourceNotFoundException");
    });
}

#[test]
fn a_guardrail_has_up_to_20_versions() {
    in_virtual_time(async |stage| {
        let id = guardrail_against(&stage, "shop", &["no"]).await;
        let control = control(&stage);
        let new = || control.create_guardrail_version().guardrail_identifier(&id).send();
        for _ in 0..20 {
            new().await.unwrap();
        }
        assert_eq!(refusal(new().await).0, "ServiceQuotaExceededException");
    });
}
