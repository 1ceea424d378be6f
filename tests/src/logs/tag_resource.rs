use super::{client, create_group, group_arn, invalid, map, no_group, tags, violation};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_group_is_tagged_by_its_arn_without_the_star() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "/shop/web").await;
        let tag = |arn: &str| logs.tag_resource().resource_arn(arn).tags("a", "1").send();
        tag(&group_arn("/shop/web")).await.unwrap();
        assert_eq!(tags(&logs, "/shop/web").await, map(&[("a", "1")]));
        let star = format!("{}:*", group_arn("/shop/web"));
        let pattern = r"satisfy regular expression pattern: [\w+=/:,.@-]*";
        assert_eq!(refusal(tag(&star).await), violation("resourceArn", &star, pattern));
        assert_eq!(refusal(tag(&group_arn("job")).await), no_group());
        assert_eq!(refusal(tag("/shop/web").await), invalid("The specified resource ARN is invalid."));
        let destination = "arn:aws:logs:us-east-1:000000000000:destination:d";
        assert_eq!(refusal(tag(destination).await).0, "ResourceNotFoundException");
    });
}

#[test]
fn there_are_50_at_most() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        create_group(&logs, "shop").await;
        let many = (0..50).map(|number| (format!("k{number}"), "v".to_owned())).collect();
        logs.tag_resource().resource_arn(group_arn("shop")).set_tags(Some(many)).send().await.unwrap();
        let more = refusal(logs.tag_resource().resource_arn(group_arn("shop")).tags("new", "v").send().await);
        assert_eq!(more.0, "TooManyTagsException");
    });
}
