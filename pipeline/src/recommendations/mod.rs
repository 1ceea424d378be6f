//! Recommendations that follow what a user does, seconds later.
//!
//! ```text
//! publish > Kinesis > worker > profile (DynamoDB) > model (Bedrock) > cache (DynamoDB) > event (EventBridge)
//!                                                                       ^ serve
//! ```
//!
//! After the article "Building an AI Agent That Responds to Real-Time Events with AWS Bedrock, Kinesis, DynamoDB, and
//! S3" (jubinsoni, dev.to, 2026-06-28), made to hold in production: an interaction counts once however often it is
//! delivered, no write is lost to a race, poison does not block a shard, a model that hangs, breaks off or babbles
//! never costs a reader the recommendations of before, and what has expired is not served.
//!
//! Differences from the article: Converse takes the place of the Bedrock agent, as Agents Classic is closed to new
//! customers; archiving to S3 is left to Firehose, which needs no code.

mod announcement;
mod backoff;
mod cache;
mod call_failure;
mod checkpoint;
mod clients;
mod handle;
mod interaction;
mod item;
mod model;
mod parked;
mod profile;
mod profile_store;
mod prompt;
mod publish;
mod reply;
mod sequence_number;
pub mod serve;
mod settings;
mod setup;
mod shard_reader;
mod shutdown;
pub mod worker;

pub use crate::variables::SettingsError;
pub use call_failure::CallFailure;
pub use clients::Clients;
pub use handle::{HandleError, Outcome, handle_interaction, handle_record};
pub use interaction::{EventType, Interaction, InteractionError};
pub use profile::Delivery;
pub use publish::{PublishError, Published, publish};
pub use reply::Recommendation;
pub use sequence_number::SequenceNumber;
pub use settings::{ModelMode, Settings, StartPosition};
pub use setup::{SetupError, setup};
