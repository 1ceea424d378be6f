use super::client;
use crate::stage::{on_both_stages, refusal};

#[test]
fn what_is_not_here_says_so() {
    on_both_stages(async |stage| {
        let logs = client(&stage);
        let key = logs.associate_kms_key().log_group_name("shop").kms_key_id("k").send().await;
        let (code, message) = refusal(key);
        assert_eq!(code, "NotImplemented");
        assert!(message.contains("AssociateKmsKey"), "{message}");
        let query = logs.start_query().log_group_name("shop").start_time(0).end_time(1).query_string("fields @message");
        assert_eq!(refusal(query.send().await).0, "NotImplemented");
    });
}
