//! Every operation through the official SDKs; embedding; the house rules.

mod bedrock;
mod dynamodb;
mod events;
mod kinesis;
mod stage;
