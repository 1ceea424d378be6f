//! What a year of schedules costs when the clock is advanced by one: rules that fire and deliver to a stream.

use std::time::Duration;

use rehearsal_emulator::Emulator;
use serde_json::json;

use super::direct::call;
use super::measure::{median, now};
use super::report::Figure;

const ROUNDS: usize = 5;
const YEAR: Duration = Duration::from_hours(24 * 365);
/// With how often each fires in a year.
const SCHEDULES: [(&str, u32); 3] = [("cron(0 3 * * ? *)", 365), ("rate(1 hour)", 8_760), ("rate(10 minutes)", 52_560)];

/// How long a year takes in which these schedules fire.
pub async fn figure() -> Result<Figure, String> {
    let mut seconds = Vec::new();
    for _ in 0..ROUNDS {
        let emulator = Emulator::start().await;
        call(&emulator, "Kinesis_20131202.CreateStream", &json!({"StreamName": "ticks", "ShardCount": 1})).await?;
        emulator.clock().advance(Duration::from_mins(1)).await;
        for (number, (expression, _)) in SCHEDULES.iter().enumerate() {
            let name = format!("rule-{number}");
            call(&emulator, "AWSEvents.PutRule", &json!({"Name": name, "ScheduleExpression": expression})).await?;
            let stream = "arn:aws:kinesis:us-east-1:000000000000:stream/ticks";
            let target = json!({"Id": "ticks", "Arn": stream, "RoleArn": "arn:aws:iam::000000000000:role/events"});
            call(&emulator, "AWSEvents.PutTargets", &json!({"Rule": name, "Targets": [target]})).await?;
        }
        let started = now();
        emulator.clock().advance(YEAR).await;
        seconds.push(started.elapsed().as_secs_f64());
    }
    let firings: u32 = SCHEDULES.iter().map(|(_, firings)| firings).sum();
    Ok(Figure {
        name: "year",
        about: format!("advancing the clock by a year in which {} rules fire {firings} times", SCHEDULES.len()),
        value: median(&seconds),
        unit: "s",
        target: 1.0,
    })
}
