//! A disk that is full: callers are told, and what was answered before is there.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aws_sdk_sqs::Client;
use aws_sdk_sqs::config::retry::RetryConfig;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::store::{Journal, Memory, Record, Records};

use crate::stage::refusal;

struct Disk {
    holds: Memory,
    full: Arc<AtomicBool>,
}

impl Journal for Disk {
    fn write(&mut self, batch: &[Record]) -> io::Result<()> {
        if self.full.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.holds.write(batch)
    }
}

#[tokio::test]
async fn who_writes_is_told_until_there_is_space_and_nothing_is_lost() {
    let (holds, full) = (Memory::default(), Arc::new(AtomicBool::new(false)));
    let disk = Disk { holds: holds.clone(), full: Arc::clone(&full) };
    let emulator = Emulator::builder().start_in(disk, Records::default()).await.unwrap();
    let config = emulator.sdk_config().await.into_builder().retry_config(RetryConfig::disabled()).build();
    let client = Client::new(&config);
    let url = client.create_queue().queue_name("orders").send().await.unwrap().queue_url().unwrap().to_owned();
    let send = |body: &str| client.send_message().queue_url(&url).message_body(body).send();
    send("before").await.unwrap();

    full.store(true, Ordering::SeqCst);
    for _ in 0..3 {
        let (_, message) = refusal(send("meanwhile").await);
        assert!(message.contains("the data directory cannot be written"), "{message}");
    }

    full.store(false, Ordering::SeqCst);
    send("after").await.unwrap();
    let kept = holds.records().without("rehearsal/");
    assert_eq!(kept, emulator.world().save().without("rehearsal/"));
    let kept: String = kept.iter().map(|(_, value)| String::from_utf8_lossy(value).into_owned()).collect();
    assert!(kept.contains("before") && kept.contains("after"), "{kept}");
    // The first was under way when the disk filled up: nobody said whether it is there. The others were not let in.
    assert_eq!(kept.matches("\"meanwhile\"").count(), 1, "{kept}");
}
