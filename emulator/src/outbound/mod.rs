//! Calls to the world outside: an HTTP request that leaves this process, and what comes back.
//!
//! A call blocks its thread and takes real time, whatever the emulator's clock does meanwhile: it is for a delivery's
//! errand (`kernel/delivery.rs`), which runs where it may block. TLS comes with the crate's feature `https`.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::Uri;
use http_body_util::{BodyExt, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// What is read of an answer; longer ones are cut short.
const ANSWER_BYTES_MAX: usize = 1 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Bytes,
}

/// Why there was no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// None in time.
    Timeout(Duration),
    /// Nobody there, or somebody who hung up.
    Unreachable(String),
    /// It cannot be sent at all, however often it is tried.
    Unsendable(String),
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Timeout(after) => write!(f, "no answer within {} ms", after.as_millis()),
            Self::Unreachable(reason) | Self::Unsendable(reason) => f.write_str(reason),
        }
    }
}

/// Sends a request and reads the answer whole. Blocks, for `timeout` at most; not to be called from async code.
pub fn send(request: &Request, timeout: Duration) -> Result<Response, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    // A runtime of its own: the world's may be paused, and this one's time must be real.
    let runtime = runtime.map_err(|error| Failure::Unreachable(error.to_string()))?;
    let request = assemble(request)?;
    runtime.block_on(async {
        let answered = tokio::time::timeout(timeout, exchange(request)).await;
        answered.unwrap_or(Err(Failure::Timeout(timeout)))
    })
}

fn assemble(request: &Request) -> Result<http::Request<Full<Bytes>>, Failure> {
    let unsendable = |error: &dyn fmt::Display| Failure::Unsendable(format!("`{}`: {error}", request.url));
    let uri: Uri = request.url.parse().map_err(|error: http::uri::InvalidUri| unsendable(&error))?;
    if uri.host().is_none() {
        return Err(unsendable(&"no absolute URL"));
    }
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(uri);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::new(request.body.clone())).map_err(|error| unsendable(&error))
}

async fn exchange(request: http::Request<Full<Bytes>>) -> Result<Response, Failure> {
    let answer = transmit(request).await?;
    let (parts, body) = answer.into_parts();
    let read = Limited::new(body, ANSWER_BYTES_MAX).collect().await;
    let headers = parts.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
    Ok(Response {
        status: parts.status.as_u16(),
        headers: headers.collect(),
        // The status has said what became of the request; a body that breaks off changes nothing of that.
        body: read.map(|body| body.to_bytes()).unwrap_or_default(),
    })
}

#[cfg(feature = "https")]
async fn transmit(request: http::Request<Full<Bytes>>) -> Result<http::Response<hyper::body::Incoming>, Failure> {
    let provider = hyper_rustls::HttpsConnectorBuilder::new().with_webpki_roots();
    let connector = provider.https_or_http().enable_http1().wrap_connector(plain_connector());
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(connector);
    client.request(request).await.map_err(|error| unreachable(&error))
}

#[cfg(not(feature = "https"))]
async fn transmit(request: http::Request<Full<Bytes>>) -> Result<http::Response<hyper::body::Incoming>, Failure> {
    if request.uri().scheme_str() == Some("https") {
        let message = format!("`{}`: this build speaks no TLS; it needs the feature `https`", request.uri());
        return Err(Failure::Unsendable(message));
    }
    let client: Client<_, Full<Bytes>> = Client::builder(TokioExecutor::new()).build(plain_connector());
    client.request(request).await.map_err(|error| unreachable(&error))
}

fn plain_connector() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector
}

/// The error and what caused it: the outermost one only says that something went wrong.
fn unreachable(error: &dyn std::error::Error) -> Failure {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message = format!("{message}: {inner}");
        cause = inner.source();
    }
    Failure::Unreachable(message)
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::*;

    fn get(url: String) -> Request {
        Request { method: "GET".to_owned(), url, headers: Vec::new(), body: Bytes::new() }
    }

    #[test]
    fn an_answer_is_read_whole() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/a?b=c", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut read = [0; 1024];
            let count = socket.read(&mut read).unwrap();
            socket.write_all(b"HTTP/1.1 429 Slow\r\nRetry-After: 7\r\ncontent-length: 4\r\n\r\nlate").unwrap();
            String::from_utf8_lossy(&read[..count]).into_owned()
        });
        let answer = send(&get(url), Duration::from_secs(5)).unwrap();
        assert!(server.join().unwrap().starts_with("GET /a?b=c HTTP/1.1\r\n"));
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("7")));
        assert_eq!(answer.body, "late");
    }

    #[test]
    fn a_server_that_is_silent_is_given_up_in_time() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let patience = Duration::from_millis(20);
        assert_eq!(send(&get(url), patience), Err(Failure::Timeout(patience)));
    }

    #[test]
    fn what_cannot_be_sent_is_told_from_what_nobody_took() {
        let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nobody = send(&get(format!("http://{free}/")), Duration::from_secs(5));
        assert!(matches!(nobody, Err(Failure::Unreachable(_))), "{nobody:?}");
        for url in ["", "/path", "http://a b/", "example.com"] {
            let refused = send(&get(url.to_owned()), Duration::from_secs(5));
            assert!(!matches!(refused, Ok(_) | Err(Failure::Timeout(_))), "{url}: {refused:?}");
        }
    }
}
