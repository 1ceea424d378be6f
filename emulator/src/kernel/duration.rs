//! Durations as people write them in scenarios, scripts and admin calls: `300ms`, `20s`, `1h 30m`.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serializer};

/// Reads `300ms`, `20s`, `2h`, `1h 30m`, `2 days`.
pub fn parse(text: &str) -> Result<Duration, String> {
    let explain = || format!("`{text}` is not a duration: write for example `300ms`, `20s`, `1h 30m` or `2h`");
    let days = text.trim().strip_suffix("days").or_else(|| text.trim().strip_suffix('d'));
    if let Some(days) = days.and_then(|number| number.trim().parse::<u64>().ok()) {
        return days.checked_mul(86_400).map(Duration::from_secs).ok_or_else(explain);
    }
    let duration: jiff::SignedDuration = text.trim().parse().map_err(|_| explain())?;
    Duration::try_from(duration).map_err(|_| explain())
}

/// The shortest of the forms that [`parse`] reads: `0s`, `300ms`, `20s`, `1h`.
pub fn format(duration: Duration) -> String {
    let millis = duration.as_millis();
    match millis {
        _ if !millis.is_multiple_of(1000) => format!("{millis}ms"),
        0 => "0s".to_owned(),
        _ if millis.is_multiple_of(86_400_000) => format!("{}d", millis / 86_400_000),
        _ if millis.is_multiple_of(3_600_000) => format!("{}h", millis / 3_600_000),
        _ if millis.is_multiple_of(60_000) => format!("{}m", millis / 60_000),
        _ => format!("{}s", millis / 1000),
    }
}

/// For `#[serde(with = "duration")]`.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse(&text).map_err(serde::de::Error::custom)
}

/// For `#[serde(with = "duration")]`.
pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format(*duration))
}

/// For `#[serde(default, with = "duration::option")]`.
pub mod option {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Duration>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| super::parse(&text).map_err(serde::de::Error::custom)).transpose()
    }

    pub fn serialize<S: Serializer>(duration: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
        match duration {
            Some(duration) => serializer.serialize_str(&super::format(*duration)),
            None => serializer.serialize_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_written_as_people_write_them() {
        for (text, millis, canonical) in [
            ("300ms", 300, "300ms"),
            ("20s", 20_000, "20s"),
            ("1h 30m", 5_400_000, "90m"),
            ("1h30m", 5_400_000, "90m"),
            ("2h", 7_200_000, "2h"),
            ("0s", 0, "0s"),
            ("2 days", 172_800_000, "2d"),
            ("2d", 172_800_000, "2d"),
        ] {
            let duration = parse(text).unwrap();
            assert_eq!(duration, Duration::from_millis(millis), "{text}");
            assert_eq!(format(duration), canonical, "{text}");
            assert_eq!(parse(canonical).unwrap(), duration, "{canonical}");
        }
        for text in ["", "20", "soon", "-5s"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
