//! DescribeLimits.

use super::{raw, with_stream};
use crate::stage::on_both_stages;

#[test]
fn open_shards_count_against_the_limit() {
    on_both_stages(|stage| async move {
        with_stream(&stage, "orders", 3).await;
        let (status, answer) = raw(&stage, "DescribeLimits", "{}").await;
        let expected = serde_json::json!({
            "ShardLimit": 20_000,
            "OpenShardCount": 3,
            "OnDemandStreamCount": 0,
            "OnDemandStreamCountLimit": 50
        });
        assert_eq!((status, answer), (200, expected));
    });
}
