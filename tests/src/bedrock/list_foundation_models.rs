use aws_sdk_bedrock::types::{FoundationModelLifecycleStatus, InferenceType, ModelCustomization, ModelModality};

use super::{control, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn models_are_described_as_aws_does() {
    on_both_stages(async |stage| {
        let listed = control(&stage).list_foundation_models().send().await.unwrap();
        let models = listed.model_summaries();
        assert!(models.len() > 60, "{}", models.len());
        let haiku = models.iter().find(|model| model.model_id() == "anthropic.claude-3-haiku-20240307-v1:0").unwrap();
        assert_eq!(
            haiku.model_arn(),
            "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"
        );
        assert_eq!((haiku.model_name(), haiku.provider_name()), (Some("Claude 3 Haiku"), Some("Anthropic")));
        assert_eq!(haiku.input_modalities(), [ModelModality::Text, ModelModality::Image]);
        assert_eq!(haiku.output_modalities(), [ModelModality::Text]);
        assert_eq!(haiku.response_streaming_supported(), Some(true));
        assert_eq!(haiku.model_lifecycle().unwrap().status(), &FoundationModelLifecycleStatus::Active);
        assert!(haiku.inference_types_supported().contains(&InferenceType::OnDemand));
    });
}

#[test]
fn every_filter_leaves_what_it_names() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let amazon = control.list_foundation_models().by_provider("amazon").send().await.unwrap();
        assert!(amazon.model_summaries().iter().all(|model| model.provider_name() == Some("Amazon")));
        assert!(!amazon.model_summaries().is_empty());
        let vectors = control.list_foundation_models().by_output_modality(ModelModality::Embedding);
        let vectors = vectors.by_provider("Cohere").send().await.unwrap();
        assert_eq!(vectors.model_summaries().len(), 3);
        let on_demand =
            control.list_foundation_models().by_inference_type(InferenceType::OnDemand).send().await.unwrap();
        assert!(on_demand.model_summaries().iter().all(|model| !model.model_id().contains("sonnet-4-5")));
        let tuned = control.list_foundation_models().by_customization_type(ModelCustomization::FineTuning);
        assert!(tuned.send().await.unwrap().model_summaries().is_empty());
    });
}

#[test]
fn filters_are_of_aws_s_values() {
    on_both_stages(async |stage| {
        let refused = control(&stage).list_foundation_models().by_output_modality("SMELL".into()).send().await;
        let constraint = "satisfy enum value set: [TEXT, IMAGE, EMBEDDING]";
        assert_eq!(refusal(refused), violation("SMELL", "byOutputModality", constraint));
        let refused = control(&stage).list_foundation_models().by_provider("a_b").send().await;
        let constraint = "satisfy regular expression pattern: [A-Za-z0-9- ]{1,63}";
        assert_eq!(refusal(refused), violation("a_b", "byProvider", constraint));
    });
}
