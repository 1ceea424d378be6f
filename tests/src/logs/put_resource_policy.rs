use super::{client, group_arn, invalid, not_implemented, now};
use crate::stage::{on_both_stages, refusal};

pub const POLICY: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"logs:PutLogEvents","Resource":"*"}]}"#;

#[test]
fn a_policy_is_answered_as_it_was_put() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let time = now(&stage);
        let put = logs.put_resource_policy().policy_name("events").policy_document(POLICY).send().await.unwrap();
        let policy = put.resource_policy.expect("it is answered");
        assert_eq!((policy.policy_name(), policy.policy_document()), (Some("events"), Some(POLICY)));
        assert!(policy.last_updated_time().is_some_and(|updated| updated >= time));
    });
}

#[test]
fn names_documents_and_numbers_are_checked() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let put = |name: &str| logs.put_resource_policy().policy_name(name).policy_document(POLICY);
        let (code, message) = refusal(logs.put_resource_policy().send().await);
        assert_eq!(code, "InvalidParameterException");
        assert!(message.starts_with("2 validation errors detected: Value null at 'policyName'"), "{message}");
        for document in ["{", "[]", "{}", "1"] {
            let wrong = put("p").policy_document(document).send().await;
            assert_eq!(refusal(wrong), invalid("Invalid policy document."), "{document}");
        }
        let of_group = refusal(put("p").resource_arn(group_arn("shop")).send().await);
        assert_eq!(of_group, not_implemented("resourceArn of logs PutResourcePolicy"));
        for number in 0..10 {
            put(&format!("p{number}")).send().await.unwrap();
        }
        put("p0").send().await.unwrap();
        let expected = ("LimitExceededException".to_owned(), "Resource limit exceeded.".to_owned());
        assert_eq!(refusal(put("new").send().await), expected);
    });
}
