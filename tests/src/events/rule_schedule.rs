//! Rules that fire by the clock.

use std::time::Duration;

use aws_sdk_eventbridge::types::RuleState;
use rehearsal_emulator::kernel::timeline::{Event, Kind};

use super::delivery::{create_stream, records};
use super::{PATTERN, client, create_bus, order, put_rule, put_target, stream, validation};
use crate::stage::{Stage, in_virtual_time, on_both_stages, refusal};

fn firings(stage: &Stage) -> Vec<Event> {
    let events = stage.emulator.timeline().events();
    events.into_iter().filter(|event| event.kind == Kind::Timer && event.action == "schedule").collect()
}

#[test]
fn a_schedule_that_is_none_is_refused_and_so_is_one_on_another_bus() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        create_bus(&events, "orders").await;
        for expression in ["rate(1 minutes)", "rate(0 minutes)", "cron(0 12 * * * *)", "at(2030-01-01T00:00:00)", "x"] {
            let put = events.put_rule().name("tick").schedule_expression(expression).send().await;
            assert_eq!(refusal(put), validation("Parameter ScheduleExpression is not valid."), "{expression}");
        }
        let put = events.put_rule().name("tick").schedule_expression("rate(1 minute)").event_bus_name("orders");
        let message = "ScheduleExpression is supported only on the default event bus.";
        assert_eq!(refusal(put.send().await), validation(message));
    });
}

#[test]
fn a_scheduled_event_has_aws_s_shape_and_its_rule_as_resource() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "ticks").await;
        events.put_rule().name("noon").schedule_expression("cron(0 12 * * ? *)").send().await.unwrap();
        put_target(&events, "noon", stream("ticks")).await;
        stage.advance(Duration::from_hours(25)).await;
        let records = records(&stage, "ticks").await;
        assert_eq!(records.len(), 1);
        let event: serde_json::Value = serde_json::from_str(&records[0].1).unwrap();
        assert_eq!(
            event,
            serde_json::json!({
                "version": "0", "id": records[0].0, "detail-type": "Scheduled Event", "source": "aws.events",
                "account": "000000000000", "time": "2026-01-01T12:00:00Z", "region": "us-east-1",
                "resources": ["arn:aws:events:us-east-1:000000000000:rule/noon"], "detail": {}
            })
        );
        let described = events.describe_rule().name("noon").send().await.unwrap();
        assert_eq!(described.schedule_expression(), Some("cron(0 12 * * ? *)"));
        assert_eq!(described.event_pattern(), None);
    });
}

#[test]
fn a_rate_counts_from_when_the_rule_was_put_or_enabled() {
    on_both_stages(async |stage| {
        let events = client(&stage);
        events.put_rule().name("tick").schedule_expression("rate(2 minutes)").send().await.unwrap();
        stage.advance(Duration::from_secs(119)).await;
        assert_eq!(firings(&stage), []);
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(firings(&stage).len(), 1);
        events.disable_rule().name("tick").send().await.unwrap();
        stage.advance(Duration::from_mins(10)).await;
        assert_eq!(firings(&stage).len(), 1, "a disabled rule is silent");
        events.enable_rule().name("tick").send().await.unwrap();
        stage.advance(Duration::from_secs(119)).await;
        assert_eq!(firings(&stage).len(), 1);
        stage.advance(Duration::from_secs(2)).await;
        assert_eq!(firings(&stage).len(), 2);
        events.delete_rule().name("tick").send().await.unwrap();
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(firings(&stage).len(), 2, "a rule that is gone is silent");
    });
}

#[test]
fn a_rule_may_have_both_and_put_again_it_has_what_it_was_put_with_last() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        create_stream(&stage, "both").await;
        let both = events.put_rule().name("both").schedule_expression("rate(1 hour)").event_pattern(PATTERN);
        both.send().await.unwrap();
        put_target(&events, "both", stream("both")).await;
        events.put_events().entries(order("{}")).send().await.unwrap();
        stage.advance(Duration::from_hours(1)).await;
        assert_eq!(records(&stage, "both").await.len(), 2);
        put_rule(&events, "both").await;
        stage.advance(Duration::from_hours(3)).await;
        assert_eq!(firings(&stage).len(), 1);
    });
}

#[test]
fn a_scheduled_rule_is_put_disabled_and_says_so() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        let put = events.put_rule().name("tick").schedule_expression("rate(1 day)").state(RuleState::Disabled);
        put.send().await.unwrap();
        stage.advance(Duration::from_hours(100)).await;
        assert_eq!(firings(&stage), []);
    });
}

#[test]
fn a_year_passes_hour_by_hour() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        events.put_rule().name("hourly").schedule_expression("rate(1 hour)").send().await.unwrap();
        stage.advance(Duration::from_hours(24 * 365)).await;
        let last = firings(&stage).pop().expect("it fired");
        assert_eq!(last.at_ms, 24 * 365 * 3_600_000);
    });
}
