//! How the model fails, on cue.
//!
//! | in a script | what the caller meets |
//! |---|---|
//! | `{error: ThrottlingException, message: ..., status: 429, retry_after: 200ms}` | that error; known names need no status |
//! | `{hang: true}` | silence for ever |
//! | `{hang: 30s}` | silence for 30 s, then the connection breaks |
//! | `{delay: 5s}` | the reply, 5 s later than it would come |
//! | `{reset: true}` | the connection breaks before any answer |
//! | `{html: 502}` | a page of a gateway that knows nothing of Bedrock |
//! | `{end_without_message_stop: true}` | a stream that ends cleanly before `messageStop` |
//! | `{after: {frames: 3}, do: reset}` | three frames of the stream, then that; without `after`, one frame |
//!
//! `do` is one of
//!
//! | `do` | in a stream | in a whole answer |
//! |---|---|---|
//! | `reset` | the connection breaks | half of the body, then that |
//! | `stall` | silence for ever | half of the body, then that |
//! | `end` | a clean end, too early | half of the body, as if it were all |
//! | `half_frame` | half of the next frame, then a clean end | as `end` |
//! | `bad_crc`, `bad_prelude_crc` | the next frame with a wrong checksum, then a clean end | as `end` |
//! | `invalid_json` | the next frame, right but for its JSON, then a clean end | as `end` |
//! | `short_body` | a `Content-Length` that is never reached | half of the body, then that |
//! | `exception:NAME` | that exception as the next frame | that error |

use std::fmt;
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

use super::mistake::{did_you_mean, unknown};
use crate::kernel::duration;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Form")]
pub enum Fault {
    Error(ErrorFault),
    /// Silence; for ever, or until the connection breaks.
    Hang(Option<Duration>),
    Delay(Duration),
    /// The connection breaks, at once or after this long.
    Reset(Duration),
    /// A page of a gateway in front of Bedrock, with this status.
    Html(u16),
    /// The stream ends cleanly, but without `messageStop`. Other operations have no such end and are not changed.
    WithoutMessageStop,
    /// The stream breaks off after this many frames; a whole answer at its half.
    After {
        frames: usize,
        then: Break,
    },
}

/// An error that is answered in place of a reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorFault {
    pub name: String,
    pub message: String,
    pub status: u16,
    pub retry_after: Option<Duration>,
}

/// How a stream breaks off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    Reset,
    /// Open and silent.
    Stall,
    /// As HTTP says, but too early.
    End,
    /// Half of the next frame, then a clean end.
    HalfFrame,
    /// The next frame with a wrong checksum of the whole, then a clean end.
    BadCrc,
    /// The next frame with a wrong checksum of its prelude, then a clean end.
    BadPreludeCrc,
    /// The next frame, right but for its JSON, then a clean end.
    InvalidJson,
    /// The connection closes before the `Content-Length` is reached.
    ShortBody,
    /// An exception as the next frame, by its name in the stream (`modelStreamErrorException`).
    Exception {
        name: String,
        message: String,
    },
}

/// Status and message of the errors that Bedrock's model gives these operations.
/// The statuses are those of AWS's API reference. Messages: throttling as publicly
/// reported, the others assumed.
pub(super) const ERRORS: &[(&str, u16, &str)] = &[
    ("AccessDeniedException", 403, "You don't have access to the model with the specified model ID."),
    (
        "InternalServerException",
        500,
        "The system encountered an unexpected error during processing. Try your request again.",
    ),
    ("ModelErrorException", 424, "The request failed due to an error while processing the model."),
    ("ModelNotReadyException", 429, "Model is not ready for inference. Wait and try your request again."),
    ("ModelStreamErrorException", 424, "The model encountered an error while streaming the response."),
    ("ModelTimeoutException", 408, "Model has timed out in processing the request. Try your request again."),
    ("ResourceNotFoundException", 404, "Could not resolve the foundation model from the provided model identifier."),
    ("ServiceQuotaExceededException", 400, "Your request exceeds the service quota for your account."),
    ("ServiceUnavailableException", 503, "Bedrock is unable to process your request."),
    ("ThrottlingException", 429, "Too many requests, please wait before trying again."),
    ("ValidationException", 400, "The input fails to satisfy the constraints specified by Amazon Bedrock."),
];

impl ErrorFault {
    /// One of Bedrock's errors by its name; any other needs a status.
    pub fn named(name: &str, status: Option<u16>) -> Result<Self, String> {
        let known = ERRORS.iter().find(|(known, ..)| *known == name);
        let Some(status) = status.or(known.map(|(_, status, _)| *status)) else {
            let names: Vec<&str> = ERRORS.iter().map(|(name, ..)| *name).collect();
            let meant = did_you_mean(name, &names);
            return Err(format!(
                "`{name}` is no error of Bedrock and has no status{meant}; give it one, or use {}",
                names.join(", ")
            ));
        };
        if !(400..600).contains(&status) {
            return Err(format!("{status} is no status of an error: those are 400 to 599"));
        }
        let message = known.map_or("", |(.., message)| *message).to_owned();
        Ok(Self { name: name.to_owned(), message, status, retry_after: None })
    }
}

