//! Every operation through the official SDKs; embedding; the house rules.

mod bedrock;
mod bedrock_agent;
mod bedrock_agent_runtime;
mod crash;
mod dynamodb;
mod dynamodbstreams;
mod embedding;
mod events;
mod gateway;
mod house;
mod journal;
mod keeping;
mod kinesis;
mod logs;
mod python;
mod raw;
mod scheduler;
mod sqs;
mod stage;
