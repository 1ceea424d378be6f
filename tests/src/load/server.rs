//! The two servers that are compared, each run by this program as a process of its own, on one thread.

use std::convert::Infallible;
use std::io::Write;
use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rehearsal_emulator::Emulator;
use tokio::net::TcpListener;

/// Any free port of the loopback interface.
const ANYWHERE: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

/// Serves the emulator until it is killed.
pub async fn emulator(timeline_events: Option<usize>) -> Result<(), String> {
    let builder = Emulator::builder();
    let builder = timeline_events.into_iter().fold(builder, |builder, count| builder.timeline_events(count));
    let emulator = builder.start().await;
    let server = emulator.serve(ANYWHERE).await.map_err(|error| format!("cannot listen: {error}"))?;
    tell(server.address());
    std::future::pending().await
}

/// The floor: hyper and nothing else. Reads each request whole and answers so many bytes, until it is killed.
pub async fn floor(answer_bytes: usize) -> Result<(), String> {
    let listener = TcpListener::bind(ANYWHERE).await.map_err(|error| format!("cannot listen: {error}"))?;
    tell(listener.local_addr().map_err(|error| error.to_string())?);
    let answer = Bytes::from(floor_body(answer_bytes));
    loop {
        let (stream, _) = listener.accept().await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let answer = answer.clone();
        let service = service_fn(move |request| constant(request, answer.clone()));
        tokio::spawn(async move {
            // A client that leaves is no failure.
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// What the floor answers.
pub fn floor_body(bytes: usize) -> Vec<u8> {
    vec![b'x'; bytes]
}

async fn constant(request: Request<Incoming>, answer: Bytes) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut body = request.into_body();
    while let Some(Ok(_)) = body.frame().await {}
    Ok(Response::new(Full::new(answer)))
}

/// Tells whoever started this process where it listens.
fn tell(address: SocketAddr) {
    println!("listening at http://{address}");
    // Whoever started this process and left will kill it.
    let _ = std::io::stdout().flush();
}
