use super::{client, not_found, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_without_tags_has_none() {
    on_both_stages(async |stage| {
        let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule-group/default";
        let tags = client(&stage).list_tags_for_resource().resource_arn(arn).send().await.unwrap();
        assert_eq!(tags.tags(), []);
    });
}

#[test]
fn it_must_be_a_group_that_is_there() {
    on_both_stages(async |stage| {
        let scheduler = client(&stage);
        for scope in ["us-east-1:000000000000", "eu-west-1:000000000000", "us-east-1:111111111111"] {
            let arn = format!("arn:aws:scheduler:{scope}:schedule-group/reports");
            let refused = scheduler.list_tags_for_resource().resource_arn(arn).send().await;
            assert_eq!(refusal(refused), not_found("Schedule group reports does not exist."));
        }
        let arn = "arn:aws:scheduler:us-east-1:000000000000:schedule/default/nightly";
        let refused = scheduler.list_tags_for_resource().resource_arn(arn).send().await;
        let pattern = r"satisfy regular expression pattern: ^arn:aws(-[a-z]+)?:scheduler:[a-z0-9\-]+:\d{12}:schedule-group\/[0-9a-zA-Z-_.]+$";
        assert_eq!(refusal(refused), violation(arn, "resourceArn", pattern));
    });
}
