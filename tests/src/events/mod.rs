//! One file an operation, through the official SDK.
