use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{ARN, attribute, client, create, invalid_parameter};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_permission_is_a_statement_of_the_policy() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let add = || sqs.add_permission().queue_url(&url).label("one").aws_account_ids("111111111111");
        add().actions("SendMessage").send().await.unwrap();
        let policy = attribute(&sqs, &url, Name::Policy).await.unwrap();
        let expected = format!(
            r#"{{"Version":"2012-10-17","Id":"{ARN}:orders/SQSDefaultPolicy","Statement":[{{"Sid":"one","Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::111111111111:root"}},"Action":"SQS:SendMessage","Resource":"{ARN}:orders"}}]}}"#
        );
        assert_eq!(policy, expected);
        let again = add().actions("SendMessage").send().await;
        let message = "Value one for parameter Label is invalid. Reason: Already exists.";
        assert_eq!(refusal(again), invalid_parameter(message));
        let unknown = add().label("two").actions("SendMessageBatch").send().await;
        let message = "Value SQS:SendMessageBatch for parameter ActionName is invalid. Reason: Please refer to the \
                       appropriate WSDL for a list of valid actions.";
        assert_eq!(refusal(unknown.map(|_| ())), invalid_parameter(message));
        let account = sqs.add_permission().queue_url(&url).label("two").aws_account_ids("me").actions("*").send().await;
        let message = "Value [me] for parameter PrincipalId is invalid. Reason: Unable to verify.";
        assert_eq!(refusal(account), invalid_parameter(message));
    });
}
