use super::client;
use super::put_resource_policy::POLICY;
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_policy_is_deleted_once() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        logs.put_resource_policy().policy_name("events").policy_document(POLICY).send().await.unwrap();
        let delete = || logs.delete_resource_policy().policy_name("events").send();
        delete().await.unwrap();
        let expected = ("ResourceNotFoundException", "Policy with name [events] does not exist.");
        assert_eq!(refusal(delete().await), (expected.0.to_owned(), expected.1.to_owned()));
        assert!(logs.describe_resource_policies().send().await.unwrap().resource_policies().is_empty());
    });
}
