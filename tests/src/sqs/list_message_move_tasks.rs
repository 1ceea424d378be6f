use std::time::Duration;

use super::{ARN, client, create, create_with_dead_letters, send};
use crate::stage::{in_virtual_time, on_both_stages, refusal};

#[test]
fn a_task_tells_how_it_fares_the_last_first() {
    in_virtual_time(async |stage| {
        let sqs = client(&stage);
        let dead = create(&sqs, "dead").await;
        create_with_dead_letters(&sqs, "orders", "dead", 1).await;
        create(&sqs, "other").await;
        let source = format!("{ARN}:dead");
        for body in ["a", "b"] {
            send(&sqs, &dead, body).await;
        }
        let start = sqs.start_message_move_task().source_arn(&source).destination_arn(format!("{ARN}:other"));
        let handle = start.max_number_of_messages_per_second(1).send().await.unwrap().task_handle.unwrap();
        let list = |max: i32| sqs.list_message_move_tasks().source_arn(&source).max_results(max).send();
        for (moved, status, handle) in
            [(0, "RUNNING", Some(&*handle)), (1, "RUNNING", Some(&handle)), (2, "COMPLETED", None)]
        {
            let listed = list(10).await.unwrap();
            let task = &listed.results()[0];
            assert_eq!((task.approximate_number_of_messages_moved(), task.status()), (moved, Some(status)));
            assert_eq!(task.approximate_number_of_messages_to_move(), Some(2));
            assert_eq!(task.task_handle(), handle);
            assert_eq!(task.started_timestamp(), 1_767_225_600_000);
            stage.advance(Duration::from_secs(1)).await;
        }
        // A message that was sent to the queue itself has no queue to go back to.
        send(&sqs, &dead, "c").await;
        sqs.start_message_move_task().source_arn(&source).send().await.unwrap();
        stage.advance(Duration::from_secs(1)).await;
        let both = list(10).await.unwrap();
        let told: Vec<_> = both.results().iter().map(|task| (task.status().unwrap(), task.failure_reason())).collect();
        assert_eq!(told, [("FAILED", Some("CouldNotDetermineMessageSource")), ("COMPLETED", None)]);
        assert_eq!(sqs.list_message_move_tasks().source_arn(&source).send().await.unwrap().results().len(), 1);
    });
}

#[test]
fn the_queue_must_be_there() {
    on_both_stages(async |stage| {
        let sqs = client(&stage);
        let none = sqs.list_message_move_tasks().source_arn(format!("{ARN}:none")).send().await;
        assert_eq!(refusal(none).0, "ResourceNotFoundException");
        create(&sqs, "dead").await;
        let listed = sqs.list_message_move_tasks().source_arn(format!("{ARN}:dead")).send().await.unwrap();
        assert!(listed.results().is_empty());
        let many = sqs.list_message_move_tasks().source_arn(format!("{ARN}:dead")).max_results(11).send().await;
        assert_eq!(refusal(many).0, "InvalidParameterValue");
    });
}
