//! One file an operation, through the official SDK.

mod batch_execute_statement;
mod batch_get_item;
mod batch_write_item;
mod create_table;
mod delete_item;
mod delete_table;
mod describe_table;
mod describe_time_to_live;
mod execute_statement;
mod execute_transaction;
mod expiry;
mod fixture;
mod get_item;
mod legacy;
mod list_tables;
mod put_item;
mod query;
mod scan;
mod transact_get_items;
mod transact_write_items;
mod update_item;
mod update_time_to_live;
mod wire;
