use std::time::Duration;

use super::{ARN, client, counts, create, create_with_dead_letters, invalid_parameter, send};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn what_was_moved_stays_moved() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        let other = create(&sqs, "other").await;
        for body in ["a", "b", "c"] {
            send(&sqs, &dead, body).await;
        }
        let start =
            sqs.start_message_move_task().source_arn(format!("{ARN}:dead")).destination_arn(format!("{ARN}:other"));
        let handle = start.max_number_of_messages_per_second(1).send().await.unwrap().task_handle.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let cancelled = sqs.cancel_message_move_task().task_handle(&handle).send().await.unwrap();
        assert_eq!(cancelled.approximate_number_of_messages_moved(), 1);
        stage.advance(Duration::from_secs(10)).await;
        assert_eq!([counts(&sqs, &dead).await[0], counts(&sqs, &other).await[0]], [2, 1]);
        let again = sqs.cancel_message_move_task().task_handle(&handle).send().await;
        assert_eq!(refusal(again), invalid_parameter("Only active tasks can be cancelled."));
        let listed = sqs.list_message_move_tasks().source_arn(format!("{ARN}:dead")).send().await.unwrap();
        assert_eq!(listed.results()[0].status(), Some("CANCELLED"));
    });
}

#[test]
fn a_handle_of_no_task_is_refused() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let cancel = async |handle: &str| refusal(sqs.cancel_message_move_task().task_handle(handle).send().await);
        assert_eq!(cancel("!").await, invalid_parameter("Value for parameter TaskHandle is invalid."));
        let not_found = ("ResourceNotFoundException".to_owned(), "Task does not exist.".to_owned());
        assert_eq!(cancel("AAAA").await, not_found);
    });
}
