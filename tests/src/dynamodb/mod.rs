//! One file an operation, through the official SDK.

mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod describe_time_to_live;
mod expiry;
mod fixture;
mod get_item;
mod legacy;
mod list_tables;
mod model;
mod put_item;
mod query;
mod scan;
mod update_item;
mod update_time_to_live;
mod wire;
