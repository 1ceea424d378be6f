//! What growth does: the same operation on little and on much, and what much weighs.

use std::sync::Arc;

use super::case::{self, Case, Data, ITEM_BYTES, ITEMS};
use super::drive::{Load, connect};
use super::measure::{Settings, Side, median, take_turns};
use super::pattern::Pattern;
use super::prepare::{ITERATOR, NotReady, Ready, fill, iterator, put, ready};
use super::process::Server;
use super::report::{Figure, Growth};
use super::request::Template;
use super::stream::{self, RECORD_BYTES};

/// What growth to many items does to rates, and what the items weigh.
pub async fn of_table(
    settings: &Settings,
    mut tell: impl FnMut(&str),
) -> Result<(Vec<Growth>, Option<Figure>), String> {
    let (few, many) = (ITEMS, settings.many);
    tell(&format!("growth: putting {many} items"));
    let small = Server::emulator(&settings.program, true)?;
    fill(&small, &[Data::Items(few)], settings.connections).await?;
    let large = Server::emulator(&settings.program, true)?;
    fill(&large, &[Data::Items(many)], settings.connections).await?;
    let raw = f64::from(many) * ITEM_BYTES as f64;
    let memory = large.resident_bytes().map(|resident| Figure {
        name: "memory",
        about: format!("resident bytes over raw bytes, {many} items of 1 KB"),
        value: resident as f64 / raw,
        unit: "times",
        target: 1.6,
    });

    let (mut small, mut large) = (Some(small), Some(large));
    let mut rows = Vec::new();
    for case in [case::get_item(), case::put_item()] {
        tell(&format!("growth: {}", case.name));
        let (on_few, on_many) = (small.take().expect("put back below"), large.take().expect("put back below"));
        let few_load = learned(&on_few, &case, few).await?;
        let many_load = learned(&on_many, &case, many).await?;
        let mut on_few = Side::new(on_few, few_load, settings).await?;
        let mut on_many = Side::new(on_many, many_load, settings).await?;
        take_turns(&mut on_few, &mut on_many, settings).await?;
        let ratios: Vec<f64> = on_many.rates().iter().zip(on_few.rates()).map(|(many, few)| many / few).collect();
        rows.push(Growth {
            case: case.name.to_owned(),
            few,
            many,
            few_per_second: median(&on_few.rates()),
            many_per_second: median(&on_many.rates()),
            ratio: median(&ratios),
            target: 0.85,
            few_cpu_us: on_few.cpu().map(|(each, _)| each),
            many_cpu_us: on_many.cpu().map(|(each, _)| each),
        });
        (small, large) = (Some(on_few.server), Some(on_many.server));
    }
    Ok((rows, memory))
}

async fn learned(server: &Server, case: &Case, keys: u32) -> Result<Load, String> {
    match ready(server, case, keys).await {
        Ok(Ready { load, .. }) => Ok(load),
        Err(NotReady::NotImplemented) => Err(format!("{} is not implemented", case.name)),
        Err(NotReady::Failed(message)) => Err(message),
    }
}

/// What growth to many records does to a read from their middle, and what they weigh.
pub async fn of_stream(settings: &Settings) -> Result<(Growth, Option<Figure>), String> {
    const FEW: u32 = 10_000;
    const MANY: u32 = 500_000;
    let small = side_of_stream(settings, FEW).await?;
    let large = side_of_stream(settings, MANY).await?;
    let memory = large.server.resident_bytes().map(|resident| Figure {
        name: "memory of a record",
        about: format!("resident bytes an entry, {MANY} records of {RECORD_BYTES} B with their keys"),
        value: resident as f64 / f64::from(MANY),
        unit: "B",
        target: (1.3 * RECORD_BYTES as f64 + 100.0).round(),
    });
    let (mut small, mut large) = (small, large);
    take_turns(&mut small, &mut large, settings).await?;
    let ratios: Vec<f64> = large.rates().iter().zip(small.rates()).map(|(many, few)| many / few).collect();
    let case = stream::get_few_records();
    let growth = Growth {
        case: format!("{}, {}", case.name, case.about),
        few: FEW,
        many: MANY,
        few_per_second: median(&small.rates()),
        many_per_second: median(&large.rates()),
        ratio: median(&ratios),
        target: 0.95,
        few_cpu_us: small.cpu().map(|(each, _)| each),
        many_cpu_us: large.cpu().map(|(each, _)| each),
    };
    Ok((growth, memory))
}

/// A stream of so many records, and a load that reads a few from their middle.
async fn side_of_stream(settings: &Settings, count: u32) -> Result<Side, String> {
    let server = Server::emulator(&settings.program, true)?;
    let half = Data::Records(count / 2);
    fill(&server, &[half], settings.connections).await?;
    let mut connections = connect(server.address(), settings.connections).await?;
    let middle = iterator(&mut connections[0], "LATEST").await?;
    put(&server, half, &mut connections).await?;

    let case = stream::get_few_records();
    let mut template = Template::new(case.call, &case.body.replace(ITERATOR, &middle), 1);
    let answer = connections[0].ask(template.for_key(0, 0)).await?;
    let pattern = Pattern::learn(answer.body, 0, case.varying_after);
    Side::new(server, Load { template, pattern: Arc::new(pattern) }, settings).await
}
