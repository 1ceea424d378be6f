//! How the model fails, on cue.
//!
//! | in a script | what the caller meets |
//! |---|---|
//! | `{error: ThrottlingException, message: ..., status: 429, retry_after: 200ms}` | that error; known names need no status |
//! | `{hang: true}` | silence for ever |
//! | `{hang: 30s}` | silence for 30 s, then the connection breaks |
//! | `{delay: 5s}` | the reply, 5 s later than it would come |
//! | `{reset: true}` | the connection breaks before any answer |
//! | `{after: {frames: 3}, do: reset}` | three frames of the stream, then that |
//!
//! `do` is one of `reset`, `stall`, `end` (a clean end, too early), `half_frame`
//! (half of the next frame, then a clean end) or `exception:NAME`.

use std::fmt;
use std::time::Duration;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

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
    /// The stream breaks off after this many frames.
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
    /// An exception as the next frame, by its name in the stream (`modelStreamErrorException`).
    Exception {
        name: String,
        message: String,
    },
}

/// Status and message of the errors that Bedrock's model gives these operations.
/// The statuses are those of AWS's API reference. Messages: throttling as publicly
/// reported, the others assumed.
const ERRORS: &[(&str, u16, &str)] = &[
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
            return Err(format!(
                "`{name}` is no error of Bedrock and has no status: give one, or use {}",
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

impl Break {
    fn parse(text: &str, message: Option<String>) -> Result<Self, String> {
        if let Some(name) = text.strip_prefix("exception:") {
            let name = name.trim().to_owned();
            let known = ERRORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(&name));
            let message = message.unwrap_or_else(|| known.map_or("", |(.., message)| *message).to_owned());
            return Ok(Break::Exception { name, message });
        }
        match text {
            "reset" => Ok(Break::Reset),
            "stall" => Ok(Break::Stall),
            "end" => Ok(Break::End),
            "half_frame" => Ok(Break::HalfFrame),
            _ => Err(format!("`do: {text}` is none of reset, stall, end, half_frame and exception:NAME")),
        }
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
            Fault::After { frames, then } => {
                let what = match then {
                    Break::Reset => "connection reset",
                    Break::Stall => "stalled",
                    Break::End => "ended",
                    Break::HalfFrame => "ended within a frame",
                    Break::Exception { name, .. } => name,
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
        let Form { error, message, status, retry_after, hang, delay, reset, after, then } = form;
        let is_error = error.is_some();
        if !is_error && (status.is_some() || retry_after.is_some()) {
            return Err("`status` and `retry_after` belong to `error`".to_owned());
        }
        if !is_error && after.is_none() && message.is_some() {
            return Err("`message` belongs to `error` or to `do: exception:NAME`".to_owned());
        }
        match (error, hang, delay, reset, after, then) {
            (Some(name), None, None, None, None, None) => {
                let fault = ErrorFault::named(&name, status)?;
                let message = message.unwrap_or_else(|| fault.message.clone());
                Ok(Fault::Error(ErrorFault { message, retry_after, ..fault }))
            }
            (None, Some(HowLong(until)), None, None, None, None) => Ok(Fault::Hang(until)),
            (None, None, Some(by), None, None, None) => Ok(Fault::Delay(by)),
            (None, None, None, Some(HowLong(after)), None, None) => Ok(Fault::Reset(after.unwrap_or_default())),
            (None, None, None, None, Some(After { frames }), Some(then)) => {
                Ok(Fault::After { frames, then: Break::parse(&then, message)? })
            }
            _ => Err("a fault is one of `error`, `hang`, `delay`, `reset`, or `after` with `do`".to_owned()),
        }
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
            "{do: reset}",
            "{after: {frames: 1}, do: explode}",
            "{error: ThrottlingException, status: 200}",
            "{delay: 1s, status: 500}",
            "{delay: 1s, message: late}",
        ] {
            assert!(serde_saphyr::from_str::<Fault>(yaml).is_err(), "{yaml}");
        }
    }
}
