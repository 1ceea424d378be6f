//! Connections that do nothing: what each costs, and what others notice of them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::case::{Case, get_item};
use super::connection::Connection;
use super::drive::connect;
use super::machine::Machine;
use super::measure::{median, now};
use super::prepare::fill;
use super::process::{Program, Server, open_many_files};
use super::request::Template;

/// What a connection may cost that has asked nothing, and one that has asked.
const SILENT_BYTES_MAX: f64 = 16_384.0;
const ASKED_BYTES_MAX: f64 = 49_152.0;
/// Files that a process has open besides its connections.
const OTHER_FILES: u64 = 100;
/// Requests of the one who is served beside them.
const REQUESTS: u32 = 500;

/// Opens so many connections, lets them be silent, then has each ask once.
pub async fn run(connections: usize, program: &Program) -> Result<(), String> {
    let files = open_many_files().ok_or("cannot read how many files may be open")?;
    if connections as u64 + OTHER_FILES > files {
        return Err(format!("{connections} connections need more open files than {files}: see `ulimit -Hn`"));
    }
    let server = Server::emulator(program, false)?;
    let case = get_item();
    fill(&server, case.data, 4).await?;
    let mut client = connect(server.address(), 1).await?.remove(0);
    let alone = latency_us(&mut client, &case).await?;
    let before = resident(&server)?;

    let mut idle = Vec::with_capacity(connections);
    for _ in 0..connections {
        idle.push(TcpStream::connect(server.address()).await.map_err(|error| format!("cannot connect: {error}"))?);
    }
    let beside_silent = latency_us(&mut client, &case).await?;
    let silent = per(resident(&server)?, before, connections);
    let mut template = Template::new(case.call, &case.body, case.keys);
    for stream in &mut idle {
        ask(stream, template.for_key(7, 0)).await?;
    }
    let beside_asked = latency_us(&mut client, &case).await?;
    let asked = per(resident(&server)?, before, connections);

    println!("{}", Machine::own());
    println!("{connections} connections, each silent: {silent:.0} B each; each having asked once: {asked:.0} B");
    println!("GetItem, median: {alone:.0} us alone, {beside_silent:.0} us and {beside_asked:.0} us beside them");
    if silent > SILENT_BYTES_MAX || asked > ASKED_BYTES_MAX {
        return Err(format!("more than {SILENT_BYTES_MAX} B and {ASKED_BYTES_MAX} B"));
    }
    Ok(())
}

async fn latency_us(client: &mut Connection, case: &Case) -> Result<f64, String> {
    let mut template = Template::new(case.call, &case.body, case.keys);
    let mut latencies = Vec::new();
    for key in 0..REQUESTS {
        let asked = now();
        let answer = client.ask(template.for_key(key % case.keys, u64::from(key))).await?;
        if answer.status != 200 {
            return Err(format!("GetItem answered {}", answer.status));
        }
        latencies.push(asked.elapsed().as_secs_f64() * 1e6);
    }
    Ok(median(&latencies))
}

async fn ask(stream: &mut TcpStream, request: &[u8]) -> Result<(), String> {
    let mut answer = [0; 12];
    let told = |error: std::io::Error| format!("an idle connection was closed: {error}");
    stream.write_all(request).await.map_err(told)?;
    stream.read_exact(&mut answer).await.map_err(told)?;
    if &answer == b"HTTP/1.1 200" { Ok(()) } else { Err("an idle connection was not served".to_owned()) }
}

fn resident(server: &Server) -> Result<u64, String> {
    server.resident_bytes().ok_or_else(|| "cannot read the memory of the server".to_owned())
}

fn per(after: u64, before: u64, connections: usize) -> f64 {
    after.saturating_sub(before) as f64 / connections as f64
}
