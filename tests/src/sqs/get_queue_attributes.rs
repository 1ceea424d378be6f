use std::collections::BTreeMap;

use aws_sdk_sqs::types::QueueAttributeName as Name;

use super::{ARN, client, create, create_fifo};
use crate::stage::{on_both_stages, refusal};

#[test]
fn a_new_queue_has_the_defaults() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let all = async |url: &str| {
            let got = sqs.get_queue_attributes().queue_url(url).attribute_names(Name::All).send().await.unwrap();
            let mut attributes: BTreeMap<String, String> =
                got.attributes.unwrap().into_iter().map(|(name, value)| (name.to_string(), value)).collect();
            for moment in ["CreatedTimestamp", "LastModifiedTimestamp"] {
                assert_eq!(attributes.remove(moment).unwrap().len(), 10);
            }
            attributes
        };
        let of = |pairs: &[(&str, &str)]| -> BTreeMap<String, String> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let arn = format!("{ARN}:orders");
        let common = [
            ("ApproximateNumberOfMessages", "0"),
            ("ApproximateNumberOfMessagesDelayed", "0"),
            ("ApproximateNumberOfMessagesNotVisible", "0"),
            ("DelaySeconds", "0"),
            ("MaximumMessageSize", "1048576"),
            ("MessageRetentionPeriod", "345600"),
            ("QueueArn", &arn),
            ("ReceiveMessageWaitTimeSeconds", "0"),
            ("SqsManagedSseEnabled", "true"),
            ("VisibilityTimeout", "30"),
        ];
        assert_eq!(all(&url).await, of(&common));
        let fifo = all(&create_fifo(&sqs, "orders.fifo").await).await;
        let mut expected = of(&common);
        expected.insert("QueueArn".to_owned(), format!("{arn}.fifo"));
        expected.extend(of(&[
            ("FifoQueue", "true"),
            ("ContentBasedDeduplication", "true"),
            ("DeduplicationScope", "queue"),
            ("FifoThroughputLimit", "perQueue"),
        ]));
        assert_eq!(fifo, expected);
    });
}

#[test]
fn only_what_is_asked_for_and_set_is_given() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let url = create(&sqs, "orders").await;
        let get = || sqs.get_queue_attributes().queue_url(&url);
        assert_eq!(get().send().await.unwrap().attributes(), None);
        let some = get().attribute_names(Name::Policy).attribute_names(Name::DelaySeconds).send().await.unwrap();
        assert_eq!(some.attributes().unwrap().len(), 1);
        for unknown in ["Colour", "FifoQueue"] {
            let refused = refusal(get().attribute_names(unknown.into()).send().await);
            assert_eq!(refused, ("InvalidAttributeName".to_owned(), format!("Unknown Attribute {unknown}.")));
        }
    });
}
