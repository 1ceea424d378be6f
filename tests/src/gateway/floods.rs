//! HTTP/2 used to make a server work or remember without end: the connection is closed, and others are served.

use std::net::SocketAddr;

use rehearsal_emulator::{Emulator, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::socket::is_served;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = vec![length[1], length[2], length[3], kind, flags];
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// `POST http /` with an authority, in HPACK's static table.
fn request() -> Vec<u8> {
    let mut block = vec![0x83, 0x86, 0x84, 0x01, 9];
    block.extend(b"localhost");
    block
}

fn streams(count: u32) -> impl Iterator<Item = u32> {
    (0..count).map(|number| 2 * number + 1)
}

/// Sends a preface and the flood until the server has had enough, and returns the error it names in its GOAWAY.
async fn flood(address: SocketAddr, frames: Vec<u8>) -> Option<u32> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (mut from, mut to) = stream.into_split();
    let sending = tokio::spawn(async move {
        // It fails when the server has closed the connection, which is what it is to do.
        let _ = to.write_all(PREFACE).await;
        let _ = to.write_all(&frame(SETTINGS, 0, 0, &[])).await;
        let _ = to.write_all(&frames).await;
        to
    });
    let mut goaway = None;
    let mut head = [0; 9];
    while from.read_exact(&mut head).await.is_ok() {
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        if from.read_exact(&mut payload).await.is_err() {
            break;
        }
        if head[3] == GOAWAY {
            goaway = Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
            break;
        }
    }
    drop(from);
    sending.abort();
    goaway
}

#[tokio::test]
async fn floods_end_with_the_connection_and_others_are_served() {
    const ENHANCE_YOUR_CALM: u32 = 0xb;
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    let asked_and_taken_back: Vec<u8> = streams(20_000)
        .flat_map(|stream| {
            let mut both = frame(HEADERS, END_HEADERS, stream, &request());
            both.extend(frame(RST_STREAM, 0, stream, &8_u32.to_be_bytes()));
            both
        })
        .collect();
    // One field of 4 KB goes into the table, and then costs a byte each time it is named.
    let mut bomb = request();
    bomb.extend([0x40, 1, b'x', 0x7f, 0xa1, 0x1e]);
    bomb.extend(vec![b'y'; 4000]);
    bomb.extend(vec![0xbe; 12_000]);
    let without_end: Vec<u8> = std::iter::once(frame(HEADERS, 0, 1, &request()))
        .chain((0..20_000).map(|_| frame(CONTINUATION, 0, 1, &[0x40, 1, b'x', 1, b'y'])))
        .flatten()
        .collect();
    let nothing: Vec<u8> = std::iter::once(frame(HEADERS, END_HEADERS, 1, &request()))
        .chain((0..200_000).map(|_| frame(DATA, 0, 1, &[])))
        .flatten()
        .collect();
    for (what, frames, error) in [
        ("requests that are taken back", asked_and_taken_back, Some(ENHANCE_YOUR_CALM)),
        ("headers without end", without_end, Some(ENHANCE_YOUR_CALM)),
        ("data without bytes", nothing, Some(ENHANCE_YOUR_CALM)),
    ] {
        assert_eq!(flood(server.address(), frames).await, error, "{what}");
        assert!(is_served(server.address()).await, "{what}");
    }
    for event in emulator.timeline().events() {
        assert!(!matches!(event.outcome, Outcome::Panic { .. }), "{event:?}");
    }
}

/// The answer to the headers of one stream: its frame's kind and first byte.
async fn answer_to(address: SocketAddr, frames: Vec<u8>) -> Option<(u8, u8)> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(PREFACE).await.unwrap();
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
    let _ = stream.write_all(&frames).await;
    let mut head = [0; 9];
    loop {
        stream.read_exact(&mut head).await.ok()?;
        let mut payload = vec![0; usize::from(head[1]) << 8 | usize::from(head[2])];
        stream.read_exact(&mut payload).await.ok()?;
        if matches!(head[3], HEADERS | RST_STREAM | GOAWAY) {
            return Some((head[3], payload.first().copied().unwrap_or(0)));
        }
    }
}

#[tokio::test]
async fn headers_that_unpack_to_megabytes_are_refused() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    // One field of 4 KB goes into the table, and then costs a byte each time it is named.
    let mut bomb = request();
    bomb.extend([0x40, 1, b'x', 0x7f, 0xa1, 0x1e]);
    bomb.extend(vec![b'y'; 4000]);
    bomb.extend(vec![0xbe; 12_000]);
    let refused = answer_to(server.address(), frame(HEADERS, END_HEADERS | END_STREAM, 1, &bomb)).await;
    assert!(refused.is_none_or(|(kind, _)| matches!(kind, HEADERS | RST_STREAM | GOAWAY)), "{refused:?}");
    assert_eq!(emulator.timeline().to_string(), "", "it never was a request");
    assert!(is_served(server.address()).await);
}

#[tokio::test]
async fn pings_and_settings_without_end_stop_nobody_else() {
    let emulator = Emulator::start().await;
    let server = emulator.serve_anywhere().await.unwrap();
    for frames in [frame(PING, 0, 0, &[7; 8]).repeat(200_000), frame(SETTINGS, 0, 0, &[]).repeat(200_000)] {
        let address = server.address();
        // Reads nothing: what the server would answer has nowhere to go, and it stops reading.
        let flooding = tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            let _ = stream.write_all(PREFACE).await;
            let _ = stream.write_all(&frame(SETTINGS, 0, 0, &[])).await;
            let _ = stream.write_all(&frames).await;
            stream
        });
        for _ in 0..20 {
            assert!(is_served(server.address()).await);
        }
        flooding.abort();
    }
}
