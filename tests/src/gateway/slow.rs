//! Clients that say nothing, or little, or read nothing: each meets a bound, and the others are served meanwhile.

use std::time::Duration;

use rehearsal_emulator::{Emulator, Limits, on};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::socket::{LIST_STREAMS, ask, exchange, is_served, read_to_end, send, status};

const ANYWHERE: (&str, u16) = ("127.0.0.1", 0);

/// Bounds that a test can wait for.
fn short() -> Limits {
    let soon = Duration::from_millis(50);
    Limits { head_time: soon, body_time: soon, stalled_time: soon, ..Limits::default() }
}

#[tokio::test]
async fn who_does_not_say_what_it_wants_is_let_go() {
    let server = Emulator::start().await.serve_within(ANYWHERE, short()).await.unwrap();
    for words in [
        "",
        "P",
        "PRI * HTTP/2.0\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "POST / HTTP/1.1\r\n",
        "POST / HTTP/1.1\r\nhost: localhost\r\nx-am",
    ] {
        let mut slow = send(server.address(), words).await;
        assert!(is_served(server.address()).await, "{words:?}");
        let last = String::from_utf8_lossy(&read_to_end(&mut slow).await).into_owned();
        assert!(!last.starts_with("HTTP/1.1 2"), "{words:?}: {last}");
    }
}

#[tokio::test]
async fn a_connection_that_was_served_is_let_go_when_nothing_more_comes() {
    let server = Emulator::start().await.serve_within(ANYWHERE, short()).await.unwrap();
    let mut stream = send(server.address(), LIST_STREAMS).await;
    let answer = String::from_utf8_lossy(&read_to_end(&mut stream).await).into_owned();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.matches("HTTP/1.1").count() == 1, "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_is_refused_in_time() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_within(ANYWHERE, short()).await.unwrap();
    let head = "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n";
    for rest in ["content-length: 100\r\n\r\n{", "transfer-encoding: chunked\r\n\r\n1\r\n{\r\n"] {
        let mut slow = send(server.address(), format!("{head}{rest}")).await;
        let answer = String::from_utf8_lossy(&read_to_end(&mut slow).await).into_owned();
        assert_eq!(status(&answer), 408, "{answer}");
        assert!(answer.contains("RequestTimeoutException"), "{answer}");
    }
    assert!(emulator.timeline().to_string().contains("RequestTimeoutException"), "{}", emulator.timeline());
}

#[tokio::test]
async fn who_does_not_read_its_answer_is_cut_off() {
    let emulator = Emulator::start().await;
    let _large = emulator.fault(on("kinesis", "ListStreams").replace("x".repeat(32 << 20)).times(1));
    let server = emulator.serve_within(ANYWHERE, short()).await.unwrap();
    let mut deaf = send(server.address(), LIST_STREAMS).await;
    // It listens only after the server has given up on it: others come and go until then.
    let mut rounds = 0;
    while deaf.write_all(b" ").await.is_ok() {
        assert!(is_served(server.address()).await);
        rounds += 1;
        assert!(rounds < 1_000_000, "the server still waits");
    }
    assert!(read_to_end(&mut deaf).await.len() < 32 << 20, "not all of it was sent");
}

#[tokio::test]
async fn answers_that_nobody_reads_hold_no_more_memory_than_they_may() {
    let emulator = Emulator::start().await;
    let _large = emulator.fault(on("kinesis", "ListStreams").replace("x".repeat(32 << 20)).times(2));
    let limits = Limits { unsent_bytes: 40 << 20, ..Limits::default() };
    let server = emulator.serve_within(ANYWHERE, limits).await.unwrap();
    let mut deaf = send(server.address(), LIST_STREAMS).await;
    let mut first = [0; 12];
    deaf.read_exact(&mut first).await.unwrap();
    let request = LIST_STREAMS.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    let answer = exchange(server.address(), &request).await;
    assert_eq!((&first, status(&answer)), (b"HTTP/1.1 200", 503), "{answer}");
    read_to_end_of(&mut deaf, 32 << 20).await;
    assert!(is_served(server.address()).await);
}

async fn read_to_end_of(stream: &mut TcpStream, bytes: usize) {
    let mut buffer = vec![0; 1 << 20];
    let mut read = 0;
    while read < bytes {
        read += stream.read(&mut buffer).await.expect("the answer goes on");
    }
}

#[tokio::test]
async fn idle_connections_make_room_for_one_that_asks() {
    let limits = Limits { connections: 100, ..Limits::default() };
    let emulator = Emulator::start().await;
    let server = emulator.serve_within(ANYWHERE, limits).await.unwrap();
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(server.address()).await.unwrap());
    }
    for _ in 0..10 {
        assert!(is_served(server.address()).await);
    }
    // Who came first has been let go.
    for stream in &mut idle[..300] {
        assert_eq!(read_to_end(stream).await, b"");
    }
    // Who came last is still there.
    let last = idle.last_mut().unwrap();
    last.write_all(LIST_STREAMS.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    last.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
}

#[tokio::test]
async fn who_is_being_answered_is_not_sent_away() {
    let limits = Limits { connections: 3, ..Limits::default() };
    let emulator = Emulator::start().await;
    let hung = emulator.fault(on("kinesis", "ListStreams").hang().times(3));
    let server = emulator.serve_within(ANYWHERE, limits).await.unwrap();
    let mut busy = Vec::new();
    for _ in 0..3 {
        busy.push(send(server.address(), LIST_STREAMS).await);
    }
    while hung.acted() < 3 {
        tokio::task::yield_now().await;
    }
    assert_eq!(status(&ask(server.address(), LIST_STREAMS).await), 503);
    drop(busy);
    while !is_served(server.address()).await {}
}

#[tokio::test]
async fn requests_beyond_the_bound_are_told_to_come_again() {
    let limits = Limits { requests: 2, ..Limits::default() };
    let emulator = Emulator::start().await;
    let hung = emulator.fault(on("kinesis", "ListStreams").hang().times(2));
    let server = emulator.serve_within(ANYWHERE, limits).await.unwrap();
    let _busy = [send(server.address(), LIST_STREAMS).await, send(server.address(), LIST_STREAMS).await];
    while hung.acted() < 2 {
        tokio::task::yield_now().await;
    }
    let answer = ask(server.address(), LIST_STREAMS).await;
    assert_eq!(status(&answer), 503, "{answer}");
    assert!(answer.contains("retry-after: 1\r\n") && answer.contains("connection: close"), "{answer}");
}