/// How a break is written, and what the timeline says of it.
pub(super) const BREAKS: &[(&str, Break, &str)] = &[
    ("reset", Break::Reset, "connection reset"),
    ("stall", Break::Stall, "stalled"),
    ("end", Break::End, "ended"),
    ("half_frame", Break::HalfFrame, "ended within a frame"),
    ("bad_crc", Break::BadCrc, "wrong checksum"),
    ("bad_prelude_crc", Break::BadPreludeCrc, "wrong checksum of a prelude"),
    ("invalid_json", Break::InvalidJson, "invalid JSON"),
    ("short_body", Break::ShortBody, "body too short"),
];

impl Break {
    fn parse(text: &str, message: Option<String>) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("exception:") {
            return Ok(Break::exception(name.trim(), message));
        }
        if message.is_some() {
            return Err("`message` belongs to `error` or to `do: exception:NAME`".to_owned());
        }
        let known = BREAKS.iter().find(|(written, ..)| *written == text);
        known.map(|(_, then, _)| then.clone()).ok_or_else(|| {
            let names: Vec<&str> = BREAKS.iter().map(|(written, ..)| *written).chain(["exception:NAME"]).collect();
            unknown("value of `do`", text, &names)
        })
    }

    /// An exception by its name in the stream; one of Bedrock's has its message where none is given.
    pub fn exception(name: &str, message: Option<String>) -> Self {
        let message = message.unwrap_or_else(|| known(name).map_or("", |(.., message)| *message).to_owned());
        Break::Exception { name: name.to_owned(), message }
    }
}

/// One of Bedrock's errors, whatever the case of its first letter.
fn known(name: &str) -> Option<&'static (&'static str, u16, &'static str)> {
    ERRORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name))
}

impl Fault {
    /// What takes the place of an answer that has no frames, in which this would be an exception.
    pub fn as_error(&self) -> Option<ErrorFault> {
        let Fault::After { then: Break::Exception { name, message }, .. } = self else { return None };
        let (name, status) = known(name).map_or((name.as_str(), 500), |(known, status, _)| (*known, *status));
        Some(ErrorFault { name: name.to_owned(), message: message.clone(), status, retry_after: None })
    }
}

/// For the timeline: what the caller meets.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Error(error) => f.write_str(&error.name),
            Fault::Hang(_) => f.write_str("hung"),
            Fault::Delay(by) => write!(f, "delayed by {}", duration::format(*by)),
            Fault::Reset(_) => f.write_str("connection reset"),
            Fault::Html(status) => write!(f, "HTML {status}"),
            Fault::WithoutMessageStop => f.write_str("ended without messageStop"),
            Fault::After { frames, then } => {
                let what = match then {
                    Break::Exception { name, .. } => name,
                    other => BREAKS.iter().find(|(_, then, _)| then == other).map_or("broken", |(.., what)| *what),
                };
                let plural = if *frames == 1 { "" } else { "s" };
                write!(f, "{what} after {frames} frame{plural}")
            }
        }
    }
}

/// The members of a fault as they are written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    error: Option<String>,
    message: Option<String>,
    status: Option<u16>,
    #[serde(default, with = "duration::option")]
    retry_after: Option<Duration>,
    hang: Option<HowLong>,
    #[serde(default, with = "duration::option")]
    delay: Option<Duration>,
    reset: Option<HowLong>,
    html: Option<u16>,
    end_without_message_stop: Option<bool>,
    after: Option<After>,
    #[serde(rename = "do")]
    then: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    frames: usize,
}

impl TryFrom<Form> for Fault {
    type Error = String;

