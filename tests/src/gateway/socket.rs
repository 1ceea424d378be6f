//! Bytes on a socket, as no client library would send them.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub const LIST_STREAMS: &str = "POST / HTTP/1.1\r\nhost: localhost\r\nx-amz-target: Kinesis_20131202.ListStreams\r\n\
                                content-type: application/x-amz-json-1.1\r\ncontent-length: 2\r\n\r\n{}";

/// Opens a connection and sends so much of it as the server takes.
pub async fn send(address: SocketAddr, bytes: impl AsRef<[u8]>) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.expect("the server takes connections");
    // A server that refuses stops reading.
    let _ = stream.write_all(bytes.as_ref()).await;
    stream
}

/// What comes until the server closes the connection.
pub async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut answer = Vec::new();
    // A connection that is cut off is at its end, too.
    let _ = stream.read_to_end(&mut answer).await;
    answer
}

/// Sends, says that nothing more will come, and reads what the server says to it.
pub async fn ask(address: SocketAddr, bytes: impl AsRef<[u8]>) -> String {
    let mut stream = send(address, bytes).await;
    let _ = stream.shutdown().await;
    String::from_utf8_lossy(&read_to_end(&mut stream).await).into_owned()
}

/// Sends a request that closes the connection, and reads what the server says to it.
pub async fn exchange(address: SocketAddr, request: impl AsRef<[u8]>) -> String {
    let mut stream = send(address, request).await;
    String::from_utf8_lossy(&read_to_end(&mut stream).await).into_owned()
}

/// The status of an answer, 0 if there is none.
pub fn status(answer: &str) -> u16 {
    answer.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3)?.parse().ok()).unwrap_or(0)
}

/// One request of an ordinary client.
pub async fn is_served(address: SocketAddr) -> bool {
    let mut stream = send(address, LIST_STREAMS).await;
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.is_ok() && &answer == b"HTTP/1.1 200"
}
