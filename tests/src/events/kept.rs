//! What is kept, and what a process knows that begins on it.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::types::{
    ConnectionAuthorizationType, DeadLetterConfig, EcsParameters, HttpParameters, InputTransformer, Level, LogConfig,
    PutEventsRequestEntry, RetryPolicy, RuleState, SqsParameters, Tag, Target, UpdateConnectionAuthRequestParameters,
    UpdateConnectionBasicAuthRequestParameters,
};
use aws_sdk_sqs::types::QueueAttributeName;
use rehearsal_emulator::Kind;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::api_destination_calls::{create_oauth_connection, token};
use super::create_api_destination::create_api_destination;
use super::create_archive::{DEFAULT_BUS, create_archive};
use super::create_connection::{basic, create_connection};
use super::start_replay::{event, start};
use super::{PATTERN, ROLE, client, create_bus, order, put_rule, put_target, queue_arn};
use crate::keeping::{KeptStage, LeftBehind, shown, while_kept};
use crate::stage::{Stage, in_virtual_time};

const RULE: &str = "arn:aws:events:us-east-1:000000000000:rule/";
const BUS: &str = "arn:aws:events:us-east-1:000000000000:event-bus/";

/// Everything that can be asked about what there is.
async fn answers(stage: &Stage) -> Vec<String> {
    let events = client(stage);
    let mut answers = Vec::new();
    let buses = events.list_event_buses().send().await.unwrap();
    for bus in buses.event_buses().iter().filter_map(|bus| bus.name()) {
        answers.push(shown(&events.describe_event_bus().name(bus).send().await.unwrap()));
        answers.push(shown(&events.list_tags_for_resource().resource_arn(format!("{BUS}{bus}")).send().await.unwrap()));
        let rules = events.list_rules().event_bus_name(bus).send().await.unwrap();
        for rule in rules.rules() {
            let (name, arn) = (rule.name().unwrap(), rule.arn().unwrap());
            answers.push(shown(&events.describe_rule().event_bus_name(bus).name(name).send().await.unwrap()));
            let targets = events.list_targets_by_rule().event_bus_name(bus).rule(name);
            answers.push(shown(&targets.send().await.unwrap()));
            answers.push(shown(&events.list_tags_for_resource().resource_arn(arn).send().await.unwrap()));
        }
    }
    for archive in events.list_archives().send().await.unwrap().archives() {
        let name = archive.archive_name().unwrap();
        answers.push(shown(&events.describe_archive().archive_name(name).send().await.unwrap()));
    }
    for replay in events.list_replays().send().await.unwrap().replays() {
        let name = replay.replay_name().unwrap();
        answers.push(shown(&events.describe_replay().replay_name(name).send().await.unwrap()));
    }
    for connection in events.list_connections().send().await.unwrap().connections() {
        let name = connection.name().unwrap();
        answers.push(shown(&events.describe_connection().name(name).send().await.unwrap()));
    }
    for destination in events.list_api_destinations().send().await.unwrap().api_destinations() {
        let name = destination.name().unwrap();
        answers.push(shown(&events.describe_api_destination().name(name).send().await.unwrap()));
    }
    answers
}

/// Everything is kept, and a process that begins on it answers the same, as a fork does.
async fn holds(kept: &KeptStage) {
    let [read, forked] = kept.again().await;
    let expected = answers(&kept.stage).await;
    assert_eq!(answers(&read).await, expected, "read");
    assert_eq!(answers(&forked).await, expected, "forked");
    // To ask changes nothing.
    assert_eq!(kept.settled().await, Vec::<String>::new());
}

fn tag(key: &str) -> Tag {
    Tag::builder().key(key).value("v").build().unwrap()
}

fn to_queue(id: &str) -> aws_sdk_eventbridge::types::builders::TargetBuilder {
    Target::builder().id(id).arn(queue_arn("orders"))
}

