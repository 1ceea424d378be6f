use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{attribute, client, create, invalid_parameter};
use crate::stage::{on_both_stages, refusal};

#[test]
fn with_the_last_permission_goes_the_policy() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        for label in ["one", "two"] {
            let add = sqs.add_permission().queue_url(&url).label(label).aws_account_ids("111111111111");
            add.actions("SendMessage").actions("ReceiveMessage").send().await.unwrap();
        }
        let remove = || sqs.remove_permission().queue_url(&url);
        remove().label("one").send().await.unwrap();
        let policy = attribute(&sqs, &url, Name::Policy).await.unwrap();
        assert!(!policy.contains(r#""Sid":"one""#) && policy.contains(r#""Sid":"two""#), "{policy}");
        remove().label("two").send().await.unwrap();
        assert_eq!(attribute(&sqs, &url, Name::Policy).await, None);
        let message = "Value two for parameter Label is invalid. Reason: can't find label on existing policy.";
        assert_eq!(refusal(remove().label("two").send().await), invalid_parameter(message));
    });
}
