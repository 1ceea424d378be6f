//! What time to live does to items, on the clock.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use rehearsal_emulator::Emulator;
use rehearsal_emulator::kernel::Timestamp;
use rehearsal_emulator::kernel::timeline::Kind;
use rehearsal_emulator::service::dynamodb::settings::{Settings, SweepLag};

use super::fixture::{get, item, n, profiles, put, s};
use super::update_time_to_live::ttl;
use crate::stage::{Stage, on_both_stages};

const HOUR: i64 = 3600;
/// Beyond the longest lag of the sweep.
const LONG: Duration = Duration::from_mins(11);

fn in_seconds(stage: &Stage, seconds: i64) -> AttributeValue {
    n(stage.emulator.clock().now().as_secs() + seconds)
}

#[test]
fn an_expired_item_stays_readable_until_the_sweep() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        ttl(&client, true, "expires").send().await.unwrap();
        put(&client, "profiles", item([("id", s("a")), ("expires", in_seconds(&stage, HOUR))])).await;
        stage.advance(Duration::from_secs(3600)).await;
        assert!(get(&client, "profiles", item([("id", s("a"))])).await.is_some(), "expired, not yet swept");
        let scan = client.scan().table_name("profiles").send().await.unwrap();
        assert_eq!(scan.count, 1);
        stage.advance(LONG).await;
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);

        let events = stage.emulator.timeline().events();
        let written = events.iter().find(|event| event.action == "PutItem").expect("the put is on the timeline");
        let swept = events.iter().find(|event| event.action == "expire").expect("the sweep is on the timeline");
        assert_eq!((swept.kind, swept.resource.as_str()), (Kind::Timer, "profiles/a"));
        assert_eq!(swept.cause.map(|cause| cause.event), Some(written.id));
    });
}

#[test]
fn an_expired_item_whose_expiry_is_moved_stays() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        ttl(&client, true, "expires").send().await.unwrap();
        put(&client, "profiles", item([("id", s("a")), ("expires", in_seconds(&stage, HOUR))])).await;
        stage.advance(Duration::from_secs(3600)).await;
        let update = client.update_item().table_name("profiles").key("id", s("a"));
        let update = update.update_expression("SET expires = :later").condition_expression("attribute_exists(id)");
        update.expression_attribute_values(":later", in_seconds(&stage, HOUR)).send().await.unwrap();
        stage.advance(LONG).await;
        assert!(get(&client, "profiles", item([("id", s("a"))])).await.is_some());
    });
}

#[test]
fn only_a_recent_number_expires_an_item() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        ttl(&client, true, "expires").send().await.unwrap();
        let six_years = 6 * 365 * 24 * HOUR;
        for (id, expires) in [
            ("text", s(&(stage.emulator.clock().now().as_secs() - HOUR).to_string())),
            ("ancient", in_seconds(&stage, -six_years)),
            ("huge", n("1E100")),
            ("past", in_seconds(&stage, -HOUR)),
            ("fraction", n(format!("{}.5", stage.emulator.clock().now().as_secs()))),
        ] {
            put(&client, "profiles", item([("id", s(id)), ("expires", expires)])).await;
        }
        put(&client, "profiles", item([("id", s("none"))])).await;
        stage.advance(LONG).await;
        let left = client.scan().table_name("profiles").send().await.unwrap();
        let mut left: Vec<_> = left.items().iter().map(|item| item["id"].as_s().unwrap().clone()).collect();
        left.sort();
        assert_eq!(left, ["ancient", "huge", "none", "text"]);
    });
}

#[test]
fn items_written_before_time_to_live_was_enabled_expire_too_and_disabling_spares_them() {
    on_both_stages(|stage| async move {
        let client = profiles(&stage).await;
        put(&client, "profiles", item([("id", s("a")), ("expires", in_seconds(&stage, -HOUR))])).await;
        ttl(&client, true, "expires").send().await.unwrap();
        ttl(&client, false, "expires").send().await.unwrap();
        stage.advance(LONG).await;
        assert!(get(&client, "profiles", item([("id", s("a"))])).await.is_some());
        ttl(&client, true, "expires").send().await.unwrap();
        stage.advance(LONG).await;
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}

#[test]
fn with_an_immediate_sweep_an_item_goes_at_the_second_of_its_expiry() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime starts").block_on(async {
        let settings = Settings { sweep_lag: SweepLag::Immediate, ..Settings::default() };
        let mut stage = Stage::in_process().await;
        stage.emulator = Emulator::builder().dynamodb(settings).start().await;
        stage.config = stage.emulator.sdk_config().await;
        let client = profiles(&stage).await;
        ttl(&client, true, "expires").send().await.unwrap();
        let expires = stage.emulator.clock().now().as_secs() + HOUR;
        put(&client, "profiles", item([("id", s("a")), ("expires", n(expires))])).await;
        let left = Timestamp::from_secs(expires).since(stage.emulator.clock().now());
        stage.advance(left - Duration::from_millis(1)).await;
        assert!(get(&client, "profiles", item([("id", s("a"))])).await.is_some());
        stage.advance(Duration::from_millis(1)).await;
        assert_eq!(get(&client, "profiles", item([("id", s("a"))])).await, None);
    });
}
