use super::put_resource_policy::POLICY;
use super::{client, invalid, not_implemented};
use crate::stage::{on_both_stages, refusal};

#[test]
fn policies_are_listed_by_name_in_pages() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        for name in ["c", "a", "b"] {
            logs.put_resource_policy().policy_name(name).policy_document(POLICY).send().await.unwrap();
        }
        let list = || logs.describe_resource_policies().limit(2);
        let mut names = Vec::new();
        let mut token = None;
        loop {
            let page = list().set_next_token(token).send().await.unwrap();
            names.push(
                page.resource_policies().iter().map(|it| it.policy_name().unwrap().to_owned()).collect::<Vec<_>>(),
            );
            token = page.next_token;
            if token.is_none() {
                break;
            }
        }
        assert_eq!(names, [vec!["a", "b"], vec!["c"]]);
        let forged = refusal(list().next_token("x").send().await);
        assert_eq!(forged, invalid("The specified nextToken is invalid."));
        let scope = refusal(list().policy_scope("RESOURCE".into()).send().await);
        assert_eq!(scope, not_implemented("policyScope RESOURCE of logs DescribeResourcePolicies"));
    });
}
