use super::fixture::client;
use crate::stage::on_both_stages;

#[test]
fn the_endpoint_is_the_regions() {
    on_both_stages(|stage| async move {
        let endpoints = client(&stage).describe_endpoints().send().await.unwrap().endpoints;
        assert_eq!(endpoints[0].address, "dynamodb.us-east-1.amazonaws.com");
        assert_eq!(endpoints[0].cache_period_in_minutes, 1440);
    });
}
