//! The models' own documents, as they travel in InvokeModel's body.

pub mod anthropic;
