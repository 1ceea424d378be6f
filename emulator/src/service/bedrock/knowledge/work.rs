//! What happens to knowledge bases without a request: states that change, documents that are indexed.
//!
//! AWS takes minutes where this takes seconds. Each step has its moment on the clock.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::super::agent::SERVICE;
use super::data_source::DataSource;
use super::ingestion_job::Statistics;
use super::knowledge_base::{self, KnowledgeBase};
use super::{KnowledgeBases, document, ingestion_job};
use crate::kernel::store::{Book, Kept, Single};
use crate::kernel::{Call, Timestamp};

/// How long a knowledge base is CREATING, UPDATING or DELETING.
pub const KNOWLEDGE_BASE: Duration = Duration::from_secs(2);
/// How long a data source is DELETING.
pub const DATA_SOURCE: Duration = Duration::from_secs(1);
/// How long a document is STARTING, IN_PROGRESS or DELETING.
pub const DOCUMENT: Duration = Duration::from_millis(500);
/// How long an ingestion job is STARTING, IN_PROGRESS or STOPPING.
pub const INGESTION_JOB: Duration = Duration::from_secs(1);

/// What is to be done, by its time, and in the order in which it was planned.
#[derive(Debug, Default)]
pub struct Agenda {
    work: Kept<(Timestamp, u64), Work>,
    planned: Single<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Work {
    /// A knowledge base's state changes.
    KnowledgeBase { id: String },
    /// A data source is gone.
    DataSource { at: Place },
    /// A document's state changes, if it is still the one that was handed in.
    Document { at: Place, id: String, revision: u64 },
    /// An ingestion job's state changes.
    IngestionJob { at: Place, id: String },
}

/// A data source of a knowledge base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub knowledge_base: String,
    pub data_source: String,
}

impl Agenda {
    /// What is planned does not follow from the states alone: where several things fall due at once, their order counts.
    pub fn keep(&mut self, book: &mut Book<'_>) {
        book.map("work", &mut self.work);
        book.value("planned", &mut self.planned);
    }

    pub fn plan(&mut self, at: Timestamp, work: Work) {
        let number = self.revision();
        self.work.insert((at, number), work);
    }

    /// A number that no other change has.
    pub fn revision(&mut self) -> u64 {
        *self.planned += 1;
        *self.planned
    }

    fn next_due(&self) -> Option<Timestamp> {
        self.work.first_key_value().map(|((at, _), _)| *at)
    }

    /// The next work that is due, and when it fell due: what follows from it is counted from there.
    fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, Work)> {
        self.next_due().filter(|due| *due <= now)?;
        self.work.pop_first().map(|((due, _), work)| (due, work))
    }
}

impl KnowledgeBases {
    pub fn next_due(&self) -> Option<Timestamp> {
        self.agenda.next_due()
    }

    pub fn run_due(&mut self, call: &mut Call<'_>) {
        while let Some((due, work)) = self.agenda.take_due(call.now) {
            match work {
                Work::KnowledgeBase { id } => self.change_knowledge_base(&id, call),
                Work::DataSource { at } => self.remove_data_source(&at, call),
                Work::Document { at, id, revision } => self.change_document(at, id, (revision, due), call),
                Work::IngestionJob { at, id } => self.change_ingestion_job(at, id, due, call),
            }
        }
    }

    fn change_knowledge_base(&mut self, id: &str, call: &mut Call<'_>) {
        let Some(base) = self.bases.get_mut(id) else { return };
        let cause = Some(base.changed_by);
        if base.status == knowledge_base::Status::Deleting {
            call.timer(SERVICE, "KnowledgeBaseDeleted", id, cause);
            self.bases.remove(id);
        } else {
            call.timer(SERVICE, "KnowledgeBaseActive", id, cause);
            (base.status, base.updated) = (knowledge_base::Status::Active, call.now);
        }
    }

    fn remove_data_source(&mut self, at: &Place, call: &mut Call<'_>) {
        let Some(base) = self.bases.get_mut(&at.knowledge_base) else { return };
        let Some(source) = base.data_sources.remove(&at.data_source) else { return };
        call.timer(SERVICE, "DataSourceDeleted", &at.data_source, Some(source.changed_by));
        if source.retains() {
            base.retain(source);
        }
    }

