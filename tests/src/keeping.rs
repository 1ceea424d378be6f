//! Worlds that are kept, as a data directory would keep them, and read back.

use std::collections::BTreeMap;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::store::{Journal, Memory, Record, Records};
use rehearsal_emulator::kernel::{Timestamp, World};

use crate::stage::Stage;

/// A stage on a world that is kept in memory, with an account of what was written.
pub struct KeptStage {
    pub stage: Stage,
    memory: Memory,
    written: Written,
}

/// The paths of records, as they were written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<String>>>);

struct Account {
    memory: Memory,
    written: Written,
}

impl Journal for Account {
    fn write(&mut self, batch: &[Record]) -> io::Result<()> {
        let paths = batch.iter().map(|record| record.path.clone());
        self.written.0.lock().unwrap().extend(paths.filter(|path| !is_stamp(path)));
        self.memory.write(batch)
    }
}

/// Plays in real time: while somebody waits for the writer, virtual time would run on.
pub fn while_kept<Play: Future<Output = ()>>(test: impl Fn(KeptStage) -> Play) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(async {
        let (stage, memory, written) = (Stage::in_process().await, Memory::default(), Written::default());
        let account = Account { memory: memory.clone(), written: written.clone() };
        stage.emulator.world().keep_in(account, Records::default()).unwrap();
        test(KeptStage { stage, memory, written }).await;
    });
}

fn is_stamp(path: &str) -> bool {
    path.starts_with("rehearsal/")
}

/// All that is kept, but for the world's own stamp, which tells the time.
fn contents(records: &Records) -> BTreeMap<String, String> {
    let read = |(path, value): (&str, &[u8])| (path.to_owned(), String::from_utf8(value.to_vec()).unwrap());
    records.iter().filter(|(path, _)| !is_stamp(path)).map(read).collect()
}

/// What stands in the one and not in the other, for people.
#[track_caller]
fn assert_same(what: &str, kept: &Records, world: &World) {
    let (kept, saved) = (contents(kept), contents(&world.save()));
    let different = |path: &&String| kept.get(*path) != saved.get(*path);
    let paths: std::collections::BTreeSet<&String> = kept.keys().chain(saved.keys()).filter(different).collect();
    let lines = paths.into_iter().map(|path| format!("{path}\n  {:?}\n  {:?}", kept.get(path), saved.get(path)));
    assert_eq!(lines.collect::<Vec<_>>().join("\n"), "", "{what}");
}

impl KeptStage {
    /// Waits until everything is kept, and asserts that everything is; gives back what was written since the last time.
    pub async fn settled(&self) -> Vec<String> {
        let world = self.stage.emulator.world();
        world.kernel.keeper().unwrap().kept().await.unwrap();
        assert_same("kept and saved", &self.memory.records(), world);
        std::mem::take(&mut *self.written.0.lock().unwrap())
    }

    /// Another process on what is kept, and a fork. Both are the same as this world.
    pub async fn again(&self) -> [Stage; 2] {
        let world = self.stage.emulator.world();
        let now = world.kernel.clock.now();
        let (read, forked) = (begun_at(now).await, begun_at(now).await);
        self.settled().await;
        // From here on nothing waits, so nothing that is due is done meanwhile.
        let records = self.memory.records();
        read.emulator.world().load(records.clone()).unwrap();
        forked.emulator.world().fork_of(world).unwrap();
        assert_same("kept and read", &records, read.emulator.world());
        assert_same("kept and forked", &records, forked.emulator.world());
        [read, forked]
    }
}

async fn begun_at(now: Timestamp) -> Stage {
    Stage::on(Emulator::builder().seed(7).epoch(now).start().await).await
}

/// What a process leaves behind, and when.
pub struct LeftBehind {
    records: Records,
    at: Timestamp,
}

impl LeftBehind {
    pub fn by(stage: &Stage) -> Self {
        let world = stage.emulator.world();
        Self { records: world.save(), at: world.kernel.clock.now() }
    }

    /// A process that begins with it so much later.
    pub async fn after(&self, down: Duration) -> Stage {
        let stage = begun_at(self.at + down).await;
        stage.emulator.world().load(self.records.clone()).unwrap();
        stage
    }
}

/// An answer without what only the SDK knows of it.
pub fn shown(answer: &impl std::fmt::Debug) -> String {
    let text = format!("{answer:?}");
    text.split(", _request_id").next().unwrap_or_default().to_owned()
}
