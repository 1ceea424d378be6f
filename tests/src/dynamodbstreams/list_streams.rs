//! ListStreams.

use aws_sdk_dynamodb::types::StreamViewType;
use aws_sdk_dynamodbstreams::operation::list_streams::ListStreamsOutput;

use super::{DAY, Streamed, invalid, raw_refusal};
use crate::dynamodb::fixture::{not_found, validation};
use crate::stage::{on_both_stages, refusal};

fn names(output: &ListStreamsOutput) -> Vec<&str> {
    output.streams().iter().filter_map(|stream| stream.table_name.as_deref()).collect()
}

#[test]
fn streams_are_listed_by_table_and_page() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        let client = &orders.streams;
        for name in ["carts", "users"] {
            Streamed::new(&stage, name, StreamViewType::NewImage).await;
        }
        let all = client.list_streams().send().await.unwrap();
        assert_eq!(names(&all), ["carts", "orders", "users"]);
        assert_eq!(all.last_evaluated_stream_arn, None);
        let one = client.list_streams().table_name("orders").send().await.unwrap();
        let [stream] = one.streams() else { panic!("{one:?}") };
        assert_eq!(stream.stream_arn.as_deref(), Some(orders.arn.as_str()));
        assert!(orders.arn.ends_with(&format!("/stream/{}", stream.stream_label.as_deref().unwrap())));

        let first = client.list_streams().limit(2).send().await.unwrap();
        assert_eq!(names(&first), ["carts", "orders"]);
        assert_eq!(first.last_evaluated_stream_arn.as_deref(), Some(orders.arn.as_str()));
        let next = client.list_streams().set_exclusive_start_stream_arn(first.last_evaluated_stream_arn);
        let next = next.limit(2).send().await.unwrap();
        assert_eq!((names(&next), next.last_evaluated_stream_arn.clone()), (vec!["users"], None));
    });
}

#[test]
fn the_stream_of_a_deleted_table_is_listed_for_a_day() {
    on_both_stages(|stage| async move {
        let orders = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        orders.delete_table(&stage).await;
        let second = Streamed::new(&stage, "orders", StreamViewType::KeysOnly).await;
        assert_ne!(orders.arn, second.arn);
        let both = second.streams.list_streams().table_name("orders").send().await.unwrap();
        let arns: Vec<_> = both.streams().iter().filter_map(|stream| stream.stream_arn.as_deref()).collect();
        assert_eq!(arns, [&orders.arn, &second.arn]);
        second.delete_table(&stage).await;
        stage.advance(DAY).await;
        let list = second.streams.list_streams();
        assert_eq!(list.clone().send().await.unwrap().streams(), []);
        let gone = refusal(list.table_name("orders").send().await);
        assert_eq!(gone, not_found("Requested resource not found: Table: orders not found"));
    });
}

#[test]
fn what_is_asked_wrongly_is_refused() {
    on_both_stages(|stage| async move {
        let message = "3 validation errors detected: Value 'a/' at 'tableName' failed to satisfy constraint: Member must \
                       have length greater than or equal to 3; Value 'a/' at 'tableName' failed to satisfy constraint: \
                       Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; Value '101' at 'limit' failed \
                       to satisfy constraint: Member must have value less than or equal to 100";
        let found = raw_refusal(&stage, "ListStreams", r#"{"TableName":"a/","Limit":101}"#).await;
        assert_eq!(found, invalid(message));
        let client = aws_sdk_dynamodbstreams::Client::new(&stage.config);
        let start = "arn:aws:dynamodb:us-east-1:000000000000:table/orders";
        let found = refusal(client.list_streams().exclusive_start_stream_arn(start).send().await);
        assert_eq!(found, validation("Invalid StreamArn"));
    });
}
