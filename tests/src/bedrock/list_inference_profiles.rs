use aws_sdk_bedrock::config::Region;
use aws_sdk_bedrock::types::InferenceProfileType;

use super::{control, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn profiles_are_those_of_the_region_s_areas() {
    on_both_stages(async |stage| {
        for (region, here, elsewhere) in
            [("us-east-1", "us.", "eu."), ("eu-west-1", "eu.", "us."), ("ap-northeast-1", "jp.", "au.")]
        {
            let config = stage.config.to_builder().region(Region::new(region)).build();
            let control = aws_sdk_bedrock::Client::new(&config);
            let listed = control.list_inference_profiles().send().await.unwrap();
            let ids: Vec<&str> =
                listed.inference_profile_summaries().iter().map(|profile| profile.inference_profile_id()).collect();
            assert!(ids.iter().any(|id| id.starts_with(here)), "{region}: {ids:?}");
            assert!(ids.iter().any(|id| id.starts_with("global.")), "{region}: {ids:?}");
            assert!(!ids.iter().any(|id| id.starts_with(elsewhere)), "{region}: {ids:?}");
        }
    });
}

#[test]
fn they_come_in_pages_and_by_type() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let all = control.list_inference_profiles().send().await.unwrap().inference_profile_summaries().len();
        let (mut seen, mut token) = (0, None);
        loop {
            let page = control.list_inference_profiles().max_results(10).set_next_token(token).send().await.unwrap();
            assert!(page.inference_profile_summaries().len() <= 10);
            seen += page.inference_profile_summaries().len();
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        assert_eq!(seen, all);
        let own = control.list_inference_profiles().type_equals(InferenceProfileType::Application);
        assert!(own.send().await.unwrap().inference_profile_summaries().is_empty());
    });
}

#[test]
fn bad_pages_and_types_are_refused() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let refused = control.list_inference_profiles().max_results(1001).send().await;
        assert_eq!(refusal(refused), violation("1001", "maxResults", "have value less than or equal to 1000"));
        let refused = control.list_inference_profiles().next_token("made-up").send().await;
        assert_eq!(refusal(refused).0, "ValidationException");
        let refused = control.list_inference_profiles().type_equals("OTHER".into()).send().await;
        let constraint = "satisfy enum value set: [SYSTEM_DEFINED, APPLICATION]";
        assert_eq!(refusal(refused), violation("OTHER", "typeEquals", constraint));
    });
}
