//! What comes before the load: tables, items, and a first answer to learn from.

use std::sync::Arc;
use std::time::Duration;

use super::case::{Case, Data};
use super::connection::Connection;
use super::drive::{Load, Until, connect, drive};
use super::pattern::Pattern;
use super::process::Server;
use super::request::{Call, Template};

/// A case that can be put under load.
pub struct Ready {
    pub load: Load,
    pub answer_bytes: usize,
}

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

/// Makes tables and items.
pub async fn fill(server: &Server, data: &[Data], connections: usize) -> Result<(), String> {
    let mut all = connect(server.address(), connections).await?;
    for data in data {
        let (call, body) = data.create_table();
        expect(&mut all[0], call, &body, "\"TableStatus\"").await?;
        let (call, body) = data.describe_table();
        while expect(&mut all[0], call, &body, "\"TableStatus\":\"ACTIVE\"").await.is_err() {
            pause(Duration::from_millis(20)).await;
        }
        let (bodies, keys) = data.puts();
        for body in bodies {
            let template = Template::new(Call::dynamodb("DynamoDB_20120810.PutItem"), &body, keys);
            let load = Load { template, pattern: Arc::new(Pattern::constant(b"{}".to_vec())) };
            drive(server, &mut all, &load, Until::EachKeyOnce).await?;
        }
    }
    Ok(())
}

/// Asks once, checks that the answer is what it must be, and learns how every other must look.
pub async fn ready(server: &Server, case: &Case, keys: u32) -> Result<Ready, NotReady> {
    const KEY: u32 = 7;
    let mut connection = connect(server.address(), 1).await?.remove(0);
    let mut template = Template::new(case.call, &case.body, keys);
    let answer = connection.ask(template.for_key(KEY, 0)).await?;
    if answer.status == 501 {
        return Err(NotReady::NotImplemented);
    }
    let body = String::from_utf8_lossy(answer.body).into_owned();
    let missing = case.must_contain.iter().find(|part| !body.contains(**part));
    if answer.status != 200 || missing.is_some() {
        let missing = missing.map(|part| format!(" without `{part}`")).unwrap_or_default();
        return Err(NotReady::Failed(format!("{} answered {}{missing}: {body}", case.name, answer.status)));
    }
    let pattern = Arc::new(Pattern::learn(answer.body, KEY, case.counter_after));
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

/// Asks for one answer of any kind: the server is there.
pub async fn first_answer(server: &Server) -> Result<(), String> {
    let mut connection = connect(server.address(), 1).await?.remove(0);
    expect(&mut connection, Call::dynamodb("DynamoDB_20120810.ListTables"), "{}", "TableNames").await
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