/// A target of each kind.
fn targets() -> Vec<Target> {
    let transformer = InputTransformer::builder().input_paths_map("user", "$.detail.user").input_template("\"<user>\"");
    let retry = RetryPolicy::builder().maximum_retry_attempts(3).maximum_event_age_in_seconds(60).build();
    let dead = DeadLetterConfig::builder().arn(queue_arn("dead")).build();
    let http = HttpParameters::builder().header_parameters("X-User", "$.detail.user").path_parameter_values("a");
    let fifo = Target::builder().id("fifo").arn(queue_arn("orders.fifo"));
    let fifo = fifo.sqs_parameters(SqsParameters::builder().message_group_id("g").build());
    let ecs = Target::builder().id("ecs").arn("arn:aws:ecs:us-east-1:000000000000:cluster/c").role_arn(ROLE);
    let task = EcsParameters::builder().task_definition_arn("arn:aws:ecs:us-east-1:000000000000:task-definition/t");
    vec![
        to_queue("transformed").input_transformer(transformer.build().unwrap()).build().unwrap(),
        to_queue("part").input_path("$.detail").retry_policy(retry).dead_letter_config(dead).build().unwrap(),
        to_queue("constant").input("{\"a\": 1}").http_parameters(http.build()).build().unwrap(),
        fifo.build().unwrap(),
        ecs.ecs_parameters(task.task_count(2).build().unwrap()).build().unwrap(),
    ]
}

