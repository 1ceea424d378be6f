//! The gateway behind a socket: HTTP/1.1 and HTTP/2 with prior knowledge, on one port.
//!
//! What a client may take of it is bounded by [`Limits`]; the bounds are kept here, so that in process there are none.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use http::header::{CONNECTION, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use super::allowance::Allowance;
use super::limits::Limits;
use super::pace::{Paced, Stream, pause};
use super::room::{Desk, Guest, Room};
use super::wait::Stopping;
use super::{Body, Dropped, Gateway};

/// How long open requests may take to end once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Answers up to here are not counted: a connection has few of them.
const SMALL_ANSWER_BYTES: usize = 16 << 10;

/// A listening gateway. Stops when dropped.
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Listens at `address` (port 0 picks a free one) and serves in the background.
    pub async fn bind(
        gateway: Gateway,
        address: impl tokio::net::ToSocketAddrs,
        limits: Limits,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(accept(listener, gateway, limits, async {
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

/// What the connections of a server share.
struct Serving {
    gateway: Gateway,
    limits: Limits,
    http: auto::Builder<TokioExecutor>,
    room: Arc<Room>,
    unsent: Allowance,
    /// Whoever watches it learns that the server stops when the other end of it is dropped.
    stopping: watch::Receiver<()>,
    turned_away: AtomicU64,
}

async fn accept(listener: TcpListener, gateway: Gateway, limits: Limits, stopped: impl Future<Output = ()>) {
    let connections = GracefulShutdown::new();
    let (running, stopping) = watch::channel(());
    let room = Room::new(limits.connections, limits.requests);
    let unsent = Allowance::of(limits.unsent_bytes);
    let (http, turned_away) = (http(&limits), AtomicU64::new(0));
    let serving = Arc::new(Serving { gateway, limits, http, room, unsent, stopping, turned_away });
    let mut stopped = std::pin::pin!(stopped);
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => serve(stream, &serving, &connections),
                // Out of file descriptors, most likely: somebody who does nothing makes room.
                Err(error) => {
                    serving.tell_turned_away(&error.to_string());
                    serving.room.make_room();
                    pause(Duration::from_millis(10)).await;
                }
            },
            () = &mut stopped => break,
        }
    }
    drop((listener, running));
    tokio::select! {
        () = connections.shutdown() => {}
        () = pause(GRACE) => eprintln!("some requests were still open after {} s and were cut off", GRACE.as_secs()),
    }
}

/// How HTTP is spoken within the limits.
fn http(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // hyper panics below 8 KiB.
    let head_bytes = limits.head_bytes.max(8 << 10);
    builder.http1().timer(TokioTimer::new()).header_read_timeout(limits.head_time).max_buf_size(head_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits.streams)
        .max_header_list_size(u32::try_from(head_bytes).unwrap_or(u32::MAX))
        // Who asks and takes it back at once, again and again, is cut off.
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(1024)
        // Who has left without a word is noticed.
        .keep_alive_interval(limits.head_time);
    builder
}

fn serve(stream: TcpStream, serving: &Arc<Serving>, connections: &GracefulShutdown) {
    // Answers are small: waiting to fill a packet only delays them. A socket
    // that refuses the option still works.
    let _ = stream.set_nodelay(true);
    let Some(guest) = serving.room.enter() else {
        let max = serving.limits.connections;
        serving.tell_turned_away(&format!("{max} connections are open, and every one is being answered"));
        // As much as the socket takes at once; whoever it is for may be gone.
        let _ = stream.try_write(b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
        return;
    };
    let (shared, desk) = (Arc::clone(serving), guest.desk());
    let service = service_fn(move |request: Request<Incoming>| {
        let (serving, desk) = (Arc::clone(&shared), desk.clone());
        async move { serving.answer(&desk, request).await }
    });
    let connection = serving.http.serve_connection(Stream::new(stream, &serving.limits), service).into_owned();
    let connection = connections.watch(connection);
    let (seat, head_time) = (guest.seat(), serving.limits.head_time);
    let task = tokio::spawn(async move {
        // A broken connection is the client's business, or a fault's.
        until_over_or_silent(connection, &guest, head_time).await;
    });
    seat.is_left_by(task.abort_handle());
}

/// Ends with the connection; or if no request begins on a new one: before that, hyper waits for ever to learn which
/// HTTP it is.
async fn until_over_or_silent(connection: impl Future, guest: &Guest, head_time: Duration) {
    let (mut connection, mut silence) = (pin!(connection), pin!(pause(head_time)));
    poll_fn(|cx| {
        if connection.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        if guest.has_asked() {
            return Poll::Pending;
        }
        silence.as_mut().poll(cx)
    })
    .await;
}

impl Serving {
    /// An error here makes hyper break the connection (HTTP/1.1) or reset the stream (HTTP/2).
    async fn answer(&self, desk: &Desk, request: Request<Incoming>) -> Result<Response<Body>, BrokenConnection> {
        let Some(under_way) = desk.take() else { return Ok(overloaded()) };
        let mut stopping = self.stopping.clone();
        let mut request = request.map(|body| Paced::new(body, &self.limits));
        request.extensions_mut().insert(Stopping(stopping.clone()));
        let response = self.gateway.handle(request).await.map_err(|Dropped| BrokenConnection)?;
        let stopped = async move {
            // Nothing is ever sent: an error is the news.
            let _ = stopping.changed().await;
        };
        Ok(self.hold(response.map(|body| body.until(stopped).keeping(under_way))))
    }

    /// Counts a large answer until the client has taken it.
    fn hold(&self, response: Response<Body>) -> Response<Body> {
        let (parts, body) = response.into_parts();
        match body {
            Body::Whole(bytes) if bytes.len() > SMALL_ANSWER_BYTES => match self.unsent.hold(bytes.len()) {
                Some(held) => Response::from_parts(parts, Body::Whole(held.around(bytes))),
                None => overloaded(),
            },
            body => Response::from_parts(parts, body),
        }
    }

    /// Says that a client was turned away, the first time and then ever more rarely: a flood fills no log.
    fn tell_turned_away(&self, why: &str) {
        let count = self.turned_away.fetch_add(1, Ordering::Relaxed) + 1;
        if count.is_power_of_two() {
            eprintln!("a connection was turned away ({count} so far): {why}");
        }
    }
}

/// What SDKs take for a reason to try again.
fn overloaded() -> Response<Body> {
    let mut response = Response::new(Body::Whole(bytes::Bytes::new()));
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
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
