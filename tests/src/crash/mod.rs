//! A process with a data directory is killed in the middle of its work, again and again: what it had answered is there
//! when the next one begins.
//!
//! Ten rounds in `cargo test`; `REHEARSAL_CRASH_ROUNDS=200` for a night's. The moments of death are drawn from
//! `REHEARSAL_CRASH_SEED`.

mod folder;
mod server;
mod witness;
mod writers;

use std::sync::Arc;

use tokio::sync::Notify;

pub use self::folder::Folder;
use self::server::Process;
use self::witness::Witness;
use self::writers::Writers;

fn chosen(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Says when so many writes were answered.
pub struct Death {
    left: std::sync::atomic::AtomicI64,
    now: Notify,
}

impl Death {
    fn after(answers: i64) -> Arc<Self> {
        Arc::new(Self { left: answers.into(), now: Notify::new() })
    }

    pub fn answered(&self) {
        if self.left.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            self.now.notify_one();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_answered_outlives_the_process() {
    let rounds = chosen("REHEARSAL_CRASH_ROUNDS", 10);
    let mut random = fastrand::Rng::with_seed(chosen("REHEARSAL_CRASH_SEED", 7));
    let folder = Folder::new("crash");
    let witness = Arc::new(Witness::default());
    for round in 0..rounds {
        let process = Process::start(folder.path());
        let config = process.config();
        if round == 0 {
            writers::prepare(&config).await;
        } else {
            witness.check(&config).await;
        }
        let death = Death::after(random.i64(20..300));
        let writers = Writers::start(&config, round, &witness, &death);
        death.now.notified().await;
        process.kill();
        writers.end().await;
    }
    let process = Process::start(folder.path());
    witness.check(&process.config()).await;
    process.kill();
}

/// Not a test: the process that is killed.
#[test]
#[ignore = "the process that the test above starts and kills"]
fn be_the_process() {
    server::be();
}
