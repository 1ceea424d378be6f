//! What an item answers while another transaction holds it.
//!
//! Operations run one after another, so nothing conflicts by itself: a call is
//! told so by its circumstances.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling>

use super::transaction::Reason;
use crate::kernel::{ApiError, Call};

const MESSAGE: &str = "Transaction is ongoing for the item";

/// Refuses a write of one item that another transaction holds.
pub fn check(call: &Call<'_>) -> Result<(), ApiError> {
    if call.circumstances.conflict {
        return Err(ApiError::new("TransactionConflictException", MESSAGE));
    }
    Ok(())
}

/// Lets the conflict that a transaction meets, if it does, be that of its first item.
pub fn strike<T>(first: Option<&mut Result<T, Reason>>, call: &Call<'_>) {
    if let Some(first) = first
        && call.circumstances.conflict
    {
        *first = Err(Reason { code: "TransactionConflict", message: Some(MESSAGE.to_owned()), item: None });
    }
}