    fn try_from(form: Form) -> Result<Self, String> {
        let Form {
            error,
            message,
            status,
            retry_after,
            hang,
            delay,
            reset,
            html,
            end_without_message_stop,
            after,
            then,
        } = form;
        let kinds = [
            ("error", error.is_some()),
            ("hang", hang.is_some()),
            ("delay", delay.is_some()),
            ("reset", reset.is_some()),
            ("html", html.is_some()),
            ("end_without_message_stop", end_without_message_stop.is_some()),
            ("do", then.is_some()),
        ];
        let given: Vec<&str> = kinds.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
        let [kind] = given[..] else {
            let names: Vec<&str> = kinds.iter().map(|(name, _)| *name).collect();
            let found = if given.is_empty() { "none".to_owned() } else { given.join(" and ") };
            return Err(format!("a fault is one of {}; here is {found}", names.join(", ")));
        };
        if kind != "error" && (status.is_some() || retry_after.is_some()) {
            return Err("`status` and `retry_after` belong to `error`".to_owned());
        }
        if !["error", "do"].contains(&kind) && message.is_some() {
            return Err("`message` belongs to `error` or to `do: exception:NAME`".to_owned());
        }
        if kind != "do" && after.is_some() {
            return Err("`after` belongs to `do`".to_owned());
        }
        if let Some(name) = error {
            let fault = ErrorFault::named(&name, status)?;
            let message = message.unwrap_or_else(|| fault.message.clone());
            return Ok(Fault::Error(ErrorFault { message, retry_after, ..fault }));
        }
        if let Some(then) = then {
            let frames = after.map_or(1, |After { frames }| frames);
            return Ok(Fault::After { frames, then: Break::parse(&then, message)? });
        }
        if let Some(status) = html.filter(|status| !(400..600).contains(status)) {
            return Err(format!("{status} is no status of a gateway's error: those are 400 to 599, mostly 502"));
        }
        if end_without_message_stop == Some(false) {
            return Err("leave `end_without_message_stop` out instead of `false`".to_owned());
        }
        let fault = hang.map(|HowLong(until)| Fault::Hang(until)).or(delay.map(Fault::Delay)).or(html.map(Fault::Html));
        let fault = fault.or(reset.map(|HowLong(after)| Fault::Reset(after.unwrap_or_default())));
        Ok(fault.unwrap_or(Fault::WithoutMessageStop))
    }
}

/// `true`, or a duration.
struct HowLong(Option<Duration>);

impl<'de> Deserialize<'de> for HowLong {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HowLongVisitor)
    }
}

struct HowLongVisitor;

impl Visitor<'_> for HowLongVisitor {
    type Value = HowLong;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`true` or a duration such as `30s`")
    }

    fn visit_bool<E: Error>(self, on: bool) -> Result<HowLong, E> {
        if on { Ok(HowLong(None)) } else { Err(E::custom("leave it out instead of `false`")) }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<HowLong, E> {
        duration::parse(text).map(|duration| HowLong(Some(duration))).map_err(E::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let seconds = Duration::from_secs;
        for (yaml, expected, shown) in [
            ("{hang: true}", Fault::Hang(None), "hung"),
            ("{hang: 30s}", Fault::Hang(Some(seconds(30))), "hung"),
            ("{delay: 5s}", Fault::Delay(seconds(5)), "delayed by 5s"),
            ("{reset: true}", Fault::Reset(Duration::ZERO), "connection reset"),
            ("{reset: 1m}", Fault::Reset(seconds(60)), "connection reset"),
            (
                "{after: {frames: 1}, do: stall}",
                Fault::After { frames: 1, then: Break::Stall },
                "stalled after 1 frame",
            ),
            ("{after: {frames: 3}, do: end}", Fault::After { frames: 3, then: Break::End }, "ended after 3 frames"),
            (
                "{after: {frames: 0}, do: bad_crc}",
                Fault::After { frames: 0, then: Break::BadCrc },
                "wrong checksum after 0 frames",
            ),
            ("{do: short_body}", Fault::After { frames: 1, then: Break::ShortBody }, "body too short after 1 frame"),
            ("{html: 502}", Fault::Html(502), "HTML 502"),
            ("{end_without_message_stop: true}", Fault::WithoutMessageStop, "ended without messageStop"),
        ] {
            let fault: Fault = serde_saphyr::from_str(yaml).expect(yaml);
            assert_eq!(fault, expected, "{yaml}");
            assert_eq!(fault.to_string(), shown, "{yaml}");
        }
        let Fault::Error(error) = serde_saphyr::from_str("{error: ThrottlingException, retry_after: 200ms}").unwrap()
        else {
            panic!("it is an error")
        };
        assert_eq!((error.status, error.retry_after), (429, Some(Duration::from_millis(200))));
        let own: Fault = serde_saphyr::from_str("{error: Teapot, status: 418, message: short and stout}").unwrap();
        assert!(matches!(own, Fault::Error(ErrorFault { status: 418, .. })), "{own:?}");
        let after = "{after: {frames: 2}, do: 'exception:modelStreamErrorException', message: gone}";
        let Fault::After { then: Break::Exception { name, message }, .. } = serde_saphyr::from_str(after).unwrap()
        else {
            panic!("it is an exception")
        };
        assert_eq!((&*name, &*message), ("modelStreamErrorException", "gone"));
    }

    #[test]
    fn what_is_none_of_them_is_refused() {
        for yaml in [
            "{}",
            "{hang: false}",
            "{hang: 7}",
            "{hang: 1s, delay: 1s}",
            "{after: {frames: 1}}",
            "{after: {frames: 1}, do: explode}",
            "{after: {frames: 1}, do: reset, message: gone}",
            "{html: 200}",
            "{html: 502, after: {frames: 1}}",
            "{end_without_message_stop: false}",
            "{error: ThrottlingException, status: 200}",
            "{delay: 1s, status: 500}",
            "{delay: 1s, message: late}",
        ] {
            assert!(serde_saphyr::from_str::<Fault>(yaml).is_err(), "{yaml}");
        }
    }
}