async fn put_order(events: &Client) {
    events.put_events().entries(order(r#"{"user":"u_1"}"#)).send().await.unwrap();
}

async fn messages(stage: &Stage, queue: &str) -> usize {
    let sqs = aws_sdk_sqs::Client::new(&stage.config);
    let url = sqs.create_queue().queue_name(queue).send().await.unwrap().queue_url.unwrap();
    let received = sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    received.messages().len()
}

#[test]
fn buses_and_rules_are_kept() {
    while_kept(async |kept| {
        let events = client(&kept.stage);
        create_bus(&events, "orders").await;
        put_rule(&events, "all").await;
        for target in targets() {
            put_target(&events, "all", target).await;
        }
        let here = events.put_rule().name("here").event_bus_name("orders").event_pattern(PATTERN).tags(tag("a"));
        here.description("of the shop").role_arn(ROLE).state(RuleState::Disabled).send().await.unwrap();
        for (name, expression) in [("tick", "rate(5 minutes)"), ("noon", "cron(0 12 * * ? *)")] {
            events.put_rule().name(name).schedule_expression(expression).send().await.unwrap();
            put_target(&events, name, to_queue("q").build().unwrap()).await;
        }
        holds(&kept).await;
        for arn in [format!("{RULE}all"), format!("{BUS}orders"), format!("{BUS}default")] {
            events.tag_resource().resource_arn(&arn).tags(tag("b")).tags(tag("c")).send().await.unwrap();
            events.untag_resource().resource_arn(&arn).tag_keys("b").send().await.unwrap();
        }
        let log = LogConfig::builder().level(Level::Info).build();
        events.update_event_bus().name("orders").description("d").log_config(log).send().await.unwrap();
        let permission = || events.put_permission().event_bus_name("orders").action("events:PutEvents");
        for friend in ["111111111111", "222222222222"] {
            permission().principal(friend).statement_id(format!("s{friend}")).send().await.unwrap();
        }
        events.remove_permission().event_bus_name("orders").statement_id("s111111111111").send().await.unwrap();
        events.remove_targets().rule("all").ids("part").send().await.unwrap();
        events.disable_rule().name("noon").send().await.unwrap();
        events.enable_rule().name("here").event_bus_name("orders").send().await.unwrap();
        holds(&kept).await;
        kept.stage.advance(Duration::from_mins(11)).await;
        holds(&kept).await;
        let pattern = r#"{"detail":{"n":[{"numeric":[">",0.1]}]}}"#;
        events.put_rule().name("all").event_pattern(pattern).send().await.unwrap();
        events.remove_targets().rule("tick").ids("q").send().await.unwrap();
        events.delete_rule().name("tick").send().await.unwrap();
        events.delete_rule().name("here").event_bus_name("orders").send().await.unwrap();
        events.delete_event_bus().name("orders").send().await.unwrap();
        kept.settled().await;
        create_bus(&events, "orders").await;
        holds(&kept).await;
    });
}

#[test]
fn rules_that_were_kept_match_as_before_and_an_event_is_no_change() {
    while_kept(async |kept| {
        let events = client(&kept.stage);
        assert_eq!(messages(&kept.stage, "orders").await, 0);
        put_rule(&events, "all").await;
        put_target(&events, "all", to_queue("q").build().unwrap()).await;
        kept.settled().await;
        put_order(&events).await;
        let none = PutEventsRequestEntry::builder().source("zoo").detail_type("ape").detail("{}").build();
        events.put_events().entries(none).send().await.unwrap();
        let written = kept.settled().await;
        assert!(!written.is_empty() && !written.iter().any(|path| path.starts_with("events/")), "{written:?}");
        for stage in kept.again().await {
            put_order(&client(&stage)).await;
            assert_eq!(messages(&stage, "orders").await, 2);
        }
    });
}

#[test]
fn archives_are_kept_event_by_event() {
    while_kept(async |kept| {
        let events = client(&kept.stage);
        create_archive(&events, "all").await;
        let few = events.create_archive().archive_name("few").event_source_arn(DEFAULT_BUS).retention_days(1);
        few.event_pattern(PATTERN).description("d").send().await.unwrap();
        for seconds in [130, 1, 1, 59] {
            events.put_events().entries(event(seconds)).send().await.unwrap();
        }
        holds(&kept).await;
        events.put_events().entries(event(7)).send().await.unwrap();
        let written = kept.settled().await;
        let of = |kind: &str| written.iter().filter(|path| path.contains(kind)).count();
        assert_eq!((of("/archive/all/event/"), of("/archive/few/event/"), of("/rule/")), (1, 1, 0), "{written:?}");
        kept.stage.advance(Duration::from_hours(25)).await;
        events.put_events().entries(event(8)).send().await.unwrap();
        holds(&kept).await;
        events.update_archive().archive_name("few").event_pattern(r#"{"source":["zoo"]}"#).send().await.unwrap();
        events.delete_archive().archive_name("all").send().await.unwrap();
        holds(&kept).await;
        create_archive(&events, "all").await;
        events.put_events().entries(event(9)).send().await.unwrap();
        holds(&kept).await;
    });
}

#[test]
fn a_replay_goes_on_where_it_was() {
    while_kept(async |kept| {
        let events = client(&kept.stage);
        create_archive(&events, "all").await;
        assert_eq!(messages(&kept.stage, "orders").await, 0);
        for minute in 0..5 {
            events.put_events().entries(event(60 * minute)).send().await.unwrap();
        }
        start(&events, "cancelled").send().await.unwrap();
        events.cancel_replay().replay_name("cancelled").send().await.unwrap();
        put_rule(&events, "all").await;
        put_target(&events, "all", to_queue("q").build().unwrap()).await;
        start(&events, "whole").send().await.unwrap();
        kept.stage.advance(Duration::from_millis(250)).await;
        let [read, forked] = kept.again().await;
        for stage in [&read, &forked, &kept.stage] {
            stage.advance(Duration::from_secs(1)).await;
            assert_eq!(messages(stage, "orders").await, 5);
            let whole = client(stage).describe_replay().replay_name("whole").send().await.unwrap();
            assert_eq!(whole.state().unwrap().as_str(), "COMPLETED");
        }
        start(&events, "lost").send().await.unwrap();
        events.delete_archive().archive_name("all").send().await.unwrap();
        kept.stage.advance(Duration::from_secs(1)).await;
        holds(&kept).await;
    });
}

#[test]
fn connections_and_api_destinations_are_kept_with_what_calls_find_out() {
    while_kept(async |kept| {
        let (events, server) = (client(&kept.stage), MockServer::start().await);
        Mock::given(path("/token")).respond_with(token("t1")).mount(&server).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
        let connection = create_oauth_connection(&events, &server).await;
        kept.stage.advance(Duration::ZERO).await;
        let arn = create_api_destination(&events, "orders", &connection, &format!("{}/orders", server.uri())).await;
        create_connection(&events, "key").await;
        let create = events.create_connection().name("basic").authorization_type(ConnectionAuthorizationType::Basic);
        create.auth_parameters(basic("me", "pass")).send().await.unwrap();
        holds(&kept).await;
        put_rule(&events, "all").await;
        put_target(&events, "all", Target::builder().id("api").arn(&arn).role_arn(ROLE).build().unwrap()).await;
        kept.settled().await;
        put_order(&events).await;
        kept.stage.advance(Duration::ZERO).await;
        let written = kept.settled().await;
        assert!(!written.iter().any(|path| path.starts_with("events/")), "{written:?}");
        let [read, forked] = kept.again().await;
        for stage in [&read, &forked] {
            put_order(&client(stage)).await;
            stage.advance(Duration::ZERO).await;
        }
        let asked = server.received_requests().await.unwrap();
        let of = |path: &str| asked.iter().filter(|request| request.url.path() == path).count();
        assert_eq!((of("/token"), of("/orders")), (1, 3), "the token is kept, too");
        let secret = UpdateConnectionBasicAuthRequestParameters::builder().password("new").build();
        let secret = UpdateConnectionAuthRequestParameters::builder().basic_auth_parameters(secret).build();
        events.update_connection().name("basic").auth_parameters(secret).send().await.unwrap();
        events.update_connection().name("shop").description("d").send().await.unwrap();
        events.deauthorize_connection().name("key").send().await.unwrap();
        events.update_api_destination().name("orders").invocation_rate_limit_per_second(7).send().await.unwrap();
        kept.stage.advance(Duration::from_secs(1)).await;
        holds(&kept).await;
        for name in ["shop", "key"] {
            events.delete_connection().name(name).send().await.unwrap();
        }
        create_connection(&events, "shop").await;
        events.delete_api_destination().name("orders").send().await.unwrap();
        holds(&kept).await;
    });
}

#[test]
fn what_a_call_finds_out_for_a_connection_that_is_gone_is_not_kept() {
    while_kept(async |kept| {
        let (events, server) = (client(&kept.stage), MockServer::start().await);
        Mock::given(any()).respond_with(token("t1")).mount(&server).await;
        create_oauth_connection(&events, &server).await;
        events.delete_connection().name("shop").send().await.unwrap();
        kept.stage.advance(Duration::ZERO).await;
        holds(&kept).await;
    });
}

/// The moments that firings were for, as they were sent, and what was passed over.
async fn fired(stage: &Stage) -> (Vec<String>, usize) {
    let sqs = aws_sdk_sqs::Client::new(&stage.config);
    let create = sqs.create_queue().queue_name("orders").attributes(QueueAttributeName::VisibilityTimeout, "43200");
    let url = create.send().await.unwrap().queue_url.unwrap();
    let received = sqs.receive_message().queue_url(url).max_number_of_messages(10).send().await.unwrap();
    let time = |message: &aws_sdk_sqs::types::Message| {
        let event: serde_json::Value = serde_json::from_str(message.body().unwrap()).unwrap();
        event["time"].as_str().unwrap().to_owned()
    };
    let all = stage.emulator.timeline().events();
    let passed = all.iter().filter(|event| event.kind == Kind::Timer && event.detail.starts_with("passed over"));
    (received.messages().iter().map(time).collect(), passed.count())
}

#[test]
fn a_schedule_goes_on_with_the_minute_that_a_process_begins_in() {
    in_virtual_time(async |stage| {
        let events = client(&stage);
        assert_eq!(fired(&stage).await, (Vec::new(), 0));
        events.put_rule().name("tick").schedule_expression("rate(2 minutes)").send().await.unwrap();
        put_target(&events, "tick", to_queue("q").build().unwrap()).await;
        stage.advance(Duration::from_secs(150)).await;
        // The clocks show 00:02:30, and the first moment has come.
        let left = LeftBehind::by(&stage);
        for (down, expected, passed) in [
            (20, vec![], 0),
            (100, vec!["2026-01-01T00:04:00Z"], 0),
            (150, vec![], 1),
            (625, vec!["2026-01-01T00:12:00Z"], 1),
        ] {
            let restarted = left.after(Duration::from_secs(down)).await;
            restarted.advance(Duration::ZERO).await;
            let (mut times, passed_over) = fired(&restarted).await;
            assert_eq!(times.remove(0), "2026-01-01T00:02:00Z");
            assert_eq!((times, passed_over), (expected.into_iter().map(str::to_owned).collect(), passed), "{down}");
            // What comes next comes when it would have come.
            let next = (150 + down).next_multiple_of(120) - (150 + down);
            restarted.advance(Duration::from_secs(next)).await;
            assert_eq!(fired(&restarted).await.0.len(), 1, "{down}");
        }
    });
}
