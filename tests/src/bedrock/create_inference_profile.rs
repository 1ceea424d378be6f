use aws_sdk_bedrock::types::{InferenceProfileModelSource, InferenceProfileStatus, InferenceProfileType, Tag};

use super::{control, validation};
use crate::stage::{on_both_stages, refusal};

fn of(arn: &str) -> InferenceProfileModelSource {
    InferenceProfileModelSource::CopyFrom(arn.to_owned())
}

const MODEL: &str = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0";
const PROFILE: &str = "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.amazon.nova-lite-v1:0";

#[test]
fn a_profile_leads_to_the_models_of_its_source() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        for (name, source, models) in [("of model", MODEL, 1), ("of profile", PROFILE, 3)] {
            let tag = Tag::builder().key("team").value("shop").build().unwrap();
            let new = control.create_inference_profile().inference_profile_name(name).model_source(of(source));
            let made = new.description("for tests").tags(tag.clone()).send().await.unwrap();
            assert_eq!(made.status(), Some(&InferenceProfileStatus::Active));
            let arn = made.inference_profile_arn();
            let start = "arn:aws:bedrock:us-east-1:000000000000:application-inference-profile/";
            let id = arn.strip_prefix(start).expect(arn);
            for identifier in [id, arn] {
                let found =
                    control.get_inference_profile().inference_profile_identifier(identifier).send().await.unwrap();
                assert_eq!((found.inference_profile_name(), found.models().len()), (name, models));
                assert_eq!(found.r#type(), &InferenceProfileType::Application);
                assert!(found.created_at().is_some());
            }
            let tags = control.list_tags_for_resource().resource_arn(arn).send().await.unwrap();
            assert_eq!(tags.tags(), [tag]);
        }
        let own = control.list_inference_profiles().type_equals(InferenceProfileType::Application);
        assert_eq!(own.send().await.unwrap().inference_profile_summaries().len(), 2);
    });
}

#[test]
fn the_same_token_makes_one_profile_and_a_name_is_taken_once() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let new = |token: &str| {
            let new = control.create_inference_profile().inference_profile_name("shop").model_source(of(MODEL));
            new.client_request_token(token).send()
        };
        let first = new("t-1").await.unwrap();
        let again = new("t-1").await.unwrap();
        assert_eq!(first.inference_profile_arn(), again.inference_profile_arn());
        assert_eq!(refusal(new("t-2").await).0, "ConflictException");
    });
}

#[test]
fn a_source_must_be_there() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let new =
            |source: &str| control.create_inference_profile().inference_profile_name("shop").model_source(of(source));
        let refused = new("arn:aws:bedrock:us-east-1::foundation-model/acme.none-v1:0").send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
        let refused = new("amazon.nova-lite-v1:0").inference_profile_name("a  b").send().await;
        assert_eq!(
            refusal(refused),
            validation(
                "2 validation errors detected: Value 'a  b' at 'inferenceProfileName' failed to satisfy constraint: \
                 Member must satisfy regular expression pattern: ([0-9a-zA-Z][ _-]?)+; Value 'amazon.nova-lite-v1:0' at \
                 'modelSource.copyFrom' failed to satisfy constraint: Member must satisfy regular expression pattern: \
                 arn:aws(|-us-gov|-cn|-iso|-iso-b):bedrock:(|[0-9a-z-]{0,20}):(|[0-9]{12}):(inference-profile|foundation-model)/[a-zA-Z0-9-:.]+"
            )
        );
    });
}
