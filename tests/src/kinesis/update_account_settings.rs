//! UpdateAccountSettings and DescribeAccountSettings.

use std::time::Duration;

use super::{members, raw, raw_refusal, refused};
use crate::stage::{Stage, in_virtual_time, on_both_stages};

async fn update(stage: &Stage, status: &str) -> serde_json::Value {
    let body = format!(r#"{{"MinimumThroughputBillingCommitment":{{"Status":"{status}"}}}}"#);
    let (code, answer) = raw(stage, "UpdateAccountSettings", &body).await;
    assert_eq!(code, 200, "{answer}");
    let described = raw(stage, "DescribeAccountSettings", "{}").await.1;
    assert_eq!(described, answer);
    answer["MinimumThroughputBillingCommitment"].clone()
}

#[test]
fn the_status_is_checked_against_the_model() {
    on_both_stages(|stage| async move {
        let message = "1 validation error detected: Value 'ON' at 'minimumThroughputBillingCommitment.status' failed to satisfy \
                       constraint: Member must satisfy enum value set: [ENABLED, DISABLED]";
        let body = r#"{"MinimumThroughputBillingCommitment":{"Status":"ON"}}"#;
        assert_eq!(raw_refusal(&stage, "UpdateAccountSettings", body).await, refused("ValidationException", message));
        assert_eq!(raw_refusal(&stage, "UpdateAccountSettings", "{}").await.0, "ValidationException");
    });
}

#[test]
fn a_commitment_ends_a_day_after_its_start_at_the_earliest() {
    in_virtual_time(|stage| async move {
        let (_, before) = raw(&stage, "DescribeAccountSettings", "{}").await;
        assert_eq!(before, serde_json::json!({"MinimumThroughputBillingCommitment": {"Status": "DISABLED"}}));
        let enabled = update(&stage, "ENABLED").await;
        assert_eq!(members(&enabled), ["EarliestAllowedEndAt", "StartedAt", "Status"]);
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(update(&stage, "DISABLED").await["Status"], "ENABLED_UNTIL_EARLIEST_ALLOWED_END");
        stage.advance(Duration::from_hours(23)).await;
        let (_, after) = raw(&stage, "DescribeAccountSettings", "{}").await;
        let after = &after["MinimumThroughputBillingCommitment"];
        assert_eq!((members(after), &after["Status"]), (vec!["EndedAt", "StartedAt", "Status"], &"DISABLED".into()));
        assert_eq!(after["EndedAt"], enabled["EarliestAllowedEndAt"]);
    });
}