    fn change_document(&mut self, at: Place, id: String, (revision, due): (u64, Timestamp), call: &mut Call<'_>) {
        let Some((dimensions, source)) = at.of(&mut self.bases) else { return };
        let DataSource { documents, chunking, .. } = source;
        let Some(document) = documents.get_mut(&id).filter(|document| document.revision == revision) else {
            return;
        };
        document.updated = call.now;
        match document.status {
            document::Status::Starting => {
                document.status = document::Status::InProgress;
                self.agenda.plan(due + DOCUMENT, Work::Document { at, id, revision });
            }
            document::Status::InProgress => {
                document.index(chunking, dimensions, call.ids());
                call.timer(SERVICE, "DocumentIndexed", &at.data_source, Some(document.event));
                call.note(format!("{id}: {}", chunks(document.indexed.chunks.len())));
            }
            document::Status::Deleting => drop(documents.remove(&id)),
            _ => {}
        }
    }

    fn change_ingestion_job(&mut self, at: Place, id: String, due: Timestamp, call: &mut Call<'_>) {
        let Some((dimensions, source)) = at.of(&mut self.bases) else { return };
        let Some(mut job) = source.jobs.remove(&id) else { return };
        job.updated = call.now;
        match job.status {
            ingestion_job::Status::Starting => {
                job.status = ingestion_job::Status::InProgress;
                self.agenda.plan(due + INGESTION_JOB, Work::IngestionJob { at, id: id.clone() });
            }
            ingestion_job::Status::InProgress => {
                call.timer(SERVICE, "IngestionJobComplete", &id, Some(job.event));
                look_through(source, &mut job, dimensions, call);
            }
            ingestion_job::Status::Stopping => job.status = ingestion_job::Status::Stopped,
            _ => {}
        }
        source.jobs.insert(id, job);
    }
}

impl Place {
    /// The data source, if it is still there, and the dimensions of its knowledge base's vectors.
    fn of<'a>(&self, bases: &'a mut Kept<String, KnowledgeBase>) -> Option<(usize, &'a mut DataSource)> {
        let base = bases.get_mut(&self.knowledge_base)?;
        let dimensions = base.dimensions();
        Some((dimensions, base.data_sources.get_mut(&self.data_source)?))
    }
}

/// Indexes what of a data source is not indexed. What was handed in directly was indexed then.
fn look_through(source: &mut DataSource, job: &mut ingestion_job::IngestionJob, dimensions: usize, call: &Call<'_>) {
    if source.kind() != document::CUSTOM {
        job.status = ingestion_job::Status::Failed;
        let failure = format!("rehearsal cannot reach data sources of type {} yet", source.kind());
        call.note(failure.clone());
        job.failure = Some(failure);
        return;
    }
    let DataSource { documents, chunking, .. } = source;
    let is_waiting = |document: &document::Document| {
        matches!(document.status, document::Status::Starting | document::Status::InProgress)
    };
    let waiting = documents.iter().filter(|(_, document)| is_waiting(document)).map(|(id, _)| id.clone());
    for id in waiting.collect::<Vec<String>>() {
        let Some(document) = documents.get_mut(&id) else { continue };
        let is_new = document.indexed.chunks.is_empty();
        document.index(chunking, dimensions, call.ids());
        document.updated = call.now;
        let Statistics { number_of_new_documents_indexed, number_of_modified_documents_indexed, .. } =
            &mut job.statistics;
        *(if is_new { number_of_new_documents_indexed } else { number_of_modified_documents_indexed }) += 1;
    }
    let indexed = documents.values().map(|document| document.indexed.chunks.len()).sum();
    let scanned = documents.len();
    job.statistics.number_of_documents_scanned += scanned as u64;
    job.status = ingestion_job::Status::Complete;
    call.note(format!("{scanned} document{}, {}", if scanned == 1 { "" } else { "s" }, chunks(indexed)));
}

fn chunks(count: usize) -> String {
    format!("{count} chunk{}", if count == 1 { "" } else { "s" })
}
