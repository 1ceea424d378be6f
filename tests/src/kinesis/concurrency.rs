//! Many callers at a time, over sockets and on several threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_kinesis::Client;
use aws_sdk_kinesis::types::ShardIteratorType;
use tokio::task::JoinSet;

use super::{SHARD, iterator, put, read, text, with_stream};
use crate::stage::Stage;

const WRITERS: usize = 8;
const PUTS: usize = 40;
const ITERATORS: usize = 12;

/// Orders what happens in different tasks: a later tick was drawn after an earlier one.
#[derive(Clone, Default)]
struct Ticks(Arc<AtomicU64>);

impl Ticks {
    fn draw(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// A put, from before it was sent until after it was answered.
struct Written {
    data: String,
    sent: u64,
    answered: u64,
}

async fn write(client: Client, writer: usize, ticks: Ticks) -> Vec<Written> {
    let mut written = Vec::new();
    for number in 0..PUTS {
        let data = format!("{writer}/{number}");
        let sent = ticks.draw();
        put(&client, "orders", &writer.to_string(), &data).await;
        written.push(Written { data, sent, answered: ticks.draw() });
    }
    written
}

#[test]
fn latest_is_exact_among_many_writers() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    runtime.block_on(async {
        let stage = Stage::over_socket().await;
        let client = with_stream(&stage, "orders", 1).await;
        let ticks = Ticks::default();
        let mut writers = JoinSet::new();
        for writer in 0..WRITERS {
            writers.spawn(write(client.clone(), writer, ticks.clone()));
        }
        let mut iterators = Vec::new();
        for _ in 0..ITERATORS {
            let asked = ticks.draw();
            let latest = iterator(&client, "orders", SHARD, ShardIteratorType::Latest).await;
            iterators.push((asked, latest, ticks.draw()));
        }
        let written = writers.join_all().await.into_iter().flatten().collect::<Vec<_>>();
        let all: Vec<String> =
            read(&client, "orders", SHARD).await.iter().map(|record| text(record).to_owned()).collect();
        assert_eq!(all.len(), WRITERS * PUTS);
        for (asked, latest, given) in iterators {
            let seen = client.get_records().shard_iterator(latest).send().await.unwrap().records;
            let seen: Vec<&str> = seen.iter().map(text).collect();
            assert_eq!(all[all.len() - seen.len()..], seen, "all that follows the iterator, in order");
            for Written { data, sent, answered } in &written {
                let is_seen = seen.contains(&data.as_str());
                assert!(*answered >= asked || !is_seen, "{data} was there before the iterator");
                assert!(*sent <= given || is_seen, "{data} was put after the iterator");
            }
        }
    });
}
