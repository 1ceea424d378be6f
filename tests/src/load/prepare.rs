//! What comes before the load: tables, items, and a first answer to learn from.

use std::sync::Arc;
use std::time::Duration;

use super::case::{Case, Data};
use super::connection::Connection;
use super::drive::{Load, Until, connect, drive};
use super::pattern::Pattern;
use super::process::Server;
use super::request::{Call, Template, bare, post};
use super::stream;

/// A case that can be put under load.
pub struct Ready {
    pub load: Load,
    pub answer_bytes: usize,
}

/// The key that answers are learnt from. Not 0, whose digits stand in shards' ids.
const KEY: u32 = 7;

/// What a body holds where an iterator goes.
pub const ITERATOR: &str = "{iterator}";

/// Why a case is not measured.
pub enum NotReady {
    /// The emulator does not have the operation yet.
    NotImplemented,
    Failed(String),
}

impl From<String> for NotReady {
    fn from(message: String) -> Self {
        Self::Failed(message)
    }
}

/// Makes tables and items, streams and records.
pub async fn fill(server: &Server, data: &[Data], connections: usize) -> Result<(), String> {
    let mut all = connect(server.address(), connections).await?;
    for data in data {
        let (call, body) = data.create();
        expect(&mut all[0], call, &body, "{").await?;
        let (call, body) = data.describe();
        while expect(&mut all[0], call, &body, data.when_active()).await.is_err() {
            pause(Duration::from_millis(20)).await;
        }
        put(server, *data, &mut all).await?;
    }
    Ok(())
}

/// Puts into what is there.
pub async fn put(server: &Server, data: Data, connections: &mut Vec<Connection>) -> Result<(), String> {
    let (call, bodies, keys) = data.puts();
    for body in bodies.iter().filter(|_| keys > 0) {
        let mut template = Template::new(call, body, keys);
        let pattern = match data {
            Data::Records(_) => {
                let answer = connections[0].ask(template.for_key(KEY, 0)).await?;
                Pattern::learn(answer.body, KEY, stream::put_records().varying_after)
            }
            Data::Items(_) | Data::Shelves(_) => Pattern::constant(b"{}".to_vec()),
        };
        drive(server, connections, &Load { template, pattern: Arc::new(pattern) }, Until::EachKeyOnce).await?;
    }
    Ok(())
}

/// An iterator of the stream of records.
pub async fn iterator(connection: &mut Connection, kind: &str) -> Result<String, String> {
    let (call, body) = stream::get_shard_iterator(kind);
    let mut template = Template::new(call, &body, 1);
    let text = String::from_utf8_lossy(connection.ask(template.for_key(0, 0)).await?.body).into_owned();
    let iterator = text.split_once(r#"{"ShardIterator":""#).and_then(|(_, rest)| rest.split_once('"'));
    iterator.map(|(iterator, _)| iterator.to_owned()).ok_or_else(|| format!("no iterator: {text}"))
}

/// Lets the clock pass the retention of streams: what was put is gone.
pub async fn forget_records(connection: &mut Connection) -> Result<(), String> {
    let answer = connection.ask(&post("/_rehearsal/clock/advance", r#"{"by":"25h"}"#)).await?;
    if answer.status == 200 { Ok(()) } else { Err(format!("the clock answered {}", answer.status)) }
}

/// Asks once, checks that the answer is what it must be, and learns how every other must look.
pub async fn ready(server: &Server, case: &Case, keys: u32) -> Result<Ready, NotReady> {
    let key = KEY.min(keys - 1);
    let mut connection = connect(server.address(), 1).await?.remove(0);
    let mut body = case.body.clone();
    if body.contains(ITERATOR) {
        body = body.replace(ITERATOR, &iterator(&mut connection, "TRIM_HORIZON").await?);
    }
    let mut template = Template::new(case.call, &body, keys);
    let answer = connection.ask(template.for_key(key, 0)).await?;
    if answer.status == 501 {
        return Err(NotReady::NotImplemented);
    }
    let body = String::from_utf8_lossy(answer.body).into_owned();
    let missing = case.must_contain.iter().find(|part| !body.contains(**part));
    if answer.status != 200 || missing.is_some() {
        let missing = missing.map(|part| format!(" without `{part}`")).unwrap_or_default();
        return Err(NotReady::Failed(format!("{} answered {}{missing}: {body}", case.name, answer.status)));
    }
    let pattern = Arc::new(Pattern::learn(answer.body, key, case.varying_after));
    Ok(Ready { answer_bytes: answer.body.len(), load: Load { template, pattern } })
}

async fn expect(connection: &mut Connection, call: Call, body: &str, part: &str) -> Result<(), String> {
    let mut template = Template::new(call, body, 1);
    let answer = connection.ask(template.for_key(0, 0)).await?;
    let text = String::from_utf8_lossy(answer.body);
    if answer.status == 200 && text.contains(part) {
        return Ok(());
    }
    Err(format!("{} answered {}: {text}", call.target, answer.status))
}

/// Gives the model its script.
pub async fn load_script(server: &Server, script: &str) -> Result<(), String> {
    let mut connection = connect(server.address(), 1).await?.remove(0);
    let answer = connection.ask(&bare("PUT", "/_rehearsal/script", script)).await?;
    if answer.status == 200 { Ok(()) } else { Err(String::from_utf8_lossy(answer.body).into_owned()) }
}

/// Asks for one answer of any kind: the server is there.
pub async fn first_answer(server: &Server) -> Result<(), String> {
    let mut connection = connect(server.address(), 1).await?.remove(0);
    expect(&mut connection, Call::dynamodb("DynamoDB_20120810.ListTables"), "{}", "TableNames").await
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
