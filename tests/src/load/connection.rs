//! One keep-alive connection of the load: writes prepared bytes, and reads just enough of the answer.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

pub struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, still in the connection's buffer.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl Connection {
    pub async fn open(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, buffer: vec![0; 64 << 10] })
    }

    /// Sends one request and reads its answer to the end.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Answer<'_>, String> {
        self.stream.write_all(request).await.map_err(|error| format!("cannot send: {error}"))?;
        let mut filled = 0;
        let mut head: Option<Head> = None;
        loop {
            if filled == self.buffer.len() {
                self.buffer.resize(filled * 2, 0);
            }
            let read = self.stream.read(&mut self.buffer[filled..]).await;
            match read.map_err(|error| format!("cannot read: {error}"))? {
                0 => return Err("the server closed the connection before its answer was whole".to_owned()),
                read => filled += read,
            }
            if head.is_none() {
                head = Head::read(&self.buffer[..filled])?;
            }
            let Some(head) = &head else { continue };
            let end = head.bytes + head.body_bytes;
            if filled > end {
                return Err("the answer is longer than its content-length".to_owned());
            }
            if filled == end {
                return Ok(Answer { status: head.status, body: &self.buffer[head.bytes..end] });
            }
        }
    }
}

/// What is needed of an answer's head.
struct Head {
    status: u16,
    bytes: usize,
    body_bytes: usize,
}

impl Head {
    /// Reads a head if it is there to its end.
    fn read(bytes: &[u8]) -> Result<Option<Self>, String> {
        const LENGTH: &[u8] = b"content-length: ";
        let mut line_start = 0;
        let mut body_bytes = None;
        while let Some(length) = bytes[line_start..].iter().position(|byte| *byte == b'\n') {
            let line = bytes[line_start..line_start + length].trim_ascii_end();
            line_start += length + 1;
            if line.is_empty() {
                let status = bytes.get(9..12).and_then(number).ok_or("no HTTP status")?;
                let body_bytes = body_bytes.ok_or("an answer without content-length")?;
                let status = u16::try_from(status).map_err(|_| "no HTTP status")?;
                return Ok(Some(Self { status, bytes: line_start, body_bytes }));
            }
            if line.len() > LENGTH.len() && line[..LENGTH.len()].eq_ignore_ascii_case(LENGTH) {
                body_bytes = number(&line[LENGTH.len()..]);
            }
        }
        Ok(None)
    }
}

fn number(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
