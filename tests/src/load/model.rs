//! The scripted model under load: whole answers, and many streams at once.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::case::Case;
use super::measure::{Settings, now};
use super::prepare::{first_answer, load_script};
use super::process::Server;
use super::report::Figure;
use super::request::{Call, Template};

const CONVERSE: &str = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse";
const CONVERSE_STREAM: &str = "/model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream";
const ASKED: &str = r#"{"messages":[{"role":"user","content":[{"text":"Where is order {key}?"}]}],"system":[{"text":"You are an agent that answers questions about orders."}]}"#;
const SAID: &str =
    "- {when: {last_user: {contains: order}}, replies: [text: It was sent on Monday and arrives on Wednesday.]}";

pub fn converse() -> Case {
    Case {
        name: "Converse",
        about: "a question and an answer of a line each",
        call: Call::bedrock(CONVERSE),
        body: ASKED.to_owned(),
        target: 0.50,
        data: &[],
        script: Some(SAID),
        keys: 1_000,
        must_contain: &["It was sent on Monday"],
        varying_after: &[],
        grows: false,
    }
}

/// How many streams are open at once.
const STREAMS: usize = 1_000;
const TOKENS_PER_SECOND: u32 = 50;
/// A word of four letters with its blank is a token.
const TOKENS: usize = 500;
/// The streams begin over this time, each at a moment of its own: callers come neither at once nor in step.
const ARRIVALS: Duration = Duration::from_secs(2);
/// Its multiples, without what is before the point, are spread evenly and never in step.
const GOLDEN: f64 = 0.618_033_988_75;

/// How far from its time a token leaves, and what a stream costs in memory.
pub async fn streams(settings: &Settings) -> Result<Vec<Figure>, String> {
    let server = Server::emulator_on_all_cores(&settings.program)?;
    let text = "abc ".repeat(TOKENS);
    let script = format!("- replies: [{{text: '{}', tokens_per_second: {TOKENS_PER_SECOND}}}]", text.trim_end());
    load_script(&server, &script).await?;
    first_answer(&server).await?;
    let idle = server.resident_bytes().unwrap_or_default();
    let mut open = Vec::new();
    for index in 0..STREAMS {
        let (address, delay) = (server.address(), ARRIVALS.mul_f64((index as f64 * GOLDEN).fract()));
        open.push(tokio::spawn(async move {
            pause(delay).await;
            listen(address, index).await
        }));
    }
    pause(ARRIVALS).await;
    // All are open now, and none has come to its end.
    let busy = server.resident_bytes().unwrap_or_default();
    let mut errors = Vec::new();
    for stream in open {
        errors.extend(stream.await.map_err(|error| error.to_string())??);
    }
    errors.sort_by(f64::total_cmp);
    let percentile = |percent: usize| errors.get(errors.len() * percent / 100).copied().unwrap_or(f64::INFINITY) * 1e3;
    let (p50, p90, p99) = (percentile(50), percentile(90), percentile(99));
    let paced = format!(
        "{STREAMS} ConverseStreams at once, {TOKENS_PER_SECOND} tokens/s, served on all cores: how much later than its \
         time a token comes, p99 (p50 {p50:.2} ms, p90 {p90:.2} ms)"
    );
    let weighed = format!("{STREAMS} ConverseStreams at once, {TOKENS} tokens each: resident bytes a stream");
    Ok(vec![
        Figure { name: "streams", about: paced, value: p99, unit: "ms", target: 5.0 },
        Figure {
            name: "memory of a stream",
            about: weighed,
            value: busy.saturating_sub(idle) as f64 / STREAMS as f64 / 1e3,
            unit: "kB",
            target: 100.0,
        },
    ])
}

/// Listens to one stream to its end. For each token, how much later it came than its time, in seconds.
///
/// The times are counted from the token that came earliest of all against its place: counted from the first, a first
/// that is late itself would make all others look early.
async fn listen(address: std::net::SocketAddr, index: usize) -> Result<Vec<f64>, String> {
    let failed = |error: std::io::Error| format!("a stream broke: {error}");
    let mut stream = TcpStream::connect(address).await.map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    let mut template = Template::new(Call::bedrock(CONVERSE_STREAM), ASKED, STREAMS as u32);
    stream.write_all(template.for_key(index as u32, index as u64)).await.map_err(failed)?;
    let mut buffer = vec![0; 16 << 10];
    let (began, mut offsets) = (now(), Vec::with_capacity(TOKENS));
    let mut tail: Vec<u8> = Vec::new();
    loop {
        let read = stream.read(&mut buffer).await.map_err(failed)?;
        let arrived = now();
        tail.extend_from_slice(&buffer[..read]);
        while let Some(at) = find(&tail, b"contentBlockDelta") {
            tail.drain(..at + b"contentBlockDelta".len());
            let place = Duration::from_secs(1) / TOKENS_PER_SECOND * offsets.len() as u32;
            offsets.push(arrived.duration_since(began).as_secs_f64() - place.as_secs_f64());
        }
        if find(&tail, b"messageStop").is_some() || read == 0 {
            break;
        }
    }
    if offsets.len() != TOKENS {
        return Err(format!("a stream had {} of {TOKENS} tokens", offsets.len()));
    }
    let earliest = offsets.iter().copied().fold(f64::INFINITY, f64::min);
    Ok(offsets.into_iter().map(|offset| offset - earliest).collect())
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}

#[allow(clippy::disallowed_methods, reason = "a benchmark lives in real time")]
async fn pause(span: Duration) {
    tokio::time::sleep(span).await;
}
