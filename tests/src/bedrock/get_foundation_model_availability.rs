use aws_sdk_bedrock::types::{AuthorizationStatus, RegionAvailability};

use super::control;
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_is_in_the_catalogue_can_be_used() {
    on_both_stages(async |stage| {
        let control = control(&stage);
        let found = control.get_foundation_model_availability().model_id("amazon.nova-lite-v1:0").send().await.unwrap();
        assert_eq!(found.authorization_status(), &AuthorizationStatus::Authorized);
        assert_eq!(found.region_availability(), &RegionAvailability::Available);
        let refused = control.get_foundation_model_availability().model_id("acme.own-model-v1:0").send().await;
        assert_eq!(refusal(refused).0, "ResourceNotFoundException");
    });
}
