//! `DryRun`: all that is checked is checked, and nothing is written or read.
//!
//! <https://docs.aws.amazon.com/streams/latest/dev/kds-dryrun-validation.html>

use super::Kinesis;
use crate::kernel::{ApiError, Call};

impl Kinesis {
    /// How a dry run ends that would have succeeded: "the API returns HTTP 400 with a `DryRunOperationException`".
    /// assumed: its rate is counted last, so that a request that fails its checks says why.
    pub fn dry_run(&self, operation: &str, name: &str, call: &Call<'_>) -> ApiError {
        if let Err(refused) = self.admit_dry_run(name, call) {
            return refused;
        }
        // Wording: of AWS's page, above.
        ApiError::new(
            "DryRunOperationException",
            format!(
                "DryRunOperation validation succeeded while calling {operation} operation.: Request would have \
                 succeeded, but DryRun flag is set."
            ),
        )
    }
}
