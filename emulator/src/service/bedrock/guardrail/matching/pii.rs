//! Personal data that a pattern decides safely, by AWS's types.
//!
//! <https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-sensitive-filters.html>
//!
//! AWS reads texts with models that know the context. What only a context tells
//! (a name, an age, a password) is found by a script alone.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::{check_digits, stands_alone};

/// A type that is found here: its name, its pattern, and what else must hold of what the pattern finds.
type Detector = (&'static str, &'static str, fn(&str) -> bool);

const DETECTORS: &[Detector] = &[
    ("AWS_ACCESS_KEY", r"(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{16}", |_| true),
    ("AWS_SECRET_KEY", r"[A-Za-z0-9/+]{40}", is_mixed),
    ("CA_SOCIAL_INSURANCE_NUMBER", r"\d{3}[ -]\d{3}[ -]\d{3}", check_digits::luhn),
    ("CREDIT_DEBIT_CARD_NUMBER", r"\d(?:[ -]?\d){12,18}", check_digits::luhn),
    ("EMAIL", r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", |_| true),
    (
        "INTERNATIONAL_BANK_ACCOUNT_NUMBER",
        r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?",
        check_digits::iban,
    ),
    ("IP_ADDRESS", r"\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}", is_ip_address),
    ("MAC_ADDRESS", r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}", |_| true),
    (
        "PHONE",
        r"(?:\+\d{1,3}[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}|\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){2,5}",
        |found| (8..=15).contains(&digits(found)),
    ),
    ("UK_NATIONAL_INSURANCE_NUMBER", r"[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]", |_| true),
    ("URL", r#"(?:https?://|ftp://|www\.)[^\s<>"'`{}|\\^\[\]]*[^\s<>"'`{}|\\^\[\].,;:!?)]"#, |_| true),
    ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", r"9\d{2}[ -][5-9]\d[ -]\d{4}", |_| true),
    ("US_SOCIAL_SECURITY_NUMBER", r"\d{3}[ -]\d{2}[ -]\d{4}", is_social_security_number),
    ("VEHICLE_IDENTIFICATION_NUMBER", r"[A-HJ-NPR-Z0-9]{17}", check_digits::vehicle),
];

/// The patterns, in the same order.
static PATTERNS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    let compile = |pattern| Regex::new(pattern).expect("a pattern of ours is a regular expression");
    DETECTORS.iter().map(|(_, pattern, _)| compile(pattern)).collect()
});

/// Where data of that type stands in a text. Of a type that is not found here: nowhere.
pub fn find(kind: &str, text: &str) -> Vec<Range<usize>> {
    let mut detectors = DETECTORS.iter().zip(PATTERNS.iter());
    let Some(((_, _, holds), pattern)) = detectors.find(|((name, ..), _)| *name == kind) else { return Vec::new() };
    let found = pattern.find_iter(text).map(|found| found.range());
    found.filter(|place| stands_alone(text, place) && holds(&text[place.clone()])).collect()
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// A secret is drawn from letters of both cases and digits; a hash in hexadecimal is not.
fn is_mixed(text: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit)
}

fn is_ip_address(text: &str) -> bool {
    text.parse::<std::net::IpAddr>().is_ok() && text != "::"
}

/// <https://www.ssa.gov/employer/randomization.html>
fn is_social_security_number(text: &str) -> bool {
    let mut parts = text.split([' ', '-']);
    let area = parts.next().unwrap_or_default();
    !(area == "000" || area == "666" || area.starts_with('9')) && parts.all(|part| part.bytes().any(|it| it != b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_by_its_type() {
        for (kind, text, expected) in [
            ("EMAIL", "write to jane.doe+x@mail.example.com.", &["jane.doe+x@mail.example.com"][..]),
            ("EMAIL", "a@b, @c.de, x@y.z1", &[]),
            (
                "PHONE",
                "call 555-123-4567 or (555) 123-4567, +1 206 555 0100",
                &["555-123-4567", "(555) 123-4567", "+1 206 555 0100"],
            ),
            ("PHONE", "+49 30 901820", &["+49 30 901820"]),
            ("PHONE", "order 5551234567, 12-34, 2026-01-01", &[]),
            ("CREDIT_DEBIT_CARD_NUMBER", "4111 1111 1111 1111, 4111-1111-1111-1112", &["4111 1111 1111 1111"]),
            ("CREDIT_DEBIT_CARD_NUMBER", "378282246310005", &["378282246310005"]),
            ("US_SOCIAL_SECURITY_NUMBER", "536-22-1234, 666-22-1234, 900-22-1234, 536-00-1234", &["536-22-1234"]),
            ("US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER", "912-70-1234 912-40-1234", &["912-70-1234"]),
            ("IP_ADDRESS", "10.0.0.1 and 256.1.1.1, fe80::1, 12:30:45", &["10.0.0.1", "fe80::1"]),
            ("MAC_ADDRESS", "00:1B:44:11:3A:B7", &["00:1B:44:11:3A:B7"]),
            (
                "URL",
                "see https://example.com/a?b=c. Or www.example.org!",
                &["https://example.com/a?b=c", "www.example.org"],
            ),
            ("AWS_ACCESS_KEY", "AKIAIOSFODNN7EXAMPLE, AKIA", &["AKIAIOSFODNN7EXAMPLE"]),
            (
                "AWS_SECRET_KEY",
                "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
            ),
            ("AWS_SECRET_KEY", "da39a3ee5e6b4b0d3255bfef95601890afd80709", &[]),
            ("INTERNATIONAL_BANK_ACCOUNT_NUMBER", "DE89 3704 0044 0532 0130 00", &["DE89 3704 0044 0532 0130 00"]),
            ("UK_NATIONAL_INSURANCE_NUMBER", "AB 12 34 56 C", &["AB 12 34 56 C"]),
            ("CA_SOCIAL_INSURANCE_NUMBER", "046 454 286, 046 454 287", &["046 454 286"]),
            ("VEHICLE_IDENTIFICATION_NUMBER", "1M8GDM9AXKP042788", &["1M8GDM9AXKP042788"]),
            ("NAME", "Jane Doe", &[]),
        ] {
            let found: Vec<&str> = find(kind, text).into_iter().map(|place| &text[place]).collect();
            assert_eq!(found, expected, "{kind} in {text}");
        }
    }
}
