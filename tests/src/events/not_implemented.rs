use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn operations_that_are_missing_say_so() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        assert_eq!(refusal(events.list_endpoints().send().await), super::not_implemented("events ListEndpoints"));
        let described = events.describe_endpoint().name("global").send().await;
        assert_eq!(refusal(described), super::not_implemented("events DescribeEndpoint"));
    });
}
