//! The gateway behind a socket: HTTP/1.1 and HTTP/2 with prior knowledge, on one port.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::wait::Stopping;
use super::{Body, Dropped, Gateway};

/// How long open requests may take to end once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// A listening gateway. Stops when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens at `address` (port 0 picks a free one) and serves in the background.
    pub async fn bind(gateway: Gateway, address: impl tokio::net::ToSocketAddrs) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(listener, gateway, async {
            // An error means that the sender is gone: stop as well.
            let _ = stopped.await;
        }));
        Ok(Self { address, stop: Some(stop), task })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:4566`: what goes into `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes no new connections, lets open requests end (up to a few seconds), then returns.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            // The task may have ended already.
            let _ = stop.send(());
        }
        // The server task ends by itself; a panic in it was printed.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.stop.is_some() {
            self.task.abort();
        }
    }
}

async fn accept(listener: TcpListener, gateway: Gateway, stopped: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    // Whoever watches it learns that the server stops when this end of it is dropped.
    let (serving, stopping) = watch::channel(());
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve(stream, &gateway, &connections, &stopping),
                // Out of file descriptors, most likely: let connections end rather than spin.
                Err(error) => {
                    eprintln!("cannot accept a connection: {error}");
                    pause(Duration::from_millis(100)).await;
                }
            },
            () = &mut stopped => break,
        }
    }
    drop((listener, serving));
    tokio::select! {
        () = connections.shutdown() => {}
        () = pause(GRACE) => eprintln!("some requests were still open after {} s and were cut off", GRACE.as_secs()),
    }
}

#[allow(clippy::disallowed_methods, reason = "sockets live in real time, whatever the emulator's clock shows")]
async fn pause(duration: Duration) {
    tokio::time::sleep(duration).await;
}

fn serve(stream: TcpStream, gateway: &Gateway, connections: &GracefulShutdown, stopping: &watch::Receiver<()>) {
    // Answers are small: waiting to fill a packet only delays them. A socket
    // that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let (gateway, stopping) = (gateway.clone(), stopping.clone());
    let service = service_fn(move |request: Request<Incoming>| {
        let (gateway, stopping) = (gateway.clone(), stopping.clone());
        async move { answer(&gateway, request, stopping).await }
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(30));
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(1000);
    let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        // A broken connection is the client's business, or a fault's.
        let _ = connection.await;
    });
}

/// An error here makes hyper break the connection (HTTP/1.1) or reset the stream (HTTP/2).
async fn answer(
    gateway: &Gateway,
    mut request: Request<Incoming>,
    mut stopping: watch::Receiver<()>,
) -> Result<Response<Body>, BrokenConnection> {
    request.extensions_mut().insert(Stopping(stopping.clone()));
    let response = gateway.handle(request).await.map_err(|Dropped| BrokenConnection)?;
    let stopped = async move {
        // Nothing is ever sent: an error is the news.
        let _ = stopping.changed().await;
    };
    Ok(response.map(|body| body.until(stopped)))
}

#[derive(Debug)]
struct BrokenConnection;

impl std::fmt::Display for BrokenConnection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a fault broke the connection")
    }
}

impl std::error::Error for BrokenConnection {}

impl From<Infallible> for BrokenConnection {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}
