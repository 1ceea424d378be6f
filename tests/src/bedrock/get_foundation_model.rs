use super::control;
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_model_is_found_by_id_and_by_arn() {
    on_both_stages(async |stage| {
        let id = "amazon.titan-embed-text-v2:0";
        for identifier in [id.to_owned(), format!("arn:aws:bedrock:us-east-1::foundation-model/{id}")] {
            let found = control(&stage).get_foundation_model().model_identifier(identifier).send().await.unwrap();
            let details = found.model_details().unwrap();
            assert_eq!((details.model_id(), details.model_name()), (id, Some("Titan Text Embeddings V2")));
            assert_eq!(details.response_streaming_supported(), Some(false));
        }
    });
}

#[test]
fn what_is_no_foundation_model_is_not_found() {
    on_both_stages(async |stage| {
        for (identifier, code) in [
            ("acme.own-model-v1:0", "ResourceNotFoundException"),
            ("us.amazon.nova-lite-v1:0", "ResourceNotFoundException"),
            ("nova", "ValidationException"),
        ] {
            let refused = control(&stage).get_foundation_model().model_identifier(identifier).send().await;
            assert_eq!(refusal(refused).0, code, "{identifier}");
        }
    });
}
