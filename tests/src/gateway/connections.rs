//! HTTP/1.1 and HTTP/2 on one port, keep-alive, and a graceful end.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, Version};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use rehearsal_emulator::{Emulator, on};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

fn list_streams(url: &str, body: &'static [u8]) -> Request<Full<Bytes>> {
    let request = Request::post(format!("{url}/")).header("x-amz-target", "Kinesis_20131202.ListStreams");
    request.body(Full::new(Bytes::from_static(body))).unwrap()
}

#[tokio::test]
async fn one_port_speaks_http_1_and_http_2_with_prior_knowledge() {
    let server = Emulator::start().await.serve_anywhere().await.unwrap();
    let one = Client::builder(TokioExecutor::new()).build_http();
    let two = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    for (client, version) in [(one, Version::HTTP_11), (two, Version::HTTP_2)] {
        let response = client.request(list_streams(&server.url(), b"{}")).await.unwrap();
        assert_eq!((response.status().as_u16(), response.version()), (200, version));
        assert!(response.headers().contains_key("date"), "SDKs set their clocks by it");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        assert!(body.starts_with(b"{\"StreamNames\":[]"), "{body:?}");
    }
}

#[tokio::test]
async fn a_connection_is_kept_and_an_early_error_does_not_spoil_it() {
    let server = Emulator::start().await.serve_anywhere().await.unwrap();
    let mut stream = TcpStream::connect(server.address()).await.unwrap();
    for (target, expected) in [("Nobody.Knows", "HTTP/1.1 400"), ("Kinesis_20131202.ListStreams", "HTTP/1.1 200")] {
        let body = "{}".to_owned() + &" ".repeat(100_000);
        let head =
            format!("POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: {target}\r\ncontent-length: {}\r\n\r\n", body.len());
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(body.as_bytes()).await.unwrap();
        let mut answer = vec![0; 4096];
        let read = stream.read(&mut answer).await.unwrap();
        assert!(String::from_utf8_lossy(&answer[..read]).starts_with(expected), "{target}");
    }
}

#[tokio::test]
async fn a_stopping_server_lets_open_requests_end() {
    let emulator = Emulator::start().await;
    let _slow = emulator.fault(on("kinesis", "ListStreams").delay(Duration::from_millis(50)));
    let server = emulator.serve_anywhere().await.unwrap();
    let client = Client::builder(TokioExecutor::new()).build_http();
    let open = tokio::spawn(client.request(list_streams(&server.url(), b"{}")));
    while emulator.timeline().events().is_empty() {
        tokio::task::yield_now().await;
    }
    let address = server.address();
    server.stop().await;
    assert_eq!(open.await.unwrap().unwrap().status(), 200);
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn half_a_body_is_never_run() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    for rest in ["content-length: 20\r\n\r\n{}", "transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"] {
        let mut stream = TcpStream::connect(server.address()).await.unwrap();
        let head = "POST / HTTP/1.1\r\nhost: x\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n";
        stream.write_all(format!("{head}{rest}").as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(!answer.contains("StreamNames"), "{answer}");
        assert_eq!(emulator.timeline().to_string(), "");
    }
}
