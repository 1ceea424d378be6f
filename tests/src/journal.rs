//! A stage whose changes are kept in memory, where a data directory would keep them on a disk.

use std::collections::BTreeMap;
use std::time::Duration;

use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::store::{Journal as _, Memory, Record, Records};

use crate::stage::Stage;

pub struct Journal {
    of: &'static str,
    memory: Memory,
}

impl Journal {
    /// Keeps what changes on a new stage. What is compared is what one service has, by its name on the timeline.
    pub fn begin(of: &'static str, stage: &Stage) -> Self {
        match stage.mirror() {
            Some(memory) => Self { of, memory: memory.clone() },
            None => Self::go_on(of, stage, Records::default()),
        }
    }

    fn go_on(of: &'static str, stage: &Stage, held: Records) -> Self {
        let mut memory = Memory::default();
        let batch: Vec<Record> =
            held.iter().map(|(path, value)| Record { path: path.to_owned(), value: Some(value.to_vec()) }).collect();
        memory.write(&batch).expect("memory takes what is written");
        stage.emulator.world().keep_in(memory.clone(), held).expect("it can be read");
        Self { of, memory }
    }

    /// All that is kept, which must be all that there is: a change that was not noted is seen here.
    #[track_caller]
    pub fn check(&self, stage: &Stage, when: &str) -> Records {
        let world = stage.emulator.world();
        let keeper = world.kernel.keeper().expect("it is kept");
        // In another thread: where time is virtual, it is not to pass meanwhile.
        let write = || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime starts");
            runtime.block_on(keeper.kept())
        };
        let kept = std::thread::scope(|scope| scope.spawn(write).join());
        kept.expect("it does not panic").expect("memory takes what is written");
        let records = self.memory.records();
        let (kept, there_is) = (self.texts(&records), self.held(stage));
        for path in kept.keys().chain(there_is.keys()) {
            assert_eq!(kept.get(path), there_is.get(path), "{path} {when}: what is kept, and what there is");
        }
        records
    }

    /// All that the service has there, by path.
    pub fn held(&self, stage: &Stage) -> BTreeMap<String, String> {
        self.texts(&stage.emulator.world().save())
    }

    fn texts(&self, records: &Records) -> BTreeMap<String, String> {
        let own = records.iter().filter(|(path, _)| path.split('/').next() == Some(self.of));
        own.map(|(path, value)| (path.to_owned(), String::from_utf8_lossy(value).into_owned())).collect()
    }

    /// The stage of a process that begins with what this one left, some time later.
    pub async fn restarted(&self, stage: &Stage, down: Duration) -> (Stage, Journal) {
        let held = self.check(stage, "before the restart");
        let now = stage.emulator.clock().now() + down;
        let next = Stage::on(Emulator::builder().seed(7).epoch(now).start().await).await;
        let journal = Self::go_on(self.of, &next, held);
        (next, journal)
    }
}
